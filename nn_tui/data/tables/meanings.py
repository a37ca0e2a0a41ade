"""What a column of texts may have been meant as: dates, or numbers with signs around them."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import product

from nn_tui.wording import quoted

_ISO = "date"
_DAYS = ("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%d %b %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
_FORMS = (*map("".join, product(_DAYS, _TIMES)), "%H:%M", "%H:%M:%S")
_LOOKED_AT = 200
_MOSTLY = 0.9
_SIGNED = re.compile(
    r"[-+(<>~≈“'\"]{0,2}(?:[$€£¥₹]|[A-Z]{3})?\s?[-+]?[0-9][0-9.,'\s]*"
    r"(?:[eEdD][-+]?[0-9]+)?\s?(?:[%$€£¥₹°][A-Za-z]?|[A-Za-zµ][A-Za-z0-9/²³^]{0,5})?[)”'\"]{0,2}"
)


def meant(name: str, texts: Sequence[str]) -> str:
    """What a column's texts may have been meant as and how that is had, to follow a reason; empty for plain texts."""
    looked_at = texts[:_LOOKED_AT]
    if form := date_form(looked_at):
        return f'; as dates they are numbers: coding = {{ "{name}" = "{form}" }}'
    signed = [text for text in looked_at if _SIGNED.fullmatch(text)]
    if looked_at and len(signed) >= _MOSTLY * len(looked_at):
        return f"; numbers with signs around them, such as {quoted(signed[0])}, are learned from if they stand alone"
    return ""


def date_form(texts: Sequence[str]) -> str:
    """How dates are written, as `coding` takes it; empty where texts are none, or the first hundreds not all are."""
    texts = texts[:_LOOKED_AT]
    if not texts or not all(text[:1].isdigit() for text in texts):
        return ""
    if all(map(_is_iso, texts)):
        return _ISO
    return next((form for form in _FORMS if all(_fits(text, form) for text in texts)), "")


def _is_iso(text: str) -> bool:
    with suppress(ValueError):
        datetime.fromisoformat(text)
        return "-" in text
    return False


def _fits(text: str, form: str) -> bool:
    with suppress(ValueError):
        datetime.strptime(text, form)
        return True
    return False
