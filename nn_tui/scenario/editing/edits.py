"""Changing one key of a scenario's plain mapping, with what has to follow from it.

A new kind of data or a new optimizer keeps what a person chose and the new one has; what only was the old one's
default gives way to the new one's.
"""

import copy
from collections.abc import Mapping

from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario import fields
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.editing.rule_edits import edit_lanes, edit_race, edit_rule, take_from_first
from nn_tui.scenario.errors import Place, ScenarioError
from nn_tui.scenario.expectations import is_measured
from nn_tui.scenario.kinds import KINDS, DataKind
from nn_tui.scenario.lanes import LANES
from nn_tui.scenario.plain import Plain, drop_lacking
from nn_tui.scenario.tasks import gives_shares, is_for_classes, is_usual_loss


def edited(plain: Plain, changes: Mapping[str, object], place: Place) -> Plain:
    """A copy of the mapping with changes made; the values are not checked here.

    Args:
        plain: as `to_mapping` gives it.
        changes: dotted keys that `fields.find` knows, below neither `timeline` nor `expect`, or of single lanes of a
            race, and their values.
        place: for errors.

    Raises:
        ScenarioError: for a layer or a lane that is not there.
    """
    plain = copy.deepcopy(plain)
    of_lanes = {key: value for key, value in changes.items() if key.startswith(LANES)}
    # What decides which other keys there are comes first, in whatever order it was given.
    first = ("data.kind", "data.function", "training.race")
    others = [key for key in changes if key not in of_lanes]
    for key in sorted(others, key=lambda key: not (key.endswith((".name", ".hidden")) or key in first)):
        _edit(plain, key, changes[key], place)
    if of_lanes:
        edit_lanes(plain, of_lanes, place)
    return plain


def _edit(plain: Plain, key: str, value: object, place: Place) -> None:
    *path, last = key.split(".")
    if path[:1] and path[0] not in plain:
        raise _does_not_apply(key, place)
    if path[:2] == ["network", "hidden"]:
        _edit_layer(plain["network"], int(path[2]), last, value, place.at(key))
        edit_race(plain, ["network"], "hidden")
        return
    if key == "data.kind":
        _edit_kind(plain, value)
        return
    if last in fields.BY_NAME:
        path, last = [*path, last], "name"
    if path == ["training", "optimizer"]:
        take_from_first(plain["training"])
    table = plain
    for name in path:
        if name not in table:
            raise _does_not_apply(key, place)
        if name in fields.BY_NAME and isinstance(table[name], str):
            table[name] = {"name": table[name]}
        table = table[name]
    if last == "name" and path[-1] in fields.RULES:
        edit_rule(path[-1], table, value)
    if key == "data.function":
        _leave_start(table)
    table[last] = value
    if key == "training.epochs" and isinstance(value, int):
        # Entries past a new, earlier end would never have applied anyway.
        plain["timeline"] = [entry for entry in plain["timeline"] if entry.get("epoch", 0) <= value]
    edit_race(plain, path, last)
    by_share = not plain["data"].get("test_path") and isinstance(plain["data"].get("split", ""), str)
    if key in ("data.test_share", "data.test_samples", "data.validation_share") and value == 0 and by_share:
        gone = last.partition("_")[0]
        plain["expect"] = [entry for entry in plain["expect"] if not entry["metric"].startswith(f"{gone}.")]


def _does_not_apply(key: str, place: Place) -> ScenarioError:
    return place.at(key).error("does not apply to a surface, which has no network")


def _leave_start(data: Plain) -> None:
    """Drops the start that was only the old surface's default: each has its own place to set out from."""
    surface = SURFACES.get(data.get("function", ""))
    if surface is not None and data.get("start") == list(surface.start):
        del data["start"]


def _edit_layer(network: Plain, number: int, key: str, value: object, place: Place) -> None:
    hidden = network["hidden"]
    layers = list(hidden) if isinstance(hidden, list | tuple) else []
    if number > len(layers):
        raise place.error(f"there is no hidden layer {number}, only {len(layers)}")
    layer = layers[number - 1]
    layers[number - 1] = (layer if isinstance(layer, dict) else {"units": layer}) | {key: value}
    network["hidden"] = layers


def _edit_kind(plain: Plain, name: object) -> None:
    """Leaves what applies to the new kind of data."""
    data: Plain = plain["data"]
    before, data["kind"] = KINDS[data["kind"]], name
    after = KINDS.get(name) if isinstance(name, str) else None
    if after is None or after is before:
        return
    for key in ("noise", "samples", "test_samples"):
        if data.get(key) == getattr(before, key):
            del data[key]
    if before.inputs != after.inputs:
        data.pop("features", None)
    owners = {key: field.only_for for key, field in fields.table(Data).items()}
    for key in [key for key in data if owners[key] and after.name not in owners[key]]:
        del data[key]
    drop_lacking(plain, after)
    for key, first in after.needs.items():
        if first is not None:
            data.setdefault(key, first)
    _refit(plain, before, after)


def _refit(plain: Plain, before: DataKind, after: DataKind) -> None:
    """Resets the loss, the output and the expectations that the new kind of data cannot have."""
    training, network = plain["training"], plain.get("network", {})
    loss, to_values = training.get("loss", "auto"), after.task == "regression"
    if is_usual_loss(loss, before.task) or (to_values and loss != "auto" and is_for_classes(loss)):
        training["loss"] = "auto"
    if to_values and gives_shares(network.get("output", "auto")):
        network["output"] = "auto"
    plain["expect"] = [entry for entry in plain["expect"] if is_measured(entry["metric"], after.task)]
    if before.loss != after.loss:
        # A bound that was set for one says nothing of the other.
        plain["expect"] = [entry for entry in plain["expect"] if not entry["metric"].endswith("loss")]
