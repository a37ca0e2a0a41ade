"""The scenarios that ship: each is readable, and does what its lesson says it does."""

from functools import cache

import numpy as np
import pytest

import nn_tui
from nn_tui import Run
from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario import catalogue
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from tests.available import lacking

NAMES = catalogue.names()
# The tests of one scenario are run by one process, which trains it once.
REPLAYED = [
    pytest.param(
        name,
        marks=[
            pytest.mark.skipif(bool(lacking(name)), reason=lacking(name)),
            pytest.mark.xdist_group(f"replay {name}"),
        ],
    )
    for name in NAMES
]


@cache
def replayed(name: str) -> Run:
    return nn_tui.replay(name)


def scenario(name: str) -> Scenario:
    return load(catalogue.find(name))


@pytest.mark.parametrize("name", REPLAYED)
def test_every_scenario_of_the_catalogue_reaches_what_it_promises(name: str) -> None:
    summary = replayed(name).summary
    missed = [
        f"{result.metric} {result.wanted}, found {result.found}" for result in summary.expectations if not result.met
    ]
    assert missed == []
    assert summary.passed


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_the_catalogue_has_something_to_say(name: str) -> None:
    shipped = scenario(name)
    assert 10 <= len(shipped.title) <= 70
    assert 30 <= len(shipped.summary) <= 120
    assert "\n" not in shipped.title + shipped.summary
    paragraphs = shipped.lesson.strip().split("\n\n")
    assert 2 <= len(paragraphs) <= 5
    assert 300 <= len(shipped.lesson) <= 2_000
    assert max(map(len, shipped.lesson.splitlines())) <= 120
    assert shipped.expect


@pytest.mark.parametrize("name", REPLAYED)
def test_every_scenario_of_the_catalogue_is_watchable_at_its_own_speed(name: str) -> None:
    steps, speed = replayed(name).summary.steps, scenario(name).training.speed
    assert 5 <= steps / speed <= 90


def test_titles_tell_scenarios_apart() -> None:
    titles = [entry.title for entry in catalogue.entries()]
    assert len(set(titles)) == len(titles)


def test_a_penalty_on_the_weights_cures_the_overfit_sine() -> None:
    free, held = replayed("sine-overfit").summary, replayed("sine-l2").summary
    assert free.test is not None
    assert held.test is not None
    assert held.test["loss"] < free.test["loss"] / 2
    assert held.train["loss"] > free.train["loss"]


def test_at_one_rate_and_as_many_epochs_smaller_batches_get_further() -> None:
    losses = [replayed(f"mode-{mode}").summary.train["loss"] for mode in ("batch", "mini-batch", "stochastic")]
    assert losses == sorted(losses, reverse=True)


def test_the_same_bad_step_is_mended_by_bce_and_not_by_mse() -> None:
    squared, matched = replayed("mse-behind-sigmoid").summary, replayed("bce-behind-sigmoid").summary
    assert matched.train["accuracy"] > squared.train["accuracy"] + 0.05


# The best constant rate of plain descent, found by hand on ten seeds, and by how much it loses.
RIVALS = [("momentum", 0.15, 10), ("adagrad", 0.6, 1_000), ("rmsprop", 1.0, 20), ("adam", 0.5, 10)]


@pytest.mark.parametrize(("name", "rate", "factor"), RIVALS)
def test_each_optimizer_is_far_ahead_of_plain_descent_in_its_own_scenario(
    name: str, rate: float, factor: float
) -> None:
    plain = nn_tui.replay(name, {"training.optimizer.name": "sgd", "training.optimizer.lr": rate}).summary
    assert plain.status == "finished"
    assert plain.train["loss"] > factor * replayed(name).summary.train["loss"]


def test_momentum_holds_a_rate_at_which_plain_descent_diverges() -> None:
    assert nn_tui.replay("momentum", {"training.optimizer.name": "sgd"}).summary.status == "diverged"


# What a cured scenario changes. Nothing else may differ, or the cure would not be shown to be the cause.
CURES = {
    "vanishing": {"network.activation", "network.init"},
    "exploding": {"network.init", "training.optimizer.lr", "training.clip.norm", "training.epochs", "timeline"},
    "dying-relu": {"network.activation"},
    "zero-init": {"network.init"},
    "saturated-sigmoid": {"timeline"},
    "unscaled-features": {"data.scaling"},
    "plateau": {"training.optimizer"},
    "adagrad-dies": {"training.optimizer"},
    "tiny-batch": {"training.batch_size"},
    "cliff": {"training.clip.norm"},
}


@pytest.mark.parametrize(("name", "cure"), CURES.items())
def test_a_cured_scenario_is_the_failing_one_with_its_cure(name: str, cure: set[str]) -> None:
    ill, cured = (settings(scenario(each)) for each in (name, f"{name}-cured"))
    changed = {key for key in ill.keys() | cured.keys() if ill.get(key) != cured.get(key)}
    allowed = {"training.speed", *cure}
    assert {key for key in changed if not any(key == each or key.startswith(f"{each}.") for each in allowed)} == set()
    assert changed - {"training.speed"}


