"""One color, one meaning: the pairs are apart from each other, and within each, also for the color-blind."""

from itertools import combinations

import numpy as np
import pytest

from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette, palette, terminal

GROUNDS = {
    "dark": palette(True, "#10141b", "#d5dbe5", "#4fd6be"),
    "light": palette(False, "#f7f8fa", "#1f2630", "#00796b"),
    "dark, sixteen colors": palette(True, "#10141b", "#d5dbe5", "#4fd6be", few=True),
    "light, sixteen colors": palette(False, "#f7f8fa", "#1f2630", "#00796b", few=True),
    "unknown": terminal(),
}

# Viénot, Brettel and Mollon 1999, for linear sRGB: red and green cones missing.
_BLIND = {
    "protanopia": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    "deuteranopia": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
}


def pairs(colors: Palette) -> dict[str, tuple[Color, Color]]:
    return {
        "training and test": (colors.train, colors.test),
        "signs": (colors.positive, colors.negative),
        "classes": (colors.category(0), colors.category(1)),
    }


def linear(color: Color) -> np.ndarray:
    return (np.array(color) / 255.0) ** 2.2


@pytest.mark.parametrize("ground", GROUNDS)
def test_no_color_stands_for_two_things(ground: str) -> None:
    colors = GROUNDS[ground]
    meant = [color for pair in pairs(colors).values() for color in pair]
    assert len(set(meant)) == len(meant)
    assert not {colors.lane(number) for number in range(3)} & set(pairs(colors)["classes"])
    for one, other in combinations(meant, 2):
        assert np.abs(np.array(one) - np.array(other)).sum() > 60, (ground, one.hex, other.hex)


@pytest.mark.parametrize("kind", _BLIND)
@pytest.mark.parametrize("ground", GROUNDS)
def test_both_of_a_pair_are_apart_for_the_color_blind(ground: str, kind: str) -> None:
    for name, pair in pairs(GROUNDS[ground]).items():
        one, other = (np.clip(np.array(_BLIND[kind]) @ linear(color), 0.0, 1.0) ** (1 / 2.2) for color in pair)
        assert np.abs(one - other).max() > 0.2, (ground, kind, name)


@pytest.mark.parametrize("ground", ["dark", "light"])
@pytest.mark.parametrize("layers", [1, 2, 3, 8])
def test_faint_values_of_every_layer_can_be_told_from_what_is_behind_them(ground: str, layers: int) -> None:
    colors = GROUNDS[ground]
    for number in range(layers):
        color = colors.layer(number, layers)
        faint = colors.faded(color)
        assert min(faint.contrast(colors.background), faint.contrast(colors.tint)) > 1.3
        assert color.contrast(faint) > 1.5


@pytest.mark.parametrize("ground", ["dark", "light"])
@pytest.mark.parametrize("layers", [1, 2, 3, 8])
def test_the_name_of_every_layer_can_be_read_in_its_color(ground: str, layers: int) -> None:
    colors = GROUNDS[ground]
    for number in range(layers):
        assert colors.layer(number, layers).contrast(colors.background) > 3.0
