"""Folds of a table as scikit-learn's ColumnTransformer makes matrices of them: golden values by `make_folds.py`."""

from functools import cache

import numpy as np
import pytest

from tests.golden.fold_cases import CASES, FOLDS, GOLDEN, divisions


@cache
def golden():
    with np.load(GOLDEN) as file:
        return dict(file)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(str(golden()["table"]))
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_matrices_of_every_fold_are_those_of_a_column_transformer_fitted_on_its_training_rows(case, path):
    """One-hot, filling in and scaling to 1e-12, of the rows trained on and of those tested on."""
    for number, (dataset, theirs) in enumerate(zip(divisions(path, case), golden()[case.name], strict=True)):
        for part, examples in (("train", dataset.train), ("test", dataset.test)):
            expected = theirs[golden()[f"{part}_{number}"]]
            np.testing.assert_allclose(examples.inputs[:, :-1], expected, rtol=0, atol=1e-12)


def test_folds_have_the_rows_of_each_class_that_a_stratified_k_fold_has(path):
    """Which fold has the odd row out is for each to say; how many there are, in all and of each class, is not."""
    folds = divisions(path, CASES[0])[:FOLDS]
    ours = np.stack([np.bincount(fold.test.targets.astype(int), minlength=3) for fold in folds])
    theirs = golden()["class_counts"]
    np.testing.assert_array_equal(np.sort(ours, axis=0), np.sort(theirs, axis=0))
    np.testing.assert_array_equal(np.sort(ours.sum(axis=1)), np.sort(theirs.sum(axis=1)))
