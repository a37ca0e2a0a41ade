"""A run's summary for people."""

from rich.table import Table
from rich.text import Text

from nn_tui.scenario.kinds import FASHION_MNIST
from nn_tui.shell.console import Terminal
from nn_tui.shell.findings import print_findings
from nn_tui.training.replay import Run
from nn_tui.training.summary import Summary

_STATUS_STYLE = {"finished": "bold blue", "diverged": "bold red", "interrupted": "bold yellow"}


def print_summary(run: Run) -> None:
    """Prints it on stdout."""
    summary = run.summary
    console = Terminal()
    head = Text.assemble((summary.scenario, "bold"), "  ", (summary.status, _STATUS_STYLE[summary.status]))
    console.print(head)
    console.print(
        f"{summary.steps:,} steps, {summary.epochs:,} epochs in {summary.seconds:.2f} s "
        f"({summary.steps_per_second:,.0f} steps/s)"
    )
    if (fewer := _fewer_images(run)) is not None:
        console.print(Text(fewer, style="yellow"))
    if summary.divergence:
        console.print(Text(f"{summary.divergence}; the parameters are the last finite ones", style="red"))
    console.print()
    console.print(_scores(summary))
    if len(summary.race) > 1 or not summary.layers:
        console.print()
        console.print(_race(summary))
    if summary.layers:
        console.print()
        console.print(_layers(summary))
    for result in summary.expectations:
        mark = Text("met   ", style="blue") if result.met else Text("MISSED", style="bold red")
        found = f"{result.found:.4g}" if isinstance(result.found, float) else result.found or "none"
        console.print(
            Text.assemble("\n" if result is summary.expectations[0] else "", "expected  ", mark, "  "), end=""
        )
        console.print(Text(f"{result.metric} {result.wanted}, found {found}"), soft_wrap=True)
    if run.scenario.expect and not summary.expectations:
        console.print("\nexpectations not checked: the run was cut short", style="dim")
    print_findings(summary.findings, console)
    console.print(Text(f"\ndigest  {summary.digest}", style="dim"), soft_wrap=True)


def _fewer_images(run: Run) -> str | None:
    """Says so when the data set on this machine has fewer images than the scenario asks for."""
    data = run.scenario.data
    if data.kind != FASHION_MNIST.name or len(run.dataset.train) >= data.samples:
        return None
    return f"trained on all {len(run.dataset.train):,} images there are; the scenario takes up to {data.samples:,}"


def _number(value: float) -> str:
    """Four digits that say something, so that a column can be read down: `0.04859`, `0.5000`, `12.30`, `3.1e+06`."""
    text = f"{value:#.4g}"
    return f"{value:.1e}" if "e" in text else text.rstrip(".")


def _score(name: str, value: float) -> str:
    return f"{100.0 * value:.1f} %" if name == "accuracy" else _number(value)


def _scores(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    names = list(summary.train)
    table.add_column("")
    for name in names:
        table.add_column({"r2": "R²"}.get(name, name), justify="right")
    for part, scores in (("train", summary.train), ("test", summary.test)):
        if scores is not None:
            table.add_row(part, *(_score(name, scores[name]) for name in names))
    return table


def _race(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("optimizer")
    names = list(summary.race[0].scores)
    for name in names:
        table.add_column({"r2": "R²"}.get(name, name), justify="right")
    for lane in summary.race:
        row = [_score(name, lane.scores[name]) for name in names]
        table.add_row(lane.name, *row, f"diverged at step {lane.diverged_at:,}" if lane.diverged_at else "")
    return table


def _layers(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("layer")
    for name in ("units", "gradient norm", "weight norm", "dead units"):
        table.add_column(name, justify="right")
    for layer in summary.layers:
        numbers = (_number(layer.gradient_norm), _number(layer.weight_norm))
        table.add_row(layer.name.removeprefix("layer "), str(layer.units), *numbers, str(layer.dead_units))
    return table
