"""`nn-tui sweep`: many runs of one scenario."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nn_tui.commands.failure import INTERRUPTED, Failure, one_message
from nn_tui.commands.files import OutputFile
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell

if TYPE_CHECKING:
    from nn_tui.scenario.schema import Scenario
    from nn_tui.training.sweep.plan import Plan
    from nn_tui.training.sweep.ranking import Ranked
    from nn_tui.training.sweep.space import Axis
    from nn_tui.training.sweep.sweeping import SweepResult

_ASKED_ABOUT = 2_000
"""Trials from which on a person is asked first."""
_LONG = 100_000
"""Combinations drawn, above which it takes some seconds."""


@click.command("sweep")
@click.argument("scenario")
@click.option("--vary", "varied", multiple=True, metavar="KEY=VALUES", help="lr=1e-4..1:log, or activation=relu,tanh.")
@click.option("--seeds", metavar="N|A,B,…", help="How many seeds a combination, from the scenario's on, or which.")
@click.option("--points", type=click.IntRange(min=2), metavar="N", help="Of a range, both ends included; 5.")
@click.option("--random", type=click.IntRange(min=1), metavar="N", help="N combinations drawn evenly, not the grid.")
@click.option("--metric", default=None, metavar="NAME", help="What is best, such as test.accuracy or train.loss.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes; one a processor if not given.")
@click.option("--cluster", metavar="ADDRESS", help="Of a Dask scheduler, such as tcp://host:8786, to run there.")
@click.option("--stop-sick", is_flag=True, default=None, help="Give up what is hopeless beside the others.")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field first; repeatable.")
@click.option("--out", type=OutputFile(), metavar="FILE", help="Write the trials as .csv, a row each.")
@click.option("--yes", is_flag=True, help=f"Do not ask, however many trials there are (from {_ASKED_ABOUT:,} on).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--plot", is_flag=True, help="Draw the metric over one key, or over two as a heat map.")
def sweep_command(
    scenario: str,
    varied: tuple[str, ...],
    seeds: str | None,
    points: int | None,
    random: int | None,
    metric: str | None,
    workers: int | None,
    cluster: str | None,
    stop_sick: bool | None,
    assignments: tuple[str, ...],
    out: Path | None,
    yes: bool,
    as_json: bool,
    plot: bool,
) -> None:
    """Run a scenario with many values of some keys, and put them in order.

    A range (lr=1e-4..1:log, batch_size=8..64) has both its ends; a list has its values (activation=relu,tanh). Each
    trial is, bit for bit, nn-tui replay with --set and --seed. They run in a process each, or on a Dask cluster, and
    are kept as they are done: after Ctrl-C the same command goes on where it stopped.

    What is not said here, the scenario's table [sweep] says: vary, seeds, points, random, metric, stop_sick.

    With --stop-sick every trial is looked at after a fifth of its steps, and the best third of the combinations goes
    on: those ahead on the metric, and those that learn fastest.
    """
    if as_json and plot:
        raise Failure("--json prints one object and nothing else; leave --plot out")
    if workers is not None and cluster is not None:
        raise Failure("--workers are this machine's, --cluster has its own; give one of them")
    with one_message():
        from nn_tui.scenario import overrides
        from nn_tui.scenario.errors import named
        from nn_tui.training.files.endings import check_trials_ending
        from nn_tui.training.files.overwriting import check_outputs, input_files
        from nn_tui.training.given import given_file, given_scenario

        changes = dict(overrides.parse_assignment(text) for text in assignments)
        chosen = given_scenario(scenario, changes=changes, tell=tell)
        if out is not None:
            check_outputs([out], input_files(chosen, given_file(scenario)))
            check_trials_ending(out)
        with named(scenario):
            plan = _plan(chosen, varied, seeds, points, random, metric, stop_sick)
        if plan.trials >= _ASKED_ABOUT and not yes:
            _ask(plan)
        result, interrupted = _run(plan, workers, cluster, out, scenario, shown=not as_json)
    command = _command(scenario, assignments, result.best) if result.best else ""
    if as_json:
        from msgspec import structs

        write_json(structs.asdict(result) | {"command": command})
    else:
        from nn_tui.shell.sweep_table import print_sweep

        print_sweep(result, command, plot)
    if interrupted:
        sys.exit(INTERRUPTED)


def _plan(
    chosen: "Scenario",
    varied: tuple[str, ...],
    seeds: str | None,
    points: int | None,
    random: int | None,
    metric: str | None,
    stop_sick: bool | None,
) -> "Plan":
    from nn_tui.training.sweep.interface import asked
    from nn_tui.training.sweep.plan import MOST_TRIALS
    from nn_tui.training.sweep.space import parse_axis

    axes: tuple[Axis, ...] = tuple(parse_axis(text, points) for text in varied)
    drawn = chosen.sweep.get("random") if random is None else random
    if drawn is not None and _LONG <= drawn <= MOST_TRIALS:
        tell(f"drawing {drawn:,} combinations, to count those that differ …")
    return asked(chosen, axes, seeds=_seeds(seeds), points=points, random=random, metric=metric, stop_sick=stop_sick)


def _seeds(text: str | None) -> int | list[int] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 19 for part in parts):
        raise Failure(f"--seeds: expected how many, such as 5, or which, such as 3,7, found {text!r}")
    return int(parts[0]) if len(parts) == 1 else [int(part) for part in parts if part]


def _ask(plan: "Plan") -> None:
    from nn_tui.wording import counted

    each = f"{counted(plan.combinations, 'combination')}, {counted(len(plan.seeds), 'seed')} each"
    told = f"these are {plan.trials:,} trials ({each})"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Failure(f"{told}; --yes runs them, --random N a few of them")
    click.confirm(f"nn-tui: {told}; run them?", abort=True, err=True)


def _run(
    plan: "Plan", workers: int | None, cluster: str | None, out: Path | None, name: str, shown: bool
) -> "tuple[SweepResult, bool]":
    from nn_tui.shell.interruption import Interruption
    from nn_tui.shell.sweep_progress import shown_sweep
    from nn_tui.training.files.kept_file import store_path
    from nn_tui.training.sweep.interface import progress_of
    from nn_tui.training.sweep.sweeping import Sweeping
    from nn_tui.training.sweep.workers import ClusterWorkers, LocalWorkers

    told = list[str]()
    progress = progress_of(plan, out, name, told.append)
    if shown and store_path() is not None and sys.stderr.isatty():
        told.append(f"nn-tui open sweep:{plan.hash()[:8]} shows it as it runs")
    with (
        Interruption() as interruption,
        ClusterWorkers(cluster) if cluster is not None else LocalWorkers(workers) as crew,
    ):
        # Once there is somebody to run them.
        for line in told:
            tell(line)
        with shown_sweep(plan, shown) as on_trial:
            result = Sweeping(plan, crew, progress, should_stop=interruption, on_trial=on_trial).run()
        return result, interruption()


def _command(scenario: str, assignments: tuple[str, ...], best: "Ranked") -> str:
    """What replays the best combination, with the first of its seeds."""
    from nn_tui.training.sweep.shape import written

    texts = [*assignments, *(f"{key}={written(value)}" for key, value in best.changes.items())]
    options = [part for text in texts for part in ("--set", text)]
    return shlex.join(["nn-tui", "replay", scenario, *options, "--seed", str(best.seeds[0])])
