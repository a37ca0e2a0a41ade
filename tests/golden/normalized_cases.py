"""The nets with normalization that `make_normalized.py` trains in PyTorch and `test_normalized_parity.py` in ours."""

from pathlib import Path
from typing import NamedTuple

GOLDEN = Path(__file__).with_name("normalized.npz")

INPUTS, HIDDEN, OUTPUTS = 3, (5, 4), 2
BATCHES = (8, 6, 2)
"""Samples of the batches, which take turns."""
STEPS = (1, 60)
RATE = 0.05


class NormalizedCase(NamedTuple):
    """One run: the hidden layers' normalizations, and their activation."""

    ways: tuple[str, str]
    activation: str

    @property
    def name(self) -> str:
        return "-".join((*self.ways, self.activation))


CASES = [
    NormalizedCase(ways, activation)
    for ways in (("batch", "batch"), ("layer", "layer"), ("batch", "layer"), ("none", "batch"))
    for activation in ("tanh", "relu")
]
