"""What is going on in the run, why that is said of it, and what may help, at a key press."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message

from nn_tui.charts.palette import Palette
from nn_tui.training.diagnosis.finding import LEAST_ROWS, Finding, Remedy
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.tables.text import TextLine, TextPanel, joined, wrapped

KEYS = "123456789"
"""What remedies are applied with while the panel is focused."""

_HANG = 2
_HEALTHY_NETWORK = "Gradients, units, learning rate and fit are as they should be."
_HEALTHY_DESCENT = "Every point has come down to the lowest one."


@dataclass(frozen=True)
class Diagnosis:
    """The findings.

    Attributes:
        findings: newest first.
        healthy: what is well where there are none.
        is_early: whether there is too little of the run for all that can be found.
        is_over: whether the run has ended, so that whatever is changed waits for a reset.
    """

    findings: tuple[Finding, ...]
    healthy: str
    is_early: bool
    is_over: bool


class DiagnosisPanel(TextPanel[Diagnosis]):
    """Findings, newest first, each with its remedies."""

    TITLE = "Diagnosis"
    LEGEND = (
        "What goes wrong in the run, newest first: its name, the step it began at, and the numbers that show it. Each "
        "remedy has a number: while the panel is focused that key applies it, a click does always, and c applies the "
        "first one from anywhere. A remedy with ↺ waits for the next reset, the others act on the running net and are "
        "marked in the charts. d shows the rule behind each finding, and where it comes from."
    )
    EMPTY = "What goes wrong in the run, and what may help, appears here as it trains; of a descent once it has ended."
    PARTS = ("findings",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "rules and sources"),
        *(Binding(key, f"apply({number})", "apply a remedy", show=False) for number, key in enumerate(KEYS)),
    ]

    class Chosen(Message):
        """A person wants a remedy applied."""

        def __init__(self, remedy: Remedy) -> None:
            super().__init__()
            self.remedy = remedy

    def __init__(self) -> None:
        super().__init__()
        self._has_details = False

    def see(self, opened: Opened, frame: Frame) -> Diagnosis | None:
        if frame.findings is None or (frame.step == 0 and not frame.findings):
            return None
        is_over = frame.status in ("finished", "diverged")
        healthy = _HEALTHY_NETWORK if opened.layers else _HEALTHY_DESCENT
        return Diagnosis(newest_first(frame.findings), healthy, frame.step < LEAST_ROWS, is_over)

    # -- how it looks ------------------------------------------------------------------------------------------------

    def headline(self, seen: Diagnosis, palette: Palette) -> Content:
        problems = sum(finding.ill for finding in seen.findings)
        if problems:
            words = "1 problem" if problems == 1 else f"{problems} problems"
            return Content.styled(f"▲ {words}", palette.test.hex)
        if seen.is_early and not seen.findings:
            return Content("")
        return Content.styled("✓ all is well", palette.accent.hex)

    def lines(self, seen: Diagnosis, palette: Palette, size: Size) -> list[TextLine]:
        if not seen.findings:
            return _nothing(seen, palette, size)
        full = self._lines_of(seen, palette, size, True, True)
        if self._has_details or len(full) <= size.height:
            return full
        airy = self._lines_of(seen, palette, size, False, True)
        return airy if len(airy) <= size.height else self._lines_of(seen, palette, size, False, False)

    def _lines_of(self, seen: Diagnosis, palette: Palette, size: Size, details: bool, apart: bool) -> list[TextLine]:
        blocks, first = [], 0
        for finding in seen.findings:
            block = _about(finding, palette, size.width, details)
            for number, remedy in enumerate(finding.remedies, first):
                waits = seen.is_over or not remedy.live
                lines = _remedy(remedy.text, number, waits, palette, size.width)
                block += [TextLine(line, f"apply({number})") for line in lines]
            blocks.append(block)
            first += len(finding.remedies)
        return joined(blocks, apart)

    def options(self) -> tuple[Option, ...]:
        rules = Option("rules shown" if self._has_details else "rules", "details", "d")
        remedies = self._remedies()
        keys = f"1–{min(len(remedies), len(KEYS))}" if len(remedies) > 1 else "1"
        cure = (Option("apply", "apply(0)", keys),) if remedies else ()
        return (*cure, rules, *self.scroll_option()) if self._seen and self._seen.findings else ()

    def action_details(self) -> None:
        """Shows the rules and their sources, or only where there is room."""
        self._has_details = not self._has_details
        self.repaint()

    # -- what it does ------------------------------------------------------------------------------------------------

    def action_apply(self, number: int) -> None:
        """Wants a remedy applied, counted from 0 over all findings."""
        remedies = self._remedies()
        if number < len(remedies):
            self.post_message(self.Chosen(remedies[number]))

    def _remedies(self) -> list[Remedy]:
        return [] if self._seen is None else [remedy for one in self._seen.findings for remedy in one.remedies]


def newest_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings by the step they began at, the latest first; of one step, causes stay before what follows from them."""
    return tuple(sorted(findings, key=lambda finding: -finding.step))


def _nothing(seen: Diagnosis, palette: Palette, size: Size) -> list[TextLine]:
    if seen.is_early:
        text = Content.styled(f"Too early to say: it takes {LEAST_ROWS} steps to judge a run.", palette.muted.hex)
    else:
        text = Content.assemble(
            ("✓ All is well. ", f"bold {palette.accent.hex}"),
            (seen.healthy, palette.muted.hex),
        )
    return [TextLine(line) for line in wrapped(text, size.width)]


def _about(finding: Finding, palette: Palette, width: int, details: bool) -> list[TextLine]:
    """What a finding says, without its remedies."""
    sign, word, color = ("▲", "Problem", palette.test) if finding.ill else ("✓", "Good", palette.accent)
    heading = Content.assemble(
        (f"{sign} {word} ", f"bold {color.hex}"),
        (finding.title, f"bold {palette.text.hex}"),
        (f"  since step {finding.step:,}", palette.muted.hex),
    )
    lines = [*_hanging(heading, width), *wrapped(Content.styled(finding.evidence, palette.muted.hex), width, _HANG)]
    if details:
        about = Content.assemble(("Healthy: ", f"italic {palette.muted.hex}"), (finding.rule, palette.muted.hex))
        source = Content.styled(f"({finding.source})", f"italic {palette.muted.hex}")
        lines += [line for text in (about, source) for line in wrapped(text, width, _HANG)]
    return [TextLine(line) for line in lines]


def _remedy(words: str, number: int, waits: bool, palette: Palette, width: int) -> list[Content]:
    """A remedy with the key that applies it, and ↺ if it waits for a reset."""
    key = KEYS[number] if number < len(KEYS) else "·"
    text = Content.assemble((words, palette.text.hex), (" ↺" if waits else "", palette.accent.hex))
    first, *rest = text.wrap(max(4, width - _HANG - 4))
    head = Content.assemble(" " * _HANG, (f" {key} ", f"reverse {palette.accent.hex}"), " ", first)
    return [head, *(line.pad_left(_HANG + 4) for line in rest)]


def _hanging(text: Content, width: int) -> list[Content]:
    """A text whose first line begins further to the left."""
    first, *rest = text.wrap(max(4, width - _HANG))
    return [first, *(line.pad_left(_HANG) for line in rest)]
