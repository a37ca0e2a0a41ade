"""`nn-tui replay`: a scenario trained to its end, without a screen."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nn_tui.commands.failure import FAILED, INTERRUPTED, Failure, one_message

if TYPE_CHECKING:
    from nn_tui.scenario.schema import Scenario
    from nn_tui.training.replay import Outputs
    from nn_tui.training.summary import Summary

_FILE = click.Path(path_type=Path)


@click.command("replay")
@click.argument("scenario")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
@click.option("--seed", type=int, help="The same as --set training.seed=N.")
@click.option("--epochs", type=int, help="Stop after N epochs.")
@click.option("--steps", type=int, help="Stop after N steps; 0 leaves the initial parameters.")
@click.option("--metrics", type=_FILE, help="Write a row every epoch to FILE.jsonl or FILE.csv.")
@click.option("--every", type=click.IntRange(min=1), help="Also write a row every N steps.")
@click.option("--save", type=_FILE, help="Write the parameters to MODEL.safetensors.")
@click.option("--record", type=_FILE, help="Write the run as a scenario that replays to the same digest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--plot", is_flag=True, help="Draw the loss curves.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Linear-algebra threads.")
def replay_command(
    scenario: str,
    assignments: tuple[str, ...],
    seed: int | None,
    epochs: int | None,
    steps: int | None,
    metrics: Path | None,
    every: int | None,
    save: Path | None,
    record: Path | None,
    as_json: bool,
    plot: bool,
    quiet: bool,
    threads: int,
) -> None:
    """Train a scenario to its end, without a screen.

    SCENARIO is a name from the catalogue or a path to a TOML file. The same scenario gives the same parameters, bit
    for bit, however it is recorded or printed.

    Exit status: 0 done; 1 an expectation missed, a digest differs or the run diverged unexpectedly; 2 bad input;
    130 interrupted.
    """
    if every is not None and metrics is None:
        raise Failure("--every says how often --metrics writes a row; give --metrics FILE too")
    cuts = {"training.seed": seed, "training.epochs": epochs, "training.steps": steps}
    with one_message():
        from nn_tui.training.replay import Outputs

        chosen = _chosen(scenario, assignments, {key: value for key, value in cuts.items() if value is not None})
        outputs = Outputs(metrics=metrics, model=save, record=record)
        printing = "json" if as_json else "nothing" if quiet else "table"
        shortened = epochs is not None or steps is not None
        summary = _replay(chosen, shortened, outputs, every, threads, printing, plot)
    sys.exit(_status(summary))


def _chosen(scenario: str, assignments: Sequence[str], cuts: dict[str, Any]) -> "Scenario":
    import msgspec

    from nn_tui.scenario import catalogue, overrides
    from nn_tui.scenario.reading import load

    chosen = load(catalogue.find(scenario))
    changes = dict(overrides.parse_assignment(text) for text in assignments)
    if changes:
        chosen = overrides.apply(chosen, changes)
    if "training.epochs" in cuts or "training.steps" in cuts:
        # Expectations are about the scenario's own end.
        chosen = msgspec.structs.replace(chosen, expect=())
    for key, value in cuts.items():
        chosen = overrides.apply(chosen, {key: value}, source=f"--{key.rpartition('.')[2]}")
    return chosen


def _replay(
    chosen: "Scenario",
    shortened: bool,
    outputs: "Outputs",
    every: int | None,
    threads: int,
    printing: str,
    plot: bool,
) -> "Summary":
    from nn_tui.shell.interruption import Interruption
    from nn_tui.shell.progress import shown_progress
    from nn_tui.training.replay import replay

    with Interruption() as interruption, shown_progress(printing == "table") as progress:
        run = replay(
            chosen,
            outputs=outputs,
            every=every,
            threads=threads,
            should_stop=interruption,
            on_step=progress,
        )
    if printing == "json":
        import msgspec

        click.echo(msgspec.json.encode(run.summary).decode())
    elif printing == "table":
        from nn_tui.shell.summary_table import print_summary

        print_summary(run.summary, shortened)
    if plot and printing != "json":
        from nn_tui.shell.loss_plot import print_losses

        print_losses(run.history)
    return run.summary


def _status(summary: "Summary") -> int:
    if summary.status == "interrupted":
        return INTERRUPTED
    return 0 if summary.passed else FAILED
