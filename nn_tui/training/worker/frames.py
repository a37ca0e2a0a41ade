"""A frame: where the run stands, with the parts that were asked for."""

import math
import time
from collections.abc import Callable
from functools import singledispatch, singledispatchmethod
from typing import Any

from msgspec import structs

from nn_tui.engine.network import Network
from nn_tui.engine.probes import layer_names
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.findings import findings
from nn_tui.training.look.activation import activation_view
from nn_tui.training.look.answer import answer
from nn_tui.training.look.formulas import network_formulas, point_formulas
from nn_tui.training.look.histograms import layer_histograms
from nn_tui.training.look.parts import LayerState, Quality, TraceView
from nn_tui.training.look.schedule import schedule_curve
from nn_tui.training.look.series import series
from nn_tui.training.look.surface import surface_view
from nn_tui.training.look.tested import Tested, confusion, images, try_out
from nn_tui.training.look.tracing import surface_trace_view, trace_view
from nn_tui.training.look.weights import first_weights, network_weights
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.rows import PROBED
from nn_tui.training.run.session import Session, Status
from nn_tui.training.summary import digest
from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.messages import Examined, Frame, Look, TraceChoice
from nn_tui.training.worker.opening import OpenRun
from nn_tui.training.worker.pacing import Budget
from nn_tui.training.worker.undo import Places

_TEST_SHARE, _TRACE_SHARE = 0.03, 0.05
_FINDING_SHARE = 0.01
_MOVING_PRODUCTS, _STILL_PRODUCTS = 2e8, 4e9
"""Multiplications spent on the test set: some 10 ms of a moving run, and at most 0.2 s of one that stands still."""

_MOVING_THE_END = {"training.mode", "training.batch_size", "training.epochs", "training.steps"}


