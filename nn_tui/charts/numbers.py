"""Numbers and words as pictures show them: in fixed widths, as short as they can be."""

import math
from collections.abc import Sequence


def fixed(value: float | None, width: int = 6) -> str:
    """A number right-aligned in a fixed width, with as many digits as fit: `0.1823`, ` 12.30`, `1.2e-5`."""
    if value is None or math.isnan(value):
        return "–".rjust(width)
    if math.isinf(value):
        return ("∞" if value > 0 else "−∞").rjust(width)
    value += 0.0  # −0 is 0.
    size = abs(value)
    if size != 0 and (size < 10.0 ** (3 - width) or size >= 10.0 ** (width - 1)):
        texts = (scientific(value, digits) for digits in range(width - 5, 0, -1))
        text = next((text for text in texts if len(text) <= width), scientific(value))
    else:
        whole = len(str(int(size))) + (value < 0)
        text = f"{value:.{max(0, width - 1 - whole)}f}"
    return text.rjust(width)


def percent(share: float) -> str:
    """A share in five characters: ` 9.3%`, `97.1%`, ` 100%`; only all of them are 100 %."""
    if math.isnan(share):
        return "  –  "
    return " 100%" if share > 0.9995 else f"{100.0 * share:4.1f}%"


def scientific(value: float, digits: int = 0) -> str:
    """A number with a power of ten and so many digits behind the point: `1.2e-5`."""
    return f"{value:.{digits}e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def cut(text: str, width: int) -> str:
    """As much of a text as fits, with a sign that some is left out."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def in_lines(entries: Sequence[str], width: int) -> list[str]:
    """Entries side by side in as few lines as they fit in, none of them broken."""
    lines: list[str] = []
    for entry in entries:
        if lines and len(lines[-1]) + 3 + len(entry) <= width:
            lines[-1] += f"   {entry}"
        else:
            lines.append(entry)
    return lines


def abbreviated(names: Sequence[str], width: int) -> list[str]:
    """Names in so many letters, all different: their first words or letters, with a number where these are the same."""
    short = [_beginning(name, width) for name in names]
    return [
        text if short.count(text) == 1 or width < 2 else f"{text[: width - len(str(number))]}{number}"
        for number, text in enumerate(short, 1)
    ]


def _beginning(name: str, width: int) -> str:
    """As many whole words as fit if they make up half of the width, else letters."""
    if len(name) <= width:
        return name
    ends = [
        at for at in range(max(2, (width + 1) // 2), width + 1) if not name[at].isalnum() and name[at - 1].isalnum()
    ]
    return name[: ends[-1]] if ends else name[: max(0, width)]
