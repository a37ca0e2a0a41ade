"""What a search for a rate came to, for people: the proposal, and the loss over the rates."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from rich.text import Text

from nn_tui.charts.palette import terminal
from nn_tui.charts.plot import Line, Moment, Plot, within
from nn_tui.numerals import in_full
from nn_tui.shell.console import Terminal
from nn_tui.shell.plots.curves import print_plot
from nn_tui.shown import shown
from nn_tui.training.rates.choice import SHARED
from nn_tui.training.rates.search import RateFound
from nn_tui.wording import counted

_MOST_LOSS = 3.0
"""Of the loss at the start: where the axis ends at most."""


def print_rate(found: RateFound, command: str, plot: bool) -> None:
    """Prints it on stdout, with the loss over the rates if asked to."""
    console = Terminal()
    console.print(Text.assemble((shown(found.scenario), "bold"), f"  {found.optimizer}"))
    if found.rate is None:
        console.print(Text("no rate makes the loss fall: the rate is not what this run lacks", style="yellow"))
    else:
        console.print(Text.assemble("rate ", (in_full(found.rate), "bold blue"), f"   {found.reach}"))
    until = "to the end" if found.whole else f"for {counted(found.steps, 'step')} of it, as far as the budget reaches"
    runs = sum(rung.seeds for rung in found.curve)
    made = f"{counted(runs, 'run')} {until}, up to {counted(len(found.seeds), 'seed')} a rate"
    how = ", the middle of equally good ones" if found.rate is not None else ""
    told = f"{made}; chosen by the {found.chosen_by}{how}; {found.seconds:.1f} s"
    console.print(Text(told, style="dim"), soft_wrap=True)
    if plot:
        _plot(found)
    if command:
        console.print(Text(f"\n{command}"), soft_wrap=True)


def _plot(found: RateFound) -> None:
    drawn = [(rung.rate, rung.shared) for rung in found.curve if rung.shared is not None and rung.shared > 0.0]
    if len(drawn) < 2:
        return
    console, colors = Terminal(), terminal()
    rates, losses = np.array(drawn, np.float64).T
    line = Line(rates, losses, colors.train, marker="" if console.colored else "o")
    best = () if found.rate is None else (Moment(found.rate, in_full(found.rate)),)
    seeds = f"mean over the {SHARED} seeds that all rates have"
    print(f"\n{found.chosen_by} at the end over the learning rate, {seeds}, log scale")
    plot = Plot([line], x_unit="rate", log=True, moments=best, whole_x=False, log_x=True)
    print_plot(within(plot, 0.0, _MOST_LOSS * found.start), console)


@contextmanager
def shown_share(wanted: bool) -> Iterator[Callable[[float], None] | None]:
    """Gives what is to be told how much is done, to move a bar on stderr; None where there is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.percentage:>3.0f} %"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share: bar.update(task, completed=share)
