"""A scenario: what a run is, typed.

The structs hold what a file says with every default filled in. Descriptions, bounds, choices, and whether a field is
live (applies to the running net) or structural (applies on reset) stand beside each field; forms, documentation,
messages and the JSON Schema all read them from here. Build one with `reading.from_mapping`, which checks it.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.initializers import INITIALIZERS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.modes import MODES
from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario.kinds import CSV, FEATURES, IMAGES, KINDS, SURFACE, TOYS

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


def _about(
    description: str,
    *,
    live: bool = False,
    choices: tuple[str, ...] = (),
    pattern: str = "",
    kinds: tuple[str, ...] = (),
    **bounds: Any,
) -> Meta:
    """What an annotation says of a field.

    Args:
        live: whether it applies to the running net.
        choices, pattern: the texts allowed, and a regular expression for further ones.
        kinds: the kinds of data the field applies to; empty for all.
        bounds: Meta's ge, gt, le and lt, numbers.
    """
    extra = {"live": live, "choices": choices, "pattern": pattern, "kinds": kinds}
    meta: Meta = Meta(description=description, extra=extra, **bounds)
    return meta


_TOYS = tuple(TOYS)
_IMAGES = tuple(IMAGES)
_CSV = (CSV.name,)
_SURFACE = (SURFACE.name,)


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every table has in common."""


class Data(_Table, frozen=True, kw_only=True):
    """Where examples come from."""

    kind: Annotated[str, _about("Which data.", choices=tuple(KINDS))]
    samples: Annotated[
        int,
        _about(
            "How many examples: of points for training and test together, of images for training alone. Images are "
            "taken evenly from the ten classes; of fashion-mnist all there are, if there are fewer.",
            kinds=(*_TOYS, *_IMAGES),
            ge=2,
            le=1_000_000,
        ),
    ] = 200
    test_samples: (
        Annotated[
            int,
            _about(
                "How many images to test on, evenly from the ten classes: always the same ones, whatever the seed.",
                kinds=_IMAGES,
                ge=0,
                le=1_000_000,
            ),
        ]
        | None
    ) = None
    noise: (
        Annotated[
            float,
            _about(
                "Spread of the noise added; on a surface to each step's gradient, less the larger a mini-batch is.",
                kinds=(*_TOYS, *_SURFACE),
                ge=0,
                le=100,
            ),
        ]
        | None
    ) = None
    test_share: Annotated[
        float, _about("Share of the examples kept for testing.", kinds=(*_TOYS, *_CSV), ge=0, lt=1)
    ] = 0.3
    validation_share: Annotated[
        float,
        _about(
            "Share of the examples kept aside to choose by, when to stop or which settings; of images taken from those "
            "to train on.",
            kinds=(*_TOYS, *_IMAGES, *_CSV),
            ge=0,
            lt=1,
        ),
    ] = 0.0
    scaling: Annotated[
        str,
        _about("How inputs are scaled.", kinds=(*_TOYS, *_IMAGES, *_CSV), choices=("none", "standard", "minmax")),
    ] = "none"
    target_scaling: Annotated[
        str,
        _about(
            "How the targets of a regression are scaled; `auto` as the inputs.",
            kinds=(*_TOYS, *_CSV),
            choices=("auto", "none", "standard", "minmax"),
        ),
    ] = "auto"
    features: Annotated[tuple[str, ...], _about("What the network is given.", kinds=_TOYS, choices=FEATURES[2])] = ()
    path: (
        Annotated[
            str,
            _about(
                "The table, relative to the scenario's folder: text with separators (also .csv.gz), .npz with X and y, "
                "or, with nn-tui[tables], .parquet.",
                kinds=_CSV,
            ),
        ]
        | None
    ) = None
    target: Annotated[
        str | int | tuple[str | int, ...] | None,
        _about("The column to predict: its name, or its place counted from 0; a list for several.", kinds=_CSV),
    ] = None
    header: Annotated[
        bool | None, _about("Whether the first row names the columns; detected if left out.", kinds=_CSV)
    ] = None
    task: Annotated[
        str,
        _about("What there is to learn.", kinds=_CSV, choices=("auto", "classification", "regression")),
    ] = "auto"
    columns: Annotated[
        tuple[str | int, ...],
        _about(
            "What to learn from: names, places from 0, patterns (pixel*); all that can be, if left out.", kinds=_CSV
        ),
    ] = ()
    ignore: Annotated[
        tuple[str | int, ...], _about("What not to learn from: names, places from 0, patterns (id*).", kinds=_CSV)
    ] = ()
    coding: Annotated[
        dict[str, str | tuple[str, ...]],
        _about(
            "How columns become numbers, by name: one-hot (as texts do anyway), order (by alphabet), a list of the "
            "categories in order, date, or a date's writing such as %d.%m.%Y.",
            kinds=_CSV,
        ),
    ] = {}
    missing: Annotated[
        str,
        _about(
            "What becomes of missing values: refuse, drop the row, or fill in the training rows' mean, median or most "
            "frequent value (of texts always the last).",
            kinds=_CSV,
            choices=("refuse", "drop", "mean", "median", "most"),
        ),
    ] = "refuse"
    delimiter: Annotated[str, _about("What separates columns; empty: told from the file.", kinds=_CSV)] = ""
    decimal: Annotated[str, _about("The sign before a number's fraction.", kinds=_CSV, choices=(".", ","))] = "."
    thousands: Annotated[
        str, _about("The sign between groups of three digits: , . ' or a space; empty: none.", kinds=_CSV)
    ] = ""
    encoding: Annotated[str, _about("Of the text, such as cp1252; empty: UTF-8.", kinds=_CSV)] = ""
    split: Annotated[
        str | dict[str, str],
        _about(
            "Which rows are for testing and validation: a share by chance (share), by what is in them (content), the "
            'last ones (order), or what a column says: { column = "fold", test = "test" }.',
            kinds=_CSV,
            choices=("share", "content", "order"),
        ),
    ] = "share"
    test_path: Annotated[str, _about("A table of its own to test on.", kinds=_CSV)] | None = None
    function: Annotated[str, _about("The surface to walk down.", kinds=_SURFACE, choices=tuple(SURFACES))] | None = None
    start: (
        Annotated[
            tuple[float, float], _about("Where the point sets out; the surface's own if left out.", kinds=_SURFACE)
        ]
        | None
    ) = None


