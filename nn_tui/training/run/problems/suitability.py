"""Whether a scenario suits its data: what the scenario alone could not tell."""

from itertools import pairwise

from nn_tui.data.dataset import Dataset
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.expectations import is_measured
from nn_tui.scenario.kinds import CSV, Task
from nn_tui.scenario.rules import MOST_WEIGHTS
from nn_tui.scenario.schema import OF_CLASSES, OF_VALUES, HandWeight, Scenario
from nn_tui.scenario.timeline import followed
from nn_tui.training.run.class_weights import sample_weights
from nn_tui.training.run.early_stop import check_early_stop
from nn_tui.training.run.problems.architecture import Head, resolve_head
from nn_tui.wording import counted

_USES = {"test": "testing", "validation": "validation"}
_TASKS: dict[str, Task] = {"binary": "binary", "multiclass": "classification", "regression": "regression"}


def check_suits(scenario: Scenario, dataset: Dataset) -> None:
    """Checks loss, output, layers, timeline and expectations against the data, before anything is trained.

    Raises:
        ScenarioError: for what this task cannot have.
    """
    head = resolve_head(scenario, dataset.task, dataset.answers)
    _check_size(scenario, dataset, head)
    check_early_stop(scenario, dataset)
    _check_class_weight(scenario, dataset, "")
    state = scenario
    for index, change in enumerate(scenario.timeline, 1):
        state = followed(state, change, source=f"timeline.{index}")
        for number, weight in enumerate(change.weights, 1):
            _check_weight(weight, scenario, dataset, head, f"timeline.{index}.weights.{number}")
        _check_class_weight(state, dataset, f"timeline.{index}.set.")
        after = resolve_head(state, dataset.task, dataset.answers)
        if after.units != head.units:
            raise ScenarioError(
                f"{after.loss} behind {after.output} wants {counted(after.units, 'output')}, not {head.units}, "
                "which only a reset can give",
                key=f"timeline.{index}.set",
            )
    for index, expectation in enumerate(scenario.expect, 1):
        _check_measured(expectation.metric, scenario, dataset, f"expect.{index}.metric")


def _check_class_weight(scenario: Scenario, dataset: Dataset, prefix: str) -> None:
    try:
        sample_weights(scenario.training.class_weight, dataset)
    except ScenarioError as error:
        raise ScenarioError(f"{error.problem} ({_subject(scenario, dataset)})", key=f"{prefix}{error.key}") from None


def _check_size(scenario: Scenario, dataset: Dataset, head: Head) -> None:
    sizes = [len(dataset.feature_names), *(layer.units for layer in scenario.network.hidden), head.units]
    weights = sum(before * after for before, after in pairwise(sizes))
    if weights > MOST_WEIGHTS:
        raise ScenarioError(
            f"with {counted(sizes[0], 'input')} and {counted(sizes[-1], 'output')} the network has {weights:,} weights "
            f"(at most {MOST_WEIGHTS:,})",
            key="network.hidden",
        )


def _check_weight(weight: HandWeight, scenario: Scenario, dataset: Dataset, head: Head, key: str) -> None:
    """What only the data could tell of a weight set by hand: the first layer's inputs, and the outputs."""
    inputs = len(dataset.feature_names)
    if weight.layer == 1 and weight.input is not None and weight.input > inputs:
        raise ScenarioError(f"a unit of layer 1 reads no input {weight.input}, only {inputs}", key=f"{key}.input")
    if weight.layer == len(scenario.network.hidden) + 1 and weight.unit > head.units:
        raise ScenarioError(f"the output layer has no unit {weight.unit}, only {head.units}", key=f"{key}.unit")


def _check_measured(metric: str, scenario: Scenario, dataset: Dataset, key: str) -> None:
    part = metric.partition(".")[0]
    if part in ("test", "validation") and len(getattr(dataset, part)) == 0:
        raise ScenarioError(f"no example is kept for {_USES[part]}, so there is no {metric}", key=key)
    if not is_measured(metric, _TASKS[dataset.task]):
        right = OF_VALUES if dataset.task == "regression" else OF_CLASSES
        named = ", ".join(f"{part}.{score}" for score in right)
        raise ScenarioError(f"there is no {metric} here, only {named} ({_subject(scenario, dataset)})", key=key)


def _subject(scenario: Scenario, dataset: Dataset) -> str:
    """What the data turned out to be, and what made them that."""
    learned = (
        "a regression" if dataset.task == "regression" else f"a classification ({len(dataset.class_names)} classes)"
    )
    if scenario.data.kind != CSV.name:
        return f"{scenario.data.kind} is {learned}"
    if len(dataset.target_names) > 1:
        return f"several targets are {learned}"
    column = f"column {dataset.target_names[0]!r} of {scenario.data.path} is {learned}"
    return f"{column}, as data.task = auto takes it" if scenario.data.task == "auto" else column
