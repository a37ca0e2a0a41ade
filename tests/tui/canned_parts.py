"""The optional parts of canned frames: made up, whole numbers where a machine could round otherwise."""

import numpy as np

from nn_tui.training.messages import (
    Histogram,
    LayerHistograms,
    Opened,
)


def bell(low: float, high: float, middle: float, spread: float, bins: int = 40, total: int = 2000) -> Histogram:
    """A histogram of one hump."""
    centres = low + (np.arange(bins) + 0.5) * (high - low) / bins
    heights = np.exp(-(((centres - middle) / spread) ** 2) / 2)
    counts = np.rint(total * heights / heights.sum()).astype(int)
    return Histogram(low=low, high=high, counts=tuple(counts.tolist()))


def _sum(one: Histogram, other: Histogram) -> Histogram:
    counts = tuple(a + b for a, b in zip(one.counts, other.counts, strict=True))
    return Histogram(low=one.low, high=one.high, counts=counts)


def histograms(opened: Opened) -> tuple[LayerHistograms, ...]:
    """Weights in a bell, gradients in a narrow one, activations heaped at both ends."""
    return tuple(
        LayerHistograms(
            weights=bell(-1.7, 2.1, 0.1 * number, 0.6),
            gradients=bell(-3e-3, 2.4e-3, 0.0, 2e-4 * (number + 1)),
            activations=_sum(bell(-1.0, 1.0, -0.9, 0.15 + 0.1 * number), bell(-1.0, 1.0, 0.9, 0.15)),
        )
        for number in range(len(opened.layers))
    )
