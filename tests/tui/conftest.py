"""What holds for the lab's tests: settings of their own, never a person's, and a terminal of many colors."""

from pathlib import Path

import pytest
from textual import _wait

from nn_tui.tui.settings import FOLDER_VARIABLE


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings are kept during a test."""
    folder = tmp_path / "config"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks twice as often as Textual does by itself whether the app has come to rest: half of a test is such waits."""
    for name in ("SLEEP_GRANULARITY", "SLEEP_IDLE"):
        monkeypatch.setattr(f"textual._wait.{name}", getattr(_wait, name) / 2)


@pytest.fixture(autouse=True)
def many_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal that the tests are run in."""
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(autouse=True)
def painted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Curves are on screen as soon as their frame is, and not when a thread has come round to them."""
    monkeypatch.setattr("nn_tui.tui.app.LabApp.PAINTS_ASIDE", False)
