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
from nn_tui.scenario.values import read_value
from nn_tui.scenario.variants import lane_scenarios, led
from nn_tui.wording import quoted

LARGEST_FILE = 1_000_000
"""Bytes. A long session's recording is well below a tenth of it."""

_WHERE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")
_SWITCHES = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_WORD = re.compile(r"[^\W\d][\w.-]*")
_MOST = 40
"""Characters of a word that are told."""
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
        raise ScenarioError(f"not valid TOML: {str(error)[:200]}{_hint(error, text)}", source=source) from None
    except RecursionError:
        raise ScenarioError("not valid TOML: lists or tables are nested too deeply", source=source) from None
    except ValueError:
        # What leaves tomllib as a bare ValueError is Python's refusal to read a number of thousands of digits.
        raise ScenarioError("not valid TOML: a number in it has too many digits", source=source) from None
    return from_mapping(mapping, source)


def _hint(error: tomllib.TOMLDecodeError, text: str) -> str:
    """What to write, behind the error's own words: the commonest slips of those who write TOML by hand; else empty."""
    said = str(error)
    if "hex value" in said or "Unescaped '\\'" in said:
        return r"; in double quotes a backslash begins a code: write 'C:\Users' in single quotes, or C:/Users"
    if said.startswith("Cannot overwrite a value"):
        return "; a key stands twice in a table"
    if (where := _WHERE.search(said)) is None:
        return ""
    line, column = text.split("\n")[int(where[1]) - 1], int(where[2]) - 1
    advice = _of_value(line[column:].strip()) if said.startswith("Invalid value") else _of_rest(line, column)
    return f"; {advice}" if advice else ""


def _of_value(rest: str) -> str:
    """What to write for something that is no value."""
    if rest[:1] in "“”„«‘’‚":
        return 'quotes are straight: "…"' if rest else ""
    if re.match(r"\.[0-9]", rest):
        return f"write 0{re.match(r'[.0-9]*', rest)[0][:_MOST]}"  # type: ignore[index]
    if word := _WORD.match(rest):
        if switch := _SWITCHES.get(word[0].lower()):
            return f"write {switch}"
        return f'a text stands in quotes: "{word[0][:_MOST]}"'
    return ""


def _of_rest(line: str, column: int) -> str:
    """What to write where a line goes on in a way it may not."""
    before, sign = line[:column], line[column : column + 1]
    if sign == ":" and "=" not in before:
        return "write = in place of the colon"
    number = re.search(r"=\s*([-+]?[0-9]+)$", before)
    if number and (decimals := re.match(r"[.,]([0-9]*)\s*(#.*)?$", line[column:])):
        return f"write {number[1][:_MOST]}.{decimals[1][:_MOST] or '0'}"
    return ""


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
