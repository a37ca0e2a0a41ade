"""The decision boundary: which color stands where, and which points on it."""

import struct
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui.charts.shades import by_class, targets
from nn_tui.training.look.parts import Answer, Map
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.maps.boundary import BoundaryPanel
from tests.tui.canned import Run, opened
from tests.tui.canned_pictures import boundary, map_of, points, regression, several_classes, surface, with_classes
from tests.tui.host import PanelApp
from tests.tui.panels.cells import Cell, cells, text
from tests.tui.panels.looking import looking, options, title

SIZE = (62, 22)
LEFT, COLUMNS, ROWS = 6, 44, 19
"""Where the map is in a panel of that size."""


def showing(told: Opened | None = None, found: Map | None = None, size: tuple[int, int] = SIZE) -> Any:
    """An app with the view alone, at a size."""
    told = told or opened()
    return looking("boundary", told, Run(told).frame(boundary=found or boundary()), size)


def at(app: PanelApp, x: float, y: float) -> Cell:
    """The cell at a place of the map, whose ends are −1 and 1."""
    column = min(COLUMNS - 1, int((x + 1) / 2 * COLUMNS))
    row = min(ROWS - 1, int((1 - y) / 2 * ROWS))
    return cells(app.view)[row][LEFT + column]


def few_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "standard")


# -- the map -------------------------------------------------------------------------------------------------------


async def test_class_1_is_blue_where_it_is_sure_and_class_0_orange_and_the_boundary_is_pale() -> None:
    told = structs.replace(opened(), points=points((2, 2, 0), train=1))
    async with showing(told, map_of(np.array([[1.0, 0.5, 0.0]]), 0.0, 1.0)) as (app, _):
        palette = palette_of(app)
        shades = targets(palette).colors
        for x, color in ((-0.9, shades[-2]), (0.0, palette.background), (0.9, shades[0])):
            assert at(app, x, 0.5) == Cell("▀", color.hex, color.hex)


async def test_two_pixels_stand_in_a_cell() -> None:
    rows = np.repeat(np.arange(2 * ROWS)[:, np.newaxis] % 2, COLUMNS, axis=1)
    told = structs.replace(opened(), points=points((2, 2, 0), train=1))
    async with showing(told, map_of(rows.astype(float), 0.0, 1.0)) as (app, _):
        shades = targets(palette_of(app))
        cell = cells(app.view)[3][LEFT + 3]
        assert (cell.color, cell.behind) == (shades.colors[0].hex, shades.colors[-2].hex)


async def test_several_classes_have_a_color_each() -> None:
    told = with_classes("oak", "beech", "silver birch")
    async with showing(structs.replace(told, points=points((2, 2, 0), train=1)), several_classes()) as (app, _):
        shades = by_class(palette_of(app), 3)
        outside = [shades.colors[12 * number + 11].hex for number in range(3)]
        assert [at(app, x, y).color for x, y in ((-0.95, -0.95), (0.95, 0.05), (-0.95, 0.95))] == outside
        assert "silve…" in text(app.view)


async def test_a_regression_has_a_scale_of_its_values() -> None:
    async with showing(regression(), surface()) as (app, _):
        assert "Fitted surface" in title(app.view)
        assert [word for word in ("height", "20", "−20") if word not in text(app.view)] == []


@pytest.mark.parametrize("grid", [(7, 5), (44, 38), (200, 160)])
async def test_a_map_of_another_size_is_fitted(grid: tuple[int, int]) -> None:
    async with showing(found=boundary(grid)) as (app, _):
        blue = targets(palette_of(app)).colors[-2].hex
        assert at(app, -0.99, 0.99).color == blue
        assert at(app, 0.99, -0.99).behind == blue


async def test_a_net_that_gives_no_numbers_is_gray() -> None:
    async with showing(found=map_of(np.full((10, 10), np.nan), 0.0, 1.0)) as (app, _):
        assert at(app, 0.99, 0.99).color == palette_of(app).faint.hex


async def test_values_beyond_the_scale_keep_the_color_of_its_ends() -> None:
    async with showing(regression(), map_of(np.full((10, 10), 1e9), -20.0, 20.0)) as (app, _):
        assert at(app, 0.99, 0.99).color == targets(palette_of(app)).colors[-2].hex


# -- the points ----------------------------------------------------------------------------------------------------


