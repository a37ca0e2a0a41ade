"""A scenario: what a run is, typed.

The structs hold what a file says with every default filled in. Descriptions, bounds, choices, and whether a field is
live (applies to the running net) or structural (applies on reset) stand beside each field; forms, documentation,
messages and the JSON Schema all read them from here. Build one with `reading.from_mapping`, which checks it.
"""

from typing import Annotated, Any

from msgspec import field

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.initializers import INITIALIZERS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.modes import MODES
from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.data_table import Data, SchemaTable, about

OUTCOMES = ("finished", "diverged")
PARTS = ("train", "test", "validation")
"""The sets of examples that a network is scored on."""
OF_CLASSES = ("accuracy", "balanced_accuracy", "precision", "recall", "f1")
OF_VALUES = ("r2", "mae", "rmse")
METRICS = (
    *(f"{part}.{score}" for part in PARTS for score in ("loss", *OF_CLASSES, *OF_VALUES)),
    "status",
    "dead_units",
    "digest",
)


class Layer(SchemaTable, frozen=True, kw_only=True):
    """One hidden layer."""

    units: Annotated[int, about("How many units.", ge=1, le=4096)]
    activation: Annotated[
        str | None,
        about("Activation of this layer; the network's if left out.", live=True, choices=tuple(ACTIVATIONS)),
    ] = None
    dropout: Annotated[float, about("Share of units switched off at each training step.", live=True, ge=0, lt=1)] = 0.0
    normalization: Annotated[
        str | None,
        about("Normalization of this layer; the network's if left out.", choices=("none", *NORMALIZATIONS)),
    ] = None


# A whole number stays one, as its field wants it: with `float` alone msgspec would make 5 into 5.0.
Settings = dict[str, int | float]


class InitializerTable(SchemaTable, frozen=True, kw_only=True):
    """Where the weights start. In TOML a name, or a table in which the settings stand beside `name`."""

    name: Annotated[str, about("Where the weights start.", choices=tuple(INITIALIZERS))]
    settings: dict[str, int | float | str]


def default_initializer(name: str = "xavier") -> InitializerTable:
    """The named initializer with its default settings."""
    return InitializerTable(name=name, settings=dict(INITIALIZERS[name].defaults))


class NetworkTable(SchemaTable, frozen=True, kw_only=True):
    """Layers, from the input's side to the output's."""

    hidden: Annotated[
        tuple[Layer, ...], about("Hidden layers: numbers of units, or tables {units, activation, dropout}.")
    ] = (Layer(units=4), Layer(units=4))
    activation: Annotated[str, about("Activation of the hidden layers.", live=True, choices=tuple(ACTIVATIONS))] = (
        "tanh"
    )
    init: Annotated[
        InitializerTable, about("Where the weights start: a name, or a table {name, …} with the settings it has.")
    ] = default_initializer()
    normalization: Annotated[
        str,
        about(
            "What is normalized between a hidden layer's sums and its activation: each unit over the batch, or each "
            "sample over the layer's units.",
            choices=("none", *NORMALIZATIONS),
        ),
    ] = "none"
    output: Annotated[str, about("Output function; auto follows from the loss.", choices=("auto", *OUTPUTS))] = "auto"


class OptimizerTable(SchemaTable, frozen=True, kw_only=True):
    """A gradient-descent rule. In TOML the settings stand beside `name` and `lr`."""

    name: Annotated[str, about("Which gradient-descent rule.", live=True, choices=tuple(OPTIMIZERS))]
    lr: Annotated[
        float,
        about(
            "How far a step goes: the learning rate. Each optimizer has its own default.", live=True, gt=0, le=1_000_000
        ),
    ]
    settings: Settings


class Racer(OptimizerTable, frozen=True, kw_only=True):
    """A lane of a race: its optimizer, and what else it differs by, as keys of `network` and `training`."""

    variant: dict[str, Any] = field(default_factory=dict)

    @property
    def optimizer(self) -> OptimizerTable:
        """The rule alone."""
        return OptimizerTable(name=self.name, lr=self.lr, settings=self.settings)


