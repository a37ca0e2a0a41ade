"""What is remembered from start to start, and what a damaged file does."""

from pathlib import Path

import pytest

from nn_tui.tui import settings
from nn_tui.tui.screens.picker import PickerScreen
from nn_tui.tui.settings import Settings
from tests.tui.fakes import Lab, settle
from tests.tui.rest import until

SIZE = (80, 24)
WIDE = (120, 40)


def test_settings_come_back_as_they_were_kept(config_folder: Path) -> None:
    kept = Settings(theme="nord", shown=("loss",), scenario="moons", knows_hint=True)
    assert settings.save(kept) == ""
    assert settings.load().settings == kept
    assert [file.name for file in config_folder.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": 3}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_set_aside_with_a_notice(config_folder: Path, content: bytes) -> None:
    config_folder.mkdir()
    settings.path().write_bytes(content)
    remembered = settings.load()
    assert remembered.settings == Settings()
    assert "set aside" in remembered.notice
    assert settings.path().with_name("settings.json.damaged").read_bytes() == content
    assert not settings.path().exists()


def test_a_file_that_cannot_be_read_or_written_is_said_and_nothing_worse(config_folder: Path) -> None:
    config_folder.write_text("a file where the folder should be")
    assert settings.load().settings == Settings()
    assert "could not be kept" in settings.save(Settings(theme="nord"))


def test_that_they_cannot_be_kept_is_said_once_and_again_after_they_could_be(config_folder: Path) -> None:
    config_folder.write_text("a file where the folder should be")
    told: list[str] = []
    memory = settings.Memory(told.append)
    told.clear()
    for theme in ("nord", "gruvbox", "dracula"):
        memory.keep(theme=theme)
    assert len(told) == 1
    config_folder.unlink()
    memory.keep(theme="nord")
    settings.path().unlink()
    config_folder.rmdir()
    config_folder.write_text("once more")
    memory.keep(theme="gruvbox")
    assert len(told) == 2


async def test_a_damaged_file_is_told_of_on_screen(config_folder: Path) -> None:
    config_folder.mkdir()
    settings.path().write_text("{")
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert any("damaged" in notice.message for notice in lab.app._notifications)


async def test_theme_forms_panels_and_scenario_are_there_again_at_the_next_start() -> None:
    lab = Lab(None)
    async with lab.app.run_test(size=WIDE) as pilot:
        # The first start begins with the page of every lesson.
        await until(pilot, lambda: isinstance(lab.app.screen, PickerScreen))
        await pilot.press("escape")
        await settle(pilot, lab)
        assert lab.screen.source.name == "xor"
        lab.app.theme = "lab-light"
        await pilot.press("f", "1")
        lab.screen.open(type(lab.screen.source).find("moons"))
        await settle(pilot, lab)
    again = Lab(None)
    async with again.app.run_test(size=WIDE) as pilot:
        await settle(pilot, again)
        assert again.app.screen is again.screen
        assert again.app.theme == "lab-light"
        assert again.screen.source.name == "moons"
        assert not again.screen.query_one("Drawer").display
        assert not again.screen.query("#loss")


async def test_a_scenario_that_is_gone_gives_way_to_the_first_one() -> None:
    settings.save(Settings(scenario="/nowhere/lost.toml"))
    lab = Lab(None)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert lab.screen.source.name == "xor"
        assert any("cannot be opened" in notice.message for notice in lab.app._notifications)


async def test_the_hint_is_there_until_the_first_play_and_never_again() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert "space trains" in lab.text("#hint")
        await pilot.press("space")
        assert not lab.screen.query_one("#hint").display
    again = Lab()
    async with again.app.run_test(size=SIZE) as pilot:
        await settle(pilot, again)
        assert not again.screen.query_one("#hint").display
