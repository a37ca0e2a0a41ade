"""`nn-tui list`, `nn-tui show` and `nn-tui schema`: what scenarios there are, and how they are written."""

import click

from nn_tui.commands.failure import one_message
from nn_tui.shell.machine import write_out
from nn_tui.shell.telling import tell


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
def list_command(as_json: bool) -> None:
    """The catalog of scenarios."""
    with one_message():
        if as_json:
            import json

            from msgspec import structs

            from nn_tui.scenario import catalogue

            rows = [structs.asdict(entry) | {"path": str(entry.path)} for entry in catalogue.entries()]
            write_out(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        else:
            from nn_tui.shell.tables.catalogue_table import print_catalogue

            print_catalogue()


@click.command("show")
@click.argument("scenario")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
def show_command(scenario: str, assignments: tuple[str, ...]) -> None:
    """One scenario in full, every default filled in.

    What is printed is a valid scenario file, and replays to the same digest; with --set, to the one that replay has
    with the same --set.
    """
    with one_message():
        from nn_tui.scenario.overrides import parse_assignment
        from nn_tui.scenario.writing import dumps
        from nn_tui.training.given import given_scenario

        changes = dict(map(parse_assignment, assignments))
        write_out(dumps(given_scenario(scenario, changes=changes, tell=tell)))


@click.command("schema")
def schema_command() -> None:
    """The JSON Schema of scenario files, for editors.

    Editors that know TOML complete and check scenario files with it.
    """
    import json

    from nn_tui.scenario.json_schema import json_schema

    write_out(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")
