"""What holds for the lab's tests: settings of their own, never a person's, and a terminal of many colors."""

from pathlib import Path

import pytest

from nn_tui.tui.settings import FOLDER_VARIABLE
from tests.tui.rest import OF_TEXTUAL, at_rest


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings are kept during a test."""
    folder = tmp_path / "config"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture(autouse=True)
def rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses end when there is nothing left to do, nothing glides, and what can wait does."""
    for wait in OF_TEXTUAL:
        monkeypatch.setattr(wait, at_rest)
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr("nn_tui.tui.lab.screen._SETTLING_SECONDS", 3600.0)


@pytest.fixture(autouse=True)
def many_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal that the tests are run in."""
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(autouse=True)
def painted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Curves are on screen as soon as their frame is, and not when a thread has come round to them."""
    monkeypatch.setattr("nn_tui.tui.app.LabApp.PAINTS_ASIDE", False)
