"""Dead units, histograms and activation functions: what they say of each layer."""

import re
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.charts.bins import rebinned, round_ends
from nn_tui.charts.curves import LABEL_WIDTH
from nn_tui.charts.ghosts import Ghost
from nn_tui.training.look.parts import Histogram, Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.palette import palette_of
from tests.tui.canned import Run, opened
from tests.tui.canned_parts import activation, histograms
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


# -- dead units --------------------------------------------------------------------------------------------------------


def courses(**counts: list[float]) -> dict[str, Series]:
    """How many units of layers were dead, one count a hundred steps."""
    return {
        f"{name.replace('_', ' ')}.dead_units": Series(
            step=(100.0 * np.arange(len(values))).tobytes(), value=np.array(values, float).tobytes()
        )
        for name, values in counts.items()
    }


async def test_dead_units_of_each_layer_are_a_curve_with_the_count_of_now_at_its_end() -> None:
    frame = with_dead(RELU, [8, 0], series=courses(layer_1=[0, 4, 8], layer_2=[0, 0, 0]))
    async with looking("dead", RELU, frame) as (app, _):
        rows = text(app.view).splitlines()
        assert rows[0].rstrip().endswith("1 8/8")
        assert rows[-3].rstrip().endswith("2 0/8")
        assert title(app.view) == "Dead ReLU units   8 of 16"
        palette, drawn = (
            palette_of(app),
            [cell for row in cells(app.view) for cell in row if "⠀" < cell.character <= "⣿"],
        )
        assert {cell.color for cell in drawn} == {palette.layer(number, 3).hex for number in (0, 1)}


async def test_a_curve_of_few_dead_units_fills_the_panel_when_zoomed_in() -> None:
    told = network([128], "relu")
    async with looking("dead", told, with_dead(told, [1], series=courses(layer_1=[0, 1]))) as (app, pilot):
        assert "100%┤" in text(app.view)
        await pilot.press("l")
        assert "zoomed in" in options(app.view)
        assert "100%" not in text(app.view)
        assert "0.5%┤" in text(app.view)


async def test_layers_that_cannot_die_are_left_out() -> None:
    told = network([8, {"units": 4, "activation": "relu"}])
    frame = with_dead(told, [0, 1], series=courses(layer_1=[0, 0], layer_2=[0, 1]))
    async with looking("dead", told, frame) as (app, _):
        assert "2 1/4" in text(app.view)
        assert "0/8" not in text(app.view)


async def test_without_relu_it_says_why_there_is_nothing() -> None:
    async with looking("dead") as (app, _):
        words = " ".join(text(app.view).split())
        assert "Only ReLU units can die" in words
        assert "have tanh." in words
        assert options(app.view) == ""


async def test_that_no_unit_can_die_is_told_before_the_first_step() -> None:
    async with looking("dead", frame=Run(opened()).frame(0)) as (app, _):
        assert "Only ReLU units can die" in " ".join(text(app.view).split())


async def test_without_a_hidden_layer_no_unit_can_die() -> None:
    told = network([])
    async with looking("dead", told, Run(told).frame()) as (app, _):
        assert "No hidden layer" in text(app.view)


async def test_where_there_are_more_layers_than_rows_those_with_most_dead_units_are_named() -> None:
    told, counts = network([4] * 12, "relu"), [0, 4, *[1] * 8, 3, 2]
    series = courses(**{f"layer_{number}": [0.0, count] for number, count in enumerate(counts, 1)})
    async with looking("dead", told, with_dead(told, counts, series=series), size=(60, 6)) as (app, _):
        assert [row.split()[-2:] for row in text(app.view).splitlines()[:3]] == [
            ["2", "4/4"],
            ["11", "3/4"],
            ["12", "2/4"],
        ]


async def test_another_runs_dead_units_are_shares_of_the_layers_it_had() -> None:
    frame = with_dead(RELU, [2, 0], series=courses(layer_1=[0, 2]))
    other = {"layer 1.dead_units": (np.array([0.0, 100.0]), np.array([0.0, 16.0]))}
    async with looking("dead", RELU, frame) as (app, _):
        seen = app.view.see(RELU, frame)
        for units, share in (((16,), 100.0), ((64, 8), 25.0)):
            app.view.haunt((Ghost(other, name="@1", units=units),))
            ghosts = [line for line in app.view.plot(seen, palette_of(app)).lines if line.is_ghost]
            assert [line.y[-1] for line in ghosts] == [share]


