"""`nn-tui open`: the lab, as `nn-tui` alone."""

import click

from nn_tui.commands.failure import Failure
from nn_tui.commands.lab import open_lab


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
