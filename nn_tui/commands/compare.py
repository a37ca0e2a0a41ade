"""`nn-tui compare`: runs beside each other."""

import sys

import click

from nn_tui.commands.failure import INTERRUPTED, Failure, one_message
from nn_tui.shell.machine import write_json


@click.command("compare")
@click.argument("runs", nargs=-1, metavar="RUN RUN…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--plot", is_flag=True, help="Draw the loss curves over each other.")
def compare_command(runs: tuple[str, ...], as_json: bool, plot: bool) -> None:
    """Lay runs beside each other: what differs in their settings, and what each came to.

    A RUN is a kept one, as 12 or @12; a scenario, by its name in the catalog or its file, which is run now; a model
    that --save wrote, or the rows that --metrics did.
    """
    if len(runs) < 2:
        raise Failure("name two runs or more to compare, such as: nn-tui compare @12 @13")
    if as_json and plot:
        raise Failure("--json prints one object and nothing else; leave --plot out")
    with one_message():
        from nn_tui.shell.interruption import Interruption
        from nn_tui.shell.progress import shown_progress
        from nn_tui.training.comparison import compared, differing

        chosen = []
        with Interruption() as interruption:
            for name in runs:
                with shown_progress(not as_json) as progress:
                    chosen.append(compared(f"@{name}" if name.isdecimal() else name, interruption, progress))
                if interruption():
                    sys.exit(INTERRUPTED)
        settings = differing([run.scenario for run in chosen])
        if as_json:
            lines = [run.line.public() | {"name": run.label} for run in chosen]
            write_json({"runs": lines, "settings": settings})
            return
        from nn_tui.shell.tables.comparison_table import print_comparison

        print_comparison(chosen, settings)
        if plot:
            from nn_tui.shell.plots.comparison_plot import print_loss_curves

            print_loss_curves([(run.label, run.history) for run in chosen if run.history is not None])
