"""Numbers, texts and lists as Python source that a person would write."""

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.shown import escaped, shown

_WIDTH = 100


def numbers(values: Sequence[float] | NDArray[np.float64]) -> list[str]:
    """Each number, to its last digit."""
    return [repr(float(value)) for value in values]


def vector(values: NDArray[np.float64]) -> str:
    """One number, or a tensor of several."""
    written = numbers(values)
    return written[0] if len(written) == 1 else f"torch.tensor([{', '.join(written)}])"


def quoted(text: str) -> str:
    """A text in quotes."""
    return escaped(json.dumps(text, ensure_ascii=False))


def in_docstring(text: str) -> str:
    """Text that can stand in a docstring."""
    return shown(text).replace("\\", "\\\\").replace('"', "'")


def listing(before: str, items: Sequence[str], after: str = "") -> str:
    """A list on one line, or on as many as it takes."""
    line = f"{before}[{', '.join(items)}]{after}"
    if len(line) <= _WIDTH:
        return line
    indent = " " * (len(before) - len(before.lstrip()))
    lines = [""]
    for item in items:
        if lines[-1] and len(indent) + 5 + len(lines[-1]) + len(item) > _WIDTH:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{item},"
    return "\n".join([f"{before}[", *(f"{indent}    {line}" for line in lines), f"{indent}]{after}"])
