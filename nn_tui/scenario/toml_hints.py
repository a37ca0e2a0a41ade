"""What was probably meant where a document is not valid TOML: the commonest mistakes of those who write it by hand."""

import re
import tomllib

_WHERE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")
_SWITCHES = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_WORD = re.compile(r"[^\W\d][\w.-]*")
_MOST = 40
"""Characters of a word that are told."""


def hint(error: tomllib.TOMLDecodeError, text: str) -> str:
    """What to write, to be put behind the error's own words; empty where nothing is known.

    Args:
        error: as `tomllib` raised it.
        text: the document.
    """
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
