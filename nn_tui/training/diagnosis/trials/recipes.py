"""Whole set-ups by the book, which tell what a network can reach on some data and what to prune a cure from."""

from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.trials.candidates import DEEP, PLAIN_BATCH, Changes, Facts, differing, suited_initializer

FEW_STEPS = 1_500
"""Steps below which a recipe asks for more."""
MANY_STEPS = 6_000
"""The same of one for data that take a net of some size long to learn, such as spirals."""


def recipes(scenario: Scenario, facts: Facts) -> tuple[Changes, ...]:
    """Whole set-ups by the book, which tell what a network can reach on these data and what to prune a cure from."""
    shape = scenario.network.hidden
    plain = [layer.units for layer in shape]
    sound = plain and min(plain) >= 8 and len(plain) < DEEP
    kept = plain if sound else [32, 32]
    smooth = _recipe(scenario, facts, kept, "tanh", 0.01)
    sharp = _recipe(scenario, facts, [64, 32], "relu", 0.003)
    small = _recipe(scenario, facts, [8], "tanh", 0.01) | {"training.regularization.l2": 0.01}
    return smooth, sharp, small


def long_recipe(scenario: Scenario, facts: Facts) -> Changes:
    """What to try where a simple method does better than any other recipe: a larger net, trained for longer."""
    return _recipe(scenario, facts, [64, 64], "relu", 0.003, MANY_STEPS)


def _recipe(
    scenario: Scenario, facts: Facts, hidden: list[int], activation: str, lr: float, least: int = FEW_STEPS
) -> Changes:
    training = scenario.training
    changes: Changes = {
        "network.hidden": hidden,
        "network.activation": activation,
        "network.init": suited_initializer(activation),
        "training.optimizer.name": "adam",
        "training.optimizer.lr": lr,
        "training.mode": "mini-batch",
        "training.batch_size": 32 if facts.rows >= 128 else PLAIN_BATCH,
        "training.schedule.name": "constant",
        "training.clip.norm": 0.0,
        "training.clip.value": 0.0,
        "training.regularization.l1": 0.0,
        "training.regularization.l2": 0.0,
    }
    if not facts.usual_output:
        changes["network.output"] = "auto"
    if not facts.usual_loss:
        changes["training.loss"] = "auto"
    if facts.scalable:
        changes["data.scaling"] = "standard"
    if facts.targets_scalable:
        changes["data.target_scaling"] = "standard"
    if facts.imbalanced:
        changes["training.class_weight"] = "balanced"
    if training.steps is not None and training.steps < least:
        changes["training.steps"] = least
    steps = -(-facts.rows // changes["training.batch_size"])
    if training.epochs * steps < least:
        changes["training.epochs"] = max(training.epochs, -(-least // steps))
    return differing(to_mapping(scenario), changes)


PARTS = (
    ("network.hidden",),
    ("network.activation", "network.init"),
    ("network.output",),
    ("training.loss",),
    ("training.optimizer.name", "training.optimizer.lr"),
    ("training.mode", "training.batch_size"),
    ("training.epochs", "training.steps"),
    ("training.schedule.name",),
    ("training.clip.norm", "training.clip.value"),
    ("training.regularization.l1", "training.regularization.l2"),
    ("data.scaling",),
    ("data.target_scaling",),
    ("training.class_weight",),
)
"""Keys of a recipe that are left out together."""


def parts(changes: Changes) -> list[Changes]:
    """A combination in parts that can be left out one by one."""
    found, left = [], dict(changes)
    for keys in PARTS:
        part = {key: left.pop(key) for key in keys if key in left}
        if part:
            found.append(part)
    return found + [{key: value} for key, value in left.items()]
