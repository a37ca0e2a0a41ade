"""The pictures of a run, whatever its problem is."""

from collections.abc import Sequence
from functools import singledispatch

from nn_tui.charts.lanes import LaneLook, lane_looks
from nn_tui.shell.plots.loss_plot import print_losses
from nn_tui.shell.plots.surface_plot import print_paths
from nn_tui.training.replay import Run
from nn_tui.training.trained import Trained, TrainedPoint


def print_plots(run: Run) -> None:
    """Prints what there is to see of a run: on a surface the paths, and the losses of any."""
    looks = lane_looks([lane.name for lane in run.summary.race])
    _print_map(run.trained, run, looks)
    print_losses(run, looks)


@singledispatch
def _print_map(_trained: Trained, _run: Run, _looks: Sequence[LaneLook]) -> None:
    pass


@_print_map.register
def _(_trained: TrainedPoint, run: Run, looks: Sequence[LaneLook]) -> None:
    print_paths(run, looks)
