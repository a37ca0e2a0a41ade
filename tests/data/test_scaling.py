"""Scaling: fitted on the training set, applied to everything, undone for people."""

import numpy as np
import pytest

from nn_tui.data.scaling import fit_scaling

VALUES = np.array([[1.0, 200.0, 7.0], [2.0, 400.0, 7.0], [4.0, 900.0, 7.0]])


def test_standard_scaling_gives_mean_0_and_deviation_1():
    scaled = fit_scaling("standard", VALUES).apply(VALUES)
    assert np.allclose(scaled[:, :2].mean(axis=0), 0.0)
    assert np.allclose(scaled[:, :2].std(axis=0), 1.0)


def test_minmax_scaling_gives_0_to_1():
    scaled = fit_scaling("minmax", VALUES).apply(VALUES)
    assert np.array_equal(scaled[:, :2].min(axis=0), [0.0, 0.0])
    assert np.array_equal(scaled[:, :2].max(axis=0), [1.0, 1.0])


def test_no_scaling_leaves_every_value_as_it_is():
    assert np.array_equal(fit_scaling("none", VALUES).apply(VALUES), VALUES)


@pytest.mark.parametrize("kind", ["none", "standard", "minmax"])
def test_scaling_can_be_undone(kind):
    scaling = fit_scaling(kind, VALUES)
    assert np.allclose(scaling.undo(scaling.apply(VALUES)), VALUES)


def test_values_outside_the_training_set_are_scaled_by_it():
    assert fit_scaling("minmax", VALUES).apply(np.array([[7.0, 200.0, 7.0]]))[0, 0] == 2.0


@pytest.mark.parametrize("kind", ["standard", "minmax"])
@pytest.mark.parametrize("constant", [7.0, 0.1])
def test_a_constant_column_keeps_its_scale(kind, constant):
    # The mean of 0.1, ten times over, is not 0.1: its deviation is tiny and not 0.
    scaling = fit_scaling(kind, np.full((10, 1), constant))
    assert np.allclose(scaling.apply(np.array([[constant], [constant + 1.0]])), [[0.0], [1.0]])


@pytest.mark.parametrize("kind", ["none", "standard", "minmax"])
def test_scaling_leaves_the_given_array_alone(kind):
    values = VALUES.copy()
    fit_scaling(kind, values).apply(values)
    assert np.array_equal(values, VALUES)
