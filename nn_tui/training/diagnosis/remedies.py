"""What may help: changes of a scenario's fields, worded for people."""

from typing import Any

from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.scenario import fields
from nn_tui.scenario.plain import Plain, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.finding import Remedy

_RECTIFIERS = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


def remedy(text: str, changes: dict[str, Any]) -> Remedy:
    """A remedy; it is live if all its fields are."""
    return Remedy(text=text, changes=changes, live=all(fields.is_live(key) for key in changes))


def changes_something(scenario: Scenario, choice: Remedy) -> bool:
    """Whether any of a remedy's fields differs from what the scenario says already."""
    plain = to_mapping(scenario)
    return any(_value(plain, key) != value for key, value in choice.changes.items())


def _value(plain: Plain, key: str) -> Any:
    value: Any = plain
    for part in key.split("."):
        if isinstance(value, list):
            value = value[int(part) - 1]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def rate(scenario: Scenario, factor: float) -> Remedy:
    """The rate times a power of ten."""
    before = scenario.training.optimizer.lr
    after = float(f"{before * factor:.3g}")
    return remedy(f"a rate of {after:g} instead of {before:g}", {"training.optimizer.lr": after})


def clip() -> Remedy:
    """A limit on the gradient's norm."""
    return remedy("clip the gradient to norm 1", {"training.clip.norm": 1.0})


def initializer(scenario: Scenario) -> Remedy:
    """The initializer that suits the activations."""
    name = "he" if scenario.network.activation in _RECTIFIERS else "xavier"
    return remedy(f"start from {name} weights", {"network.init": name})


def activation(scenario: Scenario, name: str, init: str | None = None) -> Remedy:
    """One activation for all hidden layers, those with one of their own included; with an initializer to go with it."""
    changes: dict[str, Any] = {"network.activation": name}
    for number, layer in enumerate(scenario.network.hidden, 1):
        if layer.activation is not None:
            changes[f"network.hidden.{number}.activation"] = name
    if init is None or scenario.network.init.name == init:
        return remedy(f"{name} as activation", changes)
    return remedy(f"{name} as activation, {init} weights", changes | {"network.init": init})


def optimizer(name: str) -> Remedy:
    """Another rule, at its own default rate."""
    lr = OPTIMIZERS[name].default_lr
    return remedy(f"{name} at a rate of {lr:g}", {"training.optimizer.name": name, "training.optimizer.lr": lr})


def loss(name: str) -> Remedy:
    """Another loss."""
    return remedy(f"{name} as loss", {"training.loss": name})


def scaling() -> Remedy:
    """Inputs of mean 0 and deviation 1."""
    return remedy("standardise the inputs", {"data.scaling": "standard"})


def weight_penalty(scenario: Scenario) -> Remedy:
    """An L2 penalty, or a ten times stronger one."""
    before = scenario.training.regularization.l2
    after = float(f"{before * 10:.3g}") if before else 0.003
    return remedy(f"an L2 penalty of {after:g}", {"training.regularization.l2": after})


def no_penalty() -> Remedy:
    """No penalty on the weights."""
    return remedy("no penalty on the weights", {"training.regularization.l1": 0.0, "training.regularization.l2": 0.0})


def dropout(scenario: Scenario, share: float = 0.2) -> Remedy:
    """The same share dropped in every hidden layer."""
    count = len(scenario.network.hidden)
    return remedy(
        f"drop {share:.0%} of the hidden units",
        {f"network.hidden.{number}.dropout": share for number in range(1, count + 1)},
    )


def wider(scenario: Scenario) -> Remedy:
    """More hidden units, or a first hidden layer."""
    units = [min(4096, max(8, 2 * layer.units)) for layer in scenario.network.hidden] or [8]
    return remedy(f"hidden layers of {', '.join(map(str, units))}", {"network.hidden": units})


def narrower(scenario: Scenario) -> Remedy:
    """Half the hidden units."""
    units = [max(2, layer.units // 2) for layer in scenario.network.hidden]
    return remedy(f"hidden layers of {', '.join(map(str, units))}", {"network.hidden": units})


def smaller_batch(scenario: Scenario) -> Remedy:
    """Mini-batches, whose noise shakes a net off a level stretch."""
    size = 16 if scenario.training.mode != "mini-batch" else max(4, scenario.training.batch_size // 4)
    return remedy(f"mini-batches of {size}", {"training.mode": "mini-batch", "training.batch_size": size})
