"""What the app and the worker say to each other: commands one way, reports the other, as msgpack.

The app *pulls*: it sends `Look` when it is ready to draw, and gets the newest `Frame`, with no more in it than the
visible views ask for. So nothing queues up, however fast the net trains or however slow the terminal is.

Arrays travel as the bytes of little-endian numbers (`Floats`: float64, `Levels`: float32), C order, and are read with
`numpy.frombuffer`.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.finding import Finding

Floats: TypeAlias = bytes
Levels: TypeAlias = bytes
Count: TypeAlias = Annotated[int, Meta(ge=0)]
Cells: TypeAlias = Annotated[int, Meta(ge=1, le=512)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A struct that says its own name on the wire."""


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a message."""


# -- from the app ----------------------------------------------------------------------------------------------------


class Open(_Message, frozen=True, kw_only=True):
    """Begin a run of this scenario, paused at its first step; answered by `Opened` or `Refused`.

    Attributes:
        run: a number the app chose; everything the worker says about the run carries it.
        scenario: what to run; relative paths in it are already absolute.
        resume: a snapshot file of a worker that died, to go on from; None begins at step 0.
        snapshot: where to keep a snapshot of the run, now and then, for `resume`; None for no such file. `WorkerClient`
            fills it in.
    """

    run: int
    scenario: Scenario
    resume: str | None = None
    snapshot: str | None = None


class Play(_Message, frozen=True, kw_only=True):
    """Go on until the scenario's end, or until `Pause`; a run that has ended stays where it is."""


class Pause(_Message, frozen=True, kw_only=True):
    """Stop after the present step."""


class Advance(_Message, frozen=True, kw_only=True):
    """Take so many steps, or go to the end of so many epochs, flat out, and pause there; presses in a row add up."""

    steps: Count = 0
    epochs: Count = 0


class Speed(_Message, frozen=True, kw_only=True):
    """Steps a second from now on; None for as many as there is power for."""

    steps_per_second: Annotated[float, Meta(gt=0)] | None


class Apply(_Message, frozen=True, kw_only=True):
    """Change live fields of the running net; answered by `Refused` if that is not possible.

    A finished run goes on if it has got more epochs. `training.speed` sets the speed, too.
    """

    values: dict[str, Any]


class Rewind(_Message, frozen=True, kw_only=True):
    """Go back to just after this step, and pause there; the way there, if it is long, shows in frames."""

    step: int


class Look(_Message, frozen=True, kw_only=True):
    """Ask for the newest frame.

    Attributes:
        parts: which of `Frame`'s optional parts the visible views draw, by field name.
        columns: which columns of the history are wanted as series.
        points: the most points of a series.
        recent: series of the latest rows, each for itself, instead of the whole run.
        grid: columns and rows of the maps of the input plane.
        layer: the layer (from 0, the output layer last, as are all beyond it) that the parts about a single one show.
    """

    parts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    points: Annotated[int, Meta(ge=1, le=4_096)] = 200
    recent: bool = False
    grid: tuple[Cells, Cells] = (48, 48)
    layer: Count = 0


class Save(_Message, frozen=True, kw_only=True):
    """Write a file; answered by `Saved` or `Refused`.

    Attributes:
        what: the model, the run so far as a scenario, or the recorded rows.
        path: where to; of metrics, the ending says the format.
    """

    what: Literal["model", "scenario", "metrics"]
    path: str


Command: TypeAlias = Open | Play | Pause | Advance | Speed | Apply | Rewind | Look | Save


# -- from the worker -------------------------------------------------------------------------------------------------


class LayerShape(_Part, frozen=True, kw_only=True):
    """A layer: its name ("layer 1", …, "output"), widths, and activation (of the output layer: output function)."""

    name: str
    inputs: int
    units: int
    activation: str
    can_die: bool


class Points(_Part, frozen=True, kw_only=True):
    """Examples with one or two raw coordinates, at most 1,000 of the training and 500 of the test set.

    Attributes:
        dimensions: 1 or 2.
        coordinates: (n, dimensions), before feature map and scaling.
        targets: (n,), class numbers, or values in the target's own units.
        train: how many come from the training set; they come first.
    """

    dimensions: int
    coordinates: Floats
    targets: Floats
    train: int