class Camera:
    """Takes frames of one run, and keeps what is costly as long as it is true, or, of a moving run, recent."""

    def __init__(self, run: OpenRun, examination: Examination) -> None:
        self._run = run
        self._examination = examination
        self._digest: tuple[int, str] | None = None
        self._findings: tuple[int, tuple[Finding, ...]] | None = None
        self._finding_budget = Budget(_FINDING_SHARE)
        self._tested: tuple[int, Tested] | None = None
        self._test_budget = Budget(_TEST_SHARE)
        self._traced: tuple[int, TraceChoice, TraceView] | None = None
        self._trace_budget = Budget(_TRACE_SHARE)

    def frame(
        self, look: Look, *, status: str, steps_per_second: float, speed: float | None, undo: Places | None = None
    ) -> Frame:
        """The newest frame.

        Args:
            look: what was asked for.
            status, steps_per_second, speed: as in `Frame`.
            undo: the places that changes can be taken back to.
        """
        run = self._run
        session, trainer = run.session, run.session.trainer
        moving = status == "running"
        seen = session.seen
        makers = self._makers(look, moving)
        return Frame(
            run=run.number,
            status=status,
            step=trainer.steps,
            epoch=trainer.epoch,
            progress=trainer.progress,
            epochs=trainer.scenario.training.epochs,
            total_steps=total_steps(session),
            steps_per_epoch=trainer.steps_per_epoch,
            steps_per_second=steps_per_second,
            speed=speed,
            learning_rate=trainer.learning_rate,
            scenario=trainer.scenario,
            seen=int(seen["step"]),
            marks=tuple(run.marks),
            digest=None if moving else self._digest_here(),
            divergence=str(session.divergence) if session.divergence else None,
            series=series(session.history, look.columns, look.points, look.recent),
            open_end={name: seen[name] for name in look.columns if name in seen} if session.has_open_end else {},
            undo=undo.done[-1].change if undo and undo.done else "",
            redo=undo.undone[-1].change if undo and undo.undone else "",
            **_standing(trainer.lead, seen),
            **{name: makers[name]() for name in look.parts if name in makers},
        )

    def _digest_here(self) -> str:
        trainer = self._run.session.trainer
        if self._digest is None or self._digest[0] != trainer.steps:
            self._digest = trainer.steps, digest(trainer.vectors)
        return self._digest[1]

    def _makers(self, look: Look, moving: bool) -> dict[str, Callable[[], Any]]:
        """What makes the parts of a frame that this run has."""
        trainer = self._run.session.trainer
        makers: dict[str, Callable[[], Any]] = {
            "schedule": lambda: schedule_curve(trainer.scenario.training),
            "findings": lambda: self._findings_here(moving),
            "examined": lambda: self._examined(moving),
        }
        return makers | self._makers_of(trainer.lead, look, moving)

    @singledispatchmethod
    def _makers_of(self, lane: Lane, look: Look, moving: bool) -> dict[str, Callable[[], Any]]:
        """What makes the parts that only a run of this problem has."""
        raise NotImplementedError(type(lane))

    @_makers_of.register
    def _(self, _lane: SurfaceLane, look: Look, moving: bool) -> dict[str, Callable[[], Any]]:
        lanes = self._run.session.trainer.lanes
        chosen = lanes[min(look.layer, len(lanes) - 1)]
        return {
            "findings": lambda: self._findings_at_the_end(moving),
            "examined": lambda: self._examined_by_itself(moving),
            "surface": lambda: surface_view(lanes, self._run.session.history, look.grid, look.points),
            "formulas": lambda: point_formulas(chosen),
            "trace": lambda: self._at_its_end(surface_trace_view(chosen), chosen),
        }

    @_makers_of.register
    def _(self, lane: NetworkLane, look: Look, moving: bool) -> dict[str, Callable[[], Any]]:
        network, dataset, plane = lane.network, lane.dataset, self._run.plane
        layer = min(look.layer, len(network.layers) - 1)
        lanes = self._run.session.trainer.lanes
        traced = lanes[min(look.trace.lane, len(lanes) - 1)] if "trace" in look.parts else lane
        makers: dict[str, Callable[[], Any]] = {
            "histograms": lambda: layer_histograms(network, lane.probe_inputs, lane.next_batch()[0]),
            "activation": lambda: activation_view(network, lane.probe_inputs, layer),
            "network": lambda: network_weights(traced.network, traced.probe_inputs, traced.next_batch()[0]),
            "formulas": lambda: network_formulas(lane, layer),
            "trace": lambda: self._at_its_end(self._trace_here(traced, look.trace, moving), traced),
            "answer": lambda: answer(network, dataset, look.given, layer),
        }
        if plane is not None and plane.dimensions == 1:
            makers["curve"] = lambda: plane.curve(network)
        elif plane is not None:
            makers["boundary"] = lambda: plane.boundary(network, look.grid)
            makers["unit_maps"] = lambda: plane.unit_maps(network, look.grid, layer)
        if dataset.task != "regression":
            makers["confusion"] = lambda: confusion(self._tested_here(lane, moving), len(dataset.class_names))
        if dataset.image_shape is not None:
            makers["first_weights"] = lambda: first_weights(network)
            makers["images"] = lambda: images(self._tested_here(lane, moving), dataset)
        return makers

    def _examined(self, moving: bool) -> Examined | None:
        self._examination.follow(self._run.number, self._run.session, is_moving=moving)
        return self._examination.seen()

    def _findings_at_the_end(self, moving: bool) -> tuple[Finding, ...] | None:
        """The diagnosis of a descent, which tries remedies out, each over the whole way: None before the end."""
        return None if self._run.session.status is Status.RUNNING else self._findings_here(moving)

    def _examined_by_itself(self, moving: bool) -> Examined:
        """Of a descent the diagnosis itself tries every remedy, at its end."""
        self._examination.rest()
        findings = self._findings_at_the_end(moving)
        if findings is None:
            return Examined(done=False, waits=True)
        return Examined(done=True, verdict="" if findings else "arrived")

    def _findings_here(self, moving: bool) -> tuple[Finding, ...]:
        """The diagnosis at the present step, or, of a moving run, a moment ago."""
        session = self._run.session
        budget, now, step = self._finding_budget, time.perf_counter(), session.trainer.steps
        if self._findings is None or (self._findings[0] != step and (not moving or budget.allows(now))):
            budget.begin(now)
            self._findings = step, findings(session)
            budget.end(time.perf_counter())
        return self._findings[1]

    def _trace_here(self, lane: NetworkLane, choice: TraceChoice, moving: bool) -> TraceView:
        """The trace of the step to come, or, of a moving run, of one a moment ago."""
        budget, now, traced = self._trace_budget, time.perf_counter(), self._traced
        if traced is None or traced[1] != choice or (traced[0] != lane.steps and (not moving or budget.allows(now))):
            budget.begin(now)
            traced = self._traced = lane.steps, choice, trace_view(lane, choice)
            budget.end(time.perf_counter())
        return traced[2]

    def _at_its_end(self, view: TraceView, lane: Lane) -> TraceView:
        """The trace with what becomes of its step."""
        has_ended = lane.is_over or self._run.session.status is not Status.RUNNING
        return structs.replace(view, has_ended=has_ended, lost=lane.diverged_at)

    def _tested_here(self, lane: NetworkLane, moving: bool) -> Tested:
        """The test set at the present step, or, of a moving run, some of it a while ago."""
        budget, now = self._test_budget, time.perf_counter()
        key = lane.steps if moving else -1 - lane.steps
        if self._tested is None or (self._tested[0] != key and (not moving or budget.allows(now))):
            budget.begin(now)
            products = _MOVING_PRODUCTS if moving else _STILL_PRODUCTS
            self._tested = key, try_out(lane.network, lane.dataset, products)
            budget.end(time.perf_counter())
        return self._tested[1]


