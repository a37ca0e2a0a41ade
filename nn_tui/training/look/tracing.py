"""A trace for the lab: the units of every layer, and the way of one parameter."""

from typing import Protocol

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import TracedLayer, TraceView
from nn_tui.training.look.walk import TracedWeight, walk, walk_surface
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.trace.network import trace_network
from nn_tui.training.trace.record import Trace
from nn_tui.training.trace.surface import trace_surface

MOST_UNITS = 64
"""Units of a layer, inputs of a sample and examples of a batch that are told."""


class ChosenWeight(Protocol):
    """What a trace is of, counted from 0: see `messages.TraceChoice`."""

    @property
    def layer(self) -> int: ...
    @property
    def unit(self) -> int: ...
    @property
    def input(self) -> int | None: ...
    @property
    def sample(self) -> int | None: ...


def trace_view(lane: NetworkLane, choice: ChosenWeight) -> TraceView:
    """The step to come for one training example, and for one parameter.

    Args:
        lane: at its present step.
        choice: which of them; what is beyond the last is the last.
    """
    sample = None if choice.sample is None else min(choice.sample, len(lane.train) - 1)
    trace = trace_network(lane, sample)
    place = TracedWeight(choice.layer, choice.unit, choice.input).within(trace)
    _, rows = lane.next_batch()
    layer = trace.layers[place.layer]
    value = layer.bias[place.unit] if place.input is None else layer.weight[place.unit, place.input]
    return TraceView(
        step=trace.step,
        sample=trace.sample,
        in_batch=trace.batch.place is not None,
        batch=tuple(rows[:MOST_UNITS].tolist()),
        examples=len(lane.train),
        inputs=_some(trace.inputs),
        target=_some(trace.target),
        loss=trace.loss,
        layers=_layers(trace),
        layer=place.layer,
        unit=place.unit,
        input=place.input,
        value=float(value),
        formulas=walk(trace, place, lane.network.loss.name),
        lane=lane.title,
    )


def _layers(trace: Trace) -> tuple[TracedLayer, ...]:
    return tuple(
        TracedLayer(pre_activation=_some(layer.pre_activation), output=_some(layer.output), delta=_some(layer.delta))
        for layer in trace.layers
    )


def surface_trace_view(lane: SurfaceLane) -> TraceView:
    """The step to come of one optimizer's point: the two partial derivatives, and where they move it."""
    trace = trace_surface(lane)
    return TraceView(
        step=trace.step,
        sample=0,
        in_batch=True,
        batch=(),
        examples=0,
        inputs=floats(trace.inputs),
        target=b"",
        loss=trace.loss,
        layers=(),
        layer=0,
        unit=0,
        input=None,
        value=float(np.float64(trace.inputs[0])),
        formulas=walk_surface(trace),
    )


def _some(values: Array) -> bytes:
    return floats(values[:MOST_UNITS])
