"""What is said on stderr: nothing in it obeyed, and no reason to end differently where it cannot be said."""

import os
import sys

import click

from nn_tui.shown import shown_lines


def tell(message: str) -> None:
    """Says something about what the program does, or why it does not."""
    try:
        click.echo(f"nn-tui: {shown_lines(message)}", err=True)
    except OSError:
        # Nobody can be told, of this least of all; Python would try once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
