"""Randomness without state: every draw comes from a generator keyed by (seed, purpose, index).

Nothing has to be saved to go back to a step, and one purpose's draws never disturb another's.
"""

from __future__ import annotations

import numpy as np

# Numbers, not positions in a list: adding a purpose must never move another's draws.
PURPOSES = {
    "data": 1,
    "split": 2,
    "initial-parameters": 3,
    "shuffle": 4,
    "dropout": 5,
    "probe": 6,
    "gradient-noise": 7,
    "test-pictures": 8,
    "gradient-check": 9,
    "folds": 10,
    "sweep": 16,
}


def generator(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """A fresh generator for one draw.

    Args:
        seed: the run's seed, 0 or more.
        purpose: a key of `PURPOSES`.
        index: which draw of that purpose (an epoch, a step, a layer), 0 or more.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, PURPOSES[purpose], index))))
