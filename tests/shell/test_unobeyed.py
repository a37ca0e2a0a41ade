"""Nothing that comes from a file, an argument or a name is obeyed by the terminal: it is shown."""

import json
import re
import sqlite3
import tomllib
from pathlib import Path

import pytest

from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.shown import escaped, in_cells, shown, shown_lines
from tests.robustness.inputs.models import parts_of, signed
from tests.robustness.mutations import document
from tests.shell.programs import nn

MARKUP = "[@click=app.quit]T[/] [/b] x [red]"
OBEYED = "\x1b]0;t\x07\x9b31m\u202egnp.exe\u2066\x7f"
HOSTILE = f"{MARKUP} {OBEYED}"
TEXT = f"{MARKUP} \u202egnp.exe\u2066"
"""What a scenario may hold, which refuses control characters."""
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def test_one_function_shows_them_all() -> None:
    assert shown("a\x1b[31m\u202eb\n\tü快\u200d\u00a0") == "a\\x1b[31m\\u202eb\\n\\tü快\u200d\u00a0"
    assert shown_lines("a\nb\x07") == "a\nb\\x07"
    assert shown(Path("m\udcff")) == "m\\xff"
    assert in_cells("a\x1b\x7f\u202eb") == "a␛␡\ufffdb"
    for code in [*range(0x300), *range(0x2000, 0x2100), 0xFEFF]:
        text = shown(chr(code))
        assert not RAW.search(text)
        assert not RAW.search(in_cells(chr(code)))
        if RAW.match(chr(code)) and code > 0x1F:
            document = escaped(f'"{chr(code)}"')
            assert json.loads(document) == tomllib.loads(f"a = {document}")["a"] == chr(code)


def scenario(**data: str) -> str:
    """A scenario whose every text field is hostile."""
    table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in data.items())
    text = json.dumps(TEXT)
    return f"title = {text}\nsummary = {text}\nlesson = {text}\n[data]\n{table}[training]\nepochs = 2\n"


