"""Every rule over a run's course speaks up on one side of its threshold only; courses are drawn, not trained."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.training.diagnosis import fit, gradients, pace, units
from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import FLAT, Balance, Evidence, LayerFacts
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.steps_ahead import FEW_STEPS
from nn_tui.training.run.state import DivergedError

ROWS = 40
LEVEL = np.full(ROWS, 0.5)
FALLING = np.linspace(0.7, 0.3, ROWS)


def course(
    layers: int = 1,
    units: int = 8,
    activation: str = "tanh",
    changes: dict[str, Any] | None = None,
    balance: Balance | None = None,
    divergence: DivergedError | None = None,
    **columns: Any,
) -> Evidence:
    """A run of `ROWS` rows: ordinary, but for the columns given; `l1_dead_units` is that of layer 1."""
    names = [*(f"layer {number}" for number in range(1, layers + 1)), "output"]
    ordinary: dict[str, Any] = {
        "step": np.arange(ROWS) * 10.0,
        "epoch": np.linspace(0.0, 100.0, ROWS),
        "train.loss": FALLING,
        "test.loss": FALLING,
        "train.accuracy": np.full(ROWS, 0.7),
        "test.accuracy": np.full(ROWS, 0.7),
    }
    for name in names:
        ordinary |= {
            f"{name}.gradient_norm": 0.1,
            f"{name}.gradient_mean_abs": 0.01,
            f"{name}.weight_norm": 1.0,
            f"{name}.update_ratio": 1e-3,
            f"{name}.saturated_share": 0.0,
            f"{name}.dead_units": 0.0,
        }
    ordinary |= {
        key.replace("l1_", "layer 1.").replace("train_", "train.").replace("test_", "test."): value
        for key, value in columns.items()
    }
    table = {name: np.broadcast_to(np.asarray(value, float), ROWS) for name, value in ordinary.items()}
    return Evidence(
        scenario=overrides.apply(load(catalogue.find("xor")), {"training.epochs": 100} | (changes or {})),
        loss="bce",
        output="sigmoid",
        status="diverged" if divergence else "finished",
        divergence=divergence,
        quality_name="accuracy",
        ignorant=0.5,
        allowed=1.0,
        balance=balance,
        layers=(
            *(LayerFacts(name, units, activation, symmetric=False) for name in names[:-1]),
            LayerFacts("output", 1, "sigmoid", symmetric=False),
        ),
        recent=table,
        whole=table,
        low=table,
        high=table,
        lowest_test=(float(np.argmin(table["test.loss"])), float(np.min(table["test.loss"]))),
    )


def found(evidence: Evidence) -> dict[str, Finding]:
    return {finding.kind: finding for finding in diagnose(evidence)}


def sloping(share: float) -> Any:
    """A loss whose last quarter's halves are a share apart."""
    loss = np.full(ROWS, 0.5)
    loss[-ROWS // 8 :] *= 1.0 - share
    return loss


def swinging(share: float) -> Any:
    """A loss that goes up and down by a share of its level from row to row."""
    return 0.5 * (1.0 + 0.5 * share * (-1.0) ** np.arange(ROWS))


ALIKE = {"train_accuracy": 0.9, "test_accuracy": 0.89}
APART = {"train_accuracy": 0.9, "test_accuracy": 0.9 - fit.WORSE - 0.001}


@pytest.mark.parametrize(
    ("kind", "ill", "well"),
    [
        ("plateau", {"train_loss": sloping(0.9 * FLAT)}, {"train_loss": sloping(1.1 * FLAT)}),
        ("plateau", {"train_loss": LEVEL, "train_accuracy": 0.92}, {"train_loss": LEVEL, "train_accuracy": 0.93}),
        # So few steps have not come to a plateau.
        (
            "plateau",
            {"train_loss": LEVEL, "step": np.linspace(0.0, FEW_STEPS, ROWS)},
            {"train_loss": LEVEL, "step": np.linspace(0.0, FEW_STEPS - 1.0, ROWS)},
        ),
        (
            "underfitting",
            {"train_loss": LEVEL, "units": fit.FEW_UNITS},
            {"train_loss": LEVEL, "units": fit.FEW_UNITS + 1},
        ),
        # All has to pass one unit, and the run is over, whatever its loss does.
        ("underfitting", {"train_loss": swinging(0.5), "units": 1}, {"train_loss": swinging(0.5), "units": 2}),
        ("underfitting", {"activation": "identity"}, {"activation": "tanh"}),
        (
            "underfitting",
            {"train_loss": LEVEL, "changes": {"training.regularization.l2": 0.03}},
            {"train_loss": LEVEL, "changes": {"training.regularization.l2": 0.029}},
        ),
        # The test loss is far above the training loss: scores apart, and nearly alike.
        ("overfitting", {"train_loss": 0.1, "test_loss": 0.5} | APART, {"train_loss": 0.1, "test_loss": 0.5} | ALIKE),
        (
            "overfitting",
            {"train_loss": 0.1, "test_loss": 0.1 * fit.FAR_APART + 0.01} | APART,
            {"train_loss": 0.1, "test_loss": 0.1 * fit.FAR_APART - 0.01} | APART,
        ),
        # It has risen since its lowest, or not enough.
        (
            "overfitting",
            {"train_loss": FALLING, "test_loss": np.linspace(0.5, 0.5 * fit.RISEN + 0.03, ROWS)} | APART,
            {"train_loss": FALLING, "test_loss": np.linspace(0.5, 0.5 * fit.RISEN - 0.03, ROWS)} | APART,
        ),
        (
            "vanishing",
            {"layers": 2, "l1_gradient_mean_abs": 0.009 * gradients.VANISHED},
            {"layers": 2, "l1_gradient_mean_abs": 0.011 * gradients.VANISHED},
        ),
        (
            "exploding",
            {"l1_gradient_norm": 1.01 * gradients.EXPLODED},
            {"l1_gradient_norm": 0.99 * gradients.EXPLODED},
        ),
        (
            "dead-units",
            {"activation": "relu", "units": 10, "l1_dead_units": 10 * units.MOST_DEAD},
            {"activation": "relu", "units": 10, "l1_dead_units": 10 * units.MOST_DEAD - 1},
        ),
        (
            "dead-units",
            {"activation": "relu", "units": 8, "l1_dead_units": 8 * units.MOST_DEAD_LEARNED, "train_accuracy": 1.0},
            {"activation": "relu", "units": 8, "l1_dead_units": 8 * units.MOST_DEAD_LEARNED - 1, "train_accuracy": 1.0},
        ),
        (
            "saturation",
            {"l1_saturated_share": units.MOST_SATURATED},
            {"l1_saturated_share": units.MOST_SATURATED - 0.01},
        ),
        (
            "rate-too-high",
            {"train_loss": swinging(1.02 * pace.SWING)},
            {"train_loss": swinging(0.98 * pace.SWING)},
        ),
        (
            "rate-too-high",
            {"train_loss": np.linspace(0.5, 0.5 * pace.RISEN * 1.2, ROWS)},
            {"train_loss": np.linspace(0.5, 0.5 * pace.RISEN, ROWS)},
        ),
        (
            "rate-too-low",
            {
                "train_loss": np.linspace(0.5, 0.5 * (1.01 - pace.SLOW_FALL), ROWS),
                "l1_update_ratio": 0.0,
                "output.update_ratio": 0.9 * pace.TINY_UPDATE,
            },
            {
                "train_loss": np.linspace(0.5, 0.5 * (0.99 - pace.SLOW_FALL), ROWS),
                "l1_update_ratio": 0.0,
                "output.update_ratio": 0.9 * pace.TINY_UPDATE,
            },
        ),
        (
            "rate-too-low",
            {"train_loss": np.linspace(0.5, 0.4, ROWS), "l1_update_ratio": 0.9 * pace.TINY_UPDATE}
            | {"output.update_ratio": 0.0},
            {"train_loss": np.linspace(0.5, 0.4, ROWS), "l1_update_ratio": 1.1 * pace.TINY_UPDATE}
            | {"output.update_ratio": 0.0},
        ),
        (
            "converged",
            {"train_loss": LEVEL, "train_accuracy": 1.0},
            {"train_loss": np.linspace(0.7, 0.5, ROWS), "train_accuracy": 1.0},
        ),
    ],
)
def test_a_rule_speaks_up_on_one_side_of_its_threshold_only(
    kind: str, ill: dict[str, Any], well: dict[str, Any]
) -> None:
    assert kind in found(course(**ill))
    assert kind not in found(course(**well))


def test_a_strong_penalty_is_named_before_the_units_that_die_of_it() -> None:
    changes = {"training.regularization.l1": fit.STRONG_L1}
    evidence = course(train_loss=LEVEL, activation="relu", l1_dead_units=8, changes=changes)
    assert [finding.kind for finding in diagnose(evidence)] == ["underfitting", "dead-units"]
    # Whether the loss has settled or not.
    kinds = [finding.kind for finding in diagnose(course(train_loss=swinging(0.5), changes=changes))]
    assert kinds == ["underfitting", "rate-too-high"]


def test_a_single_unit_is_named_before_what_follows_from_it_and_a_linear_net_after_other_causes() -> None:
    losses = swinging(0.5)
    kinds = [[finding.kind for finding in diagnose(course(train_loss=losses, units=1))]]
    kinds += [[finding.kind for finding in diagnose(course(train_loss=losses, activation="identity"))]]
    assert kinds == [["underfitting", "rate-too-high"], ["rate-too-high", "underfitting"]]


def test_an_ordinary_course_is_not_spoken_of() -> None:
    assert not found(course())


def test_an_explosion_is_told_of_the_layer_that_grows_with_how_far_it_grew() -> None:
    growing = np.geomspace(200.0, 2e6, ROWS)
    evidence = course(layers=1, l1_gradient_norm=150.0, **{"output.gradient_norm": growing})
    finding = found(evidence)["exploding"]
    assert finding.layer == "output"
    assert "Its norm was 200 in the first row and came to 2e6" in finding.evidence
    assert finding.numbers["gradient_norm"] == pytest.approx(2e6)


def test_single_samples_that_wake_no_unit_are_no_vanishing_gradient() -> None:
    # Of three samples one has any gradient at all.
    now_and_then = np.where(np.arange(ROWS) % 3 == 0, 0.01, 0.0)
    assert "vanishing" not in found(course(layers=2, train_loss=LEVEL, l1_gradient_mean_abs=now_and_then))
    assert "vanishing" in found(course(layers=2, train_loss=LEVEL, l1_gradient_mean_abs=now_and_then / 1e4))


def test_one_class_is_named_where_every_example_is_taken_for_it_and_only_there() -> None:
    told = found(course(train_loss=LEVEL, balance=Balance(train=0.5, test=0.5, only="yes", share=0.1)))["one-class"]
    assert "takes every training example for yes, which is right of 10.0% of them" in told.evidence
    assert "training.class_weight" in told.evidence
    # Half of each of two classes found comes to the same balanced accuracy.
    assert "one-class" not in found(course(train_loss=LEVEL, balance=Balance(train=0.5, test=0.5)))
    weighted = course(train_loss=LEVEL, balance=Balance(0.5, 0.5, "yes", 0.1), changes=BALANCED)
    assert "training.class_weight" not in found(weighted)["one-class"].evidence


BALANCED = {"training.class_weight": "balanced"}


def test_with_rare_classes_balanced_accuracy_is_held_against_balanced_accuracy() -> None:
    apart = {"train_loss": np.linspace(0.7, 0.02, ROWS), "test_loss": np.linspace(0.5, 0.9, ROWS)}
    # By plain accuracy the test set is never behind: nearly all of it is of one class.
    apart |= {"train_accuracy": 0.99, "test_accuracy": 0.99}
    assert "overfitting" in found(course(**apart, balance=Balance(train=1.0, test=0.7)))
    assert "overfitting" not in found(course(**apart, balance=Balance(train=1.0, test=0.99)))


def test_where_there_is_no_loss_to_begin_with_nothing_is_learned_by_heart() -> None:
    assert "overfitting" not in found(course(train_loss=0.0, test_loss=np.linspace(0.5, 0.9, ROWS), test_accuracy=0.2))


def test_a_run_that_diverged_has_not_converged_and_its_start_is_the_runs_own() -> None:
    ended = course(train_loss=np.geomspace(0.7, 1e-3, ROWS), train_accuracy=1.0, divergence=DIVERGED)
    assert "converged" not in found(ended)
    # Of a long run the rows that are kept exactly begin later.
    late = replace(ended, recent={name: column[-5:] for name, column in ended.recent.items()})
    assert "the loss was 0.7 at the start" in found(late)["diverged"].evidence
    lost = course(train_loss=np.full(ROWS, np.nan), divergence=DIVERGED)
    assert "no finite number at the start either" in found(lost)["diverged"].evidence


DIVERGED = DivergedError(59_003, "output", "prediction")
