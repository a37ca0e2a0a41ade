"""`nn-tui list`, `nn-tui show` and `nn-tui schema`, and what is said of commands there are not."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from nn_tui import __version__
from nn_tui.scenario import catalogue
from nn_tui.wording import quoted
from tests.shell.programs import nn, refused


def test_the_list_names_every_scenario_and_what_it_shows() -> None:
    result = nn("list")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    lines = result.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert [line.split()[0] for line in lines[1:] if not line.startswith(" ")] == catalogue.names()
    for entry in catalogue.entries():
        assert entry.title in result.stdout


def test_the_list_is_there_for_programs_too() -> None:
    result = nn("list", "--json")
    entries = json.loads(result.stdout)
    assert [entry["name"] for entry in entries] == catalogue.names()
    for entry in entries:
        assert set(entry) >= {"name", "title", "summary", "kind", "path"}
        assert Path(entry["path"]).is_file()


def test_show_prints_a_whole_scenario() -> None:
    result = nn("show", "xor")
    assert result.exit_code == 0
    shown = tomllib.loads(result.stdout)
    assert shown["training"]["optimizer"]["beta1"] == 0.9
    assert shown["training"]["clip"] == {"norm": 0.0, "value": 0.0}


def test_show_with_changes_prints_what_replay_runs_with_them() -> None:
    changes = ("--set", "race.adam.lr=0.5", "--set", "epochs=7")
    shown = tomllib.loads(nn("show", "saddle", *changes).stdout)["training"]
    assert [lane["lr"] for lane in shown["race"]] == [0.02, 0.2, 0.5]
    assert shown["epochs"] == 7
    assert nn("show", "xor", "--set", "race.1.lr=1").exit_code == 2


def test_open_changes_the_scenario_that_is_named() -> None:
    assert refused("open", "--set", "lr=1") == "--set changes a SCENARIO before it is opened; name one"


def test_show_writes_own_data_with_their_whole_path(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('title = "Own"\n[data]\nkind = "csv"\npath = "mine.csv"\ntarget = "y"\n')
    assert tomllib.loads(nn("show", path).stdout)["data"]["path"] == str(tmp_path / "mine.csv")


def test_the_schema_is_json_and_accepts_what_show_prints() -> None:
    schema = json.loads(nn("schema").stdout)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(tomllib.loads(nn("show", "spiral").stdout))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("repla",), "no such command 'repla'; did you mean 'replay'? (see nn-tui --help)"),
        (("xor",), "no such command 'xor'; did you mean 'nn-tui replay xor'? (see nn-tui --help)"),
        (("XOR",), "no such command 'XOR'; did you mean 'nn-tui replay xor'? (see nn-tui --help)"),
        (("spirals",), "no such command 'spirals'; did you mean 'nn-tui replay spiral'? (see nn-tui --help)"),
        (("train", "xor"), "no such command 'train'; did you mean 'replay'? (see nn-tui --help)"),
        (("runs", "rm", "3"), "no such command 'rm'; did you mean 'forget'? (see nn-tui runs --help)"),
        (("runs", "@3"), "no such command '@3'; did you mean 'nn-tui runs show @3'? (see nn-tui runs --help)"),
        (
            ("replay", "xor", "lr=0.1"),
            "got unexpected extra argument (lr=0.1); did you mean '--set lr=0.1'? (see nn-tui replay --help)",
        ),
        (("sweep", "xor", "--lr", "1"), "no such option --lr; did you mean '--vary lr=…'? (see nn-tui sweep --help)"),
        (("qqq",), "no such command 'qqq' (see nn-tui --help)"),
        (("data", "fetc"), "no such command 'fetc'; did you mean 'fetch'? (see nn-tui data --help)"),
        (("--vresion",), "no such option --vresion; did you mean '--version'? (see nn-tui --help)"),
        (("list", "--jsn"), "no such option --jsn; did you mean '--json'? (see nn-tui list --help)"),
        (("show",), "missing argument 'SCENARIO' (see nn-tui show --help)"),
        (("show", "xor", "and"), "got unexpected extra argument (and) (see nn-tui show --help)"),
        (("list", "x", "y"), "got unexpected extra arguments (x y) (see nn-tui list --help)"),
    ],
)
def test_a_slip_of_the_hand_is_told_in_one_message(arguments: tuple[str, ...], message: str) -> None:
    assert refused(*arguments) == message


def test_a_file_in_place_of_a_command_is_told_with_the_command_that_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "my flowers.csv"
    path.write_text("height,kind\n1.5,a\n2.5,b\n")
    for group, command in (((), "nn-tui open"), (("data",), "nn-tui data describe")):
        meant = quoted(f"{command} '{path}'")
        assert f"; did you mean {meant}?" in refused(*group, path)
    assert "did you mean" not in refused("x" * 5_000)


@pytest.mark.parametrize("command", ["list", "show", "schema", "replay", "data", "predict"])
def test_every_command_explains_itself(command: str) -> None:
    assert command in nn("--help").stdout
    result = nn(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: nn-tui {command} ")


def test_the_version_is_told() -> None:
    assert nn("--version").stdout == f"nn-tui, version {__version__}\n"
