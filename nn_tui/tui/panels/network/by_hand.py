"""A weight or bias that a person wants to set."""

import msgspec
from textual.message import Message


class Parameter(msgspec.Struct, frozen=True):
    """One of a network's weights or biases.

    Attributes:
        layer, unit, input: which, counted from 0; no input: the bias.
        value: what it is.
        is_output: whether its layer is the last.
        lanes: names of the nets of a race, all of which have it; empty for an ordinary run.
    """

    layer: int
    unit: int
    input: int | None
    value: float
    is_output: bool
    lanes: tuple[str, ...] = ()


class ByHand(Message):
    """A parameter is to be set by hand."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