class Opened(_Message, frozen=True, kw_only=True):
    """A run is ready.

    Attributes:
        run: as in `Open`.
        scenario: as it is run, every `auto` settled.
        task: "binary", "multiclass" or "regression".
        quality: "accuracy" or "r2".
        layers: first to last.
        parameters: how many the network has.
        feature_names, class_names, target_name: of the data.
        train_samples, test_samples: how many.
        columns: what the history records, by name.
        points: for data of one or two raw coordinates.
        image_shape: rows and columns, for data that are images.
        lanes: the optimizers of a race, by the names their columns have (`race.adam.loss`); of a surface always one at
            least. A surface has the task "none", no quality, layers, parameters or samples.
    """

    run: int
    scenario: Scenario
    task: str
    quality: str
    layers: tuple[LayerShape, ...]
    parameters: int
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_name: str
    train_samples: int
    test_samples: int
    columns: tuple[str, ...]
    points: Points | None = None
    image_shape: tuple[int, int] | None = None
    lanes: tuple[str, ...] = ()


class Mark(_Part, frozen=True, kw_only=True):
    """A change made as the run went: from which step, and in words (`lr 0.03 → 0.003`)."""

    step: int
    text: str


class Quality(_Part, frozen=True, kw_only=True):
    """Loss, and accuracy or R², on the training or the test set, or on so many examples of it."""

    loss: float
    quality: float
    samples: int = 0


class LayerState(_Part, frozen=True, kw_only=True):
    """A layer at the latest row; see `LayerProbe`. `can_die` is of the activation it has now."""

    gradient_norm: float
    gradient_mean_abs: float
    weight_norm: float
    update_ratio: float | None
    activation_mean: float
    activation_spread: float
    saturated_share: float
    dead_units: int
    can_die: bool = False


class Series(_Part, frozen=True, kw_only=True):
    """A column of the history, at most `Look.points` long: the extremes of each stretch of steps.

    Attributes:
        step, low, high: shape (n,); `low` is `high` where each row stands for itself.
    """

    step: Floats
    low: Floats
    high: Floats


class Map(_Part, frozen=True, kw_only=True):
    """A function of the two raw inputs over a rectangle.

    Attributes:
        columns, rows: of the grid; its first row is the largest y.
        x, y: the rectangle's ends.
        values: (rows, columns) per output: of two classes the probability of class 1, of several the winning class plus
            half its probability's distance to 1 (class 3 at 0.8: 3.1), of a regression the value.
        low, high: the range of the values that colours stand for.
    """

    columns: int
    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    values: Levels
    low: float
    high: float


class Curve(_Part, frozen=True, kw_only=True):
    """A prediction over one raw input: `x` and `y`, shape (n,)."""

    x: Floats
    y: Floats


class Histogram(_Part, frozen=True, kw_only=True):
    """How often values fall between `low` and `high`, in bins of equal width."""

    low: float
    high: float
    counts: tuple[int, ...]


class LayerHistograms(_Part, frozen=True, kw_only=True):
    """What one layer's numbers look like."""

    weights: Histogram
    gradients: Histogram
    activations: Histogram


class ActivationView(_Part, frozen=True, kw_only=True):
    """A layer's activation function, and where its pre-activations lie.

    Attributes:
        layer: its number, from 0.
        name, formula, derivative_formula: of the function.
        x, value, derivative: shape (n,).
        pre_activations: over the probe set.
        saturated_share: 0 to 1.
        saturated_below, saturated_above: from which x outwards an output counts as saturated; None on a side that does
            not saturate, or not within what is shown.
    """

    layer: int
    name: str
    formula: str
    derivative_formula: str
    x: Floats
    value: Floats
    derivative: Floats
    pre_activations: Histogram
    saturated_share: float
    saturated_below: float | None = None
    saturated_above: float | None = None


MOST_DRAWN_UNITS = 32
MOST_DRAWN_INPUTS = 64
"""The widest layer, and the most inputs, of a network that is drawn unit by unit."""


class NetworkWeights(_Part, frozen=True, kw_only=True):
    """Every layer's weights (units, inputs) and biases (units,), and its mean absolute activation (units,)."""

    weights: tuple[Levels, ...]
    biases: tuple[Levels, ...]
    activity: tuple[Levels, ...]


class ImageSample(_Part, frozen=True, kw_only=True):
    """A test image and what the net takes it for: grey levels 0 to 255, class numbers, the predicted probability."""

    index: int
    pixels: bytes
    target: int
    predicted: int
    probability: float


class Images(_Part, frozen=True, kw_only=True):
    """Test images: some fixed ones, and those the net is most wrong about, worst first.

    Attributes:
        samples, mistakes: at most 24 each; a mistake is the worse the less its true class was thought likely.
        wrong, total: of the images looked at, which are only some where the net runs and its test set is large.
    """

    samples: tuple[ImageSample, ...]
    mistakes: tuple[ImageSample, ...]
    wrong: int
    total: int


class FormulaLine(_Part, frozen=True, kw_only=True):
    """A formula, or a clause of one, with this step's numbers.

    Attributes:
        symbol: what it gives; empty for a formula that is only shown.
        formula: as in the engine's registry.
        numbers: the same with numbers for its symbols; empty where there are none to put in.
        value: what that gives; None likewise.
    """

    symbol: str
    formula: str
    numbers: str = ""
    value: float | None = None


