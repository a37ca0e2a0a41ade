"""What messages to the lab are made of: what was seen of a run, piece by piece.

Arrays travel as the bytes of little-endian numbers (`PackedFloats`: float64, `PackedLevels`: float32), C order, and
are read with `numpy.frombuffer`.
"""

from typing import TypeAlias

import msgspec

PackedFloats: TypeAlias = bytes

PackedLevels: TypeAlias = bytes


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a message."""


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
    coordinates: PackedFloats
    targets: PackedFloats
    train: int


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
    """A column of the history as the points of one line, at most `Look.points` of them, in the order of their steps.

    Where more rows were recorded, the run is cut into stretches of equal length in steps, and of each the first, the
    least, the greatest and the last point are kept, at the very steps they were recorded at. So the line begins with
    the first row and ends with the last, and touches every extreme in between. A line between two points says nothing
    of the steps between them. Where a moving run has gone on since the last row, `Frame.open_end` has the value at its
    present step: the line's open end.

    Attributes:
        step, value: shape (n,); a value is NaN where nothing was measured, a gap, and may be infinite.
    """

    step: PackedFloats
    value: PackedFloats


class Map(_Part, frozen=True, kw_only=True):
    """A function of the two raw inputs over a rectangle.

    Attributes:
        columns, rows: of the grid; its first row is the largest y.
        x, y: the rectangle's ends.
        values: (rows, columns) per output: of two classes the probability of class 1, of several the winning class plus
            half its probability's distance to 1 (class 3 at 0.8: 3.1), of a regression the value.
        low, high: the range of the values that colors stand for.
    """

    columns: int
    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    values: PackedLevels
    low: float
    high: float


class Curve(_Part, frozen=True, kw_only=True):
    """A prediction over one raw input: `x` and `y`, shape (n,)."""

    x: PackedFloats
    y: PackedFloats


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
    x: PackedFloats
    value: PackedFloats
    derivative: PackedFloats
    pre_activations: Histogram
    saturated_share: float
    saturated_below: float | None = None
    saturated_above: float | None = None


MOST_DRAWN_UNITS = 32

MOST_DRAWN_INPUTS = 64

"""The widest layer, and the most inputs, of a network that is drawn unit by unit."""


class NetworkWeights(_Part, frozen=True, kw_only=True):
    """Every layer's weights (units, inputs), biases (units,) and mean absolute activation (units,), and its gradient in
    the step to come, (units, inputs + 1), the bias's last."""

    weights: tuple[PackedLevels, ...]
    biases: tuple[PackedLevels, ...]
    activity: tuple[PackedLevels, ...]
    gradients: tuple[PackedLevels, ...] = ()


class ImageSample(_Part, frozen=True, kw_only=True):
    """A test image and what the net takes it for: gray levels 0 to 255, class numbers, the predicted probability, and
    each class's."""

    index: int
    pixels: bytes
    target: int
    predicted: int
    probability: float
    probabilities: PackedLevels = b""


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
        result: the same as it is printed: whoever repeats the calculation with the printed numbers gets it, to its
            last digit.
    """

    symbol: str
    formula: str
    numbers: str = ""
    value: float | None = None
    result: str = ""


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


class TracedLayer(_Part, frozen=True, kw_only=True):
    """A layer for the traced sample: z, a and δ of its first units, shape (n,) each."""

    pre_activation: PackedFloats
    output: PackedFloats
    delta: PackedFloats


class TraceView(_Part, frozen=True, kw_only=True):
    """One sample's way through the network in the step to come, and one parameter's in it.

    Attributes:
        step: steps taken.
        sample: the training example, counted from 0.
        in_batch: whether it is in the batch of the step to come.
        batch: the first examples of that batch.
        examples: how many there are to choose from.
        inputs: what the network reads of it, the first of them.
        target: what its output is compared with.
        loss: its own.
        layers: first to last.
        layer, unit, input: the parameter, counted from 0; no input: the bias.
        value: what it is.
        formulas: the steps that concern it.
        lane: whose net it is, in a race; empty else.
        has_ended: whether that step will not be taken, because the run has come to its end.
        lost: the step that could not be taken, of a net that has diverged.
    """

    step: int
    sample: int
    in_batch: bool
    batch: tuple[int, ...]
    examples: int
    inputs: PackedFloats
    target: PackedFloats
    loss: float
    layers: tuple[TracedLayer, ...]
    layer: int
    unit: int
    input: int | None
    value: float
    formulas: tuple[Formula, ...]
    lane: str = ""
    has_ended: bool = False
    lost: int | None = None


class Answer(_Part, frozen=True, kw_only=True):
    """What the network makes of inputs that a person gave: of classes each one's probability, else the values; and what
    each unit of the layer looked at gives."""

    given: PackedFloats
    outputs: PackedFloats
    units: PackedFloats = b""


class LanePoint(_Part, frozen=True, kw_only=True):
    """One optimizer's point on a surface.

    Attributes:
        name: of the lane.
        x, y, height: where it is.
        path: where it was, (n, 2), oldest first, the latest row last.
        diverged_at: the step it could not take; None while it runs.
        terms: inner terms of its last step by their symbols, along x and y: "g", "v", "G", "E", "m", "m̂" and the like.
        before: where its last step set out, which the terms are of; where it is, if none is known.
        update: the last step along x and y.
        rate: the rate each coordinate effectively had: the update over the gradient, 0 where that was 0.
    """

    name: str
    x: float
    y: float
    height: float
    path: PackedFloats
    diverged_at: int | None
    terms: dict[str, tuple[float, float]]
    before: tuple[float, float]
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
