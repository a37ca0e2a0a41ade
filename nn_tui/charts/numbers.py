"""Numbers and words as pictures show them: in fixed widths, as short as they can be.

Widths are in cells of the screen, of which Chinese, Japanese and Korean characters take two.
"""

import math
from collections.abc import Sequence

from rich.cells import cell_len

from nn_tui.numerals import NONE, fixed_point, numeral, scientific


def fixed(value: float | None, width: int = 6) -> str:
    """A number right-aligned in a fixed width, with as many digits as fit: `0.1823`, ` 12.30`, `1.2e−5`."""
    if value is None or math.isnan(value):
        return NONE.rjust(width)
    if math.isinf(value):
        return numeral(value).rjust(width)
    value += 0.0  # −0 is 0.
    size = abs(value)
    # What a power of ten would write as the least of those without one is written as such.
    least = 10.0 ** (3 - width) - 0.5 * 10.0 ** (2 - width - max(0, width - 5))
    if size == 0 or least <= size < 10.0 ** (width - 1):
        whole = len(str(int(size))) + (value < 0)
        text = fixed_point(value, max(0, width - 1 - whole))
        # 9.99999 is rounded to one digit more than it has.
        text = text[:width].rstrip(".") if "." in text else text
        if len(text) <= width:
            return text.rjust(width)
    texts = (scientific(value, digits) for digits in range(width - 5, 0, -1))
    return next((text for text in texts if len(text) <= width), scientific(value)).rjust(width)


def percent(share: float) -> str:
    """A share in five characters: ` 9.3%`, `97.1%`, ` 100%`; only all of them are 100 %."""
    if math.isnan(share):
        return "  –  "
    return " 100%" if share >= 1.0 else f"{min(99.9, 100.0 * share):4.1f}%"


def chance(name: str, share: str) -> str:
    """A class and how likely it is: `Coat: 61.2%`; one that could be taken for a number too: `class 0: 99.2%`."""
    return f"{'' if name[:1].isalpha() else 'class '}{name}: {share.strip()}"


def whole_percent(share: float) -> str:
    """A share in whole percents: `9%`, `97%`; only all of them are 100 %, and only none of them 0 %."""
    if math.isnan(share):
        return NONE
    return "<1%" if 0.0 < share < 0.005 else f"{share if not 0.99 < share < 1.0 else 0.99:.0%}"


def cells(text: str) -> int:
    """How many cells a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def beginning(text: str, width: int) -> str:
    """As many whole characters as fit."""
    taken = 0
    for at, character in enumerate(text):
        taken += cells(character)
        if taken > width:
            return text[:at]
    return text


def cut(text: str, width: int) -> str:
    """As much of a text as fits, with a sign that some is left out."""
    return text if cells(text) <= width else beginning(text, max(0, width - 1)) + "…"


def to_left(text: str, width: int) -> str:
    """A text with blanks behind it, up to a width."""
    return text + " " * (width - cells(text))


def to_right(text: str, width: int) -> str:
    """A text with blanks before it, up to a width."""
    return " " * (width - cells(text)) + text


def to_middle(text: str, width: int) -> str:
    """A text with blanks on both sides, up to a width; as `str.center` has it."""
    blanks = width - cells(text)
    return to_left(" " * (blanks // 2 + (blanks & width & 1)) + text, width)


def told_apart(names: Sequence[str], width: int) -> list[str]:
    """Names as much of each as fits; those that would look alike are cut in the middle, not at the end."""
    short = [cut(name, width) for name in names]
    return [
        text if text == name or short.count(text) == 1 else _without_middle(name, width)
        for text, name in zip(short, names, strict=True)
    ]


def _without_middle(text: str, width: int) -> str:
    end = beginning(text[::-1], 2 * (width - 1) // 3)[::-1]
    return f"{beginning(text, width - 1 - cells(end))}…{end}"


def in_lines(entries: Sequence[str], width: int, gap: int = 3) -> list[str]:
    """Entries side by side, so many blanks between them, in as few lines as they fit in, none of them broken."""
    lines: list[str] = []
    for entry in entries:
        if lines and cells(lines[-1]) + gap + cells(entry) <= width:
            lines[-1] += " " * gap + entry
        else:
            lines.append(entry)
    return lines
