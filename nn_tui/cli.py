"""The door: reads arguments, picks a room, imports it only then."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nn_tui import __version__

if TYPE_CHECKING:
    from nn_tui.scenario.schema import Scenario
    from nn_tui.training.summary import Summary

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class _Failure(click.ClickException):
    """One message on stderr and status 2."""

    exit_code = BAD_INPUT

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        click.echo(f"nn-tui: {self.message}", err=True)


def _told(work: Callable[[], Any]) -> Any:
    """Runs `work`; what is wrong with its input becomes one message."""
    from nn_tui.scenario.errors import ScenarioError
    from nn_tui.training.atomic import OutputError

    try:
        return work()
    except (ScenarioError, OutputError) as error:
        raise _Failure(str(error)) from error
    except MemoryError as error:
        raise _Failure("the scenario needs more memory than there is") from error


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nn-tui")
def cli() -> None:
    """Train neural networks in the terminal, and see why they learn or fail to."""


@cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
def list_command(as_json: bool) -> None:
    """The catalogue of scenarios."""

    def work() -> None:
        if as_json:
            import json
            from dataclasses import asdict

            from nn_tui.scenario import catalogue

            rows = [asdict(entry) | {"path": str(entry.path)} for entry in catalogue.entries()]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            from nn_tui.shell.catalogue_table import print_catalogue

            print_catalogue()

    _told(work)


@cli.command()
@click.argument("scenario")
def show(scenario: str) -> None:
    """One scenario in full, every default filled in: a valid scenario file."""

    def work() -> None:
        from nn_tui.scenario import catalogue
        from nn_tui.scenario.reading import load
        from nn_tui.scenario.writing import dumps

        click.echo(dumps(load(catalogue.find(scenario))), nl=False)

    _told(work)


@cli.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors that complete and check them."""
    import json

    from nn_tui.scenario.json_schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


_FILE = click.Path(path_type=Path)


@cli.command()
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
def replay(
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
        raise _Failure("--every says how often --metrics writes a row; give --metrics FILE too")
    cuts = {"training.seed": seed, "training.epochs": epochs, "training.steps": steps}

    def work() -> "Summary":
        from nn_tui.training.replay import Outputs

        chosen = _chosen(scenario, assignments, {key: value for key, value in cuts.items() if value is not None})
        shortened = epochs is not None or steps is not None
        outputs = Outputs(metrics=metrics, model=save, record=record)
        printing = "json" if as_json else "nothing" if quiet else "table"
        return _replay(chosen, shortened, outputs, every, threads, printing, plot)

    sys.exit(_status(_told(work)))


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
    outputs: Any,
    every: int | None,
    threads: int,
    printing: str,
    plot: bool,
) -> "Summary":
    from nn_tui.shell.interruption import Interruption
    from nn_tui.shell.progress import shown_progress
    from nn_tui.training.replay import replay as run_replay

    with Interruption() as interruption, shown_progress(printing == "table") as progress:
        run = run_replay(
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


def main() -> None:
    """The console script."""
    try:
        cli(prog_name="nn-tui")
    except BrokenPipeError:
        # The reader went away (`nn-tui list | head`): nothing is wrong, and nothing more can be said.
        sys.stderr.close()
        sys.exit(0)
