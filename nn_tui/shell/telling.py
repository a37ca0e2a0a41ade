"""What is said on stderr: one line, nothing in it obeyed."""

import click

from nn_tui.shown import shown


def tell(message: str) -> None:
    """Says something about what the program does, or why it does not."""
    click.echo(f"nn-tui: {shown(message)}", err=True)