async def test_points_are_filled_of_the_training_set_and_hollow_of_the_test_set() -> None:
    told = structs.replace(opened(), points=points((-0.5, 0.5, 1), (0.5, 0.5, 0), (0.5, -0.5, 0), train=2))
    async with showing(told, map_of(np.eye(2), 0.0, 1.0)) as (app, _):
        palette = palette_of(app)
        cell = at(app, -0.5, 0.5)
        assert (cell.character, cell.color) == ("■", palette.category(1).hex)
        assert cell.behind == targets(palette).colors[-2].hex, "on the color of its place"
        assert (at(app, 0.5, 0.5).character, at(app, 0.5, 0.5).color) == ("●", palette.category(0).hex)
        paler = palette.category(0).blend(palette.text, 0.3)
        assert (at(app, 0.5, -0.5).character, at(app, 0.5, -0.5).color) == ("○", paler.hex)


async def test_points_can_be_hidden_one_set_after_the_other() -> None:
    async with showing() as (app, pilot):
        app.view.focus()
        seen = []
        for _ in range(5):
            await pilot.pause()
            shown = text(app.view)
            seen.append((shown.count("■") > 1, "□" in shown, options(app.view).count("no points")))
            await pilot.press("d")
    assert seen == [(True, True, 0), (True, False, 0), (False, True, 0), (False, False, 1), (True, True, 0)]


async def test_points_can_be_hidden_with_the_mouse() -> None:
    async with showing() as (app, pilot):
        await pilot.click(app.view, offset=(app.view.size.width - 6, SIZE[1] - 1))
        await pilot.pause()
        assert "○" not in text(app.view)


async def test_of_points_in_one_cell_the_test_set_s_is_seen() -> None:
    told = structs.replace(opened(), points=points((0.5, 0.5, 0), (0.5, 0.5, 1), train=1))
    async with showing(told) as (app, _):
        assert at(app, 0.5, 0.5).character == "□"


async def test_points_of_a_regression_have_the_color_of_their_value() -> None:
    told = structs.replace(regression(), points=points((0.5, 0.5, 20), (-0.5, 0.5, -20), train=2))
    async with showing(told, surface()) as (app, _):
        palette = palette_of(app)
        assert (at(app, 0.5, 0.5).color, at(app, -0.5, 0.5).color) == (palette.category(1).hex, palette.category(0).hex)


async def test_many_points_in_a_small_panel_are_small() -> None:
    async with showing(size=(16, 8)) as (app, _):
        shown = text(app.view)
        assert "•" in shown
        assert "●" not in shown


# -- around it -----------------------------------------------------------------------------------------------------


def named(*features: str) -> Opened:
    """A run with features of these names."""
    told = structs.replace(with_classes("a", "b"), feature_names=features)
    data = structs.replace(told.scenario.data, features=())
    return structs.replace(told, scenario=structs.replace(told.scenario, data=data))


