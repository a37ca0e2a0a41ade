"""What may help: a fixed vocabulary of changes to a scenario, each of one family."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.scenario import fields
from nn_tui.scenario.plain import layer_to_plain, to_mapping
from nn_tui.scenario.schema import Layer, Scenario

Changes = dict[str, Any]

RATES = {"rate-down": (0.1, 0.01, 0.3, 0.001), "rate-up": (10.0, 100.0, 3.0, 1_000.0)}
LONGER = (4, 16)
PLAIN_BATCH = 16
FEW_STEPS = 1_500
DEEP = 4


@dataclass(frozen=True)
class Facts:
    """What candidates depend on besides the scenario.

    Attributes:
        classes: of them; 0 in a regression.
        rows, inputs, outputs: training examples, and the widths of the network's ends.
        judged_by: the set that chooses: "validation" or "test"; "" where nothing is held out.
        imbalanced: whether choosing is by balanced accuracy.
        scalable: whether the inputs are not scaled yet.
    """

    classes: int
    rows: int
    inputs: int
    outputs: int
    judged_by: str
    imbalanced: bool
    scalable: bool


@dataclass(frozen=True)
class Candidate:
    """A change that may help.

    Attributes:
        family: what it is about: `rate-down`, `activation`, `wider`, …
        changes: keys and values.
    """

    family: str
    changes: Changes


def candidates(scenario: Scenario, facts: Facts) -> tuple[Candidate, ...]:
    """Every change of the vocabulary that would change something, the most common cures of each family first."""
    plain = to_mapping(scenario)
    found: list[Candidate] = []
    for candidate in _all(scenario, facts):
        differs = any(_value(plain, key) != value for key, value in candidate.changes.items())
        if differs and candidate not in found and all(_known(key) for key in candidate.changes):
            found.append(candidate)
    return tuple(found)


def _all(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    yield Candidate("output", {"network.output": "auto"})
    yield Candidate("output", {"network.output": "auto", "training.loss": "auto"})
    yield Candidate("loss", {"training.loss": "auto"})
    yield from _rates(scenario)
    yield from _optimizers(scenario)
    yield from _activations(scenario)
    yield from _initializers(scenario)
    yield from _preparation(scenario, facts)
    yield from _pace(scenario, facts)
    yield from _limits(scenario)
    yield from _shapes(scenario)
    yield from _capacity(scenario, facts)


# -- families --------------------------------------------------------------------------------------------------------


def rounded(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")


def _rates(scenario: Scenario) -> Iterator[Candidate]:
    before = scenario.training.optimizer.lr
    for family, factors in RATES.items():
        for factor in factors:
            after = rounded(before * factor)
            if after <= 100.0:
                yield Candidate(family, {"training.optimizer.lr": after})


def _optimizers(scenario: Scenario) -> Iterator[Candidate]:
    chosen = scenario.training.optimizer
    for name, lr in (("adam", 0.01), ("adam", 0.001), ("momentum", 0.1)):
        if name != chosen.name:
            yield Candidate("optimizer", {"training.optimizer.name": name, "training.optimizer.lr": lr})
    if chosen.name != "adam":
        yield Candidate("optimizer", {"training.optimizer.name": "adam"})
    usual = OPTIMIZERS[chosen.name].defaults
    unusual = {key: usual[key] for key, value in chosen.settings.items() if value != usual[key]}
    if unusual:
        changes = {f"training.optimizer.{key}": value for key, value in unusual.items()}
        yield Candidate("optimizer-settings", changes)


def activation_changes(scenario: Scenario, name: str) -> Changes:
    """One activation for all hidden layers, those with one of their own included."""
    own = [number for number, layer in enumerate(scenario.network.hidden, 1) if layer.activation is not None]
    if own and len(own) == len(scenario.network.hidden):
        return {f"network.hidden.{number}.activation": name for number in own}
    return {"network.activation": name} | {f"network.hidden.{number}.activation": name for number in own}


def suited_initializer(activation: str) -> str:
    """The initializer whose spread suits an activation."""
    return ACTIVATIONS[activation].initializer


def _activations(scenario: Scenario) -> Iterator[Candidate]:
    if not scenario.network.hidden:
        return
    names = ("tanh", "relu", "elu", "leaky_relu")
    for name in names:
        yield Candidate("activation", activation_changes(scenario, name))
    for name in names:
        changes = activation_changes(scenario, name) | {"network.init": suited_initializer(name)}
        yield Candidate("activation", changes)


def _initializers(scenario: Scenario) -> Iterator[Candidate]:
    first = suited_initializer(_main_activation(scenario))
    yield Candidate("initializer", {"network.init": first})
    yield Candidate("initializer", {"network.init": "xavier" if first == "he" else "he"})


def _main_activation(scenario: Scenario) -> str:
    network = scenario.network
    return next((layer.activation for layer in network.hidden if layer.activation), network.activation)


def _preparation(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    if facts.scalable:
        yield Candidate("scaling", {"data.scaling": "standard"})
        yield Candidate("scaling", {"data.scaling": "minmax"})
    if not facts.classes and getattr(scenario.data, "target_scaling", "auto") not in ("auto", "standard"):
        yield Candidate("scaling", {"data.target_scaling": "standard"})
        yield Candidate("scaling", {"data.scaling": "standard", "data.target_scaling": "standard"})
    if facts.imbalanced:
        yield Candidate("class-weight", {"training.class_weight": "balanced"})


def _pace(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    training = scenario.training
    small = {"training.batch_size": PLAIN_BATCH}
    if training.mode == "batch" or training.mode == "stochastic":
        yield Candidate("batch-size", {"training.mode": "mini-batch"} | small)
    else:
        yield Candidate("batch-size", small)
        if training.batch_size <= 4 < facts.rows // 4:
            yield Candidate("batch-size", {"training.batch_size": 4 * PLAIN_BATCH})
    for factor in LONGER:
        longer = {"training.epochs": training.epochs * factor}
        if training.steps is not None:
            longer["training.steps"] = training.steps * factor
        yield Candidate("epochs", longer)
    if training.schedule.name != "constant":
        yield Candidate("schedule", {"training.schedule.name": "constant"})


def _limits(scenario: Scenario) -> Iterator[Candidate]:
    clip = scenario.training.clip
    if clip.norm or clip.value:
        yield Candidate("clip", {"training.clip.norm": 0.0, "training.clip.value": 0.0})
    else:
        yield Candidate("clip", {"training.clip.norm": 1.0})


def _shapes(scenario: Scenario) -> Iterator[Candidate]:
    hidden = scenario.network.hidden
    widest = max((layer.units for layer in hidden), default=0)
    if len(hidden) >= DEEP:
        yield Candidate("shallower", {"network.hidden": [max(16, widest)] * 2})
    if len(hidden) >= DEEP - 1:
        yield Candidate("normalization", {"network.normalization": "batch"})
        yield Candidate("normalization", {"network.normalization": "layer"})


def _capacity(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    hidden, penalty = scenario.network.hidden, scenario.training.regularization
    if not hidden:
        yield Candidate("wider", {"network.hidden": [16]})
        yield Candidate("wider", {"network.hidden": [32, 32]})
    else:
        most = max(layer.units for layer in hidden)
        for least in (16, 64):
            if least <= 4 * most or most < 16:
                wider = [structs.replace(layer, units=max(least, 2 * layer.units)) for layer in hidden]
                yield Candidate("wider", {"network.hidden": _layers(wider)})
        if len(hidden) == 1:
            wide = max(16, most)
            yield Candidate("wider", {"network.hidden": [wide, wide]})
    if penalty.l1 or penalty.l2:
        yield Candidate("unregularize", {f"training.regularization.{key}": 0.0 for key in ("l1", "l2")})
    if any(layer.dropout for layer in hidden):
        without = [structs.replace(layer, dropout=0.0) for layer in hidden]
        yield Candidate("unregularize", {"network.hidden": _layers(without)})
    yield from _less_capacity(scenario, facts)


def _less_capacity(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    hidden, l2 = scenario.network.hidden, scenario.training.regularization.l2
    for strength in (0.003, 0.03, 0.3) if not l2 else (10.0 * l2, 100.0 * l2):
        yield Candidate("regularize", {"training.regularization.l2": rounded(strength)})
    if not hidden:
        return
    yield Candidate("regularize", {"network.hidden": _layers([structs.replace(e, dropout=0.3) for e in hidden])})
    narrow = [structs.replace(layer, units=max(2, layer.units // 4)) for layer in hidden]
    yield Candidate("narrower", {"network.hidden": _layers(narrow)})
    yield Candidate("shallower", {"network.hidden": []})
    if scenario.training.epochs >= DEEP:
        yield Candidate("fewer-epochs", {"training.epochs": scenario.training.epochs // 4})
    if facts.judged_by:
        metric = f"{facts.judged_by}.loss"
        yield Candidate("early-stop", {"training.early_stop.metric": metric, "training.early_stop.patience": 10})


def _layers(layers: list[Layer]) -> list[Any]:
    return [layer_to_plain(layer) for layer in layers]


# -- sound practice --------------------------------------------------------------------------------------------------


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


def _recipe(scenario: Scenario, facts: Facts, hidden: list[int], activation: str, lr: float) -> Changes:
    training = scenario.training
    changes: Changes = {
        "network.hidden": hidden,
        "network.activation": activation,
        "network.init": suited_initializer(activation),
        "network.output": "auto",
        "training.loss": "auto",
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
    if facts.scalable:
        changes["data.scaling"] = "standard"
    if not facts.classes and getattr(scenario.data, "target_scaling", "auto") not in ("auto", "standard"):
        changes["data.target_scaling"] = "standard"
    if facts.imbalanced:
        changes["training.class_weight"] = "balanced"
    if training.steps is not None and training.steps < FEW_STEPS:
        changes["training.steps"] = FEW_STEPS
    steps = -(-facts.rows // changes["training.batch_size"])
    if training.epochs * steps < FEW_STEPS:
        changes["training.epochs"] = max(training.epochs, -(-FEW_STEPS // steps))
    plain = to_mapping(scenario)
    return {key: value for key, value in changes.items() if _known(key) and _value(plain, key) != value}


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


# -- words -----------------------------------------------------------------------------------------------------------


def text_of(scenario: Scenario, changes: Changes) -> str:
    """Changes for people: "adam at a rate of 0.01, tanh as activation"."""
    said, left = [], dict(changes)
    rate = left.pop("training.optimizer.lr", None)
    name = left.pop("training.optimizer.name", None)
    if name is not None:
        said.append(name if rate is None else f"{name} at a rate of {rate:g}")
    elif rate is not None:
        said.append(f"a rate of {rate:g} instead of {scenario.training.optimizer.lr:g}")
    own = [key for key in left if key.startswith("network.hidden.") and key.endswith(".activation")]
    activation = left.pop("network.activation", None) or (left[own[0]] if own else None)
    for key in own:
        left.pop(key)
    if activation is not None:
        said.append(f"{activation} as activation")
    said += [_said(key, value) for key, value in left.items()]
    return ", ".join(dict.fromkeys(said))


_WORDS = {
    "network.init": "{} weights to start from",
    "network.output": "the output function that suits the loss",
    "network.normalization": "{} normalization",
    "network.hidden": "hidden layers of {}",
    "training.loss": "the loss that suits the task",
    "training.mode": "{}",
    "training.batch_size": "batches of {}",
    "training.epochs": "{} epochs",
    "training.steps": "{} steps",
    "training.schedule.name": "a {} rate",
    "training.regularization.l1": "an L1 penalty of {}",
    "training.regularization.l2": "an L2 penalty of {}",
    "training.class_weight": "{} class weights",
    "training.clip.norm": "the gradient clipped to norm {}",
    "training.clip.value": "the gradient clipped to {}",
    "training.early_stop.metric": "an early stop by {}",
    "training.early_stop.patience": "patience of {} epochs",
    "data.scaling": "inputs scaled ({})",
    "data.target_scaling": "targets scaled ({})",
}


def _said(key: str, value: Any) -> str:
    if key == "network.hidden":
        return _said_layers(value)
    if value == 0.0 and key.startswith(("training.regularization", "training.clip")):
        return "no penalty on the weights" if "regularization" in key else "no limit on the gradient"
    if key in ("network.output", "training.loss") and value != "auto":
        return f"{value} as {key.partition('.')[2]}"
    words = _WORDS.get(key)
    return words.format(f"{value:g}" if isinstance(value, float) else value) if words else f"{key} = {value}"


def _said_layers(layers: list[Any]) -> str:
    if not layers:
        return "no hidden layer"
    units = ", ".join(str(layer["units"] if isinstance(layer, dict) else layer) for layer in layers)
    dropped = {layer.get("dropout", 0.0) if isinstance(layer, dict) else 0.0 for layer in layers}
    rest = f" with {max(dropped):.0%} dropped" if max(dropped) else ""
    return f"hidden layers of {units}{rest}" if len(layers) > 1 else f"a hidden layer of {units}{rest}"


def is_live(changes: Changes) -> bool:
    """Whether the running net can take all of these."""
    return all(fields.is_live(key) for key in changes)


def _known(key: str) -> bool:
    return fields.find(key) is not None


def _value(plain: Any, key: str) -> Any:
    value: Any = plain
    for part in key.split("."):
        if isinstance(value, list):
            layer = value[int(part) - 1]
            value = layer if isinstance(layer, dict) else {"units": layer}
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value
