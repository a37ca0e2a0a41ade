"""A scenario's data set, from wherever its kind says."""

from pathlib import Path

from nn_tui.data.csv import read_csv
from nn_tui.data.dataset import Dataset, build_dataset
from nn_tui.data.errors import DataError
from nn_tui.data.toy import TOY_KINDS
from nn_tui.engine.randomness import generator
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Data, Scenario
from nn_tui.training.suitability import check_suits


def load_dataset(scenario: Scenario) -> Dataset:
    """Makes or reads the scenario's examples, split, mapped and scaled.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario.
    """
    try:
        dataset = _load(scenario.data, scenario.training.seed)
    except DataError as error:
        key = f"data.{error.key}" if error.key else "data"
        raise ScenarioError(str(error), key=key) from error
    check_suits(scenario, dataset)
    return dataset


def _load(data: Data, seed: int) -> Dataset:
    split = generator(seed, "split")
    if data.kind == "csv":
        assert data.path is not None
        assert data.target is not None
        table = read_csv(Path(data.path), data.target, data.header, data.task)
        return build_dataset(
            data.kind,
            table.task,
            table.inputs,
            table.targets,
            feature_names=table.feature_names,
            class_names=table.class_names,
            target_name=table.target_name,
            test_share=data.test_share,
            scaling=data.scaling,
            features=None,
            split_generator=split,
        )
    kind = TOY_KINDS[data.kind]
    assert data.noise is not None
    inputs, targets = kind.generate(data.samples, data.noise, generator(seed, "data"))
    return build_dataset(
        data.kind,
        kind.task,
        inputs,
        targets,
        feature_names=("x", "y")[: kind.inputs],
        class_names=("0", "1") if kind.task == "binary" else (),
        target_name="class" if kind.task == "binary" else "value",
        test_share=data.test_share,
        scaling=data.scaling,
        features=data.features,
        split_generator=split,
    )
