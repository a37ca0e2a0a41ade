"""A run as it is kept: what it was, what it came to, and its course, but no parameters: it can be run again."""

from typing import Any

import msgspec
from msgspec import structs

from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.schema import Expectation, Scenario
from nn_tui.scenario.timeline import ending_at
from nn_tui.training.kept.files import Fingerprint
from nn_tui.training.kept.kept_line import KeptLine
from nn_tui.training.kept.thin_history import ThinHistory
from nn_tui.version import __version__


class KeptRun(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of a run.

    Attributes:
        line: as in a list.
        scenario: to its own end, every change made to the run in its timeline.
        cut_short: whether the run ended before the scenario did, after `line.steps` steps.
        version: of the program that ran it.
        files: what it read.
        summary: as `nn-tui replay --json` has it.
        history: its curves.
    """

    line: KeptLine
    scenario: Scenario
    cut_short: bool
    version: str
    files: tuple[Fingerprint, ...]
    summary: dict[str, Any]
    history: ThinHistory

    def public(self) -> dict[str, Any]:
        """As JSON has it: the line, the scenario as TOML would give it, and the summary."""
        return self.line.public() | {
            "version": self.version,
            "scenario": to_mapping(replaying(self)),
            "files": self.files,
            "summary": self.summary,
        }


def to_keep(
    summary: msgspec.Struct,
    history: ThinHistory,
    scenario: Scenario,
    *,
    cut_short: bool,
    origin: str,
    started: float,
    files: tuple[Fingerprint, ...] = (),
    name: str = "",
    sweep: str = "",
    status: str | None = None,
) -> KeptRun:
    """A run to be kept, without a number yet.

    Args:
        summary: what it came to.
        history: its curves.
        scenario: to its own end, with every change in its timeline.
        cut_short: whether it ended before the scenario does.
        origin: one of `ORIGINS`.
        started: when, in seconds since 1970.
        files: what it read.
        name: where its scenario came from.
        sweep: the sweep it is a trial of.
        status: another than the summary's.
    """
    plain = msgspec.json.decode(msgspec.json.encode(summary))
    line = KeptLine(
        id=0,
        title=scenario.title,
        origin=origin,
        status=status or plain["status"],
        started=started,
        seconds=plain["seconds"],
        steps=plain["steps"],
        epochs=plain["epochs"],
        train=plain["train"],
        test=plain["test"],
        digest=plain["digest"],
        findings=tuple(dict.fromkeys(finding["kind"] for finding in plain["findings"])),
        sweep=sweep,
        name=name,
    )
    return KeptRun(
        line=line,
        # An expected digest would be that of another run.
        scenario=structs.replace(scenario, expect=tuple(e for e in scenario.expect if e.metric != "digest")),
        cut_short=cut_short,
        version=__version__,
        files=files,
        summary=plain,
        history=history,
    )


def replaying(kept: KeptRun) -> Scenario:
    """The scenario whose replay is the run: it ends where the run did, and expects its digest."""
    scenario = kept.scenario
    expected = Expectation(metric="digest", equals=kept.line.digest)
    if not kept.cut_short:
        own = [entry for entry in scenario.expect if entry.metric == "status"]
        if kept.line.status == "diverged" and not own:
            own = [Expectation(metric="status", equals="diverged")]
        return structs.replace(scenario, expect=(*own, expected))
    return structs.replace(ending_at(scenario, kept.line.steps), expect=(expected,))