def check_output(*arguments: object, says: str = "") -> str:
    result = nn(*arguments)
    assert result.exit_code in (0, 1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    for text in (result.stdout, result.stderr):
        assert not RAW.search(text), ascii(RAW.search(text))
    assert says in result.stdout + result.stderr
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NN_TUI_RUNS", str(tmp_path / "runs.sqlite"))
    (tmp_path / "xor.toml").write_text(scenario(kind="xor"), encoding="utf-8")
    (tmp_path / "table.csv").write_text(
        "[@click=app.quit]a[/],b [m/s],b [/kg]\n" + "0.1,0.2,[/b] x\n0.5,0.1,[red]y\n" * 8, encoding="utf-8"
    )
    (tmp_path / "table.toml").write_text(scenario(kind="csv", path="table.csv", target="b [/kg]"), encoding="utf-8")
    return tmp_path


def test_every_text_of_a_scenario_is_shown_by_every_command(folder: Path) -> None:
    for name in ("xor.toml", "table.toml"):
        model = f"{name}.safetensors"
        check_output("replay", name, "--save", model, "--record", "record.toml", "--plot", "--keep", says=MARKUP)
        check_output("replay", name, "--json")
        check_output("show", name)
        check_output("gradcheck", name, says=MARKUP)
        check_output("trace", name)
        check_output("predict", model, "0-3", says=MARKUP)
        check_output("predict", model, says=MARKUP)
        check_output("predict", model, "--json")
        script = check_output("export", model, "--to", "pytorch", says="[@click=app.quit]T")
        compile(script, "script", "exec")
        check_output("runs")
        check_output("runs", "show", "1", says=MARKUP)
        check_output("compare", "@1", "@1")
        assert loads((folder / "record.toml").read_text(encoding="utf-8")).title == TEXT
        assert not RAW.search((folder / "record.toml").read_text(encoding="utf-8"))
    check_output("predict", "table.toml.safetensors", "0-3", says="b [/kg]")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", [HOSTILE, "m\udcff", "\x1b[2J", "\u202etxt"])
def test_arguments_and_names_are_shown(text: str) -> None:
    short = text[:40]
    for arguments in (
        ("replay", short),
        ("replay", f"{short}.toml"),
        ("replay", "xor", "--set", f"{short}=1"),
        ("replay", "xor", "--set", f"race=[{{ name = '{short}' }}]"),
        ("replay", "xor", "--set", f"activation={short}"),
        ("replay", "xor", "--save", f"{short}.pt"),
        ("replay", "xor", "--metrics", f"no/{short}/rows.csv"),
        ("predict", short),
        ("predict", "xor", short),
        (short,),
        ("runs", "show", short),
        ("compare", short, short),
        ("data", short),
        ("export", short, "--to", short),
        ("replay", f"--{short}"),
        ("trace", short),
        ("find-rate", short),
        ("doctor", short),
        ("doctor", "xor", "--budget", short),
        ("doctor", "xor", "--write", f"{short}/cured.toml"),
        ("compare", "xor", f"@{short}"),
        ("runs", "--scenario", short),
        ("runs", "--status", short),
        ("runs", "--sort", short),
        ("runs", "forget", short),
        ("runs", "prune", "--to", short),
        ("data", "describe", short),
        ("data", "describe", "table.csv", "--target", short),
        ("replay", "table.csv", "--target", short),
        ("replay", "xor", "--init-from", short),
        ("replay", "--resume", short),
    ):
        check_output(*arguments)


def test_a_description_in_a_model_is_shown(folder: Path) -> None:
    check_output("replay", "table.toml", "--quiet", "--save", "m.safetensors")
    header, tensors = parts_of(folder / "m.safetensors")
    metadata = header["__metadata__"]
    described = {name: json.loads(value) for name, value in metadata.items() if value[:1] == "{"}
    fields = [(name, key) for name, table in described.items() for key in table]
    assert fields
    for name, key in fields:
        value = described[name][key]
        for odd in (HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}, [TEXT] * len(value) if isinstance(value, list) else TEXT):
            changed = metadata | {name: json.dumps(described[name] | {key: odd})}
            signed(folder / "odd.safetensors", header | {"__metadata__": changed}, tensors)
            check_output("predict", "odd.safetensors", "0")
            check_output("export", "odd.safetensors", "--to", "pytorch")
            check_output("replay", "--resume", "odd.safetensors", "--quiet")
    for name in header:
        signed(
            folder / "odd.safetensors", {HOSTILE + key if key == name else key: header[key] for key in header}, tensors
        )
        check_output("predict", "odd.safetensors", "0")
        check_output("replay", "xor", "--init-from", "odd.safetensors", "--steps", "1")


def test_every_text_that_is_kept_is_shown(folder: Path) -> None:
    check_output("replay", "table.toml", "--quiet", "--keep")
    with sqlite3.connect(folder / "runs.sqlite") as connection:
        for column in ("title", "name", "origin", "status", "digest", "sweep"):
            connection.execute(f"UPDATE runs SET {column} = ?", (HOSTILE,))
        connection.execute(
            "UPDATE runs SET findings = ?, train = ?", (json.dumps([HOSTILE]), json.dumps({"loss": 1.0, HOSTILE: 0.5}))
        )
        summary = {"findings": [{"title": HOSTILE, "ill": True}], HOSTILE: HOSTILE}
        file = {"role": HOSTILE, "path": HOSTILE, "sha256": HOSTILE, "size": 3}
        connection.execute(
            "UPDATE contents SET version = ?, files = ?, summary = ?",
            (HOSTILE, json.dumps([file]), json.dumps(summary).encode()),
        )
    connection.close()
    for arguments in (
        ("runs", "show", 1), ("runs", "show", 1, "--json"), ("runs", "show", 1, "--plot"), ("runs", "--json"),
        ("runs", "replay", 1), ("show", "@1"), ("replay", "@1"), ("trace", "@1"),
        ("compare", "@1", "xor.toml"), ("compare", "@1", "xor.toml", "--json"), ("compare", "@1", "@1", "--plot"),
    ):  # fmt: skip
        check_output(*arguments)
    check_output("runs", "--trials", says="[@click")
    check_output("runs", "show", 1, says=MARKUP)


@pytest.mark.usefixtures("folder")
def test_every_text_of_a_table_is_shown() -> None:
    check_output("data", "describe", "table.csv", says="b [/kg]")
    check_output("data", "describe", "table.csv", "--json", says="[red]y")
    check_output("replay", "table.csv", "--target", "2", "--epochs", 2, "--record", "r.toml")
    check_output("trace", "table.toml", says="b [m/s]")
    check_output("find-rate", "table.toml", "--seeds", 2, "--budget", 20)
    check_output("doctor", "table.toml", "--budget", 0.01, "--processes", 1, "--plot", "--write", "cured.toml")
    check_output("doctor", "table.toml", "--budget", 0.01, "--processes", 1, "--json")
    check_output("show", "cured.toml")
    odd = "a\u202e,b\x1b[31m,c\n0.1,r\u202ed,yes\n0.2,blue,n\x07o\n0.3,blue,yes\n"
    for text in (odd, odd.replace("a\u202e", "a"), odd.replace("a\u202e", "a").replace("b\x1b[31m", "b")):
        Path("odd.csv").write_text(text, encoding="utf-8")
        check_output("data", "describe", "odd.csv")
        check_output("replay", "odd.csv", "--target", "2", "--epochs", 1)


@pytest.mark.usefixtures("folder")
def test_every_text_of_a_sweep_is_shown() -> None:
    for vary in ({"network.activation": [TEXT, "relu"]}, {TEXT: [1, 2]}, {"training.optimizer": [{"name": TEXT}]}):
        for metric in ("train.loss", TEXT):
            table = {"title": TEXT, "data": {"kind": "xor"}, "sweep": {"vary": vary, "metric": metric}}
            Path("swept.toml").write_text(document(table), encoding="utf-8")
            check_output("sweep", "swept.toml")
            check_output("show", "swept.toml")
    short = HOSTILE[:40]
    for option in (("--vary", f"{short}=1,2"), ("--vary", f"activation={short},relu"), ("--metric", short),
                   ("--seeds", short), ("--cluster", short), ("--out", f"{short}/x.csv")):  # fmt: skip
        check_output("sweep", "xor.toml", "--vary", "lr=0.1,0.2", *option)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["NN_TUI_DATA_DIR", "NN_TUI_RUNS", "NN_TUI_RUNS_MB", "NN_TUI_CONFIG_DIR", "HOME"])
def test_what_the_environment_says_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f"{Path.cwd()}/{OBEYED}")
    for arguments in (("runs",), ("data", "where", "--all"), ("runs", "show", 1)):
        check_output(*arguments)
    if name == "NN_TUI_DATA_DIR":
        check_output("replay", "fashion-mnist-small")
    check_output("replay", "xor", "--steps", 1, "--quiet", "--keep")


def test_a_record_keeps_every_character_of_a_text() -> None:
    read = loads(scenario(kind="xor"))
    assert loads(dumps(read)) == read
