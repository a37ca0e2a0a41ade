"""What is varied: keys, each with a list of values or a range."""

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from nn_tui.scenario import fields, overrides
from nn_tui.scenario.errors import Place, ScenarioError
from nn_tui.scenario.tables import flat
from nn_tui.scenario.wording import found
from nn_tui.wording import quoted

POINTS = 5
MOST_VALUES = 10_000
SCALES = ("linear", "log")
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::(\w+))?(?::([0-9]+))?")
_ORDINARY = 4
"""Significant digits values are rounded to before they are used, so that what is printed is what was run."""


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """One key that is varied.

    Attributes:
        key: its dotted path.
        values: those of the grid, both ends of a range among them.
        low, high: of a range; None for a list of values.
        scale: "linear" or "log", of a range.
        whole: whether a range's values are whole numbers.
    """

    key: str
    values: tuple[Any, ...]
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    whole: bool = False

    @property
    def is_range(self) -> bool:
        """Whether values between its ends can be taken."""
        return self.low is not None

    def paths(self) -> set[str]:
        """All that its values set: its own, or what stands in its tables."""
        return {key for value in self.values for key in flat({self.key: value}, Place("--vary"))}

    def at(self, share: float) -> Any:
        """The value at a share, from 0 up to but not 1, of the range or the list."""
        if self.low is None or self.high is None:
            return self.values[int(share * len(self.values))]
        return _rounded(self.low, self.high, _between(self.low, self.high, self.scale, share), self.whole)


def parse_axis(text: str, points: int | None = None, source: str = "--vary") -> Axis:
    """An axis as it is written at the shell: `lr=1e-4..1:log`, `batch_size=8..64:log:4`, `activation=relu,tanh`.

    Args:
        text: a key, `=`, and a range or values; a range may say its scale and how many points of it a grid has.
        points: of a range that does not say; 5 if not given.
        source: what to call it in messages.

    Raises:
        ScenarioError: for an unknown key, an empty or reversed range, a value the key cannot have.
    """
    key, equals, written = (part.strip() for part in text.partition("="))
    if not key or not equals or not written:
        raise ScenarioError(
            f"expected KEY=FROM..TO, KEY=FROM..TO:log or KEY=VALUE,VALUE,…, found {quoted(text)}", source=source
        )
    if (match := _RANGE.fullmatch(written)) is None:
        if ".." in written and "," not in written and "[" not in written and '"' not in written:
            raise ScenarioError(
                f"expected a range such as 0.001..1 or 1e-4..1:log, found {quoted(written)}", source=source, key=key
            )
        return make_axis(key, [overrides.parsed_value(part) for part in _parts(written)], points, source)
    low, high, scale, own_points = match.groups()
    table: dict[str, Any] = {"from": float(low), "to": float(high)}
    if scale is not None:
        table["scale"] = scale
    if own_points is not None:
        table["points"] = int(own_points)
    return make_axis(key, table, points, source)


def make_axis(key: str, given: object, points: int | None = None, source: str = "sweep") -> Axis:
    """An axis as TOML and Python have it: a list of values, or a table {from, to, scale, points}.

    Raises:
        ScenarioError: as for `parse_axis`.
    """
    has_tables = isinstance(given, Sequence) and any(isinstance(value, Mapping) for value in given)
    path = overrides.resolved_table(key, source) if has_tables else overrides.resolved(key, source)
    place = Place(source, path)
    if isinstance(given, Mapping):
        return _range(path, given, points, place)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise place.error(f"expected a list of values or a table {{ from, to, scale, points }}, found {found(given)}")
    values = tuple(_plain(value) for value in given)
    if not values:
        raise place.error("expected at least one value, found none")
    seen: set[object] = set()
    for value in values:
        known = repr(value) if isinstance(value, list | dict) else value
        if known in seen:
            raise place.error(f"{found(value)} stands there twice")
        seen.add(known)
    return Axis(key=path, values=values)


def _range(path: str, given: Mapping[str, Any], points: int | None, place: Place) -> Axis:
    unknown = [str(name) for name in given if name not in ("from", "to", "scale", "points")]
    if unknown:
        raise place.error(f"unknown key {quoted(unknown[0])} (allowed here: from, to, scale, points)")
    low, high = (_number(given.get(name), place.at(name)) for name in ("from", "to"))
    scale, count = given.get("scale", "linear"), given.get("points", points or POINTS)
    if scale not in SCALES:
        raise place.at("scale").error(f"expected linear or log, found {found(scale)}")
    if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= MOST_VALUES:
        raise place.at("points").error(f"expected a whole number from 2 to {MOST_VALUES}, found {found(count)}")
    if low >= high:
        raise place.error(f"a range goes from its lower end to its higher, found {low:g}..{high:g}")
    if scale == "log" and low <= 0.0:
        raise place.error(f"a range on a log scale lies above 0, found {low:g}..{high:g}")
    field = fields.find(path)
    if field is not None and field.type not in ("number", "integer", "score", "column"):
        raise place.error(f"takes no numbers between two others; list its values ({field.expected})")
    whole = field is not None and field.type in ("integer", "column")
    if whole and not (low.is_integer() and high.is_integer()):
        raise place.error(f"takes whole numbers, found the range {low:g}..{high:g}")
    values = [_rounded(low, high, _between(low, high, scale, step / (count - 1)), whole) for step in range(count)]
    return Axis(key=path, values=tuple(dict.fromkeys(values)), low=low, high=high, scale=scale, whole=whole)


def _between(low: float, high: float, scale: str, share: float) -> float:
    if scale == "log":
        return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return low + share * (high - low)


def _rounded(low: float, high: float, value: float, whole: bool) -> int | float:
    """A value of a range, which rounding never takes beyond its ends."""
    return round(value) if whole else min(max(float(f"{value:.{_ORDINARY}g}"), low), high)


def _number(value: object, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise place.error(f"expected a number, found {found(value)}")
    return float(value)


def _plain(value: Any) -> Any:
    plain = value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
    if isinstance(plain, float):
        return float(f"{plain:.{_ORDINARY}g}")
    return list(plain) if isinstance(plain, tuple) else plain


def _parts(text: str) -> list[str]:
    """Text at its commas, but not at those within brackets or quotes."""
    return _split(text, ",")


def parse_axes(text: str, source: str = "--vary") -> tuple[Axis, ...]:
    """Several axes, as they are typed in one line with spaces between; quotes around a whole one are the shell's.

    Raises:
        ScenarioError: as for `parse_axis`, and for quotes that are not closed.
    """
    words = []
    for word in _split(text, " \t"):
        try:
            words.append("".join(shlex.split(word)) if word[0] in "\"'" else word)
        except ValueError as error:
            raise ScenarioError(f"{str(error).lower()}, found {quoted(word)}", source=source) from None
    return tuple(parse_axis(word, source=source) for word in words)


def _split(text: str, separators: str) -> list[str]:
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character in separators and depth == 0:
            parts.append("")
            continue
        parts[-1] += character
    return [part.strip() for part in parts if part.strip()]
