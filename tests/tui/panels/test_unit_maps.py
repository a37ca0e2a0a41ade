"""The maps of a layer's units: how many there are to see, which, and how one looks at a single one."""

import struct
from typing import Any

import pytest
from msgspec import structs
from textual.geometry import Size

from nn_tui.training.look.parts import Answer, LayerShape
from nn_tui.tui.panels.images.tiles import GAP, filling, squares
from nn_tui.tui.panels.maps.unit_maps import UnitMapsPanel
from tests.tui.canned import Run, opened
from tests.tui.canned_pictures import points, unit_maps
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, options, title


def layer(units: int) -> LayerShape:
    return LayerShape(name="layer 1", inputs=2, units=units, activation="relu", can_die=True)


def showing(units: int = 4, size: tuple[int, int] = (62, 22)) -> Any:
    told = opened()
    told = structs.replace(told, layers=(layer(units), *told.layers[1:]))
    return looking("unit-maps", told, Run(told).frame(unit_maps=unit_maps(units)), size)


def captions(app: PanelApp) -> list[str]:
    """The numbers of the units on screen."""
    return [word for word in text(app.view).split() if word.isdigit() and word != "0"]


async def test_every_unit_has_its_map_its_number_and_its_range() -> None:
    async with showing() as (app, _):
        assert captions(app) == ["1", "2", "3", "4"]
        shown = text(app.view)
        assert [word for word in ("±1.0", "0 to 2.5", "always 0") if word not in shown] == []
        assert title(app.view).count("layer 1") == 1
        assert "4 relu" in title(app.view)


@pytest.mark.parametrize(("high", "shown"), [(0.47, "≤0.47"), (51857.0, "≤52k"), (1234.5, "≤1.2k"), (1.0, "≤ 1.0")])
async def test_a_range_is_written_shorter_where_there_is_little_room(high: float, shown: str) -> None:
    told = opened()
    told = structs.replace(told, layers=(layer(16), *told.layers[1:]))
    maps = tuple(structs.replace(found, low=0.0, high=high) for found in unit_maps(16) if found.low >= 0.0)
    frame = Run(told).frame(unit_maps=(maps * 16)[:16])
    async with looking("unit-maps", told, frame, (60, 15)) as (app, _):
        row = next(line for line in text(app.view).splitlines() if "13" in line)
        assert row.count(shown) == row.count("≤") == 4


async def test_units_that_do_not_fit_are_on_further_pages() -> None:
    async with showing(64) as (app, pilot):
        first = captions(app)
        assert first[0] == "1"
        assert len(first) < 64
        assert f"1–{len(first)} of 64" in options(app.view)
        await pilot.press("pagedown", "pagedown", "pagedown")
        await pilot.pause()
        assert captions(app)[-1] == "64"
        await pilot.press("pageup", "pageup", "pageup")
        await pilot.pause()
        assert captions(app) == first


async def test_the_wheel_goes_on_by_a_row() -> None:
    async with showing(64) as (app, pilot):
        before = captions(app)
        app.view.post_message(wheel(app))
        await pilot.pause()
        after = captions(app)
        assert after != before
        assert before[-1] in after


def wheel(app: PanelApp) -> Any:
    from textual.events import MouseScrollDown

    return MouseScrollDown(app.view, x=3, y=3, delta_x=0, delta_y=1, button=0, shift=False, meta=False, ctrl=False)


async def test_units_can_be_gone_through_one_by_one_with_the_examples_on_them() -> None:
    async with showing() as (app, pilot):
        seen = []
        for key in ("u", "u", "u", "u", "u", "U"):
            await pilot.press(key)
            await pilot.pause()
            words = ("all units", "unit 1", "unit 2", "unit 3", "unit 4")
            seen.append(next(word for word in words if word in options(app.view)))
        assert seen == ["unit 1", "unit 2", "unit 3", "unit 4", "all units", "unit 4"]
        assert "●" in text(app.view)
        await pilot.press("d", "d", "d")
        await pilot.pause()
        assert "●" not in text(app.view)


async def test_a_single_unit_s_map_is_asked_for_as_large_as_the_panel() -> None:
    async with showing() as (app, pilot):
        small = app.view.grid()
        await pilot.press("u")
        large = app.view.grid()
        assert small is not None
        assert large is not None
        assert large[0] * large[1] > 2 * small[0] * small[1]


