"""One kept run for people."""

from rich.table import Table
from rich.text import Text

from nn_tui.scenario.writing import dumps
from nn_tui.shell.console import Terminal
from nn_tui.shell.tables.runs_table import STATUS_STYLE, scored, when
from nn_tui.shown import shown
from nn_tui.training.kept.kept_run import KeptRun, replaying
from nn_tui.wording import counted, metric_name


def print_kept_run(kept: KeptRun) -> None:
    """Prints where it is from, what it came to, and its scenario."""
    line = kept.line
    console = Terminal()
    status = Text(line.status, style=STATUS_STYLE.get(line.status, ""))
    console.print(Text.assemble((f"run {line.id}  ", "bold"), (shown(line.title), "bold"), "  ", status))
    source = f", from {shown(line.name)}" if line.name else ""
    console.print(Text(f"{line.origin}{source}, {when(line.started)}, nn-tui {kept.version}"), soft_wrap=True)
    cut = ", before the scenario's end" if kept.cut_short else ""
    console.print(f"{counted(line.steps, 'step')}, {counted(line.epochs, 'epoch')} in {line.seconds:.2f} s{cut}")
    for file in kept.files:
        console.print(Text(f"read {shown(file.path)} (SHA-256 {file.sha256[:12]}…)", style="dim"), soft_wrap=True)
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("")
    for name in line.train:
        table.add_column(metric_name(name), justify="right")
    for part, scores in (("train", line.train), ("test", line.test)):
        if scores is not None:
            table.add_row(part, *(scored(scores, name) for name in line.train))
    console.print(table)
    for finding in kept.summary["findings"]:
        console.print(Text.assemble(("● ", "bold yellow" if finding["ill"] else "bold blue"), shown(finding["title"])))
    console.print()
    console.print(Text(dumps(replaying(kept)).rstrip(), style="dim"), soft_wrap=True)