FILES = ("path", "test_path")
"""Keys of `data` that name files."""


class Layer(_Table, frozen=True, kw_only=True):
    """One hidden layer."""

    units: Annotated[int, _about("How many units.", ge=1, le=4096)]
    activation: Annotated[
        str | None,
        _about("Activation of this layer; the network's if left out.", live=True, choices=tuple(ACTIVATIONS)),
    ] = None
    dropout: Annotated[float, _about("Share of units switched off at each training step.", live=True, ge=0, lt=1)] = 0.0
    normalization: Annotated[
        str | None,
        _about("Normalization of this layer; the network's if left out.", choices=("none", *NORMALIZATIONS)),
    ] = None


# A whole number stays one, as its field wants it: with `float` alone msgspec would make 5 into 5.0.
Settings = dict[str, int | float]


class InitializerTable(_Table, frozen=True, kw_only=True):
    """Where the weights start. In TOML a name, or a table in which the settings stand beside `name`."""

    name: Annotated[str, _about("Where the weights start.", choices=tuple(INITIALIZERS))]
    settings: dict[str, int | float | str]


def default_initializer(name: str = "xavier") -> InitializerTable:
    """The named initializer with its default settings."""
    return InitializerTable(name=name, settings=dict(INITIALIZERS[name].defaults))


class NetworkTable(_Table, frozen=True, kw_only=True):
    """Layers, from the input's side to the output's."""

    hidden: Annotated[
        tuple[Layer, ...], _about("Hidden layers: numbers of units, or tables {units, activation, dropout}.")
    ] = (Layer(units=4), Layer(units=4))
    activation: Annotated[str, _about("Activation of the hidden layers.", live=True, choices=tuple(ACTIVATIONS))] = (
        "tanh"
    )
    init: Annotated[
        InitializerTable, _about("Where the weights start: a name, or a table {name, …} with the settings it has.")
    ] = default_initializer()
    normalization: Annotated[
        str,
        _about(
            "What is normalized between a hidden layer's sums and its activation: each unit over the batch, or each "
            "sample over the layer's units.",
            choices=("none", *NORMALIZATIONS),
        ),
    ] = "none"
    output: Annotated[str, _about("Output function; `auto` follows from the loss.", choices=("auto", *OUTPUTS))] = (
        "auto"
    )


