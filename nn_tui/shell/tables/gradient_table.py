"""A gradient check as a table, a line a layer."""

from rich.table import Table
from rich.text import Text

from nn_tui.engine.gradient_check import TOLERANCE, GradientCheck, LayerCheck
from nn_tui.numerals import in_full, numeral
from nn_tui.shell.console import Terminal
from nn_tui.shell.fitting import widest
from nn_tui.training.run.gradient_check import MOST_PARAMETERS, ScenarioCheck
from nn_tui.wording import counted


def print_check(check: ScenarioCheck) -> None:
    """Prints it on stdout."""
    console = Terminal()
    console.print(Text(check.title, style="bold"))
    console.print(_what(check), soft_wrap=True)
    console.print()
    console.print(widest(console, (_table(check, padding) for padding in (2, 1))))
    console.print()
    for note in _notes(check):
        console.print(Text(note, style="dim"), soft_wrap=True)
    console.print(_verdict(check.found), soft_wrap=True)


def _what(check: ScenarioCheck) -> str:
    penalties = [f"{name} {in_full(value)}" for name, value in (("L1", check.l1), ("L2", check.l2)) if value]
    minimized = " + ".join([check.loss, *penalties])
    found = in_full(check.found.loss)
    return f"{minimized} on {counted(check.samples, 'sample')}, float64, at the initial parameters: {found}"


def _table(check: ScenarioCheck, padding: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, padding, 0, 0))
    table.add_column("layer")
    table.add_column("function")
    for name in ("parameters", "compared", "at a kink", "relative error"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for name, function, layer in zip(check.names, check.functions, check.found.layers, strict=True):
        table.add_row(
            name.removeprefix("layer "),
            function,
            f"{layer.parameters:,}",
            f"{layer.checked:,}",
            f"{layer.skipped:,}",
            numeral(layer.relative_error, 2),
            _mark(layer),
        )
    return table


def _mark(layer: LayerCheck) -> Text:
    if not layer.agrees:
        return Text("wrong", style="bold red")
    if layer.relative_error >= TOLERANCE:
        return Text("too small", style="yellow")
    return Text("right", style="blue")


def _notes(check: ScenarioCheck) -> list[str]:
    notes = []
    if check.samples < check.of_samples:
        notes.append(f"The batch is cut to its first {check.samples:,} samples of {check.of_samples:,}.")
    if check.sampled:
        notes.append(
            f"A large network: {MOST_PARAMETERS} parameters a layer are compared, drawn from seed {check.seed}."
        )
    layers = check.found.layers
    if any(layer.skipped for layer in layers):
        notes.append("At a kink of a piecewise-linear function there is no slope to compare with; those are left out.")
    if any(layer.agrees and layer.relative_error >= TOLERANCE for layer in layers):
        notes.append("Too small: of a gradient this small, rounding alone blurs more than a millionth in differences.")
    return notes


def _verdict(found: GradientCheck) -> Text:
    error, limit = numeral(found.relative_error, 2), f"allowed: {numeral(TOLERANCE, 1)}"
    if not found.agrees:
        return Text.assemble(("wrong", "bold red"), f": gradient and differences differ by {error} ({limit})")
    if found.relative_error >= TOLERANCE:
        limit = "as far as rounding lets them"
    return Text.assemble(("right", "bold blue"), f": gradient and differences agree to {error} ({limit})")
