"""What is on the lab's screen, brought in line with the run: status line, forms, panels, toolbar."""

from textual.screen import Screen

from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.status_line import Standing, StatusLine
from nn_tui.tui.widgets.toolbar import Toolbar


class Display:
    """Shows where the run stands."""

    def __init__(self, screen: Screen[None], control: RunControl) -> None:
        self._screen = screen
        self._control = control

    @property
    def is_leaving(self) -> bool:
        """Whether the app is being left: what it is made of goes before the worker does."""
        return not self._screen.query(StatusLine)

    def come_up(self) -> None:
        """Draws forms and panels: all at once with the first frame, or without it where that takes long."""
        self._screen.query_one("#body").display = True

    def show_source(self) -> None:
        """Another scenario is open."""
        self._screen.query_one(Drawer).show_lesson(self._control.source.scenario)
        self.show_draft()
        self.show_standing()

    def show_draft(self) -> None:
        """The forms' fields have changed."""
        if self._control.draft is not None:
            self._screen.query_one(Drawer).show(self._control.draft)

    def show_standing(self) -> None:
        """The run goes on, or has stopped."""
        status, title = self._control.status, self._control.source.scenario.title
        self._screen.query_one(StatusLine).show(Standing(title, status, self._control.frame))
        self._screen.query_one(Toolbar).show(status == "running")

    def show_opened(self, opened: Opened) -> None:
        """A run is ready."""
        self.show_draft()
        drawer = self._screen.query_one(Drawer)
        drawer.forgive()
        drawer.show_size(opened)
        self._screen.query_one(Board).open(opened)

    def show_frame(self, frame: Frame, is_between: bool) -> None:
        """The run has come on; of a frame between two whole ones only what moves is new."""
        self.come_up()
        self._screen.query_one(Board).show(frame, is_between)
        # What stands still elsewhere on the screen need not be put together again.
        if not is_between or frame.status != "running":
            self._screen.query_one(Drawer).show_digest(frame)
            self.show_standing()
