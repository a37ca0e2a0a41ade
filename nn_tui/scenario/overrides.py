"""Changing a scenario from outside: `--set`, options of the command line, forms."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from nn_tui.scenario import fields
from nn_tui.scenario.data_table import FILES
from nn_tui.scenario.editing.edits import edited
from nn_tui.scenario.errors import Place, ScenarioError
from nn_tui.scenario.field import Field
from nn_tui.scenario.lanes import LANES
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.tables import flat
from nn_tui.scenario.wording import bare_path, nearest
from nn_tui.user_path import user_path
from nn_tui.wording import did_you_mean, quoted

_LANE = re.compile(r"(?:training\.)?race\.([^.]+)(?:\.(.+))?")
_WITHOUT_ZERO = re.compile(r"[+-]?\.[0-9]+(?:[eE][+-]?[0-9]+)?")
_NUMBERED = re.compile(r"(?<=\.)[0-9]+(?=\.|$)")


def apply(scenario: Scenario, changes: Mapping[str, object], source: str = "--set") -> Scenario:
    """The scenario with some keys changed, live or structural.

    A new kind of data, optimizer or schedule drops what only the old one had, and the old one's defaults; the rate
    stays. A loss, output or expectation that the new task or split cannot have goes, too, and so do timeline entries
    past a newly set last epoch. An expected digest goes with any change: it is said of the scenario as it was. A
    relative path to data is taken from the current folder, and made absolute.

    Args:
        changes: keys and values. A key is a dotted path or its end, if that names one field (`lr`, `optimizer.name`);
            `optimizer` and `schedule` alone stand for their names. A lane of a race goes by its name or its place,
            from 0 (`race.adam.lr`, `race.2.lr`); `race.2` alone stands for its optimizer's name.
        source: what to call the changes in messages.

    Raises:
        ScenarioError: for a key that is unknown or ambiguous, a wrong value, or an impossible combination.
    """
    place = Place(source)
    resolved: dict[str, object] = {}
    for key, value in changes.items():
        if (whole := _whole(key)) is not None:
            resolved[whole] = value
            continue
        for path, leaf in flat({key: value}, place).items():
            resolved[_resolve(path, place)] = leaf
    for key in (f"data.{name}" for name in FILES):
        if isinstance(file := resolved.get(key), str) and file:
            resolved[key] = str(user_path(file).absolute())
    after = from_mapping(edited(to_mapping(scenario), resolved, place), source)
    if after == scenario:
        return scenario
    return structs.replace(after, expect=tuple(entry for entry in after.expect if entry.metric != "digest"))


def parse_assignment(text: str, source: str = "--set") -> tuple[str, object]:
    """`training.optimizer.lr=0.1` as a key and a value.

    The value is read as TOML (`0.1`, `true`, `[8, 8]`, `"text"`), and what is not TOML is taken as text.

    Raises:
        ScenarioError: if there is no key or no `=`.
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not key or not equals:
        raise ScenarioError(f"expected KEY=VALUE, found {quoted(text)}", source=source)
    return key, parsed_value(value)


def parsed_value(text: str) -> Any:
    """A value as TOML has it, or a number without its zero (`.5`); what is neither is text."""
    if _WITHOUT_ZERO.fullmatch(text):
        # As people write it, and TOML does not.
        text = text.replace(".", "0.", 1)
    try:
        parsed = tomllib.loads(f"value = {text}\n")
    except (ValueError, RecursionError):
        return text
    # A value with a line break in it could have brought keys of its own.
    return parsed["value"] if len(parsed) == 1 else text


def resolved(key: str, source: str = "--set") -> str:
    """The dotted path that a key, or the end of one, stands for; see `apply`.

    Raises:
        ScenarioError: for a key that is unknown or ambiguous.
    """
    return _resolve(key, Place(source))


def resolved_table(key: str, source: str = "--set") -> str:
    """The dotted path that a key, or the end of one, stands for whose value may be a table: `optimizer`, `clip`.

    Raises:
        ScenarioError: for one that is neither a table nor a field.
    """
    if (whole := _whole(key)) is not None:
        return whole
    if _LANE.fullmatch(key) is not None:
        return key if key.startswith(LANES) else f"training.{key}"
    paths = [field.key.split(".") for field in _settable()]
    tables = {".".join(parts[:count]) for parts in paths for count in range(1, len(parts))}
    ends = [path for path in tables if f".{path}".endswith(f".{key}")]
    # Where there are several, the one that is nearest to the top.
    return min(ends, key=lambda path: (path.count("."), path)) if ends else resolved(key, source)


def _settable() -> list[Field]:
    return [field for field in fields.fields() if not field.key.startswith(("timeline", "expect", "sweep"))]


def _whole(key: str) -> str | None:
    """The path of a key whose value may be a table by itself, or None."""
    paths = [field.key for field in _settable() if field.type in ("coding", "split")]
    return next((path for path in paths if key == path or path.endswith(f".{key}")), None)


def _resolve(key: str, place: Place) -> str:
    """The dotted path that a key, or the end of one, stands for."""
    if (lane := _LANE.fullmatch(key)) is not None:
        return f"{LANES}{lane[1]}.{lane[2] or 'name'}"
    pattern = _NUMBERED.sub("N", key)
    known = [field.key for field in _settable()]
    ends = [path for path in known if path == pattern or path.endswith(f".{pattern}")]
    ends = ends or [path for path in known if f".{path}".endswith(f".{pattern}.name")]
    # `epochs` means the run's, not the warm-up's: the shortest path wins, if it is alone.
    shortest = [path for path in ends if path.count(".") == min(end.count(".") for end in ends)]
    if not shortest:
        raise _unknown(key, pattern, known, place)
    if len(shortest) > 1:
        raise place.at(key).error(f"could be any of: {', '.join(shortest)}")
    numbers = iter(_NUMBERED.findall(key))
    path = re.sub(r"(?<=\.)N(?=\.)", lambda _: next(numbers, "N"), shortest[0])
    if fields.find(path) is None or ".N." in path:
        raise place.at(key).error("expected a layer's number, counted from 1, in place of N: " + shortest[0])
    return path


def _unknown(key: str, pattern: str, known: list[str], place: Place) -> ScenarioError:
    here = place.at(bare_path(key))
    if key.split(".")[0] in ("timeline", "expect", "sweep"):
        return here.error("is written in the scenario's file, not set")
    inside = [path for path in known if f".{pattern}." in f".{path}"]
    if inside:
        return here.error(f"is a table; set one of its keys: {', '.join(inside)}")
    return here.error(f"unknown key{_nearest(pattern, known)}")


def _nearest(wrong: str, known: list[str]) -> str:
    """A key or table in the wrong one, or a near miss among whole paths, or among their last parts."""
    last = wrong.rpartition(".")[2]
    ends = {path.rpartition(".")[2]: path for path in reversed(known)}
    misplaced = fields.elsewhere(last)
    if misplaced and any(f"{path}.".startswith(f"{misplaced}.") for path in known):
        return did_you_mean(misplaced)
    return did_you_mean(nearest(wrong, known) or ends.get(nearest(last, ends) or ""))
