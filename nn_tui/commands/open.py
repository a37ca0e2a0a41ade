"""`nn-tui open`: the lab, as `nn-tui` alone."""

import click

from nn_tui.commands.failure import Failure
from nn_tui.commands.lab import open_lab


@click.command("open")
@click.argument("scenario", required=False)
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
def open_command(scenario: str | None, assignments: tuple[str, ...]) -> None:
    """The lab: change a scenario while it trains.

    SCENARIO is a name from the catalog or a path to a TOML file; or a kept run as @12, a sweep as sweep:1a2b, to look
    at it and open its trials, a saved model, whose run goes on, or a table. Without one the lab opens where it was
    left, the first time with xor.
    """
    if assignments and scenario is None:
        raise Failure("--set changes a SCENARIO before it is opened; name one")
    open_lab(scenario, assignments)
