"""How names, numbers and cells are worded in messages: short, on one line, nothing a terminal would obey."""

import difflib
from collections.abc import Iterable

from nn_tui.shown import shown

LONGEST = 60
"""Characters of a name or a text in a message."""

_MOST_NAMES = 12


def quoted(text: str) -> str:
    """Text in single quotes, shortened, with control characters escaped, and whatever else would not be seen."""
    short = shown(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
    return "'" + "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short) + "'"


def counted(count: int, noun: str) -> str:
    """A number of things: `1 step`, `1,200 steps`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def metric_name(metric: str) -> str:
    """A metric in words: `test accuracy`, `balanced accuracy`, `R²`."""
    of, _, score = metric.rpartition(".")
    name = {"r2": "R²"}.get(score, score.replace("_", " "))
    return f"{of.replace('.', ' ')} {name}".lstrip()


def near_miss(wrong: str, right: Iterable[str]) -> str | None:
    """The name that was probably meant, however it is capitalized, or None if nothing is near."""
    names = {name.lower()[:LONGEST]: name for name in right}
    near = difflib.get_close_matches(wrong.lower()[:LONGEST], names, n=1, cutoff=0.6)
    return names[near[0]] if near else None


def did_you_mean(near: str | None) -> str:
    """`; did you mean 'adam'?` if there is something near, else nothing."""
    return f"; did you mean {quoted(near)}?" if near else ""


def suggestion(wrong: str, right: Iterable[str]) -> str:
    """`; did you mean 'species'?` for a near miss, else nothing."""
    return did_you_mean(near_miss(wrong, right))


def listed(names: Iterable[str]) -> str:
    """Quoted names, the first dozen of them."""
    known = list(names)
    more = f", … ({len(known)} in all)" if len(known) > _MOST_NAMES else ""
    return ", ".join(quoted(name) for name in known[:_MOST_NAMES]) + more
