"""Predictions for people: a line a sample, or the picture with its likeliest classes beside it."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from rich.table import Table
from rich.text import Text

from nn_tui.numerals import as_shown, fixed_point, numeral
from nn_tui.shell.console import Terminal
from nn_tui.shell.fitting import widest
from nn_tui.shell.plots.bars import bar, decimals
from nn_tui.shell.plots.half_blocks import half_blocks
from nn_tui.shell.scores import percent
from nn_tui.shell.tables.assessment_table import print_assessment
from nn_tui.training.assessment import ClassAssessment
from nn_tui.training.files.model import Model
from nn_tui.training.prediction import ClassPrediction, InputRows, Predictions, ValuePrediction
from nn_tui.wording import counted

_MOST_PICTURES = 12
_MISTAKES = 5
_LIKELIEST = 5
_RIGHT, _WRONG = "blue", "dark_orange"


def print_predictions(model: Model, batch: InputRows, predictions: Predictions, each: bool) -> None:
    """Prints them on stdout.

    Args:
        model: that made them.
        batch: the samples, in the order of the predictions.
        predictions: of those samples.
        each: whether samples are listed one by one; otherwise only how good the answers are, and the worst of them.
    """
    console = Terminal()
    console.print(Text(predictions.scenario, "bold"), Text(_anatomy(model), "dim"), sep="\n")
    if each:
        console.print()
        _print_samples(console, model, batch, predictions.samples)
    if predictions.assessment is not None and not batch.picked:
        console.print()
        print_assessment(console, predictions.assessment)
    if not each and isinstance(predictions.assessment, ClassAssessment):
        _print_mistakes(console, predictions.samples)


def _anatomy(model: Model) -> str:
    network = model.network
    hidden = [f"{layer.units} {layer.activation.name}" for layer in network.layers if layer.activation is not None]
    layers = " → ".join([counted(network.inputs, "input"), *hidden, f"{network.outputs} {network.output.name}"])
    return f"{layers}, after {counted(model.steps, 'step')}"


def _print_samples(
    console: Terminal, model: Model, batch: InputRows, samples: Sequence[ClassPrediction] | Sequence[ValuePrediction]
) -> None:
    classes = [sample for sample in samples if isinstance(sample, ClassPrediction)]
    drawn = model.image_shape is not None and console.colored and len(samples) <= _MOST_PICTURES
    if classes and drawn and model.image_shape is not None:
        pixels = model.input_scaling.undo(batch.inputs.astype(np.float64)).reshape(-1, *model.image_shape)
        for index, (sample, image) in enumerate(zip(classes, pixels, strict=True)):
            if index:
                console.print()
            _print_picture(console, model, sample, half_blocks(image))
    elif classes:
        console.print(_class_table(console, model, classes))
    else:
        console.print(
            _value_table([sample for sample in samples if isinstance(sample, ValuePrediction)], model.target_names)
        )


def _class_table(console: Terminal, model: Model, samples: Sequence[ClassPrediction]) -> Table:
    """The widest that fits: names are worth more than bars, and the answer more than the one after it."""
    bars = (10, 6, 0) if model.gives_probabilities else (0,)
    shapes = [*((width, True) for width in bars), (0, False)]
    return widest(console, (_classes_with(model, samples, bar_width, second) for bar_width, second in shapes))


def _classes_with(model: Model, samples: Sequence[ClassPrediction], bar_width: int, second: bool) -> Table:
    """A line a sample.

    Args:
        model: that was asked.
        samples: its answers.
        bar_width: of a probability; 0 for no bar.
        second: whether the class after the answer is there, too.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    probable, judged = model.gives_probabilities, any(sample.truth is not None for sample in samples)
    # With nothing left to leave out, it is names that go over several lines: a number cut short is another number.
    table.add_column("sample", no_wrap=second, overflow="fold")
    table.add_column(model.target_names[0], no_wrap=second, overflow="fold")
    table.add_column("probability" if probable else "output", justify="right", no_wrap=True)
    if bar_width:
        table.add_column("", no_wrap=True)
    if second:
        table.add_column("runner-up", no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
    if judged:
        table.add_column("truth", no_wrap=second, overflow="fold")
    for sample in samples:
        style = _WRONG if sample.truth not in (None, sample.answer) else _RIGHT
        best, next_best = sorted(sample.scores)[-1], sorted(sample.scores)[-2]
        cells = [Text(sample.sample), Text(sample.answer, f"bold {style}"), Text(_score(best, probable))]
        if bar_width:
            cells.append(bar(best, bar_width, style))
        if second:
            cells += [Text(sample.runner_up, "dim"), Text(_score(next_best, probable), "dim")]
        table.add_row(*cells, *([_verdict(sample)] if judged else []))
    return table


def _score(value: float, probable: bool) -> str:
    return percent(value) if probable else numeral(value, 4)


def _verdict(sample: ClassPrediction) -> Text:
    if sample.truth is None:
        return Text("–", "dim")
    right = sample.truth == sample.answer
    return Text(f"{'✓' if right else '✗'} {sample.truth}", _RIGHT if right else f"bold {_WRONG}")


def _print_picture(console: Terminal, model: Model, sample: ClassPrediction, lines: Sequence[Text]) -> None:
    """The picture, and beside it the answer with the likeliest classes."""
    ranked = sorted(zip(sample.scores, model.class_names, strict=True), reverse=True)[:_LIKELIEST]
    width = max(len(name) for name in model.class_names)
    beside = [Text(sample.sample, "dim"), Text(), Text(sample.answer, "bold")]
    if sample.truth == sample.answer:
        beside[-1].append("  ✓", _RIGHT)
    elif sample.truth is not None:
        beside[-1].append(f"  ✗ truth: {sample.truth}", _WRONG)
    beside.append(Text())
    for score, name in ranked:
        style = _WRONG if sample.truth not in (None, name) and name == sample.answer else _RIGHT
        value = percent(score) if model.gives_probabilities else numeral(score, 4)
        filled = bar(score, 20, style) if model.gives_probabilities else Text()
        beside.append(Text(f"{name + ':':{width + 1}} ").append_text(filled).append(f" {value:>8}"))
    top = max(0, (len(lines) - len(beside)) // 2)
    for line, text in zip_longest(lines, [Text()] * top + beside):
        console.print(Text("  ").append_text(line or Text()).append("   ").append_text(text or Text()), no_wrap=True)


def _value_table(samples: Sequence[ValuePrediction], targets: Sequence[str]) -> Table:
    """A line a sample; of several targets a line each."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("sample", no_wrap=True, overflow="ellipsis")
    if len(targets) > 1:
        table.add_column("target", no_wrap=True, overflow="ellipsis")
    table.add_column("predicted", justify="right", no_wrap=True)
    judged = any(sample.truth is not None for sample in samples)
    if judged:
        table.add_column("truth", justify="right", no_wrap=True)
        table.add_column("error", justify="right", no_wrap=True)
    places = [decimals(values) for values in zip(*(_listed(sample.value) for sample in samples), strict=True)]
    for sample in samples:
        truths = [None] * len(targets) if sample.truth is None else _listed(sample.truth)
        for number, (value, truth) in enumerate(zip(_listed(sample.value), truths, strict=True)):
            cells = [Text(sample.sample if number == 0 else "")]
            cells += [Text(targets[number], "dim")] if len(targets) > 1 else []
            cells.append(Text(fixed_point(value, places[number]), f"bold {_RIGHT}"))
            if truth is not None:
                error = as_shown(f"{value - truth:+.{places[number]}f}")
                cells += [Text(fixed_point(truth, places[number])), Text(error, "dim")]
            table.add_row(*cells)
    return table


def _listed(value: float | tuple[float, ...]) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def _print_mistakes(console: Terminal, samples: Sequence[ClassPrediction] | Sequence[ValuePrediction]) -> None:
    """The wrong answers that were given with the most confidence."""
    wrong = [
        sample
        for sample in samples
        if isinstance(sample, ClassPrediction) and sample.truth not in (None, sample.answer)
    ]
    if not wrong:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("surest mistakes", "is", "taken for"):
        table.add_column(name, overflow="fold")
    table.add_column("", justify="right", no_wrap=True)
    for sample in sorted(wrong, key=lambda sample: -max(sample.scores))[:_MISTAKES]:
        value = percent(sample.probability) if sample.probability is not None else numeral(max(sample.scores), 4)
        table.add_row(sample.sample, Text(sample.truth or ""), Text(sample.answer, _WRONG), value)
    console.print()
    console.print(table)
