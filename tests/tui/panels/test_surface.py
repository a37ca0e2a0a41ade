"""What stands where on a surface, and what the numbers beside it are."""

from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui.charts.lanes import lane_letters
from nn_tui.engine.surfaces import SURFACES
from nn_tui.training.look.parts import SurfaceView as Seen
from nn_tui.training.look.surface import height_map
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.maps.lane_table import written
from nn_tui.tui.panels.maps.relief import BANDS, bands
from nn_tui.tui.panels.maps.surface import _height_at, head
from tests.tui.canned_races import RACE, SurfaceRun, lane, surface_opened, surface_scenario, surface_view
from tests.tui.host import PanelApp
from tests.tui.panels.cells import Cell, cells
from tests.tui.panels.looking import title

SIZE = (102, 33)
LEFT, COLUMNS, ROWS = 6, 56, 30
"""Where the map is in a panel of that size."""

NAMES = ("sgd", "momentum", "adam")


async def drawn(seen: Seen | None = None, size: tuple[int, int] = SIZE, layer: int = 0) -> tuple[PanelApp, Any]:
    """An app that has shown a surface, and its cells."""
    told = surface_opened()
    frame = SurfaceRun(told).frame(surface=seen or surface_view(NAMES, (COLUMNS, 2 * ROWS)))
    app = PanelApp("surface", told, frame)
    async with app.run_test(size=size) as pilot:
        app.view.layer_shown = layer
        app.view.show(told, frame)
        await pilot.pause()
        return app, cells(app.view)


