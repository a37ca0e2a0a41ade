"""What a screen says of its keys is whole at every size, and true."""

import re
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Static

from nn_tui.tui.dialogs.dialog import Box, Page
from nn_tui.tui.lab.screen import LabScreen
from nn_tui.tui.screens.draw_image import DrawScreen
from nn_tui.tui.screens.explain import ExplainScreen
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.screens.jump import JumpScreen
from nn_tui.tui.widgets.key_hints import KeyHints
from tests.tui.fakes import Lab, settle
from tests.tui.terminal.test_unobeyed import drawn

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]

TABLE, DRAWING = "a table", "a drawing"
OPENED = {
    "picker": ["o"],
    "help": ["f1"],
    "lesson": ["i"],
    "panels": ["p"],
    "save": ["ctrl+s"],
    "sweep": ["S"],
    "a field explained": ["j", "r", "question_mark"],
    "choices explained": ["j", "c", "question_mark"],
    "a panel explained": ["3", "3", "tab", "question_mark"],
    DRAWING: [],
    TABLE: [],
}
_NAMES = {
    "↑↓": ["up", "down"],
    "esc": ["escape"],
    "F1": ["f1"],
    "arrows": ["up", "right"],
}
_SAID_IN_WORDS = {
    "type to search, or a path", "its key: go there", "space or its key: show or hide", "letters find",
}  # fmt: skip


def plain(words: str | Content | None) -> str:
    """What stands in a border, without what a click on it does."""
    return words.plain if isinstance(words, Content) else Content.from_markup(words or "").plain


