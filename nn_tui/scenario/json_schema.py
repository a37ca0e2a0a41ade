"""A JSON Schema (2020-12) of the TOML format, for editors and other programs.

It holds what can be said of each table by itself; what only makes sense across tables (a loss for the task, a timeline
within the run) the reader alone checks.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.scenario import fields, schema
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.field import UNSET, Field
from nn_tui.scenario.kinds import KINDS, DataKind
from nn_tui.scenario.plain import layer_to_plain
from nn_tui.scenario.tables import MOST_ENTRIES, MOST_LAYERS, MOST_RACERS
from nn_tui.scenario.values import CODINGS, LONGEST_TEXT

Schema = dict[str, Any]

_JSON_TYPES: dict[str, Any] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "score": ["number", "string"],
}


def json_schema() -> Schema:
    """The schema, as a JSON-compatible dict."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nn-tui scenario",
        **_struct(schema.Scenario),
        "allOf": [_lacking(kind) for kind in KINDS.values() if kind.lacks],
    }


def _lacking(kind: DataKind) -> Schema:
    """What a scenario of a kind of data may not have."""
    refused: Schema = {}
    for key in kind.lacks:
        table, _, name = key.rpartition(".")
        inside = refused.setdefault(table, {"properties": {}})["properties"] if table else refused
        inside[name] = False
    return {
        "if": {"properties": {"data": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]}}},
        "then": {"properties": refused},
    }


def _struct(struct: type[msgspec.Struct]) -> Schema:
    if struct is Data:
        return {"oneOf": [_kind(kind) for kind in KINDS.values()]}
    if struct is schema.Change:
        either = (("epoch", "step"), ("set", "weights"))
        return _table(fields.table(struct)) | {
            "allOf": [{"oneOf": [{"required": [name]} for name in pair]} for pair in either]
        }
    if struct is schema.Expectation:
        return _table(fields.table(struct)) | _bounds_given()
    return _table(fields.table(struct))


def _table(table: Mapping[str, Field]) -> Schema:
    properties = {name: _property(field) for name, field in table.items()}
    required = [name for name, field in table.items() if field.required]
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


_OF_A_LANE = r"^(network|training)\."
"""Keys that a lane of a race may have besides an optimizer's."""


def _property(field: Field) -> Schema:
    about: Schema = {"title": field.key.replace("_", " "), "description": field.description}
    default = _default(field)
    return about | ({} if default is None else {"default": default}) | _value(field)


def _default(field: Field) -> Any:
    """The default as JSON; None for a table, whose keys have their own, and where there is none."""
    if field.default is UNSET or field.type == "table":
        return None
    if field.type == "layers":
        return [layer_to_plain(layer) for layer in field.default]
    return list(field.default) if isinstance(field.default, tuple) else field.default


