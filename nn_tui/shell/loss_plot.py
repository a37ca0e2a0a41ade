"""The loss curves, drawn in the terminal with plotext."""

import math
import shutil
import sys

import numpy as np
import plotext

from nn_tui.training.history import Floats, History

_HEIGHT = 20
_MOST_WIDTH = 120


def print_losses(history: History) -> None:
    """Prints training and test loss over the steps, on a log scale where all values are above 0."""
    width = min(shutil.get_terminal_size().columns, _MOST_WIDTH)
    curves = []
    for part, color in (("train", "blue"), ("test", "orange")):
        overview = history.overview(f"{part}.loss")
        step, value = _thinned(overview.step, (overview.minimum + overview.maximum) / 2.0, 2 * width)
        if len(step):
            curves.append((part, color, step, value))
    if not curves:
        return
    figure = plotext
    figure.clear_figure()
    figure.theme("clear")
    logarithmic = all(value.min() > 0.0 for *_, value in curves)
    for part, color, step, value in curves:
        drawn = np.log10(value) if logarithmic else value
        figure.plot(step.tolist(), drawn.tolist(), label=part, color=color, marker="braille")
    if logarithmic:
        _label_powers(np.concatenate([value for *_, value in curves]))
    figure.title("loss" + (" (log scale)" if logarithmic else ""))
    figure.xlabel("step")
    figure.plot_size(width, _HEIGHT)
    text = figure.build()
    print(text if sys.stdout.isatty() else figure.uncolorize(text))


def _label_powers(values: Floats) -> None:
    low, high = math.log10(values.min()), math.log10(values.max())
    ticks = np.linspace(low, high, 5) if high > low else np.array([low])
    plotext.yticks(ticks.tolist(), [f"{10**tick:.3g}" for tick in ticks])


def _thinned(
    step: Floats,
    value: Floats,
    most: int,
) -> tuple[Floats, Floats]:
    finite = np.isfinite(value)
    step, value = step[finite], value[finite]
    chosen = np.unique(np.linspace(0, max(0, len(step) - 1), min(most, len(step))).astype(int))
    return step[chosen], value[chosen]
