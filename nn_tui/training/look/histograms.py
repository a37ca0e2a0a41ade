"""Histograms of each layer's weights, gradients and activations."""

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Batch, Network
from nn_tui.training.look.parts import Histogram, LayerHistograms

BINS = 40
MOST_VALUES = 65_536
"""Of larger arrays, so many values evenly spread stand for all: each counts for those that are left out."""

_SAMPLES = 256


def histogram(values: Array, bins: int = BINS, ends: tuple[float, float] | None = None) -> Histogram:
    """How often values fall into bins of equal width.

    Args:
        values: any shape; those that are not finite are left out.
        bins: how many.
        ends: the first bin's lower and the last one's upper end, and what lies beyond them counts in these bins; by
            default the least and the greatest value, with a little room around a single one.
    """
    flat = values.ravel()
    every = max(1, -(-flat.size // MOST_VALUES))
    flat = flat[::every]
    if not np.isfinite(flat.sum(dtype=np.float64)):
        flat = flat[np.isfinite(flat)]
    if not flat.size:
        return Histogram(low=0.0, high=1.0, counts=(0,) * bins)
    low, high = ends or (float(flat.min()), float(flat.max()))
    if low == high:
        room = abs(low) / 2.0 or 0.5
        low, high = low - room, high + room
    # Each width is divided by the whole one: bins by so small a width may be more than there are numbers.
    with np.errstate(all="ignore"):
        shares = (flat.astype(np.float64) - low) / (high - low)
    places = np.clip(np.nan_to_num(shares) * bins, 0, bins - 1).astype(np.intp)
    return Histogram(low=low, high=high, counts=tuple((every * np.bincount(places, minlength=bins)).tolist()))


def layer_histograms(network: Network, samples: Array, batch: Batch) -> tuple[LayerHistograms, ...]:
    """Every layer's, first to last.

    Args:
        network: at its present parameters.
        samples: (n, features + 1), as in `Batch`; activations are those for the first 256.
        batch: what gradients are of.
    """
    some = samples[:_SAMPLES]
    with np.errstate(all="ignore"):
        network.loss_and_gradient(batch)
        network.forward(some)
        return tuple(
            LayerHistograms(
                weights=histogram(layer.weight),
                gradients=histogram(layer.augmented_gradient),
                activations=histogram(output),
            )
            for layer, output in zip(network.layers, network.last_pass(some.shape[0]).outputs, strict=True)
        )
