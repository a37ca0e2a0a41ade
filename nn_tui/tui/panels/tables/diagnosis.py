"""What is going on in the run, why that is said of it, and what helps when it is tried, at a key press."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message

from nn_tui.charts.palette import Palette
from nn_tui.training.diagnosis.finding import LEAST_ROWS, Finding, Remedy
from nn_tui.training.worker.messages import Examined, Frame, Opened, TrialCourse
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.tables.text import TextLine, TextPanel, joined, wrapped

KEYS = "123456789"
"""What remedies are applied with while the panel is focused."""

_HANG = 2
_GOOD = ("converged", "could-gain", "as-good-as-data-allow")
_PLAIN = "diverged"
"""What is no suspicion, tried or not, and names its step itself."""
_WELL = {
    "healthy": "It has learned what there is to learn: nothing that was tried is better beyond what seeds move.",
    "data-limited": "It is as good as these data allow: nothing that was tried is better beyond what seeds move.",
    "arrived": "Every point has come down to the lowest one, but for 1% of the way at most.",
}
_UNTRIED = "Nothing is suspected so far."


@dataclass(frozen=True)
class Diagnosis:
    """The findings.

    Attributes:
        findings: what was tried, the best cured first; before that suspicions, newest first.
        courses: of each remedy, how its trial went.
        well: that all is well, in words; "" where that is not known.
        trying: how far the trials have come; "" where none are made.
        is_early: whether there is too little of the run for all that can be found.
        is_over: whether the run has ended, so that whatever is changed waits for a reset.
        ahead: numbers of the findings that trials have seen begin at steps this run has not come to.
    """

    findings: tuple[Finding, ...]
    courses: tuple[TrialCourse, ...]
    well: str
    trying: str
    is_early: bool
    is_over: bool
    ahead: frozenset[int]


class DiagnosisPanel(TextPanel[Diagnosis]):
    """Findings, each with what helps."""

    TITLE = "Diagnosis"
    LEGEND = (
        "What goes wrong in the run: its name, the step it begins at, and the numbers that show it. While the panel is"
        " on screen remedies are tried beside the run, each from the start with several seeds; what helps appears "
        "here with what it gained, the best first. Each has a number: while the panel is focused that key applies it,"
        " a click does always, and c proposes the best from anywhere. One with ↺ was tried from the start and waits "
        "for the next reset. g puts the course of the next remedy's trial (∿) behind the curves, and takes all away "
        "after the last. d shows the rule behind each finding, and where it comes from."
    )
    EMPTY = "What goes wrong in the run, and what may help, appears here as it trains; of a descent once it has ended."
    PARTS = ("findings", "examined")
    OF_ALL = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "rules and sources"),
        Binding("g", "ghost", "a trial behind the curves"),
        *(Binding(key, f"apply({number})", "apply a remedy", show=False) for number, key in enumerate(KEYS)),
    ]

    class Pinned(Message):
        """A person wants these trials behind the curves, by name, and no others."""

        def __init__(self, trials: Mapping[str, TrialCourse]) -> None:
            super().__init__()
            self.trials = trials

    class Chosen(Message):
        """A person wants a remedy applied."""

        def __init__(self, remedy: Remedy) -> None:
            super().__init__()
            self.remedy = remedy

    def __init__(self) -> None:
        super().__init__()
        self._has_details = False
        self._has_room = False
        self._pinned: dict[str, tuple[str, TrialCourse]] = {}

    def see(self, opened: Opened, frame: Frame) -> Diagnosis | None:  # noqa: ARG002
        if frame.findings is None or (frame.step == 0 and not frame.findings):
            return None
        is_over = frame.status in ("finished", "diverged")
        findings = told(frame)
        courses = frame.examined.courses if frame.examined is not None else ()
        ahead = frozenset(number for number, finding in enumerate(findings) if finding.since > frame.step)
        return Diagnosis(findings, courses, _well(frame), _trying(frame), frame.step < LEAST_ROWS, is_over, ahead)

    # -- how it looks ------------------------------------------------------------------------------------------------

    def headline(self, seen: Diagnosis, palette: Palette) -> Content:
        problems = sum(finding.ill for finding in seen.findings)
        if problems:
            words = "1 problem" if problems == 1 else f"{problems} problems"
            return Content.styled(f"▲ {words}", palette.alarm.hex)
        if not seen.well:
            return Content("")
        return Content.styled("✓ all is well", palette.accent.hex)

    def lines(self, seen: Diagnosis, palette: Palette, size: Size) -> list[TextLine]:
        if not seen.findings:
            return _nothing(seen, palette, size)
        full = self._lines_of(seen, palette, size, True, True)
        self._has_room = len(full) <= size.height
        if self._has_details or self._has_room:
            return full
        airy = self._lines_of(seen, palette, size, False, True)
        return airy if len(airy) <= size.height else self._lines_of(seen, palette, size, False, False)

    def _lines_of(self, seen: Diagnosis, palette: Palette, size: Size, details: bool, apart: bool) -> list[TextLine]:
        blocks, first = [], 0
        for place, finding in enumerate(seen.findings):
            block = _about(finding, palette, size.width, details, place in seen.ahead)
            for number, remedy in enumerate(finding.remedies, first):
                waits = seen.is_over or not remedy.live or (remedy.metric is not None and remedy.from_step is None)
                pinned = " ∿" if remedy.text in self._pinned else ""
                lines = _remedy(f"{remedy.text}{remedy.gain}{pinned}", number, waits, palette, size.width)
                block += [TextLine(line, f"apply({number})") for line in lines]
            blocks.append(block)
            first += len(finding.remedies)
        if seen.trying:
            line = Content.styled(seen.trying, palette.muted.hex)
            blocks.append([TextLine(part) for part in wrapped(line, size.width)])
        return joined(blocks, apart)

    def options(self) -> tuple[Option, ...]:
        # Where there is room for all there is nothing to switch.
        rules = () if self._has_room else (Option("rules shown" if self._has_details else "rules", "details", "d"),)
        remedies = self._remedies()
        keys = f"1–{min(len(remedies), len(KEYS))}" if len(remedies) > 1 else "1"
        cure = (Option("apply", "apply(0)", keys),) if remedies else ()
        ghost = (Option("∿ trial", "ghost", "g"),) if remedies else ()
        return (*cure, *ghost, *rules, *self.scroll_option()) if self._seen and self._seen.findings else ()

    def action_details(self) -> None:
        """Shows the rules and their sources, or only where there is room."""
        self._has_details = not self._has_details
        self.repaint()

    # -- what it does ------------------------------------------------------------------------------------------------

    async def action_apply(self, number: int) -> None:
        """Wants a remedy applied, counted from 0 over all findings; where there is none, the key is that of a panel."""
        remedies = self._remedies()
        if number < len(remedies):
            self.post_message(self.Chosen(remedies[number]))
        else:
            await self.screen.run_action(f"panel({number + 1})")

    def action_ghost(self) -> None:
        """Wants the trial of the next remedy behind the curves; after the last, none."""
        if self._seen is None:
            return
        told = zip(self._remedies(), self._seen.courses, strict=False)
        untold = ((number, one, course) for number, (one, course) in enumerate(told, 1) if one.text not in self._pinned)
        following = next(untold, None)
        if following is None:
            self._pinned = {}
        else:
            number, remedy, course = following
            self._pinned[remedy.text] = f"remedy {number}", course
        self.post_message(self.Pinned(dict(self._pinned.values())))
        self.repaint()

    def _remedies(self) -> list[Remedy]:
        return [] if self._seen is None else [remedy for one in self._seen.findings for remedy in one.remedies]


def told(frame: Frame) -> tuple[Finding, ...]:
    """What is to be said of a frame's run: what trials have shown, or before that what is suspected."""
    examined = frame.examined
    if examined is not None and examined.findings:
        return examined.findings
    return newest_first(frame.findings or ())


