"""A scenario's data set, from wherever its kind says."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data import fashion_mnist, fashion_sketch
from nn_tui.data.csv import read_csv
from nn_tui.data.dataset import Dataset, Task, build_dataset
from nn_tui.data.errors import DataError
from nn_tui.data.images import CLASS_NAMES, Pictures, balanced, build_image_dataset, subset
from nn_tui.data.splitting import Parts, split
from nn_tui.data.toy import TOY_KINDS
from nn_tui.engine.randomness import generator
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.kinds import IMAGES
from nn_tui.scenario.schema import Data, Scenario, Training
from nn_tui.training.run.suitability import check_suits

Floats = NDArray[np.float64]


def load_dataset(scenario: Scenario) -> Dataset:
    """Makes or reads the scenario's examples, split, mapped and scaled.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario.
    """
    try:
        dataset = _load(scenario.data, scenario.training)
    except DataError as error:
        key = f"data.{error.key}" if error.key else "data"
        raise ScenarioError(str(error), key=key) from error
    check_suits(scenario, dataset)
    return dataset


def _load(data: Data, training: Training) -> Dataset:
    seed = training.seed
    if data.kind == "csv":
        assert data.path is not None
        assert data.target is not None
        table = read_csv(Path(data.path), data.target, data.header, data.task)
        return build_dataset(
            data.kind,
            table.task,
            table.inputs,
            table.targets,
            _divided(data, seed, table.task, table.targets),
            feature_names=table.feature_names,
            class_names=table.class_names,
            target_names=table.target_names,
            scaling=data.scaling,
            target_scaling=data.target_scaling,
            features=None,
            dtype=training.dtype,
            notes=table.notes,
        )
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
        _divided(data, seed, kind.task, targets),
        feature_names=("x", "y")[: kind.inputs],
        class_names=("0", "1") if kind.task == "binary" else (),
        target_names=("class",) if kind.task == "binary" else ("value",),
        scaling=data.scaling,
        target_scaling=data.target_scaling,
        features=data.features,
        dtype=training.dtype,
    )


def _divided(data: Data, seed: int, task: Task, targets: Floats, test_share: float | None = None) -> Parts:
    strata = targets.astype(np.intp) if task != "regression" else None
    share = data.test_share if test_share is None else test_share
    return split(len(targets), share, data.validation_share, generator(seed, "split"), strata)


def _load_images(data: Data, training: Training) -> Dataset:
    train, test = _photographs(data, training.seed) if data.kind == "fashion-mnist" else _drawings(data, training.seed)
    return build_image_dataset(
        data.kind,
        train,
        test,
        # The pictures to test on are others, always the same.
        _divided(data, training.seed, "multiclass", train.labels.astype(np.float64), test_share=0.0),
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
    train = fashion_sketch.draw(data.samples, generator(seed, "data"))
    # The test pictures are the same for every seed, and none of them is ever trained on.
    return train, fashion_sketch.draw(data.test_samples, generator(0, "test-pictures"))
