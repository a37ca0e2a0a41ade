"""Early stopping: the parameters that were best at the end of an epoch, and when to give up waiting for better ones."""

import math
from dataclasses import dataclass, replace

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import EarlyStop, Scenario


@dataclass(frozen=True)
class Best:
    """The best there was.

    Attributes:
        value: of the metric; None before there was any.
        epoch, steps: when it was.
        waited: epochs since.
        arrays: parameters, and what else goes with them.
    """

    value: float | None = None
    epoch: int = 0
    steps: int = 0
    waited: int = 0
    arrays: dict[str, Array] | None = None

    def is_beaten(self, value: float, rule: EarlyStop) -> bool:
        """Whether a value is better, by more than the least gain that counts; one that is not a number never is."""
        if math.isnan(value):
            return False
        if self.value is None:
            return True
        gain = self.value - value if rule.metric.endswith(".loss") else value - self.value
        return gain > rule.min_gain

    def without_this_epoch(self) -> "Best":
        """After an epoch that was no better."""
        return replace(self, waited=self.waited + 1)

    def under(self, rule: EarlyStop, before: EarlyStop) -> "Best":
        """What is left of it under another rule: nothing, where that judges by another metric or not at all."""
        return self if rule.patience and rule.metric == before.metric else Best()

    def stops(self, rule: EarlyStop) -> bool:
        """Whether it was waited for long enough."""
        return bool(rule.patience) and self.waited >= rule.patience


def check_early_stop(scenario: Scenario, dataset: Dataset) -> None:
    """Refuses to judge by what these data do not have.

    Raises:
        ScenarioError: for such a metric.
    """
    rule = scenario.training.early_stop
    if not rule.patience:
        return
    part, _, metric = rule.metric.partition(".")
    sizes = {name: len(getattr(dataset, name)) for name in ("train", "test", "validation")}
    if early_stop_part(rule, sizes) is None:
        raise ScenarioError(
            f"no example is kept for {'testing' if part == 'test' else 'validation or testing'}, so there is no "
            f"{rule.metric} (set data.validation_share, or take train.{metric})",
            key="training.early_stop.metric",
        )
    if metric != "loss" and (metric == "r2") != (dataset.task == "regression"):
        right = "r2" if dataset.task == "regression" else "accuracy or balanced_accuracy"
        raise ScenarioError(f"there is no {rule.metric} here, only {part}.{right}", key="training.early_stop.metric")


def early_stop_part(rule: EarlyStop, sizes: dict[str, int]) -> str | None:
    """The set of examples that a rule judges by: its own, or, without a validation set, the test set; None for neither.

    Args:
        rule: names one.
        sizes: how many examples each set has.
    """
    part = rule.metric.partition(".")[0]
    for name in (part, "test") if part == "validation" else (part,):
        if sizes.get(name):
            return name
    return None