async def test_a_layer_of_fewer_units_than_before_is_shown_all_the_same() -> None:
    async with showing(8) as (app, pilot):
        await pilot.press("U")
        app.view.show(app.opened, Run(app.opened).frame(unit_maps=unit_maps(2)))
        await pilot.pause()
        assert cells(app.view)
        await pilot.press("u")
        await pilot.pause()
        assert "all units" in options(app.view) or "unit 1" in options(app.view)


@pytest.mark.parametrize("size", [Size(28, 8), Size(46, 18), Size(1, 1), Size(116, 34), Size(6, 2), Size(200, 60)])
@pytest.mark.parametrize("count", [1, 3, 4, 16, 64])
def test_small_pictures_never_leave_the_panel(size: Size, count: int) -> None:
    layouts = (filling(size, count, 6), squares(size, count, 2, range(28, 11, -2)))
    for tiles in layouts:
        column, row = tiles.place(tiles.across * tiles.down - 1)
        assert tiles.left >= 0
        assert column + tiles.width <= size.width
        assert row + tiles.height + tiles.caption <= size.height
        assert tiles.place(1)[0] - tiles.place(0)[0] in (tiles.width + GAP, 0)


def test_few_pictures_fill_the_panel_evenly() -> None:
    tiles = filling(Size(116, 34), 4, 6)
    assert (tiles.across, tiles.down) == (2, 2)


def test_it_suits_data_of_two_inputs_only() -> None:
    one = structs.replace(points((0, 0, 0), train=1), dimensions=1)
    assert UnitMapsPanel.KIND.suits(opened())
    assert not UnitMapsPanel.KIND.suits(structs.replace(opened(), points=None))
    assert not UnitMapsPanel.KIND.suits(structs.replace(opened(), points=one))


async def test_the_place_that_is_read_off_the_boundary_is_marked_in_every_map() -> None:
    told = opened()
    told = structs.replace(told, layers=(layer(4), *told.layers[1:]))
    answer = Answer(given=struct.pack("<2d", 0.1, 0.2), outputs=struct.pack("<d", 0.5))
    frame = Run(told).frame(unit_maps=unit_maps(4), answer=answer)
    async with looking("unit-maps", told, frame, (62, 22)) as (app, pilot):
        assert text(app.view).count("┼") == 4
        app.view.focus()
        await pilot.press("right")
        assert len(app.view.given()) == 16, "or a place of its own"


async def test_the_cursor_stays_where_it_is_in_the_plane_when_a_single_map_takes_the_place_of_all() -> None:
    async with showing() as (app, pilot):
        app.view.focus()
        await pilot.press("right", "right", "right", "up", "up")
        before = struct.unpack("<2d", app.view.given())
        await pilot.press("u")
        assert struct.unpack("<2d", app.view.given()) == pytest.approx(before, abs=0.1)


@pytest.mark.parametrize("value", [-0.0462, 0.004, -0.63, 0.0])
async def test_every_map_says_what_its_unit_gives_at_the_place_in_narrow_maps_too(
    value: float,
) -> None:
    told = opened()
    told = structs.replace(told, layers=(layer(4), *told.layers[1:]))
    units = struct.pack("<4d", *[value] * 4)
    answer = Answer(given=struct.pack("<2d", 0.1, 0.2), outputs=struct.pack("<d", 0.5), units=units)
    frame = Run(told).frame(unit_maps=unit_maps(4), answer=answer)
    async with looking("unit-maps", told, frame, (38, 9)) as (app, _):
        numbers = [float(word.replace("−", "-")) for word in text(app.view).split() if "." in word or word == "0"]
        assert len(numbers) == 4
        assert numbers == pytest.approx([value] * 4, abs=0.05)
    async with looking("unit-maps", told, frame, (62, 22)) as (app, pilot):
        await pilot.press("u", "u")
        await pilot.pause()
        reading = text(app.view).splitlines()[0]
        assert reading.startswith("x 0.1  y 0.2  unit 2: ")
        assert float(reading.split("unit 2: ")[1].split("▀")[0].replace("−", "-")) == pytest.approx(value, abs=1e-6)