class OptimizerTable(_Table, frozen=True, kw_only=True):
    """A gradient-descent rule. In TOML the settings stand beside `name` and `lr`."""

    name: Annotated[str, _about("Which gradient-descent rule.", live=True, choices=tuple(OPTIMIZERS))]
    lr: Annotated[float, _about("Learning rate; each rule has its own default.", live=True, gt=0, le=1_000_000)]
    settings: Settings


class Racer(OptimizerTable, frozen=True, kw_only=True):
    """A lane of a race: its optimizer, and what else it differs by, as keys of `network` and `training`."""

    variant: dict[str, Any] = {}

    @property
    def optimizer(self) -> OptimizerTable:
        """The rule alone."""
        return OptimizerTable(name=self.name, lr=self.lr, settings=self.settings)


class ScheduleTable(_Table, frozen=True, kw_only=True):
    """How the learning rate changes over the epochs. In TOML the settings stand beside `name`."""

    name: Annotated[str, _about("How the learning rate changes.", live=True, choices=tuple(SCHEDULES))]
    settings: Settings


class Regularization(_Table, frozen=True, kw_only=True):
    """Penalties on the weights."""

    l1: Annotated[float, _about("Strength of the penalty on absolute weights.", live=True, ge=0, le=1_000_000)] = 0.0
    l2: Annotated[float, _about("Strength of the penalty on squared weights.", live=True, ge=0, le=1_000_000)] = 0.0


class Clip(_Table, frozen=True, kw_only=True):
    """Limits on the gradient; None (written 0) for no limit."""

    norm: (
        Annotated[float, _about("Largest norm of the whole gradient; 0: no limit.", live=True, ge=0, le=1e30)] | None
    ) = None
    value: (
        Annotated[float, _about("Largest size of any gradient element; 0: no limit.", live=True, ge=0, le=1e30)] | None
    ) = None


