"""What may help: a fixed vocabulary of changes to a scenario, each of one family."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.scenario import fields
from nn_tui.scenario.kinds import DEFAULT_FEATURES, KINDS
from nn_tui.scenario.plain import layer_to_plain, lookup, to_mapping
from nn_tui.scenario.schema import Layer, Scenario

Changes = dict[str, Any]

NEAR = 1.5
"""A rate that differs by less is no other."""
LONGER = (4, 16)
PLAIN_BATCH = 16
DEEP = 4
DROPPED = 0.3


@dataclass(frozen=True)
class Facts:
    """What candidates depend on besides the scenario.

    Attributes:
        rows, inputs, outputs: training examples, and the widths of the network's ends.
        usual_output, usual_loss: whether they are what `auto` stands for.
        judged_by: the set that chooses: "validation" or "test"; "" where nothing is held out.
        imbalanced: whether choosing is by balanced accuracy.
        scalable: whether the inputs are not scaled yet.
        targets_scalable: whether the targets are not, and do not follow the inputs.
        rates: that a range test gives to try, the likeliest first.
    """

    rows: int
    inputs: int
    outputs: int
    usual_output: bool
    usual_loss: bool
    judged_by: str
    imbalanced: bool
    scalable: bool
    targets_scalable: bool
    rates: tuple[float, ...] = ()


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
    plain, entries = to_mapping(scenario), list(_all(scenario, facts))
    found: list[Candidate] = []
    for entry in entries:
        left = Candidate(entry.family, differing(plain, entry.changes))
        # Where what is left of it is another one's change, it is about what that one is.
        another = left != entry and any(other.changes == left.changes for other in entries)
        if left.changes and not another and left not in found:
            found.append(left)
    return tuple(found)


def _all(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    if not facts.usual_output:
        yield Candidate("output", {"network.output": "auto"})
    if not (facts.usual_output and facts.usual_loss):
        yield Candidate("output", {"network.output": "auto", "training.loss": "auto"})
    if not facts.usual_loss:
        yield Candidate("loss", {"training.loss": "auto"})
    yield from _undone(scenario)
    yield from _rates(scenario, facts)
    yield from _optimizers(scenario)
    yield from _activations(scenario)
    yield from _initializers(scenario)
    yield from _preparation(scenario, facts)
    yield from _pace(scenario, facts)
    yield from _limits(scenario)
    yield from _shapes(scenario)
    yield from _capacity(scenario, facts)


# -- families --------------------------------------------------------------------------------------------------------


def _undone(scenario: Scenario) -> Iterator[Candidate]:
    """Settings that a run has only where somebody has put them in, each taken back."""
    training, network = scenario.training, scenario.network
    if training.early_stop.patience:
        yield Candidate("no-early-stop", {"training.early_stop.patience": 0})
    usual = OPTIMIZERS[training.optimizer.name].defaults
    yield Candidate("optimizer-settings", {f"training.optimizer.{key}": value for key, value in usual.items()})
    yield Candidate("schedule", {"training.schedule.name": "constant"})
    yield Candidate("clip", {f"training.clip.{key}": 0.0 for key in ("norm", "value")})
    yield Candidate("unregularize", {f"training.regularization.{key}": 0.0 for key in ("l1", "l2")})
    if any(layer.dropout for layer in network.hidden):
        without = [structs.replace(layer, dropout=0.0) for layer in network.hidden]
        yield Candidate("unregularize", {"network.hidden": _layers(without)})
    yield Candidate("no-class-weight", {"training.class_weight": "none"})
    own = [number for number, layer in enumerate(network.hidden, 1) if layer.normalization is not None]
    layers = {f"network.hidden.{number}.normalization": "none" for number in own}
    yield Candidate("no-normalization", {"network.normalization": "none"} | layers)
    coordinates, taken = DEFAULT_FEATURES.get(KINDS[scenario.data.kind].inputs, ()), scenario.data.features
    left_out = [name for name in coordinates if name not in taken]
    if left_out:
        yield Candidate("features", {"data.features": [*taken, *left_out]})


def rounded(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")


def _rates(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    before = scenario.training.optimizer.lr
    for after in facts.rates:
        if max(before / after, after / before) >= NEAR:
            yield Candidate("rate-up" if after > before else "rate-down", {"training.optimizer.lr": after})


def _optimizers(scenario: Scenario) -> Iterator[Candidate]:
    chosen = scenario.training.optimizer
    for name, lr in (("adam", 0.01), ("adam", 0.001), ("momentum", 0.1)):
        if name != chosen.name:
            yield Candidate("optimizer", {"training.optimizer.name": name, "training.optimizer.lr": lr})
    if chosen.name != "adam":
        yield Candidate("optimizer", {"training.optimizer.name": "adam"})


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
    elif scenario.data.scaling == "minmax":
        # One odd value leaves all the others next to no room.
        yield Candidate("scaling", {"data.scaling": "standard"})
    if facts.targets_scalable:
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


def _limits(scenario: Scenario) -> Iterator[Candidate]:
    clip = scenario.training.clip
    if not (clip.norm or clip.value):
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
    hidden = scenario.network.hidden
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
    yield from _less_capacity(scenario, facts)


def _less_capacity(scenario: Scenario, facts: Facts) -> Iterator[Candidate]:
    hidden, l2 = scenario.network.hidden, scenario.training.regularization.l2
    for strength in (0.003, 0.03, 0.3) if not l2 else (10.0 * l2, 100.0 * l2):
        yield Candidate("regularize", {"training.regularization.l2": rounded(strength)})
    if not hidden:
        return
    if max(layer.dropout for layer in hidden) < DROPPED:
        dropped = [structs.replace(layer, dropout=DROPPED) for layer in hidden]
        yield Candidate("regularize", {"network.hidden": _layers(dropped)})
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


def is_live(changes: Changes) -> bool:
    """Whether the running net can take all of these."""
    return all(fields.is_live(key) for key in changes)


def differing(plain: Mapping[str, Any], changes: Changes) -> Changes:
    """Those of the changes that change something of a scenario, given as its plain mapping."""
    return {key: value for key, value in changes.items() if lookup(plain, key) != value}
