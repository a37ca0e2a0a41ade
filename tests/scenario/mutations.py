"""Valid scenarios, broken in every way a hand or a disk could break them."""

import copy
import datetime
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nn_tui.scenario import catalogue
from tests.scenario.scenarios import XOR, Plain

_BITS = (
    *(b"\0", b"\x1b", b"\xff", b"\xc3", b"\r", b"\n", b"\t", b'"', b"'''", b'"""', b"=", b"[", b"]", b"[[", b"{"),
    *(b"}", b",", b".", b"#", b"\\", b"\\u0000", b"\\ud800", b"-", b"_", b"e9999", b"nan", b"true", b"0x", b"1-1"),
)
_KEYS = ("", "kind", "lr", "set", "N", "1", "a.b", "__proto__", "\x1b[2J", "name", "units", "title", "é", "x" * 500)
_VALUES: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 2, 2**63, -(2**70), 10**400, -0.0, 0.5, 1e308, math.nan, math.inf, -math.inf),
    *("", "adam", "xor", "auto", "softmax", "a\0b", "\x1b[31m", "\ud800", "x" * 200_000),
    *([], [0], [[]], ["x"], [1, "x", None], [{}], [{"metric": "status"}], (1, 2), {"a", "b"}, {1: 2}, {}),
    *({"name": "adam"}, {"name": []}, {"units": 0}, {"a": {"b": {"c": {"d": {"e": {}}}}}}, b"bytes", object()),
    *(datetime.date(2026, 1, 1), datetime.time(1), datetime.datetime(2026, 1, 1)),
)
"""More than TOML can say: mappings come from JSON and from programs, too."""


def texts() -> list[str]:
    """Valid TOML to start from."""
    return [XOR, *(Path(catalogue.find(name)).read_text(encoding="utf-8") for name in catalogue.names())]


def broken_bytes(count: int, seed: int) -> Iterator[bytes]:
    """Scenario files with pieces of text cut, doubled, moved or put in."""
    draw = random.Random(seed)
    originals = [text.encode() for text in texts()]
    for _ in range(count):
        content = draw.choice(originals)
        for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
            start = draw.randrange(len(content) + 1)
            end = min(len(content), start + draw.choice((0, 1, 1, 3, 10, 100)))
            middle = draw.choice((b"", draw.choice(_BITS), content[start:end] * 2, bytes([draw.randrange(256)])))
            content = content[:start] + middle + content[end:]
        yield content


def broken_mappings(originals: list[Plain], count: int, seed: int, values: tuple[Any, ...] = _VALUES) -> Iterator[Any]:
    """Mappings with keys and values taken out, renamed, moved or put in, at any depth."""
    draw = random.Random(seed)
    for _ in range(count):
        mapping: Any = copy.deepcopy(draw.choice(originals))
        for _ in range(draw.choice((1, 1, 1, 2, 4))):
            mapping = _broken(mapping, draw, values)
        yield mapping


def _broken(whole: Any, draw: random.Random, values: tuple[Any, ...]) -> Any:
    containers = list(_containers(whole))
    if not containers or draw.random() < 0.01:
        return copy.deepcopy(draw.choice(values))
    container = draw.choice(containers)
    other = draw.choice(containers)
    value = copy.deepcopy(draw.choice((*values, other)))
    if isinstance(container, dict):
        key = draw.choice((*container, draw.choice(_KEYS)))
        if draw.random() < 0.3:
            container.pop(key, None)
        elif draw.random() < 0.3:
            container[draw.choice(_KEYS)] = container.pop(key, value)
        else:
            container[key] = value
    elif container and draw.random() < 0.7:
        container[draw.randrange(len(container))] = value
    else:
        container.append(value)
    return whole


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for item in list(value.values()) if isinstance(value, dict) else value:
            yield from _containers(item)
