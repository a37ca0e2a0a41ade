"""A frame: where the run stands, with the parts that were asked for."""

import math
from typing import Any

from nn_tui.engine.probes import layer_names
from nn_tui.training.messages import Frame, LayerState, Look, Mark, Quality
from nn_tui.training.observing.activation import activation_view
from nn_tui.training.observing.histograms import layer_histograms
from nn_tui.training.observing.schedule import schedule_curve
from nn_tui.training.observing.series import series
from nn_tui.training.observing.weights import first_weights, network_weights
from nn_tui.training.recording import PROBED
from nn_tui.training.session import Session
from nn_tui.training.summary import digest
from nn_tui.training.trainer import Trainer
from nn_tui.training.worker.opening import Run

_MOVING_THE_END = {"training.mode", "training.batch_size", "training.epochs", "training.steps"}


def frame(
    run: Run, look: Look, *, status: str, marks: tuple[Mark, ...], steps_per_second: float, speed: float | None
) -> Frame:
    """The newest frame of a run.

    Args:
        run: what is looked at.
        look: what was asked for.
        status, marks, steps_per_second, speed: as in `Frame`.
    """
    session, trainer = run.session, run.session.trainer
    last = session.history.last()
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
        train=_quality(last, "train", trainer.quality_name),
        test=_quality(last, "test", trainer.quality_name) if len(trainer.test) else None,
        layers=tuple(_layer(last, name) for name in layer_names(len(trainer.network.layers))),
        marks=marks,
        digest=None if status == "running" else digest(trainer.network),
        divergence=str(session.divergence) if session.divergence else None,
        series=series(session.history, look.columns, look.points, look.recent),
        **_parts(run, look),
    )


def _parts(run: Run, look: Look) -> dict[str, Any]:
    trainer, wanted = run.session.trainer, set(look.parts)
    network, plane = trainer.network, run.plane
    layer = min(look.layer, len(network.layers) - 1)
    parts: dict[str, Any] = {}
    if plane is not None and plane.dimensions == 2:
        if "boundary" in wanted:
            parts["boundary"] = plane.boundary(network, look.grid)
        if "unit_maps" in wanted:
            parts["unit_maps"] = plane.unit_maps(network, look.grid, layer)
    if plane is not None and plane.dimensions == 1 and "curve" in wanted:
        parts["curve"] = plane.curve(network)
    if "histograms" in wanted:
        parts["histograms"] = layer_histograms(network, trainer.probe_inputs)
    if "activation" in wanted:
        parts["activation"] = activation_view(network, trainer.probe_inputs, layer)
    if "network" in wanted:
        parts["network"] = network_weights(network, trainer.probe_inputs)
    if "first_weights" in wanted and run.opened.image_shape is not None:
        parts["first_weights"] = first_weights(network)
    if "schedule" in wanted:
        parts["schedule"] = schedule_curve(trainer.scenario.training)
    return parts


def _quality(row: dict[str, float], part: str, quality: str) -> Quality:
    return Quality(loss=row[f"{part}.loss"], quality=row[f"{part}.{quality}"])


def _layer(row: dict[str, float], name: str) -> LayerState:
    values: dict[str, Any] = {key: row[f"{name}.{key}"] for key in PROBED}
    values["dead_units"] = int(values["dead_units"])
    if math.isnan(values["update_ratio"]):
        values["update_ratio"] = None
    return LayerState(**values)


def total_steps(session: Session) -> int | None:
    """The run's last step, if nothing to come can move it."""
    if any(_MOVING_THE_END & change.set.keys() for change in session.pending):
        return None
    trainer: Trainer = session.trainer
    training = trainer.scenario.training
    by_epochs = trainer.steps + (training.epochs - trainer.epoch) * trainer.steps_per_epoch - trainer.position
    return by_epochs if training.steps is None else min(by_epochs, training.steps)
