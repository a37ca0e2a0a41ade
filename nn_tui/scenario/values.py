"""One value of a scenario against its field: the right type, within bounds, one of the choices."""

import math
import re
from collections.abc import Mapping

from msgspec import structs

from nn_tui.scenario.errors import Place
from nn_tui.scenario.field import Field
from nn_tui.scenario.wording import bare, found, unknown
from nn_tui.wording import quoted

LONGEST_TEXT = 100_000

CODINGS = ("one-hot", "order", "date")
"""How a column of a table can be asked to become numbers, beside a list of its categories and a date's writing."""

# Text from a file goes to the terminal: an escape sequence in a title could do anything there. Lone surrogates, which
# a program could hand over, cannot be written down.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_FAREST = 1e6
"""How far out a point may lie."""


def read_value(field: Field, value: object, place: Place) -> object:
    """The value as the schema holds it: a number for a whole number where numbers are expected, a tuple for a list.

    Args:
        field: any but a table or a list of tables.
        value: as TOML, JSON or a program gave it.
        place: where it stands.

    Raises:
        ScenarioError: if the field does not allow it.
    """
    match field.type:
        case "text":
            return _text(field, value, place)
        case "integer":
            return _integer(field, value, place)
        case "number":
            return _number(field, value, place)
        case "boolean":
            if not isinstance(value, bool):
                raise _wrong(field, value, place)
            return value
        case "names":
            return _names(field, value, place)
        case "point":
            return _point(field, value, place)
        case "columns":
            return _columns(field, value, place) if value else ()
        case "coding":
            return _coding(field, value, place)
        case "split":
            return _text(field, value, place) if isinstance(value, str) else _split(field, value, place)
        case "weights":
            return _weights(field, value, place) if isinstance(value, Mapping) else _text(field, value, place)
        case "target":
            several = isinstance(value, list | tuple)
            return _columns(field, value, place) if several else _column(field, value, place)
        case _:
            return _text(field, value, place) if isinstance(value, str) else _number(field, value, place)


def _weights(field: Field, value: Mapping[object, object], place: Place) -> dict[str, float]:
    weight, weights = structs.replace(field, type="number", choices=(), minimum=0, maximum=_FAREST), {}
    for name, number in value.items():
        if not isinstance(name, str):
            raise _wrong(field, name, place)
        weights[_text(structs.replace(field, choices=()), name, place)] = _number(weight, number, place.at(bare(name)))
    if not any(weights.values()):
        raise place.error("no class counts: at least one weight must be above 0")
    return weights


def _wrong(field: Field, value: object, place: Place) -> Exception:
    return place.error(f"expected {field.expected}, found {found(value)}")


def noun(place: Place) -> str:
    """What a choice is called: the table for its `name`, an optimizer in a race, else the key itself."""
    parts = [part for part in place.key.split(".") if not part.isdigit()]
    name = parts[-2] if parts[-1] == "name" and len(parts) > 1 else parts[-1]
    # Behind `race` comes what a person calls the lane.
    is_lane = "race" in parts[-3:-1] and parts[-1] == "name"
    return "optimizer" if is_lane else name.replace("_", " ")


def _text(field: Field, value: object, place: Place) -> str:
    if not isinstance(value, str):
        raise _wrong(field, value, place)
    matches = bool(field.pattern and re.fullmatch(field.pattern, value))
    if field.choices and value not in field.choices and not matches:
        raise place.error(unknown(noun(place), value, field.choices))
    if len(value) > LONGEST_TEXT:
        raise place.error(f"expected at most {LONGEST_TEXT} characters, found {len(value)}")
    if bad := (_CONTROL_IN_LINES if field.key == "lesson" else _CONTROL).search(value):
        raise place.error(f"the character U+{ord(bad[0]):04X} is not allowed here, found {quoted(value)}")
    return value


def _integer(field: Field, value: object, place: Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not field.allows(value):
        raise _wrong(field, value, place)
    return value


def _number(field: Field, value: object, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(field, value, place)
    try:
        number = float(value)
    except OverflowError:
        raise _wrong(field, value, place) from None
    if not math.isfinite(number) or not field.allows(number):
        raise _wrong(field, value, place)
    return number


def _column(field: Field, value: object, place: Place) -> str | int:
    return _text(field, value, place) if isinstance(value, str) else _integer(field, value, place)


def _columns(field: Field, value: object, place: Place) -> tuple[str | int, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(field, value, place)
    names = tuple(_column(field, name, place.at(index)) for index, name in enumerate(value, 1))
    for index, name in enumerate(names, 1):
        if name in names[: index - 1]:
            raise place.at(index).error(f"{quoted(str(name))} is listed twice")
        if name == "":
            raise place.at(index).error("expected a column's name, found an empty text")
    if not names:
        raise place.error(f"expected {field.expected}, found an empty list")
    return names


def _coding(field: Field, value: object, place: Place) -> dict[str, str | tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _wrong(field, value, place)
    coding: dict[str, str | tuple[str, ...]] = {}
    for name, how in value.items():
        here = place.at(bare(str(name)))
        plain = structs.replace(field, type="text")
        if isinstance(how, list | tuple):
            texts = tuple(_text(plain, text, here.at(index)) for index, text in enumerate(how, 1))
            if len(set(texts)) < max(2, len(texts)):
                raise here.error("expected two or more different categories, in their order")
            coding[_text(plain, name, here)] = texts
            continue
        if not isinstance(how, str) or (how not in CODINGS and "%" not in how):
            wanted = f"one of {', '.join(CODINGS)}, a list of categories in order, or a date's writing such as %d.%m.%Y"
            raise here.error(f"expected {wanted}; found {found(how)}")
        coding[_text(plain, name, here)] = _text(plain, how, here)
    return coding


def _split(field: Field, value: object, place: Place) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong(field, value, place)
    keys = ("column", "test", "validation")
    for key in value:
        if key not in keys:
            raise place.at(bare(str(key))).error(unknown("key", str(key), keys))
    for key in keys[:2]:
        if key not in value:
            raise place.at(key).error("missing; expected a column's name, and its text in the rows to test on")
    plain = structs.replace(field, type="text", choices=())
    return {key: _text(plain, value[key], place.at(key)) for key in keys if key in value}


def _point(field: Field, value: object, place: Place) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _wrong(field, value, place)
    coordinate = structs.replace(field, type="number", minimum=-_FAREST, maximum=_FAREST)
    x, y = (_number(coordinate, item, place.at(index)) for index, item in enumerate(value, 1))
    return x, y


def _names(field: Field, value: object, place: Place) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(field, value, place)
    names = []
    for index, name in enumerate(value, 1):
        if not isinstance(name, str):
            raise _wrong(field, name, place.at(index))
        if name not in field.choices:
            raise place.at(index).error(unknown(noun(place).removesuffix("s"), name, field.choices))
        if name in names:
            raise place.at(index).error(f"{bare(name)} is listed twice")
        names.append(name)
    if not names:
        raise place.error(f"expected at least one of: {', '.join(field.choices)}")
    return tuple(names)
