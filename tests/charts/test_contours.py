"""Contour bands: their levels suit the surface, however steep its corners are."""

import numpy as np
import pytest

from nn_tui.charts.contours import banded, contour_levels
from nn_tui.engine.surfaces import SURFACES


def heights(name: str) -> np.ndarray:
    surface = SURFACES[name]
    x, y = (np.linspace(*ends, 80) for ends in (surface.x_range, surface.y_range))
    return np.asarray(surface.function(*np.meshgrid(x, y)))


def lowest(name: str) -> float:
    surface = SURFACES[name]
    return min(float(surface.function(*point)) for point in surface.minima)


@pytest.mark.parametrize("name", SURFACES)
def test_levels_rise_from_the_lowest_point_to_the_highest(name: str) -> None:
    levels = contour_levels(heights(name), lowest(name), 12)
    assert levels.shape == (11,)
    assert (np.diff(levels) > 0).all()
    assert lowest(name) < levels[0]
    assert levels[-1] < heights(name).max()


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_has_lines_across_its_lower_half(name: str) -> None:
    bands = banded(heights(name), contour_levels(heights(name), lowest(name), 12))
    assert bands.min() <= 2
    assert bands.max() == 11
    assert len(np.unique(bands)) >= 8


def test_half_of_a_surface_with_steep_corners_lies_in_the_lower_half_of_its_bands() -> None:
    for name in ("rosenbrock", "beale", "cliff"):
        bands = banded(heights(name), contour_levels(heights(name), lowest(name), 12))
        assert np.mean(bands < 6) == pytest.approx(0.5, abs=0.02)


def test_a_plain_stays_plain() -> None:
    bands = banded(heights("plateau"), contour_levels(heights("plateau"), 0.0, 12))
    assert np.mean(bands == 11) > 0.4
