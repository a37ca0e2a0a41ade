"""The losses of several runs over each other."""

from collections.abc import Sequence

import numpy as np

from nn_tui.charts.lanes import lane_looks
from nn_tui.shell.plots.curves import PrintedCurve, print_curves
from nn_tui.shown import shown
from nn_tui.training.kept.thin_history import ThinHistory


def print_loss_curves(runs: Sequence[tuple[str, ThinHistory]], part: str = "train") -> None:
    """Prints the loss of each run over its epochs, on a log scale where all values are above 0.

    Args:
        runs: names and histories.
        part: "train", or "test" where every run has one.
    """
    looks = lane_looks([str(number) for number in range(len(runs))])
    curves = []
    for look, (name, history) in zip(looks, runs, strict=True):
        loss, x = history.overview(f"{part}.loss"), history.overview("epoch").minimum
        y = np.column_stack((loss.maximum, loss.minimum)).ravel()
        curves.append(PrintedCurve(shown(name), look.color, look.letter.lower(), np.repeat(x, 2), y))
    print_curves(f"{part} loss", curves, "epoch")
