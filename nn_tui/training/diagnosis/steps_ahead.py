"""How far the steps of a run can take its weights, as far as can be told before the first."""

import math

import numpy as np

from nn_tui.engine.clipping import clip_norm, clip_value
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.numerals import numeral
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.wording import counted

FEW_STEPS = 100
FEW_MOVES = 0.3
IDLE = 0.75
"""The share of a layer's units or outputs that lie idle, dead or on flat ends, from which on it hardly learns."""

SHORT = Rule(
    "few-steps",
    f"a run takes at least {FEW_STEPS} steps, and all together can move the weights by {FEW_MOVES:.0%} of their norm",
    "Goodfellow et al. 2016, sections 8.1.3 and 11.4.1",
    ill=False,
)

_UNDER_WAY = 4
"""Steps after which running means have taken most of a gradient in."""
_LOOKS = 200
"""Moments of a run at which a schedule is asked for its rate."""
_PACE = tuple(f"training.{key}" for key in ("epochs", "steps", "mode", "batch_size", "optimizer.name", "optimizer.lr"))
"""Keys that a timeline changes where what the first step tells of all is not so."""


def few_steps(lane: NetworkLane) -> Finding | None:
    """A note where a run ends before it can come far; nothing where a timeline changes how it goes."""
    training = lane.scenario.training
    if any(key in _PACE for change in lane.scenario.timeline for key in change.set):
        return None
    steps = training.epochs * lane.steps_per_epoch
    steps = steps if training.steps is None else min(steps, training.steps)
    rate = training.optimizer.lr * _mean_factor(lane, steps)
    moves = steps * _speed(lane, rate)
    if steps >= FEW_STEPS and moves >= FEW_MOVES:
        return None
    on_average = " on average" if training.schedule.name != "constant" else ""
    along = (
        f" At a rate of {numeral(rate)}{on_average} all of them move the weights by {moves:.1%} of their norm, if "
        "each goes the way of the first."
    )
    return SHORT.finding(
        title="Few steps" if steps < FEW_STEPS else "Few steps for this rate",
        since=0,
        evidence=f"The run ends after {counted(steps, 'step')}.{along if math.isfinite(moves) else ''}",
        numbers={"steps": float(steps), "rate": rate, "moves": moves},
    )


def _mean_factor(lane: NetworkLane, steps: int) -> float:
    """Of the rate, over a run of so many steps."""
    training = lane.scenario.training
    schedule = SCHEDULES[training.schedule.name](**training.schedule.settings)
    taken = np.linspace(0.0, steps / lane.steps_per_epoch, _LOOKS, endpoint=False)
    return float(np.mean([schedule.factor(epoch, training.epochs) for epoch in taken.tolist()]))


def _speed(lane: NetworkLane, rate: float) -> float:
    """How far a step along the first gradient moves the weights, as a share of their norm, once the optimizer is under
    way; infinite where outputs on flat ends, or samples that wake no unit, make that gradient say little."""
    with np.errstate(all="ignore"):
        if any(probe.saturated_share >= IDLE for probe in lane.probe()):
            return math.inf
        parameters, gradient = lane.network.parameters.copy(), lane.network.gradient.copy()
        if not gradient.any():
            return math.inf
        clip, norm = lane.scenario.training.clip, float(np.linalg.norm(parameters))
        if clip.norm:
            clip_norm(gradient, clip.norm, float(np.linalg.norm(gradient)))
        if clip.value:
            clip_value(gradient, clip.value)
        optimizer = type(lane.optimizer)(parameters, gradient, lane.optimizer.settings)
        for step in range(2 * _UNDER_WAY):
            if step == _UNDER_WAY:
                halfway = parameters.copy()
            optimizer.step(rate)
        moved = float(np.linalg.norm(parameters - halfway)) / _UNDER_WAY
    return moved / norm if norm > 0.0 and math.isfinite(moved) else math.inf
