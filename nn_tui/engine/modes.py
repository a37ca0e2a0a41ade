"""The three modes of gradient descent: how many samples a step sees (the course notes, section 2.2.3)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    """A mode.

    Attributes:
        name: the name scenarios use.
        formula: the gradient of a step, for people: ℓᵢ is sample i's loss, N the size of the training set, n that of a
            mini-batch.
        summary: one line for people.
        size: the samples of a step, of a mini-batch's size and the training set's.
        shuffles: whether a pass has an order of its own.
    """

    name: str
    formula: str
    summary: str
    size: Callable[[int, int], int]
    shuffles: bool = True

    def steps(self, batch_size: int, samples: int) -> int:
        """Steps of a pass over so many samples."""
        return -(-samples // self.size(batch_size, samples))


MODES = {
    mode.name: mode
    for mode in (
        Mode(
            "batch",
            "g = 1/N Σᵢ ∇ℓᵢ, i = 1 … N",
            "all samples at every step: exact, and one step a pass",
            size=lambda _batch_size, samples: samples,
            shuffles=False,
        ),
        Mode(
            "mini-batch",
            "g = 1/n Σᵢ ∇ℓᵢ, i in n of N shuffled samples",
            "some samples at every step: noisy, and cheap",
            size=min,
        ),
        Mode(
            "stochastic",
            "g = ∇ℓᵢ, i one of N shuffled samples",
            "one sample at every step: the noisiest, N steps a pass",
            size=lambda _batch_size, _samples: 1,
        ),
    )
}
