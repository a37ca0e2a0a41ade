"""Scenarios from files, text and mappings. Whatever is wrong with them ends as a `ScenarioError`."""

import re
import tomllib
from pathlib import Path

from msgspec import structs

from nn_tui.scenario import fields
from nn_tui.scenario.data_table import FILES, Data
from nn_tui.scenario.errors import Place, ScenarioError
from nn_tui.scenario.expectations import check_expectations
from nn_tui.scenario.rules import check
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.tables import read_scenario
from nn_tui.scenario.timeline import check_timeline
from nn_tui.scenario.toml_hints import hint
from nn_tui.scenario.values import read_value
from nn_tui.scenario.variants import lane_scenarios, led
from nn_tui.wording import quoted

LARGEST_FILE = 1_000_000
"""Bytes. A long session's recording is well below a tenth of it."""

_LONG_KEY = re.compile(r"""(?<![\w"'-])[\w"'-]++(?:[ \t]*\.[ \t]*[\w"'-]++){100}""")


def load(path: Path) -> Scenario:
    """Reads a scenario from a file; a relative path to data in it is made absolute, from the file's folder.

    Raises:
        ScenarioError: if the file cannot be read, or is not a valid scenario.
    """
    source = str(path)
    scenario = loads(_text(_bytes(path, source), source), source)
    absolute = {}
    for key in FILES:
        relative = getattr(scenario.data, key)
        if relative is not None:
            try:
                absolute[key] = str(path.absolute().parent / Path(relative).expanduser())
            except RuntimeError as error:
                # Of a user nobody knows.
                raise ScenarioError(f"{quoted(relative)}: {error}", source=source, key=f"data.{key}") from None
            # The folder's name joins the scenario's text, and has to be something that can be written down again.
            read_value(fields.table(Data)[key], absolute[key], Place(source, f"data.{key}"))
    return structs.replace(scenario, data=structs.replace(scenario.data, **absolute)) if absolute else scenario


def loads(text: str, source: str = "scenario") -> Scenario:
    """Reads a scenario from TOML.

    Args:
        text: the TOML document.
        source: what to call it in messages.

    Raises:
        ScenarioError: if it is not TOML, or not a valid scenario.
    """
    if not text.strip():
        raise ScenarioError("the file is empty", source=source)
    if _LONG_KEY.search(text):
        # The time to read such a key grows with the square of its parts.
        raise ScenarioError("not valid TOML: a key in it has too many parts", source=source)
    try:
        mapping = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"not valid TOML: {str(error)[:200]}{hint(error, text)}", source=source) from None
    except RecursionError:
        raise ScenarioError("not valid TOML: lists or tables are nested too deeply", source=source) from None
    except ValueError:
        # What leaves tomllib as a bare ValueError is Python's refusal to read a number of thousands of digits.
        raise ScenarioError("not valid TOML: a number in it has too many digits", source=source) from None
    return from_mapping(mapping, source)


def from_mapping(mapping: object, source: str = "scenario") -> Scenario:
    """Reads a scenario from what TOML or JSON gives for it.

    Raises:
        ScenarioError: if it is not a valid scenario.
    """
    place = Place(source)
    scenario = led(read_scenario(mapping, place), mapping, place)
    check(scenario, place)
    lane_scenarios(scenario, place.at("training.race"))
    check_expectations(scenario, place)
    check_timeline(scenario, place)
    return scenario


def _bytes(path: Path, source: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        # A NUL in a path is a ValueError, everything else an OSError with words of its own.
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ScenarioError(f"cannot be read: {reason}", source=source) from None
    if len(content) > LARGEST_FILE:
        raise ScenarioError(f"too large for a scenario (more than {LARGEST_FILE:,} bytes)", source=source)
    return content


def _text(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lines = content[: error.start].split(b"\n")
        where = f"line {len(lines)}, column {len(lines[-1]) + 1}"
        raise ScenarioError(f"not UTF-8: byte 0x{content[error.start]:02x} (at {where})", source=source) from None
