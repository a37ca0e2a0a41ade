"""A doctor's report for people."""

from rich.text import Text

from nn_tui.numerals import numeral
from nn_tui.shell.console import Terminal
from nn_tui.shell.findings import print_findings
from nn_tui.training.diagnosis.report import Report, TriedVariant
from nn_tui.wording import counted, metric_name

_STYLES = {"healthy": "bold blue", "data-limited": "bold blue", "ill": "bold yellow"}
_SAID = {"healthy": "healthy", "data-limited": "as good as these data allow", "ill": "ill"}


def print_report(report: Report, plot: bool) -> None:
    """Prints it on stdout.

    Args:
        report: of a visit.
        plot: also draw the run alone and with what was prescribed.
    """
    console = Terminal()
    _print_lane(report, console)
    for other in report.others:
        console.print()
        _print_lane(other, console)
    trials = sum(len(one.trials) for one in (report, *report.others))
    console.print(Text(f"\n{counted(trials, 'trial')} in {report.seconds:.1f} s", style="dim"))
    if plot:
        _plot(report)


def _print_lane(report: Report, console: Terminal) -> None:
    """What is to be said of a run, or of one lane of a race."""
    title = " · ".join(part for part in (report.scenario, report.lane) if part)
    console.print(Text.assemble((title, "bold"), "  ", (_SAID[report.verdict], _STYLES[report.verdict])))
    value = "diverged" if report.score.value is None else numeral(report.score.value)
    metric, attainable = metric_name(report.score.metric), report.attainable
    console.print(Text(f"{metric} {value}, attainable {numeral(attainable.value)} ({attainable.how})"))
    if report.share:
        console.print(Text(f"tried on {report.share}", style="yellow"))
    if report.cut:
        console.print(Text("cut short: the time ran out before the budget", style="yellow"))
    print_findings(report.findings, console)
    if report.prescription is not None:
        console.print()
        console.print(Text("best", style="bold blue"))
        # In one line, to be copied.
        console.print(Text(f"  {report.prescription.command}"), soft_wrap=True)


def _plot(report: Report) -> None:
    from nn_tui.shell.plots.doctor_plot import print_courses

    seed = report.trials[0].seed if report.trials else 0
    alone = _curve(report, {}, seed)
    curves = [] if alone is None else [("left alone", alone)]
    if report.prescription is not None:
        best = _curve(report, report.prescription.changes, seed)
        curves += [] if best is None else [("as prescribed", best)]
    print_courses([(name, trial.curve) for name, trial in curves], metric_name(report.score.metric))


def _curve(report: Report, changes: dict[str, object], seed: int) -> TriedVariant | None:
    return next((trial for trial in report.trials if trial.changes == changes and trial.seed == seed), None)
