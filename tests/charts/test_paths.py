"""Paths as pixels: whole lines, cut off at the edge of the picture."""

import numpy as np
import pytest

from nn_tui.charts.paths import Pixel, path_pixels


def pixels(*points: tuple[float, float], columns: int = 10, rows: int = 10) -> set[Pixel]:
    return path_pixels(np.array(points, float), (0.0, 10.0), (0.0, 10.0), columns, rows)


def test_a_point_is_one_pixel_with_the_first_row_at_the_top() -> None:
    assert pixels((2.5, 9.5)) == {(0, 2)}
    assert pixels((0.0, 0.0)) == {(9, 0)}
    assert pixels((10.0, 10.0)) == {(0, 9)}


def test_a_line_has_no_gaps() -> None:
    assert pixels((0.5, 0.5), (9.5, 0.5)) == {(9, column) for column in range(10)}
    assert pixels((0.5, 0.5), (9.5, 9.5)) == {(9 - step, step) for step in range(10)}
    slanted = pixels((0.5, 0.5), (9.5, 4.0), (1.0, 8.0))
    assert {column for _, column in slanted} == set(range(10))


@pytest.mark.parametrize("far", [12.0, 1e6, 1e30])
def test_a_line_that_leaves_the_picture_goes_to_its_edge(far: float) -> None:
    assert pixels((5.5, 5.5), (5.5, far)) == {(row, 5) for row in range(5)}
    assert pixels((-far, -1.0), (far, -1.0)) == set()


def test_a_line_that_only_crosses_the_picture_is_drawn_inside() -> None:
    assert pixels((-1e6, 5.5), (1e6, 5.5)) == {(4, column) for column in range(10)}


def test_what_is_no_number_is_left_out() -> None:
    assert pixels((0.5, 0.5), (np.nan, 3.0), (np.inf, 2.0), (2.5, 0.5)) == {(9, 0), (9, 1), (9, 2)}
    assert pixels((np.nan, np.nan)) == set()
