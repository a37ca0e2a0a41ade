"""What a field and each of its choices is, for people: what larger and smaller do, formulas, sentences, small curves.

The sentences about choices are the registries' own; only what a number does is written here, once for every field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.initializers import INITIALIZERS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.modes import MODES
from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.randomness import generator
from nn_tui.engine.schedules import SCHEDULES, Schedule
from nn_tui.engine.surfaces import SURFACES
from nn_tui.floats import Floats
from nn_tui.scenario.field import Field
from nn_tui.scenario.kinds import KINDS

EFFECTS = {
    "samples": ("steadier gradients and a truer test score, slower epochs", "quicker epochs, easier to learn by heart"),
    "test_samples": ("a truer test score", "a test score that chance moves more"),
    "noise": ("more is chance, so that less can be got right", "a cleaner problem, at 0 one without chance"),
    "test_share": ("a truer test score from fewer training examples", "more to learn from, a rougher test score"),
    "validation_share": ("a surer choice from fewer training examples", "more to learn from, at 0 no such set"),
    "units": ("the layer can bend more, and overfits sooner", "a simpler function, too few cannot fit"),
    "dropout": ("a harder rein against overfitting, slower learning", "at 0 every unit learns at every step"),
    "batch_size": ("a surer gradient, fewer steps an epoch", "noisier and more steps an epoch"),
    "epochs": ("longer training, more time to overfit", "an earlier end"),
    "seed": ("another number draws other weights, samples and batches", "neither better nor worse"),
    "speed": ("more steps a second on screen", "fewer, to follow each of them"),
    "lr": ("longer steps: faster, until they overshoot and diverge", "shorter steps: sure, and slow"),
    "beta": ("a longer memory: smoother, slower to turn", "a shorter one, at 0 the present gradient alone"),
    "beta1": ("a longer memory of the direction: smoother, slower to turn", "follows the present gradient more"),
    "beta2": ("a longer memory of the gradient's size: steadier rates", "rates that follow the present gradient"),
    "epsilon": ("damps the steps where gradients are tiny", "full steps even from tiny gradients"),
    "weight_decay": ("smaller weights, a smoother function", "at 0 weights grow as they like"),
    "schedule.epochs": ("the rate takes longer to rise", "the whole rate sooner"),
    "every": ("the rate falls later", "the rate falls sooner and more often"),
    "decay": ("the rate falls more slowly, at 1 not at all", "the rate falls faster"),
    "minimum": ("more of the rate is left at the end", "at 0 the last steps are next to nothing"),
    "start": ("sets out at more of the rate", "sets out more carefully"),
    "l1": ("more weights all but 0, a sparser net", "at 0 no such penalty"),
    "l2": ("smaller weights and a smoother function, too large underfits", "at 0 no such penalty"),
    "norm": ("only the longest gradients are shortened", "more are; the direction stays. 0: no limit"),
    "value": ("only the largest coordinates are cut", "more are; the direction may change. 0: no limit"),
    "patience": ("waits longer for a gain", "stops sooner; 0: never stops early"),
    "min_gain": ("only a clear gain counts, so that it stops sooner", "any gain counts"),
    "from_epoch": ("judged later", "judged from the beginning"),
    "steps": ("a later end", "an earlier end"),
    "init.value": ("units saturate from the start", "all units start alike, whatever it is"),
    "init.std": ("larger outputs and gradients, sooner saturated or exploding", "fainter ones, sooner vanishing"),
    "init.low": ("a narrower range to draw from", "a wider one, lower"),
    "init.high": ("a wider range to draw from", "a narrower one, lower"),
    "init.scale": ("larger weights at the start", "smaller ones"),
}
"""By a number's own name, or its table's and its own: what a larger and what a smaller value does."""

_POINTS = 64
_EPOCHS = 300
"""The longest run that a schedule is shown for."""

_FAN, _REACH = 64, 0.6
"""The layer that an initializer's distribution is shown for, and how far to both sides of 0."""


@dataclass(frozen=True)
class ExplainedChoice:
    """One choice of a field.

    Attributes:
        name: as scenarios write it.
        formula, summary: the registry's own; empty where there is none.
        curve: what it looks like, evenly spaced values from left to right; empty where that says nothing.
    """

    name: str
    formula: str = ""
    summary: str = ""
    curve: tuple[float, ...] = ()


_REGISTRIES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "output": OUTPUTS,
    "loss": LOSSES,
    "init": INITIALIZERS,
    "mode": MODES,
    "normalization": NORMALIZATIONS,
    "function": SURFACES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "kind": KINDS,
}
"""By the end of a key; one whose settings stand beside it may have `.name` behind."""


def effect(field: Field) -> tuple[str, str] | None:
    """What a larger and what a smaller value of a number does; None for what is no number."""
    if field.type not in ("integer", "number"):
        return None
    parts = field.key.split(".")
    return EFFECTS.get(".".join(parts[-2:])) or EFFECTS.get(parts[-1])


