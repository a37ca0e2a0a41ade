"""Lines as pictures show them: thinned but for ends and extremes, cut off at the axes, marked where they leave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_tui.charts.course import Course, course, dots, thinned

COLUMNS, ROWS = 20, 6
ANY = arrays(
    np.float64,
    st.integers(1, 300),
    elements=st.one_of(
        st.floats(-2.0, 2.0), st.sampled_from([np.nan, np.inf, -np.inf, 1e307, -1e307, 0.0]), st.floats(-1e9, 1e9)
    ),
)


def drawn(values: list[float] | np.ndarray, ends: tuple[float, float] = (0.0, 1.0)) -> Course:
    y = np.asarray(values, np.float64)
    return course(np.arange(float(len(y))), y, (0.0, max(1.0, len(y) - 1.0)), ends, COLUMNS, ROWS)


@given(ANY)
def test_every_line_stays_inside_in_whole_dots(values: np.ndarray) -> None:
    found = drawn(values)
    for places, last in ((found.x, 2 * COLUMNS - 1), (found.y, 4 * ROWS - 1)):
        known = places[~np.isnan(places)]
        assert ((known >= 0) & (known <= last)).all()
        assert (known == np.rint(known)).all()
    assert all(0 <= column < COLUMNS for column, _ in found.leaves)


@given(ANY)
def test_a_column_keeps_its_first_least_greatest_and_last_point_and_no_more(values: np.ndarray) -> None:
    x = np.arange(float(len(values)))
    ends = (0.0, max(1.0, len(values) - 1.0))
    kept_x, kept_y = thinned(x, values, ends, COLUMNS)
    column, kept_column = (np.floor(at / ends[1] * COLUMNS) for at in (x, kept_x))
    for one in np.unique(column):
        here, kept = values[column == one], kept_y[kept_column == one]
        gaps = 1 + np.abs(np.diff(np.isnan(here))).sum()
        assert len(kept) <= max(2, 4 * gaps)
        assert repr(kept[0]) == repr(here[0])
        assert repr(kept[-1]) == repr(here[-1])
        known = here[~np.isnan(here)]
        if len(known):
            assert (np.nanmin(kept), np.nanmax(kept)) == (known.min(), known.max())


def test_what_becomes_infinite_is_drawn_to_the_edge_and_marked_there() -> None:
    found = drawn([0.2, 0.4, np.inf, np.inf, np.inf])
    assert np.nanmax(found.y) == 4 * ROWS - 1
    assert np.nanmax(found.x) == round((2 * COLUMNS - 1) / 2)
    assert found.leaves == ((COLUMNS // 2, True),)


def test_a_line_that_leaves_is_not_drawn_along_the_edge() -> None:
    found = drawn([0.5, 0.5, 3.0, 3.0, 3.0, 0.5, -2.0, -2.0, 0.5])
    steep = np.abs(np.diff(found.y)) > 0
    flat_at_edge = (found.y[1:] == 4 * ROWS - 1) & (found.y[:-1] == 4 * ROWS - 1) & ~steep
    assert not flat_at_edge.any()
    assert [upwards for _, upwards in found.leaves] == [True, True, False, False]


def test_nan_is_a_gap_and_a_lone_point_shows() -> None:
    found = drawn([0.0, np.nan, 0.5, np.nan, 1.0, 1.0])
    assert found.leaves == ()
    assert np.isnan(found.y).sum() == 2
    assert len(found.y[~np.isnan(found.y)]) == 4


@pytest.mark.parametrize(("value", "upwards"), [(7.0, True), (-7.0, False), (np.inf, True)])
def test_a_line_that_is_out_of_sight_altogether_is_marked_at_both_its_ends(value: float, upwards: bool) -> None:
    assert drawn([value] * 9).leaves == ((0, upwards), (COLUMNS - 1, upwards))


def test_of_a_broken_line_every_dash_is_as_long_whichever_way_it_goes() -> None:
    ways = [(np.arange(24.0), np.zeros(24)), (np.zeros(2), np.array([0.0, 23.0])), (np.arange(24.0), np.arange(24.0))]
    for x, y in ways:
        across, up = dots(Course(x, y, ()), is_broken=True)
        along = np.maximum(across, up)
        dashes = np.split(along, np.flatnonzero(np.diff(along) > 1) + 1)
        assert [len(dash) for dash in dashes] == [4] * 4


def test_a_line_goes_through_its_places_without_a_hole_and_over_no_gap() -> None:
    across, up = dots(Course(np.array([0.0, 3.0, np.nan, 9.0, 9.0]), np.array([0.0, 1.0, np.nan, 7.0, 4.0]), ()))
    assert list(zip(across.tolist(), up.tolist(), strict=True)) == [
        *((0, 0), (1, 0), (2, 0), (3, 1)),
        *((9, 7), (9, 6), (9, 5), (9, 4)),
    ]
