"""How much of its weights each layer changes in a step, over the steps."""

from nn_tui.charts.plot import Zone
from nn_tui.tui.panels.curves.layers import LINES, LayersChart


class UpdatesPanel(LayersChart):
    """One line a layer: the L2 norm of the last update over that of the weights."""

    TITLE = "Update / weight"
    SHORT = "Updates"
    LEGEND = (
        "The L2 norm of each layer's last change over that of its weights. Around 1e-3, the tinted band, a layer "
        "learns at a good pace. Far above it the steps are too large for the weights, far below it hardly anything "
        "happens: look at the learning rate first."
    )
    LEGEND += LINES
    EMPTY = "How much each step changes the weights appears here with the first step, one line a layer."
    QUANTITY = "update_ratio"
    ZONE = Zone(3e-4, 3e-3, "healthy")
