"""Words in cells: what takes two of them, names that are too long, numbers beside an axis."""

import math

import pytest

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.numbers import (
    cells,
    chance,
    cut,
    fixed,
    percent,
    to_left,
    to_middle,
    to_right,
    told_apart,
    whole_percent,
)
from nn_tui.charts.ticks import linear, logarithmic

INK = Color(1, 2, 3)


def row(canvas: Canvas, number: int = 0) -> str:
    return "".join(segment.text for segment in canvas.lines()[number])


def test_a_row_with_wide_characters_is_as_wide_as_any_other() -> None:
    canvas = Canvas(12, 2)
    canvas.put(1, 0, "面積 a", INK)
    canvas.put(8, 0, "│", INK)
    canvas.put(9, 1, "平方", INK)
    assert row(canvas) == " 面積 a │   "
    # What would stand outside with one half is left out.
    assert row(canvas, 1) == "         平 "
    assert cells(row(canvas)) == cells(row(canvas, 1)) == 12


def test_what_is_written_over_half_of_a_wide_character_takes_it_away() -> None:
    canvas = Canvas(6, 1)
    canvas.put(0, 0, "面積平", INK)
    canvas.put(1, 0, "x", INK)
    assert row(canvas) == " x積平"
    canvas.put(4, 0, "y", INK)
    assert row(canvas) == " x積y "
    canvas.put(1, 0, "方", INK)
    assert row(canvas) == " 方 y "


def test_a_hat_stands_on_the_character_before_it() -> None:
    canvas = Canvas(4, 1)
    canvas.put(0, 0, "m\u0302面\u0302", INK)
    assert row(canvas) == "m\u0302面\u0302 "


@pytest.mark.parametrize(
    ("name", "width", "shown"),
    [("面積（平方メートル）", 9, "面積（平…"), ("面積", 4, "面積"), ("面積", 3, "面…"), ("area", 3, "ar…")],
)
def test_names_are_cut_by_cells(name: str, width: int, shown: str) -> None:
    assert cut(name, width) == shown
    assert cells(shown) <= width


@pytest.mark.parametrize("pad", [to_left, to_right, to_middle])
@pytest.mark.parametrize("text", ["", "a", "ab", "面", "面b積"])
def test_blanks_fill_up_to_a_width(pad: object, text: str) -> None:
    for width in (6, 7):
        assert cells(pad(text, width)) == width  # type: ignore[operator]
        assert pad(text, width).strip() == text  # type: ignore[operator]


def test_names_that_begin_alike_are_told_apart_by_their_ends() -> None:
    names = ["neighbourhood=Old Town", "neighbourhood=東京都心部", "has a garden", "x"]
    assert told_apart(names, 9) == ["nei… Town", "neig…心部", "has a ga…", "x"]
    assert all(cells(name) <= 9 for name in told_apart(names, 9))


AXES = [
    (1.19e11, 1.22e11),
    (1.1e-5, 1.15e-5),
    (2.3e-5, 3.2e-5),
    (2.3e9, 3.2e9),
    (1_234_500.0, 1_234_600.0),
    (-3e11, 3e11),
]


def _number(label: str) -> float:
    label = label.replace("−", "-")
    return float(label[:-1]) * {"k": 1e3, "M": 1e6}[label[-1]] if label[-1] in "kM" else float(label)


@pytest.mark.parametrize("longest", [5, 6, 9])
@pytest.mark.parametrize(("low", "high"), [*AXES, (1.1e-10, 1.9e-10), (-1.5e-10, -1.1e-10), (0.99999, 1.00001), (0, 1)])
def test_a_number_beside_an_axis_has_room_and_stands_where_it_says_or_says_that_it_is_about(
    low: float, high: float, longest: int
) -> None:
    found = linear(low, high, 5, longest=longest)
    labels = [label for _, label in found]
    assert len(set(labels)) == len(labels)
    assert all(len(label) <= longest for label in labels)
    for place, label in found:
        if label.startswith("≈"):
            assert len(found) == 1
            assert _number(label[1:]) == pytest.approx(place, rel=0.1)
        else:
            assert _number(label) == pytest.approx(place, abs=0.01 * (high - low))


def test_a_logarithmic_axis_of_less_than_a_decade_says_what_is_so() -> None:
    for place, label in logarithmic(-9.96, -9.72, 6):
        assert len(label) <= 6
        assert float(label.replace("−", "-")) == pytest.approx(10.0**place, rel=1e-3)


def test_steps_past_ten_million_are_told_apart_below_an_axis() -> None:
    labels = [label for _, label in linear(12_345_000, 12_346_000, 5, whole=True, longest=9)]
    assert labels == ["12.345M", "12.3452M", "12.3454M", "12.3456M", "12.3458M", "12.346M"]


@pytest.mark.parametrize("value", [9.99999, -9.99999, 99.9999, 0.99999, -99999.7, 99999.7, -0.0010004, 12.0])
def test_a_number_in_a_fixed_width_has_just_that(value: float) -> None:
    for width in (6, 8):
        assert len(fixed(value, width)) == width
        assert float(fixed(value, width).replace("−", "-")) == pytest.approx(value, rel=0.01)


def test_only_all_of_them_are_100_percent() -> None:
    assert [percent(share).strip() for share in (1.0, 0.9999, 0.99949, 0.5, 0.0)] == [
        "100%", "99.9%", "99.9%", "50.0%", "0.0%"
    ]  # fmt: skip


def test_whole_percents_are_all_or_none_only_where_all_or_none_are_meant() -> None:
    assert [whole_percent(share) for share in (1.0, 0.9999, 0.5, 0.0051, 0.0049, 1e-9, 0.0, math.nan)] == [
        "100%", "99%", "50%", "1%", "<1%", "<1%", "0%", "–"
    ]  # fmt: skip


def test_a_class_and_how_likely_it_is_are_told_apart_though_its_name_is_a_number() -> None:
    assert chance("0", " 0.8%") == "class 0: 0.8%"
    assert chance("−1.5", "99.2%") == "class −1.5: 99.2%"
    assert chance("T-shirt/top", "61.2%") == "T-shirt/top: 61.2%"
    assert chance("鸢尾", " 100%") == "鸢尾: 100%"
