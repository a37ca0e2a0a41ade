"""What is said of a file to write before there is one: a home, a folder, stdout; the same of every command."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.shell.programs import FAST, nn, refused

WRITING = [
    ("replay", "fast.toml", "--save"),
    ("replay", "fast.toml", "--record"),
    ("replay", "fast.toml", "--metrics"),
    ("doctor", "fast.toml", "--write"),
    ("sweep", "fast.toml", "--vary", "lr=0.1,0.2", "--out"),
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fast.toml").write_text(FAST)


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[-1])
def test_what_no_file_can_be_called_is_refused_and_nothing_is_written(command: Sequence[str]) -> None:
    option = command[-1]
    assert refused(*command, "-").startswith(f"{option} -: is written to a file, not to stdout")
    assert refused(*command, "new/") == f"new/: is the name of a folder; name a file for {option}"
    assert refused(*command, "") == f"{option}: an empty text is the name of no file; name one"
    assert [path.name for path in Path().iterdir()] == ["fast.toml"]


def test_a_home_after_an_equals_sign_is_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    done = nn("replay", "fast.toml", "--save=~/m.safetensors", "--record=~/r.toml", "--metrics=~/m.csv", "--quiet")
    assert done.exit_code == 0, done.stderr
    assert nn("replay", "--resume=~/m.safetensors", "--quiet").exit_code == 0
    assert nn("export", home / "m.safetensors", "--to", "pytorch", "--output=~/m.py").exit_code == 0
    assert sorted(path.name for path in home.iterdir()) == ["m.csv", "m.py", "m.safetensors", "r.toml"]


def test_a_script_can_go_to_stdout_by_its_usual_name() -> None:
    assert nn("replay", "fast.toml", "--save", "m.safetensors", "--quiet").exit_code == 0
    model = ("export", "m.safetensors", "--to", "pytorch")
    assert nn(*model, "--output", "-").stdout == nn(*model).stdout != ""
    assert not Path("-").exists()
