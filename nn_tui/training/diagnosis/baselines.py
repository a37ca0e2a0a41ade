"""What simple methods make of the data: the least that a network should reach.

The largest class or the mean, a linear fit (ridge least squares), k nearest neighbors, and for tables so small that a
network holds them by heart, a look-up of equal rows. Source: Hastie, Tibshirani & Friedman 2009, sections 2.3, 3.4 and
7.10 (ten folds).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.randomness import generator
from nn_tui.floats import Floats
from nn_tui.training.run.choosing import balanced_accuracy, choice_of
from nn_tui.training.run.metrics import r_squared

Fit = Callable[[Floats, Floats, Floats], Floats]
"""From training inputs (n, features), training targets (n, outputs) and inputs to predict, to their outputs."""

MOST_TRAINED, MOST_SCORED = 1_000, 500
"""Examples that are looked at: enough to tell what can be had, few enough to cost next to nothing."""
FOLDS = 10
BY_HEART = 50
"""Rows that a network may be asked to know by heart."""
_MOST_NUMBERS = 2_000_000
"""Of very many columns fewer examples are looked at."""
_RIDGE = 1e-3
_NEIGHBORS = (1, 5, 15)


@dataclass(frozen=True)
class Baseline:
    """A simple method's score.

    Attributes:
        name: "the largest class", "the mean", "a linear fit", "5 nearest neighbors", "a look-up of equal rows".
        value: by the metric that chooses, on the set that chooses; without one by ten folds of the training set.
    """

    name: str
    value: float


def baselines(dataset: Dataset, seed: int) -> tuple[Baseline, ...]:
    """Every simple method's score, the one that knows nothing first.

    Args:
        dataset: at most `MOST_TRAINED` of its training examples are used, `MOST_SCORED` of those that choose, evenly
            spread: a table may be sorted.
        seed: draws the folds.
    """
    choice = choice_of(dataset)
    inputs, targets = _columns(dataset, "train", MOST_TRAINED)
    if choice.held_out:
        parts = [(inputs, targets, *_columns(dataset, choice.part, MOST_SCORED))]
    else:
        parts = _folds(inputs, targets, seed)
    classes = dataset.task != "regression"
    ignorant = "the largest class" if classes else "the mean"
    methods: list[tuple[str, Fit]] = [(ignorant, _ignorant), ("a linear fit", _linear)]
    methods += [(_neighbors_name(count), _neighbors(count)) for count in _NEIGHBORS if count < len(parts[0][0])]
    found = [Baseline(name, _scored(fit, parts, choice.metric)) for name, fit in methods]
    if classes and not choice.held_out and len(inputs) <= BY_HEART:
        found.append(Baseline("a look-up of equal rows", _scored(_look_up, [(inputs, targets) * 2], choice.metric)))
    return tuple(found)


def _neighbors_name(count: int) -> str:
    return "the nearest neighbor" if count == 1 else f"{count} nearest neighbors"


def _columns(dataset: Dataset, part: str, most: int) -> tuple[Floats, Floats]:
    """Of some examples: inputs without the column of ones, and targets as columns, one a class."""
    examples = getattr(dataset, part)
    # Only these are widened: all of a large set would take several times its memory.
    most = min(most, max(BY_HEART, _MOST_NUMBERS // examples.inputs.shape[1]))
    count = min(most, len(examples))
    rows = np.arange(count) * len(examples) // max(1, count)
    inputs, targets = examples.inputs[rows, :-1].astype(np.float64), examples.targets[rows]
    if dataset.task == "regression":
        return inputs, targets.astype(np.float64).reshape(len(inputs), -1)
    return inputs, np.eye(len(dataset.class_names))[targets.astype(np.intp)]


def _folds(inputs: Floats, targets: Floats, seed: int) -> list[tuple[Floats, Floats, Floats, Floats]]:
    order = generator(seed, "folds").permutation(len(inputs))
    parts = []
    for rows in np.array_split(order, min(FOLDS, len(inputs))):
        rest = np.setdiff1d(order, rows)
        parts.append((inputs[rest], targets[rest], inputs[rows], targets[rows]))
    return parts


def _scored(fit: Fit, parts: list[tuple[Floats, Floats, Floats, Floats]], metric: str) -> float:
    predicted = np.concatenate([fit(*_standardized(inputs, unseen), targets) for inputs, targets, unseen, _ in parts])
    wanted = np.concatenate([targets for *_, targets in parts])
    if metric == "r2":
        return r_squared(predicted.T, wanted.T)
    taken, truth = predicted.argmax(axis=1), wanted.argmax(axis=1)
    return balanced_accuracy(taken, truth) if metric == "balanced_accuracy" else float(np.mean(taken == truth))


def _standardized(inputs: Floats, unseen: Floats) -> tuple[Floats, Floats]:
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
    deviation[deviation == 0.0] = 1.0
    return (inputs - mean) / deviation, (unseen - mean) / deviation


def _ignorant(_inputs: Floats, unseen: Floats, targets: Floats) -> Floats:
    return np.tile(targets.mean(axis=0), (len(unseen), 1))


def _linear(inputs: Floats, unseen: Floats, targets: Floats) -> Floats:
    known, asked = (np.column_stack([part, np.ones(len(part))]) for part in (inputs, unseen))
    # The ridge keeps it solvable; with more inputs than examples, by an equation an example: the same fit.
    wide = known.shape[1] > len(known)
    square = known @ known.T if wide else known.T @ known
    square[np.diag_indices_from(square)] += _RIDGE * len(known)
    weights = known.T @ np.linalg.solve(square, targets) if wide else np.linalg.solve(square, known.T @ targets)
    fitted: Floats = asked @ weights
    return fitted


def _neighbors(count: int) -> Fit:
    def fit(inputs: Floats, unseen: Floats, targets: Floats) -> Floats:
        distance = (unseen**2).sum(axis=1)[:, None] - 2.0 * unseen @ inputs.T + (inputs**2).sum(axis=1)
        nearest = np.argsort(distance, axis=1, kind="stable")[:, : min(count, len(inputs))]
        mean: Floats = targets[nearest].mean(axis=1)
        return mean

    return fit


def _look_up(inputs: Floats, unseen: Floats, targets: Floats) -> Floats:
    _, group = np.unique(np.concatenate([inputs, unseen]), axis=0, return_inverse=True)
    known, asked = group[: len(inputs)], group[len(inputs) :]
    total = np.zeros((group.max() + 1, targets.shape[1]))
    np.add.at(total, known, targets)
    found: Floats = total[asked]
    return found
