"""Output for programs and files: UTF-8 whatever the terminal's own encoding, as TOML, JSON and Python ask for."""

import click

from nn_tui.shown import escaped


def write_out(text: str) -> None:
    """Writes a document that ends with a line's end to stdout; what a terminal would obey is escaped in it."""
    click.echo(escaped(text).encode(), nl=False)