def registry_of(key: str) -> Mapping[str, Any]:
    """The registry whose names a field's choices are, by its dotted key; empty for one with choices of its own."""
    return _REGISTRIES.get(key.removesuffix(".name").rpartition(".")[2], {})


def choice(key: str, name: str) -> ExplainedChoice:
    """A choice of a field, explained as far as its registry does.

    Args:
        key: the field's dotted key.
        name: one of its choices.
    """
    entry = registry_of(key).get(name)
    if entry is None:
        own = _OTHERS.get(f"{key.rpartition('.')[2]}.{name}", "")
        return ExplainedChoice(name, summary=own or _OTHERS.get(name, "") or _measured(name))
    # Optimizers and schedules are classes: the first sentence of their docstring is their summary.
    summary = getattr(entry, "summary", "") or (entry.__doc__ or "").partition(".\n")[0].partition("\n")[0]
    sentence = summary[:1].upper() + summary[1:].replace("`", "").rstrip(".") + "." if summary else ""
    return ExplainedChoice(name, getattr(entry, "formula", ""), sentence, _curve(key, name))


_OTHERS = {
    "auto": "What suits the data and the other choices.",
    "none": "Values as they are.",
    "class_weight.none": "Each sample counts alike, so that a rare class counts little.",
    "normalization.none": "Sums go into the activation as they are.",
    "target_scaling.auto": "As the inputs are scaled.",
    "loss.auto": "bce for two classes, ce for several, mse for numbers.",
    "output.auto": "What the loss takes: sigmoid for bce, softmax for ce, any number for a regression.",
    "task.auto": "Told from the target: texts and few whole numbers are classes, other numbers a regression.",
    "standard": "Each column to mean 0 and spread 1, fitted on the training set.",
    "minmax": "Each column to the range from 0 to 1, fitted on the training set.",
    "float32": "Single precision: about seven digits, and up to twice as fast.",
    "float64": "Double precision: about sixteen digits.",
    "yes": "",
    "no": "",
    "features.x": "The first input as it is.",
    "features.y": "The second input as it is.",
    "features.xy": "x·y: its sign says whether both have the same one.",
    "features.x2": "x²: the same to either side of 0.",
    "features.y2": "y²: the same above and below 0.",
    "features.sinx": "sin(π·x): a wave along x.",
    "features.siny": "sin(π·y): a wave along y.",
    "balanced": "Each class counts alike, however few its examples: n / (K·n_k) of the training rows.",
    "classification": "Each value of the target is a class.",
    "regression": "The target is a number.",
    "refuse": "A row with a missing value is an error.",
    "drop": "Rows with a missing value are left out.",
    "mean": "The mean of the training rows stands in for it.",
    "median": "The median of the training rows stands in for it.",
    "most": "What the training rows have most often stands in for it.",
    "decimal..": "Decimals are written 0.5.",
    "decimal.,": "Decimals are written 0,5.",
    "share": "So large a share of the rows, drawn by the seed.",
    "content": "By what is in a row: equal rows are on one side, and where a row goes does not depend on the others.",
    "order": "The last rows, as they stand in the file.",
}

_MEASURES = {
    "loss": "the loss that is minimized",
    "accuracy": "the share of right answers",
    "balanced_accuracy": "the share of right answers, each class counting alike",
    "r2": "the share of the target's variance that is explained",
}


def _measured(name: str) -> str:
    """What a metric such as `test.accuracy` is; empty for what is none."""
    part, _, measure = name.partition(".")
    of = "training" if part == "train" else part
    return f"On the {of} set: {_MEASURES[measure]}." if measure in _MEASURES else ""


def _curve(key: str, name: str) -> tuple[float, ...]:
    """The function of an activation, the course of a schedule, the distribution of an initializer."""
    registry = registry_of(key)
    if registry is ACTIVATIONS:
        values = ACTIVATIONS[name](np.linspace(-4.0, 4.0, _POINTS))
    elif registry is SCHEDULES:
        values = _factors(SCHEDULES[name]())
    elif registry is INITIALIZERS:
        weight, bias = np.empty((_FAN, _FAN)), np.empty(_FAN)
        INITIALIZERS[name].draw(weight, bias, generator(0, "initial-parameters"))
        reach = max(_REACH, 1.2 * float(np.quantile(np.abs(weight), 0.99)))
        values = np.histogram(weight, _POINTS // 2, (-reach, reach))[0].astype(float)
    else:
        return ()
    return tuple(values.tolist())


def _factors(schedule: Schedule) -> Floats:
    """The course of a schedule over a run, or over a shorter one where it comes to rest long before the end."""
    whole = [schedule.factor(float(epoch), _EPOCHS) for epoch in range(_EPOCHS)]
    moves = np.flatnonzero(np.diff(whole))
    shown = min(_EPOCHS, 4 * (int(moves[-1]) + 1)) if len(moves) else _EPOCHS
    return np.array([schedule.factor(float(at), _EPOCHS) for at in np.linspace(0, shown, _POINTS, endpoint=False)])