async def test_the_axes_say_how_far_they_reach_and_what_they_are() -> None:
    found = structs.replace(boundary(), x=(-3.14159, 1234.5), y=(0.0, 0.25))
    async with showing(named("weight", "age"), found) as (app, _):
        lines = text(app.view).splitlines()
        assert lines[0].startswith(" 0.25")
        assert lines[ROWS // 2].startswith("  age")
        assert lines[ROWS - 1].startswith("    0")
        assert lines[ROWS].split() == ["−3.1", "weight", "1.234k"]


async def test_names_of_axes_are_whole_below_the_map_or_cut_with_a_sign() -> None:
    told = named("petal length", "petal width")
    async with showing(told) as (app, pilot):
        lines = text(app.view).splitlines()
        assert "petal length →   petal width ↑" in lines[ROWS]
        assert {line[:LEFT].strip() for line in lines} == {"1", "", "−1"}
        await pilot.resize_terminal(38, 12)
        assert "peta…" in {line[:LEFT].strip() for line in text(app.view).splitlines()}
        await pilot.resize_terminal(26, 10)
        assert text(app.view).splitlines()[-1].split("  ") == ["petal le… →", "petal wi… ↑"]


async def test_the_legend_has_the_marks_that_are_on_the_map() -> None:
    names = "oak", "beech", "birch", "elm", "ash"
    many = [(x / 30 - 1, y / 30 - 1, (x + y) % 5) for x in range(60) for y in range(60)]
    told = structs.replace(with_classes(*names), points=points(*many, train=len(many)))
    async with showing(told, several_classes()) as (app, _):
        rows = [[cell.character for cell in row] for row in cells(app.view)]
        drawn = {mark for row in rows[:ROWS] for mark in row[LEFT : LEFT + COLUMNS]} & {*"•▪▴▾▸●■▲◆★"}
        legend = {mark for row in rows for mark in row[LEFT + COLUMNS :]} & {*"•▪▴▾▸●■▲◆★"}
        assert drawn == legend == {*"•▪▴▾▸"}


@pytest.mark.parametrize(
    ("ends", "written"), [((36.1, 36.4), ["36.1", "36.4"]), ((-12345.0, 12345.0), ["−12k", "12345"])]
)
async def test_the_numbers_of_an_axis_are_whole_and_tell_its_ends_apart(
    ends: tuple[float, float], written: list[str]
) -> None:
    async with showing(opened(), structs.replace(boundary(), y=ends)) as (app, _):
        lines = text(app.view).splitlines()
        assert [lines[ROWS - 1].split()[0], lines[0].split()[0]] == written


async def test_a_cursor_on_a_map_that_has_become_smaller_is_where_it_reads() -> None:
    async with showing() as (app, pilot):
        app.set_focus(app.view)
        await pilot.press("right", *["down"] * 30, *["right"] * 60)
        await pilot.resize_terminal(30, 10)
        lines = text(app.view).splitlines()
        place = app.view.map_place()  # type: ignore[attr-defined]
        assert lines[place.rows - 1][place.left + place.columns - 1] == "┼"
        assert "".join(lines).count("┼") == 1


async def test_a_cursor_that_was_left_follows_the_place_that_is_read_on_another_map() -> None:
    told = opened()
    answer = Answer(given=struct.pack("<2d", 0.5, -0.5), outputs=struct.pack("<2d", 0.25, 0.75))
    frame = Run(told).frame(boundary=boundary(), answer=answer)
    async with looking("boundary", told, frame, SIZE) as (app, pilot):
        await pilot.press("right")
        app.view.show(told, frame)
        assert "%" not in text(app.view).splitlines()[0], "what is asked about another place is not of this one"
        app.set_focus(None)
        await pilot.pause()
        app.view.show(told, frame)
        await pilot.pause()
        assert "x 0.5  y −0.5  class 0: 25.0%  class 1: 75.0%" in text(app.view).splitlines()[0]
        assert at(app, 0.51, -0.51).character == "┼"


async def test_a_small_panel_has_its_axes_in_one_line_and_as_much_of_the_title_as_fits() -> None:
    async with showing(size=(30, 10)) as (app, _):
        assert text(app.view).splitlines()[-1] == "x −1 to 1          y −1 to 1"
        assert app.view.border_title is not None
        assert "Boundary" in app.view.border_title
        assert "train" not in app.view.border_title
        assert "test" in app.view.border_title


async def test_in_few_colors_classes_are_told_apart_by_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    few_colors(monkeypatch)
    told = structs.replace(opened(), points=points((-0.5, 0.5, 1), (0.5, 0.5, 0), (0.5, -0.5, 0), train=2))
    async with showing(told) as (app, _):
        found = [at(app, x, y).character for x, y in ((-0.9, 0.9), (0.9, 0.9), (-0.5, 0.5), (0.5, 0.5), (0.5, -0.5))]
    assert found == ["▒", ":", "■", "●", "○"]


async def test_nothing_is_drawn_again_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    paint = BoundaryPanel.paint
    monkeypatch.setattr(BoundaryPanel, "paint", lambda *given: drawn.append(1) or paint(*given))
    async with showing() as (app, pilot):
        before = len(drawn)
        for step in (336, 336, 336):
            app.view.show(app.opened, Run(app.opened).frame(step, boundary=boundary()))
            await pilot.pause()
        assert len(drawn) == before
        app.view.show(app.opened, Run(app.opened).frame(337, boundary=map_of(np.zeros((4, 4)), 0, 1)))
        await pilot.pause()
        assert len(drawn) == before + 1


def test_it_suits_data_of_two_inputs_only() -> None:
    one = structs.replace(points((0.0, 0.0, 0), train=1), dimensions=1)
    assert BoundaryPanel.KIND.suits(opened())
    assert not BoundaryPanel.KIND.suits(structs.replace(opened(), points=one))
    assert not BoundaryPanel.KIND.suits(structs.replace(opened(), points=None))