def keys_of(hint: str) -> list[str]:
    """The keys that a hint begins with."""
    first, *_ = re.split(r"[ :,]", hint)
    several = re.match(r"(\d) … (\d) ", hint)
    return list(several.groups()) if several else _NAMES.get(first, [first])


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", OPENED)
async def test_every_hint_is_whole_and_names_a_key_that_does_something(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    table = tmp_path / "own.csv"
    table.write_text("width,kind\n" + "".join(f"0.{at},{'ab'[at % 2]}\n" for at in range(40)))
    lab = Lab(str(table) if name == TABLE else "xor")
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        for key in OPENED[name]:
            await pilot.press(key)
            await pilot.pause()
        if name == DRAWING:
            lab.app.push_screen(DrawScreen((28, 28), tuple("abcdefghij"), lambda _: None))
            await pilot.pause()
        screen = lab.app.screen
        assert screen is not lab.screen
        hints = [hint for widget in screen.query(KeyHints) for hint in widget._hints]
        hints += [hint for panel in screen.query(".panel") for hint in plain(panel.border_subtitle).split(" · ")]
        assert len(hints) > 1
        shown = drawn(lab)
        for hint in hints:
            assert hint in shown
            for key in keys_of(hint) if hint not in _SAID_IN_WORDS else ():
                assert key in screen.active_bindings, hint


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_a_click_on_a_hint_presses_its_key(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        for hint, keys in (("esc back", []), ("enter open", list("moons"))):
            await pilot.press("o", *keys)
            await pilot.pause()
            hints = lab.app.screen.query_one(KeyHints)
            lines = str(hints.render()).splitlines()
            row = next(row for row, line in enumerate(lines) if hint in line)
            left = hints.content_region.x - hints.region.x
            await pilot.click(hints, offset=(left + lines[row].index(hint) + 1, row))
            await settle(pilot, lab)
            assert lab.app.screen is lab.screen
        assert lab.screen.source.name == "moons"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_click_on_a_hint_in_a_dialogs_border_presses_its_key(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await pilot.press("j", "r", "question_mark")
        await pilot.pause()
        for hint, kind in (("F1 all keys", HelpScreen), ("esc close", ExplainScreen), ("esc close", LabScreen)):
            panel = lab.app.screen.query_one(".panel")
            lines = drawn(lab).splitlines()
            row = panel.region.bottom - 1
            assert await pilot.click(offset=(lines[row].index(hint) + 1, row))
            await pilot.pause()
            assert isinstance(lab.app.screen, kind)


@pytest.mark.parametrize("name", [name for name in OPENED if name not in ("picker", TABLE)])
async def test_a_click_on_escapes_hint_closes_every_dialog(name: str) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press(*OPENED[name])
        if name == DRAWING:
            lab.app.push_screen(DrawScreen((28, 28), tuple("abcdefghij"), lambda _: None))
        await pilot.pause()
        panels = lab.app.screen.query(".panel")
        if not panels:
            return
        lines, row = drawn(lab).splitlines(), panels.first().region.bottom - 1
        await pilot.click(offset=(lines[row].index("esc close") + 1, row))
        await pilot.pause()
        assert lab.app.screen is lab.screen


async def test_only_a_page_that_is_longer_than_the_screen_says_how_to_scroll() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        for keys, is_long in ((["j", "r", "question_mark"], False), (["f1"], True)):
            await pilot.press(*keys)
            await pilot.pause()
            page = lab.app.screen.query_one(Page)
            assert (page.max_scroll_y > 0) == is_long
            assert ("scroll" in plain(page.border_subtitle)) == is_long
            await pilot.press("escape", "escape")
            await pilot.pause()


async def test_a_page_fits_the_screen_anew_when_that_has_another_size() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("i")
        for size in ((80, 24), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        page = lab.app.screen.query_one(Page)
        assert page.max_scroll_y == 0
        assert page.size.height == sum(child.size.height for child in page.children)
        await pilot.press("escape", "f1")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        after = str(lab.app.screen.query_one(Page).query_one(Static).render())
        await pilot.press("escape", "f1")
        await pilot.pause()
        assert after == str(lab.app.screen.query_one(Page).query_one(Static).render())


async def test_all_keys_are_a_key_away_from_an_explanation_and_escape_comes_back_to_it() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        await pilot.press("j", "r", "question_mark")
        await pilot.pause()
        explained = lab.app.screen
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(lab.app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert lab.app.screen is explained


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_is_said_of_a_key_in_the_help_stands_beside_it(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await pilot.press("f1")
        await pilot.pause()
        text = lab.app.screen.query_one("Static").render()
        lines = str(text).split("Run\n")[1].split("\n\n")[0].splitlines()
        width = lab.app.screen.query_one("Static").size.width
        assert max(map(len, lines)) <= width
        assert [line for line in lines if line.startswith(" " * 10)] != []
        assert all(line[9] == " " and line[10] != " " for line in lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_a_letter_to_jump_by_leaves_the_names_whole(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await pilot.press("j")
        await pilot.pause()
        screen = lab.app.screen
        assert isinstance(screen, JumpScreen)
        lines = drawn(lab).splitlines()
        on_screen = list(screen.query(".letter"))
        assert len(on_screen) > 5
        for label in on_screen:
            letter = str(label.render())  # type: ignore[attr-defined]
            name = screen.targets[letter].name.strip()
            after = lines[label.region.y][label.region.x + 2 :]
            is_a_field = after.startswith(name)
            assert is_a_field or after.startswith(" ")
            assert is_a_field or after[1].isupper()


async def test_the_start_page_says_what_escape_begins_with_and_counts_scenarios_only() -> None:
    lab = Lab(None)
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        assert "esc begin with xor" in drawn(lab)
        await pilot.press(*"own")
        await pilot.press("full_stop", *"csv")
        await pilot.pause()
        assert "Open the file own.csv" in drawn(lab)
        found = re.search(r"(\d+) of (\d+)", str(lab.app.screen.query_one("#catalogue").border_subtitle))
        assert found is not None
        assert int(found[1]) == len(lab.app.screen.query_one("OptionList")._options) - 1  # type: ignore[attr-defined]


def test_hints_break_between_and_not_within() -> None:
    hints = KeyHints("enter open where it ended", "esc back")
    assert hints.get_content_height(None, None, 30) == 2  # type: ignore[arg-type]
    assert hints.get_content_height(None, None, 60) == 1  # type: ignore[arg-type]
    assert plain(Box("t").border_subtitle) == "esc close"
