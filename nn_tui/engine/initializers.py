"""Where the weights start. Biases start at 0, but for `pytorch`.

Sources: Glorot & Bengio 2010 (xavier), He et al. 2015 (he), LeCun et al. 1998 (lecun), Keras (truncated_normal and
variance_scaling, of which the others are cases), torch.nn.Linear's defaults (pytorch).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.engine.arrays import Array

Settings: TypeAlias = Mapping[str, int | float | str]
# (fan-in, fan-out, settings, generator): weights, shape (fan-out, fan-in).
Draw: TypeAlias = "Callable[[int, int, Settings, np.random.Generator], NDArray[np.float64]]"

FANS: dict[str, Callable[[int, int], float]] = {
    "fan_in": lambda n_in, _n_out: n_in,
    "fan_out": lambda _n_in, n_out: n_out,
    "fan_avg": lambda n_in, n_out: (n_in + n_out) / 2.0,
}
"""What `variance_scaling` divides by."""

DISTRIBUTIONS = ("normal", "truncated_normal", "uniform")

_CUT = 2.0
"""Standard deviations at which a truncated normal distribution ends."""
_CUT_SPREAD = 0.87962566103423978
"""The standard deviation of what is left of a standard normal one."""


@dataclass(frozen=True)
class Initializer:
    """Draws one layer's parameters.

    Attributes:
        name: the name scenarios use.
        formula: the distribution, for people (n_in and n_out are the layer's fan-in and fan-out).
        summary: a sentence of help.
        weights: draws the weights, in float64, so that a float32 and a float64 run start alike.
        defaults: the settings, with their defaults.
        bias: draws the biases (n_out,) from (fan-in, fan-out, generator); 0 without it.
        symmetric: whether all units of a layer start alike, and so stay alike.
    """

    name: str
    formula: str
    summary: str
    weights: Draw
    defaults: Mapping[str, int | float | str] = field(default_factory=dict)
    bias: Callable[[int, int, np.random.Generator], NDArray[np.float64]] | None = None
    symmetric: bool = False

    def draw(
        self, weight: Array, bias: Array, generator: np.random.Generator, settings: Settings | None = None
    ) -> None:
        """Fills a layer's parameters in place.

        Args:
            weight: shape (n_out, n_in).
            bias: shape (n_out,).
            generator: the layer's own.
            settings: values for any of `defaults`.
        """
        n_out, n_in = weight.shape
        weight[:] = self.weights(n_in, n_out, {**self.defaults, **(settings or {})}, generator)
        bias[:] = 0.0 if self.bias is None else self.bias(n_in, n_out, generator)


def _filled(value: float | None) -> Draw:
    """Every weight the same: the value, or that of the settings."""

    def draw(n_in: int, n_out: int, settings: Settings, _generator: np.random.Generator) -> NDArray[np.float64]:
        return np.full((n_out, n_in), float(settings["value"]) if value is None else value)

    return draw


def _uniform(n_in: int, n_out: int, settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
    return generator.uniform(float(settings["low"]), float(settings["high"]), (n_out, n_in))


def _normal(n_in: int, n_out: int, settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
    return generator.normal(0.0, float(settings["std"]), (n_out, n_in))


def _truncated(n_in: int, n_out: int, settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
    return float(settings["std"]) * _within(generator, (n_out, n_in))


def _within(generator: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Standard normal numbers, those beyond the cut drawn again until none is left."""
    drawn = generator.standard_normal(shape)
    while (beyond := np.abs(drawn) > _CUT).any():
        drawn[beyond] = generator.standard_normal(int(beyond.sum()))
    return drawn


def _scaled(scale: float, fan: str, distribution: str) -> Draw:
    """Weights of the variance scale / fan, whatever the distribution."""

    def draw(n_in: int, n_out: int, _settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
        variance = scale / FANS[fan](n_in, n_out)
        if distribution == "uniform":
            bound = np.sqrt(3.0 * variance)
            return generator.uniform(-bound, bound, (n_out, n_in))
        if distribution == "truncated_normal":
            return float(np.sqrt(variance)) / _CUT_SPREAD * _within(generator, (n_out, n_in))
        return generator.normal(0.0, np.sqrt(variance), (n_out, n_in))

    return draw


def _variance_scaling(n_in: int, n_out: int, settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
    draw = _scaled(float(settings["scale"]), str(settings["mode"]), str(settings["distribution"]))
    return draw(n_in, n_out, settings, generator)


def _xavier(n_in: int, n_out: int, _settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
    bound = np.sqrt(6.0 / (n_in + n_out))
    return generator.uniform(-bound, bound, (n_out, n_in))


def _pytorch(n_in: int, n_out: int, _settings: Settings, generator: np.random.Generator) -> NDArray[np.float64]:
    bound = 1.0 / np.sqrt(n_in)
    return generator.uniform(-bound, bound, (n_out, n_in))


def _pytorch_bias(n_in: int, n_out: int, generator: np.random.Generator) -> NDArray[np.float64]:
    bound = 1.0 / np.sqrt(n_in)
    return generator.uniform(-bound, bound, n_out)


INITIALIZERS = {
    initializer.name: initializer
    for initializer in (
        Initializer(
            "zeros",
            "w = 0",
            "All weights 0: every unit of a layer learns the same, for ever.",
            _filled(0.0),
            symmetric=True,
        ),
        Initializer(
            "ones",
            "w = 1",
            "All weights 1: every unit of a layer learns the same, for ever.",
            _filled(1.0),
            symmetric=True,
        ),
        Initializer(
            "constant",
            "w = value",
            "All weights the same number: every unit of a layer learns the same, for ever.",
            _filled(None),
            {"value": 0.1},
            symmetric=True,
        ),
        Initializer(
            "uniform",
            "w ~ U(low, high)",
            "Any number of a range equally likely, whatever the layer's width.",
            _uniform,
            {"low": -0.05, "high": 0.05},
        ),
        Initializer(
            "normal",
            "w ~ N(0, std²)",
            "Normal numbers of one spread, whatever the layer's width.",
            _normal,
            {"std": 1.0},
        ),
        Initializer(
            "truncated_normal",
            "w ~ N(0, std²), |w| ≤ 2·std",
            "Normal numbers of one spread, none beyond twice of it.",
            _truncated,
            {"std": 0.05},
        ),
        Initializer(
            "xavier",
            "w ~ U(−√(6 / (n_in + n_out)), +√(6 / (n_in + n_out)))",
            "Keeps the spread forward and backward behind sigmoid and tanh (Glorot's).",
            _xavier,
        ),
        Initializer(
            "xavier_normal",
            "w ~ N(0, 2 / (n_in + n_out))",
            "As xavier, of normal numbers.",
            _scaled(1.0, "fan_avg", "normal"),
        ),
        Initializer(
            "he",
            "w ~ N(0, 2 / n_in)",
            "Keeps the spread behind ReLU and its kin, which let half of it through.",
            _scaled(2.0, "fan_in", "normal"),
        ),
        Initializer(
            "he_uniform",
            "w ~ U(−√(6 / n_in), +√(6 / n_in))",
            "As he, of any number of a range.",
            _scaled(2.0, "fan_in", "uniform"),
        ),
        Initializer(
            "lecun",
            "w ~ N(0, 1 / n_in)",
            "Keeps the spread of a layer's inputs; what SELU needs.",
            _scaled(1.0, "fan_in", "normal"),
        ),
        Initializer(
            "lecun_uniform",
            "w ~ U(−√(3 / n_in), +√(3 / n_in))",
            "As lecun, of any number of a range.",
            _scaled(1.0, "fan_in", "uniform"),
        ),
        Initializer(
            "variance_scaling",
            "Var(w) = scale / n, n = n_in, n_out or their mean",
            "The family that xavier, he and lecun belong to.",
            _variance_scaling,
            {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"},
        ),
        Initializer(
            "pytorch",
            "w, b ~ U(−1/√n_in, +1/√n_in)",
            "What PyTorch's linear layers start from, biases included.",
            _pytorch,
            bias=_pytorch_bias,
        ),
    )
}
