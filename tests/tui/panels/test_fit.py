"""The fitted curve: that it is seen, with the examples around it."""

from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui.training.look.parts import Curve
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.maps.fit import FitPanel
from tests.tui.canned import Run, opened
from tests.tui.canned_pictures import curve, one_input
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, title


def showing(told: Opened | None = None, found: Curve | None = None, size: tuple[int, int] = (62, 22)) -> Any:
    told = told or one_input()
    return looking("fit", told, Run(told).frame(curve=found or curve()), size)


def braille(app: PanelApp) -> list[tuple[int, int]]:
    """Rows and columns of the cells the curve is drawn in."""
    return [
        (y, x)
        for y, row in enumerate(cells(app.view))
        for x, cell in enumerate(row)
        if "\u2801" <= cell.character <= "\u28ff"
    ]


async def test_the_curve_has_the_accent_s_color_and_shines_through_under_points() -> None:
    async with showing() as (app, _):
        palette, drawn = palette_of(app), cells(app.view)
        at = braille(app)
        assert {drawn[y][x].color for y, x in at} == {palette.accent.hex}
        trail = {drawn[y][x].behind for y, x in at}
        assert len(trail) == 1
        on_curve = [cell for row in drawn for cell in row if cell.character in "●○" and {cell.behind} == trail]
        assert on_curve


async def test_examples_are_filled_and_blue_or_hollow_and_orange() -> None:
    async with showing() as (app, _):
        palette = palette_of(app)
        found = {(cell.character, cell.color) for row in cells(app.view) for cell in row if cell.character in "●○"}
        assert found == {("●", palette.train.hex), ("○", palette.test.hex)}


async def test_points_can_be_hidden_and_the_curve_stays() -> None:
    async with showing() as (app, pilot):
        await pilot.press("d", "d", "d")
        await pilot.pause()
        shown = text(app.view)
        assert "●" not in shown
        assert "○" not in shown
        assert len(braille(app)) > 40


async def test_a_wild_curve_does_not_squeeze_the_examples() -> None:
    async with showing(found=curve(stretched=1e6)) as (app, _):
        rows = {y for y, row in enumerate(cells(app.view)) for cell in row if cell.character in "●○"}
        assert len(rows) > 7


async def test_a_curve_without_numbers_leaves_the_examples_to_be_seen() -> None:
    x = np.linspace(-1, 1, 200)
    async with showing(found=Curve(x=x.tobytes(), y=np.full(200, np.nan).tobytes())) as (app, _):
        assert "●" in text(app.view)
        assert braille(app) == []


async def test_the_axis_names_the_input_and_the_title_says_how_good_it_is() -> None:
    async with showing() as (app, _):
        assert text(app.view).splitlines()[-1].split()[0] == "x"
        assert title(app.view).count("R²") == 2


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (one_input(), True),
        (one_input("binary"), True),
        (structs.replace(one_input(), task="multiclass"), False),
        (opened(), False),
        (structs.replace(opened(), points=None), False),
    ],
)
def test_it_suits_a_single_input_with_one_answer(told: Opened, wanted: bool) -> None:
    assert FitPanel.KIND.suits(told) is wanted


async def test_the_net_and_the_examples_are_read_off_by_name() -> None:
    async with showing() as (app, pilot):
        app.view.focus()
        await pilot.press("left", "shift+left", "shift+left")
        await pilot.pause()
        first = text(app.view).splitlines()[0]
        assert [word for word in ("net", "train", "test") if word not in first] == []
