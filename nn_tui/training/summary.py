"""What a run came to, as one object: the same for the table, for JSON and for Python."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from nn_tui.engine.arrays import Array
from nn_tui.numerals import in_full
from nn_tui.scenario.schema import Expectation
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.findings import findings
from nn_tui.training.run.data_summary import DataSummary
from nn_tui.training.run.session import Session, Status


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
        train, test, validation: loss, and accuracy, or r2, mae and rmse, the last two in the targets' own units; None
            without such examples.
        stopped_at: the step at which it stopped early, for want of gain; None where it did not.
        best_epoch: whose parameters are put back at its end, unless they are not wanted; None where it does not stop
            early.
        chosen_on: the set of examples that chose it.
        layers: each layer at the end; none of a surface.
        race: each optimizer of a race, or of a descent on a surface, at the end.
        expectations: each with whether it was met; none for a run cut short.
        digest: "sha256:" and the hash of the parameters' bytes.
        divergence: where a diverged run left the finite numbers, else None.
        findings: what the diagnosis names, causes first.
        data: what was learned from; None of a surface.
    """

    scenario: str
    status: str
    steps: int
    epochs: int
    seconds: float
    steps_per_second: float
    train: dict[str, float]
    test: dict[str, float] | None
    validation: dict[str, float] | None
    stopped_at: int | None
    best_epoch: int | None
    chosen_on: str | None
    layers: tuple[LayerSummary, ...]
    race: tuple[LaneSummary, ...]
    expectations: tuple[ExpectationResult, ...]
    digest: str
    divergence: str | None
    findings: tuple[Finding, ...]
    data: DataSummary | None = None

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


def summarize(session: Session[Any], seconds: float) -> Summary:
    """What the session came to, `seconds` of training later."""
    trainer = session.trainer
    taken, reached = trainer.steps - session.first_step, digest(trainer.vectors)
    scores, last = trainer.lead.results(), session.history.last()
    layers = tuple(
        LayerSummary(
            name=probe.name,
            gradient_norm=last[f"{probe.name}.gradient_norm"],
            weight_norm=probe.weight_norm,
            units=probe.units,
            dead_units=probe.dead_units,
        )
        for probe in trainer.lead.probe()
    )
    race = tuple(
        LaneSummary(name=lane.name, scores=lane.reached(), diverged_at=lane.diverged_at) for lane in trainer.told_lanes
    )
    found: dict[str, Any] = {f"{part}.{name}": value for part in scores for name, value in scores[part].items()}
    found |= {"status": str(session.status), "digest": reached}
    found["dead_units"] = float(sum(layer.dead_units for layer in layers))
    found |= {f"dead_units.{number}": float(layer.dead_units) for number, layer in enumerate(layers[:-1], 1)}
    found |= {f"race.{lane.name}.{name}": value for lane in race for name, value in lane.scores.items()}
    return Summary(
        scenario=session.initial.title,
        status=str(session.status),
        steps=trainer.steps,
        epochs=trainer.epoch,
        seconds=seconds,
        steps_per_second=taken / seconds if seconds > 0 else 0.0,
        train=scores["train"],
        test=scores.get("test"),
        validation=scores.get("validation"),
        **trainer.lead.early_stop(),
        layers=layers,
        race=race,
        # Expectations are about the scenario's end, which a run cut short has not seen.
        expectations=() if session.cut_short else tuple(judge(entry, found) for entry in session.initial.expect),
        digest=reached,
        divergence=str(session.divergence) if session.divergence else None,
        findings=findings(session),
        data=trainer.lead.data_summary(),
    )


def judge(expectation: Expectation, measured: dict[str, Any]) -> ExpectationResult:
    """Compares an expectation with what was measured, by metric; what was not measured is not met."""
    found: Any = measured.get(expectation.metric)
    bounds, met = [], found is not None
    if expectation.equals is not None:
        equal = expectation.equals
        bounds.append(f"= {equal}" if isinstance(equal, str) else f"= {in_full(equal)}")
        met = met and found == expectation.equals
    if expectation.at_least is not None:
        bounds.append(f"≥ {in_full(expectation.at_least)}")
        met = met and found >= expectation.at_least
    if expectation.at_most is not None:
        bounds.append(f"≤ {in_full(expectation.at_most)}")
        met = met and found <= expectation.at_most
    return ExpectationResult(metric=expectation.metric, wanted=" and ".join(bounds), found=found, met=bool(met))
