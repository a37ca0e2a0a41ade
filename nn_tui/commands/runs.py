"""`nn-tui runs`: the runs that are kept, listed, shown, run again, opened and forgotten."""

import math
import re
import sys
from collections.abc import Mapping
from typing import Any, ClassVar

import click

from nn_tui.commands.failure import FAILED, INTERRUPTED, Failure, one_message
from nn_tui.commands.usage import Commands
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell

_SHOWN = 30
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(kB|MB|GB)?", re.IGNORECASE)
_UNITS = {"": 1e6, "kb": 1e3, "mb": 1e6, "gb": 1e9}


class _Number(click.ParamType[int]):
    """`12` or `@12`."""

    name = "run"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).removeprefix("@")
        if not re.fullmatch("[0-9]{1,18}", text):
            self.fail(f"expected a run's number, such as 12 or @12, found {value!r}", param, ctx)
        return int(text)


_NUMBER = _Number()


class _RunsCommands(Commands):
    elsewhere: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("rm", "remove", "delete", "del"), "forget"),
        **dict.fromkeys(("clean", "clear", "gc"), "prune"),
        **dict.fromkeys(("list", "ls"), "nn-tui runs"),
        "info": "show",
        "load": "open",
    }

    def meant(self, ctx: click.Context, name: str) -> str | None:
        is_number = name.removeprefix("@").isdecimal()
        return f"nn-tui runs show {name}" if is_number else super().meant(ctx, name)


@click.group("runs", cls=_RunsCommands, invoke_without_command=True)
@click.option("--scenario", metavar="TEXT", help="Only those whose title or name has this in it.")
@click.option("--origin", metavar="WHERE", help="Only those from the lab, replay, sweep, doctor or compare.")
@click.option("--status", metavar="STATUS", help="Only those finished, diverged, interrupted or left.")
@click.option("--finding", metavar="KIND", help="Only those whose diagnosis named this, such as dead-units.")
@click.option("--trials", is_flag=True, help="Each trial of a sweep, not one line for all of them.")
@click.option("--sort", "order", default="id", metavar="COLUMN", help="By id, started, steps, test.accuracy, …")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help=f"The last N; a table has {_SHOWN} at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def runs_command(
    ctx: click.Context,
    scenario: str | None,
    origin: str | None,
    status: str | None,
    finding: str | None,
    trials: bool,
    order: str,
    reverse: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """The runs that are kept: all of the lab's, and what replay --keep and sweep left.

    They lie in one file in your data folder; NN_TUI_RUNS names another, or "off", and NN_TUI_RUNS_MB how much room
    they may take (500), beyond which the oldest go. A run stands wherever a scenario may as @12.
    """
    if ctx.invoked_subcommand is not None:
        return
    with one_message():
        from nn_tui.training.kept.index import Index
        from nn_tui.training.kept.listing import Filter, listed, ordered
        from nn_tui.training.sweep.standing import best_runs

        store = Index()
        wanted = Filter(scenario=scenario, origin=origin, status=status, finding=finding, trials=trials)
        lines = ordered(listed(store.lines(), wanted, best_runs(store)), order, reverse)
        if as_json:
            chosen = lines if limit is None else lines[len(lines) - min(limit, len(lines)) :]
            write_json({"runs": [line.public() for line in chosen]})
        else:
            from nn_tui.shell.tables.runs_table import print_runs

            print_runs(lines, _SHOWN if limit is None else limit, str(store.path))


@runs_command.command("show")
@click.argument("number", type=_NUMBER, metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--plot", is_flag=True, help="Draw the loss curves.")
def show_run(number: int, as_json: bool, plot: bool) -> None:
    """One kept run: where it is from, its settings, what it came to."""
    if as_json and plot:
        raise Failure("--json prints one object and nothing else; leave --plot out")
    with one_message():
        from nn_tui.training.kept.store import Store

        kept = Store().get(number)
        if as_json:
            write_json(kept.public())
            return
        from nn_tui.shell.tables.kept_run_table import print_kept_run

        print_kept_run(kept)
        if plot:
            from nn_tui.shell.plots.comparison_plot import print_loss_curves

            print_loss_curves([(f"run {number}", kept.history)])


@runs_command.command("replay")
@click.argument("number", type=_NUMBER, metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors, and what --json asks for.")
def replay_run(number: int, as_json: bool, quiet: bool) -> None:
    """Run a kept run again, to its last step; its digest must come out again.

    Exit status 1 where it does not, 2 where a file it read is gone or has changed.
    """
    with one_message():
        from nn_tui.shell.interruption import Interruption
        from nn_tui.shell.progress import shown_progress
        from nn_tui.training.kept.store import Store
        from nn_tui.training.rerunning import run_again

        store = Store()
        kept = store.get(number)
        with Interruption() as interruption, shown_progress(not as_json and not quiet) as progress:
            run = run_again(kept, store, interruption, progress)
        if as_json:
            write_json(run.summary)
        elif not quiet:
            from nn_tui.shell.tables.summary_table import print_summary

            print_summary(run)
    if run.summary.status == "interrupted" and kept.line.status != "interrupted":
        sys.exit(INTERRUPTED)
    if run.summary.digest != kept.line.digest:
        version = f"it was kept by nn-tui {kept.version}; " if kept.version != _version() else ""
        tell(f"run {number}: the digest differs ({version}another machine or NumPy?)")
        sys.exit(FAILED)


def _version() -> str:
    from nn_tui.version import __version__

    return __version__


@runs_command.command("open")
@click.argument("number", type=_NUMBER, metavar="RUN")
def open_run(number: int) -> None:
    """Open a kept run in the lab, at its last step."""
    from nn_tui.commands.lab import open_lab

    with one_message():
        from nn_tui.training.kept.reference import kept_course

        # What cannot be had back is refused here, before the screen changes.
        kept_course(number)
    open_lab(f"@{number}")


@runs_command.command("forget")
@click.argument("numbers", type=_NUMBER, metavar="RUN…", nargs=-1, required=True)
def forget_runs(numbers: tuple[int, ...]) -> None:
    """Forget runs, for good."""
    with one_message():
        from nn_tui.training.kept.index import Index
        from nn_tui.wording import counted

        gone = Index().forget(numbers)
        click.echo(f"forgot {counted(len(gone), 'run')}")


@runs_command.command("prune")
@click.option("--to", "size", metavar="SIZE", help="What is left takes at most so much, such as 100MB; 0 leaves none.")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="Only the latest N are left.")
def prune_runs(size: str | None, keep: int | None) -> None:
    """Forget the oldest runs, until the rest takes no more room than it may."""
    most = None if size is None else _bytes(size)
    with one_message():
        from nn_tui.training.kept.index import Index
        from nn_tui.training.kept.room import most_bytes
        from nn_tui.wording import counted

        store = Index()
        gone = 0 if keep is None else store.keep_latest(keep)
        if most is not None or keep is None:
            gone += store.prune(most_bytes() if most is None else most)
        click.echo(f"forgot {counted(gone, 'run')}; the rest takes {store.size() / 1e6:.1f} MB")


def _bytes(text: str) -> int:
    from nn_tui.wording import quoted

    found = _SIZE.fullmatch(text.strip())
    size = math.inf if found is None else float(found[1]) * _UNITS[(found[2] or "").lower()]
    if size == math.inf:
        raise Failure(f"--to: expected a size such as 100MB, found {quoted(text)}")
    return int(size)