def at(rows: list[list[Cell]], x: float, y: float) -> Cell:
    """The cell of a place of the ravine."""
    across, down = round((x + 3.0) / 6.0 * (2 * COLUMNS - 1)), round((1.2 - y) / 2.4 * (4 * ROWS - 1))
    return rows[down // 4][LEFT + across // 2]


def characters(rows: list[list[Cell]]) -> str:
    return "\n".join("".join(cell.character for cell in row) for row in rows)


# -- the map ---------------------------------------------------------------------------------------------------------


async def test_start_minimum_saddle_and_every_optimizer_stand_where_they_are() -> None:
    app, rows = await drawn()
    lanes = surface_view(NAMES).lanes
    assert at(rows, -2.6, 0.8).character == "○"
    assert at(rows, 0.0, 0.0).character == "✕"
    assert at(rows, 2.0, 0.9).character == "◇"
    for number, (one, letter) in enumerate(zip(lanes, "SMA", strict=True)):
        cell = at(rows, one.x, one.y)
        assert (cell.character, cell.behind) == (letter, palette_of(app).lane(number).hex)


async def test_a_way_is_drawn_in_its_optimizers_color() -> None:
    far = lane(0, "sgd", path=np.array([[-2.6, 0.8], [-2.6, -1.0]]).tobytes(), x=-2.6, y=-1.0, terms={})
    app, rows = await drawn(structs.replace(surface_view(NAMES, (COLUMNS, 2 * ROWS)), lanes=(far,)))
    cell = at(rows, -2.6, 0.0)
    assert "\u2800" < cell.character <= "\u28ff"
    assert cell.color == palette_of(app).lane(0).hex


async def test_a_way_that_leaves_the_map_is_drawn_up_to_its_edge() -> None:
    path = np.array([[0.5, 0.5], [40.0, 0.5], [1e300, np.nan], [-2.0, -0.5]])
    lost = lane(0, "sgd", path=path.tobytes(), x=1e300, y=0.5, diverged_at=12)
    _, rows = await drawn(structs.replace(surface_view(NAMES, (COLUMNS, 2 * ROWS)), lanes=(lost,)))
    for x in (1.0, 2.9):
        assert "\u2800" < at(rows, x, 0.5).character <= "\u28ff"
    assert "✗ lost at 12" in characters(rows)


def test_bands_rise_with_the_height_and_are_finer_near_the_bottom() -> None:
    heights = np.linspace(0.0, 100.0, 1001)[np.newaxis]
    found = bands(heights)[0]
    assert (np.diff(found) >= 0).all()
    assert (found[0], found[-1]) == (0, BANDS - 1)
    widths = np.bincount(found)
    assert widths[0] < widths[-1]


def test_a_level_plain_is_a_single_band() -> None:
    assert not np.any(bands(np.full((4, 4), 3.0)))


@pytest.mark.parametrize(
    ("across", "down", "sign"), [(1, 0, "→"), (1, -1, "↗"), (0, -2, "↑"), (-3, 0, "←"), (0, 1, "↓")]
)
def test_arrow_heads_point_where_the_arrow_goes(across: float, down: float, sign: str) -> None:
    assert head(across, down) == sign


def test_each_optimizer_has_a_letter_of_its_own() -> None:
    assert lane_letters(("sgd", "momentum", "adagrad", "rmsprop", "adam")) == ("S", "M", "A", "R", "D")
    names = [f"sgd-{number}" for number in range(26)]
    assert len(set(lane_letters(names))) == 26


async def test_arrows_begin_where_the_last_step_began_and_do_not_point_uphill() -> None:
    across = lane(0, "sgd", x=-1.0, y=0.6, before=(-1.0, -0.8), terms={"g": (0.0, -20.0)}, update=(0.0, 1.4))
    alone = structs.replace(across, path=np.array([[-2.6, 0.8]]).tobytes())
    _, rows = await drawn(structs.replace(surface_view(NAMES, (COLUMNS, 2 * ROWS)), lanes=(alone,)))
    assert "↑" in {at(rows, -1.0, y).character for y in np.linspace(-0.8, 0.2, 80)}
    assert not {at(rows, -1.0, y).character for y in np.linspace(0.7, 1.2, 40)} & {*"↑⡇⢸"}


# -- the table -------------------------------------------------------------------------------------------------------


async def test_the_chosen_optimizers_inner_terms_stand_beside_the_map() -> None:
    _, rows = await drawn(layer=1)
    lines = [line[LEFT + COLUMNS :].split() for line in characters(rows).splitlines()]
    assert ["▸", "M", "momentum", "f", "0.750000"] in lines
    assert ["θ", "before", "−0.86250", "0.031000"] in lines
    assert ["θ", "now", "−0.80000", "6.00e−3"] in lines
    assert ["g", "gradient", "−1.25000", "0.500000"] in lines
    assert ["v", "velocity", "−0.75000", "1.00e−3"] in lines
    assert ["Δθ", "update", "0.062500", "−0.02500"] in lines
    assert ["η", "effective", "rate", "0.050000", "0.050000"] in lines


async def test_a_click_on_an_optimizer_asks_for_its_terms() -> None:
    told = surface_opened()
    app = PanelApp("surface", told, SurfaceRun(told).frame())
    asked: list[str] = []

    async def run_action(action: str) -> None:
        asked.append(action)

    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.screen.run_action = run_action  # type: ignore[method-assign, assignment]
        await pilot.click(app.view, offset=(LEFT + COLUMNS + 10, 3))
    assert asked == ["layer(2)"]


async def test_the_title_says_which_surface_and_its_formula_where_there_is_room() -> None:
    app, _ = await drawn()
    assert title(app.view) == "Ravine  f = (x² + 25·y²) / 2"
    app, _ = await drawn(size=(30, 20))
    assert title(app.view) == "Ravine"


async def test_a_narrow_panel_has_the_table_below_and_a_low_one_none() -> None:
    _, rows = await drawn(size=(44, 38))
    assert "effective rate" in characters(rows)
    _, rows = await drawn(size=(44, 26))
    assert "effective rate" in characters(rows)
    _, rows = await drawn(size=(44, 12))
    assert "momentum" not in characters(rows)


# -- pictures --------------------------------------------------------------------------------------------------------


async def test_where_rows_are_few_two_optimizers_share_one_and_each_is_chosen_by_a_click() -> None:
    rivals = [{"name": "adagrad", "lr": 0.3}, {"name": "rmsprop", "lr": 0.01}]
    told = surface_opened(surface_scenario(race=[*RACE, *rivals]))
    app = PanelApp("surface", told, SurfaceRun(told).frame())
    asked: list[str] = []

    async def run_action(action: str) -> None:
        asked.append(action)

    async with app.run_test(size=(60, 15)) as pilot:
        await pilot.pause()
        lines = characters(cells(app.view)).splitlines()
        for number, name in enumerate(told.lanes):
            row = next(at for at, line in enumerate(lines) if f" {name} " in f"{line} ")
            app.screen.run_action = run_action  # type: ignore[method-assign, assignment]
            await pilot.click(app.view, offset=(lines[row].index(name) + 1, row + 1))
            assert asked[-1] == f"layer({number})"


@pytest.mark.parametrize(
    ("value", "text"), [(0.00999999, " 0.010000"), (0.00994, " 9.94e−3"), (-0.0099951, "−0.01000"), (0.0, " 0.000000")]
)
def test_a_rate_is_written_alike_a_rounding_below_and_above(value: float, text: str) -> None:
    assert written(value).strip() == text.strip()


async def test_a_cursor_reads_the_height_off() -> None:
    told = surface_opened()
    app = PanelApp("surface", told, SurfaceRun(told).frame(surface=surface_view(NAMES, (COLUMNS, 2 * ROWS))))
    async with app.run_test(size=SIZE) as pilot:
        app.view.focus()
        await pilot.press("right", "left")
        await pilot.pause()
        first = "".join(cell.character for cell in cells(app.view)[0])
        assert first.startswith("x −0.0536  y −0.04  f ≈ ")


@pytest.mark.parametrize("name", sorted(SURFACES.keys() - {"cliff"}))
def test_the_height_that_is_read_on_a_small_panel_is_hardly_off(name: str) -> None:
    surface = SURFACES[name]
    found = height_map(surface, (50, 24))
    for share in (0.12, 0.33, 0.51, 0.77, 0.95):
        x = found.x[0] + share * (found.x[1] - found.x[0])
        y = found.y[0] + share * (found.y[1] - found.y[0])
        height = float(surface.function(x, y))
        assert _height_at(found, x, y) == pytest.approx(height, rel=2e-2, abs=4e-4 * (found.high - found.low))


@pytest.mark.parametrize("grid", [(COLUMNS, 2 * ROWS), (20, 12)])
def test_the_height_that_is_read_is_that_of_the_place_and_not_of_a_pixel_beside_it(grid: tuple[int, int]) -> None:
    saddle = SURFACES["saddle"]
    found = height_map(saddle, grid)
    rows = 1.0 / (grid[1] - 1)
    for share in (0.1, 0.33, 0.5, 0.77, 1.0):
        x = found.x[0] + share * (found.x[1] - found.x[0])
        y = found.y[1] - share * (found.y[1] - found.y[0])
        error = abs(_height_at(found, x, y) - float(saddle.function(x, y)))
        assert error < (found.high - found.low) * 8 * rows * rows
