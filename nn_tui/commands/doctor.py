"""`nn-tui doctor`: what is wrong with a scenario, and what was tried against it."""

import re
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nn_tui.commands.failure import FAILED, INTERRUPTED, Failure, one_message
from nn_tui.commands.files import OutputFile
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell

if TYPE_CHECKING:
    from nn_tui.scenario.schema import Scenario
    from nn_tui.training.diagnosis.report import Report

_BUDGET = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*s?")


class _Work(click.ParamType[float]):
    name = "work"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """`30` or `30s`: seconds of work of one free core."""
        if isinstance(value, float):
            return value
        found = _BUDGET.fullmatch(str(value).strip())
        if found is None or not float(found[1]) > 0.0:
            self.fail(f"expected work above 0, in seconds of one core, such as 30 or 30s, found {value!r}", param, ctx)
        return float(found[1])


@click.command("doctor")
@click.argument("scenario")
@click.option("--target", "targets", multiple=True, metavar="COLUMN", help="Of a table: what to predict; repeatable.")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field first; repeatable.")
@click.option(
    "--budget",
    type=_Work(),
    default=10.0,
    metavar="WORK",
    help="Work to do, in seconds of one free core; 10 if not given.",
)
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Try nothing after it.")
@click.option(
    "--seeds", type=click.IntRange(1, 100), default=3, metavar="N", help="Seeds a remedy is tried at; 3 if not given."
)
@click.option(
    "--processes", type=click.IntRange(1, 64), metavar="N", help="Trials side by side; as many as there are cores."
)
@click.option("--write", type=OutputFile(), metavar="FILE", help="Write the cured scenario.")
@click.option("--keep", is_flag=True, help="Keep the run and the cured one (nn-tui runs).")
@click.option("--plot", is_flag=True, help="Draw the run alone and with what was prescribed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def doctor_command(
    scenario: str,
    targets: tuple[str, ...],
    assignments: tuple[str, ...],
    budget: float,
    timeout: float | None,
    seeds: int,
    processes: int | None,
    write: Path | None,
    keep: bool,
    plot: bool,
    as_json: bool,
) -> None:
    """Find out what keeps a scenario from learning, by trying what may help.

    SCENARIO is a name from the catalog, a path to a TOML file, a table (iris.csv --target species), @12 for the
    kept run 12, or a saved model for the scenario in it. Each remedy is run from the start, at the scenario's own
    seed and the ones after it, and offered only if it gains more than seeds move.

    The same scenario and the same budget give the same findings, however many processes take part; --timeout only
    cuts the search short.

    Exit status: 0 healthy, or as good as its data allow; 1 ill; 2 bad input; 130 interrupted.
    """
    if as_json and plot:
        raise Failure("--json prints one object and nothing else; leave --plot out")
    if timeout is not None and timeout != timeout:
        raise Failure("--timeout: expected seconds above 0, found nan")
    with one_message():
        from nn_tui.commands.replay import places_or_names
        from nn_tui.scenario import overrides
        from nn_tui.scenario.errors import named
        from nn_tui.training.diagnosis.doctor import visit
        from nn_tui.training.files.overwriting import check_outputs, input_files
        from nn_tui.training.given import given_file, given_scenario

        changes = dict(overrides.parse_assignment(text) for text in assignments)
        chosen = given_scenario(scenario, places_or_names(targets), changes=changes, tell=tell)
        if write is not None:
            check_outputs([write], input_files(chosen, given_file(scenario)))
        from nn_tui.shell.doctor_progress import shown_trials

        if keep:
            from nn_tui.training.keeping import Keeper

            # Refused before anything is tried, where runs cannot be kept.
            Keeper("doctor")
        try:
            with named(scenario), shown_trials(not as_json) as on_trial:
                report = visit(
                    chosen,
                    file=_named(scenario, targets, assignments),
                    budget=budget,
                    seeds=seeds,
                    processes=processes or _cores(),
                    timeout=timeout,
                    on_trial=on_trial,
                )
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        # A reader that goes away half-way (`| head`) changes neither what is written nor how the visit ended.
        with suppress(BrokenPipeError):
            _print(report, plot, as_json)
        if write is not None:
            _write(write, chosen, report)
        if keep:
            _keep(scenario, chosen, report)
    sys.exit(FAILED if report.is_ill else 0)


def _named(scenario: str, targets: tuple[str, ...], assignments: tuple[str, ...]) -> str:
    """What stands for the scenario on a command line."""
    options = [*(("--target", text) for text in targets), *(("--set", text) for text in assignments)]
    return shlex.join([scenario, *(part for option in options for part in option)])


def _cores() -> int:
    import os

    return min(4, os.cpu_count() or 1)


def _print(report: "Report", plot: bool, as_json: bool) -> None:
    if as_json:
        write_json(report)
        return
    from nn_tui.shell.doctor_report import print_report

    print_report(report, plot)


def _write(path: Path, chosen: "Scenario", report: "Report") -> None:
    from nn_tui.scenario.writing import dumps
    from nn_tui.training.diagnosis.prescribing import cured
    from nn_tui.training.files.atomic import write_atomically

    if report.prescription is None:
        tell(f"{path}: nothing was prescribed, so nothing is written")
        return
    write_atomically(path, dumps(cured(chosen, report)).encode())


def _keep(name: str, chosen: "Scenario", report: "Report") -> None:
    from nn_tui.shell.interruption import Interruption
    from nn_tui.training.diagnosis.prescribing import cured
    from nn_tui.training.keeping import Keeper
    from nn_tui.training.replay import replay

    both = {"the run": chosen}
    if report.prescription is not None:
        both["as prescribed"] = cured(chosen, report)
    for what, scenario in both.items():
        keeper = Keeper("doctor", name)
        keeper.begin(scenario)
        with Interruption() as interruption:
            run = replay(scenario, should_stop=interruption)
        number = keeper.keep(run)
        tell(f"{what} is kept as run {number} (nn-tui runs show {number})")
