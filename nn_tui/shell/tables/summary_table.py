"""A run's summary for people."""

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from rich.table import Table
from rich.text import Text

from nn_tui.numerals import column_numeral, numeral
from nn_tui.scenario.kinds import CSV, FASHION_MNIST, KINDS
from nn_tui.scenario.lanes import lane_entries
from nn_tui.shell.console import Terminal
from nn_tui.shell.findings import print_findings
from nn_tui.shell.fitting import widest
from nn_tui.shell.scores import score
from nn_tui.shell.tables.race_table import descent_tables, network_tables
from nn_tui.training.replay import Run
from nn_tui.training.run.data_summary import figures, remarks
from nn_tui.training.run.session import Status
from nn_tui.training.summary import Summary
from nn_tui.training.trained import Trained, TrainedPoint
from nn_tui.wording import counted, metric_name

_STATUS_STYLE = {"finished": "bold blue", "diverged": "bold red", "interrupted": "bold yellow"}


def print_summary(run: Run) -> None:
    """Prints it on stdout."""
    summary = run.summary
    console = Terminal()
    head = Text.assemble((summary.scenario, "bold"), "  ", (summary.status, _STATUS_STYLE[summary.status]))
    console.print(head)
    # On a surface an epoch is a step.
    done = ", ".join(
        counted(number, unit)
        for unit, number in {"step": summary.steps, KINDS[run.scenario.data.kind].epoch: summary.epochs}.items()
    )
    console.print(f"{done} in {summary.seconds:.2f} s ({summary.steps_per_second:,.0f} steps/s)")
    if (early := _stopped_early(run)) is not None:
        console.print(Text(early), soft_wrap=True)
    if run.scenario.data.kind == CSV.name and summary.data is not None:
        told = [", ".join(figures(summary.data)), *remarks(summary.data)]
        console.print(Text("\n".join(told), "dim"), soft_wrap=True)
    if (fewer := _fewer_images(run)) is not None:
        console.print(Text(fewer, style="yellow"))
    if summary.divergence:
        console.print(Text(f"{summary.divergence}; the parameters are the last finite ones", style="red"))
    for tables in _tables(run.trained, run):
        console.print()
        console.print(widest(console, tables))
    for result in summary.expectations:
        mark = Text("met   ", style="blue") if result.met else Text("MISSED", style="bold red")
        found = numeral(result.found, 4) if isinstance(result.found, float) else result.found or "none"
        console.print(
            Text.assemble("\n" if result is summary.expectations[0] else "", "expected  ", mark, "  "), end=""
        )
        console.print(Text(f"{result.metric} {result.wanted}, found {found}"), soft_wrap=True)
    if run.scenario.expect and not summary.expectations:
        console.print("\nexpectations not checked: the run was cut short", style="dim")
    print_findings(summary.findings, console)
    console.print(Text(f"\ndigest  {summary.digest}", style="dim"), soft_wrap=True)


@singledispatch
def _tables(_trained: Trained, run: Run) -> Sequence[Iterable[Table]]:
    """Tables of what was reached, each in several widths; of a race the first network is shown in full."""
    title = lane_entries(run.scenario.training)[0].title
    layers = (_layers(run.summary, padding) for padding in (3, 2, 1))
    return [*network_tables(run), _score_tables(run.summary, title), layers]


@_tables.register
def _(_trained: TrainedPoint, run: Run) -> Sequence[Iterable[Table]]:
    return [descent_tables(run)]


def _stopped_early(run: Run) -> str | None:
    """What became of a run that stops early, and on what that was chosen; None of one that does not."""
    summary = run.summary
    if summary.chosen_on is None or summary.best_epoch is None:
        return None
    stopped = "" if summary.stopped_at is None else "stopped early, for want of gain; "
    if run.cut_short or summary.status != Status.FINISHED:
        return f"best so far: epoch {summary.best_epoch:,}, chosen on the {summary.chosen_on} set"
    if not (stopped or run.model.present.training.early_stop.restore_at_end):
        return f"the best epoch was {summary.best_epoch:,}, chosen on the {summary.chosen_on} set"
    return f"{stopped}with the parameters of epoch {summary.best_epoch:,}, chosen on the {summary.chosen_on} set"


def _fewer_images(run: Run) -> str | None:
    """Says so when the data set on this machine has fewer images than the scenario asks for."""
    data = run.scenario.data
    if data.kind != FASHION_MNIST.name or len(run.dataset.train) >= data.samples:
        return None
    return f"trained on all {len(run.dataset.train):,} images there are; the scenario takes up to {data.samples:,}"


def _score_tables(summary: Summary, title: str) -> Iterator[Table]:
    """Scores side by side, closer and closer; the last has them below each other, as narrow as figures can be."""
    parts = {"train": summary.train, "validation": summary.validation, "test": summary.test}
    scores = [(part, of_part) for part, of_part in parts.items() if of_part]
    names = {name: metric_name(name) for name in summary.train}
    for padding in (3, 2, 1):
        table = _scores_headed(title, names.values(), padding)
        for part, of_part in scores:
            table.add_row(part, *(score(name, of_part[name]) for name in names))
        yield table
    table = _scores_headed(title, [part for part, _ in scores], 2)
    for name, shown in names.items():
        table.add_row(shown, *(score(name, of_part[name]) for _, of_part in scores))
    yield table


def _scores_headed(title: str, headings: Iterable[str], padding: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, padding, 0, 0))
    table.add_column(title)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _layers(summary: Summary, padding: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, padding, 0, 0))
    table.add_column("layer")
    for name in ("units", "gradient norm", "weight norm", "dead units"):
        table.add_column(name, justify="right", no_wrap=True)
    for layer in summary.layers:
        numbers = (column_numeral(layer.gradient_norm), column_numeral(layer.weight_norm))
        table.add_row(layer.name.removeprefix("layer "), str(layer.units), *numbers, str(layer.dead_units))
    return table
