"""A scenario as TOML, every default filled in: `loads(dumps(scenario)) == scenario`."""

from typing import Any

import tomli_w

from nn_tui.numerals import in_full
from nn_tui.scenario.plain import Plain, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import escaped


def dumps(scenario: Scenario) -> str:
    """The TOML document, keys in the schema's order, paths as they stand."""
    plain = to_mapping(scenario)
    tables = {name: plain.pop(name) for name in ("data", "network", "training", "sweep") if name in plain}
    lists = {name: plain.pop(name) for name in ("timeline", "expect")}
    blocks = ["".join(_line(key, value) for key, value in plain.items())]
    blocks += [_block(f"[{name}]", table) for name, table in tables.items()]
    blocks += [_block(f"[[{name}]]", table) for name, entries in lists.items() for table in entries]
    return escaped("\n".join(blocks))


def _block(heading: str, table: Plain) -> str:
    return f"{heading}\n" + "".join(_line(key, value) for key, value in table.items())


def _line(key: str, value: Any) -> str:
    # The reader lets no carriage return into text, the one thing a multi-line string would not keep.
    if isinstance(value, str):
        return tomli_w.dumps({key: value}, multiline_strings=True)
    return f"{key} = {inline(value)}\n"


def inline(value: Any) -> str:
    """A value on one line, where tomli_w would spread lists and tables over many."""
    if isinstance(value, dict):
        if not value:
            return "{}"
        return "{ " + ", ".join(f"{_key(key)} = {inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return tomli_w.dumps({"_": value}).removeprefix("_ = ").rstrip("\n")


def in_words(value: Any) -> str:
    """A value as a person reads it: of a table its name and what else it has, a number without needless digits."""
    if isinstance(value, dict):
        named = [str(value["name"])] if "name" in value else []
        return " ".join([*named, *(f"{key} {in_words(part)}" for key, part in value.items() if key != "name")])
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        return ", ".join(map(in_words, value))
    if isinstance(value, float):
        return in_full(value)
    return value if isinstance(value, str) else inline(value)


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
