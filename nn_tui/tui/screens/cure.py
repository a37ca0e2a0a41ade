"""What a remedy would change, what it gained where it was tried, and when it would act: asked before it is applied."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from nn_tui.numerals import in_full
from nn_tui.scenario.lanes import LANES
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.tui.dialogs.dialog import Box, Dialog
from nn_tui.tui.forms.entries import label
from nn_tui.tui.palette import palette_of


class CureScreen(Dialog[bool]):
    """Ends with True for a remedy that is to be applied; `c` once more, Enter and the button say so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c,enter", "apply", "apply it", show=False)]

    def __init__(self, finding: Finding, remedy: Remedy, before: Mapping[str, object], acts_now: bool) -> None:
        """
        Args:
            finding: what it is against.
            remedy: that is proposed.
            before: what it would change, as it is now, by dotted path.
            acts_now: whether the running net takes it, or the next reset.
        """
        super().__init__()
        self._finding = finding
        self._remedy = remedy
        self._before = before
        self._acts_now = acts_now

    def compose(self) -> ComposeResult:
        with Box("Cure", "c or enter apply · esc leave it"):
            yield Static(self._told())
            yield Button("Apply", compact=True)

    def _told(self) -> Content:
        palette, remedy = palette_of(self.app), self._remedy
        lines = [
            Content.styled(self._finding.title, f"bold {palette.text.hex}"),
            Content(""),
            Content.styled(remedy.text[0].upper() + remedy.text[1:], palette.text.hex),
        ]
        for key, value in remedy.changes.items():
            lane = f"{key.split('.')[1]} " if key.startswith(LANES) else ""
            before = "" if lane else f"{_written(self._before[key])} "
            change = f"  {lane}{label(key)}  {before}→ {_written(value)}"
            lines.append(Content.assemble((change, palette.accent.hex), (f"   {key}", palette.muted.hex)))
        if remedy.metric is not None:
            how = "from the start" if remedy.from_step is None else f"from step {remedy.from_step:,} on"
            lines.append(Content.styled(f"Tried {how}{remedy.gain}.", palette.text.hex))
        when = "It acts at once, on the running net." if self._acts_now else "↺ It waits for the next reset (r)."
        lines += [Content.styled(f"{when} u takes it back.", palette.muted.hex), Content("")]
        return Content("\n").join(lines)

    def recolor(self) -> None:
        self.query_one(Static).update(self._told())

    def on_button_pressed(self) -> None:
        self.action_apply()

    def action_apply(self) -> None:
        """Ends it: the remedy is to be applied."""
        self.dismiss(True)


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        name, *rest = [f"{part}" if key == "name" else f"{key} {part}" for key, part in value.items()]
        return " ".join([name, *rest])
    if isinstance(value, list | tuple):
        return ", ".join(map(_written, value)) or "none"
    return "–" if value is None else in_full(value) if isinstance(value, float) else str(value)
