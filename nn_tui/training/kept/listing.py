"""Kept runs chosen and put in order."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.kept_line import LEFT, ORIGINS, KeptLine, SweepLine
from nn_tui.wording import quoted, suggestion

_STATUSES = ("finished", "diverged", "interrupted", LEFT)
_PLAIN = ("id", "title", "origin", "status", "started", "seconds", "steps", "epochs", "digest")


@dataclass(frozen=True)
class Filter:
    """Which runs are wanted.

    Attributes:
        scenario: a part of the title or the name, whatever its case; None for any.
        origin, status, finding: exactly this; None for any.
        trials: each trial of a sweep, and not only its best.
    """

    scenario: str | None = None
    origin: str | None = None
    status: str | None = None
    finding: str | None = None
    trials: bool = False

    def check(self) -> None:
        """Refuses what no run can be.

        Raises:
            KeptError: for an origin or a status there is none of.
        """
        for name, value, known in (("origin", self.origin, ORIGINS), ("status", self.status, _STATUSES)):
            if value is not None and value not in known:
                raise KeptError(f"--{name}: expected one of: {', '.join(known)}, found {quoted(value)}")

    def takes(self, line: KeptLine) -> bool:
        """Whether a run is wanted, whatever sweep it is of."""
        text = self.scenario.casefold() if self.scenario is not None else ""
        return (
            (text in line.title.casefold() or text in line.name.casefold())
            and self.origin in (None, line.origin)
            and self.status in (None, line.status)
            and (self.finding is None or self.finding in line.findings)
        )


def listed(lines: Sequence[KeptLine], wanted: Filter, best: Mapping[str, int]) -> list[KeptLine]:
    """The runs that are wanted, in the order given; of a sweep its best, in the place of its first.

    Args:
        lines: of all runs.
        wanted: which of them.
        best: the number of each sweep's best run, by its hash; where that is not wanted, the first one stands for it.

    Raises:
        KeptError: for an origin or a status there is none of.
    """
    wanted.check()
    chosen: dict[str, list[KeptLine]] = {}
    for line in filter(wanted.takes, lines):
        one_for_all = line.sweep and not wanted.trials
        chosen.setdefault(line.sweep if one_for_all else f"@{line.id}", []).append(line)
    return [_of_sweep(together, best) if key[0] != "@" else together[0] for key, together in chosen.items()]


def _of_sweep(trials: Sequence[KeptLine], best: Mapping[str, int]) -> SweepLine:
    first = trials[0]
    line = next((trial for trial in trials if trial.id == best.get(first.sweep)), first)
    return SweepLine(**structs.asdict(line), trials=len(trials))


def ordered(lines: Sequence[KeptLine], column: str, reverse: bool = False) -> list[KeptLine]:
    """Runs in ascending order of a column; those without a value come first, as the list ends with the most.

    Args:
        lines: in any order.
        column: a field of `KeptLine`, or a score such as `test.accuracy`.
        reverse: descending.

    Raises:
        KeptError: for a column that no run has.
    """
    part, _, name = column.partition(".")
    if name and part in ("train", "test"):
        known = sorted({f"{side}.{key}" for line in lines for side in ("train", "test") for key in _scores(line, side)})
        if lines and column not in known:
            raise KeptError(f"--sort: no run has {quoted(column)}{suggestion(column, known)}")

        def score(line: KeptLine) -> float:
            value = _scores(line, part).get(name)
            return -math.inf if value is None else value

        return sorted(lines, key=score, reverse=reverse)
    if column not in _PLAIN:
        raise KeptError(
            f"--sort: no column {quoted(column)}; there are {', '.join(_PLAIN)}, train.loss, test.accuracy, …"
        )
    return sorted(lines, key=lambda line: getattr(line, column), reverse=reverse)


def _scores(line: KeptLine, part: str) -> dict[str, float | None]:
    return (line.train if part == "train" else line.test) or {}
