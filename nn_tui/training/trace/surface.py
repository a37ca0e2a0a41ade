"""Fills a trace from a point on a surface: two partial derivatives are all the gradient there is."""

import math
from typing import Any

import numpy as np

from nn_tui.engine.clipping import clip_norm, clip_value
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.surfaces import SurfaceObjective
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.trace.record import SurfaceTrace


def trace_surface(chosen: SurfaceLane) -> SurfaceTrace:
    """The step to come of a point, at any step."""
    with np.errstate(all="ignore"):
        return _traced(chosen)


def _traced(chosen: SurfaceLane) -> SurfaceTrace:
    surface, scenario = chosen.surface, chosen.scenario
    before = chosen.objective.parameters
    # A twin draws the same noise and leaves the run's own gradient alone.
    x, y = before.tolist()
    twin = SurfaceObjective(
        surface, (x, y), dtype=str(before.dtype), noise=chosen.objective.noise, seed=scenario.training.seed
    )
    height = twin.loss_and_gradient(chosen.steps)
    gradient = twin.gradient
    norm = math.sqrt(float(gradient.dot(gradient)))
    if scenario.training.clip.norm:
        clip_norm(gradient, scenario.training.clip.norm, norm)
    if scenario.training.clip.value:
        clip_value(gradient, scenario.training.clip.value)
    rule = chosen.optimizer
    optimizer = OPTIMIZERS[rule.name](twin.parameters, gradient, dict(rule.settings))
    optimizer.steps = rule.steps
    for name, vector in rule.state.items():
        optimizer.state[name][:] = vector
    rate = chosen.learning_rate
    along = [optimizer.terms(axis, rate) for axis in (0, 1)]
    slopes = np.array(surface.gradient(*before.astype(np.float64)), np.float64)
    exact = gradient.copy()
    optimizer.step(rate)
    terms: dict[str, Any] = dict(along[0])
    for name in (*rule.state_names, "θ", "g"):
        terms[name] = [along[0][name], along[1][name]]
    return SurfaceTrace(
        step=chosen.steps,
        surface=surface.name,
        lane=chosen.name,
        inputs=before.copy(),
        loss=height,
        loss_gradient=slopes,
        gradient=exact,
        optimizer={"name": rule.name, "lr": rate, "terms": terms, "update": twin.parameters - before},
    )
