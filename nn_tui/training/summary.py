"""What a run came to, as one object: the same for the table, for JSON and for Python."""

import hashlib
import math
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from nn_tui.data.dataset import Examples
from nn_tui.engine.arrays import Array
from nn_tui.scenario.schema import Expectation
from nn_tui.training.diagnosis.descents import diagnose_descent
from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import gather
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.run.descent import SurfaceSession
from nn_tui.training.run.metrics import mean_errors
from nn_tui.training.run.racing import RacingTrainer
from nn_tui.training.run.recording import score_object
from nn_tui.training.run.runner import Runner
from nn_tui.training.run.session import Course, Session, Status
from nn_tui.training.run.trainer import Trainer


class LayerSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One layer at the end; see `LayerProbe` for what the numbers are."""

    name: str
    gradient_norm: float
    weight_norm: float
    units: int
    dead_units: int


class LaneSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One optimizer of a race at the end.

    Attributes:
        name: of the lane: its optimizer, numbered from the second of the same name on.
        scores: loss, and accuracy or r2, on the training set; on a surface loss (the height), x, y, and the distance to
            the lowest minimum.
        diverged_at: the step it could not take, else None.
    """

    name: str
    scores: dict[str, float]
    diverged_at: int | None


class ExpectationResult(msgspec.Struct, frozen=True, kw_only=True):
    """An expectation and what was found.

    Attributes:
        metric: what was measured.
        wanted: in words.
        found: its value; None where there is none.
        met: whether it is as expected.
    """

    metric: str
    wanted: str
    found: float | str | None
    met: bool


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A run's end.

    Attributes:
        scenario: its title.
        status: "finished", "diverged" or "interrupted".
        steps: steps taken.
        epochs: passes completed.
        seconds: wall time of the training; of a resumed run, since then.
        steps_per_second: steps taken in that time, a second; 0 for none.
        train, test: loss, and accuracy, or r2, mae and rmse, the last two in the targets' own units; `test` is None
            without a test set.
        layers: each layer at the end; none of a surface.
        race: each optimizer of a race, or of a descent on a surface, at the end.
        expectations: each with whether it was met; none for a run cut short.
        digest: "sha256:" and the hash of the parameters' bytes.
        divergence: where a diverged run left the finite numbers, else None.
        findings: what the diagnosis names, causes first.
    """

    scenario: str
    status: str
    steps: int
    epochs: int
    seconds: float
    steps_per_second: float
    train: dict[str, float]
    test: dict[str, float] | None
    layers: tuple[LayerSummary, ...]
    race: tuple[LaneSummary, ...]
    expectations: tuple[ExpectationResult, ...]
    digest: str
    divergence: str | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met, and no divergence came unexpectedly."""
        foreseen = any(result.metric == "status" and result.met for result in self.expectations)
        return all(result.met for result in self.expectations) and (self.status != Status.DIVERGED or foreseen)


def digest(vectors: Iterable[Array]) -> str:
    """SHA-256 of the parameters, as little-endian bytes in the order of the flat vectors."""
    total = hashlib.sha256()
    for vector in vectors:
        total.update(vector.astype(vector.dtype.newbyteorder("<"), copy=False).tobytes())
    return f"sha256:{total.hexdigest()}"


def summarize(session: Session, seconds: float) -> Summary:
    """What the session came to, `seconds` of training later."""
    trainer = session.trainer
    train = trainer.score("train")
    assert train is not None
    quality = trainer.quality_name
    last = session.history.last()
    layers = tuple(
        LayerSummary(
            name=probe.name,
            gradient_norm=last[f"{probe.name}.gradient_norm"],
            weight_norm=probe.weight_norm,
            units=probe.units,
            dead_units=probe.dead_units,
        )
        for probe in trainer.probe()
    )
    scores = {"train": _loss_and_quality(score_object(train, quality)) | _errors(trainer, trainer.dataset.train)}
    test = score_object(trainer.score("test"), quality)
    if test is not None:
        scores["test"] = _loss_and_quality(test) | _errors(trainer, trainer.dataset.test)
    found: dict[str, Any] = {f"{part}.{name}": value for part in scores for name, value in scores[part].items()}
    found["dead_units"] = float(sum(layer.dead_units for layer in layers))
    found |= {f"dead_units.{number}": float(layer.dead_units) for number, layer in enumerate(layers[:-1], 1)}
    race = _network_lanes(trainer) if isinstance(trainer, RacingTrainer) else ()
    return _summary(session, seconds, scores, layers, race, found, diagnose(gather(session)))


