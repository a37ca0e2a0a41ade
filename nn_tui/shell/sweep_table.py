"""What a sweep came to, for people: the ranking, what each key accounts for, a curve or a heat map, a command."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from nn_tui.charts.palette import terminal
from nn_tui.charts.plot import Line, Plot
from nn_tui.scenario.writing import inline
from nn_tui.shell.console import Terminal
from nn_tui.shell.numbers import number
from nn_tui.shell.plots.curves import print_plot
from nn_tui.shown import shown
from nn_tui.training.sweep.ranking import Ranked
from nn_tui.training.sweep.result import is_better_low
from nn_tui.training.sweep.sweeping import SweepResult
from nn_tui.wording import counted

_SHOWN = 10
_LOG_FROM = 50.0
"""Times the lowest value, from which on the highest of a curve calls for a logarithmic axis."""
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
    given_up = f", {stopped:,} given up half-way" if stopped else ""
    console.print(Text(f"{done}{given_up}, {result.steps:,} steps, {result.seconds:.1f} s of training", style="dim"))
    console.print()
    console.print(_ranking(result))
    if len(result.ranking) > _SHOWN:
        console.print(Text(f"… and {counted(len(result.ranking) - _SHOWN, 'combination')} more", style="dim"))
    for error in dict.fromkeys(trial.error for trial in result.trials if trial.error):
        console.print(Text(f"failed: {shown(error)}", style="yellow"), soft_wrap=True)
    if len(result.importance) > 1:
        parts = [f"{_short(key, result)} {share:.0%}" for key, share in _descending(result.importance)]
        console.print(Text("\naccounts for differences: " + "   ".join(parts)))
    if plot:
        _plot(result, console)
    if command:
        console.print(Text(f"\n{command}"), soft_wrap=True)


def written(value: Any) -> str:
    """A value as a person types it."""
    return value if isinstance(value, str) else inline(value)


def metric_name(metric: str) -> str:
    """A metric in words."""
    return metric.replace(".", " ").replace("r2", "R²")


def _ranking(result: SweepResult) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", justify="right")
    for key in result.vary:
        table.add_column(_short(key, result), justify="right", overflow="fold")
    table.add_column(metric_name(result.metric), justify="right", no_wrap=True)
    several = len(result.seeds) > 1
    if several:
        table.add_column("±", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for place, one in enumerate(result.ranking[:_SHOWN], 1):
        row = [str(place), *(shown(written(one.changes[key])) for key in result.vary)]
        row.append("–" if one.mean is None else number(one.mean))
        if several:
            row.append("" if one.spread is None else f"{one.spread:.2g}")
        table.add_row(*row, _note(one), style="bold blue" if one is result.best else "")
    return table


def _note(one: Ranked) -> str:
    if one.diverged:
        return f"{one.diverged} of {one.n} diverged or failed"
    return "given up half-way" if one.stopped else ""


def _short(key: str, result: SweepResult) -> str:
    """A key's end, where no other that is varied has the same."""
    end = key.rpartition(".")[2]
    return end if sum(other.rpartition(".")[2] == end for other in result.vary) == 1 else key


def _descending(importance: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(importance.items(), key=lambda pair: -pair[1])


# -- pictures --------------------------------------------------------------------------------------------------------


def _plot(result: SweepResult, console: Terminal) -> None:
    keys = [key for key, _ in _descending(result.importance)] if len(result.vary) > 2 else list(result.vary)
    if len(keys) == 1:
        _curve(result, keys[0], console)
    else:
        _heat_map(result, keys[0], keys[1], console)


def _means(result: SweepResult, keys: Sequence[str]) -> dict[tuple[str, ...], tuple[list[float], list[float]]]:
    """By the values of some keys, the means and spreads of the combinations that have them; the best one counts."""
    found: dict[tuple[str, ...], tuple[list[float], list[float]]] = {}
    for one in result.ranking:
        if one.mean is not None:
            means, spreads = found.setdefault(tuple(written(one.changes[key]) for key in keys), ([], []))
            means.append(one.mean)
            spreads.append(one.spread or 0.0)
    return found


def _curve(result: SweepResult, key: str, console: Terminal) -> None:
    found = _means(result, [key])
    values = sorted({one.changes[key] for one in result.ranking if _is_number(one.changes[key])})
    drawn = [(value, *found[(written(value),)]) for value in values if (written(value),) in found]
    if len(drawn) < 2:
        print("\nnothing to plot: a curve needs two points at least")
        return
    x = np.array([float(value) for value, _, _ in drawn])
    mean = np.array([means[0] for _, means, _ in drawn])
    spread = np.array([spreads[0] for _, _, spreads in drawn])
    colors, marker = terminal(), "" if console.colored else "o"
    lines = [Line(x, mean, colors.train, marker=marker)]
    if spread.any():
        faint = "" if console.colored else "."
        lines = [*(Line(x, edge, colors.muted, marker=faint) for edge in (mean - spread, mean + spread)), *lines]
    log_x = bool(x[0] > 0.0 and x[-1] / x[0] >= _LOG_FROM)
    whole = all(isinstance(value, int) for value in values)
    told = ", with its spread" if len(result.seeds) > 1 else ""
    print(f"\n{metric_name(result.metric)} over {key}{told}")
    print_plot(Plot(lines, x_unit=key.rpartition(".")[2], whole_x=whole, log_x=log_x), console)


def _heat_map(result: SweepResult, down: str, across: str, console: Terminal) -> None:
    """The best value of each pair, shaded; the values of a key that has many numbers in up to eight groups."""
    found = _means(result, [down, across])
    rows, columns = (_values(result, key) for key in (down, across))
    if len(rows) * len(columns) > 400:
        console.print(Text("\nno heat map: too many different values; --plot draws a grid's", style="dim"))
        return
    best = [means[0] for means, _ in found.values()]
    if not best:
        return
    low, high = min(best), max(best)
    console.print(f"\n{metric_name(result.metric)}: {down} down, {across} across")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", justify="right", no_wrap=True)
    for value in columns:
        table.add_column(shown(value), justify="right", no_wrap=True)
    better_low, colored = is_better_low(result.metric), console.colored
    for row in rows:
        there = [found.get((row, column), ([], []))[0] for column in columns]
        cells = [_cell(means[0], low, high, better_low, colored) if means else Text("–") for means in there]
        table.add_row(shown(row), *cells)
    console.print(table)


def _cell(value: float, low: float, high: float, better_low: bool, colored: bool) -> Text:
    text = f" {number(value)} "
    if not colored or not high > low:
        return Text(text)
    share = (value - low) / (high - low)
    shade = _SHADES[min(len(_SHADES) - 1, math.floor((1.0 - share if better_low else share) * len(_SHADES)))]
    return Text(text, style=f"color({231 if shade < 40 or shade > 200 else 16}) on color({shade})")


def _values(result: SweepResult, key: str) -> list[str]:
    values = {written(one.changes[key]): one.changes[key] for one in result.ranking}
    if all(_is_number(value) for value in values.values()):
        return sorted(values, key=lambda text: float(values[text]))
    return list(dict.fromkeys(written(value) for value in result.vary[key]))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
