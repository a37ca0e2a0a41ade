"""What the app and the worker say to each other: commands one way, reports the other, as msgpack.

The app *pulls*: it sends `Look` when it is ready to draw, and gets the newest `Frame`, with no more in it than the
visible views ask for. So nothing queues up, however fast the net trains or however slow the terminal is.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.look.parts import (
    ActivationView,
    Answer,
    Curve,
    Formula,
    Images,
    LayerHistograms,
    LayerShape,
    LayerState,
    Map,
    Mark,
    NetworkWeights,
    PackedFloats,
    PackedLevels,
    Points,
    Quality,
    Series,
    SurfaceView,
    TraceView,
)
from nn_tui.training.run.data_summary import DataSummary

Count: TypeAlias = Annotated[int, Meta(ge=0)]
MOST_CELLS = 512
Cells: TypeAlias = Annotated[int, Meta(ge=1, le=MOST_CELLS)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A struct that says its own name on the wire."""


# -- from the app ----------------------------------------------------------------------------------------------------


class Open(_Message, frozen=True, kw_only=True):
    """Begin a run of this scenario, paused at its first step; answered by `Opened` or `Refused`.

    Attributes:
        run: a number the app chose; everything the worker says about the run carries it.
        scenario: what to run; relative paths in it are already absolute.
        resume: a snapshot file of a worker that died, to go on from; None begins at step 0.
        snapshot: where to keep a snapshot of the run, now and then, for `resume`; None for no such file. `WorkerClient`
            fills it in.
        model: a saved model's file, whose run goes on at its step; None begins at step 0.
        name: where the scenario comes from: a name in the catalog or a path; the kept run has it.
    """

    run: int
    scenario: Scenario
    resume: str | None = None
    snapshot: str | None = None
    model: str | None = None
    name: str = ""


class Leave(_Message, frozen=True, kw_only=True):
    """The app has gone: what is to be kept is kept, and the worker ends."""


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


class SetWeights(_Message, frozen=True, kw_only=True):
    """Set weights of the running net by hand; answered by `Refused` if there are none of those."""

    weights: tuple[HandWeight, ...]


class Undo(_Message, frozen=True, kw_only=True):
    """Take back the latest change by hand, reset, seed or scenario; answered by `Refused` if there is none.

    The run is then where it was before, paused. If that was another run, `Opened` comes first.

    Attributes:
        run: a number the app chose, for the run that it may take.
    """

    run: int


class Redo(_Message, frozen=True, kw_only=True):
    """Bring back what `Undo` took back, with the course that followed; as `Undo`."""

    run: int


class Rewind(_Message, frozen=True, kw_only=True):
    """Go back to just after this step, and pause there; the way there, if it is long, shows in frames."""

    step: int


class TraceChoice(_Message, frozen=True, kw_only=True):
    """What a trace is of: a parameter and a training example, counted from 0.

    Attributes:
        layer, unit, input: the parameter; no input: the bias. What is beyond the last is the last.
        sample: the example; None for the first of the batch to come.
        lane: whose net, in a race.
    """

    layer: Count = 0
    unit: Count = 0
    input: Count | None = 0
    sample: Count | None = None
    lane: Count = 0


class Look(_Message, frozen=True, kw_only=True):
    """Ask for the newest frame.

    Attributes:
        parts: which of `Frame`'s optional parts the visible views draw, by field name.
        columns: which columns of the history are wanted as series.
        points: the most points of a series; a stretch of the run takes up to four.
        recent: series of the latest rows, each for itself, instead of the whole run.
        grid: columns and rows of the maps of the input plane.
        layer: the layer (from 0, the output layer last, as are all beyond it) that the parts about a single one show.
        trace: what the part "trace" is of.
        given: raw inputs that the part "answer" is about; pixels from 0 to 1.
    """

    parts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    points: Annotated[int, Meta(ge=1, le=4_096)] = 200
    recent: bool = False
    grid: tuple[Cells, Cells] = (48, 48)
    layer: Count = 0
    trace: TraceChoice = TraceChoice()
    given: PackedFloats = b""


class Save(_Message, frozen=True, kw_only=True):
    """Write a file; answered by `Saved` or `Refused`.

    Attributes:
        what: the model, the run so far as a scenario, or the recorded rows.
        path: where to; of metrics, the ending says the format.
    """

    what: Literal["model", "scenario", "metrics"]
    path: str


Command: TypeAlias = (
    Open | Leave | Play | Pause | Advance | Speed | Apply | SetWeights | Undo | Redo | Rewind | Look | Save
)


# -- from the worker -------------------------------------------------------------------------------------------------


