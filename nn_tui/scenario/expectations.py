"""What a replay can be expected to reach: which metrics a scenario has, and within which bounds."""

import re
from typing import NamedTuple

from nn_tui.scenario.errors import Place
from nn_tui.scenario.kinds import KINDS, DataKind, Task
from nn_tui.scenario.lanes import no_lane, told_lanes
from nn_tui.scenario.schema import OF_CLASSES, OF_VALUES, OUTCOMES, PARTS, Expectation, Scenario
from nn_tui.scenario.tasks import task
from nn_tui.scenario.wording import found, unknown

_LIMITS: dict[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(OF_CLASSES, (0, 1)),
    "r2": (None, 1),
    "mae": (0, None),
    "rmse": (0, None),
    "dead_units": (0, None),
    "distance": (0, None),
}


class _Measures(NamedTuple):
    """What a task can be measured by.

    Attributes:
        of: whose metrics these are, in words, with the kind of data in braces.
        alone: metrics that stand by themselves, or before a layer's number.
        parts: sets of examples, and `scores` on each of them.
        of_lanes: scores of a lane of a race.
    """

    of: str
    alone: tuple[str, ...]
    parts: tuple[str, ...]
    scores: tuple[str, ...]
    of_lanes: tuple[str, ...]

    def has(self, metric: str) -> bool:
        """Whether a metric is one of these."""
        part, _, score = metric.rpartition(".")
        if part in PARTS:
            return part in self.parts and score in self.scores
        return score in self.of_lanes if part.startswith(_RACE) else metric.partition(".")[0] in self.alone

    def listed(self, metric: str) -> str:
        """Those that could have been meant by one of another task."""
        part = metric.rpartition(".")[0]
        if part in self.parts or part.startswith(_RACE):
            return ", ".join(f"{part}.{score}" for score in (self.of_lanes if part not in PARTS else self.scores))
        return ", ".join((*self.alone, *(f"{one}.{score}" for one in self.parts for score in self.scores)))


def _on_examples(of: str, *scores: str) -> _Measures:
    scores = ("loss", *scores)
    lanes = tuple(score for score in scores if score in ("loss", "accuracy", "r2"))
    return _Measures(of, ("status", "digest", "dead_units"), PARTS, scores, lanes)


_RACE = "race."
_MEASURES: dict[Task, _Measures] = {
    "none": _Measures("a {}", ("status", "digest"), ("train",), ("loss",), ("loss", "x", "y", "distance")),
    "auto": _on_examples("{}", *OF_CLASSES, *OF_VALUES),
    "binary": _on_examples("{} is a classification and", *OF_CLASSES),
    "classification": _on_examples("{} is a classification and", *OF_CLASSES),
    "regression": _on_examples("{} is a regression and", *OF_VALUES),
}

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def check_expectations(scenario: Scenario, place: Place) -> None:
    """Checks every expectation.

    Args:
        place: of the whole document.

    Raises:
        ScenarioError: for one that can never be met, or that measures what the scenario does not have.
    """
    for index, expectation in enumerate(scenario.expect, 1):
        here = place.at("expect").at(index)
        _check_bounds_given(expectation, here)
        if expectation.metric in ("status", "digest"):
            _check_text(expectation, here)
        else:
            _check_metric(expectation, scenario, here.at("metric"))
            _check_range(expectation, KINDS[scenario.data.kind], here)


def is_measured(metric: str, learned: Task) -> bool:
    """Whether a task can have this metric: accuracy is for classes, r2 for a regression, a place for a surface."""
    return _MEASURES[learned].has(metric)


def _check_bounds_given(expectation: Expectation, place: Place) -> None:
    lower, upper, exact = expectation.at_least, expectation.at_most, expectation.equals
    if exact is None and lower is None and upper is None:
        raise place.error("says nothing; give at_least, at_most, both of them, or equals")
    if exact is not None and (lower is not None or upper is not None):
        raise place.at("equals").error("stands alone, without at_least and at_most")
    if lower is not None and upper is not None and lower > upper:
        raise place.at("at_least").error(f"{lower:g} is above at_most, {upper:g}")


def _check_text(expectation: Expectation, place: Place) -> None:
    value = expectation.equals
    if expectation.metric == "status":
        if not isinstance(value, str):
            raise place.at("equals").error(f"status equals one of: {', '.join(OUTCOMES)}; found {found(value)}")
        if value not in OUTCOMES:
            raise place.at("equals").error(unknown("status", value, OUTCOMES))
    elif not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise place.at("equals").error(f"a digest is sha256: and 64 hexadecimal digits, found {found(value)}")


def _check_metric(expectation: Expectation, scenario: Scenario, place: Place) -> None:
    metric, data = expectation.metric, scenario.data
    if metric.startswith(_RACE):
        lane, lanes = metric.split(".")[1], told_lanes(scenario)
        if lane not in lanes:
            raise place.error(no_lane(lane, lanes, ", ".join(lanes)))
    measures = _MEASURES[task(data)]
    if not measures.has(metric):
        raise place.error(f"{measures.of.format(data.kind)} has no {metric} (it has {measures.listed(metric)})")
    part, _, score = metric.partition(".")
    share = "test_share" if data.test_samples is None else "test_samples"
    share = {"test": share, "validation": "validation_share"}.get(part, "")
    # Of a table that says by a column or a second file what its rows are for, only the data can tell.
    if share and data.test_path is None and isinstance(data.split, str) and getattr(data, share) == 0:
        raise place.error(f"there is no {part} set (data.{share} = 0), only train.{score}")
    if metric.startswith("dead_units."):
        layer = int(metric.removeprefix("dead_units."))
        if layer > len(scenario.network.hidden):
            raise place.error(f"there is no hidden layer {layer}, only {len(scenario.network.hidden)}")


def _check_range(expectation: Expectation, kind: DataKind, place: Place) -> None:
    metric = expectation.metric
    name = "dead_units" if metric.startswith("dead_units") else metric.rpartition(".")[2]
    lowest, highest = (kind.least_loss, None) if name == "loss" else _LIMITS.get(name, (None, None))
    for key in ("at_least", "at_most", "equals"):
        value = getattr(expectation, key)
        if value is None:
            continue
        if isinstance(value, str):
            raise place.at(key).error(f"{name} is a number, found {found(value)}")
        # `loss at_least = 0` is idle but true; only what can never be met is refused.
        if (lowest is not None and value < lowest and key != "at_least") or (
            highest is not None and value > highest and key != "at_most"
        ):
            limits = f"at least {lowest:g}" if lowest is not None and value < lowest else f"at most {highest:g}"
            raise place.at(key).error(f"{name} is always {limits}, so {value:g} is never met")
