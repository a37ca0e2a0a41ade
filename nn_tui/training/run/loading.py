"""A scenario's data set, from wherever its kind says."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nn_tui.data import fashion_mnist, fashion_sketch
from nn_tui.data.dataset import Dataset, build_dataset
from nn_tui.data.errors import DataError
from nn_tui.data.images import CLASS_NAMES, Pictures, balanced, build_image_dataset, subset
from nn_tui.data.tables.archive import sheet_of
from nn_tui.data.toy import TOY_KINDS
from nn_tui.engine.randomness import generator
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.kinds import CSV, IMAGES
from nn_tui.scenario.schema import Scenario, Training
from nn_tui.training.run.problems.suitability import check_suits
from nn_tui.training.run.table_loading import by_chance, load_table

_MOST_DRAWINGS = 70_000
"""As many as FashionMNIST has; they take some seconds and a gigabyte."""


_MOST_REMEMBERED = 256 << 20
"""Bytes of examples."""

_remembered: dict[bytes, Dataset] | None = None
"""The data sets made so far, the one wanted last at the end; None where each is made anew."""


def remember_datasets(wanted: bool) -> bool:
    """From now on, or no more, a data set that is wanted again is not made again: for many runs on the same data.

    Returns:
        How it was before.
    """
    global _remembered
    before = _remembered is not None
    if wanted != before:
        _remembered = {} if wanted else None
    return before


def load_dataset(scenario: Scenario, table: Any = None) -> Dataset:
    """Makes or reads the scenario's examples, split, mapped and scaled.

    Args:
        scenario: names the data.
        table: a data frame, or arrays (X, y), that stand for the content of the scenario's table.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario.
    """
    try:
        data, training = scenario.data, scenario.training
        dataset = _once(data, training) if table is None else _load(data, training, table)
    except DataError as error:
        key = f"data.{error.key}" if error.key else "data"
        raise ScenarioError(str(error), key=key) from error
    check_suits(scenario, dataset)
    return dataset


def _once(data: Data, training: Training) -> Dataset:
    """A data set, made here or remembered; a table that has changed on the disk is another one."""
    if _remembered is None:
        return _load(data, training, None)
    key = msgspec.msgpack.encode((data, training.seed, training.dtype, [_stamp(data.path), _stamp(data.test_path)]))
    dataset = _remembered.pop(key, None) or _load(data, training, None)
    _remembered[key] = dataset
    while len(_remembered) > 1 and sum(map(_bytes, _remembered.values())) > _MOST_REMEMBERED:
        del _remembered[next(iter(_remembered))]
    return dataset


def _stamp(path: str | None) -> tuple[int, int]:
    try:
        found = Path(path or "").stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _bytes(dataset: Dataset) -> int:
    return sum(part.inputs.nbytes for part in (dataset.train, dataset.validation, dataset.test))


def _load(data: Data, training: Training, table: Any) -> Dataset:
    seed = training.seed
    if data.kind == CSV.name:
        sheet = None if table is None else sheet_of(table, Path(data.path or "table"))
        return load_table(data, training, sheet)
    if table is not None:
        raise DataError(f"a table stands for the content of a table's file, and {data.kind} has none", "kind")
    if data.kind in IMAGES:
        return _load_images(data, training)
    kind = TOY_KINDS[data.kind]
    assert data.noise is not None
    inputs, targets = kind.generate(data.samples, data.noise, generator(seed, "data"))
    return build_dataset(
        data.kind,
        kind.task,
        inputs,
        targets,
        by_chance(data, seed, kind.task, targets),
        feature_names=("x", "y")[: kind.inputs],
        class_names=("0", "1") if kind.task == "binary" else (),
        target_names=("class",) if kind.task == "binary" else ("value",),
        scaling=data.scaling,
        target_scaling=data.target_scaling,
        features=data.features,
        dtype=training.dtype,
    )


def _load_images(data: Data, training: Training) -> Dataset:
    train, test = _photographs(data, training.seed) if data.kind == "fashion-mnist" else _drawings(data, training.seed)
    return build_image_dataset(
        data.kind,
        train,
        test,
        # The pictures to test on are others, always the same.
        by_chance(data, training.seed, "multiclass", train.labels.astype(np.float64), test_share=0.0),
        class_names=CLASS_NAMES,
        scaling=data.scaling,
        dtype=training.dtype,
    )


def _photographs(data: Data, seed: int) -> tuple[Pictures, Pictures]:
    place = fashion_mnist.located() or fashion_mnist.fetched()
    try:
        train, test = fashion_mnist.read(place.folder)
    except DataError as error:
        if place.folder != fashion_mnist.cache_folder():
            raise
        raise DataError(f"{error} (`nn-tui data fetch` fetches it anew)") from error
    assert data.test_samples is not None
    order = generator(seed, "data").permutation(len(train.labels))
    return subset(train, balanced(train.labels, data.samples, order)), subset(
        test, balanced(test.labels, data.test_samples)
    )


def _drawings(data: Data, seed: int) -> tuple[Pictures, Pictures]:
    assert data.test_samples is not None
    for key in ("samples", "test_samples"):
        if getattr(data, key) > _MOST_DRAWINGS:
            raise DataError(f"at most {_MOST_DRAWINGS:,} pictures are drawn, found {getattr(data, key):,}", key=key)
    train = fashion_sketch.draw(data.samples, generator(seed, "data"))
    # The test pictures are the same for every seed, and none of them is ever trained on.
    return train, fashion_sketch.draw(data.test_samples, generator(0, "test-pictures"))
