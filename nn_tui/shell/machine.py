"""Output for programs and files: UTF-8 whatever the terminal's own encoding, as TOML, JSON and Python ask for."""

import click


def write_out(text: str) -> None:
    """Writes text that ends with a line's end to stdout."""
    click.echo(text.encode(), nl=False)
