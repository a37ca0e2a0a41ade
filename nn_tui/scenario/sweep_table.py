"""The table `[sweep]` of a scenario: what `nn-tui sweep` varies when it is not told otherwise.

Keys and their values are read when a sweep begins; here stands what the table may hold.
"""

from collections.abc import Mapping
from typing import Any

from nn_tui.scenario.errors import Place
from nn_tui.scenario.wording import bare, found, nearest
from nn_tui.wording import did_you_mean

KEYS = ("vary", "seeds", "points", "random", "metric", "stop_sick")
RANGE_KEYS = ("from", "to", "scale", "points")


def read_sweep(value: object, place: Place) -> dict[str, Any]:
    """The table as it was written, ranges and lists of values by dotted key.

    Raises:
        ScenarioError: for another key, or a value of another type.
    """
    table = _mapping(value, place)
    for key in table:
        if key not in KEYS:
            near = did_you_mean(nearest(key, KEYS))
            raise place.at(bare(key)).error(f"unknown key{near} (allowed here: {', '.join(KEYS)})")
    if "vary" not in table:
        raise place.at("vary").error("missing; expected a table of keys, each with a list of values or a range")
    plain: dict[str, Any] = {"vary": _varied(_mapping(table["vary"], place.at("vary")), place.at("vary"))}
    if not plain["vary"]:
        raise place.at("vary").error("expected at least one key, found an empty table")
    for key in ("seeds", "points", "random"):
        if key in table:
            plain[key] = _count(table[key], place.at(key), several=key == "seeds")
    for key, kind, word in (("metric", str, "text"), ("stop_sick", bool, "true or false")):
        if key in table:
            if not isinstance(table[key], kind):
                raise place.at(key).error(f"expected {word}, found {found(table[key])}")
            plain[key] = table[key]
    return plain


def _mapping(value: object, place: Place) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise place.error(f"expected a table, found {found(value)}")
    return value


def _varied(table: Mapping[str, Any], place: Place, prefix: str = "") -> dict[str, Any]:
    """By dotted key, whether that was written in quotes or as tables inside tables."""
    varied: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and not any(name in value for name in RANGE_KEYS):
            varied |= _varied(_mapping(value, place.at(key)), place.at(key), f"{prefix}{key}.")
        elif isinstance(value, list | tuple | Mapping):
            varied[prefix + key] = dict(value) if isinstance(value, Mapping) else list(value)
        else:
            wanted = "a list of values or a table { from, to, scale, points }"
            raise place.at(key).error(f"expected {wanted}, found {found(value)}")
    return varied


def _count(value: object, place: Place, several: bool) -> int | list[int]:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    if several and isinstance(value, list | tuple):
        seeds = [seed for seed in value if isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0]
        if seeds and len(seeds) == len(value):
            return seeds
    more = ", or a list of seeds" if several else ""
    raise place.error(f"expected a whole number of at least 1{more}, found {found(value)}")
