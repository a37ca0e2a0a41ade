"""Something put wrong at random: in bytes, and in what a document holds, so that it is still one."""

import random
from typing import Any

TOKENS = (
    *(b"\x00", b"\x1b[31m", b"\xff\xfe", b"\xe2\x80\xae", b"[/b]", b"\n", b'"', b"'", b",", b";", b"=", b"[[", b"]"),
    *(b"nan", b"-inf", b"1e999", b"-1", b"0", b"99999999999999999999", b"1,500", b"\xc2\xa0", b"true", b"null"),
)
_ODD_TEXTS = (
    *("", " ", "nan", "inf", "auto", "none", "relu", "adam", "\u202e[/b]\x1b[31m", "[@click=app.quit]x[/]", "x" * 3000),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 3, 10**9, 10**15, -(10**15), 2**63, 0.0, -0.0, 1e-320, 1e308, 0.5, -1.5),
    *_ODD_TEXTS,
    *(
        [],
        [[]],
        {},
        {"": ""},
        [0],
        [1, 2, 3],
        ["a", "a"],
        {"name": "adam"},
        {"name": "sgd", "lr": -1},
        "../../x",
        "\ud800",
    ),
)


def mutated(chance: random.Random, content: bytes, most: int = 8) -> bytes:
    """Some bytes changed, taken out, doubled or put in, up to so many times."""
    mutant = bytearray(content)
    for _ in range(chance.randint(1, most)):
        at = chance.randrange(len(mutant) + 1)
        length = min(chance.randint(0, 40), len(mutant) - at)
        match chance.randrange(6):
            case 0:
                del mutant[at : at + length]
            case 1:
                mutant[at:at] = mutant[at : at + length]
            case 2:
                mutant[at:at] = chance.choice(TOKENS)
            case 3:
                mutant[at : at + length] = chance.randbytes(length)
            case 4:
                mutant[at : at + 1] = bytes([chance.randrange(256)])
            case 5 if mutant and at < len(mutant):
                mutant[at] ^= 1 << chance.randrange(8)
    return bytes(mutant)


def altered(chance: random.Random, document: Any, most: int = 3) -> Any:
    """A document with some values changed, left out, moved or added, at any depth."""
    for _ in range(chance.randint(1, most)):
        document = _altered_once(chance, document)
    return document


def _altered_once(chance: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        match chance.randrange(10):
            case 0:
                return {name: inner for name, inner in value.items() if name != key}
            case 1:
                return value | {chance.choice(_ODD_TEXTS): value[key]}
            case 2:
                return value | {key: value[chance.choice(list(value))]}
        return value | {key: _altered_once(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        match chance.randrange(8):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, value[at]]
            case 2:
                return value * 20
        return [*value[:at], _altered_once(chance, value[at]), *value[at + 1 :]]
    if isinstance(value, int | float) and not isinstance(value, bool) and chance.random() < 0.3:
        return chance.choice((-value, value * 10, value / 7, value + 1, str(value), [value]))
    return chance.choice(ODD)


def toml(value: Any) -> str:
    """A value as TOML writes it on one line; None as a text, which TOML has no word for."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(str(key))} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return _text(str(value))


def document(table: Any) -> str:
    """A table as a TOML file; what is none any more as something that is no TOML."""
    if not isinstance(table, dict):
        return toml(table)
    return "".join(f"{_text(str(key))} = {toml(value)}\n" for key, value in table.items())


def _text(text: str) -> str:
    kept = text.encode("utf-8", "replace").decode()
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in kept) + '"'
