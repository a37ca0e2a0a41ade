"""What a sweep came to, for people: the ranking, what each key accounts for, a curve or a heat map, a command."""

import math
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from nn_tui.charts.numbers import cells, cut
from nn_tui.charts.palette import terminal
from nn_tui.charts.spread import spread_curve
from nn_tui.numerals import column_numeral, numeral
from nn_tui.scenario.writing import in_words
from nn_tui.shell.console import Terminal
from nn_tui.shell.plots.curves import print_plot
from nn_tui.shown import shown
from nn_tui.training.sweep.result import is_better_low
from nn_tui.training.sweep.shape import (
    MOST_CELLS,
    SweepMap,
    curve_over,
    map_over,
    short_key,
    varied,
    weightiest,
)
from nn_tui.training.sweep.sweeping import SweepResult
from nn_tui.wording import counted, metric_name

_SHOWN = 10
_MARGIN_PART = 3
"""The names of a map's rows have at most this part of a line's width: a third."""
_SHADES = (237, 239, 24, 25, 31, 37, 43, 78)
"""From the worst to the best, of a terminal's 256 colors."""


def print_sweep(result: SweepResult, command: str, plot: bool) -> None:
    """Prints it on stdout."""
    console = Terminal()
    console.print(Text(shown(result.scenario), style="bold"))
    done = f"{counted(len(result.trials), 'trial')}"
    if len(result.trials) < result.planned:
        done += f" of {result.planned:,}; the same command goes on with the rest"
    stopped = sum(trial.stopped for trial in result.trials)
    given_up = f", {stopped:,} given up early" if stopped else ""
    console.print(Text(f"{done}{given_up}, {result.steps:,} steps, {result.seconds:.1f} s of training", style="dim"))
    console.print()
    console.print(_ranking(result))
    if len(result.ranking) > _SHOWN:
        console.print(Text(f"… and {counted(len(result.ranking) - _SHOWN, 'combination')} more", style="dim"))
    for error in dict.fromkeys(trial.error for trial in result.trials if trial.error):
        console.print(Text(f"failed: {shown(error)}", style="yellow"), soft_wrap=True)
    if len(varied(result)) > 1:
        shares = {key: result.importance[key] for key in varied(result)}
        parts = [f"{short_key(key, result)} {share:.0%}" for key, share in _descending(shares)]
        console.print(Text("\naccounts for differences: " + "   ".join(parts)))
    if plot:
        _plot(result, console)
    if command:
        console.print(Text(f"\n{command}"), soft_wrap=True)
    if any(trial.run for trial in result.trials):
        console.print(Text(f"nn-tui open sweep:{result.hash[:8]}", style="dim"))


def _ranking(result: SweepResult) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", justify="right")
    keys = varied(result)
    for key in keys:
        table.add_column(short_key(key, result), justify="right", overflow="fold")
    table.add_column(metric_name(result.metric), justify="right", no_wrap=True)
    several = len(result.seeds) > 1
    if several:
        table.add_column("±", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for place, one in enumerate(result.ranking[:_SHOWN], 1):
        row = [str(place), *(shown(in_words(one.changes[key])) for key in keys)]
        row.append("–" if one.mean is None else column_numeral(one.mean))
        if several:
            row.append("" if one.spread is None else numeral(one.spread, 2))
        table.add_row(*row, one.note, style="bold blue" if one is result.best else "")
    return table


def _descending(importance: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(importance.items(), key=lambda pair: -pair[1])


# -- pictures --------------------------------------------------------------------------------------------------------


def _plot(result: SweepResult, console: Terminal) -> None:
    keys = weightiest(result)
    if len(keys) == 1:
        _curve(result, keys[0], console)
    else:
        _heat_map(result, keys[0], keys[1], console)


def _curve(result: SweepResult, key: str, console: Terminal) -> None:
    points = curve_over(result, key)
    if len(points) < 2:
        console.print(Text("\nnothing to plot: a curve needs a score at two numbers at least"))
        return
    told = ", with its spread" if len(result.seeds) > 1 else ""
    console.print(Text(f"\n{metric_name(result.metric)} over {key}{told}"))
    print_plot(spread_curve(points, key.rpartition(".")[2], terminal(), console.colored), console)
    if scoreless := sum(one.mean is None for one in result.ranking):
        console.print(Text(f"{counted(scoreless, 'value')} of {key} without a score: not drawn", style="dim"))


def _heat_map(result: SweepResult, down: str, across: str, console: Terminal) -> None:
    """The best value of each pair, shaded."""
    found = map_over(result, down, across)
    if len(found.rows) * len(found.columns) > MOST_CELLS:
        console.print(Text("\nno heat map: too many different values; --plot draws a grid's", style="dim"))
        return
    if not found.cells:
        return
    low, high = min(found.cells.values()), max(found.cells.values())
    better_low, colored = is_better_low(result.metric), console.colored
    best = (min if better_low else max)(found.cells, key=lambda pair: found.cells[pair])
    margin = min(max(cells(shown(row)) for row in found.rows), console.width // _MARGIN_PART)
    columns = _fitting(found, best[1], console.width - margin - 1)
    # Of more than two keys a cell stands for many combinations.
    whose = "best " if len(varied(result)) > 2 else ""
    console.print(f"\n{whose}{metric_name(result.metric)}: {down} down, {across} across")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", justify="right", no_wrap=True)
    for value in columns:
        table.add_column(shown(value), justify="right", no_wrap=True)
    for row in found.rows:
        there = [found.cells.get((row, column)) for column in columns]
        texts = [Text("–") if mean is None else _cell(mean, low, high, better_low, colored) for mean in there]
        table.add_row(cut(shown(row), margin), *texts)
    console.print(table)
    if len(columns) < len(found.columns):
        told = f"{len(columns)} of {len(found.columns)} values of {across}, around the best; more in a wider terminal"
        console.print(Text(told, style="dim"))


def _fitting(found: SweepMap, best: str, room: int) -> Sequence[str]:
    """As many columns as there is room for: the best one and those beside it, nearer ones first."""
    longest = max(len(column_numeral(mean)) + 2 for mean in found.cells.values())
    widths = [1 + max(cells(shown(name)), longest) for name in found.columns]
    start = found.columns.index(best)
    end = start + 1
    while True:
        free = room - sum(widths[start:end])
        if start > 0 and widths[start - 1] <= free and (end - start) % 2:
            start -= 1
        elif end < len(widths) and widths[end] <= free:
            end += 1
        elif start > 0 and widths[start - 1] <= free:
            start -= 1
        else:
            return found.columns[start:end]


def _cell(value: float, low: float, high: float, better_low: bool, colored: bool) -> Text:
    text = f" {column_numeral(value)} "
    if not colored or not high > low:
        return Text(text)
    share = (value - low) / (high - low)
    shade = _SHADES[min(len(_SHADES) - 1, math.floor((1.0 - share if better_low else share) * len(_SHADES)))]
    return Text(text, style=f"color({231 if shade < 40 or shade > 200 else 16}) on color({shade})")
