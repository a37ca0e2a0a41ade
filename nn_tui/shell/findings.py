"""The diagnosis of a run, for people."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.prescribing import sets


def print_findings(findings: tuple[Finding, ...], console: Console) -> None:
    """Prints each finding with its evidence, and what was tried and helps; of suspicions how to have them tried."""
    for finding in findings:
        console.print()
        mark = Text("● ", style="bold yellow" if finding.ill else "bold blue")
        suspected = "  suspected, not yet tried" if finding.ill and not finding.tried else ""
        since = f"  since step {finding.step:,}" if finding.step else ""
        console.print(Text.assemble(mark, (finding.title, "bold"), (suspected, "yellow"), (since, "dim")))
        console.print(Padding(Text(finding.evidence), (0, 0, 0, 2)))
        for remedy in finding.remedies:
            said = Text.assemble("try ", remedy.text, remedy.gain, (f"   {sets(remedy.changes)}", "dim"))
            console.print(Padding(said, (0, 0, 0, 2)))
    if any(finding.ill and not finding.tried for finding in findings):
        console.print(Text("\nnn-tui doctor, in place of nn-tui replay, tries what may help", style="dim"))
