"""Messages whose advice works when it is followed."""

from pathlib import Path

import pytest

from nn_tui.data import fashion_mnist
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import parse_assignment
from nn_tui.scenario.reading import load, loads
from tests.shell.programs import refused, summary_of


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("batch=1", "did you mean 'training.batch_size'"),
        ("loss=CrossEntropyLoss", "did you mean 'ce'"),
        ("init=kaiming", "did you mean 'he'"),
        ("momentum=0.9", "beta"),
        ("activation=swish", "did you mean 'silu'"),
    ],
)
def test_what_other_programs_call_it_is_understood(assignment: str, words: str) -> None:
    assert words in refused("replay", "xor", "--set", assignment)


@pytest.mark.parametrize(
    ("text", "value"), [(".001", 0.001), ("-.5", -0.5), (".1e-3", 0.0001), ("1.", "1."), (".", ".")]
)
def test_a_number_may_begin_with_its_point(text: str, value: object) -> None:
    assert parse_assignment(f"lr={text}") == ("lr", value)


def test_a_rate_that_begins_with_its_point_is_trained_with() -> None:
    assert summary_of("xor", "--set", "lr=.05", "--epochs", "1")["status"] == "finished"


def test_a_windows_path_in_double_quotes_says_how_to_write_it() -> None:
    with pytest.raises(ScenarioError, match="single quotes, or C:/Users"):
        loads('title = "x"\n[data]\nkind = "csv"\npath = "C:\\Users\\me\\p.csv"\n')


def test_a_home_folder_is_found_and_one_of_nobody_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    path = tmp_path / "mine.toml"
    path.write_text('title = "x"\n[data]\nkind = "csv"\npath = "~/p.csv"\ntarget = "y"\n')
    assert load(path).data.path == str(tmp_path / "p.csv")
    path.write_text('title = "x"\n[data]\nkind = "csv"\npath = "~nobody-at-all/p.csv"\ntarget = "y"\n')
    with pytest.raises(ScenarioError, match=r"data\.path"):
        load(path)


def test_a_data_folder_that_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fashion_mnist_folder: Path
) -> None:
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "no"))
    message = refused("replay", "fashion-mnist-small", "--epochs", "1")
    assert f"NN_TUI_DATA_DIR is '{tmp_path}/no': there is no such folder" in message
    (tmp_path / "below" / "deeper").mkdir(parents=True)
    (tmp_path / "below" / "images").symlink_to(fashion_mnist_folder)
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "below"))
    assert "did you mean" in refused("replay", "fashion-mnist-small", "--epochs", "1")
