"""Gradient clipping (Pascanu et al. 2013): by norm keeps the direction, by value cuts each coordinate."""

import numpy as np

from nn_tui.engine.arrays import Array


def clip_norm(gradient: Array, limit: float, norm: float) -> None:
    """Scales `gradient` (any shape, in place) down to the L2 norm `limit` where its norm, given, is above."""
    if norm > limit:
        np.multiply(gradient, limit / norm, gradient)


def clip_value(gradient: Array, limit: float) -> None:
    """Cuts each coordinate of `gradient` (any shape, in place) to [−limit, limit]."""
    np.clip(gradient, -limit, limit, out=gradient)
