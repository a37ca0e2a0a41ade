"""The size of each layer's gradient, over the steps."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from nn_tui.tui.panels.curves.layers import LINES, LayersChart
from nn_tui.tui.panels.panel import Option


class GradientsPanel(LayersChart):
    """One line a layer: the L2 norm of its gradient, or the mean size of its entries."""

    TITLE = "Gradient magnitude"
    SHORT = "Gradients"
    LEGEND = (
        "How large each layer's gradient is: its L2 norm, before clipping, or the mean size |g| of its entries. Lines "
        "that keep close together are healthy. Where the first layers lie far below the last ones the gradient "
        "vanishes on its way back; where a line shoots up it explodes."
    )
    LEGEND += LINES
    EMPTY = "The size of each layer's gradient appears here with the first step, one line a layer."
    QUANTITY = "gradient_norm"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "measure", "norm/mean size")]

    def __init__(self) -> None:
        super().__init__()
        self._shows_mean = False

    @property
    def quantity(self) -> str:
        return "gradient_mean_abs" if self._shows_mean else self.QUANTITY

    def options(self) -> tuple[Option, ...]:
        return (Option("mean |g|" if self._shows_mean else "norm", "measure", "g"), *super().options())

    def action_measure(self) -> None:
        """Switches between the norm and the mean size; the curves follow with the next frame."""
        self._shows_mean = not self._shows_mean
        self.repaint()
