"""Which fields a panel has for a scenario, in which order, and what they are called; all else the schema says."""

from collections.abc import Iterator

import msgspec
from msgspec import structs

from nn_tui.scenario import fields, schema
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.field import Field
from nn_tui.scenario.kinds import FEATURES, KINDS
from nn_tui.scenario.lanes import told_lanes
from nn_tui.scenario.schema import Scenario

FIRST = (
    "data.kind", "data.path", "data.target", "data.function", "data.start", "data.samples", "data.noise",
    "data.test_share",
    "network.hidden", "network.activation", "network.init.name",
    "training.loss", "training.optimizer.name", "training.optimizer.lr", "training.race", "training.mode",
    "training.batch_size", "training.epochs", "training.seed",
)  # fmt: skip
"""What is always in sight, in this order; the rest follows in the schema's order, folded away at first."""

ELSEWHERE = ("training.speed", "training.steps")
"""What the lab has controls of its own for, or decides itself."""

_TABLES = {"clip": "clip", "schedule": "schedule", "early_stop": "stop"}
"""What the names of a table's keys begin with, where they alone do not say what they are about."""

_NAMES = {"early_stop.metric": "stop by"}
"""What two words say better than the names of a table and of its key."""

_LABELS = {"kind": "data", "lr": "rate", "l1": "L1", "l2": "L2", "dtype": "precision"}


class FieldEntry(msgspec.Struct, frozen=True):
    """A field of a form.

    Attributes:
        field: its key is the dotted path.
        label: what it is called.
        is_folded: whether it is out of sight until asked for.
    """

    field: Field
    label: str
    is_folded: bool


def entries(group: str, scenario: Scenario) -> tuple[FieldEntry, ...]:
    """The fields of "data", "network" or "training" that apply to a scenario."""
    known = {field.key: field for field in _applying(group, scenario) if field.key not in ELSEWHERE}
    first = [key for key in FIRST if key in known]
    if not told_lanes(scenario) and "training.race" in first:
        first.remove("training.race")
    rest = [key for key in known if key not in first]
    named = {"training.epochs": f"{KINDS[scenario.data.kind].epoch}s"}
    return tuple(FieldEntry(known[key], named.get(key, label(key)), key in rest) for key in (*first, *rest))


def layer_entries(number: int) -> tuple[FieldEntry, ...]:
    """The fields of one hidden layer, counted from 1."""
    return tuple(
        FieldEntry(structs.replace(field, key=f"network.hidden.{number}.{name}"), label(name), False)
        for name, field in fields.table(schema.Layer).items()
    )


def _applying(group: str, scenario: Scenario) -> Iterator[Field]:
    if group == "data":
        return _of_data(scenario)
    struct = schema.NetworkTable if group == "network" else schema.Training
    kind = KINDS[scenario.data.kind]
    return (field for field in _of_table(struct, f"{group}.", scenario) if kind.has(field.key))


def _of_data(scenario: Scenario) -> Iterator[Field]:
    kind = KINDS[scenario.data.kind]
    for name, field in fields.table(Data).items():
        if field.only_for and kind.name not in field.only_for:
            continue
        choices = FEATURES.get(kind.inputs, field.choices) if name == "features" else field.choices
        yield structs.replace(field, key=f"data.{name}", choices=choices)


def _of_table(struct: type[schema.NetworkTable | schema.Training], prefix: str, scenario: Scenario) -> Iterator[Field]:
    for name, field in fields.table(struct).items():
        if name in fields.RULES:
            rule = getattr(scenario.network if name == "init" else scenario.training, name)
            table = fields.rule_table(name, rule.name)
        elif field.type == "table" and field.struct is not None:
            table = fields.table(field.struct)
        else:
            yield structs.replace(field, key=prefix + name)
            continue
        for inner, part in table.items():
            yield structs.replace(part, key=f"{prefix}{name}.{inner}")


def label(key: str) -> str:
    """What a key is called in a form: `batch size`, `optimizer`, `clip norm`."""
    *path, last = key.split(".")
    words = _LABELS.get(last, last.replace("_", " "))
    if last == "name":
        return path[-1]
    if (name := _NAMES.get(".".join(key.split(".")[-2:]))) is not None:
        return name
    table = _TABLES.get(path[-1], "") if path else ""
    return f"{table} {words}" if table else words
