"""Runs beside each other, for people."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from nn_tui.scenario.writing import in_words, inline
from nn_tui.shell.console import Terminal
from nn_tui.shell.tables.runs_table import STATUS_STYLE, scored
from nn_tui.shown import shown
from nn_tui.training.comparison import Compared, Setting
from nn_tui.wording import metric_name


def print_comparison(runs: Sequence[Compared], settings: Sequence[Setting]) -> None:
    """Prints the settings that differ, then the scores, a column a run."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("", no_wrap=True)
    for run in runs:
        table.add_column(Text(shown(run.label), style="bold"), justify="right", overflow="fold")
    table.add_row("", *(Text(shown(run.line.title)) for run in runs))
    table.add_row()
    known = sum(run.scenario is not None for run in runs)
    if not settings:
        said = "the settings are the same" if known > 1 else "a metrics file does not say the settings"
        table.add_row(Text(said, style="dim"))
    for setting in settings:
        table.add_row(setting.key, *(Text(_written(value)) for value in setting.values))
    table.add_row()
    table.add_row("status", *(Text(run.line.status, style=STATUS_STYLE.get(run.line.status, "")) for run in runs))
    for name in ("steps", "epochs"):
        table.add_row(name, *(f"{getattr(run.line, name):,}" for run in runs))
    for part in ("train", "test"):
        for name in dict.fromkeys(name for run in runs for name in getattr(run.line, part) or ()):
            table.add_row(metric_name(f"{part}.{name}"), *(scored(getattr(run.line, part), name) for run in runs))
    table.add_row(
        "findings", *(", ".join(run.line.findings) or ("–" if run.scenario is None else "none") for run in runs)
    )
    digests = [run.line.digest for run in runs]
    same = "the same parameters, bit for bit" if len(set(digests)) == 1 and digests[0] else ""
    table.add_row(Text("digest", style="dim"), *(Text(digest[7:19], style="dim") for digest in digests))
    console = Terminal()
    console.print(table)
    if same:
        console.print(same)


def _written(value: object) -> str:
    """A setting; of a list of tables, such as a timeline or a race, a line each."""
    if isinstance(value, list) and (not value or isinstance(value[0], dict)):
        return "\n".join(shown(in_words(part)) for part in value) or "none"
    return "–" if value is None else shown(inline(value))
