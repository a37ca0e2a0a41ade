"""The runs that are kept: to open one where it ended, and to lay any of them behind the curves."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nn_tui.charts.numbers import cut, to_left
from nn_tui.numerals import column_numeral
from nn_tui.shown import in_cells
from nn_tui.training.kept.kept_line import KeptLine, SweepLine
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.palette import palette_of
from nn_tui.tui.widgets.kept_in_sight import KeptInSight
from nn_tui.tui.widgets.key_hints import KeyHints
from nn_tui.wording import counted as counted_of
from nn_tui.wording import metric_name

_STATUS, _ORIGIN, _STEPS, _LOSS = 12, 7, 9, 10
_TOLD = len("train loss ") + _LOSS + len("   test accuracy 0.9876")
_LEAST_NAME, _LONGEST = 16, 40
_AROUND = 5
"""Columns of the screen that the list does not have: its border, its padding and the scroll bar's."""

_MOST = 1_000
"""Runs that are listed; a list of all would keep a person waiting."""


class KeptRunsScreen(Overlay[str | None]):
    """Ends with the name of a run or a sweep to open, or None; what is pinned is in `pinned`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,k,q", "leave", "back", show=False),
        Binding("space", "pin", "pin", show=False),
    ]

    def __init__(self, lines: Sequence[KeptLine], pinned: set[int]) -> None:
        """
        Args:
            lines: the oldest first; a sweep by its best trial.
            pinned: numbers of the runs that are shown behind the curves; changed here.
        """
        super().__init__()
        self._lines = list(lines)[: -_MOST - 1 : -1]
        self._kept = len(lines)
        self.pinned = pinned

    def compose(self) -> ComposeResult:
        yield KeptInSight()
        yield KeyHints("↑↓ choose", "enter open where it ended", "space pin behind the curves", "esc back")

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        listed.border_title = "Kept runs"
        older = f" of {self._kept:,}; nn-tui runs lists all" if self._kept > _MOST else ""
        listed.border_subtitle = f"{len(self._lines):,}{older}, the newest first"
        listed.focus()

    def _words(self, line: KeptLine) -> Content:
        """A run in one line, or in two where one is too short for it."""
        muted = palette_of(self.app).muted.hex
        mark = "◆ " if line.id in self.pinned else "  "
        head = Content.assemble(mark, (f"@{line.id:<5}", "bold"))
        origin, width = f"{line.origin:<{_ORIGIN}} ", self.size.width - _AROUND - head.cell_length
        says_origin = len(origin) + _TOLD <= width
        counted = f"{line.status:<{_STATUS}} {line.steps:>{_STEPS},} {'step ' if line.steps == 1 else 'steps'}"
        if isinstance(line, SweepLine):
            trials = counted_of(line.trials, "trial")
            # Where its origin is not said there is nothing else that says it is one.
            counted = (f"{trials}, the best:" if says_origin else f"sweep: best of {trials}").ljust(len(counted))
        told, room = _told(line), width - len(counted) - 1
        name = in_cells(line.title if "/" in line.name or not line.name else line.name)
        beside = room - len(origin) - 3 - _TOLD
        if beside >= _LEAST_NAME:
            longest = min(beside, _LONGEST)
            return Content.assemble(
                head, to_left(cut(name, longest), longest), " ", (f"{origin}{counted}   ", muted), told
            )
        longest = max(1, room)
        below = Content.assemble((origin if says_origin else "", muted), told)
        return Content.assemble(
            head, to_left(cut(name, longest), longest), " ", (counted, muted), "\n", below.pad_left(head.cell_length)
        )

    def recolor(self) -> None:
        self._list()

    def on_resize(self) -> None:
        self._list()

    def _list(self) -> None:
        listed = self.query_one(OptionList)
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options(Option(self._words(line), str(line.id)) for line in self._lines)
        listed.highlighted = at if self._lines else None

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        line = self._lines[event.option_index]
        self.dismiss(f"sweep:{line.sweep}" if line.sweep else f"@{line.id}")

    def action_pin(self) -> None:
        """Pins the run under the cursor, or takes the pin away."""
        listed = self.query_one(OptionList)
        if listed.highlighted is None:
            return
        line = self._lines[listed.highlighted]
        if line.sweep:
            self.notify("A sweep is opened; trials are pinned once they are runs of the lab.")
            return
        self.pinned.symmetric_difference_update({line.id})
        listed.replace_option_prompt_at_index(listed.highlighted, self._words(line))

    def action_leave(self) -> None:
        """Goes back."""
        self.dismiss(None)


def _told(line: KeptLine) -> str:
    """What it has come to: the loss on the training set, and how good it is on the test set, if there is one."""
    loss = column_numeral(line.train.get("loss"))
    if line.quality is None:
        return f"train loss {loss}"
    metric, value = line.quality
    return f"train loss {loss:<{_LOSS}}   {metric_name(metric)} {column_numeral(value)}"
