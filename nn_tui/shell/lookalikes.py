"""For terminals and pipes without the characters that the program draws with: others that look like them."""

import codecs
import unicodedata

_UNKNOWN = "?"
_LOOKALIKES = {
    character: plain
    for characters, plain in (
        ("─━═╌", "-"),
        ("│┃║", "|"),
        ("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
        ("·…", "."),
        ("░", ":"),
        ("▒", "="),
        ("▓█", "#"),
        ("−–—", "-"),
        ("→", ">"),
        ("←", "<"),
        ("≥", ">="),
        ("≤", "<="),
        ("≈", "~"),
        ("±", "+-"),
        ("×✕✗", "x"),
        ("✓", "+"),
        ("○", "o"),
        ("●", "*"),
        ("◇", "^"),
        ("²", "^2"),
        ("³", "^3"),
        ("⁴", "^4"),
        ("“”", '"'),
        ("‘’", "'"),
    )
    for character in characters
}
_DOTS = (range(0x2800, 0x2900), range(0x2580, 0x25A0))
"""Braille, and blocks that fill a part of a cell: curves are drawn with them."""


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(_lookalike, missing)), error.end


def _plain_cells(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_in_cells, error.object[error.start : error.end])), error.end


def _in_cells(character: str) -> str:
    """As wide as the character."""
    width = 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return _lookalike(character)[:width].ljust(width, _UNKNOWN)


def _lookalike(character: str) -> str:
    if any(ord(character) in dots for dots in _DOTS) and character not in _LOOKALIKES:
        return "*"
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return _LOOKALIKES.get(character, bare or _UNKNOWN)


LOOKALIKES = "nn_tui.lookalikes"
"""To be given as `errors` where text is encoded."""

LOOKALIKE_CELLS = "nn_tui.lookalike_cells"
"""The same for a screen, where each character has to stay in its cells."""

codecs.register_error(LOOKALIKES, _plain)
codecs.register_error(LOOKALIKE_CELLS, _plain_cells)
