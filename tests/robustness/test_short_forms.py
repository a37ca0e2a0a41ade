"""A few of the cases that the long forms try thousands of."""

from pathlib import Path

import pytest

from tests.robustness.fuzz import fuzz, missing
from tests.robustness.inputs.registry import INPUTS
from tests.robustness.kills import kills
from tests.robustness.monkey import monkey


@pytest.mark.parametrize("name", INPUTS)
def test_odd_inputs_end_in_one_message(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing(name):
        pytest.skip("what makes such files is not installed")
    monkeypatch.setenv("NN_TUI_RUNS", "off")
    monkeypatch.setenv("NN_TUI_CONFIG_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert fuzz(name, 10, 0) == []


def test_kills_leave_nothing_torn_and_nothing_behind() -> None:
    assert kills("replay", 2, 1) == []


async def test_no_key_click_or_size_ends_the_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_TUI_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("NN_TUI_RUNS", "off")
    monkeypatch.chdir(tmp_path)
    problems, _ = await monkey(40, 0)
    assert problems == []
