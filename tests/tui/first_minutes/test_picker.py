"""Choosing a scenario."""

from pathlib import Path

import pytest
from textual.theme import Theme
from textual.widgets import Input, OptionList, Static

from nn_tui.scenario import catalogue
from nn_tui.training.worker.messages import Open
from nn_tui.tui.screens.lesson import LessonScreen
from nn_tui.tui.screens.picker import PickerScreen
from nn_tui.tui.themes import DARK, LIGHT
from tests.tui.fakes import Lab, settle
from tests.tui.forms.test_contrast import contrast
from tests.tui.terminal.test_unobeyed import drawn

SIZE = (80, 24)


async def test_the_picker_lists_the_catalogue_and_shows_the_lesson_beside_it() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        await pilot.pause()
        picker = lab.app.screen
        assert isinstance(picker, PickerScreen)
        listed = picker.query_one(OptionList)
        rows = [listed.get_option_at_index(index) for index in range(listed.option_count)]
        assert [row.id for row in rows if row.id] == list(catalogue.scenarios())
        assert "A neuron, and layers of them" in str(rows[0].prompt)
        assert "Your own table" in str(rows[-1].prompt)
        assert "exactly one of x and y" in str(picker.query_one("#text", Static).render())
        await pilot.press("up")
        await pilot.pause()
        assert "exactly one of x and y" not in str(picker.query_one("#text", Static).render())


async def test_typing_searches_and_enter_opens() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        await pilot.press(*"moons")
        listed = lab.app.screen.query_one(OptionList)
        assert 0 < listed.option_count < len(catalogue.names())
        while lab.app.screen._found[listed.highlighted or 0] != "moons":  # type: ignore[attr-defined]
            await pilot.press("down")
        await pilot.press("enter")
        await settle(pilot, lab)
        assert lab.screen.source.name == "moons"
        assert lab.worker.last(Open).scenario.data.kind == "moons"
        assert "oon" in lab.text("StatusLine")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_search_without_a_hit_says_so_and_no_longer_shows_a_lesson(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        await pilot.press(*"qqqzzz")
        await pilot.pause()
        on_screen = drawn(lab)
        assert "No scenario has any of these words." in on_screen
        assert "XOR" not in on_screen
        await pilot.press(*["backspace"] * 6)
        await pilot.pause()
        assert "XOR: why one layer" in drawn(lab)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
async def test_what_a_family_is_about_can_be_read(theme: Theme) -> None:
    lab = Lab(None)
    async with lab.app.run_test(size=SIZE) as pilot:
        while not isinstance(lab.app.screen, PickerScreen):
            await pilot.pause()
        lab.app.theme = theme.name
        await pilot.pause()
        segments = [part for strip in lab.app.screen._compositor.render_strips() for part in strip]
        about = next(part for part in segments if "What a unit can do alone" in part.text)
        assert about.style is not None
        assert about.style.color is not None
        assert about.style.bgcolor is not None
        assert contrast(about.style.color, about.style.bgcolor) > 4.5


@pytest.mark.parametrize(("words", "first"), [("dead relu", "dying-relu"), ("learning rate", "rate-too-low")])
async def test_what_a_technique_is_called_finds_its_scenarios(words: str, first: str) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        lab.app.screen.query_one(Input).value = words
        await pilot.pause()
        assert lab.app.screen.query_one(OptionList).get_option_at_index(0).id == first


async def test_the_very_first_start_asks_what_to_train_and_later_ones_do_not() -> None:
    lab = Lab(None)
    async with lab.app.run_test(size=SIZE) as pilot:
        while not isinstance(lab.app.screen, PickerScreen):
            await pilot.pause()
        await pilot.press("enter")
        await settle(pilot, lab)
        assert lab.screen.source.name == "line", "what one learns first"
        assert lab.app.memory.settings.opened[-1] == "line"
        await pilot.press("o")
        await pilot.pause()
        assert "of 12 opened" in str(lab.app.screen.query_one(OptionList).get_option_at_index(0).prompt)
    again = Lab(None)
    async with again.app.run_test(size=SIZE) as pilot:
        await settle(pilot, again)
        assert again.app.screen is again.screen


async def test_a_search_that_finds_nothing_says_so_and_escape_goes_back() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o", *"zzzz")
        await pilot.pause()
        assert "No scenario has any of these words." in drawn(lab)
        await pilot.press("enter", "escape")
        assert lab.app.screen is lab.screen
        assert lab.worker.count(Open) == 1


async def test_a_file_can_be_opened_and_a_bad_one_says_what_is_wrong(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('title = "Mine"\n[data]\nkind = "and"\n')
    bad.write_text('title = "Mine"\n[data]\nkind = "adn"\n')
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        lab.app.screen.query_one(Input).value = str(bad)
        await pilot.pause()
        assert "did you mean 'and'" in str(lab.app.screen.query_one("#text", Static).render())
        await pilot.press("enter")
        assert isinstance(lab.app.screen, PickerScreen)
        lab.app.screen.query_one(Input).value = str(good)
        await pilot.pause()
        await pilot.press("enter")
        await settle(pilot, lab)
        assert lab.screen.source.name == str(good)


async def test_the_lesson_can_be_read_in_the_lab() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert "exactly one of x and y" in str(lab.screen.query_one("#lesson", Static).render())
        await pilot.press("i")
        assert isinstance(lab.app.screen, LessonScreen)
        await pilot.press("escape")
        assert lab.app.screen is lab.screen


async def test_what_is_typed_is_looked_for_in_names_before_descriptions() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o", *"spi")
        await pilot.pause()
        listed = lab.app.screen.query_one(OptionList)
        assert listed.highlighted == 0
        assert listed.get_option_at_index(0).id == "spiral"


async def test_what_is_highlighted_stays_whole_in_sight_when_the_list_is_broken_into_other_lines() -> None:
    lab = Lab("iris")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        for width in (80, 60, 200, 72):
            await pilot.resize_terminal(width, 24)
            await settle(pilot, lab)
            listed = lab.app.screen.query_one(OptionList)
            shown = [listed.render_line(y).text for y in range(listed.size.height)]
            assert any(line.startswith(" Iris: three species") or "Iris: three species" in line for line in shown)
            assert any("goes on" in line or "accuracy stops" in line for line in shown)
