"""Scenarios for tests: a small one by hand, and a hypothesis strategy that builds every kind of valid one."""

import string
from typing import Any

from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.initializers import INITIALIZERS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.modes import MODES
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario import fields
from nn_tui.scenario.field import Field
from nn_tui.scenario.kinds import FEATURES, IMAGES, KINDS, SURFACE
from nn_tui.scenario.reading import loads
from nn_tui.scenario.schema import Scenario

Plain = dict[str, Any]

XOR = """\
title = "Corners"
summary = "Two classes."
lesson = "Watch."

[data]
kind = "xor"
samples = 40

[network]
hidden = [4, { units = 3, activation = "relu", dropout = 0.1 }]

[training]
loss = "bce"
batch_size = 8
epochs = 20
optimizer = { name = "momentum", lr = 0.1, beta = 0.8 }
schedule = { name = "step", every = 5 }

[[timeline]]
epoch = 3
set = { "training.optimizer.lr" = 0.05 }

[[expect]]
metric = "test.accuracy"
at_least = 0.5
"""


def xor(*replacements: tuple[str, str]) -> Scenario:
    """`XOR`, read, with pieces of its text replaced."""
    return loads(replaced(*replacements))


def replaced(*replacements: tuple[str, str]) -> str:
    """The text of `XOR` with pieces replaced; each must be there."""
    text = XOR
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text


_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)
_lines = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t"), max_size=80)


def numbers(field: Field) -> st.SearchStrategy[Any]:
    """Any value a numeric field allows."""
    if field.type == "integer":
        low, high = field.minimum, field.maximum
        return st.integers(int(low) if low is not None else None, int(high) if high is not None else None)
    return st.floats(
        field.minimum if field.minimum is not None else field.above,
        field.maximum if field.maximum is not None else field.below,
        exclude_min=field.above is not None,
        exclude_max=field.below is not None,
        allow_nan=False,
        allow_infinity=False,
    )


def values(field: Field) -> st.SearchStrategy[Any]:
    """Any value a field allows that is a text or a number."""
    return st.sampled_from(field.choices) if field.choices else numbers(field)


@st.composite
def rules(draw: st.DrawFn, rule: str) -> Plain:
    """An optimizer's or a schedule's table, any of its settings left out."""
    name = draw(st.sampled_from(sorted(fields.RULES[rule])))
    table = fields.rule_table(rule, name)
    plain = {key: draw(values(field)) for key, field in table.items() if key != "name" and draw(st.booleans())}
    if "weight_decay" in table:
        plain["lr"] = draw(st.floats(1e-6, 0.9))
    return {"name": name, **plain}


@st.composite
def _data(draw: st.DrawFn) -> Plain:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    plain: Plain = {"kind": kind.name}
    if kind is SURFACE:
        plain["function"] = draw(st.sampled_from(sorted(SURFACES)))
        if draw(st.booleans()):
            plain["start"] = draw(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2))
        return plain
    if draw(st.booleans()):
        plain["scaling"] = draw(st.sampled_from(["none", "standard", "minmax"]))
    if kind.name in IMAGES:
        plain["samples"] = draw(st.integers(10, 1_000_000))
        if draw(st.booleans()):
            plain["test_samples"] = draw(st.integers(0, 1_000_000))
        return plain
    plain["test_share"] = draw(st.floats(0.2, 0.8))
    if kind.inputs == 0:
        plain["path"] = "/" + draw(st.text(string.ascii_letters + " é-_./", min_size=1, max_size=20))
        plain["target"] = draw(st.integers(0, 50) | _texts.filter(bool))
        plain |= draw(st.sampled_from([{}, {"header": True}, {"header": False, "task": "classification"}]))
        return plain
    plain["samples"] = draw(st.integers(20, 1_000_000))
    if draw(st.booleans()):
        plain["noise"] = draw(st.floats(0, 100))
        plain["features"] = draw(st.lists(st.sampled_from(FEATURES[kind.inputs]), min_size=1, unique=True))
    return plain


_layer = st.integers(1, 4096) | st.fixed_dictionaries(
    {"units": st.integers(1, 4096)},
    optional={"activation": st.sampled_from(sorted(ACTIVATIONS)), "dropout": st.floats(0, 0.99)},
)


@st.composite
def _initializer(draw: st.DrawFn) -> Plain:
    name = draw(st.sampled_from(sorted(INITIALIZERS)))
    own = {key: value for key, value in INITIALIZERS[name].defaults.items() if draw(st.booleans())}
    return {"name": name} | {key: value if isinstance(value, str) else value * 1.25 for key, value in own.items()}


