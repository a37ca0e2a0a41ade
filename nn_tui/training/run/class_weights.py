"""How much each class's samples count in what is minimized: a batch's loss is Σ w·l / Σ w."""

from collections.abc import Mapping

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.scenario.errors import ScenarioError
from nn_tui.wording import suggestion

_KEY = "training.class_weight"


def class_weights(class_weight: str | Mapping[str, float], dataset: Dataset) -> Array | None:
    """Each class's weight, shape (classes,), in the precision of the inputs; None where all count alike.

    Args:
        class_weight: "none"; "balanced", n / (K·n_k) for the K classes of the training samples; or a weight by class,
            1 for classes left out.
        dataset: whose classes they are.

    Raises:
        ScenarioError: for a regression, for a class there is not, or if no class counts.
    """
    if class_weight == "none":
        return None
    if dataset.task == "regression":
        raise ScenarioError("weighs classes, and there are none", key=_KEY)
    if isinstance(class_weight, str):
        counts = np.bincount(dataset.train.targets.astype(np.intp), minlength=len(dataset.class_names))
        weights = counts.sum() / (len(counts) * np.maximum(counts, 1))
    else:
        names = dataset.class_names
        for name in class_weight:
            if name not in names:
                raise ScenarioError(f"there is no class {name!r}{suggestion(name, names)}", key=_KEY)
        weights = np.array([class_weight.get(name, 1.0) for name in names])
        if not weights.any():
            raise ScenarioError("no class counts: at least one weight must be above 0", key=_KEY)
    fitting: Array = weights.astype(dataset.train.inputs.dtype)
    return fitting


def sample_weights(class_weight: str | Mapping[str, float], dataset: Dataset) -> Array | None:
    """Each training sample's weight, shape (n,), else as `class_weights`.

    Raises:
        ScenarioError: as there.
    """
    weights = class_weights(class_weight, dataset)
    return None if weights is None else weights[dataset.train.targets.astype(np.intp)]
