"""A scenario is named by its name in the catalog or by its path."""

import os
from pathlib import Path

import pytest

from nn_tui.scenario import catalogue
from nn_tui.scenario.errors import ScenarioError
from tests.scenario.scenarios import XOR


def test_a_name_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert catalogue.find("xor").is_absolute()
    assert catalogue.find("xor").name == "xor.toml"


def test_a_path_is_found_and_wins_over_the_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xor.toml").write_text(XOR)
    assert catalogue.find("xor.toml") == Path("xor.toml")
    assert catalogue.find("./xor.toml") == Path("xor.toml")
    assert catalogue.find(str(tmp_path / "xor.toml")) == tmp_path / "xor.toml"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("xorr", "no scenario 'xorr' in the catalog; did you mean 'xor'? (nn-tui list shows all of them)"),
        ("qqqqqq", "no scenario 'qqqqqq' in the catalog (nn-tui list shows all of them)"),
        ("", "no scenario '' in the catalog (nn-tui list shows all of them)"),
        ("xorr.toml", "'xorr.toml': no such file (nn-tui list shows the scenarios there are)"),
        ("no/such", "'no/such': no such file (nn-tui list shows the scenarios there are)"),
        ("a\0b.toml", "'a\\x00b.toml': no such file (nn-tui list shows the scenarios there are)"),
        ("x" * 5000 + ".toml", f"'{'x' * 59}…': no such file (nn-tui list shows the scenarios there are)"),
    ],
)
def test_what_is_not_there_is_told(wrong: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        catalogue.find(wrong)
    assert str(caught.value) == message


def test_a_file_that_may_not_be_looked_at_is_not_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Path.stat

    def denied(path: Path, **how: bool) -> os.stat_result:
        if path.name == "mine.toml":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **how)

    monkeypatch.setattr(Path, "stat", denied)
    assert catalogue.find("private/mine.toml") == Path("private/mine.toml")


def test_entries_say_what_each_scenario_shows() -> None:
    entries = {entry.name: entry for entry in catalogue.entries()}
    assert list(entries) == catalogue.names() == sorted(entries)
    assert entries["xor"].kind == "xor"
    assert all(entry.title and entry.summary for entry in entries.values())
