"""`nn-tui gradcheck`: is the gradient the slope of the loss?"""

import sys

import click

from nn_tui.commands.failure import FAILED, one_message
from nn_tui.shell.telling import tell


@click.command("gradcheck")
@click.argument("scenario")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
def gradcheck_command(scenario: str, assignments: tuple[str, ...]) -> None:
    """Compare a scenario's gradient with differences of its loss.

    The network is built in float64, at its initial parameters, without dropout. On the first batch the loss is
    computed a little to either side of each parameter; what it rises by must be what the backward pass says. Of large
    networks a part of the parameters is compared, drawn from the scenario's seed.

    Exit status: 0 the relative error is under 1e-6 in every layer whose gradient is large enough to tell; 1 it is not;
    2 bad input.
    """
    with one_message():
        from nn_tui.scenario.errors import named
        from nn_tui.scenario.overrides import parse_assignment
        from nn_tui.training.given import given_scenario

        chosen = given_scenario(scenario, changes=dict(map(parse_assignment, assignments)), tell=tell)

        from threadpoolctl import threadpool_limits

        from nn_tui.training.run.gradient_check import check_scenario

        with named(scenario), threadpool_limits(1):
            check = check_scenario(chosen)

    from nn_tui.shell.tables.gradient_table import print_check

    print_check(check)
    sys.exit(0 if check.found.agrees else FAILED)