class ScheduleTable(SchemaTable, frozen=True, kw_only=True):
    """How the learning rate changes over the epochs. In TOML the settings stand beside `name`."""

    name: Annotated[str, about("How the learning rate changes.", live=True, choices=tuple(SCHEDULES))]
    settings: Settings


class Regularization(SchemaTable, frozen=True, kw_only=True):
    """Penalties on the weights."""

    l1: Annotated[float, about("Strength of the penalty on absolute weights.", live=True, ge=0, le=1_000_000)] = 0.0
    l2: Annotated[float, about("Strength of the penalty on squared weights.", live=True, ge=0, le=1_000_000)] = 0.0


class Clip(SchemaTable, frozen=True, kw_only=True):
    """Limits on the gradient; None (written 0) for no limit."""

    norm: (
        Annotated[float, about("Largest norm of the whole gradient; 0: no limit.", live=True, ge=0, le=1e30)] | None
    ) = None
    value: (
        Annotated[float, about("Largest size of any gradient element; 0: no limit.", live=True, ge=0, le=1e30)] | None
    ) = None


class EarlyStop(SchemaTable, frozen=True, kw_only=True):
    """When training ends before its last epoch, and its best parameters are put back."""

    metric: Annotated[
        str,
        about(
            "What is judged at the end of every epoch, on the whole set; without a validation set, on the test set.",
            live=True,
            choices=tuple(
                f"{part}.{score}"
                for part in ("validation", "test", "train")
                for score in ("loss", "accuracy", "balanced_accuracy", "r2")
            ),
        ),
    ] = "validation.loss"
    patience: Annotated[
        int, about("Epochs without gain after which training ends; 0: never.", live=True, ge=0, le=1_000_000_000)
    ] = 0
    min_gain: Annotated[float, about("The least gain that counts.", live=True, ge=0, le=1e30)] = 0.0
    from_epoch: Annotated[int, about("The first epoch that is judged.", live=True, ge=1, le=1_000_000_000)] = 1
    restore_at_end: Annotated[
        bool,
        about(
            "Whether the best parameters are put back at the last epoch or step, too, and not only where training "
            "stops early.",
            live=True,
        ),
    ] = True


def default_optimizer(name: str = "adam") -> OptimizerTable:
    """The named rule with its own default rate and settings."""
    rule = OPTIMIZERS[name]
    return OptimizerTable(name=name, lr=rule.default_lr, settings=dict(rule.defaults))


def default_schedule(name: str = "constant") -> ScheduleTable:
    """The named schedule with its default settings."""
    return ScheduleTable(name=name, settings=dict(SCHEDULES[name].defaults))


class Training(SchemaTable, frozen=True, kw_only=True):
    """How the network learns."""

    loss: Annotated[
        str, about("What is minimized; auto follows from the task.", live=True, choices=("auto", *LOSSES))
    ] = "auto"
    class_weight: Annotated[
        str | dict[str, float],
        about(
            "How much each class counts in what is minimized: none (all samples alike), balanced (rare classes as much "
            "as common ones), or a table of a weight for each class.",
            live=True,
            choices=("none", "balanced"),
        ),
    ] = "none"
    mode: Annotated[
        str, about("How many samples a step sees: all, batch_size, or one.", live=True, choices=tuple(MODES))
    ] = "mini-batch"
    batch_size: Annotated[int, about("Samples a step in mini-batch mode.", live=True, ge=1, le=1_000_000)] = 16
    epochs: Annotated[int, about("Passes over the training data.", live=True, ge=1, le=1_000_000_000)] = 100
    steps: (
        Annotated[int, about("Stop after this many steps, whatever the epochs say.", live=True, ge=0, le=10**15)] | None
    ) = None
    seed: Annotated[int, about("What all randomness follows from.", ge=0, le=2**63 - 1)] = 0
    speed: Annotated[int, about("Steps a second on screen.", live=True, ge=1, le=1_000_000)] = 60
    dtype: Annotated[str, about("Precision of all arithmetic.", choices=("float32", "float64"))] = "float32"
    optimizer: Annotated[OptimizerTable, about("Gradient-descent rule, its rate and settings.", live=True)] = (
        default_optimizer()
    )
    schedule: Annotated[ScheduleTable, about("How the learning rate changes over the epochs.", live=True)] = (
        default_schedule()
    )
    regularization: Annotated[Regularization, about("Penalties on the weights.", live=True)] = Regularization()
    clip: Annotated[Clip, about("Limits on the gradient.", live=True)] = Clip()
    early_stop: Annotated[
        EarlyStop, about("When to stop before the last epoch, with the best parameters put back.", live=True)
    ] = EarlyStop()
    race: Annotated[
        tuple[Racer, ...],
        about(
            "Variants that run side by side on the same data: names of optimizers, tables {name, lr, …} of them, or "
            'tables of any keys of network and training: { "network.activation" = "relu" }. '
            "The first is the run's own."
        ),
    ] = ()


