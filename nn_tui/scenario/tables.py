"""From a plain mapping, as TOML gives it, to a `Scenario` with every default filled in.

Each table is checked key by key; what only makes sense across tables is left to `rules` and `timeline`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario import fields, schema
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.errors import Place
from nn_tui.scenario.field import Field
from nn_tui.scenario.kinds import FEATURES, KINDS, DataKind
from nn_tui.scenario.lanes import lane_rules
from nn_tui.scenario.sweep_table import read_sweep
from nn_tui.scenario.tasks import loss_of, task
from nn_tui.scenario.values import read_value
from nn_tui.scenario.wording import bare, bare_path, found, nearest, own_key, unknown
from nn_tui.wording import did_you_mean

Plain = dict[str, Any]

MOST_LAYERS = 100
MOST_ENTRIES = 10_000
MOST_RACERS = 8

DEFAULT_PATIENCE = 10
NOT_OF_A_LANE = ("training.speed", "training.dtype", "training.optimizer")
"""Keys that all lanes of a race have in common; an optimizer's own are written beside its name."""
KEPT_WHOLE = ("class_weight", "coding", "split")
"""Tables whose keys are not the schema's, but names of classes or columns."""


def read_scenario(mapping: object, place: Place) -> schema.Scenario:
    """Reads a whole scenario.

    Args:
        mapping: what a TOML file holds.
        place: of the whole document.

    Raises:
        ScenarioError: for an unknown or missing key, a wrong type, a value out of bounds.
    """
    plain = _read_struct(schema.Scenario, mapping, place)
    if not plain["title"].strip():
        raise place.at("title").error("expected a title, found an empty text")
    scenario = msgspec.convert(plain, schema.Scenario)
    loss = loss_of(scenario, task(scenario.data))
    if loss is None:
        return scenario
    training = msgspec.structs.replace(scenario.training, loss=loss)
    return msgspec.structs.replace(scenario, training=training)


def _read_struct(struct: type[msgspec.Struct], value: object, place: Place) -> Plain:
    mapping = _mapping(value, place)
    if struct is Data:
        return _read_data(mapping, place)
    plain = _read_keys(fields.table(struct), mapping, place)
    if struct is schema.Clip:
        return {key: limit or None for key, limit in plain.items()}
    if struct is schema.EarlyStop:
        # Who asks for early stopping at all means it to stop.
        return {"patience": DEFAULT_PATIENCE} | plain
    if struct is schema.Training:
        _lead(plain, place)
    if struct is schema.Scenario:
        _check_lacking(plain, KINDS[plain["data"]["kind"]], place)
    return plain


def _lead(training: Plain, place: Place) -> None:
    """A race's first optimizer is the run's."""
    race = training.get("race", [])
    own = {"name": fields.DEFAULT_RULE["optimizer"]}
    base = training.get("optimizer") or _read_rule("optimizer", own, place)
    race[:] = complete_racers(race, base, place.at("race"))
    first = {key: lane_rules(race, base)[0][key] for key in ("name", "lr", "settings")}
    if training.get("optimizer", first) != first:
        raise place.at("optimizer").error("is not the first of training.race; leave it out, or make it the first")
    training["optimizer"] = first


def _check_lacking(scenario: Plain, kind: DataKind, place: Place) -> None:
    """A surface has no network, and what goes with one."""
    for key, reason in kind.lacks.items():
        table, _, name = key.rpartition(".")
        if name in (scenario.get(table, {}) if table else scenario):
            raise place.at(key).error(reason)


def _mapping(value: object, place: Place) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise place.error(f"expected a table, found {found(value)}")
    return value


def _read_keys(table: Mapping[str, Field], mapping: Mapping[str, object], place: Place) -> Plain:
    """The keys given, each checked."""
    for key in mapping:
        if not isinstance(key, str):
            raise place.error(f"keys are text, found {found(key)}")
        if key not in table:
            near = did_you_mean(_meant(key, table))
            raise place.at(bare(key)).error(f"unknown key{near} (allowed here: {', '.join(table)})")
    for key, field in table.items():
        if field.required and key not in mapping:
            raise place.at(key).error(f"missing; expected {field.expected}")
    return {key: _read_entry(field, mapping[key], place.at(key)) for key, field in table.items() if key in mapping}