async def test_in_a_narrow_panel_the_curves_of_dead_units_have_names_alone() -> None:
    frame = with_dead(RELU, [8, 0], series=courses(layer_1=[0, 8], layer_2=[0, 0]))
    async with looking("dead", RELU, frame, size=(34, 8)) as (app, _):
        assert text(app.view).splitlines()[0].rstrip().endswith(" 1")
        assert "8/8" not in text(app.view)


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
        assert text(app.view).splitlines()[-1].split() == ["−2", "0", "3", "−4e−3", "4e−3", "−1", "0", "1"]


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


async def test_the_formula_of_an_output_is_not_called_by_two_names() -> None:
    told = opened()
    part = msgspec.structs.replace(activation(told), name="softmax", formula="ŷⱼ = e^zⱼ / Σₖ e^zₖ")
    async with looking("activation", told, Run(told).frame(activation=part), size=(80, 20)) as (app, _):
        assert text(app.view).splitlines()[0].strip() == "ŷⱼ = e^zⱼ / Σₖ e^zₖ"


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


@pytest.mark.parametrize("size", [(80, 20), (60, 16), (60, 10), (38, 8)])
async def test_the_function_covers_no_bar_however_low(size: tuple[int, int]) -> None:
    told = opened()
    few = Histogram(low=-4.0, high=4.0, counts=(1, 1, 1, 0, 0, 40, 40, 0, 1, 1))
    part = msgspec.structs.replace(activation(told), pre_activations=few)
    async with looking("activation", told, Run(told).frame(activation=part), size=size) as (app, _):
        palette = palette_of(app)
        saturated = palette.background.blend(palette.alarm, 0.6).hex
        lowest = cells(app.view)[-3]
        orange = [at for at, cell in enumerate(lowest) if saturated in (cell.behind, cell.color)]
        assert orange[:4] == [LABEL_WIDTH + at for at in range(1, 5)]


async def test_a_function_that_never_saturates_has_no_tinted_stretch() -> None:
    told = opened()
    part = msgspec.structs.replace(activation(told), saturated_below=None, saturated_above=None)
    async with looking("activation", told, Run(told).frame(activation=part)) as (app, _):
        assert all(cell.behind != palette_of(app).tint.hex for row in cells(app.view) for cell in row)


# -- pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(49, 24), (40, 24), (100, 40)])
async def test_whatever_bar_is_read_its_count_is_whole(size: tuple[int, int]) -> None:
    async with looking("histograms", size=size) as (app, pilot):
        app.view.focus()
        width = (app.view.size.width - 4) // 3
        for _ in range(width):
            await pilot.press("left")
        await pilot.pause()
        read = [line for line in text(app.view).splitlines() if "≈" in line]
        bar = r"(?:≈ ?[−.\de]+: )?\d[\d,]*"
        assert len(read) > 1
        assert all(re.fullmatch(rf"(?:(?:layer \d|output) )?{bar} +{bar} +{bar} *", line) for line in read), read


async def test_counts_of_an_earlier_step_and_single_bars_are_read_off() -> None:
    series = courses(layer_1=[*[2.0] * 50, *[8.0] * 50])
    async with looking("dead", RELU, with_dead(RELU, [8, 0], series=series), size=(80, 8)) as (app, pilot):
        app.view.focus()
        await pilot.press("left", *["shift+left"] * 5)
        await pilot.pause()
        assert "step 3,600  1 2/8 " in text(app.view).splitlines()[0]
    async with looking("histograms", size=(80, 12)) as (app, pilot):
        app.view.focus()
        await pilot.press("left")
        await pilot.pause()
        assert text(app.view).splitlines()[0].count("≈ ") == 3
        await pilot.press("escape")
        await pilot.pause()
        assert "weights" in text(app.view).splitlines()[0]