def summarize_descent(session: SurfaceSession, seconds: float) -> Summary:
    """What a descent came to, `seconds` later."""
    descent = session.trainer
    goal_x, goal_y = descent.surface.minima[0]
    race = []
    for lane in descent.lanes:
        point = lane.point()
        distance = math.hypot(point.x - goal_x, point.y - goal_y)
        scores = {"loss": point.loss, "x": point.x, "y": point.y, "distance": distance}
        race.append(LaneSummary(name=lane.name, scores=scores, diverged_at=lane.diverged_at))
    train = {"loss": race[0].scores["loss"]}
    return _summary(
        session, seconds, {"train": train}, (), tuple(race), {"train.loss": train["loss"]}, diagnose_descent(session)
    )


def _network_lanes(trainer: RacingTrainer) -> tuple[LaneSummary, ...]:
    return tuple(
        LaneSummary(
            name=lane.name, scores={"loss": lane.loss, trainer.quality_name: lane.quality}, diverged_at=lane.diverged_at
        )
        for lane in trainer.lane_scores()
    )


def _summary(
    session: Course[Any],
    seconds: float,
    scores: dict[str, dict[str, float]],
    layers: tuple[LayerSummary, ...],
    race: tuple[LaneSummary, ...],
    found: dict[str, Any],
    findings: tuple[Finding, ...],
) -> Summary:
    runner: Runner = session.trainer
    taken = runner.steps - session.first_step
    reached = digest(runner.vectors)
    found = found | {"status": str(session.status), "digest": reached}
    found |= {f"race.{lane.name}.{name}": value for lane in race for name, value in lane.scores.items()}
    return Summary(
        scenario=session.initial.title,
        status=str(session.status),
        steps=runner.steps,
        epochs=runner.epoch,
        seconds=seconds,
        steps_per_second=taken / seconds if seconds > 0 else 0.0,
        train=scores["train"],
        test=scores.get("test"),
        layers=layers,
        race=race,
        # Expectations are about the scenario's end, which a run cut short has not seen.
        expectations=() if session.cut_short else tuple(judge(entry, found) for entry in session.initial.expect),
        digest=reached,
        divergence=str(session.divergence) if session.divergence else None,
        findings=findings,
    )


def _loss_and_quality(score: dict[str, float] | None) -> dict[str, float]:
    assert score is not None
    return {name: value for name, value in score.items() if name != "samples"}


def _errors(trainer: Trainer, examples: Examples) -> dict[str, float]:
    """The mean errors of a regression in its targets' own units; none of classes."""
    data = trainer.dataset
    if data.task != "regression":
        return {}
    with np.errstate(all="ignore"):
        predicted = data.own_units(trainer.network.predict(examples.inputs[:, :-1]))
        truth = data.own_units(examples.targets.reshape(len(examples), -1))
        return mean_errors(predicted.T, truth.T)


def judge(expectation: Expectation, measured: dict[str, Any]) -> ExpectationResult:
    """Compares an expectation with what was measured, by metric; what was not measured is not met."""
    found: Any = measured.get(expectation.metric)
    bounds, met = [], found is not None
    if expectation.equals is not None:
        equal = expectation.equals
        bounds.append(f"= {equal}" if isinstance(equal, str) else f"= {equal:g}")
        met = met and found == expectation.equals
    if expectation.at_least is not None:
        bounds.append(f"≥ {expectation.at_least:g}")
        met = met and found >= expectation.at_least
    if expectation.at_most is not None:
        bounds.append(f"≤ {expectation.at_most:g}")
        met = met and found <= expectation.at_most
    return ExpectationResult(metric=expectation.metric, wanted=" and ".join(bounds), found=found, met=bool(met))