def _meant(key: str, table: Mapping[str, Field]) -> str | None:
    """A key of this table, or the whole path of one in another; what a timeline changes stands in its `set`."""
    if own_key(key) in table:
        return own_key(key)
    path = fields.elsewhere(key)
    return nearest(key, table) if path is None else f"set.{path}" if "set" in table else path


def _read_entry(field: Field, value: object, place: Place) -> object:
    if field.key in fields.RULES:
        return _read_rule(field.key, value, place)
    if field.type == "layers":
        return [_read_layer(item, place.at(i)) for i, item in _items(field, value, place, MOST_LAYERS)]
    if field.type == "rules":
        return [read_racer(item, place.at(i)) for i, item in _items(field, value, place, MOST_RACERS)]
    if field.type == "tables" and field.struct:
        return [_read_struct(field.struct, item, place.at(i)) for i, item in _items(field, value, place, MOST_ENTRIES)]
    if field.type == "table" and field.struct:
        return _read_struct(field.struct, value, place)
    if field.key == "sweep":
        return read_sweep(value, place)
    if field.type == "assignments":
        return read_assignments(value, place)
    return read_value(field, value, place)


def _items(field: Field, value: object, place: Place, most: int) -> list[tuple[int, object]]:
    if not isinstance(value, list | tuple):
        hint = f"; write [[{field.key}]]" if field.type == "tables" and isinstance(value, Mapping) else ""
        raise place.error(f"expected {field.expected}, found {found(value)}{hint}")
    if len(value) > most:
        raise place.error(f"expected at most {most} entries, found {len(value)}")
    return list(enumerate(value, 1))


def _read_rule(rule: str, value: object, place: Place) -> Plain:
    """An initializer's, an optimizer's or a schedule's table, with the settings its name allows."""
    if isinstance(value, str) and rule in fields.BY_NAME:
        read_value(fields.rule_table(rule, fields.DEFAULT_RULE[rule])["name"], value, place)
        value = {"name": value}
    if isinstance(value, str):
        example = value if value in fields.RULES[rule] else fields.DEFAULT_RULE[rule]
        raise place.error(f'expected a table such as {{ name = "{example}" }}, found {found(value)}')
    mapping = _mapping(value, place)
    registry = fields.RULES[rule]
    name = read_value(
        fields.rule_table(rule, fields.DEFAULT_RULE[rule])["name"],
        mapping.get("name", fields.DEFAULT_RULE[rule]),
        place.at("name"),
    )
    assert isinstance(name, str)
    table = fields.rule_table(rule, name)
    for key in mapping:
        owners = [other for other in registry if key in fields.rule_table(rule, other)]
        if owners and key not in table:
            raise place.at(key).error(f"{name} has no {key}; it belongs to: {', '.join(owners)}")
    plain = {key: field.default for key, field in table.items()} | _read_keys(table, mapping, place)
    common: Plain = {key: plain.pop(key) for key in ("name", "lr") if key in plain}
    return common | {"settings": plain}


def read_racer(value: object, place: Place) -> Plain:
    """One lane of a race: an optimizer, given by its name or as a table, or a table of what else it differs by.

    Returns:
        The optimizer, if it names one, or as `changed` what it changes of another; and the rest as `variant`.

    Raises:
        ScenarioError: as `read_scenario`.
    """
    mapping: dict[str, object] = {"name": value} if isinstance(value, str) else {**_mapping(value, place)}
    named = any(isinstance(key, str) and not key.startswith(("network", "training")) for key in mapping)
    variant: Plain = {}
    for key in [key for key in mapping if isinstance(key, str) and key.startswith(("network", "training"))]:
        for path, item in flat({key: mapping.pop(key)}, place).items():
            if path.startswith("training.optimizer."):
                mapping[path.removeprefix("training.optimizer.")] = item
            else:
                variant[path] = _read_variation(path, item, place)
    if not named and "name" not in mapping:
        return {"changed": mapping, "variant": variant}
    return _read_rule("optimizer", mapping, place) | {"variant": variant}


def complete_racers(race: Sequence[Plain], base: Plain, place: Place) -> list[Plain]:
    """Lanes with their optimizers: one that names none has another's, but for what it changes of it.

    Args:
        race: lanes as `read_racer` gives them.
        base: the run's own optimizer, which is the other one of the first lane; of the others it is the first lane's.
        place: of the list, for errors.

    Raises:
        ScenarioError: for a setting which that optimizer does not have, or a wrong value.
    """
    complete: list[Plain] = []
    for number, racer in enumerate(race, 1):
        rule = complete[0] if complete else base
        if "name" not in racer:
            own = {"name": rule["name"], "lr": rule["lr"], **rule["settings"], **racer["changed"]}
            racer = _read_rule("optimizer", own, place.at(number)) | {"variant": racer["variant"]}
        complete.append(racer)
    return complete


