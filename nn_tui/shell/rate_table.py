"""What a search for a rate came to, for people: the proposal, and the loss over the rates."""

import math
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import plotext
from rich.text import Text

from nn_tui.charts import ticks
from nn_tui.data.wording import counted
from nn_tui.shell.console import Terminal
from nn_tui.shown import shown
from nn_tui.training.rates.search import RateFound

_HEIGHT = 16
_MOST_WIDTH = 100
_COLOR, _BEST = 33, 208


def print_rate(found: RateFound, command: str, plot: bool) -> None:
    """Prints it on stdout, with the loss over the rates if asked to."""
    console = Terminal()
    console.print(Text.assemble((shown(found.scenario), "bold"), f"  {found.optimizer}"))
    if found.rate is None:
        console.print(Text("no rate makes the loss fall: the rate is not what this run lacks", style="yellow"))
    else:
        assert found.interval is not None
        low, high = found.interval
        console.print(Text.assemble("rate ", (f"{found.rate:g}", "bold blue"), f"   {low:g} to {high:g} train"))
    until = "to the end" if found.whole else f"for {counted(found.steps, 'step')} of it, as far as the budget reaches"
    runs = sum(rung.seeds for rung in found.curve)
    told = f"{counted(runs, 'run')} {until}, up to {counted(len(found.seeds), 'seed')} a rate; chosen on the "
    console.print(Text(f"{told}{found.chosen_on} set; {found.seconds:.1f} s", style="dim"), soft_wrap=True)
    if plot:
        _plot(found, console.colored)
    if command:
        console.print(Text(f"\n{command}"), soft_wrap=True)


def _plot(found: RateFound, colored: bool) -> None:
    drawn = [rung for rung in found.curve if rung.loss is not None and rung.loss > 0.0]
    if len(drawn) < 2:
        return
    most = 3.0 * found.start
    x = [math.log10(rung.rate) for rung in drawn]
    y = [math.log10(min(rung.loss or 0.0, most)) for rung in drawn]
    figure = plotext
    figure.clear_figure()
    figure.theme("clear")
    width = min(shutil.get_terminal_size().columns, _MOST_WIDTH)
    figure.plot_size(width, _HEIGHT)
    figure.plot(x, y, color=_COLOR, marker="braille" if colored else "o")
    if found.rate is not None:
        figure.vertical_line(math.log10(found.rate), color=_BEST)
    low, high = min(y), max(y)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    figure.ylim(low, high)
    figure.xlim(x[0], x[-1])
    for set_ticks, marks in (
        (figure.yticks, ticks.logarithmic(low, high, _HEIGHT // 3)),
        (figure.xticks, ticks.logarithmic(x[0], x[-1], max(2, width // 12))),
    ):
        set_ticks([place for place, _ in marks], [label for _, label in marks])
    figure.xlabel("learning rate")
    text = figure.build()
    print(f"\n{found.chosen_on} loss at the end, mean over seeds, log scale")
    print((text if colored else figure.uncolorize(text)).rstrip())


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
