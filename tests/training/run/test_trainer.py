"""A step, a look, a live change, a divergence."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.scenario import fields
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.timeline import changed
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.state import DivergedError
from tests.training.runs import lane, scenario

DROPPING = {"hidden": [{"units": 5, "dropout": 0.3}]}


def take(run: NetworkLane, count: int) -> bytes:
    """The parameters that many steps later."""
    for _ in range(count):
        run.step()
    return run.network.parameters.tobytes()


def change(run: NetworkLane, **values: object) -> None:
    """Applies live fields, dots written as double underscores."""
    run.change(changed(run.scenario, {key.replace("__", "."): value for key, value in values.items()}))


# -- live changes ----------------------------------------------------------------------------------------------------

LIVE: dict[str, tuple[dict[str, object], object]] = {
    "network.hidden.N.activation": ({}, "elu"),
    "network.hidden.N.dropout": ({}, 0.5),
    "network.activation": ({}, "softplus"),
    "training.loss": ({}, "huber"),
    "training.class_weight": ({}, {"0": 5.0}),
    "training.mode": ({}, "stochastic"),
    "training.batch_size": ({}, 5),
    "training.optimizer.name": ({}, "sgd"),
    "training.optimizer.lr": ({}, 0.5),
    "training.optimizer.beta": ({"training.optimizer.name": "momentum"}, 0.2),
    "training.optimizer.beta1": ({}, 0.2),
    "training.optimizer.beta2": ({}, 0.2),
    "training.optimizer.epsilon": ({}, 0.5),
    "training.optimizer.weight_decay": ({"training.optimizer.name": "adamw"}, 0.9),
    "training.schedule.name": ({}, "warm-up"),
    "training.schedule.every": ({"training.schedule.name": "step"}, 1),
    "training.schedule.decay": ({"training.schedule.name": "exponential"}, 0.2),
    "training.schedule.minimum": ({"training.schedule.name": "cosine"}, 0.5),
    "training.schedule.epochs": ({"training.schedule.name": "warm-up"}, 30),
    "training.schedule.start": ({"training.schedule.name": "warm-up"}, 0.9),
    "training.regularization.l1": ({}, 0.1),
    "training.regularization.l2": ({}, 0.1),
    "training.clip.norm": ({}, 0.01),
    "training.clip.value": ({}, 0.001),
}
"""Each live field that shapes the steps: what must hold for it to matter, and another value."""

LENGTH_AND_PACE = {"training.epochs", "training.steps", "training.speed"}
TRIED_ELSEWHERE = {
    "training.race.N.name",
    "training.race.N.lr",
    *(f"training.early_stop.{key}" for key in ("metric", "patience", "min_gain", "from_epoch", "restore_at_end")),
}


def test_every_live_field_is_tried_here() -> None:
    assert {field.key for field in fields.fields() if field.live} == LIVE.keys() | LENGTH_AND_PACE | TRIED_ELSEWHERE


@pytest.mark.parametrize("key", LIVE)
def test_a_live_change_takes_effect_with_the_next_step(key: str) -> None:
    given_before, value = LIVE[key]
    ends = []
    for changes in (given_before, given_before | {key.replace(".N.", ".1."): value}):
        # A rate small enough for the clips and penalties to show.
        run = lane(training={"epochs": 40, "optimizer": {"name": "adam", "lr": 0.02}})
        take(run, 10)
        before = run.network.parameters.copy()
        if changes:
            run.change(changed(run.scenario, changes))
        np.testing.assert_array_equal(run.network.parameters, before)
        ends.append(take(run, 6))
    assert ends[0] != ends[1]


@pytest.mark.parametrize("key", sorted(LENGTH_AND_PACE))
def test_length_and_pace_can_be_changed_and_shape_no_step(key: str) -> None:
    run, other = lane(), lane()
    take(run, 10)
    run.change(changed(run.scenario, {key: 7}))
    assert take(run, 6) == take(other, 16)


def test_the_same_optimizer_with_other_settings_keeps_its_state() -> None:
    run = lane(training={"optimizer": {"name": "momentum"}})
    take(run, 10)
    state = run.optimizer
    moments = state.moments()
    change(run, training__optimizer__lr=0.5, training__optimizer__beta=0.5)
    assert run.optimizer is state
    assert run.optimizer.steps == 10
    for name, moment in run.optimizer.moments().items():
        np.testing.assert_allclose(moment, moments[name], rtol=1e-5)


def test_a_new_optimizer_starts_fresh() -> None:
    run = lane(training={"optimizer": {"name": "momentum"}})
    take(run, 10)
    change(run, training__optimizer__name="adamw")
    assert run.optimizer.steps == 0
    assert not any(vector.any() for vector in run.optimizer.state.values())
    assert set(run.optimizer.state) == {"m", "v"}


@pytest.mark.parametrize(("key", "value"), [("training__mode", "stochastic"), ("training__batch_size", 7)])
def test_a_new_mode_or_batch_size_starts_a_fresh_pass(key: str, value: object) -> None:
    run = lane()
    take(run, 4)
    assert (run.epoch, run.position, run.steps_per_epoch) == (1, 1, 3)
    change(run, **{key: value})
    assert (run.epoch, run.position) == (1, 0)
    passed = run.steps_per_epoch
    assert passed == (40 if value == "stochastic" else 6)
    take(run, passed)
    assert (run.epoch, run.position, run.steps) == (2, 0, 4 + passed)


def test_other_changes_leave_the_pass_alone() -> None:
    run = lane()
    take(run, 4)
    change(run, training__optimizer__name="sgd", network__activation="tanh")
    assert (run.epoch, run.position) == (1, 1)


@pytest.mark.parametrize(
    "parts",
    [
        {"data": {"noise": 0.5}},
        {"network": {"hidden": [6, 6]}},
        {"network": {"init": "zeros"}},
        {"training": {"seed": 4}},
        {"training": {"dtype": "float64"}},
        {"network": {"output": "softmax"}, "training": {"loss": "ce"}},
    ],
)
def test_what_needs_another_network_is_refused_and_changes_nothing(parts: dict[str, Any]) -> None:
    run, other = lane(), lane()
    take(run, 5)
    with pytest.raises(ScenarioError, match="reset"):
        run.check(scenario(**parts))
    assert take(run, 5) == take(other, 10)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_state_goes_on_bit_for_bit_in_another_trainer(optimizer: str) -> None:
    parts: dict[str, Any] = {
        "training": {"optimizer": {"name": optimizer}},
        "network": {"hidden": [{"units": 5, "dropout": 0.3}]},
    }
    run = lane(**parts)
    take(run, 7)
    state = pickle.loads(pickle.dumps(run.state()))
    end = take(run, 10)
    other = lane(**parts)
    other.restore(run.scenario, state)
    assert take(other, 10) == end


# -- looking ---------------------------------------------------------------------------------------------------------


def test_looking_disturbs_nothing() -> None:
    watched, alone = lane(network=DROPPING), lane(network=DROPPING)
    for _ in range(10):
        watched.probe()
        watched.score("train")
        watched.step(watch=True)
        watched.score("test", quick=True)
        watched.probe()
        watched.state()
        alone.step()
    assert watched.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_a_watched_steps_gradient_and_update_are_told() -> None:
    run = lane(training={"optimizer": {"name": "sgd", "lr": 0.1}})
    before = run.network.parameters.copy()
    run.step(watch=True)
    step = run.network.parameters - before
    probes = run.probe()
    gradient = np.sqrt(sum(layer.gradient_norm**2 for layer in probes))
    assert gradient == pytest.approx(np.linalg.norm(step) / 0.1, rel=1e-5)
    assert all(layer.update_ratio is not None and layer.update_ratio > 0 for layer in probes)
    assert all(layer.update_ratio is None for layer in run.probe())


@pytest.mark.parametrize("loss", [name for name in LOSSES if name not in ("bce", "ce")])
def test_a_large_set_scores_as_the_whole_it_is(loss: str) -> None:
    run = lane(data={"kind": "plane", "samples": 3_000, "noise": 0.5}, training={"loss": loss})
    score = run.score("train")
    assert score is not None
    prediction = run.network.predict(run.train.inputs[:, :-1]).T
    residual = (prediction - run.train.targets).astype(float)
    expected = {
        "mse": np.mean(residual**2),
        "mae": np.mean(np.abs(residual)),
        "rmse": np.sqrt(np.mean(residual**2)),
        "huber": np.mean(np.where(np.abs(residual) < 1, residual**2 / 2, np.abs(residual) - 0.5)),
    }
    assert score.loss == pytest.approx(expected[loss], rel=1e-5)
    assert score.samples == 2_400


def test_a_quick_score_is_of_at_most_256_samples() -> None:
    run = lane(data={"samples": 3_000})
    for part, samples in (("train", 2_400), ("test", 600)):
        whole, quick = run.score(part), run.score(part, quick=True)
        assert whole is not None
        assert quick is not None
        assert (whole.samples, quick.samples) == (samples, 256)
        assert quick.loss == pytest.approx(whole.loss, rel=0.3)


def test_without_a_test_set_there_is_no_test_score() -> None:
    assert lane(data={"test_share": 0}).score("test") is None


def test_the_rate_follows_the_schedule_through_the_epochs() -> None:
    run = lane(training={"epochs": 4, "optimizer": {"name": "sgd", "lr": 1}, "schedule": {"name": "step", "every": 2}})
    rates = []
    while run.epoch < 4:
        rates.append(run.learning_rate)
        run.step()
    assert rates == [1.0] * 6 + [0.5] * 6


# -- divergence ------------------------------------------------------------------------------------------------------


def diverging(**parts: Any) -> tuple[NetworkLane, DivergedError, bytes]:
    """A run taken until it diverges, what it says, and the parameters before that step."""
    run = lane(**parts)
    while run.epoch < 500:
        before = run.network.parameters.tobytes()
        try:
            run.step()
        except DivergedError as error:
            return run, error, before
    raise AssertionError("it never diverged")


SQUARES = {"loss": "mse", "optimizer": {"name": "sgd", "lr": 100}}


def test_divergence_stops_at_its_step_with_the_parameters_before_it() -> None:
    run, error, before = diverging(network={"output": "identity"}, training=SQUARES)
    assert error.step == run.steps + 1
    assert run.network.parameters.tobytes() == before
    assert np.isfinite(run.network.parameters).all()
    with pytest.raises(DivergedError):
        run.step()
    assert run.network.parameters.tobytes() == before


def test_divergence_names_the_layer_where_it_began() -> None:
    run = lane()
    run.network.layers[1].weight[2, 3] = np.inf
    with pytest.raises(DivergedError) as caught:
        run.step()
    assert (caught.value.layer, caught.value.quantity, caught.value.step) == ("layer 2", "pre-activation", 1)
    assert str(caught.value) == "at step 1 a number stopped being finite, first the pre-activation of layer 2"


def test_a_loss_that_overflows_is_the_output_layers() -> None:
    run = lane(network={"output": "identity"}, training={"loss": "mse"})
    run.network.layers[-1].bias[:] = 1e25
    with pytest.raises(DivergedError) as caught:
        run.step()
    assert str(caught.value) == "at step 1 a number stopped being finite, first the loss of the output layer"


def test_a_gradient_whose_norm_overflows_is_the_largest_layers() -> None:
    run = lane(network={"activation": "identity"}, training={"regularization": {"l2": 1e6}})
    run.network.layers[0].weight[:] = 0
    run.network.layers[1].weight[:] = 1e15
    run.network.layers[2].weight[:] = 0
    with pytest.raises(DivergedError) as caught:
        run.step()
    assert (caught.value.layer, caught.value.quantity) == ("layer 2", "gradient norm")


def test_a_divergence_survives_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(DivergedError(1_234, "output", "loss")))
    assert (error.step, error.layer, error.quantity) == (1_234, "output", "loss")
    assert str(error).startswith("at step 1,234 a number")


def test_clipping_tames_what_would_diverge() -> None:
    run = lane(network={"output": "identity"}, training=SQUARES | {"clip": {"norm": 0.001}})
    take(run, 300)
    assert np.isfinite(run.network.parameters).all()


@settings(max_examples=100)
@given(
    kind=st.sampled_from(["xor", "spiral", "sine", "plane"]),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    loss=st.sampled_from(["mse", "mae", "rmse", "huber"]),
    init=st.sampled_from(["zeros", "normal", "he"]),
    lr=st.sampled_from([1e-8, 0.1, 10.0, 1e3, 1e6]),
    extreme=st.booleans(),
    noise=st.sampled_from([0.0, 100.0]),
)
def test_whatever_is_asked_for_the_parameters_kept_are_finite(
    kind: str, optimizer: str, activation: str, loss: str, init: str, lr: float, extreme: bool, noise: float
) -> None:
    rule: dict[str, Any] = {"name": optimizer, "lr": lr}
    if extreme:
        table = fields.rule_table("optimizer", optimizer)
        rule |= {key: 1e-30 for key in table if key == "epsilon"}
        rule |= {key: 0.9999999999 for key in table if key.startswith("beta")}
    if optimizer == "adamw":
        rule["weight_decay"] = min(1.0, 0.5 / lr)
    run = lane(
        data={"kind": kind, "noise": noise},
        network={"activation": activation, "init": init},
        training={"loss": loss, "optimizer": rule, "regularization": {"l1": 1e6 if extreme else 0}},
    )
    for _ in range(60):
        try:
            run.step()
        except DivergedError as error:
            assert error.layer in ("layer 1", "layer 2", "output")  # noqa: PT017
            break
        finally:
            assert np.isfinite(run.network.parameters).all()
