"""Test images with what the net takes them for, and the weights of its first layer as images."""

from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui.charts.pixels import resized
from nn_tui.charts.shades import grays, signed
from nn_tui.training.look.parts import Images
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.images.first_weights import FirstWeightsPanel
from nn_tui.tui.panels.images.images import ImagesPanel
from tests.tui.canned import Run, opened
from tests.tui.canned_pictures import first_weights, images, of_images
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, options, title


def showing(
    name: str = "images", found: Images | None = None, size: tuple[int, int] = (62, 22), units: int = 16
) -> Any:
    told = of_images(units=units)
    return looking(name, told, Run(told).frame(images=found or images(), first_weights=first_weights(units)), size)


# -- images --------------------------------------------------------------------------------------------------------


async def test_an_image_is_as_bright_as_its_pixels() -> None:
    async with showing(size=(32, 18), found=images(right=1, wrong=0)) as (app, _):
        shades, drawn = grays(palette_of(app)), cells(app.view)
        left = (30 - 28) // 2
        outside, inside = drawn[0][left], drawn[8][left + 14]
        assert (outside.character, outside.color, outside.behind) == ("▀", *[shades.colors[0].hex] * 2)
        assert (inside.color, inside.behind) == (shades.colors[-2].hex, shades.colors[-2].hex)


async def test_right_and_wrong_answers_differ_in_mark_and_color() -> None:
    async with showing(found=images(right=2, wrong=1)) as (app, _):
        palette = palette_of(app)
        marks = {(cell.character, cell.color) for row in cells(app.view) for cell in row if cell.character in "✓✗"}
        assert marks == {("✓", palette.right.hex), ("✗", palette.alarm.hex)}
        shown = text(app.view)
        assert "✓ 98%" in shown
        assert "✗ Trouser: 61%" in shown
        assert shown.count("T-shirt/top") == 2


async def test_the_title_says_how_many_are_wrong() -> None:
    async with showing() as (app, _):
        assert "    4 of 1,000 wrong" in title(app.view)


async def test_the_worst_mistakes_come_at_a_key() -> None:
    async with showing() as (app, pilot):
        assert "✗" not in text(app.view)
        await pilot.press("x")
        await pilot.pause()
        assert text(app.view).count("✗") == 4
        assert "worst mistakes" in options(app.view)


async def test_a_net_without_mistakes_is_said_to_have_none() -> None:
    async with showing(found=images(right=24, wrong=0)) as (app, pilot):
        await pilot.press("x")
        await pilot.pause()
        assert "All 1,000 images are recognized." in " ".join(text(app.view).split())


async def test_more_images_come_with_the_arrows_or_when_they_are_smaller() -> None:
    async with showing(size=(120, 40)) as (app, pilot):
        assert text(app.view).count("✓") == 8
        await pilot.press("down", "down", "down", "down")
        await pilot.pause()
        assert text(app.view).count("✗") == 4
        await pilot.press("v")
        await pilot.pause()
        assert text(app.view).count("✓") + text(app.view).count("✗") == 24


async def test_a_panel_with_room_for_two_rows_of_one_line_each_has_them_with_both_classes_of_a_mistake() -> None:
    async with showing(size=(38, 16), found=images(right=2, wrong=2)) as (app, pilot):
        shown = text(app.view)
        assert shown.count("✓") == shown.count("✗") == 2
        assert "✗ T-s…→Trou…" in shown
        assert "✗ Tro…→Pull…" in shown
        app.view.focus()
        await pilot.press("right")
        tint = palette_of(app).tint.hex
        marked = next(row for row in cells(app.view) if any(cell.character == "✓" for cell in row))
        assert sum(cell.behind == tint for cell in marked) == 12, "the caption of the image that is read off"


async def test_no_row_of_images_is_left_empty_for_a_second_line_below_those_above() -> None:
    async with showing(size=(60, 17), found=images(right=24, wrong=0)) as (app, _):
        assert text(app.view).count("✓") == 8


async def test_of_a_mistake_on_one_line_names_are_whole_where_they_fit_and_cut_with_a_sign_where_not() -> None:
    async with showing(size=(38, 16), found=images(right=0, wrong=4)) as (app, _):
        shown = text(app.view)
        assert "✗ Dress→Coat" in shown
        assert "✗ Pul…→Dress" in shown


async def test_large_or_many_is_offered_only_where_it_makes_a_difference() -> None:
    async with showing(size=(58, 15), found=images(right=24, wrong=0)) as (app, pilot):
        assert not {"large", "many"} & {*options(app.view).split()}
        before = text(app.view)
        await pilot.press("v")
        await pilot.pause()
        assert text(app.view) == before
    async with showing(size=(120, 40), found=images(right=24, wrong=0)) as (app, _):
        assert "large" in options(app.view)