def why_none(frame: Frame | None) -> str:
    """Why there is no remedy to be had; empty while they are still being tried."""
    examined = frame.examined if frame is not None else None
    if frame is None or examined is None:
        return ""
    if examined.waits:
        return "No remedy has been tried yet: of a descent they are tried once it has ended."
    if examined.failed:
        return _trying(frame)
    well = _well(frame) or "Nothing that was tried helps beyond what seeds move."
    return f"There is nothing to cure. {well}" if examined.done else ""


def _well(frame: Frame) -> str:
    examined = frame.examined
    return _WELL.get(examined.verdict, "") if examined is not None and examined.done else ""


def _trying(frame: Frame) -> str:
    examined = frame.examined
    if examined is None or examined.waits or (examined.done and not examined.trials and not examined.failed):
        return ""
    if examined.failed:
        return "Trying remedies has failed for this run; nn-tui doctor says why."
    where = f" on {examined.said}" if examined.said else ""
    if not examined.done:
        return f"… trying what may help: {how_far(examined)}{where}"
    return f"{examined.trials} trials were made{where}."


def how_far(examined: Examined) -> str:
    """What is being tried, and how far the trials have come."""
    return examined.underway or "a first look at the run (at low priority: it waits where the machine is busy)"


def newest_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings by the step they began at, the latest first; of one step, causes stay before what follows from them."""
    return tuple(sorted(findings, key=lambda finding: -finding.since))


def _nothing(seen: Diagnosis, palette: Palette, size: Size) -> list[TextLine]:
    if seen.is_early:
        text = Content.styled(f"Too early to say: it takes {LEAST_ROWS} steps to judge a run.", palette.muted.hex)
    else:
        text = Content.assemble(
            ("✓ All is well. " if seen.well else "", f"bold {palette.accent.hex}"),
            (seen.well or _UNTRIED, palette.muted.hex),
        )
    trying = [Content.styled(seen.trying, palette.muted.hex)] if seen.trying else []
    return [TextLine(line) for part in (text, *trying) for line in wrapped(part, size.width)]


def _about(finding: Finding, palette: Palette, width: int, details: bool, is_ahead: bool) -> list[TextLine]:
    """What a finding says, without its remedies."""
    since = f"in trials, from step {finding.since:,} on" if is_ahead else f"since step {finding.since:,}"
    sign, word, color = ("✓", "Good", palette.accent)
    if finding.ill:
        is_certain = finding.tried or finding.kind == _PLAIN
        sign, word, color = ("▲", "Problem" if is_certain else "Suspected, not yet tried:", palette.alarm)
    elif finding.kind not in _GOOD:
        sign, word, color = ("·", "Note", palette.muted)
    heading = Content.assemble(
        (f"{sign} {word} ", f"bold {color.hex}"),
        (finding.title, f"bold {palette.text.hex}"),
        (f"  {since}" if finding.since and finding.kind != _PLAIN else "", palette.muted.hex),
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
