"""`nn-tui data`: which data sets there are, fetching them, and where they are."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import click

from nn_tui.commands.failure import FAILED, INTERRUPTED, Failure, one_message
from nn_tui.commands.files import InputFile
from nn_tui.commands.usage import Commands, with_file
from nn_tui.shell.telling import tell
from nn_tui.shown import shown

_NAME = click.argument("name", required=False, default="fashion-mnist")


class _DataCommands(Commands):
    elsewhere: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("download", "get"), "fetch"),
        **dict.fromkeys(("show", "info", "look", "head"), "describe"),
        "ls": "list",
        "path": "where",
    }

    def meant(self, ctx: click.Context, name: str) -> str | None:
        return with_file("nn-tui data describe", name) or super().meant(ctx, name)


@click.group("data", cls=_DataCommands)
def data_command() -> None:
    """Show, fetch and locate data sets."""


@data_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
def list_command(as_json: bool) -> None:
    """The kinds of data there are, and what has to be fetched first."""
    with one_message():
        from nn_tui.shell.tables.data_table import print_data

        print_data(as_json)


@data_command.command("describe")
@click.argument("table", type=InputFile())
@click.option("--target", "targets", multiple=True, metavar="COLUMN", help="What to predict; repeatable.")
@click.option("--task", type=click.Choice(("auto", "classification", "regression")), default="auto")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def describe_command(
    table: Path, targets: tuple[str, ...], task: str, assignments: tuple[str, ...], as_json: bool
) -> None:
    """What is in a TABLE, and what would be made of it.

    Every column with its type, range, missing and different values; which is predicted, which are learned from and how
    they are coded; how many examples each class has and each part; the scenario that it amounts to.
    """
    with one_message():
        from nn_tui.commands.replay import places_or_names
        from nn_tui.scenario.overrides import parse_assignment
        from nn_tui.training.tables.describing import described

        changes = dict(parse_assignment(text) for text in assignments)
        told = described(table, places_or_names(targets), task, changes)
        if as_json:
            from nn_tui.shell.machine import write_json

            write_json(told)
            return
        from nn_tui.shell.table_description import print_description

        print_description(told)


@data_command.command("fetch")
@_NAME
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def fetch_command(name: str, quiet: bool) -> None:
    """Fetch a data set into the cache and check it.

    NAME is fashion-mnist, which is also what is meant without one. What is there already is only checked; a fetch
    that was interrupted goes on where it stopped.

    Exit status: 0 the data set is there; 2 it could not be fetched; 130 interrupted.
    """
    _check_fetched(name)
    with one_message():
        from nn_tui.shell.download import fetch_shown

        try:
            place = fetch_shown(shown=not quiet)
        except KeyboardInterrupt:
            tell("interrupted; run it again to go on from the last whole file")
            sys.exit(INTERRUPTED)
    if not quiet:
        click.echo(f"{name} is in {shown(place.folder)}")


@data_command.command("where")
@_NAME
@click.option("--all", "everywhere", is_flag=True, help="Every folder that is looked in, in order.")
def where_command(name: str, everywhere: bool) -> None:
    """Print the folder a data set is read from.

    NAME is fashion-mnist, which is also what is meant without one.

    Exit status: 0 it is there; 1 it is not.
    """
    _check_fetched(name)
    with one_message():
        from nn_tui.data import fashion_mnist

        place = fashion_mnist.located()
        if everywhere:
            from nn_tui.shell.tables.data_table import print_places

            print_places()
    if place is None:
        tell(f"{name} is not on this machine: {fashion_mnist.WAYS_ON}")
        sys.exit(FAILED)
    if not everywhere:
        # A script takes it as it is; a terminal obeys nothing in it.
        click.echo(shown(place.folder) if sys.stdout.isatty() else place.folder)


def _check_fetched(name: str) -> None:
    """Refuses a name that is not of a data set that is fetched."""
    from nn_tui.scenario.kinds import FASHION_MNIST, KINDS
    from nn_tui.scenario.wording import unknown

    if name == FASHION_MNIST.name:
        return
    if name == "csv":
        raise Failure("csv is any file of yours: a scenario names it in data.path")
    if name in KINDS:
        raise Failure(f"{name} is made by code: there is nothing to fetch or to find")
    raise Failure(unknown("data set", name, (FASHION_MNIST.name,)))
