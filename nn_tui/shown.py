"""Text that comes from a file, an argument or the environment, shown and not obeyed.

A terminal obeys control characters, and some characters turn the order of those after them around, so that one reads
what is not there (Boucher and Anderson, Trojan Source, 2021). Both are shown as what they are.
"""

import os
import re

_OBEYED = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # controls, but for the line's end
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\u2028\u2029"  # ends of lines and paragraphs
    "\ufeff\ufff9-\ufffb"  # byte-order mark, annotations
    "\ud800-\udfff"  # halves of characters: bytes of a file's name that are no UTF-8
    "\U000e0000-\U000e007f"  # tags, which nothing shows
)
_ANY = re.compile(f"[{_OBEYED}]")
_ANY_OR_END = re.compile(f"[\n{_OBEYED}]")
_PICTURES = 0x2400
"""Where Unicode has signs for the control characters, one cell each."""


def shown(text: str | os.PathLike[str]) -> str:
    """Text or a path on one line: what a terminal would obey is written as in a program, `\\x1b` or `\\u202e`."""
    return _ANY_OR_END.sub(_written, os.fspath(text))


def shown_lines(text: str) -> str:
    """Text that may have several lines."""
    return _ANY.sub(_written, text)


def in_cells(text: str) -> str:
    """Text on one line with one sign for each such character, for places that are counted in cells."""
    return _ANY_OR_END.sub(_sign, text) if not text.isprintable() and _ANY_OR_END.search(text) else text


def escaped(document: str) -> str:
    """A document in TOML, JSON or Python in which such characters stand in strings only: as their escapes."""
    return _ANY.sub(_escape, document)


def _written(found: re.Match[str]) -> str:
    character = found[0]
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return ascii(character)[1:-1]


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    return chr(_PICTURES + 0x21) if code == 0x7F else "\ufffd"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    # Tabs stand between what is written, and tags have no escape that all three know; neither is obeyed.
    return found[0] if code == 0x09 or code > 0xFFFF else f"\\u{code:04x}"
