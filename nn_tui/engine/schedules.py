"""Learning-rate schedules: a factor on the optimizer's rate, from the epoch and the run's length.

An epoch counts from 0 here (completed epochs), fractional inside one. Sources: step and exponential decay (Goodfellow
et al. 2016, section 8.3.1), cosine annealing (Loshchilov & Hutter 2017), warm-up (Goyal et al. 2017).
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol


class Schedule(Protocol):
    """A factor in [0, 1] on the learning rate.

    `name` is what scenarios use, `formula` is for people, `defaults` the settings' names and default values. `pytorch`
    is the factor in Python, an expression in `epoch`, with the settings in braces and `{run}` for the run's epochs;
    empty where it cannot be written.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    defaults: ClassVar[dict[str, float]]
    pytorch: ClassVar[str]

    def factor(self, epoch: float, epochs: int) -> float:
        """The factor after `epoch` epochs of a run of `epochs`."""
        ...


@dataclass(frozen=True)
class ConstantSchedule:
    """The same rate throughout."""

    name: ClassVar[str] = "constant"
    formula: ClassVar[str] = "η"
    defaults: ClassVar[dict[str, float]] = {}
    pytorch: ClassVar[str] = "1.0"

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        return 1.0


@dataclass(frozen=True)
class Step:
    """The rate falls to `decay` times itself at regular intervals, `every` so many epochs."""

    every: float = 100
    decay: float = 0.5

    name: ClassVar[str] = "step"
    formula: ClassVar[str] = "η·decay^⌊epoch / every⌋"
    defaults: ClassVar[dict[str, float]] = {"every": 100, "decay": 0.5}
    pytorch: ClassVar[str] = "{decay} ** math.floor(epoch / {every})"

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        return float(self.decay ** math.floor(epoch / self.every))


@dataclass(frozen=True)
class Exponential:
    """The rate times `decay` after every epoch, smoothly inside one."""

    decay: float = 0.99

    name: ClassVar[str] = "exponential"
    formula: ClassVar[str] = "η·decay^epoch"
    defaults: ClassVar[dict[str, float]] = {"decay": 0.99}
    pytorch: ClassVar[str] = "{decay} ** epoch"

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        return float(self.decay**epoch)


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from the full rate down to `minimum` times it at the last epoch."""

    minimum: float = 0.0

    name: ClassVar[str] = "cosine"
    formula: ClassVar[str] = "η·(minimum + (1 − minimum)·(1 + cos(π·epoch / epochs)) / 2)"
    defaults: ClassVar[dict[str, float]] = {"minimum": 0.0}
    pytorch: ClassVar[str] = "{minimum} + (1 - {minimum}) * (1 + math.cos(math.pi * min(epoch / {run}, 1))) / 2"

    def factor(self, epoch: float, epochs: int) -> float:
        progress = min(epoch / epochs, 1.0) if epochs > 0 else 1.0
        return self.minimum + (1.0 - self.minimum) * 0.5 * (1.0 + math.cos(math.pi * progress))


@dataclass(frozen=True)
class WarmUp:
    """A straight line from `start` times the rate up to all of it in as many epochs as `epochs` says, then constant."""

    epochs: float = 5
    start: float = 0.1

    name: ClassVar[str] = "warm-up"
    formula: ClassVar[str] = "η·min(1, start + (1 − start)·epoch / epochs)"
    defaults: ClassVar[dict[str, float]] = {"epochs": 5, "start": 0.1}
    pytorch: ClassVar[str] = "min(1, {start} + (1 - {start}) * epoch / {epochs})"

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        return min(1.0, self.start + (1.0 - self.start) * epoch / self.epochs)


SCHEDULES: dict[str, type[Schedule]] = {
    schedule.name: schedule for schedule in (ConstantSchedule, Step, Exponential, Cosine, WarmUp)
}
