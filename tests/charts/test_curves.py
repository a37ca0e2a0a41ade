"""Plots as people see them: axes, curves that share cells, ghosts, words at the last point."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.cursor import between, draw_cursor, read_off
from nn_tui.charts.curves import LABEL_WIDTH, draw
from nn_tui.charts.ghosts import Ghost, ghost_lines
from nn_tui.charts.palette import palette
from nn_tui.charts.plot import Line, Moment, Plot, Zone, placed
from nn_tui.charts.smoothing import smoothed
from nn_tui.charts.ticks import linear
from nn_tui.training.look.series import thinned

PALETTE = palette(True, "#10141b", "#d5dbe5", "#4fd6be")
RED, GREEN, BLUE = Color(255, 0, 0), Color(0, 255, 0), Color(0, 0, 255)
STEPS = np.arange(101.0)


def text(canvas: Canvas) -> list[str]:
    return ["".join(row) for row in canvas.characters]


def columns_of(canvas: Canvas, color: Color) -> list[int]:
    return sorted({column for row in canvas.colors for column, here in enumerate(row) if here == color})


def test_the_axis_ends_where_the_run_ends_and_the_line_reaches_both_ends() -> None:
    canvas = draw(Plot([Line(STEPS, 1.0 + STEPS, RED)], x_range=(0.0, 100.0)), PALETTE, (60, 12))
    assert columns_of(canvas, RED) == list(range(LABEL_WIDTH + 1, 60))
    assert text(canvas)[-1].split() == ["step", "0", "20", "40", "60", "80", "100"]


def test_a_plot_too_low_for_its_axis_keeps_the_colors_of_its_last_row() -> None:
    canvas = draw(Plot([Line(STEPS, np.zeros(101), RED), Line(STEPS, 1.0 + STEPS, BLUE)]), PALETTE, (60, 5))
    last = canvas.height - 2
    assert [column for column, here in enumerate(canvas.colors[last]) if here == RED]
    assert PALETTE.faint not in canvas.colors[last][LABEL_WIDTH + 1 :]


def test_curves_that_run_together_take_turns_and_show_all_their_dots() -> None:
    canvas = draw(Plot([Line(STEPS, STEPS, RED), Line(STEPS, STEPS, BLUE)]), PALETTE, (60, 12))
    alone = draw(Plot([Line(STEPS, STEPS, RED)]), PALETTE, (60, 12))
    assert text(canvas) == text(alone)
    assert abs(len(columns_of(canvas, RED)) - len(columns_of(canvas, BLUE))) <= 2


def test_a_dot_on_a_line_between_two_rows_lies_on_it() -> None:
    # As the learning rate after a change from 0.5 to 0.03.
    rates = np.where(STEPS < 3, 0.5, 0.03)
    plot = Plot([Line(STEPS, rates, RED), Line(STEPS[-1:], rates[-1:], GREEN, dots="●")], y_range=(0.0, 0.54))
    canvas = draw(plot, PALETTE, (118, 36))
    assert [row for row, colors in enumerate(canvas.colors) if GREEN in colors] == [
        max(row for row, colors in enumerate(canvas.colors) if RED in colors)
    ]


def test_a_line_behind_gives_way_and_takes_no_turns() -> None:
    lines = [Line(STEPS, STEPS, RED), Line(STEPS, STEPS, BLUE, behind=True)]
    assert columns_of(draw(Plot(lines), PALETTE, (60, 12)), BLUE) == []


def test_a_value_a_million_times_the_axis_takes_no_longer_than_any_other() -> None:
    # plotext would walk there dot by dot.
    y = np.where(STEPS == 50, 1e5, 0.5)
    canvas = draw(Plot([Line(STEPS, y, RED)], y_range=(0.0, 1.0)), PALETTE, (60, 12))
    assert text(canvas)[0].count("▲") >= 1


@pytest.mark.parametrize("log", [True, False])
@given(st.integers(1, 130), st.integers(1, 40), st.floats(0.0, 1e12), st.integers(1, 10_000_000))
@settings(max_examples=40, deadline=None)
def test_any_size_is_filled_and_nothing_is_cut_off(log: bool, width: int, height: int, low: float, steps: int) -> None:
    x = np.linspace(0, steps, 50)
    plot = Plot([Line(x, low + x, RED, "name")], log=log, x_range=(0.0, float(steps)), moments=[Moment(steps / 2, "x")])
    lines = text(draw(plot, PALETTE, (width, height)))
    assert [len(line) for line in lines] == [width] * height


def test_a_ghost_is_whole_as_far_as_the_axis_shows_and_does_not_hold_the_axis() -> None:
    ghost = Ghost({"loss": (np.arange(1000.0), 10.0 ** -(np.arange(1000.0) / 50))}, name="before", color=GREEN)
    own = Line(STEPS, 2.0 - STEPS / 100, RED)
    alone = draw(Plot([own], x_range=(0.0, 100.0)), PALETTE, (60, 12))
    haunted = draw(
        Plot([*ghost_lines([ghost], {"loss": RED}, PALETTE), own], x_range=(0.0, 100.0), log=False), PALETTE, (60, 12)
    )
    assert text(haunted)[-1] == text(alone)[-1]
    assert columns_of(haunted, GREEN)[-1] >= 50
    far = Ghost({"loss": (STEPS, np.full(101, 1e-30))})
    held = draw(Plot([*ghost_lines([far], {"loss": RED}, PALETTE), own], log=True), PALETTE, (60, 12))
    assert "1e−30" not in "".join(text(held))


def test_many_named_ghosts_have_their_names_beside_them() -> None:
    ghosts = [
        Ghost({"loss": (STEPS, np.full(101, 1.0 + number))}, f"run {number}", Color(9, 9, number))
        for number in range(5)
    ]
    lines = [*ghost_lines(ghosts, {"loss": RED}, PALETTE, named="loss"), Line(STEPS, 1.0 + STEPS / 20, RED)]
    shown = "\n".join(text(draw(Plot(lines), PALETTE, (70, 16))))
    assert all(f"run {number}" in shown for number in range(5))


def test_names_of_lines_that_end_in_one_row_stand_in_the_order_of_their_ends() -> None:
    lines = [
        Line(STEPS, np.linspace(9.0, end, 101), RED, name) for name, end in (("low", 1.0), ("mid", 1.1), ("top", 1.2))
    ]
    for plot in (Plot(lines), Plot(lines[::-1])):
        shown = " ".join(text(draw(plot, PALETTE, (60, 12))))
        assert shown.index("top") < shown.index("mid") < shown.index("low")


def test_smoothing_goes_over_steps_and_not_over_rows() -> None:
    dense, sparse = np.arange(0.0, 10.0, 0.01), np.arange(10.0, 101.0)
    x = np.concatenate((dense, sparse))
    line = smoothed(Line(x, np.where(x < 10, 100.0, 1.0), RED))
    evenly = np.arange(101.0)
    other = smoothed(Line(evenly, np.where(evenly < 10, 100.0, 1.0), RED))
    assert np.interp(50.0, x, line.y) == pytest.approx(1.0)
    assert np.log(np.interp([8.0, 12.0], x, line.y)) == pytest.approx(
        np.log(np.interp([8.0, 12.0], evenly, other.y)), abs=0.8
    )


def test_a_smooth_line_does_not_jump_where_rows_get_sparse() -> None:
    dense, sparse = np.arange(0.0, 240.0), np.arange(240.0, 561.0, 20.0)
    line = smoothed(Line(np.concatenate((dense, sparse)), np.append(np.ones(241), np.full(16, 10.0)), RED))
    assert np.abs(np.diff(np.log(line.y[:241]))).max() < 0.05


def test_a_picture_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "import numpy as np; from nn_tui.charts.curves import draw; from nn_tui.charts.plot import *;"
        "from nn_tui.charts.palette import palette; from nn_tui.charts.color import Color;"
        "x=np.arange(300.); p=palette(True,'#10141b','#d5dbe5','#4fd6be');"
        "c=draw(Plot([Line(x,np.sin(x/9)+2,Color(255,0,0)),Line(x,np.cos(x/7)+2,Color(0,0,255))]),p,(47,11));"
        "print('\\n'.join(''.join(r) for r in c.characters)); print(c.colors)"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.parametrize("width", [20, 40, 70, 120])
@pytest.mark.parametrize(("low", "high"), [(12_345_000.0, 12_346_000.0), (-6.0, 6.0), (0.0, 1e9), (0.0, 3.0)])
def test_the_words_below_an_axis_are_whole_and_none_touches_the_unit(low: float, high: float, width: int) -> None:
    below = text(draw(Plot([Line(np.array([low, high]), np.zeros(2), RED)]), PALETTE, (width, 10)))[-1].split()
    most = max(2, (width - 7) // 9)
    whole = [label for each in (most, 2 * most + 1) for _, label in linear(low, high, each, whole=True, longest=9)]
    assert below[0] == "step"
    assert len(below) > 1
    assert set(below[1:]) <= set(whole)


def test_a_cursor_says_which_step_it_is_at_however_many_there_are() -> None:
    steps = 12_345_678 + STEPS
    plot = Plot([Line(steps, STEPS, RED, name="loss")])
    reading = read_off(plot, (80, 20), 0)
    assert reading is not None
    canvas = draw(plot, PALETTE, (80, 20))
    draw_cursor(canvas, plot, reading, PALETTE)
    assert "step 12,345,678  loss 0.000000" in text(canvas)[0]


def test_a_cursor_on_a_smoothed_line_reads_what_was_there() -> None:
    jumping = np.where(STEPS % 2 == 0, 1.0, 100.0)
    plot = Plot([smoothed(Line(STEPS, jumping, RED, name="1"))])
    for part in (plot, between(plot, (40.0, 60.0))):
        read = [read_off(part, (LABEL_WIDTH + 1 + 101, 20), column) for column in range(101)]
        values = {one.values[0][0] for one in read if one is not None}
        assert values == {"1 1.000000", "1 100.0000"}


def test_a_cursor_reads_all_lines_at_one_step_though_each_is_drawn_by_its_own_extremes() -> None:
    steps = np.arange(0.0, 5_000.0)
    draws = np.random.default_rng(3).normal(size=(3, len(steps)))
    lines = [Line(*thinned(steps, values, 4 * 60), RED, name=str(row)) for row, values in enumerate(draws)]
    plot = Plot(lines)
    for part in (plot, between(plot, (1_000.0, 2_000.0))):
        for column in range(61):
            reading = read_off(part, (LABEL_WIDTH + 1 + 61, 20), column)
            assert reading is not None
            assert len(reading.values) == 3
            for said, _ in reading.values:
                row, value = said.replace("−", "-").split(" ")
                assert float(value) == pytest.approx(draws[int(row)][int(reading.at)], abs=1e-4)


def test_a_cursor_says_all_its_values_whole_and_percents_as_such() -> None:
    lines = [Line(STEPS, STEPS + 0.123456, RED, name=name) for name in ("out", "1", "2")]
    plot = Plot(lines, y_unit="%")
    size = (44, 12)
    reading = read_off(plot, size, 20)
    assert reading is not None
    canvas = draw(plot, PALETTE, size)
    draw_cursor(canvas, plot, reading, PALETTE)
    first = text(canvas)[0]
    assert "…" not in first
    assert all(f"{name} {value}" in first for name, value in (("out", "56.1%"), ("1", "56.1%"), ("2", "56.1%")))


def test_what_is_read_of_many_lines_is_whole_in_as_many_rows_as_it_takes() -> None:
    lines = [Line(STEPS, STEPS + number, RED, name=f"layer-{number}") for number in range(8)]
    plot, size = Plot(lines), (50, 14)
    for column in (0, 20, 40):
        reading = read_off(plot, size, column)
        assert reading is not None
        canvas = draw(plot, PALETTE, size)
        draw_cursor(canvas, plot, reading, PALETTE)
        shown = "\n".join(text(canvas)[:7])
        assert all(said in shown for said, _ in reading.values)
        assert "…" not in shown


def test_a_cursor_says_where_a_line_has_become_infinite() -> None:
    loss = np.where(STEPS < 100, 1.0 + STEPS, np.inf)
    reading = read_off(Plot([Line(STEPS, loss, RED, name="train")]), (LABEL_WIDTH + 1 + 101, 20), 100)
    assert reading is not None
    assert (reading.at, reading.values[0][0]) == (100.0, "train ∞")


def test_no_part_of_an_axis_of_percents_goes_beyond_all_there_is() -> None:
    percents = np.where(STEPS < 50, 2.0 * STEPS, 100.0)
    plot = Plot([Line(STEPS, percents, RED)], y_range=(-5.0, 100.0), y_unit="%")
    low, high = placed(between(plot, (60.0, 80.0))).y_range
    assert low < 100.0 == high
    assert placed(between(plot, (10.0, 20.0))).y_range == pytest.approx((20.0, 40.0), abs=2.0)


@given(st.integers(34, 130), st.floats(0.0, 1e7), st.floats(10.0, 1e7))
@settings(max_examples=200, deadline=None)
def test_an_axis_of_steps_has_two_numbers_at_least(width: int, low: float, length: float) -> None:
    ends = (math.floor(low), math.floor(low) + math.floor(length))
    below = text(draw(Plot([Line(np.array(ends), np.zeros(2), RED)]), PALETTE, (width, 10)))[-1].split()
    assert len(below) >= 3


def test_a_zone_has_its_ends_drawn_where_its_tint_cannot_be_seen() -> None:
    few = palette(True, "#10141b", "#d5dbe5", "#4fd6be", few=True)
    plot = Plot([Line(STEPS, STEPS, RED)], y_range=(0.0, 100.0), y_zones=[Zone(30.0, 70.0, "healthy")])
    rows = text(draw(plot, few, (60, 22)))
    dotted = [number for number, row in enumerate(rows) if row.count("·") > 20]
    assert len(dotted) == 2
    assert any("healthy" in row for row in rows[dotted[0] : dotted[1] + 1])
    assert "·" not in "".join(text(draw(plot, PALETTE, (60, 22))))


def test_a_zone_says_what_it_is_at_its_left_end_where_curves_fill_the_right() -> None:
    zigzag = np.where(STEPS[-1] / 2 > STEPS, 95.0, 5.0 + 90.0 * (np.arange(len(STEPS)) % 2))
    plot = Plot([Line(STEPS, zigzag, RED)], y_range=(0.0, 100.0), y_zones=[Zone(30.0, 70.0, "healthy")])
    rows = text(draw(plot, PALETTE, (60, 22)))
    assert any("│ healthy " in row for row in rows)
