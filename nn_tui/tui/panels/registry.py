"""Which panels there are, for which runs, and where in the lab: all that is known of one before it is loaded.

A panel is imported when it is first to be seen; see `loading`.
"""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple, TypeAlias

from nn_tui.scenario.kinds import CSV
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.panels.network_layout import is_drawable

Shown: TypeAlias = Literal["always", "roomy", "vast", "asked"]
Side: TypeAlias = Literal["curves", "pictures"]


def _records(pattern: str) -> Callable[[Opened], bool]:
    """Whether columns that look like this are recorded."""
    return lambda opened: any(fnmatchcase(column, pattern) for column in opened.columns)


_HEIGHTS, _RACE, _SLOPES, _LAYERS = map(_records, ("race.*.x", "race.*.loss", "race.*.gradient_norm", "output.*"))


def _is_any(_opened: Opened) -> bool:
    return True


def _is_plane(opened: Opened) -> bool:
    return opened.points is not None and opened.points.dimensions == 2


def _is_curve(opened: Opened) -> bool:
    return opened.points is not None and opened.points.dimensions == 1 and opened.task != "multiclass"


def _has_no_picture_of_its_data(opened: Opened) -> bool:
    return opened.points is None


def _has_data(opened: Opened) -> bool:
    return opened.data is not None


def _is_table(opened: Opened) -> bool:
    return opened.scenario.data.kind == CSV.name


def _has_images(opened: Opened) -> bool:
    return opened.image_shape is not None and opened.task != "regression"


def _sees_images(opened: Opened) -> bool:
    shape = opened.image_shape
    return shape is not None and opened.layers[0].inputs == shape[0] * shape[1]


def _has_classes(opened: Opened) -> bool:
    return opened.task != "regression" and len(opened.class_names) > 1


def _has_mortal_units(opened: Opened) -> bool:
    return any(layer.can_die for layer in opened.layers)


class PanelKind(NamedTuple):
    """A panel that there is.

    Attributes:
        name: in settings, and as the widget's id; unique.
        home: its module below this package, and its class there.
        side: the column of the lab it stands in: curves over time in the middle, pictures of the data to the right.
        shown: whether it is there from the start: always, on a roomy screen, on a vast one, or only when asked for.
        where: in which runs that is so.
        elsewhere: whether it is there from the start in the others that it suits.
        suits: whether it has anything to draw of a run: most are of layers, which a surface has not.
        weight: its share of the column's height, beside the other views in it.
        rows: its greatest height in rows, border included; None for as many as there are.
    """

    name: str
    home: str
    side: Side = "curves"
    shown: Shown = "asked"
    where: Callable[[Opened], bool] = _is_any
    elsewhere: Shown = "asked"
    suits: Callable[[Opened], bool] = _LAYERS
    weight: int = 2
    rows: int | None = None

    def shown_in(self, opened: Opened) -> Shown:
        """Whether it is there from the start in such a run; see `shown`."""
        return self.shown if self.where(opened) else self.elsewhere


KINDS = (
    PanelKind("surface", "maps.surface:SurfacePanel", "pictures", "always", suits=_HEIGHTS, weight=6),
    PanelKind("loss", "curves.loss:LossPanel", shown="always", weight=3),
    PanelKind("race", "curves.race:RacePanel", shown="always", suits=_RACE, weight=3),
    PanelKind("slopes", "curves.race:RaceSlopePanel", shown="roomy", suits=_SLOPES),
    PanelKind("quality", "curves.quality:QualityPanel", shown="roomy"),
    PanelKind("gradients", "curves.gradients:GradientsPanel", shown="always"),
    PanelKind("dead", "curves.dead:DeadPanel", shown="always", where=_has_mortal_units, weight=1, rows=12),
    PanelKind("updates", "curves.updates:UpdatesPanel", shown="vast"),
    PanelKind("histograms", "network.histograms:HistogramsPanel", shown="vast"),
    PanelKind("activation", "network.activation:ActivationPanel"),
    PanelKind("schedule", "curves.schedule:SchedulePanel", suits=_is_any),
    PanelKind("formulas", "tables.formulas:FormulasPanel", shown="always", where=_HEIGHTS, suits=_is_any, weight=3),
    PanelKind("trace", "network.trace:TracePanel", suits=_is_any, weight=4),
    PanelKind("boundary", "maps.boundary:BoundaryPanel", "pictures", "always", suits=_is_plane, weight=4),
    PanelKind("fit", "maps.fit:FitPanel", "pictures", "always", suits=_is_curve, weight=4),
    PanelKind("images", "images.images:ImagesPanel", "pictures", "always", suits=_has_images, weight=4),
    PanelKind(
        "confusion",
        "tables.confusion:ConfusionPanel",
        "pictures",
        "always",
        where=_has_no_picture_of_its_data,
        suits=_has_classes,
        weight=3,
    ),
    PanelKind("first-weights", "images.first_weights:FirstWeightsPanel", "pictures", suits=_sees_images, weight=3),
    PanelKind("unit-maps", "maps.unit_maps:UnitMapsPanel", "pictures", "vast", suits=_is_plane, weight=3),
    PanelKind("network", "network.network:NetworkPanel", "pictures", "always", where=is_drawable, weight=3),
    PanelKind("data", "tables.data:DataPanel", "pictures", "vast", where=_is_table, suits=_has_data, rows=10),
    PanelKind("diagnosis", "tables.diagnosis:DiagnosisPanel", "pictures", "always", suits=_is_any, rows=16),
)
"""All, in the order they stand in the lab and are listed in the help: a panel's one registration."""

ALARMING = "diagnosis"
"""The panel that is pointed out where something is wrong and it is out of sight."""


def kind_of(home: str) -> PanelKind | None:
    """The entry of the class that is at home there; None for one that is no panel by itself."""
    return next((kind for kind in KINDS if kind.home == home), None)
