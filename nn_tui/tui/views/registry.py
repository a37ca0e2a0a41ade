"""All views, in the order they stand in the lab and are listed in the help."""

from typing import Any

from nn_tui.tui.views.activation import ActivationView
from nn_tui.tui.views.boundary import BoundaryView
from nn_tui.tui.views.confusion import ConfusionView
from nn_tui.tui.views.dead import DeadView
from nn_tui.tui.views.diagnosis import DiagnosisView
from nn_tui.tui.views.first_weights import FirstWeightsView
from nn_tui.tui.views.fit import FitView
from nn_tui.tui.views.formulas import FormulasView
from nn_tui.tui.views.gradients import GradientsView
from nn_tui.tui.views.histograms import HistogramsView
from nn_tui.tui.views.images import ImagesView
from nn_tui.tui.views.loss import LossView
from nn_tui.tui.views.network import NetworkView
from nn_tui.tui.views.quality import QualityView
from nn_tui.tui.views.race import RaceSlopeView, RaceView
from nn_tui.tui.views.schedule import ScheduleView
from nn_tui.tui.views.surface import SurfaceView
from nn_tui.tui.views.unit_maps import UnitMapsView
from nn_tui.tui.views.updates import UpdatesView
from nn_tui.tui.views.view import View

VIEWS: tuple[type[View[Any]], ...] = (
    SurfaceView,
    LossView,
    RaceView,
    RaceSlopeView,
    QualityView,
    GradientsView,
    DeadView,
    UpdatesView,
    HistogramsView,
    ActivationView,
    ScheduleView,
    FormulasView,
    BoundaryView,
    FitView,
    ImagesView,
    ConfusionView,
    FirstWeightsView,
    UnitMapsView,
    NetworkView,
    DiagnosisView,
)
