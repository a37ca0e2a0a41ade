"""What a replay can be expected to reach: which metrics a scenario has, and within which bounds."""

import re

from nn_tui.scenario.errors import Place
from nn_tui.scenario.kinds import KINDS, DataKind, Task
from nn_tui.scenario.lanes import missing, told_lanes
from nn_tui.scenario.schema import OF_CLASSES, OF_VALUES, OUTCOMES, Expectation, Scenario
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
_PLACES = ("x", "y", "distance")
_NOT_ON_A_SURFACE = (
    r"(?!(status|digest|train\.loss|race\..*\.(loss|x|y|distance))$).*",
    "a surface has no {metric} (it has status, digest, train.loss, and of a race's optimizers loss, x, y and distance)",
)
_ON_SURFACES = rf".*\.({'|'.join(_PLACES)})", "only a surface has {last}"


def _refused(scores: tuple[str, ...], task: str, others: tuple[str, ...]) -> tuple[str, str]:
    """What metrics of these scores look like, and why a task has none of them."""
    named = ", ".join(f"{{part}}.{name}" for name in others)
    return rf".*\.({'|'.join(scores)})", f"{{kind}} is a {task} and has no {{metric}} (it has {named})"


_FOR_VALUES = _refused(OF_VALUES, "classification", OF_CLASSES)
_FOR_CLASSES = _refused(OF_CLASSES, "regression", OF_VALUES)
_UNMEASURED: dict[Task, tuple[tuple[str, str], ...]] = {
    "none": (_NOT_ON_A_SURFACE,),
    "auto": (_ON_SURFACES,),
    "binary": (_ON_SURFACES, _FOR_VALUES),
    "classification": (_ON_SURFACES, _FOR_VALUES),
    "regression": (_ON_SURFACES, _FOR_CLASSES),
}
"""The metrics that a task cannot have, as patterns, and why, in words."""

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
    return not any(re.fullmatch(pattern, metric) for pattern, _ in _UNMEASURED[learned])


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
    metric = expectation.metric
    if metric.startswith("race."):
        lane, lanes = metric.split(".")[1], told_lanes(scenario)
        if lane not in lanes:
            without = f"there is no race (training.race), only train.{metric.rpartition('.')[2]}"
            raise place.error(missing(lanes, unknown("optimizer of the race", lane, lanes), without))
    for pattern, refusal in _UNMEASURED[task(scenario.data)]:
        if re.fullmatch(pattern, metric):
            part, _, last = metric.rpartition(".")
            raise place.error(refusal.format(metric=metric, part=part, last=last, kind=scenario.data.kind))
    share = "test_share" if scenario.data.test_samples is None else "test_samples"
    if metric.startswith("test.") and getattr(scenario.data, share) == 0:
        raise place.error(f"there is no test set (data.{share} = 0), only train.{metric.split('.')[1]}")
    if metric.startswith("validation.") and scenario.data.validation_share == 0:
        raise place.error(f"there is no validation set (data.validation_share = 0), only train.{metric.split('.')[1]}")
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
