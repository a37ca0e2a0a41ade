"""Output for programs and files: UTF-8 whatever the terminal's own encoding, as TOML, JSON and Python ask for."""

from typing import Any

import click

from nn_tui.shown import escaped, shown


def write_out(text: str) -> None:
    """Writes a document that ends with a line's end to stdout; what a terminal would obey is escaped in it."""
    click.echo(escaped(text).encode(), nl=False)


def write_json(value: Any) -> None:
    """Writes an object as JSON on one line; bytes of a file's name that are no text are shown in it."""
    import msgspec

    try:
        document = msgspec.json.encode(value)
    except UnicodeEncodeError:
        document = msgspec.json.encode(_as_text(msgspec.to_builtins(value)))
    write_out(document.decode() + "\n")


def _as_text(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else shown(value)
    if isinstance(value, dict):
        return {_as_text(key): _as_text(inner) for key, inner in value.items()}
    return [_as_text(inner) for inner in value] if isinstance(value, list | tuple) else value
