"""How good predictions are, for people: figures, the confusion matrix, each class by itself."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nn_tui.numerals import fixed_point, numeral
from nn_tui.shell.fitting import widest
from nn_tui.shell.plots.bars import bar
from nn_tui.training.assessment import ClassAssessment, ValueAssessment
from nn_tui.wording import counted, listed

_MUCH = 0.1
"""A share of a class from which mistaking it for another is worth a color."""

_MOST_PAIRS = 10

_CORNER = "truth ↓  predicted →"


def print_assessment(console: Console, assessment: ClassAssessment | ValueAssessment) -> None:
    """Prints it on the console, as wide as that allows."""
    if isinstance(assessment, ValueAssessment):
        console.print(_errors(assessment))
        return
    right = sum(row[number] for number, row in enumerate(assessment.confusion))
    figure = Text.assemble(
        ("accuracy  ", "bold"), (f"{assessment.accuracy:.4f}", "bold blue"), f"   {right:,} of {assessment.samples:,}"
    )
    console.print(figure)
    console.print()
    console.print(_confusion(assessment, console.width))
    console.print()
    console.print(widest(console, (_classes(assessment, bar_width) for bar_width in (10, 6, 0))))
    if left_out := _left_out(assessment):
        console.print()
        console.print(Text(left_out, "dim"))


def _errors(assessment: ValueAssessment) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right", style="bold blue")
    table.add_column(style="dim")
    table.add_row("R²", fixed_point(assessment.r2, 4), f"over {counted(assessment.samples, 'sample')}")
    table.add_row("MAE", numeral(assessment.mae, 4), "mean absolute error")
    table.add_row("RMSE", numeral(assessment.rmse, 4), "root of the mean squared error")
    return table


def _confusion(assessment: ClassAssessment, width: int) -> Table:
    """Rows are what samples are, columns what they were taken for: by name where there is room, else by number."""
    names = [entry.name for entry in assessment.classes]
    longest = max(len(_CORNER), *(len(name) for name in names))
    digits = max(len(f"{count:,}") for row in assessment.confusion for count in row)
    by_name = longest + sum(2 + max(digits, len(name)) for name in names) <= width
    numbers = [str(number) for number in range(len(names))]
    numbered = max(len(_CORNER), *(len(numbers[-1]) + 1 + len(name) for name in names))
    by_number = numbered + sum(2 + max(digits, len(number)) for number in numbers) <= width
    if not (by_name or by_number):
        return _pairs(assessment)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(_CORNER, style="bold", no_wrap=True)
    width_of_number = len(numbers[-1])
    labels = names if by_name else [f"{number:>{width_of_number}} {name}" for number, name in enumerate(names)]
    for heading in names if by_name else numbers:
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for number, (label, row) in enumerate(zip(labels, assessment.confusion, strict=True)):
        cells = [_count(count, sum(row), number == column) for column, count in enumerate(row)]
        table.add_row(Text(label), *cells)
    return table


def _count(count: int, row: int, right: bool) -> Text:
    if count == 0:
        return Text("·", "dim")
    style = "bold blue" if right else "bold dark_orange" if count >= _MUCH * row else ""
    return Text(f"{count:,}", style)


def _pairs(assessment: ClassAssessment) -> Table:
    """The commonest mistakes, where there are too many classes for a matrix."""
    names = [entry.name for entry in assessment.classes]
    pairs = [
        (count, names[truth], names[predicted])
        for truth, row in enumerate(assessment.confusion)
        for predicted, count in enumerate(row)
        if count and truth != predicted
    ]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("truth", "predicted"):
        table.add_column(heading, overflow="fold")
    table.add_column("samples", justify="right", no_wrap=True)
    for count, truth, predicted in sorted(pairs, reverse=True)[:_MOST_PAIRS]:
        table.add_row(Text(truth), Text(predicted), f"{count:,}")
    return table


def _classes(assessment: ClassAssessment, bar_width: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3 if bar_width else 2, 0, 0))
    table.add_column("class", style="bold", overflow="fold")
    for heading in ("precision", "recall", "F1"):
        table.add_column(heading, justify="right", no_wrap=True)
    if bar_width:
        table.add_column("", no_wrap=True)
    table.add_column("samples", justify="right", no_wrap=True)
    for entry in (*assessment.classes, assessment.mean):
        style = "" if entry is not assessment.mean else "dim"
        cells = [_figure(value, style) for value in (entry.precision, entry.recall, entry.f1)]
        if bar_width:
            cells.append(bar(entry.f1 or 0.0, bar_width))
        table.add_row(Text(entry.name, style), *cells, Text(f"{entry.samples:,}", style))
    return table


def _figure(value: float | None, style: str) -> Text:
    return Text("–", "dim") if value is None else Text(fixed_point(value, 3), style)


def _left_out(assessment: ClassAssessment) -> str:
    """Which classes have figures that are undefined, and so not in the mean; empty if none has."""
    groups = {
        "no sample is of, or taken for,": (True, True),
        "no sample is of": (True, False),
        "no sample is taken for": (False, True),
    }
    told = []
    for words, missing in groups.items():
        names = [one.name for one in assessment.classes if (one.recall is None, one.precision is None) == missing]
        if names:
            told.append(f"{words} {listed(names)}")
    return f"– is undefined, and left out of the mean: {'; '.join(told)}" if told else ""
