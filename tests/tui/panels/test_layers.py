"""Dead units, histograms and activation functions: what they say of each layer."""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.charts.bins import rebinned, round_ends
from nn_tui.training.look.parts import Histogram, Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.palette import palette_of
from tests.tui.canned import Run, opened
from tests.tui.canned_parts import activation, histograms
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, network, options, title

RELU = network([8, 8], "relu")


def with_dead(told: Opened, counts: list[int], **changes: Any) -> Frame:
    """A frame in which so many units of each layer are dead."""
    frame = Run(told).frame(600, **changes)
    layers = [*frame.layers]
    for number, count in enumerate(counts):
        layers[number] = msgspec.structs.replace(layers[number], dead_units=count)
    return msgspec.structs.replace(frame, layers=tuple(layers))


def line(app: PanelApp, name: str) -> str:
    """The row that a layer's name stands in."""
    return next(row for row in text(app.view).splitlines() if row.startswith(name))


# -- dead units --------------------------------------------------------------------------------------------------------


async def test_dead_units_are_counted_layer_by_layer() -> None:
    async with looking("dead", RELU, with_dead(RELU, [3, 0])) as (app, _):
        assert line(app, "layer 1").startswith("layer 1  ███░░░░░  3/8")
        assert line(app, "layer 2").startswith("layer 2  ░░░░░░░░  0/8")
        assert title(app.view) == "Dead ReLU units   3 of 16"


async def test_of_a_wide_layer_the_bar_is_a_share_in_which_a_single_dead_unit_shows() -> None:
    told = network([128, 128, 128], "relu")
    async with looking("dead", told, with_dead(told, [1, 127, 128])) as (app, _):
        bars = [line(app, f"layer {number}") for number in (1, 2, 3)]
        assert bars[0].count("█") == 1
        assert bars[1].count("░") == 1
        assert bars[2].count("░") == 0
        assert "128/128" in bars[2]


async def test_layers_that_cannot_die_are_left_out() -> None:
    told = network([8, {"units": 4, "activation": "relu"}])
    async with looking("dead", told, with_dead(told, [0, 1])) as (app, _):
        assert "layer 1" not in text(app.view)
        assert "1/4" in line(app, "layer 2")


async def test_without_relu_it_says_why_there_is_nothing() -> None:
    async with looking("dead") as (app, _):
        words = " ".join(text(app.view).split())
        assert "Only ReLU units can die" in words
        assert "have tanh." in words
        assert options(app.view) == ""


async def test_without_a_hidden_layer_no_unit_can_die() -> None:
    told = network([])
    async with looking("dead", told, Run(told).frame()) as (app, _):
        assert "No hidden layer" in text(app.view)


async def test_where_there_are_more_layers_than_rows_those_with_most_dead_units_are_shown() -> None:
    told = network([4] * 12, "relu")
    async with looking("dead", told, with_dead(told, [0, 4, *[1] * 8, 3, 2]), size=(60, 6)) as (app, _):
        shown = text(app.view)
        assert [name in shown for name in ("layer 2 ", "layer 11", "layer 12", "layer 1 ")] == [True, True, True, False]
        assert "and 9 layers with fewer" in shown


async def test_the_count_over_time_grows_like_hills_to_the_right() -> None:
    steps = np.array([0.0, 100.0, 200.0, 300.0])
    counts = np.array([0.0, 0.0, 4.0, 8.0])
    series = {"layer 1.dead_units": Series(step=steps.tobytes(), value=counts.tobytes())}
    frame = with_dead(RELU, [8, 0], series=series)
    async with looking("dead", RELU, frame, size=(70, 8)) as (app, _):
        color = palette_of(app).layer(0, 3).hex
        rows = [[cell.behind == color for cell in row[28:]] for row in cells(app.view)[:2]]
        filled = [rows[0][at] + rows[1][at] for at in range(len(rows[0]))]
        assert filled == sorted(filled)
        assert set(filled) == {0, 1, 2}
        assert "step 0" in text(app.view)


# -- histograms --------------------------------------------------------------------------------------------------------


async def test_a_small_panel_shows_the_histograms_of_the_layer_looked_at() -> None:
    told = opened()
    async with looking("histograms", size=(40, 8)) as (app, _):
        assert title(app.view) == "Histograms  layer 1  ‖w‖ 2.3360"
        assert text(app.view).splitlines()[0].split() == ["weights", "gradients", "activations"]
        app.view.layer_shown = 2
        app.view.show(told, app.frame)
        assert "output" in title(app.view)
        assert "output" in options(app.view)


async def test_a_large_panel_shows_every_layer() -> None:
    async with looking("histograms", size=(100, 40)) as (app, _):
        assert all(name in text(app.view) for name in ("layer 1 weights", "layer 2 weights", "output weights"))