def settings(shipped: Scenario) -> dict[str, object]:
    """What a scenario does, by dotted key."""
    plain = to_mapping(shipped)
    flat: dict[str, object] = {"timeline": plain.get("timeline")}
    for room in ("data", "network", "training"):
        for key, value in plain.get(room, {}).items():
            inner = value if isinstance(value, dict) else {"": value}
            flat |= {f"{room}.{key}.{name}".rstrip("."): entry for name, entry in inner.items()}
    return flat


@pytest.mark.parametrize("name", CURES)
def test_a_cure_ends_with_a_far_lower_loss(name: str) -> None:
    ill, cured = replayed(name).summary, replayed(f"{name}-cured").summary
    assert cured.train["loss"] < ill.train["loss"] / 4


def test_the_gradient_vanishes_layer_by_layer_and_does_not_once_cured() -> None:
    ill, cured = (initial_gradients(name) for name in ("vanishing", "vanishing-cured"))
    assert ill == sorted(ill)
    assert ill[0] < 1e-5 * ill[-1]
    assert min(cured) > 0.1 * max(cured)


def test_the_gradient_is_exploding_from_the_start_in_every_layer() -> None:
    assert min(initial_gradients("exploding")) > 1e5
    assert max(initial_gradients("exploding-cured")) < 1


def test_inputs_in_grams_leave_the_first_layer_without_any_gradient() -> None:
    assert initial_gradients("unscaled-features")[0] == 0
    assert initial_gradients("unscaled-features-cured")[0] > 0.1


def initial_gradients(name: str) -> list[float]:
    """Each layer's gradient norm before the first step."""
    summary = nn_tui.replay(name, {"training.steps": 0}).summary
    return [layer.gradient_norm for layer in summary.layers]


def test_units_that_start_at_zero_are_alike_to_the_end() -> None:
    weights = replayed("zero-init").network.layers[0].weight
    assert np.ptp(weights, axis=0).max() < 1e-4
    assert np.ptp(replayed("zero-init-cured").network.layers[0].weight, axis=0).max() > 1


def test_adagrads_steps_shrink_while_its_gradient_does_not() -> None:
    history = nn_tui.replay("adagrad-dies", every=18).history
    ratio, gradient = (history[f"layer 2.{quantity}"] for quantity in ("update_ratio", "gradient_norm"))
    early, late = slice(1, 11), slice(-10, None)
    assert np.median(ratio[late]) < np.median(ratio[early]) / 3
    assert np.median(gradient[late]) > np.median(gradient[early]) / 3


# -- surfaces --------------------------------------------------------------------------------------------------------


def ends(name: str, changes: dict[str, object] | None = None) -> list[tuple[float, float]]:
    """Where every optimizer of a descent ends."""
    race = nn_tui.replay(name, changes).summary.race
    return [(round(lane.scores["x"], 1), round(lane.scores["y"], 1)) for lane in race]


def test_there_is_a_scenario_on_every_surface() -> None:
    assert {scenario(name).data.function for name in NAMES} >= set(SURFACES)


def test_no_optimizer_leaves_a_saddle_from_the_ridge_itself() -> None:
    assert ends("saddle", {"data.start": [-1.5, 0.0]}) == [(0.0, 0.0)] * 3


def test_momentum_lingers_at_the_saddle_as_long_as_plain_descent_at_the_same_rate() -> None:
    race = [{"name": "sgd", "lr": 0.02}, {"name": "momentum", "lr": 0.02}]
    plain, averaged = nn_tui.replay("saddle", {"training.race": race}).summary.race
    assert averaged.scores["loss"] > plain.scores["loss"] > -0.05


def test_starts_a_third_of_a_unit_apart_reach_all_of_himmelblaus_minima() -> None:
    starts = [[-0.15, -0.7], [-0.15, -0.85], [-0.45, -0.7]]
    reached = {end for start in starts for end in ends("himmelblau", {"data.start": start})}
    assert reached == {(3.0, 2.0), (-2.8, 3.1), (3.6, -1.8), (-3.8, -3.3)}


@pytest.mark.parametrize("seed", range(3))
def test_points_rest_the_nearer_to_the_bottom_the_larger_the_batch(seed: int) -> None:
    history = nn_tui.replay("noisy-bowl", {"training.seed": seed}, every=1).history
    distance = np.hypot(history["race.sgd.x"], history["race.sgd.y"])
    single, several, whole = (np.sqrt(np.mean(distance[end - 200 : end] ** 2)) for end in (300, 600, 900))
    rate = scenario("noisy-bowl").training.race[0].lr
    assert single == pytest.approx(np.sqrt(2 * rate / (2 - rate)), rel=0.25)
    assert several == pytest.approx(single / 5, rel=0.3)
    assert whole < 1e-3


@pytest.mark.parametrize("seed", range(1, 4))
def test_adam_is_ahead_in_the_race_on_the_spiral_at_everyones_best_rate(seed: int) -> None:
    race = nn_tui.replay("race-spiral", {"training.seed": seed}).summary.race
    losses = {lane.name: lane.scores["loss"] for lane in race}
    assert losses["adam"] < losses["sgd"] / 2
