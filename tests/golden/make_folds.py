"""Writes `folds.npz`: what scikit-learn makes of our folds, and the classes in its own. Run by hand.

    python -m pip install scikit-learn && python tests/golden/make_folds.py

A `ColumnTransformer` is fitted on the training rows of each of our folds, and of one division by order, and transforms
all rows. Categories are those of the whole table, as ours are: one of them is in a single row, so that no training row
of one fold has it; a number differs in a single row, so that it is constant where that fold trains.
"""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from fold_cases import CASES, FOLDS, GOLDEN, FoldCase, divisions, rows
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

ROWS = 62
NUMBERS, TEXTS = [0, 1, 2, 3], [4, 5]
STRATEGIES = {"mean": "mean", "median": "median", "most": "most_frequent"}
SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler}


def made_table() -> tuple[np.ndarray, np.ndarray]:
    """Inputs (ROWS, 6) as objects, None where one is missing, and class names (ROWS,)."""
    draw = np.random.default_rng(3)
    columns = [
        range(ROWS),
        draw.normal(40.0, 900.0, ROWS).round(3).tolist(),
        draw.integers(0, 6, ROWS).tolist(),
        [2.5 if row == 17 else 0.75 for row in range(ROWS)],
        [
            "violet" if row == 17 else ("red", "blue", "white")[place]
            for row, place in enumerate(draw.integers(0, 3, ROWS))
        ],
        [("in", "out")[place] for place in draw.integers(0, 2, ROWS)],
    ]
    table = np.array(columns, dtype=object).T
    gaps = draw.random(table.shape) < 0.15
    gaps[:, [0, 3]] = gaps[17] = False
    table[gaps] = None
    classes = np.array(["a", "b", "c"], dtype=object)[draw.choice(3, ROWS, p=(0.55, 0.3, 0.15))]
    return table, classes


def written(table: np.ndarray, classes: np.ndarray) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["row", "length", "grade", "level", "color", "side", "t"])
    writer.writerows(
        [*("" if value is None else value for value in row), t] for row, t in zip(table, classes, strict=True)
    )
    return file.getvalue()


def transformer(case: FoldCase, table: np.ndarray) -> ColumnTransformer:
    numbers: list[Any] = [SimpleImputer(missing_values=np.nan, strategy=STRATEGIES[case.missing])]
    if case.scaling != "none":
        numbers.append(SCALERS[case.scaling]())
    categories = [sorted({text for text in table[:, place] if text is not None}) for place in TEXTS]
    texts = make_pipeline(
        SimpleImputer(missing_values=None, strategy="most_frequent"),
        OneHotEncoder(categories=categories, drop="if_binary", sparse_output=False),
    )
    return ColumnTransformer([("numbers", make_pipeline(*numbers), NUMBERS), ("texts", texts, TEXTS)])


def as_numbers(table: np.ndarray) -> np.ndarray:
    """With NaN for missing numbers, as scikit-learn has them."""
    table = table.copy()
    for place in NUMBERS:
        table[:, place] = [np.nan if value is None else float(value) for value in table[:, place]]
    return table


def main() -> None:
    table, classes = made_table()
    text = written(table, classes)
    raw = as_numbers(table)
    golden: dict[str, np.ndarray] = {"table": np.array(text)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text)
        for case in CASES:
            matrices = []
            for number, dataset in enumerate(divisions(path, case)):
                train, test = rows(dataset, dataset.train.inputs), rows(dataset, dataset.test.inputs)
                golden |= {f"train_{number}": train, f"test_{number}": test}
                theirs = transformer(case, table).fit(raw[train])
                matrices.append(theirs.transform(raw).astype(np.float64))
            golden[case.name] = np.stack(matrices)
    numbers = np.unique(classes, return_inverse=True)[1]
    own = [test for _, test in StratifiedKFold(FOLDS).split(raw, numbers)]
    golden["class_counts"] = np.stack([np.bincount(numbers[test], minlength=3) for test in own])
    ours = np.stack([np.bincount(numbers[golden[f"test_{number}"]], minlength=3) for number in range(FOLDS)])
    for what, counts in {"their": golden["class_counts"], "our": ours}.items():
        print(f"classes of {what} folds: {counts.tolist()}, rows {counts.sum(axis=1).tolist()}")
    np.savez_compressed(GOLDEN, sklearn=np.array(sklearn.__version__), **golden)
    print(f"{len(CASES)} cases, {GOLDEN.stat().st_size / 1024:.0f} KiB in {GOLDEN.name}")


if __name__ == "__main__":
    main()
