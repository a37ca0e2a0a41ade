"""Charts and maps are read off with arrows; a picture drawn by hand, and a point, get the net's answer."""

import struct

import pytest
from msgspec import structs
from textual.geometry import Size
from textual.widgets import Static

from nn_tui.training.look.parts import Answer, Map
from nn_tui.tui.panels.curves.loss import LossPanel
from nn_tui.tui.panels.maps.boundary import BoundaryPanel
from nn_tui.tui.screens.draw_image import DrawScreen, Sheet
from tests.tui.fakes import Lab, settle
from tests.tui.panels.looking import options

SIZE = (120, 40)
MAP = Map(columns=2, rows=2, x=(-1.0, 1.0), y=(-1.0, 1.0), values=struct.pack("<4f", 0, 1, 1, 0), low=0.0, high=1.0)


async def test_a_cursor_reads_step_and_values_off_a_chart_and_keys_zoom_its_steps() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        for _ in range(6):
            await pilot.press("e")
        await settle(pilot, lab)
        panel = lab.screen.query_one(LossPanel)
        panel.focus()
        await pilot.press("left")
        await settle(pilot, lab)
        line = lab.text("#loss").splitlines()[0]
        assert "step " in line
        assert "train" in line
        assert "test" in line
        whole = lab.text("#loss").splitlines()[-1]
        await pilot.press("plus")
        await settle(pilot, lab)
        assert lab.text("#loss").splitlines()[-1] != whole
        assert "some steps" in options(panel)
        await pilot.press("escape")
        await settle(pilot, lab)
        assert "train" not in lab.text("#loss").splitlines()[0]
        assert lab.text("#loss").splitlines()[-1] == whole
        assert "full range" in options(panel)


async def test_of_fewer_steps_more_points_are_asked_for_but_no_other_recent_window() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        panel = lab.screen.query_one(LossPanel)
        panel.focus()
        points = lab.worker.looks[-1].points
        await pilot.press("plus", "plus")
        await settle(pilot, lab)
        assert 3 * points <= lab.worker.looks[-1].points <= 4_096
        await pilot.press("w")
        await settle(pilot, lab)
        assert lab.worker.looks[-1].points == points
        await pilot.press("w", "escape")
        await settle(pilot, lab)
        assert lab.worker.looks[-1].points == points


async def test_a_cursor_on_the_map_asks_for_the_place_it_is_at_and_shows_each_classs_probability() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        shown = lab.worker.parts = {"boundary": MAP}
        await pilot.press("e")
        await settle(pilot, lab)
        panel = lab.screen.query_one(BoundaryPanel)
        panel.focus()
        await pilot.pause()
        await pilot.press("right", "down")
        await settle(pilot, lab)
        asked = lab.worker.looks[-1]
        assert "answer" in asked.parts
        assert len(struct.unpack("<2d", asked.given)) == 2
        outputs = struct.pack("<2d", 0.25, 0.75)
        lab.worker.parts = shown | {"answer": Answer(given=asked.given, outputs=outputs)}
        await pilot.press("n")
        await settle(pilot, lab)
        first, second = lab.text("#boundary").splitlines()[:2]
        assert first.split()[0] == "x"
        assert "class 0: 25.0%" in f"{first} {second}"
        assert "class 1: 75.0%" in f"{first} {second}"
        await pilot.press("escape")
        assert panel.given() == b""


async def test_a_drawn_picture_is_asked_about_as_it_is_drawn() -> None:
    lab = Lab("fashion-sketch")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        opened = lab.screen.conversation.opened
        assert opened is not None
        if opened.image_shape is None:
            lab.screen.conversation.opened = opened = structs.replace(
                opened, image_shape=(28, 28), class_names=tuple("abcdefghij")
            )
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(lab.app.screen, DrawScreen)
        sheet = lab.app.screen.query_one(Sheet)
        assert sheet.size == Size(28, 14)
        await pilot.press("space", "down", "down", "down")
        await settle(pilot, lab)
        asked = lab.worker.looks[-1]
        pixels = struct.unpack("<784d", asked.given)
        assert max(pixels) == 1.0
        assert sum(pixels) > 8
        shares = [0.02] * 9 + [0.82]
        for _ in range(2):
            lab.app.screen.show(Answer(given=asked.given, outputs=struct.pack("<10d", *shares)))
            await pilot.pause()
            told = str(lab.app.screen.query_one("#answer", Static).render())
            assert len(told.splitlines()) == 10
            assert "82.0%" in told.splitlines()[-1]
        await pilot.press("x")
        await settle(pilot, lab)
        assert not any(struct.unpack("<784d", lab.worker.looks[-1].given))
        await pilot.press("escape")
        await settle(pilot, lab)
        assert lab.worker.looks[-1].given == b""


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_of_a_sheet_larger_than_the_screen_the_part_around_the_pen_is_seen_beside_the_answer(
    size: tuple[int, int],
) -> None:
    lab = Lab("fashion-sketch")
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        names = tuple(f"kind {number}" for number in range(40))
        lab.app.push_screen(DrawScreen((64, 64), names, lambda _: None))
        await pilot.pause()
        dialog = lab.app.screen
        assert isinstance(dialog, DrawScreen)
        sheet, told = dialog.query_one(Sheet), dialog.query_one("#answer", Static)
        for direction in ("down", "right", "up", "left"):
            await pilot.press(*[direction] * 70)
            assert "┼" in str(sheet.render())
            assert sheet.region in dialog.region
        await pilot.mouse_down(sheet, offset=(3, 2))
        await pilot.mouse_up(sheet, offset=(3, 2))
        assert [row.index(1.0) for row in sheet.pixels if 1.0 in row] == [3, 3]
        dialog.show(Answer(given=b"", outputs=struct.pack("<40d", *[0.001] * 39, 0.961)))
        await pilot.pause()
        said = str(told.render())
        assert said.splitlines()[0].split()[:3] == ["kind", "39:", "96.1%"]
        assert told.region in dialog.region
        # A net that has overflowed thinks nothing of it.
        dialog.show(Answer(given=b"", outputs=struct.pack("<40d", *[float("nan")] * 40)))