class HandWeight(SchemaTable, frozen=True, kw_only=True):
    """A weight or bias set by hand; layer, unit and input are counted from 1."""

    layer: Annotated[int, about("Which layer; the output layer comes after the hidden ones.", ge=1, le=10_000)]
    unit: Annotated[int, about("Which unit of the layer.", ge=1, le=1_000_000)]
    input: (
        Annotated[int, about("Which of the inputs the unit reads; its bias if left out.", ge=1, le=1_000_000_000)]
        | None
    ) = None
    value: Annotated[float, about("What it is set to.", ge=-1_000_000, le=1_000_000)]


class Change(SchemaTable, frozen=True, kw_only=True):
    """A change made as the run goes; exactly one of `epoch` and `step` is given, and one of `set` and `weights`."""

    epoch: (
        Annotated[int, about("Applied before the first step of this epoch; the first is 1.", ge=1, le=10**15)] | None
    ) = None
    step: Annotated[int, about("Applied before this step; the first is 1.", ge=1, le=10**15)] | None = None
    set: Annotated[dict[str, Any], about("Live keys and their new values.")] = field(default_factory=dict)
    weights: Annotated[tuple[HandWeight, ...], about("Weights and biases set by hand.")] = ()


class Expectation(SchemaTable, frozen=True, kw_only=True):
    """What a replay must reach; at least one bound, or `equals` alone."""

    metric: Annotated[
        str,
        about(
            "What is measured at the end; dead_units.N is hidden layer N's, from 1; race.adam.loss is that "
            "optimizer's (also accuracy or r2; on a surface x, y and the distance to the lowest minimum).",
            choices=METRICS,
            pattern=r"dead_units\.[1-9][0-9]?|race\.[a-z][a-z0-9_]*(-[0-9]+)?\.(loss|accuracy|r2|x|y|distance)",
        ),
    ]
    at_least: Annotated[float | None, about("Lowest value that will do.")] = None
    at_most: Annotated[float | None, about("Highest value that will do.")] = None
    equals: Annotated[float | str | None, about("The only value that will do; text for status and digest.")] = None


class Scenario(SchemaTable, frozen=True, kw_only=True):
    """One run, from its data to what it must reach."""

    title: Annotated[str, about("A name for people.")]
    summary: Annotated[str, about("One line for the catalog.")] = ""
    lesson: Annotated[str, about("What to watch, what to try; may have many lines.")] = ""
    data: Annotated[Data, about("Where examples come from.")]
    network: Annotated[NetworkTable, about("Layers and how they start.")] = NetworkTable()
    training: Annotated[Training, about("How the network learns.")] = Training()
    timeline: Annotated[tuple[Change, ...], about("Changes made as the run goes, in order.")] = ()
    expect: Annotated[tuple[Expectation, ...], about("What a replay must reach.")] = ()
    sweep: Annotated[
        dict[str, Any], about("What nn-tui sweep varies: vary, seeds, points, random, metric, stop_sick.")
    ] = field(default_factory=dict)
