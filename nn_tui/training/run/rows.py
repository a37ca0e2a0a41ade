"""Rows of a run: which numbers they hold."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from nn_tui.engine.probes import LayerProbe, layer_names

PROBED = LayerProbe._fields[2:]
"""What a row holds of every layer."""


class Score(NamedTuple):
    """How good the network is on some samples.

    Attributes:
        loss: mean loss, without penalties.
        quality: accuracy for classes, R² for numbers.
        samples: how many samples it was taken on.
    """

    loss: float
    quality: float
    samples: int


class LeadRow(Protocol):
    """What was seen of a run's first lane after a step."""

    def flat(self) -> list[float]:
        """Its numbers, the step first, in the order of the lane's columns; NaN for what there is none of."""
        ...

    def nested(self) -> dict[str, Any]:
        """As JSON objects."""
        ...


class LaneScores(NamedTuple):
    """How far a lane has come.

    Attributes:
        name: of the lane.
        values: by the names of its scores.
        diverged_at: the step it could not take; None while it runs.
    """

    name: str
    values: dict[str, float]
    diverged_at: int | None


class HistoryRow(NamedTuple):
    """What was seen after a step: the first lane in full, of every lane of a race the scores."""

    lead: LeadRow
    lanes: tuple[LaneScores, ...]

    def flat(self) -> list[float]:
        """Its numbers, the step first, in the order of the columns."""
        return [*self.lead.flat(), *(value for lane in self.lanes for value in lane.values.values())]

    def nested(self) -> dict[str, Any]:
        """As JSON objects."""
        if not self.lanes:
            return self.lead.nested()
        lanes = [{"name": lane.name, **lane.values, "diverged_at": lane.diverged_at} for lane in self.lanes]
        return self.lead.nested() | {"race": lanes}


class SurfacePoint(NamedTuple):
    """Where the first point on a surface is: steps taken, which are the epochs, too; its next rate; its height."""

    step: int
    lr: float
    height: float

    def flat(self) -> list[float]:
        """Its numbers in the order of `POINT_COLUMNS`."""
        return [float(self.step), float(self.step), self.lr, self.height]

    def nested(self) -> dict[str, Any]:
        """As JSON objects."""
        return {"step": self.step, "epoch": self.step, "lr": self.lr}


POINT_COLUMNS = ("step", "epoch", "lr", "train.loss")


class NetworkRow(NamedTuple):
    """What was seen of a network after a step.

    Attributes:
        step, epoch: steps taken, passes completed (with the share of the present one).
        lr: the rate of the step to come.
        quality: "accuracy" or "r2".
        train, test: scores, of all examples or of at most 256, as `samples` says; `test` is None without a test set.
        layers: every layer's probe.
        validation: likewise; None without a validation set.
    """

    step: int
    epoch: float
    lr: float
    quality: str
    train: Score
    test: Score | None
    layers: Sequence[LayerProbe]
    validation: Score | None = None

    def flat(self) -> list[float]:
        """Its numbers in the order of `columns`, NaN for what there is none of."""
        numbers: list[float | None] = [self.step, self.epoch, self.lr, *self.train, *(self.test or _NO_SCORE)]
        numbers += self.validation or ()
        for layer in self.layers:
            numbers += layer[2:]
        return [NAN if number is None else number for number in numbers]

    @classmethod
    def of_flat(cls, values: Sequence[float], units: Sequence[int], quality: str, validates: bool) -> "NetworkRow":
        """The row whose numbers in the order of the columns these are.

        Args:
            values: NaN for what there is none of.
            units: the layers' widths.
            quality: as above.
            validates: whether there is a validation set.
        """
        step, epoch, lr = values[:3]
        first = 12 if validates else 9
        train, test, *more = (
            Score(values[place], values[place + 1], int(values[place + 2])) for place in range(3, first, 3)
        )
        layers = []
        for index, (name, width) in enumerate(zip(layer_names(len(units)), units, strict=True)):
            start = first + index * len(PROBED)
            probed: dict[str, Any] = dict(zip(PROBED, values[start : start + len(PROBED)], strict=True))
            probed["dead_units"] = int(probed["dead_units"])
            if math.isnan(probed["update_ratio"]):
                probed["update_ratio"] = None
            layers.append(LayerProbe(name=name, units=width, **probed))
        return cls(int(step), epoch, lr, quality, train, test if test.samples else None, layers, *more)

    def nested(self) -> dict[str, Any]:
        """As JSON objects."""
        parts = {"train": self.train, "test": self.test}
        if self.validation is not None:
            parts["validation"] = self.validation
        return {
            "step": self.step,
            "epoch": self.epoch,
            "lr": self.lr,
            **{name: score_object(score, self.quality) for name, score in parts.items()},
            "layers": [layer._asdict() for layer in self.layers],
        }


NAN = float("nan")

_NO_SCORE = Score(NAN, NAN, 0)


def score_object(score: Score | None, quality: str) -> dict[str, float] | None:
    """A score as a JSON object."""
    if score is None:
        return None
    return {"loss": score.loss, quality: score.quality, "samples": score.samples}


def network_columns(layers: int, quality: str, validates: bool = False) -> tuple[str, ...]:
    """Names of a flat row's numbers: `train.loss`, `layer 1.gradient_norm`, …"""
    parts = ("train", "test", "validation") if validates else ("train", "test")
    scores = [f"{part}.{name}" for part in parts for name in ("loss", quality, "samples")]
    return ("step", "epoch", "lr", *scores, *(f"{layer}.{name}" for layer in layer_names(layers) for name in PROBED))
