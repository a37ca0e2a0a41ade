"""A trace in print: the layers as tables of z, a and δ, then one parameter's way worked out formula by formula."""

from functools import singledispatch
from typing import TypeAlias

from rich.table import Table
from rich.text import Text

from nn_tui.engine.arrays import Array
from nn_tui.numerals import column_numeral
from nn_tui.shell.console import Terminal
from nn_tui.training.look.parts import Formula
from nn_tui.training.look.walk import TracedWeight, strongest, walk, walk_surface
from nn_tui.training.trace.record import LayerTrace, SurfaceTrace, Trace
from nn_tui.training.trace.tracing import Traced

_MOST_UNITS = 8
_MOST_INPUTS = 8


_Place: TypeAlias = tuple[int, int, int | None] | None


def print_trace(traced: Traced, place: _Place) -> None:
    """Prints it on stdout.

    Args:
        traced: what is printed.
        place: the layer, unit and input of the parameter that is worked out, from 0; None for one that moves.
    """
    console = Terminal()
    console.print(Text(" · ".join(part for part in (traced.title, traced.lane) if part), style="bold"))
    for formula in _walked(traced.trace, traced, place, console):
        console.print()
        _print_formula(console, formula)


@singledispatch
def _walked(trace: object, traced: Traced, place: _Place, console: Terminal) -> tuple[Formula, ...]:
    """Prints where the trace is of; gives what is worked out."""
    raise NotImplementedError(type(trace))


@_walked.register
def _(trace: SurfaceTrace, traced: Traced, _place: _Place, console: Terminal) -> tuple[Formula, ...]:
    console.print(_which(traced), soft_wrap=True)
    return walk_surface(trace)


@_walked.register
def _(trace: Trace, traced: Traced, place: _Place, console: Terminal) -> tuple[Formula, ...]:
    for line in _heading(trace, traced):
        console.print(line, soft_wrap=True)
    console.print()
    for layer in trace.layers:
        console.print(_layer(layer))
    return walk(trace, TracedWeight(*place) if place else strongest(trace), traced.loss)


def _which(traced: Traced) -> str:
    step = traced.trace.step
    return (
        f"step {step + 1:,} as it would be: the run ends with step {step:,}"
        if traced.has_ended
        else f"step {step + 1:,} to come"
    )


def _heading(trace: Trace, traced: Traced) -> list[str]:
    batch, names = trace.batch, traced.feature_names
    where = (
        f"number {batch.place + 1} of the {batch.size:,} in its batch"
        if batch.place is not None
        else "not in its batch"
    )
    shown = ", ".join(
        f"{name} = {column_numeral(float(x))}" for name, x in zip(names[:_MOST_INPUTS], trace.inputs, strict=False)
    )
    rest = len(names) - _MOST_INPUTS
    return [
        f"{_which(traced)}; training example {trace.sample}, {where}",
        shown + (f", … {rest} more" if rest > 0 else ""),
        f"target {_listed(trace.target)}, output {_listed(trace.layers[-1].output)}, loss {column_numeral(trace.loss)}",
    ]


def _listed(values: Array) -> str:
    return ", ".join(column_numeral(float(value) + 0.0) for value in values)


def _layer(layer: LayerTrace) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(layer.name, no_wrap=True)
    columns, read = [("z = W·a + b", layer.pre_activation)], "z"
    if layer.normalized is not None:
        read = "h"
        columns.append(("h", layer.normalized))
    if layer.mask is not None:
        columns.append(("mask", layer.mask))
    masked = "" if layer.mask is None else "·mask"
    columns += [(f"a = f({read}){masked}", layer.output)]
    columns += [("∂L/∂a", layer.output_gradient), ("δ = ∂L/∂z", layer.delta)]
    for name, _ in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for unit in range(min(len(layer.bias), _MOST_UNITS)):
        table.add_row(f"unit {unit + 1}", *(column_numeral(float(values[unit]) + 0.0) for _, values in columns))
    if len(layer.bias) > _MOST_UNITS:
        table.add_row(f"… {len(layer.bias) - _MOST_UNITS} more")
    return table


def _print_formula(console: Terminal, formula: Formula) -> None:
    console.print(Text.assemble((f"{formula.subject} ", "dim"), (formula.name, "bold"), (f"  {formula.about}", "dim")))
    sign = "←" if formula.subject == "optimizer" else "="
    for line in formula.lines:
        left = f"{line.symbol} {sign} " if line.symbol else ""
        value = f" = {line.result}" if line.result not in {"", line.numbers} else ""
        console.print(
            Text(f"  {left}{line.formula}" + (f" = {line.numbers}" if line.numbers else "") + value), soft_wrap=True
        )
