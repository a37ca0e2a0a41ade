"""Class weights: what is minimized is Σ w·l / Σ w, what is reported stays unweighted."""

import numpy as np
import pytest

from nn_tui.engine.gradient_check import TOLERANCE
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply, parse_assignment
from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.training.run.class_weights import sample_weights
from nn_tui.training.run.metrics import class_scores
from tests.scenario.scenarios import xor
from tests.training import runs

DOUBLE = {"dtype": "float64", "mode": "batch"}


def test_balanced_weights_are_n_over_the_classes_times_a_classs_own():
    dataset = runs.lane(data={"kind": "xor", "samples": 20}).dataset
    counts = np.bincount(dataset.train.targets.astype(int))
    weights = sample_weights("balanced", dataset)
    for label, count in enumerate(counts):
        of_class = weights[dataset.train.targets == label]
        np.testing.assert_allclose(of_class, len(dataset.train) / (2.0 * count), rtol=1e-6)


@pytest.mark.parametrize("loss", ["mse", "mae", "rmse", "huber", "bce", "ce"])
def test_the_gradient_is_the_slope_of_the_weighted_loss(loss):
    weight = {"0": 0.5, "1": 3.0}
    lane = runs.lane(data={"kind": "moons", "samples": 24}, training={**DOUBLE, "loss": loss})
    names = lane.dataset.class_names
    weighted = runs.lane(
        data={"kind": "moons", "samples": 24},
        training={**DOUBLE, "loss": loss, "class_weight": dict(zip(names, weight.values(), strict=True))},
    )
    batch, _ = weighted.next_batch()
    network = weighted.network
    network.loss_and_gradient(batch)
    gradient = network.gradient.copy()
    for index in range(0, network.parameters.size, 7):
        before, ends = network.parameters[index], []
        for step in (1e-6, -1e-6):
            network.parameters[index] = before + step
            ends.append(network.loss_and_gradient(batch))
        network.parameters[index] = before
        assert gradient[index] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-4, abs=TOLERANCE)
    assert weighted.score("train") == lane.score("train")


def test_a_weight_of_two_is_a_sample_taken_twice():
    lane = runs.lane(data={"kind": "xor", "samples": 16}, training={**DOUBLE, "class_weight": "none"})
    batch, rows = lane.next_batch()
    weights = np.where(lane.dataset.train.targets[rows] > 0.5, 2.0, 1.0)
    twice = np.repeat(np.arange(len(rows)), weights.astype(int))
    value = lane.network.loss_and_gradient(batch._replace(weights=weights))
    gradient = lane.network.gradient.copy()
    repeated = batch._replace(inputs=batch.inputs[twice], targets=np.ascontiguousarray(batch.targets[:, twice]))
    assert lane.network.loss_and_gradient(repeated) == pytest.approx(value)
    np.testing.assert_allclose(lane.network.gradient, gradient, rtol=1e-12, atol=1e-15)


def test_weights_change_as_the_net_runs_and_survive_writing():
    scenario = apply(xor(), dict([parse_assignment('class_weight={ "0" = 2, "1" = 0.5 }')]))
    assert scenario.training.class_weight == {"0": 2.0, "1": 0.5}
    assert loads(dumps(scenario)) == scenario
    lane = runs.lane(training=DOUBLE)
    before = lane.next_batch()[0].weights
    lane.change(apply(lane.scenario, {"training.class_weight": "balanced"}))
    assert before is None
    assert lane.next_batch()[0].weights is not None


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ('{ "0" = -1 }', "a number from 0"),
        ('{ "0" = 0, "1" = 0 }', "no class counts"),
        ("even", "unknown class weight"),
        ("3", "none, balanced, or a table"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights, words):
    with pytest.raises(ScenarioError, match=words):
        apply(xor(), dict([parse_assignment(f"class_weight={weights}")]))


def test_a_class_there_is_not_and_a_regression_are_refused():
    with pytest.raises(ScenarioError, match="there is no class 'cat'"):
        runs.lane(training={"class_weight": {"cat": 2.0}})
    with pytest.raises(ScenarioError, match="weighs classes, and there are none"):
        runs.lane(data={"kind": "line"}, training={"class_weight": "balanced"})


def test_scores_by_class_are_means_over_classes():
    truth, predicted = np.array([0, 0, 0, 0, 1, 1, 2, 2]), np.array([0, 0, 0, 1, 1, 1, 0, 1])
    assert class_scores(predicted, truth) == pytest.approx(
        {
            "balanced_accuracy": (3 / 4 + 1 + 0) / 3,
            "precision": (3 / 4 + 2 / 4 + 0) / 3,
            "recall": (3 / 4 + 1 + 0) / 3,
            "f1": (6 / 8 + 4 / 6 + 0) / 3,
        }
    )