@st.composite
def _network(draw: st.DrawFn) -> Plain:
    return {
        "hidden": draw(st.lists(_layer, max_size=4)),
        "activation": draw(st.sampled_from(sorted(ACTIVATIONS))),
        "init": draw(st.sampled_from(sorted(INITIALIZERS)) | _initializer()),
        "output": draw(st.sampled_from(["auto", *OUTPUTS])),
    }


@st.composite
def _training(draw: st.DrawFn) -> Plain:
    plain: Plain = {
        "loss": draw(st.sampled_from(["auto", *LOSSES])),
        "mode": draw(st.sampled_from(sorted(MODES))),
        "seed": draw(st.integers(0, 2**63 - 1)),
    }
    if draw(st.booleans()):
        plain |= {"optimizer": draw(rules("optimizer")), "schedule": draw(rules("schedule"))}
    if draw(st.booleans()):
        plain["regularization"] = {"l1": draw(st.floats(0, 1)), "l2": draw(st.floats(0, 1))}
        plain["clip"] = {"norm": draw(st.just(0) | st.floats(1e-6, 10))}
    if draw(st.integers(0, 3)) == 0:
        plain.pop("optimizer", None)
        plain["race"] = draw(st.lists(rules("optimizer") | st.sampled_from(["sgd", "adam", "momentum"]), max_size=4))
    return plain | {
        "epochs": draw(st.integers(1, 1000)),
        "batch_size": draw(st.integers(1, 1000)),
        "dtype": draw(st.sampled_from(["float32", "float64"])),
    }


_CHANGES = st.sampled_from(
    [
        {"training.optimizer.lr": 1e-3},
        {"training.mode": "batch", "training.batch_size": 3},
        {"training.regularization.l2": 0.5, "training.clip.value": 2},
        {"network.activation": "gelu"},
        {"training.schedule.name": "cosine"},
    ]
)


@st.composite
def _timeline(draw: st.DrawFn, epochs: int) -> list[Plain]:
    moments = sorted(draw(st.lists(st.integers(1, epochs), max_size=3)))
    unit = draw(st.sampled_from(["epoch", "step"]))
    # A step is in every run that has as many epochs.
    return [{unit: moment, "set": draw(_CHANGES)} for moment in moments]


@st.composite
def _expectations(draw: st.DrawFn, task: str, layers: int) -> list[Plain]:
    quality = ["test.accuracy"] if task in ("binary", "classification") else []
    quality += ["train.r2"] if task == "regression" else []
    plain: list[Plain] = [
        {"metric": metric, "at_least": draw(st.floats(0, 0.5)), "at_most": draw(st.floats(0.5, 1))}
        for metric in draw(st.lists(st.sampled_from(["train.loss", "test.loss", *quality]), max_size=2))
    ]
    if layers and draw(st.booleans()):
        plain.append({"metric": f"dead_units.{layers}", "equals": draw(st.integers(0, 9))})
    if draw(st.booleans()):
        plain.append({"metric": "status", "equals": draw(st.sampled_from(["finished", "diverged"]))})
        plain.append(
            {"metric": "digest", "equals": "sha256:" + draw(st.text("0123456789abcdef", min_size=64, max_size=64))}
        )
    return plain


@st.composite
def _on_surface(draw: st.DrawFn, data: Plain, training: Plain) -> Plain:
    training = {key: value for key, value in training.items() if key not in ("loss", "regularization")}
    lanes = ["sgd", "sgd-2"] if draw(st.booleans()) else []
    expect = [{"metric": f"race.{lane}.distance", "at_most": draw(st.floats(0, 10))} for lane in lanes]
    return {
        "title": draw(_texts.filter(str.strip)),
        "data": data,
        "training": training | ({"optimizer": {"name": "sgd"}, "race": ["sgd", "sgd"]} if lanes else {}),
        "timeline": [{"step": 1, "set": {"training.optimizer.lr": 1e-3}}] if draw(st.booleans()) else [],
        "expect": [{"metric": "train.loss", "at_most": draw(st.floats(-100, 100))}, *expect],
    }


@st.composite
def mappings(draw: st.DrawFn) -> Plain:
    """What TOML gives for a valid scenario."""
    data = draw(_data())
    task = data.get("task") if data.get("task", "auto") != "auto" else KINDS[data["kind"]].task
    network = draw(_network())
    training = draw(_training())
    if task == "none":
        return draw(_on_surface(data, training))
    return {
        "title": draw(_texts.filter(str.strip)),
        "summary": draw(_texts),
        "lesson": draw(_lines),
        "data": data,
        "network": network,
        "training": training,
        "timeline": draw(_timeline(training["epochs"])),
        "expect": draw(_expectations(task, len(network["hidden"]))),
    }
