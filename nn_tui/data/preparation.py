"""From raw inputs to a network's: the feature map, then the scaling."""

from collections.abc import Sequence

from nn_tui.data.errors import DataError
from nn_tui.data.features import expand
from nn_tui.data.scaling import Scaling
from nn_tui.floats import Floats
from nn_tui.wording import counted, listed


def prepared(raw: Floats, columns: Sequence[str], features: Sequence[str] | None, scaling: Scaling) -> Floats:
    """Raw inputs (n, columns) as the network takes them, (n, features), in a new array.

    Args:
        raw: what the columns hold.
        columns: their names.
        features: names of a feature map for points, or None.
        scaling: of the mapped inputs.

    Raises:
        DataError: for another number of columns.
    """
    if raw.ndim != 2 or raw.shape[1] != len(columns):
        found = f"{raw.shape[1]}" if raw.ndim == 2 else f"an array of {raw.ndim} dimensions"
        raise DataError(f"expected {counted(len(columns), 'input')} a sample ({listed(columns)}), found {found}")
    return scaling.apply(raw if features is None else expand(raw, features))
