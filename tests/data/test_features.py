"""The feature map: what of a point the network is given."""

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.features import FEATURES, expand
from nn_tui.scenario.kinds import FEATURES as OFFERED

POINTS = np.array([[0.5, -0.25], [-1.0, 1.0], [0.0, 0.5]])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", [0.5, -1.0, 0.0]),
        ("y", [-0.25, 1.0, 0.5]),
        ("xy", [-0.125, -1.0, 0.0]),
        ("x2", [0.25, 1.0, 0.0]),
        ("y2", [0.0625, 1.0, 0.25]),
        ("sinx", [1.0, 0.0, 0.0]),
        ("siny", [-np.sqrt(0.5), 0.0, 1.0]),
    ],
)
def test_each_feature_is_its_formula(name, values):
    assert np.allclose(expand(POINTS, [name])[:, 0], values)


def test_features_come_in_the_order_they_were_named():
    assert np.array_equal(expand(POINTS, ["y", "x", "y"]), POINTS[:, [1, 0, 1]])


def test_scenarios_offer_the_features_there_are():
    assert set(OFFERED[2]) == set(FEATURES)
    assert set(OFFERED[1]) == {name for name, feature in FEATURES.items() if not feature.needs_y}


@pytest.mark.parametrize("name", OFFERED[1])
def test_points_on_a_line_have_features_of_x_alone(name):
    assert np.array_equal(expand(POINTS[:, :1], [name]), expand(POINTS, [name]))


@pytest.mark.parametrize("name", ["y", "xy", "y2", "siny"])
def test_a_feature_of_y_is_refused_where_there_is_only_x(name):
    with pytest.raises(DataError, match=rf"no feature '{name}' of these inputs \(one of: x, x2, sinx\)"):
        expand(POINTS[:, :1], [name])


def test_an_unknown_feature_is_refused():
    with pytest.raises(DataError, match="no feature 'z' of these inputs"):
        expand(POINTS, ["x", "z"])
