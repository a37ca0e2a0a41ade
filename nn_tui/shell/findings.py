"""The diagnosis of a run, for people."""

from rich.console import Console
from rich.text import Text

from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.prescribing import sets


def print_findings(findings: tuple[Finding, ...], console: Console) -> None:
    """Prints each finding with its evidence, and what was tried and helps; of suspicions how to have them tried."""
    for finding in findings:
        console.print()
        mark = Text("● ", style="bold yellow" if finding.ill else "bold blue")
        suspected = "  suspected, not yet tried" if finding.ill and not finding.tried else ""
        since = f"  since step {finding.since:,}" if finding.since else ""
        console.print(Text.assemble(mark, (finding.title, "bold"), (suspected, "yellow"), (since, "dim")))
        _print_indented(Text(finding.evidence), console)
        for remedy in finding.remedies:
            _print_indented(Text.assemble("try ", remedy.text, remedy.gain), console)
            # In one line, to be copied.
            console.print(Text(f"    {sets(remedy.changes)}", style="dim"), soft_wrap=True)
    if any(finding.ill and not finding.tried for finding in findings):
        console.print(Text("\nnn-tui doctor, in place of nn-tui replay, tries what may help", style="dim"))


def _print_indented(text: Text, console: Console) -> None:
    for line in text.wrap(console, max(console.width - 2, 1)):
        line.rstrip()
        console.print("  ", line, sep="")
