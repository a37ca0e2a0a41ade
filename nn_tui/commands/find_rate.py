"""`nn-tui find-rate`: the learning rate that suits a scenario."""

import shlex
import sys

import click

from nn_tui.commands.failure import FAILED, INTERRUPTED, Failure, one_message
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell


@click.command("find-rate")
@click.argument("scenario")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
@click.option("--seeds", type=click.IntRange(2, 100), metavar="N", help="With how many seeds; 5 if not given.")
@click.option("--budget", type=click.IntRange(min=1), metavar="STEPS", help="Work: steps of a small network; 200000.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--plot", is_flag=True, help="Draw the loss over the rates.")
def find_rate_command(
    scenario: str, assignments: tuple[str, ...], seeds: int | None, budget: int | None, as_json: bool, plot: bool
) -> None:
    """Find the learning rate for a scenario's optimizer, by trying.

    Two short runs with a rising rate show where the loss falls. There the scenario is run, with several seeds: to its
    end, or as far as the budget reaches. The middle of the rates that no seed's luck sets apart from the best is
    proposed. --set optimizer=adam asks for another optimizer's.

    Exit status 1 where no rate makes the loss fall.
    """
    if as_json and plot:
        raise Failure("--json prints one object and nothing else; leave --plot out")
    with one_message():
        from nn_tui.scenario import overrides
        from nn_tui.scenario.errors import named
        from nn_tui.shell.tables.rate_table import print_rate, shown_share
        from nn_tui.training.given import given_scenario
        from nn_tui.training.rates.search import BUDGET, SEEDS, find_rate

        changes = dict(overrides.parse_assignment(text) for text in assignments)
        chosen = given_scenario(scenario, changes=changes, tell=tell)
        try:
            with named(scenario), shown_share(not as_json) as on_share:
                found = find_rate(chosen, seeds=seeds or SEEDS, budget=budget or BUDGET, on_share=on_share)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        command = ""
        if found.rate is not None:
            options = [*assignments, f"lr={found.rate:g}"]
            command = shlex.join(
                ["nn-tui", "replay", scenario, *(part for text in options for part in ("--set", text))]
            )
        if as_json:
            from msgspec import structs

            write_json(structs.asdict(found) | {"command": command})
        else:
            print_rate(found, command, plot)
    if found.rate is None:
        sys.exit(FAILED)
