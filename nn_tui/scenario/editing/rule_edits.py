"""Changing the optimizer, the schedule or the race in a scenario's plain mapping, with what has to follow from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from nn_tui.scenario import fields
from nn_tui.scenario.errors import Place
from nn_tui.scenario.lanes import LANES, lane_label, no_lane, numbered, told_rules
from nn_tui.scenario.plain import Plain
from nn_tui.scenario.tables import complete_racers, read_racer

_OPTIMIZER = "training.optimizer."


def edit_rule(rule: str, table: Plain, name: object) -> None:
    """Leaves the settings the new optimizer or schedule has, if they are not just the old one's defaults."""
    registry = fields.RULES[rule]
    before = fields.rule_table(rule, table["name"])
    after = fields.rule_table(rule, name) if isinstance(name, str) and name in registry else before
    for key in [key for key in table if key not in ("name", "lr")]:
        if key not in after or table[key] == before[key].default:
            del table[key]


def edit_race(plain: Plain, path: Sequence[str], last: str) -> None:
    """Keeps the first of a race and the run's optimizer the same, and expectations of those that still take part.

    Args:
        plain: as changed already.
        path, last: the tables of the key that was changed, and its own name.
    """
    training = plain["training"]
    race = _listed(training.get("race"))
    if (*path, last) == ("training", "race"):
        for first in race[:1]:
            named, changed = _optimizer_of(first)
            if named or "name" in changed:
                training.pop("optimizer", None)
            elif isinstance(own := training.get("optimizer"), dict):
                training["optimizer"] = own | changed
            _leave_to_first(plain, first)
    elif list(path) == ["training", "optimizer"]:
        # What is no lane stays, for the reader to refuse.
        for first in [lane for lane in race[:1] if isinstance(lane, str | dict)]:
            differing = first if isinstance(first, dict) else {}
            variant = {key: value for key, value in differing.items() if "." in key and not key.startswith(_OPTIMIZER)}
            training["race"] = race = [training["optimizer"] | variant, *race[1:]]
    else:
        _follow(race, path, last, plain)
        return
    rules = told_rules(race, training.get("optimizer"), plain["data"]["kind"])
    lanes = numbered([label for rule in rules if isinstance(label := _label(rule), str)])
    plain["expect"] = [entry for entry in plain["expect"] if _is_of(entry["metric"], lanes)]


def take_from_first(training: Plain) -> None:
    """Sets the run's optimizer to the first lane's, where a race that was set has taken its place."""
    for first in _listed(training.get("race"))[:1]:
        named, changed = _optimizer_of(first)
        training.setdefault("optimizer", {"name": fields.DEFAULT_RULE["optimizer"]} | named | changed)


def _optimizer_of(lane: object) -> tuple[Plain, Plain]:
    """What a lane as it is written says of its optimizer: by plain keys, and by dotted ones."""
    if isinstance(lane, str):
        return {"name": lane}, {}
    written = {key: value for key, value in lane.items() if isinstance(key, str)} if isinstance(lane, dict) else {}
    named = {key: value for key, value in written.items() if not key.startswith(("network", "training"))}
    changed = {key.removeprefix(_OPTIMIZER): value for key, value in written.items() if key.startswith(_OPTIMIZER)}
    return named, changed


def _listed(race: object) -> list[Any]:
    """The lanes of a race as it is written; none of what is no list, which the reader will refuse."""
    return list(race) if isinstance(race, list | tuple) else []


def _label(rule: object) -> object:
    """What a lane is called as it is written, but for its number."""
    if not isinstance(rule, dict):
        return rule
    variant = {key: value for key, value in rule.items() if isinstance(key, str) and "." in key}
    return lane_label(rule.get("name", ""), variant)


def _leave_to_first(plain: Plain, first: object) -> None:
    """Takes out of the scenario what a new race's first lane says of it."""
    for key in first if isinstance(first, dict) else ():
        if str(key).startswith(_OPTIMIZER):
            continue
        *path, last = str(key).split(".")
        table: object = plain
        for name in path:
            table = table.get(name) if isinstance(table, dict) else None
        if path and isinstance(table, dict):
            table.pop(last, None)


def _follow(race: Sequence[Any], path: Sequence[str], last: str, plain: Plain) -> None:
    """Keeps what a race's first lane says the same as what was changed."""
    key = ".".join((*path, last))
    for first in race[:1]:
        if isinstance(first, dict) and key in first:
            table = plain
            for name in path:
                table = table[name]
            plain["training"]["race"] = [first | {key: table[last]}, *race[1:]]


def _is_of(metric: str, lanes: tuple[str, ...]) -> bool:
    """Whether a metric is one of these lanes, or of none in particular."""
    return not metric.startswith("race.") or metric.split(".")[1] in lanes


def edit_lanes(plain: Plain, changes: Mapping[str, object], place: Place) -> None:
    """Changes single lanes of a race.

    Args:
        plain: with the race as it is to be but for these changes.
        changes: keys that begin with `LANES`, then a lane's name or its place in the list from 0, and a key of its
            optimizer.
        place: for errors.

    Raises:
        ScenarioError: for a lane that is not there, or an optimizer that is not right.
    """
    race = plain["training"].get("race", ())
    if not isinstance(race, list | tuple):
        # Set in the same breath, to what the reader will refuse.
        return
    rules = [read_racer(rule, place.at("training.race").at(number)) for number, rule in enumerate(race, 1)]
    base = read_racer(plain["training"].get("optimizer") or fields.DEFAULT_RULE["optimizer"], place)
    rules = complete_racers(rules, base, place.at("training.race"))
    tables: list[Plain] = [
        {"name": rule["name"], "lr": rule["lr"], **rule["settings"], **rule["variant"]} for rule in rules
    ]
    names = numbered([lane_label(rule["name"], rule["variant"]) for rule in rules])
    told: dict[int, tuple[Place, Plain]] = {}
    for key, value in changes.items():
        lane, _, setting = key.removeprefix(LANES).partition(".")
        number = _number(lane, names, place.at(key))
        told.setdefault(number, (place.at(f"{LANES}{lane}"), {}))[1][setting] = value
    for number, (here, settings) in told.items():
        if "name" in settings:
            edit_rule("optimizer", tables[number], settings["name"])
        tables[number] |= settings
        # Here the lane is called what the person called it, in the whole scenario by its place in the list.
        read_racer(tables[number], here)
    plain["training"]["race"] = tables
    edit_race(plain, ["training"], "race")


def _number(lane: str, names: Sequence[str], place: Place) -> int:
    if lane in names:
        return names.index(lane)
    if lane.isascii() and lane.isdigit() and len(lane) < 6 and int(lane) < len(names):
        return int(lane)
    told = ", ".join(f"{number} {name}" for number, name in enumerate(names))
    raise place.error(no_lane(lane, names, f"by name, or counted from 0: {told}"))
