"""Array types used all over the engine."""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.floating[Any]]
    """A float32 or float64 array; one engine run uses one dtype throughout."""
else:
    # What knows the engine's names only, as the forms of the lab do, is not to wait for NumPy's types.
    Array = Any
