"""What people call a thing finds the scenarios about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.scenario import catalogue
from nn_tui.scenario.families import FAMILIES, in_order
from nn_tui.scenario.lessons.search import document, search
from nn_tui.scenario.reading import load

DOCUMENTS = [document(name, load(catalogue.find(name))) for name in in_order(catalogue.names())]

FAILING = {"vanishing", "vanishing-cured"}


@pytest.mark.parametrize(
    ("query", "among_the_first"),
    [
        ("dead relu", {"dying-relu", "dying-relu-cured"}),
        ("dying neurons", {"dying-relu", "dying-relu-cured"}),
        ("local minimum", {"hollows"}),
        ("local minima", {"hollows"}),
        ("saddle point", {"saddle"}),
        ("learning rate", {"rate-too-low", "rate-too-high"}),
        ("Learning rate too high", {"rate-too-high"}),
        ("batch size", {"mode-mini-batch", "mode-batch", "tiny-batch"}),
        ("regularization", {"fashion-regularized", "sine-l2"}),
        ("Regularisation", {"fashion-regularized", "sine-l2"}),
        ("weight decay", {"sine-l2"}),
        ("dropout", {"fashion-regularized"}),
        ("schedule", {"schedule"}),
        ("learning rate decay", {"schedule"}),
        ("lr decay", {"schedule"}),
        ("backpropagation", {"mse-behind-sigmoid"}),
        ("early stopping", {"fashion-overfitting", "sine-overfit"}),
        ("classification", {"and", "gauss"}),
        ("vanishing gradient", FAILING),
        ("vanishing gradients", FAILING),
        ("exploding gradients", {"exploding", "exploding-cured"}),
        ("diverge", {"rate-too-high", "exploding"}),
        ("too slow", {"rate-too-low"}),
        ("gradient clipping", {"cliff-cured", "exploding-cured"}),
        ("overfitting", {"fashion-overfitting", "sine-overfit"}),
        ("cross-entropy", {"bce-behind-sigmoid"}),
        ("mean squared error", {"mse-behind-sigmoid"}),
        ("weight initialization", {"zero-init", "zero-init-cured"}),
        ("feature scaling", {"unscaled-features", "unscaled-features-cured"}),
        ("mnist", {"fashion-mnist", "fashion-mnist-small"}),
        ("images", {"fashion-sketch", "fashion-mnist"}),
        ("csv", {"iris", "diabetes"}),
        ("perceptron", {"xor-one-neuron"}),
        ("momentum", {"momentum"}),
        ("adam", {"adam"}),
        ("spiral", {"spiral"}),
        ("spirl", {"spiral"}),
        ("spir", {"spiral"}),
        ("compare optimizers", {"race-spiral"}),
        ("zero init", {"zero-init"}),
        ("nan", {"exploding"}),
    ],
)
def test_these_words_find_what_they_should(query, among_the_first):
    found = search(query, DOCUMENTS)
    assert among_the_first <= set(found[: len(among_the_first) + 3]), found[:8]


def test_classification_finds_every_classification_and_no_surface():
    found = set(search("classification", DOCUMENTS))
    assert {"iris", "xor", "spiral", "fashion-sketch", "moons"} <= found
    assert not found & {"rosenbrock", "bowl", "line", "sine"}
    assert {"line", "sine", "diabetes", "plane"} <= set(search("regression", DOCUMENTS))


def test_words_that_nothing_has_find_nothing():
    assert search("quaternion", DOCUMENTS) == []


def test_an_empty_search_keeps_the_order():
    assert search("  ", DOCUMENTS) == [entry.key for entry in DOCUMENTS]


@given(st.text(max_size=40))
def test_whatever_is_typed_finds_each_scenario_at_most_once(query):
    found = search(query, DOCUMENTS)
    assert len(found) == len(set(found)) <= len(DOCUMENTS)


def test_every_scenario_is_found_first_by_its_own_name():
    for entry in DOCUMENTS:
        assert search(entry.key, DOCUMENTS)[0] == entry.key


def test_every_scenario_belongs_to_one_family():
    named = [name for family in FAMILIES for name in family.names]
    assert sorted(named) == catalogue.names()