async def test_a_small_panel_has_an_image_and_an_answer() -> None:
    async with showing(size=(18, 9), found=images(right=1, wrong=0)) as (app, _):
        shown = text(app.view)
        assert "✓ T-shirt/t…" in shown
        assert "▀" in shown


@pytest.mark.parametrize("size", [7, 14, 20, 28, 40])
def test_an_image_of_another_size_is_as_bright_as_before(size: int) -> None:
    image = np.random.default_rng(0).random((1, 28, 28))
    found = resized(image, size, size)
    assert found.shape == (1, size, size)
    assert found.mean() == pytest.approx(image.mean())
    if size == 14:
        np.testing.assert_allclose(found[0, 0, 0], image[0, :2, :2].mean())


def test_it_suits_runs_on_images() -> None:
    assert ImagesPanel.KIND.suits(of_images())
    assert not ImagesPanel.KIND.suits(opened())


# -- first weights -------------------------------------------------------------------------------------------------


async def test_weights_are_blue_where_they_excite_and_orange_where_they_hold_back() -> None:
    async with showing("first-weights") as (app, _):
        shades = signed(palette_of(app))
        assert isinstance(app.view, FirstWeightsPanel)
        tiles, drawn = app.view.tiles(app.view.size, 16), cells(app.view)
        columns = [tiles.place(number)[0] for number in (0, 1)]
        colors = [{cell.color for row in drawn[: tiles.height] for cell in row[x : x + tiles.width]} for x in columns]
        assert shades.colors[-2].hex in colors[0]
        assert colors[0].isdisjoint(shade.hex for shade in shades.colors[:10])
        assert shades.colors[2].hex in colors[1]


async def test_units_beyond_the_panel_are_reached_by_keys() -> None:
    async with showing("first-weights", units=32) as (app, pilot):
        assert "32 units" in title(app.view)
        first = options(app.view)
        await pilot.press("pagedown")
        await pilot.pause()
        assert options(app.view) != first
        for _ in range(10):
            await pilot.press("pagedown")
        await pilot.pause()
        assert "–32 of 32" in options(app.view)


async def test_of_a_wide_layer_it_says_how_many_units_are_drawn() -> None:
    told = of_images(units=128)
    app = PanelApp("first-weights", told, Run(told).frame(first_weights=first_weights(64)))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert "64 of 128 units" in title(app.view)


async def test_weights_of_nothing_are_drawn_as_nothing() -> None:
    told = of_images(units=2)
    app = PanelApp("first-weights", told, Run(told).frame(first_weights=np.zeros((2, 784), "<f4").tobytes()))
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        middle = signed(palette_of(app)).colors[16].hex
        assert cells(app.view)[2][8].color == middle


def test_they_suit_runs_whose_first_layer_sees_images() -> None:
    assert FirstWeightsPanel.KIND.suits(of_images())
    assert not FirstWeightsPanel.KIND.suits(opened())
    assert not FirstWeightsPanel.KIND.suits(structs.replace(of_images(), image_shape=(20, 20)))


# -- pictures ------------------------------------------------------------------------------------------------------


async def test_every_classs_probability_is_read_off_an_image() -> None:
    found = images()
    sample = structs.replace(found.samples[0], probabilities=np.array([0.02, 0.9, *[0.01] * 8], "<f4").tobytes())
    names = of_images().class_names
    async with showing(found=structs.replace(found, samples=(sample, *found.samples[1:]))) as (app, pilot):
        app.view.focus()
        await pilot.press("right")
        await pilot.pause()
        expected = f"true: {names[sample.target]}   {names[1]}: 90.0%   {names[0]}: 2.0%"
        assert expected in text(app.view)
        assert text(app.view).count("%   ") >= len(names) // 2, "all of them, in as many rows as it takes"


async def test_a_pixels_weight_is_read_off_in_every_unit() -> None:
    async with showing("first-weights") as (app, pilot):
        app.view.focus()
        before = text(app.view).count("±")
        await pilot.press("right")
        await pilot.pause()
        assert text(app.view).count("┼") == before
        assert "±" not in text(app.view)


async def test_the_range_of_a_units_weights_is_theirs_at_any_size_of_the_picture() -> None:
    weights = np.zeros((16, 28, 28), np.float32)
    weights[:, 3, 3], weights[:, 20, 9] = 0.25, -0.5
    told = of_images(units=16)
    frame = Run(told).frame(first_weights=weights.tobytes())
    for size in ((62, 22), (120, 40), (38, 12)):
        async with looking("first-weights", told, frame, size) as (app, _):
            assert "±0.500" in text(app.view)
