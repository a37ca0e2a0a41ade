"""`nn-tui replay`: a scenario trained to its end, without a screen."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from nn_tui.commands.failure import FAILED, INTERRUPTED, Failure, one_message
from nn_tui.commands.files import InputFile, OutputFile
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell
from nn_tui.shown import shown

if TYPE_CHECKING:
    from nn_tui.scenario.schema import Scenario
    from nn_tui.training.files.model import Model
    from nn_tui.training.keeping import Keeper
    from nn_tui.training.replay import Outputs, Run
    from nn_tui.training.run.session import Stop
    from nn_tui.training.summary import Summary

_READ, _WRITE = InputFile(), OutputFile()


@click.command("replay")
@click.argument("scenario", required=False)
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
@click.option("--target", "targets", multiple=True, metavar="COLUMN", help="Of a table: what to predict; repeatable.")
@click.option("--seed", type=int, metavar="N", help="The same as --set training.seed=N.")
@click.option("--epochs", type=int, metavar="N", help="Stop after N epochs; more than the scenario's make it longer.")
@click.option("--steps", type=int, metavar="N", help="Stop after N steps; 0 leaves the initial parameters.")
@click.option("--resume", type=_READ, metavar="MODEL", help="Go on with a run that --save wrote, where it stopped.")
@click.option("--init-from", type=_READ, metavar="FILE", help="Start from weights trained elsewhere (safetensors).")
@click.option("--metrics", type=_WRITE, metavar="FILE", help="Write the rows it records, as .jsonl or .csv.")
@click.option("--every", type=click.IntRange(min=1), metavar="N", help="Also write a row every N steps.")
@click.option("--save", type=_WRITE, metavar="MODEL", help="Write a .safetensors to predict, resume, load in PyTorch.")
@click.option("--record", type=_WRITE, metavar="FILE", help="Write a scenario that replays to the same digest.")
@click.option("--folds", type=click.IntRange(min=2), metavar="K", help="Of a table: K runs, each tested on other rows.")
@click.option("--keep", is_flag=True, help="Keep the run, to be listed, compared and had again (nn-tui runs).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--plot", is_flag=True, help="Draw the loss curves; on a surface, the paths too.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors, and what --json or --plot asks for.")
@click.option(
    "--threads", type=click.IntRange(1, 1024), default=1, metavar="N", help="Linear-algebra threads; 1 if not given."
)
def replay_command(
    scenario: str | None,
    assignments: tuple[str, ...],
    targets: tuple[str, ...],
    seed: int | None,
    epochs: int | None,
    steps: int | None,
    resume: Path | None,
    init_from: Path | None,
    metrics: Path | None,
    every: int | None,
    save: Path | None,
    record: Path | None,
    folds: int | None,
    keep: bool,
    as_json: bool,
    plot: bool,
    quiet: bool,
    threads: int,
) -> None:
    """Train a scenario to its end, without a screen.

    SCENARIO is a name from the catalog, a path to a TOML file, @12 for the kept run 12, a saved model for the
    scenario in it, or a table (flowers.csv --target species), of which a sensible start is made. The same scenario
    gives the same parameters, bit for bit, however it is recorded or printed.

    With --resume the run of a saved model goes on where it stopped, and ends with the parameters of a run that never
    stopped. Its scenario is in the file, so SCENARIO may be left out. SCENARIO and --set may ask for other values of
    live fields; each counts as a change made at this step, and --record writes it down as such.

    With --init-from the layers of a PyTorch Sequential, saved with safetensors.torch.save_file, take the place of
    the initial parameters. They must have the network's widths; activations are the scenario's.

    The scenario's expectations are about its own end: a run that --epochs or --steps cuts short, or makes longer, is
    not held to them.

    Exit status: 0 done; 1 an expectation missed, a digest differs or the run diverged unexpectedly; 2 bad input;
    130 interrupted.
    """
    if every is not None and metrics is None:
        raise Failure("--every says how often --metrics writes a row; give --metrics FILE too")
    if as_json and plot:
        raise Failure("--json prints one object and nothing else; leave --plot out")
    if scenario is None and resume is None:
        raise Failure("name a SCENARIO (nn-tui list shows all of them), or a run to --resume")
    if folds is not None:
        files = {"--save": save, "--metrics": metrics, "--record": record, "--resume": resume, "--init-from": init_from}
        wrong = [name for name, file in files.items() if file is not None]
        if wrong := [*wrong, *(["--keep"] if keep else []), *(["--plot"] if plot else [])]:
            raise Failure(f"--folds makes several runs; leave {wrong[0]} out")
    if resume is not None and init_from is not None:
        raise Failure("--resume goes on with a run's own parameters; leave --init-from out")
    with one_message():
        from nn_tui.scenario.errors import named
        from nn_tui.training.files.model_file import load_model
        from nn_tui.training.replay import Outputs, files_read

        saved = load_model(resume) if resume is not None else None
        if keep and saved is not None and saved.start:
            raise Failure(
                f"--keep: what is kept can be run again, and this run began with the weights of {shown(saved.start)}, "
                "which its model does not hold; --save keeps the model itself"
            )
        notes: list[str] = []
        chosen = _chosen(scenario, saved, assignments, seed, places_or_names(targets), notes)
        for note in () if quiet else notes:
            tell(note)
        chosen, stop = _until(chosen, epochs, steps)
        if folds is not None:
            with named(scenario or ""):
                sys.exit(_fold(chosen, folds, stop, threads, as_json, quiet))
        begun = _Beginning(chosen, stop, saved, init_from, frozenset(notes))
        outputs = Outputs(metrics=metrics, model=save, record=record)
        printing = "json" if as_json else "nothing" if quiet else "table"
        outputs.check(files_read(chosen, scenario, resume, init_from))
        keeper = _keeper(scenario) if keep else None
        _fetch_missing(chosen, shown=not quiet)
        with named(scenario or ""):
            summary = _replay(begun, outputs, every, threads, printing, plot, keeper)
    sys.exit(_status(summary))


def _fold(chosen: "Scenario", count: int, stop: "Stop | None", threads: int, as_json: bool, quiet: bool) -> int:
    """Runs and prints the folds; gives the exit status."""
    from nn_tui.shell.interruption import Interruption
    from nn_tui.training.folding import run_folds

    with Interruption() as interruption:
        found = run_folds(chosen, count, stop=stop, threads=threads, should_stop=interruption)
    if as_json:
        write_json(found)
    elif not quiet:
        from nn_tui.shell.folds_table import print_folds

        print_folds(found)
    if found.folds[-1].status == "interrupted":
        return INTERRUPTED
    return 0 if all(fold.status == "finished" for fold in found.folds) else FAILED


def _fetch_missing(chosen: "Scenario", shown: bool) -> None:
    from nn_tui.scenario.kinds import FASHION_MNIST

    if chosen.data.kind != FASHION_MNIST.name:
        return
    from nn_tui.shell.download import fetch_if_missing

    try:
        fetch_if_missing(chosen.data.kind, shown)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


class _Beginning(NamedTuple):
    """What is run, from where, how far."""

    scenario: "Scenario"
    stop: "Stop | None"
    saved: "Model | None"
    init_from: Path | None
    told: frozenset[str]


def places_or_names(targets: Sequence[str]) -> tuple[str | int, ...]:
    """Columns as they are typed: digits are a place, counted from 0."""
    return tuple(int(target) if target.isdecimal() and len(target) < _TOO_LONG else target for target in targets)


_TOO_LONG = 10
"""Digits that are no place any more."""


def _chosen(
    scenario: str | None,
    saved: "Model | None",
    assignments: Sequence[str],
    seed: int | None,
    targets: Sequence[str | int],
    notes: list[str],
) -> "Scenario":
    from nn_tui.scenario import overrides
    from nn_tui.training.given import given_scenario

    changes = dict(overrides.parse_assignment(text) for text in assignments)
    if scenario is not None:
        chosen = given_scenario(scenario, targets, changes, notes.append)
    else:
        assert saved is not None
        chosen = overrides.apply(saved.scenario, changes) if changes else saved.scenario
    if seed is not None:
        chosen = overrides.apply(chosen, {"training.seed": seed}, source="--seed")
    return chosen


def _until(chosen: "Scenario", epochs: int | None, steps: int | None) -> tuple["Scenario", "Stop | None"]:
    """Where --epochs and --steps end the run: before the scenario does, or beyond, which makes another scenario."""
    from msgspec import structs

    from nn_tui.scenario import overrides
    from nn_tui.training.run.session import Stop

    stop = {}
    for key, value in (("epochs", epochs), ("steps", steps)):
        if value is None:
            continue
        longer = overrides.apply(chosen, {f"training.{key}": value}, source=f"--{key}")
        own = getattr(chosen.training, key)
        if own is not None and value > own:
            # Expectations are about the scenario's own end.
            chosen = structs.replace(longer, expect=())
        else:
            stop[key] = value
    return chosen, Stop(**stop) if stop else None


def _keeper(name: str | None) -> "Keeper":
    from nn_tui.training.keeping import Keeper

    return Keeper("replay", name or "")


def _replay(
    begun: _Beginning,
    outputs: "Outputs",
    every: int | None,
    threads: int,
    printing: str,
    plot: bool,
    keeper: "Keeper | None",
) -> "Summary":
    from nn_tui.shell.interruption import Interruption
    from nn_tui.shell.progress import shown_progress
    from nn_tui.training.files.model_file import shortage
    from nn_tui.training.replay import replay

    if keeper is not None:
        keeper.begin(begun.scenario, begun.init_from)
    with Interruption() as interruption, shown_progress(printing == "table") as progress:
        run = replay(
            begun.scenario,
            resume=begun.saved,
            init_from=begun.init_from,
            stop=begun.stop,
            outputs=outputs,
            every=every,
            threads=threads,
            should_stop=interruption,
            on_step=progress,
        )
    if printing == "json" and run.summary.data is not None:
        for note in run.summary.data.notes:
            if note not in begun.told:
                tell(note)
    # A reader that goes away half-way (`| head`) does not change how the run ended.
    with suppress(BrokenPipeError):
        _print(run, printing, plot)
    if keeper is not None:
        number = keeper.keep(run)
        if printing != "nothing":
            tell(f"kept as run {number} (nn-tui runs show {number})")
    if outputs.model is not None and (reason := shortage(run.model)) is not None:
        tell(f"{outputs.model}: {reason.file}")
    return run.summary


def _print(run: "Run", printing: str, plot: bool) -> None:
    if printing == "json":
        write_json(run.summary)
    elif printing == "table":
        from nn_tui.shell.tables.summary_table import print_summary

        print_summary(run)
    if plot and printing != "json":
        _plot(run)


def _plot(run: "Run") -> None:
    from nn_tui.shell.plots.run_plots import print_plots

    print_plots(run)


def _status(summary: "Summary") -> int:
    if summary.status == "interrupted":
        return INTERRUPTED
    return 0 if summary.passed else FAILED
