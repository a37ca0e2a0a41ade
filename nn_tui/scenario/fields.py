"""Every key of a scenario, read from the schema: the reader, forms, documentation and JSON Schema share them."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect, structs

from nn_tui.engine.initializers import INITIALIZERS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario import schema
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.field import UNSET, Field
from nn_tui.scenario.kinds import DEFAULT_FEATURES, FEATURES, KINDS
from nn_tui.scenario.settings import setting
from nn_tui.scenario.wording import own_key

RULES: Mapping[str, Mapping[str, Any]] = {"init": INITIALIZERS, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}
"""Tables whose other keys depend on their `name`, each with what may be named."""

DEFAULT_RULE = {
    "init": schema.default_initializer().name,
    "optimizer": schema.default_optimizer().name,
    "schedule": schema.default_schedule().name,
}

BY_NAME = ("init",)
"""The tables in whose place a name alone may stand."""

_STRUCTS = {"init": schema.InitializerTable, "optimizer": schema.OptimizerTable, "schedule": schema.ScheduleTable}

_TYPES: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.StructType: "table",
    inspect.DictType: "assignments",
    inspect.TupleType: "point",
}
_LISTS = {schema.Layer: "layers", schema.Racer: "rules"}
_POSITION = re.compile(r"\.[1-9][0-9]{0,5}(?=\.|$)")


@cache
def table(struct: type[msgspec.Struct]) -> dict[str, Field]:
    """The keys of a table, in order. Of an optimizer or a schedule: those that all of them have."""
    return {name: _field(struct, name) for name in struct.__struct_fields__ if name not in ("settings", "variant")}


@cache
def data_table(kind: str) -> dict[str, Field]:
    """The keys of one kind's data table, with its own defaults and bounds.

    Args:
        kind: a key of `KINDS`.
    """
    chosen = KINDS[kind]
    mine = {key: field for key, field in table(Data).items() if not field.only_for or kind in field.only_for}
    own: dict[str, dict[str, Any]] = {
        "samples": {"default": chosen.samples, "minimum": chosen.fewest},
        "test_samples": {"default": chosen.test_samples},
        "noise": {"default": chosen.noise},
        "features": {
            "default": DEFAULT_FEATURES.get(chosen.inputs, ()),
            "choices": FEATURES.get(chosen.inputs, ()),
        },
    }
    return {key: structs.replace(field, **own.get(key, {})) for key, field in mine.items()}


@cache
def rule_table(rule: str, name: str) -> dict[str, Field]:
    """The keys of one optimizer's or schedule's table, with their own defaults.

    Args:
        rule: a key of `RULES`.
        name: what it names, a key of that registry.
    """
    registry, struct = RULES[rule], _STRUCTS[rule]
    common = {"name": structs.replace(table(struct)["name"], default=DEFAULT_RULE[rule], required=False)}
    if rule == "optimizer":
        common["lr"] = structs.replace(table(struct)["lr"], default=OPTIMIZERS[name].default_lr, required=False)
    for key, default in registry[name].defaults.items():
        owners = tuple(owner for owner, other in registry.items() if key in other.defaults)
        common[key] = setting(key, default, owners, live=rule != "init")
    return common


@cache
def fields() -> tuple[Field, ...]:
    """Every key, by dotted path, in the order of the schema.

    `network.hidden.N.units` stands for any layer. A setting whose default differs between its owners has `UNSET`.
    """
    return tuple(_walk(schema.Scenario, ""))


def _walk(struct: type[msgspec.Struct], prefix: str) -> Iterator[Field]:
    for name, field in table(struct).items():
        if name in RULES:
            yield from _walk_rule(name, f"{prefix}{name}.")
        elif field.type == "table" and field.struct:
            yield from _walk(field.struct, f"{prefix}{name}.")
        else:
            yield structs.replace(field, key=prefix + name)
            if field.struct:
                yield from _walk(field.struct, f"{prefix}{name}.N.")


def _walk_rule(rule: str, prefix: str) -> Iterator[Field]:
    merged: dict[str, Field] = {}
    for name in RULES[rule]:
        for key, field in rule_table(rule, name).items():
            same = key not in merged or merged[key].default == field.default
            merged[key] = structs.replace(field, key=prefix + key, default=field.default if same else UNSET)
    yield from merged.values()


@cache
def _by_key() -> dict[str, Field]:
    return {field.key: field for field in fields()}


def find(key: str) -> Field | None:
    """The field of a dotted path (`network.hidden.2.dropout`), or None; `network.init` is that of its name."""
    path = _POSITION.sub(".N", key)
    return _by_key().get(f"{path}.name" if path.rpartition(".")[2] in BY_NAME else path)


def elsewhere(name: str) -> str | None:
    """The path of the one topmost field or table of a name, for a key that stands in the wrong table; else None.

    Args:
        name: the key's own, or what else it is called.
    """
    tables = {path.rpartition(".")[0] for path in _by_key()}
    paths = [path for path in (*_by_key(), *sorted(tables)) if path.rpartition(".")[2] == own_key(name)]
    topmost = [path for path in paths if path.count(".") == min(other.count(".") for other in paths)]
    return topmost[0] if len(topmost) == 1 else None


def is_live(key: str) -> bool:
    """Whether a dotted path names a field that applies to the running net."""
    field = find(key)
    return field is not None and field.live


@cache
def _declared(struct: type[msgspec.Struct]) -> dict[str, inspect.Field]:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    return {entry.name: entry for entry in info.fields}


def _field(struct: type[msgspec.Struct], name: str) -> Field:
    entry = _declared(struct)[name]
    options, about = _unwrapped(entry.type)
    extra = about.extra or {}
    bounded = options[-1]
    return Field(
        name,
        _type_name(options),
        (about.extra_json_schema or {})["description"],
        default=UNSET if entry.required or entry.default is msgspec.NODEFAULT else entry.default,
        required=entry.required,
        live=extra["live"],
        minimum=getattr(bounded, "ge", None),
        maximum=getattr(bounded, "le", None),
        above=getattr(bounded, "gt", None),
        below=getattr(bounded, "lt", None),
        choices=extra["choices"],
        pattern=extra["pattern"],
        only_for=extra["kinds"],
        struct=_struct(options[0]),
    )


def _unwrapped(declared: inspect.Type) -> tuple[list[inspect.Type], inspect.Metadata]:
    """The types allowed, without None, and what the annotation says about them."""
    about: inspect.Metadata | None = None
    options = [declared]
    while isinstance(options[0], inspect.Metadata | inspect.UnionType):
        outer = options[0]
        if isinstance(outer, inspect.Metadata):
            about, options = outer, [outer.type]
        else:
            options = [option for option in outer.types if not isinstance(option, inspect.NoneType)]
    assert about is not None
    return options, about


def _type_name(options: list[inspect.Type]) -> str:
    first = options[0]
    if isinstance(first, inspect.DictType) and not isinstance(first.value_type, inspect.AnyType) and len(options) == 1:
        return "coding"
    if isinstance(first, inspect.VarTupleType) and isinstance(first.item_type, inspect.UnionType):
        return "columns"
    if isinstance(first, inspect.VarTupleType):
        if not isinstance(first.item_type, inspect.StructType):
            return "names"
        return _LISTS.get(first.item_type.cls, "tables")
    if any(isinstance(option, inspect.DictType) and _is_number(option.value_type) for option in options[1:]):
        return "weights"
    if len(options) > 1:
        kinds = {type(option) for option in options}
        return "target" if inspect.VarTupleType in kinds else "split" if inspect.DictType in kinds else "score"
    return _TYPES[type(first)]


def _is_number(declared: inspect.Type) -> bool:
    return isinstance(declared, inspect.FloatType)


def _struct(declared: inspect.Type) -> type[msgspec.Struct] | None:
    inner = declared.item_type if isinstance(declared, inspect.VarTupleType) else declared
    # Optimizers have keys that depend on their name, whatever table or list they stand in.
    return inner.cls if isinstance(inner, inspect.StructType) and inner.cls is not schema.OptimizerTable else None