@singledispatch
def _standing(lane: Lane, row: dict[str, float]) -> dict[str, Any]:  # noqa: ARG001
    """`train`, `test` and `layers` of a frame, in a row."""
    return {"train": Quality(loss=row["train.loss"], quality=math.nan), "test": None, "layers": ()}


@_standing.register
def _(lane: NetworkLane, row: dict[str, float]) -> dict[str, Any]:
    return {
        "train": _quality(row, "train", lane.quality_name),
        "test": _quality(row, "test", lane.quality_name) if len(lane.test) else None,
        "validation": _quality(row, "validation", lane.quality_name) if len(lane.dataset.validation) else None,
        "layers": _layers(row, lane.network),
    }


def _quality(row: dict[str, float], part: str, quality: str) -> Quality:
    samples = int(row[f"{part}.samples"])
    return Quality(loss=row[f"{part}.loss"], quality=row[f"{part}.{quality}"], samples=samples)


def _layers(row: dict[str, float], network: Network) -> tuple[LayerState, ...]:
    return tuple(
        _layer(row, name, can_die=layer.activation is not None and layer.activation.can_die)
        for name, layer in zip(layer_names(len(network.layers)), network.layers, strict=True)
    )


def _layer(row: dict[str, float], name: str, can_die: bool) -> LayerState:
    values: dict[str, Any] = {key: row[f"{name}.{key}"] for key in PROBED}
    values["dead_units"] = int(values["dead_units"])
    if math.isnan(values["update_ratio"]):
        values["update_ratio"] = None
    return LayerState(**values, can_die=can_die)


def total_steps(session: Session[Any]) -> int | None:
    """The run's last step, if nothing to come can move it."""
    if any(_MOVING_THE_END & change.set.keys() for change in session.pending):
        return None
    trainer = session.trainer
    training = trainer.scenario.training
    by_epochs: int = trainer.steps + (training.epochs - trainer.epoch) * trainer.steps_per_epoch - trainer.position
    return by_epochs if training.steps is None else min(by_epochs, training.steps)