def _value(field: Field) -> Schema:
    if field.key in fields.RULES:
        alone = [{"enum": list(fields.RULES[field.key])}] if field.key in fields.BY_NAME else []
        return {"oneOf": [*alone, *(_rule(field.key, name) for name in fields.RULES[field.key])]}
    if field.type == "layers":
        layer = fields.table(schema.Layer)
        return {"type": "array", "items": {"anyOf": [_scalar(layer["units"]), _table(layer)]}, "maxItems": MOST_LAYERS}
    if field.type == "rules":
        named = {"enum": list(fields.RULES["optimizer"])}
        tables = [_rule("optimizer", name) for name in fields.RULES["optimizer"]]
        for table in tables:
            table["patternProperties"] = {_OF_A_LANE: {}}
        lane: Schema = {"type": "object", "patternProperties": {_OF_A_LANE: {}}, "additionalProperties": False}
        return {"type": "array", "items": {"anyOf": [named, *tables, lane]}, "maxItems": MOST_RACERS}
    column: Schema = {"type": ["string", "integer"]}
    if field.type == "columns":
        return {"type": "array", "items": column, "uniqueItems": True}
    if field.type == "coding":
        order = {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True}
        how = {"anyOf": [{"enum": list(CODINGS)}, {"type": "string", "pattern": "%"}, order]}
        return {"type": "object", "additionalProperties": how}
    if field.type == "split":
        texts = {key: {"type": "string"} for key in ("column", "test", "validation")}
        division = {
            "type": "object",
            "properties": texts,
            "required": ["column", "test"],
            "additionalProperties": False,
        }
        return {"anyOf": [{"enum": list(field.choices)}, division]}
    if field.type == "weights":
        weights = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}, "minProperties": 1}
        return {"anyOf": [{"enum": list(field.choices)}, weights]}
    if field.type == "target":
        return {"anyOf": [column, {"type": "array", "items": column, "minItems": 1, "uniqueItems": True}]}
    if field.type == "point":
        return {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    if field.type == "tables" and field.struct:
        return {"type": "array", "items": _struct(field.struct), "maxItems": MOST_ENTRIES}
    if field.type == "table" and field.struct:
        return _struct(field.struct)
    if field.type == "names":
        return {"type": "array", "items": {"enum": list(field.choices)}, "minItems": 1, "uniqueItems": True}
    if field.key == "sweep":
        return _sweep()
    if field.type == "assignments":
        return _assignments()
    return _scalar(field)


def _scalar(field: Field) -> Schema:
    limits = {
        "minimum": field.minimum,
        "maximum": field.maximum,
        "exclusiveMinimum": field.above,
        "exclusiveMaximum": field.below,
    }
    said: Schema = {"type": _JSON_TYPES[field.type]}
    said |= {word: limit for word, limit in limits.items() if limit is not None}
    if field.pattern:
        return said | {"anyOf": [{"enum": list(field.choices)}, {"pattern": f"^{field.pattern}$"}]}
    if field.choices:
        return said | {"enum": list(field.choices)}
    return said | ({"maxLength": LONGEST_TEXT} if field.type == "text" else {})


def _kind(kind: DataKind) -> Schema:
    """The data table of one kind."""
    table = dict(fields.data_table(kind.name))
    table["kind"] = structs.replace(table["kind"], choices=(kind.name,))
    return _table(table | {name: structs.replace(table[name], required=True) for name in kind.needs})


def _rule(rule: str, name: str) -> Schema:
    """The table of one optimizer or schedule; only the default one may go unnamed."""
    table = dict(fields.rule_table(rule, name))
    table["name"] = structs.replace(table["name"], choices=(name,), required=name != fields.DEFAULT_RULE[rule])
    return _table(table)


def _bounds_given() -> Schema:
    """At least one bound, or `equals` alone; text for status and digest, numbers for the rest."""
    textual = {"properties": {"metric": {"enum": ["status", "digest"]}}}
    return {
        "oneOf": [
            {"required": ["equals"], "not": {"anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]}},
            {"anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]},
        ],
        "if": textual,
        "then": {"properties": {"equals": {"type": "string"}}, "required": ["equals"]},
        "else": {"properties": {"equals": {"type": "number"}}},
    }


def _sweep() -> Schema:
    """What is varied, by key; what the keys may be is said when a sweep begins."""
    count = {"type": "integer", "minimum": 1}
    varied = {"anyOf": [{"type": "array", "minItems": 1}, {"type": "object"}]}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["vary"],
        "properties": {
            "vary": {"type": "object", "additionalProperties": varied, "minProperties": 1},
            "seeds": {"anyOf": [count, {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1}]},
            "points": count,
            "random": count,
            "metric": {"type": "string"},
            "stop_sick": {"type": "boolean"},
        },
    }


def _assignments() -> Schema:
    """Live keys, written as dotted paths in quotes or as tables inside tables."""
    live = {
        tuple(field.key.split(".")): _property(structs.replace(field, default=UNSET))
        for field in fields.fields()
        if field.live
    }
    return _dotted(live) | {"minProperties": 1}


def _dotted(values: Mapping[tuple[str, ...], Schema]) -> Schema:
    """A table of those paths; any part of one may be a table that holds the rest of it."""
    keys: dict[str, Schema] = {}
    for path, value in values.items():
        keys[".".join(path)] = value
        for length in range(1, len(path)):
            head = path[:length]
            key = ".".join(head)
            if key not in keys:
                keys[key] = _dotted({other[length:]: v for other, v in values.items() if other[:length] == head})
    # N stands for a layer's number.
    numbered = {key: value for key, value in keys.items() if "N" in key.split(".")}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: value for key, value in keys.items() if key not in numbered},
        "patternProperties": {_numbered(key): value for key, value in numbered.items()},
    }


def _numbered(key: str) -> str:
    parts = (r"[1-9][0-9]{0,5}" if part == "N" else re.escape(part) for part in key.split("."))
    return "^" + r"\.".join(parts) + "$"