class Formula(_Part, frozen=True, kw_only=True):
    """What is in use, and how it is computed.

    Attributes:
        subject: "activation", "loss", "mode" or "optimizer".
        name: which one.
        about: whose numbers these are: `layer 1, unit 1, sample 1`.
        lines: its clauses.
    """

    subject: str
    name: str
    about: str
    lines: tuple[FormulaLine, ...]


class LanePoint(_Part, frozen=True, kw_only=True):
    """One optimizer's point on a surface.

    Attributes:
        name: of the lane.
        x, y, height: where it is.
        path: where it was, (n, 2), oldest first, the latest row last.
        diverged_at: the step it could not take; None while it runs.
        terms: inner terms of its last step by their symbols, along x and y: "g", "v", "G", "E", "m", "m̂" and the like.
        update: the last step along x and y.
        rate: the rate each coordinate effectively had: the update over the gradient, 0 where that was 0.
    """

    name: str
    x: float
    y: float
    height: float
    path: Floats
    diverged_at: int | None
    terms: dict[str, tuple[float, float]]
    update: tuple[float, float]
    rate: tuple[float, float]


class SurfaceView(_Part, frozen=True, kw_only=True):
    """A surface and every optimizer on it.

    Attributes:
        name, summary, formula: of the surface.
        height: over the region worth drawing, on the grid asked for.
        minima, saddles: the lowest minimum first.
        lanes: every optimizer's point, in the order of `Opened.lanes`.
    """

    name: str
    summary: str
    formula: str
    height: Map
    minima: tuple[tuple[float, float], ...]
    saddles: tuple[tuple[float, float], ...]
    lanes: tuple[LanePoint, ...]


class Frame(_Message, frozen=True, kw_only=True):
    """Where the run stands, with what was asked for.

    Attributes:
        run: which run this is.
        status: "ready" (no step taken), "running", "paused", "finished" or "diverged".
        step, epoch, progress: steps taken, passes completed, and with the share of the present one.
        epochs, total_steps: where the scenario ends; steps None if only the run itself can tell.
        steps_per_epoch: in the present mode.
        steps_per_second: measured over the last moments, 0 when nothing moves.
        speed: what was asked for; None for flat out. A single step or epoch is always taken flat out.
        learning_rate: of the next step.
        scenario: as changed so far.
        train, test: at the latest row.
        layers: at the latest row.
        marks: changes made so far, oldest first.
        digest: of the parameters, where the run stands still.
        divergence: what ended a diverged run.
        Others: the parts that `Look.parts` asked for, None where not asked for or not applicable.
    """

    run: int
    status: str
    step: int
    epoch: int
    progress: float
    epochs: int
    total_steps: int | None
    steps_per_epoch: int
    steps_per_second: float
    speed: float | None
    learning_rate: float
    scenario: Scenario
    train: Quality
    test: Quality | None
    layers: tuple[LayerState, ...]
    marks: tuple[Mark, ...]
    digest: str | None = None
    divergence: str | None = None
    series: dict[str, Series] = {}
    boundary: Map | None = None
    unit_maps: tuple[Map, ...] | None = None
    curve: Curve | None = None
    histograms: tuple[LayerHistograms, ...] | None = None
    activation: ActivationView | None = None
    network: NetworkWeights | None = None
    images: Images | None = None
    confusion: tuple[tuple[int, ...], ...] | None = None
    first_weights: Levels | None = None
    schedule: Curve | None = None
    findings: tuple[Finding, ...] | None = None
    formulas: tuple[Formula, ...] | None = None
    surface: SurfaceView | None = None


class Refused(_Message, frozen=True, kw_only=True):
    """A command that could not be carried out; nothing has changed.

    Attributes:
        run: which run it was said of.
        command: the command's name.
        key: the scenario's key at fault, if it is one.
        problem: for people.
    """

    run: int
    command: str
    key: str
    problem: str


class Saved(_Message, frozen=True, kw_only=True):
    """A file was written, whole; `detail` says for people what is in it."""

    run: int
    what: str
    path: str
    step: int
    detail: str


class Crashed(_Message, frozen=True, kw_only=True):
    """The worker met an error of its own and ends; `trace` is for a bug report."""

    trace: str


PARTS = (
    "boundary",
    "unit_maps",
    "curve",
    "histograms",
    "activation",
    "network",
    "images",
    "confusion",
    "first_weights",
    "schedule",
    "findings",
    "formulas",
    "surface",
)
"""What `Look.parts` may ask for."""

Report: TypeAlias = Opened | Frame | Refused | Saved | Crashed
