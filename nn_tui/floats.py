"""The type of most arrays outside the engine."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Float64 numbers, in whatever shape is said beside it."""