class Opened(_Message, frozen=True, kw_only=True):
    """A run is ready.

    Attributes:
        run: as in `Open`.
        origin: of a run that `Undo` or `Redo` brought back, the number it was first opened with; else 0.
        scenario: as it is run, every `auto` settled.
        task: "binary", "multiclass" or "regression".
        quality: "accuracy" or "r2".
        layers: first to last.
        parameters: how many the network has.
        feature_names, class_names, target_names: of the data.
        train_samples, test_samples: how many.
        columns: what the history records, by name.
        points: for data of one or two raw coordinates.
        image_shape: rows and columns, for data that are images.
        data: of a network's run, what it learns from.
        lanes: the optimizers of a race, by the names their columns have (`race.adam.loss`); of a surface always one at
            least. A surface has the task "none", no quality, layers, parameters or samples.
        singles: what one can look at one by one: the layers of a network, the points on a surface.
    """

    run: int
    origin: int = 0
    scenario: Scenario
    columns: tuple[str, ...]
    task: str = "none"
    quality: str = ""
    layers: tuple[LayerShape, ...] = ()
    parameters: int = 0
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    train_samples: int = 0
    test_samples: int = 0
    points: Points | None = None
    image_shape: tuple[int, int] | None = None
    data: DataSummary | None = None
    lanes: tuple[str, ...] = ()
    singles: tuple[str, ...] = ()

    @property
    def target_name(self) -> str:
        """What a map or a curve shows: of several targets the first; empty on a surface."""
        return self.target_names[0] if self.target_names else ""


class TrialCourse(msgspec.Struct, frozen=True, kw_only=True):
    """How a trial of a remedy went.

    Attributes:
        steps: at which it was looked at.
        columns: losses and scores there, by the names that a history has for them; None is no number.
    """

    steps: tuple[int, ...]
    columns: dict[str, tuple[float | None, ...]]


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What trials of remedies have shown by now.

    Attributes:
        done: whether there is no more to come.
        waits: whether nothing is tried before the run has ended.
        failed: whether they could not be made to the end.
        trials, underway: how many are made; the one that is being made, in words, "" before the first.
        verdict: "healthy", "ill", "data-limited", or of points "arrived", as far as known; "" before the first trial.
        said: on what part of the run they are made; "" for the whole.
        findings: with the remedies that help.
        courses: of each of these remedies, in their order, how it went at the run's own seed.
    """

    done: bool
    waits: bool = False
    failed: bool = False
    trials: int = 0
    underway: str = ""
    verdict: str = ""
    said: str = ""
    findings: tuple[Finding, ...] = ()
    courses: tuple[TrialCourse, ...] = ()


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
        seen: the step of the row that what follows speaks of: the last recorded, or one taken since
            to be looked at.
        train, test, validation, layers: at that step; None without such examples.
        open_end: the values there of the columns asked for, where that row is no part of the history.
        marks: changes made so far, oldest first.
        digest: of the parameters, where the run stands still.
        divergence: what ended a diverged run.
        undo, redo: in words, what `Undo` would take back and `Redo` bring back; empty where there is nothing.
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
    seen: int
    train: Quality
    test: Quality | None
    layers: tuple[LayerState, ...]
    marks: tuple[Mark, ...]
    validation: Quality | None = None
    digest: str | None = None
    divergence: str | None = None
    undo: str = ""
    redo: str = ""
    series: dict[str, Series] = {}
    open_end: dict[str, float] = {}
    boundary: Map | None = None
    unit_maps: tuple[Map, ...] | None = None
    curve: Curve | None = None
    histograms: tuple[LayerHistograms, ...] | None = None
    activation: ActivationView | None = None
    network: NetworkWeights | None = None
    images: Images | None = None
    confusion: tuple[tuple[int, ...], ...] | None = None
    first_weights: PackedLevels | None = None
    schedule: Curve | None = None
    findings: tuple[Finding, ...] | None = None
    examined: Examined | None = None
    formulas: tuple[Formula, ...] | None = None
    surface: SurfaceView | None = None
    trace: TraceView | None = None
    answer: Answer | None = None


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


class Left(_Message, frozen=True, kw_only=True):
    """The run has left a course: by a change after a rewind, or by taking a change back.

    Attributes:
        run: which run.
        since: the step up to which the run shares it.
        history: its curves, as `ThinHistory.pack` gives them; empty for a course that had not come further.
        number: of the kept run that it is; 0 for none, and then it takes the place of such a one before.
    """

    run: int
    since: int
    history: bytes
    number: int = 0


class Crashed(_Message, frozen=True, kw_only=True):
    """The worker met an error of its own and ends; `trace` is for a bug report."""

    trace: str


PARTS = tuple(
    field.name
    for field in msgspec.structs.fields(Frame)
    if field.default is None and field.name not in ("validation", "digest", "divergence")
)
"""What `Look.parts` may ask for."""

Report: TypeAlias = Opened | Frame | Refused | Saved | Left | Crashed
