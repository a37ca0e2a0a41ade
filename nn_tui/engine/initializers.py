"""Where the weights start. Biases start at 0, but for `pytorch`.

Sources: Glorot & Bengio 2010 (xavier), He et al. 2015 (he), torch.nn.Linear's defaults (pytorch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array


NORMAL_STD = 1.0


@dataclass(frozen=True)
class Initializer:
    """Draws one layer's parameters.

    Attributes:
        name: the name scenarios use.
        formula: the distribution, for people (n_in and n_out are the layer's fan-in and fan-out).
        draw: (weight (n_out, n_in), bias (n_out,), generator): fills both in place. Drawn in float64 and rounded, so
            that a float32 and a float64 run start alike.
    """

    name: str
    formula: str
    draw: Callable[[Array, Array, np.random.Generator], None]


def _zeros(weight: Array, bias: Array, _generator: np.random.Generator) -> None:
    weight[:] = 0.0
    bias[:] = 0.0


def _normal(weight: Array, bias: Array, generator: np.random.Generator) -> None:
    weight[:] = generator.normal(0.0, NORMAL_STD, weight.shape)
    bias[:] = 0.0


def _xavier(weight: Array, bias: Array, generator: np.random.Generator) -> None:
    bound = np.sqrt(6.0 / sum(weight.shape))
    weight[:] = generator.uniform(-bound, bound, weight.shape)
    bias[:] = 0.0


def _he(weight: Array, bias: Array, generator: np.random.Generator) -> None:
    weight[:] = generator.normal(0.0, np.sqrt(2.0 / weight.shape[1]), weight.shape)
    bias[:] = 0.0


def _pytorch(weight: Array, bias: Array, generator: np.random.Generator) -> None:
    bound = 1.0 / np.sqrt(weight.shape[1])
    weight[:] = generator.uniform(-bound, bound, weight.shape)
    bias[:] = generator.uniform(-bound, bound, bias.shape)


INITIALIZERS = {
    initializer.name: initializer
    for initializer in (
        Initializer("zeros", "w = 0", _zeros),
        Initializer("normal", f"w ~ N(0, {NORMAL_STD:g}²)", _normal),
        Initializer("xavier", "w ~ U(−√(6 / (n_in + n_out)), +√(6 / (n_in + n_out)))", _xavier),
        Initializer("he", "w ~ N(0, 2 / n_in)", _he),
        Initializer("pytorch", "w, b ~ U(−1/√n_in, +1/√n_in)", _pytorch),
    )
}
