"""`nn-tui open`, and `nn-tui` alone: the lab."""

import sys
from collections.abc import Sequence

import click

from nn_tui.commands.failure import Failure, one_message


@click.command("open")
@click.argument("scenario", required=False)
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
def open_command(scenario: str | None, assignments: tuple[str, ...]) -> None:
    """The lab: change a scenario while it trains.

    SCENARIO is a name from the catalogue or a path to a TOML file. Without one the lab opens where it was left, the
    first time with xor.
    """
    if assignments and scenario is None:
        raise Failure("--set changes a SCENARIO before it is opened; name one")
    open_lab(scenario, assignments)


def open_lab(scenario: str | None, assignments: Sequence[str] = ()) -> None:
    """Runs the lab until it is left."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure("the lab needs a terminal for its input and output (nn-tui replay trains without one)")
    # The worker's process starts before all else that takes time, so that both get ready together.
    from nn_tui.deferral import defer
    from nn_tui.shell.interruption import forget_presses
    from nn_tui.training.launch import launch

    forget_presses()
    launched = launch()
    # The lab needs no number before its first picture.
    defer("numpy")
    try:
        with one_message():
            from nn_tui.scenario.overrides import parse_assignment
            from nn_tui.tui.app import LabApp

            app = LabApp(scenario, launched, changes=dict(parse_assignment(text) for text in assignments))
        app.run()
        sys.exit(app.return_code or 0)
    finally:
        # Whatever has become of the app: without its pipe the worker ends.
        if launched.process.stdin is not None:
            launched.process.stdin.close()
