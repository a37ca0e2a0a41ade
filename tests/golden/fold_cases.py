"""The table whose folds `make_folds.py` has scikit-learn code, fill in and scale, and `test_folds_parity.py` us."""

from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset, Inputs
from nn_tui.data.splitting import Indices
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.table_loading import load_folds

GOLDEN = Path(__file__).with_name("folds.npz")

FOLDS = 4


class FoldCase(NamedTuple):
    """What stands for missing values, and how numbers are scaled."""

    missing: str
    scaling: str

    @property
    def name(self) -> str:
        return "-".join(self)


CASES = [FoldCase(*ways) for ways in product(("mean", "median", "most"), ("standard", "minmax", "none"))]


def divisions(path: Path, case: FoldCase) -> list[Dataset]:
    """Our data sets of a table: those of its folds, and last the one that tests on the file's last quarter."""
    data: dict[str, Any] = {"kind": "csv", "path": str(path), "target": "t", **case._asdict()}
    training = {"dtype": "float64"}
    folds = from_mapping({"title": "t", "data": data, "training": training})
    once = from_mapping({"title": "t", "data": data | {"split": "order", "test_share": 0.25}, "training": training})
    return [*load_folds(folds.data, folds.training, FOLDS), load_dataset(once)]


def rows(dataset: Dataset, inputs: Inputs) -> Indices:
    """Which rows of the file these are: its first column counts them."""
    numbers: Indices = np.rint(dataset.input_scaling.undo(inputs[:, :-1])[:, 0]).astype(np.intp)
    return numbers
