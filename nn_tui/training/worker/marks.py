"""Changes in words, as charts mark them: `lr 0.03 → 0.003`."""

from nn_tui.numerals import in_full
from nn_tui.scenario.errors import Place
from nn_tui.scenario.plain import Plain, lookup, to_mapping
from nn_tui.scenario.schema import Change, HandWeight, Scenario
from nn_tui.scenario.tables import flat
from nn_tui.training.look.parts import Mark


def mark(change: Change, before: Scenario, step: int) -> Mark:
    """What a change looks like in a chart.

    Args:
        change: live keys and their new values.
        before: the scenario it changed.
        step: the first step taken with it.
    """
    if change.weights:
        return Mark(step=step, text=", ".join(_weight(weight) for weight in change.weights))
    plain = to_mapping(before)
    values = flat(change.set, Place("change"))
    return Mark(step=step, text=", ".join(_words(key, value, plain) for key, value in values.items()))


def _weight(weight: HandWeight) -> str:
    what = "bias" if weight.input is None else f"weight {weight.input}"
    return f"layer {weight.layer} unit {weight.unit} {what} = {in_full(weight.value)}"


def _words(key: str, value: object, plain: Plain) -> str:
    old = _before(plain, key)
    before = "" if old is None else f"{_written(old)} → "
    return f"{_short(key)} {before}{_written(value)}"


def _short(key: str) -> str:
    """`lr` for `training.optimizer.lr`, `optimizer` for its name, `layer 2 dropout`, `clip norm`, `schedule decay`."""
    *path, last = key.split(".")
    if path[:2] == ["network", "hidden"]:
        return f"layer {path[2]} {last}"
    if last == "name":
        return path[-1]
    name = last.replace("_", " ")
    return f"{path[-1]} {name}" if path[-1] in ("clip", "schedule") else name


def _before(plain: Plain, key: str) -> object:
    """The value of a dotted key, of a layer what it has of the network; None where there is none."""
    value = lookup(plain, key)
    if value is None and key.startswith("network.hidden."):
        return plain["network"]["activation"] if key.endswith(".activation") else 0.0
    return value


def _written(value: object) -> str:
    return in_full(value) if isinstance(value, float) else str(value)
