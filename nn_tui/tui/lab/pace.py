"""When frames are asked for: often what moves, less often the rest, and never what cannot be new."""

from collections.abc import Callable

from textual.screen import Screen

from nn_tui.tui.conversation import Conversation
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.widgets.board import Board

FRAMES_A_SECOND = 15
QUICK_FRAMES = 5
"""How many frames there are in the time of one where something is to be seen moving, as points on a surface are."""

_FLAT_OUT_FRAMES = 8
"""The same of a run that trains as fast as it can: nine whole frames a second do there, and the time that more of them
take, here and in the worker, goes into steps."""


class Pace:
    """Asks for frames as the clock ticks.

    Attributes:
        is_between: whether the frame asked for last is one between two whole ones, of what moves alone.
    """

    def __init__(
        self, screen: Screen[None], conversation: Conversation, control: RunControl, watch: Callable[[], None]
    ) -> None:
        """
        Args:
            screen: with the panels that say what they want to know.
            conversation: with the worker.
            control: of the run.
            watch: called at every tick.
        """
        self._screen = screen
        self._conversation = conversation
        self._control = control
        self._watch = watch
        self._ticks = 0
        self._is_due = False
        self.is_between = False

    def start(self) -> None:
        """Has the clock tick."""
        self._screen.set_interval(1 / (QUICK_FRAMES * FRAMES_A_SECOND), self.tick)

    def tick(self) -> None:
        """Looks for what moves at every tick, for the rest at every few, or as soon after as it can be asked."""
        self._ticks += 1
        self._watch()
        frame = self._control.frame
        is_flat_out = self._control.is_playing and frame is not None and frame.speed is None
        if self._is_due or self._ticks >= (_FLAT_OUT_FRAMES if is_flat_out else QUICK_FRAMES):
            self._ticks = 0
            self._is_due = not self.look() and self._control.is_playing
        elif self._control.is_playing and self._screen.query_one(Board).is_quick:
            self.look(is_between=True)

    def look(self, is_between: bool = False) -> bool:
        """Asks for what is new, if there may be any; returns whether it asked."""
        if self._conversation.opened is None:
            return False
        asked = self._control.look(self._screen.query_one(Board).look(is_between))
        if asked:
            self.is_between = is_between
        return asked
