"""What panels that look at a single layer have in common."""

from nn_tui.training.look.parts import LayerShape
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.panels.panel import Option


def short_name(layer: LayerShape) -> str:
    """`1` for "layer 1", `out` for "output"."""
    return "out" if layer.name == "output" else layer.name.removeprefix("layer ")


def layer_name(opened: Opened | None, number: int) -> str:
    """The name of a layer, counted from 0, or of the last one; on a surface of an optimizer."""
    if opened is None:
        return ""
    return opened.singles[min(number, len(opened.singles) - 1)]


def layer_option(opened: Opened | None, number: int) -> Option:
    """The option that says which layer, or optimizer, is looked at."""
    return Option(layer_name(opened, number), "screen.next_layer", ".")
