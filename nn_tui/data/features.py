"""The feature map: what of a point's coordinates the network is given, as in TensorFlow Playground."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.floats import Floats


@dataclass(frozen=True)
class Feature:
    """One input made of a point's coordinates.

    Attributes:
        name: the name scenarios use.
        formula: for people. Coordinates lie in about [−1, 1], so the sines take π times them.
        needs_y: whether the second coordinate takes part.
        function: of the coordinates x and y, shape (n,) each (y is x's twin where there is none).
        pytorch: the same of two tensors x and y.
    """

    name: str
    formula: str
    needs_y: bool
    function: Callable[[Floats, Floats], Floats]
    pytorch: str


def _wave(along: Floats) -> Floats:
    wave: Floats = np.sin(np.pi * along)
    return wave


FEATURES = {
    feature.name: feature
    for feature in (
        Feature("x", "x", False, lambda x, _y: x, "x"),
        Feature("y", "y", True, lambda _x, y: y, "y"),
        Feature("xy", "x·y", True, lambda x, y: x * y, "x * y"),
        Feature("x2", "x²", False, lambda x, _y: x * x, "x * x"),
        Feature("y2", "y²", True, lambda _x, y: y * y, "y * y"),
        Feature("sinx", "sin(π·x)", False, lambda x, _y: _wave(x), "torch.sin(torch.pi * x)"),
        Feature("siny", "sin(π·y)", True, lambda _x, y: _wave(y), "torch.sin(torch.pi * y)"),
    )
}


def expand(inputs: Floats, names: Sequence[str]) -> Floats:
    """The named features of points.

    Args:
        inputs: shape (n, 1) or (n, 2).
        names: keys of `FEATURES`; those that need y only for two coordinates.

    Returns:
        Shape (n, len(names)).

    Raises:
        DataError: for a feature these inputs do not have.
    """
    allowed = [name for name, feature in FEATURES.items() if inputs.shape[1] == 2 or not feature.needs_y]
    for name in names:
        if name not in allowed:
            raise DataError(f"there is no feature {name!r} of these inputs (one of: {', '.join(allowed)})")
    x, y = inputs[:, 0], inputs[:, -1]
    return np.column_stack([FEATURES[name].function(x, y) for name in names])