class EarlyStop(_Table, frozen=True, kw_only=True):
    """When training ends before its last epoch, and its best parameters are put back."""

    metric: Annotated[
        str,
        _about(
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
        int, _about("Epochs without gain after which training ends; 0: never.", live=True, ge=0, le=1_000_000_000)
    ] = 0
    min_gain: Annotated[float, _about("The least gain that counts.", live=True, ge=0, le=1e30)] = 0.0
    from_epoch: Annotated[int, _about("The first epoch that is judged.", live=True, ge=1, le=1_000_000_000)] = 1


def default_optimizer(name: str = "adam") -> OptimizerTable:
    """The named rule with its own default rate and settings."""
    rule = OPTIMIZERS[name]
    return OptimizerTable(name=name, lr=rule.default_lr, settings=dict(rule.defaults))


def default_schedule(name: str = "constant") -> ScheduleTable:
    """The named schedule with its default settings."""
    return ScheduleTable(name=name, settings=dict(SCHEDULES[name].defaults))


class Training(_Table, frozen=True, kw_only=True):
    """How the network learns."""

    loss: Annotated[
        str, _about("What is minimised; `auto` follows from the task.", live=True, choices=("auto", *LOSSES))
    ] = "auto"
    class_weight: Annotated[
        str | dict[str, float],
        _about(
            "How much each class counts in what is minimised: none (all samples alike), balanced (rare classes as much "
            "as common ones), or a table of a weight for each class.",
            live=True,
            choices=("none", "balanced"),
        ),
    ] = "none"
    mode: Annotated[
        str, _about("How many samples a step sees: all, batch_size, or one.", live=True, choices=tuple(MODES))
    ] = "mini-batch"
    batch_size: Annotated[int, _about("Samples a step in mini-batch mode.", live=True, ge=1, le=1_000_000)] = 16
    epochs: Annotated[int, _about("Passes over the training data.", live=True, ge=1, le=1_000_000_000)] = 100
    steps: (
        Annotated[int, _about("Stop after this many steps, whatever the epochs say.", live=True, ge=0, le=10**15)]
        | None
    ) = None
    seed: Annotated[int, _about("What all randomness follows from.", ge=0, le=2**63 - 1)] = 0
    speed: Annotated[int, _about("Steps a second on screen.", live=True, ge=1, le=1_000_000)] = 60
    dtype: Annotated[str, _about("Precision of all arithmetic.", choices=("float32", "float64"))] = "float32"
    optimizer: Annotated[OptimizerTable, _about("Gradient-descent rule, its rate and settings.", live=True)] = (
        default_optimizer()
    )
    schedule: Annotated[ScheduleTable, _about("How the learning rate changes over the epochs.", live=True)] = (
        default_schedule()
    )
    regularization: Annotated[Regularization, _about("Penalties on the weights.", live=True)] = Regularization()
    clip: Annotated[Clip, _about("Limits on the gradient.", live=True)] = Clip()
    early_stop: Annotated[
        EarlyStop, _about("When to stop before the last epoch, with the best parameters put back.", live=True)
    ] = EarlyStop()
    race: Annotated[
        tuple[Racer, ...],
        _about(
            "Variants that run side by side on the same data: names of optimizers, tables {name, lr, …} of them, or "
            'tables of any keys of network and training: { "network.activation" = "relu" }. '
            "The first is the run's own."
        ),
    ] = ()


class HandWeight(_Table, frozen=True, kw_only=True):
    """A weight or bias set by hand; layer, unit and input are counted from 1."""

    layer: Annotated[int, _about("Which layer; the output layer comes after the hidden ones.", ge=1, le=10_000)]
    unit: Annotated[int, _about("Which unit of the layer.", ge=1, le=1_000_000)]
    input: (
        Annotated[int, _about("Which of the inputs the unit reads; its bias if left out.", ge=1, le=1_000_000_000)]
        | None
    ) = None
    value: Annotated[float, _about("What it is set to.", ge=-1_000_000, le=1_000_000)]


class Change(_Table, frozen=True, kw_only=True):
    """A change made as the run goes; exactly one of `epoch` and `step` is given, and one of `set` and `weights`."""

    epoch: (
        Annotated[int, _about("Applied before the first step of this epoch; the first is 1.", ge=1, le=10**15)] | None
    ) = None
    step: Annotated[int, _about("Applied before this step; the first is 1.", ge=1, le=10**15)] | None = None
    set: Annotated[dict[str, Any], _about("Live keys and their new values.")] = {}
    weights: Annotated[tuple[HandWeight, ...], _about("Weights and biases set by hand.")] = ()


class Expectation(_Table, frozen=True, kw_only=True):
    """What a replay must reach; at least one bound, or `equals` alone."""

    metric: Annotated[
        str,
        _about(
            "What is measured at the end; `dead_units.N` is hidden layer N's, from 1; `race.adam.loss` is that "
            "optimizer's (also accuracy or r2; on a surface x, y and the distance to the lowest minimum).",
            choices=METRICS,
            pattern=r"dead_units\.[1-9][0-9]?|race\.[a-z][a-z0-9_]*(-[0-9]+)?\.(loss|accuracy|r2|x|y|distance)",
        ),
    ]
    at_least: Annotated[float | None, _about("Lowest value that will do.")] = None
    at_most: Annotated[float | None, _about("Highest value that will do.")] = None
    equals: Annotated[float | str | None, _about("The only value that will do; text for status and digest.")] = None


class Scenario(_Table, frozen=True, kw_only=True):
    """One run, from its data to what it must reach."""

    title: Annotated[str, _about("A name for people.")]
    summary: Annotated[str, _about("One line for the catalogue.")] = ""
    lesson: Annotated[str, _about("What to watch, what to try; may have many lines.")] = ""
    data: Annotated[Data, _about("Where examples come from.")]
    network: Annotated[NetworkTable, _about("Layers and how they start.")] = NetworkTable()
    training: Annotated[Training, _about("How the network learns.")] = Training()
    timeline: Annotated[tuple[Change, ...], _about("Changes made as the run goes, in order.")] = ()
    expect: Annotated[tuple[Expectation, ...], _about("What a replay must reach.")] = ()
    sweep: Annotated[
        dict[str, Any], _about("What nn-tui sweep varies: vary, seeds, points, random, metric, stop_sick.")
    ] = {}
