"""What runs are compared by: a set that is not trained on, where there is one, and a metric rare classes show in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset, Examples
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import PASS_SAMPLES, Network
from nn_tui.training.run.metrics import class_scores, mean_errors, r_squared, winners

_MOST_EVEN = 2.0
_MOST_OF_TWO = 0.8


@dataclass(frozen=True)
class ChoosingMetric:
    """What chooses.

    Attributes:
        part: "validation", "test", or "train" where nothing is held out.
        metric: "accuracy", "balanced_accuracy" or "r2".
    """

    part: str
    metric: str

    @property
    def held_out(self) -> bool:
        """Whether it is told by examples that are not trained on."""
        return self.part != "train"


def choice_of(dataset: Dataset) -> ChoosingMetric:
    """What runs on these data are compared by."""
    part = next((name for name in ("validation", "test") if len(getattr(dataset, name, ())) > 0), "train")
    if dataset.task == "regression":
        return ChoosingMetric(part, "r2")
    shares = np.bincount(dataset.train.targets.astype(np.intp)) / len(dataset.train)
    # Of two classes no share is twice the even one.
    rare = float(shares.max()) > min(_MOST_EVEN / len(dataset.class_names), _MOST_OF_TWO)
    return ChoosingMetric(part, "balanced_accuracy" if rare else "accuracy")


def quality(network: Network, dataset: Dataset, part: str, metric: str) -> float:
    """The metric of the network as it stands, on all examples of a set; NaN where a prediction is not finite.

    Args:
        network: is asked.
        dataset: whose examples it is asked about.
        part: "train", "validation" or "test".
        metric: one of `ChoosingMetric.metric`.
    """
    examples = getattr(dataset, part)
    predictions = _predictions(network, examples)
    if not np.isfinite(predictions).all():
        return float("nan")
    if metric == "r2":
        with np.errstate(all="ignore"):
            return r_squared(predictions, examples.targets.reshape(len(examples), -1).T)
    taken, truth = winners(predictions).astype(np.intp), examples.targets.astype(np.intp)
    return balanced_accuracy(taken, truth) if metric == "balanced_accuracy" else float(np.mean(taken == truth))


def only_answer(network: Network, dataset: Dataset, part: str) -> int | None:
    """The class that a network takes every example of a set for; None where it tells several apart, or no number came.

    Args:
        network, dataset, part: as of `quality`; of classes.
    """
    predictions = _predictions(network, getattr(dataset, part))
    taken = np.unique(winners(predictions).astype(np.intp))
    return int(taken[0]) if len(taken) == 1 and np.isfinite(predictions).all() else None


def _predictions(network: Network, examples: Examples) -> Array:
    """For all examples of a set, shape (outputs, n)."""
    predictions = np.empty((network.outputs, len(examples)), network.dtype)
    with np.errstate(all="ignore"):
        for start in range(0, len(examples), PASS_SAMPLES):
            block = slice(start, start + PASS_SAMPLES)
            predictions[:, block] = network.forward(examples.inputs[block])
    return predictions


def further_metrics(network: Network, dataset: Dataset, part: str) -> dict[str, float]:
    """What else is told of a set in the end: a regression's errors in the targets' own units, what tells of each class.

    Args:
        network: as it stands.
        dataset: whose examples it is asked about.
        part: "train", "validation" or "test".
    """
    examples = getattr(dataset, part)
    with np.errstate(all="ignore"):
        predicted = network.predict(examples.inputs[:, :-1])
        if dataset.task != "regression":
            return class_scores(winners(predicted.T).astype(np.intp), examples.targets.astype(np.intp))
        own, truth = dataset.own_units(predicted), dataset.own_units(examples.targets.reshape(len(examples), -1))
        return mean_errors(own.T, truth.T)


def balanced_accuracy(predicted: NDArray[np.intp], truth: NDArray[np.intp]) -> float:
    """The mean over the classes that occur of the share of each one's samples that were found."""
    right = predicted == truth
    return float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))
