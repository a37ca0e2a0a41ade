"""What is tried: settings that somebody put in are taken back, and each change is called by what it is about."""

import pytest

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.plain import lookup, to_mapping
from nn_tui.scenario.reading import load
from nn_tui.training.diagnosis import names
from nn_tui.training.diagnosis.prescribing import text_of
from nn_tui.training.diagnosis.trials.candidates import Facts, candidates
from nn_tui.training.diagnosis.trials.tried import families_of

FACTS = Facts(
    rows=140,
    inputs=2,
    outputs=1,
    usual_output=True,
    usual_loss=True,
    judged_by="test",
    imbalanced=False,
    scalable=True,
    targets_scalable=False,
    rates=(0.001, 0.1),
)


def _xor(changes):
    return overrides.apply(load(catalogue.find("xor")), changes)


@pytest.mark.parametrize(
    ("put_in", "taken_back", "kind", "said"),
    [
        (
            {"training.early_stop.patience": 1},
            {"training.early_stop.patience": 0},
            "stopped-too-early",
            "no early stop",
        ),
        (
            {"network.normalization": "batch"},
            {"network.normalization": "none"},
            "unsuitable-normalization",
            "no normalization",
        ),
        (
            {"network.hidden": [{"units": 4, "normalization": "layer"}]},
            {"network.hidden.1.normalization": "none"},
            "unsuitable-normalization",
            "no normalization",
        ),
        (
            {"training.class_weight": {"0": 90.0, "1": 0.1}},
            {"training.class_weight": "none"},
            "unsuitable-class-weight",
            "no class weights",
        ),
        ({"data.features": ["x"]}, {"data.features": ["x", "y"]}, "missing-features", "x, y as inputs"),
        ({"training.optimizer.beta1": 0.999}, {"training.optimizer.beta1": 0.9}, "unsuitable-optimizer", "beta1 0.9"),
        (
            {"training.regularization.l2": 0.3},
            {"training.regularization.l2": 0.0},
            "underfitting",
            "no penalty on the weights",
        ),
        ({"training.clip.norm": 1e-4}, {"training.clip.norm": 0.0}, "step-size", "no limit on the gradient"),
        ({"network.hidden": [{"units": 4, "dropout": 0.9}]}, {"network.hidden": [4]}, "underfitting", "no dropout"),
        (
            {"training.schedule.name": "exponential"},
            {"training.schedule.name": "constant"},
            "rate-schedule",
            "a constant rate",
        ),
    ],
)
def test_what_somebody_put_in_is_taken_back_and_named_by_that(put_in, taken_back, kind, said):
    scenario = _xor(put_in)
    found = [entry for entry in candidates(scenario, FACTS) if entry.changes == taken_back]
    assert [names.BY_CURE[entry.family][0].kind for entry in found] == [kind]
    assert families_of(taken_back, scenario) == {found[0].family}
    assert text_of(scenario, taken_back) == said


def test_no_candidate_changes_a_key_to_what_it_is_and_none_is_there_twice():
    scenario = _xor({"network.activation": "tanh", "network.init": "zeros", "training.clip.norm": 0.1})
    plain, found = to_mapping(scenario), candidates(scenario, FACTS)
    assert all(lookup(plain, key) != value for entry in found for key, value in entry.changes.items())
    assert len({str(entry.changes) for entry in found}) == len(found)
    # Of tanh with its initializer only that is left, which is no matter of the activation.
    assert [entry.family for entry in found if entry.changes == {"network.init": "xavier"}] == ["initializer"]


@pytest.mark.parametrize(
    ("changes", "families"),
    [
        ({"training.regularization.l2": 0.0, "network.activation": "relu"}, {"unregularize", "activation"}),
        ({"training.optimizer.lr": 0.001, "data.scaling": "standard"}, {"rate-down", "scaling"}),
        ({"training.optimizer.name": "adagrad", "training.optimizer.lr": 0.001}, {"optimizer"}),
        ({"network.hidden": [32, 32], "training.epochs": 900}, {"wider", "epochs"}),
        ({"network.hidden": [2], "training.epochs": 30}, {"shallower", "fewer-epochs"}),
        ({"network.hidden": [{"units": 4, "dropout": 0.3}, 4]}, {"regularize"}),
        ({"training.early_stop.metric": "test.loss", "training.early_stop.patience": 10}, {"early-stop"}),
    ],
)
def test_a_combination_is_about_what_each_key_does_to_the_run(changes, families):
    assert families_of(changes, _xor({"training.regularization.l2": 0.1})) == families
