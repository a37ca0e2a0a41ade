"""Nothing that comes from a file, an argument or a name is obeyed by the terminal: it is shown."""

import json
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.shown import escaped, in_cells, shown, shown_lines
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
    ):
        check_output(*arguments)


def test_a_description_in_a_model_is_shown(folder: Path) -> None:
    check_output("replay", "xor.toml", "--quiet", "--save", "m.safetensors")
    content = (folder / "m.safetensors").read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = msgspec.json.decode(content[8 : 8 + size])
    described = {name: json.loads(value) for name, value in header["__metadata__"].items() if value[:1] in "{["}
    fields = [(name, key) for name, table in described.items() if isinstance(table, dict) for key in table]
    assert fields
    for name, key in fields:
        for odd in (HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}):
            changed = described[name] | {key: odd}
            metadata = header["__metadata__"] | {name: json.dumps(changed)}
            packed = msgspec.json.encode(header | {"__metadata__": metadata})
            (folder / "odd.safetensors").write_bytes(len(packed).to_bytes(8, "little") + packed + content[8 + size :])
            check_output("predict", "odd.safetensors", "0")
            check_output("export", "odd.safetensors", "--to", "pytorch")
    for name in header:
        packed = msgspec.json.encode({HOSTILE + key if key == name else key: value for key, value in header.items()})
        (folder / "odd.safetensors").write_bytes(len(packed).to_bytes(8, "little") + packed + content[8 + size :])
        check_output("predict", "odd.safetensors", "0")


def test_a_record_keeps_every_character_of_a_text() -> None:
    read = loads(scenario(kind="xor"))
    assert loads(dumps(read)) == read