def _read_variation(key: str, value: object, place: Place) -> object:
    field = fields.find(key)
    table = key.partition(".")[0]
    if field is None or table not in ("network", "training"):
        near = did_you_mean(fields.elsewhere(key) or nearest(key, [known.key for known in fields.fields()]))
        raise place.at(bare_path(key)).error(f"unknown key{near}")
    if key in NOT_OF_A_LANE or key.startswith("training.race"):
        raise place.at(key).error("is the whole race's, not a lane's")
    plain = _read_entry(field, value, place.at(key))
    # Layers are kept as they are written; the lane's own scenario reads them.
    return value if field.type == "layers" else plain


def _read_layer(value: object, place: Place) -> Plain:
    table = fields.table(schema.Layer)
    if isinstance(value, Mapping):
        return _read_keys(table, value, place)
    return {"units": read_value(table["units"], value, place)}


def read_assignments(value: object, place: Place) -> Plain:
    """Dotted live keys and their values, each value checked by itself.

    Raises:
        ScenarioError: for a key that is unknown or not live, or a wrong value.
    """
    assignments = flat(_mapping(value, place), place)
    if not assignments:
        raise place.error("expected at least one key to change, found an empty table")
    plain: Plain = {}
    for key, item in assignments.items():
        field = fields.find(key)
        if field is None or key.startswith(("timeline", "expect", "sweep")):
            keys = [known.key for known in fields.fields() if known.live]
            near = did_you_mean(fields.elsewhere(key) or nearest(key, keys))
            raise place.at(bare_path(key)).error(f"unknown key{near}")
        if not field.live:
            live = "only live fields change as a run goes, this one applies on reset"
            raise place.at(key).error(live)
        plain[key] = read_value(field, item, place.at(key))
    return plain


def flat(mapping: Mapping[str, object], place: Place, prefix: str = "") -> dict[str, object]:
    """A mapping of dotted keys, whether they were written as `"a.b" = 1` or as tables inside tables.

    Raises:
        ScenarioError: for a key that is no text.
    """
    leaves: dict[str, object] = {}
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise place.error(f"keys are text, found {found(key)}")
        path = f"{prefix}{key}"
        # No key has more than four parts: deeper nesting is left as it is, to be refused as unknown.
        whole = key.rpartition(".")[2] in KEPT_WHOLE
        if not whole and isinstance(value, Mapping) and value and path.count(".") < 4:
            leaves |= flat(value, place, f"{path}.")
        else:
            leaves[path] = value
    return leaves


def _read_data(mapping: Mapping[str, object], place: Place) -> Plain:
    table = fields.table(Data)
    if "kind" not in mapping:
        raise place.at("kind").error(f"missing; expected {table['kind'].expected}")
    name = read_value(table["kind"], mapping["kind"], place.at("kind"))
    kind = KINDS[str(name)]
    for key in mapping:
        owners = table[key].only_for if key in table else ()
        if owners and kind.name not in owners:
            raise place.at(key).error(f"does not apply to {kind.name}; it belongs to: {', '.join(owners)}")
    # Features are checked below, in words that name the kind.
    mine = fields.data_table(kind.name)
    plain = _read_keys({key: table[key] if key == "features" else field for key, field in mine.items()}, mapping, place)
    for key in kind.needs:
        if plain.get(key, "") == "":
            problem = "expected" if key in plain else "missing; expected"
            about = table[key].expected if table[key].choices else table[key].description.rstrip(".")
            raise place.at(key).error(f"{problem} {about[0].lower()}{about[1:]}")
    for index, feature in enumerate(plain.get("features", ()), 1):
        if feature not in FEATURES[kind.inputs]:
            raise (
                place.at("features").at(index).error(unknown(f"feature of {kind.name}", feature, FEATURES[kind.inputs]))
            )
    defaults: Plain = {
        key: mine[key].default for key in ("samples", "test_samples", "noise", "features") if key in mine
    }
    if "function" in plain:
        defaults["start"] = SURFACES[plain["function"]].start
    return defaults | plain