async def test_axes_end_on_round_numbers_with_0_between_them() -> None:
    async with looking("histograms", size=(40, 8)) as (app, _):
        assert text(app.view).splitlines()[-1].split() == ["-2", "0", "3", "-4e-3", "4e-3", "-1", "0", "1"]


async def test_rare_values_show_beside_frequent_ones() -> None:
    told = opened()
    steep = Histogram(low=0.0, high=10.0, counts=(1, 0, 0, 0, 0, 0, 0, 0, 0, 100_000))
    parts = tuple(msgspec.structs.replace(one, weights=steep) for one in histograms(told))
    async with looking("histograms", told, Run(told).frame(histograms=parts)) as (app, pilot):
        assert "▁" in text(app.view)
        plain = text(app.view)
        await pilot.press("l")
        assert "√ counts" in options(app.view)
        assert text(app.view) != plain


async def test_a_click_on_the_layer_goes_on_to_the_next_one() -> None:
    async with looking("histograms", size=(60, 16)) as (app, pilot):
        asked = []
        app.screen.action_next_layer = lambda: asked.append(1)  # type: ignore[attr-defined]
        await pilot.click(offset=(60 - 4 - len("layer 1 · l counts"), 15))
        assert asked == [1]


@given(
    counts=st.lists(st.integers(0, 1000), min_size=1, max_size=60),
    cells=st.integers(1, 130),
    low=st.floats(-100, 100),
    width=st.floats(0.001, 1000),
)
def test_bins_keep_their_total_whatever_the_width(counts: list[int], cells: int, low: float, width: float) -> None:
    spread = rebinned(counts, (low, low + width), (low - width / 3, low + width * 2), cells)
    assert len(spread) == cells
    assert spread.sum() == pytest.approx(sum(counts), abs=1e-6)
    assert (spread >= -1e-9).all()


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-6, 1e6))
def test_round_ends_hold_the_range_and_are_not_far_from_it(low: float, width: float) -> None:
    high = low + width
    first, last = round_ends(low, high)
    assert first <= low + 1e-6 * width
    assert last >= high - 1e-6 * width
    assert last - first <= 2.1 * (high - low)


# -- activation --------------------------------------------------------------------------------------------------------


async def test_the_function_its_slope_and_the_saturated_share_are_named() -> None:
    async with looking("activation", size=(80, 20)) as (app, _):
        assert title(app.view) == "Activation  layer 1  tanh  (e^z − e^−z) / (e^z + e^−z) · saturated  31%"
        assert text(app.view).splitlines()[1].startswith("f′(z) = 1 − tanh²(z)")


async def test_in_a_narrow_panel_the_share_stays() -> None:
    async with looking("activation", size=(36, 8)) as (app, _):
        assert title(app.view).endswith("saturated  31%")


async def test_what_lies_where_the_function_is_flat_is_orange() -> None:
    async with looking("activation", size=(80, 20)) as (app, _):
        palette = palette_of(app)
        saturated = palette.background.blend(palette.alarm, 0.6).hex
        row = cells(app.view)[-3]
        tinted = {at for at, cell in enumerate(cells(app.view)[3]) if cell.behind == palette.tint.hex}
        orange = {at for at, cell in enumerate(row) if saturated in (cell.behind, cell.color)}
        assert orange
        assert orange <= tinted


async def test_a_function_that_never_saturates_has_no_tinted_stretch() -> None:
    told = opened()
    part = msgspec.structs.replace(activation(told), saturated_below=None, saturated_above=None)
    async with looking("activation", told, Run(told).frame(activation=part)) as (app, _):
        assert all(cell.behind != palette_of(app).tint.hex for row in cells(app.view) for cell in row)


# -- pictures ----------------------------------------------------------------------------------------------------------


async def test_counts_of_an_earlier_step_and_single_bars_are_read_off() -> None:
    steps, counts = np.arange(1.0, 101.0), np.repeat([2.0, 8.0], 50)
    series = {"layer 1.dead_units": Series(step=steps.tobytes(), value=counts.tobytes())}
    async with looking("dead", RELU, with_dead(RELU, [8, 0], series=series), size=(80, 8)) as (app, pilot):
        app.view.focus()
        await pilot.press("left", *["left"] * 38)
        await pilot.pause()
        assert "2/8" in text(app.view)
        assert "step " in text(app.view)
    async with looking("histograms", size=(80, 12)) as (app, pilot):
        app.view.focus()
        await pilot.press("left")
        await pilot.pause()
        assert text(app.view).splitlines()[0].count("≈ ") == 3
        await pilot.press("escape")
        await pilot.pause()
        assert "weights" in text(app.view).splitlines()[0]
