"""Activation functions: each one small object in `ACTIVATIONS`.

Sources: the course notes, section 1.2 (sigmoid, tanh, ReLU); Maas et al. 2013 (leaky ReLU); Clevert et al. 2016 (ELU);
Klambauer et al. 2017 (SELU); Hendrycks & Gimpel 2016 (GELU); Elfwing et al. 2018 (SiLU); Dugas et al. 2001 (softplus);
Howard et al. 2019 (the hard sigmoid, as PyTorch and Keras 3 have it).

All functions work in place on preallocated arrays of one float dtype, of any shape. `function(z, a)` writes f(z) into
`a`; `backward(z, a, delta, scratch)` multiplies `delta` by f'(z), given a = f(z).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from nn_tui.engine import normal

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array

LEAKY_SLOPE = 0.01
SELU_SCALE, SELU_REACH = 1.0507009873554805, 1.7580993408473766
"""λ, and λα, how far below 0 it goes: what keeps mean 0 and variance 1 from layer to layer."""


class Constant(dict[Any, Any]):
    """A number as a zero-dimensional array, by dtype: it costs a small ufunc half of what a Python number does."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def __missing__(self, dtype: np.dtype[Any]) -> Any:
        return self.setdefault(dtype, np.array(self._value, dtype))


_ZERO, _ONE = Constant(0.0), Constant(1.0)
# Below them e^−z is not finite in the dtype.
_LOWEST_SINGLE, _LOWEST_DOUBLE = Constant(-80.0), Constant(-700.0)

Function: TypeAlias = "Callable[[Array, Array], None]"
Backward: TypeAlias = "Callable[[Array, Array, Array, Array], None]"


@dataclass(frozen=True)
class Activation:
    """An activation function.

    Attributes:
        name: the name scenarios use.
        formula: f(x), for people.
        derivative_formula: f'(x), for people.
        summary: a sentence of help.
        function: writes f(z) into its second argument.
        backward: (z, a, delta, scratch): delta *= f'(z), with a = f(z); may overwrite scratch.
        saturates_below, saturates_above: an output at or beyond these counts as saturated (the slope is down to about
            a tenth of its maximum, or to 0 for relu); None on a side that does not saturate.
        can_die: whether a unit can be exactly 0, with zero gradient, for every sample: its output is 0 wherever z ≤ 0.
        steepest: no |f'| is above it; infinite where there is no such bound.
        initializer: the name of the initializer whose weights keep the spread of its outputs from layer to layer.
        linear: whether layers of it, one after the other, are no more than one.
        pytorch: its module in PyTorch, or an expression in x where there is none; empty where it has neither.
    """

    name: str
    formula: str
    derivative_formula: str
    summary: str
    function: Function
    backward: Backward
    saturates_below: float | None = None
    saturates_above: float | None = None
    can_die: bool = False
    steepest: float = 1.0
    initializer: str = "xavier"
    linear: bool = False
    pytorch: str = ""

    @property
    def squashes(self) -> bool:
        """Whether it saturates on both sides, so that no input is far enough away to be told from a farther one."""
        return self.saturates_below is not None and self.saturates_above is not None

    def __call__(self, z: Array) -> Array:
        """f(z) in a new array of z's shape and dtype."""
        out = np.empty_like(z)
        self.function(z, out)
        return out

    def derivative(self, z: Array) -> Array:
        """f'(z) in a new array of z's shape and dtype."""
        out = np.ones_like(z)
        self.backward(z, self(z), out, np.empty_like(z))
        return out


def sigmoid(z: Array, a: Array) -> None:
    """σ(z) = 1 / (1 + e^−z); exp's argument is bounded, so no z overflows."""
    dtype = z.dtype
    np.maximum(z, (_LOWEST_SINGLE if dtype == np.float32 else _LOWEST_DOUBLE)[dtype], out=a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(a, _ONE[dtype], a)
    np.reciprocal(a, a)


def sigmoid_backward(_z: Array, a: Array, delta: Array, scratch: Array) -> None:
    """σ' = σ(1 − σ), as δσ − δσ·σ: no constant, so that small arrays cost three bare ufuncs."""
    np.multiply(delta, a, scratch)
    np.multiply(scratch, a, delta)
    np.subtract(scratch, delta, delta)


def _tanh(z: Array, a: Array) -> None:
    np.tanh(z, out=a)


def _tanh_backward(_z: Array, a: Array, delta: Array, scratch: Array) -> None:
    np.multiply(delta, a, scratch)
    np.multiply(scratch, a, scratch)
    np.subtract(delta, scratch, delta)


def _relu(z: Array, a: Array) -> None:
    np.maximum(z, _ZERO[z.dtype], out=a)


def _relu_backward(_z: Array, a: Array, delta: Array, scratch: Array) -> None:
    np.sign(a, scratch)
    np.multiply(delta, scratch, delta)


def _leaky_relu(z: Array, a: Array) -> None:
    np.multiply(z, LEAKY_SLOPE, out=a)
    np.maximum(z, a, out=a)


def _leaky_relu_backward(z: Array, _a: Array, delta: Array, scratch: Array) -> None:
    np.heaviside(z, 0.0, out=scratch)
    np.maximum(scratch, LEAKY_SLOPE, out=scratch)
    delta *= scratch


def _elu(z: Array, a: Array) -> None:
    np.minimum(z, 0.0, out=a)
    np.expm1(a, out=a)
    np.maximum(a, z, out=a)


def _elu_backward(_z: Array, a: Array, delta: Array, scratch: Array) -> None:
    # a = eˣ − 1 where x ≤ 0, so that f' = a + 1 there, and min(a, 0) + 1 is f' everywhere
    np.minimum(a, 0.0, out=scratch)
    scratch += 1.0
    delta *= scratch


def _selu(z: Array, a: Array) -> None:
    np.minimum(z, 0.0, out=a)
    np.expm1(a, out=a)
    a *= SELU_REACH
    np.multiply(z, SELU_SCALE, out=a, where=z > 0.0)


def _selu_backward(z: Array, a: Array, delta: Array, scratch: Array) -> None:
    # a = λα(eˣ − 1) where x ≤ 0, so that f' = a + λα there, and λ where x > 0
    np.minimum(a, 0.0, out=scratch)
    scratch += SELU_REACH
    np.copyto(scratch, SELU_SCALE, where=z > 0.0)
    delta *= scratch


def _gelu(z: Array, a: Array) -> None:
    normal.cdf(z, a)
    a *= z


def _gelu_backward(z: Array, _a: Array, delta: Array, scratch: Array) -> None:
    normal.gelu_slope(z, scratch)
    delta *= scratch


def _silu(z: Array, a: Array) -> None:
    sigmoid(z, a)
    a *= z


def _silu_backward(z: Array, a: Array, delta: Array, scratch: Array) -> None:
    # f' = σ + a(1 − σ), as δσ + a(δ − δσ)
    sigmoid(z, scratch)
    scratch *= delta
    delta -= scratch
    delta *= a
    delta += scratch


def _softplus(z: Array, a: Array) -> None:
    # ln(1 + e^z) is above z by less than rounding shows from 40 on, where e^z need not be known.
    np.minimum(z, 40.0, out=a)
    np.exp(a, out=a)
    np.log1p(a, out=a)
    np.maximum(a, z, out=a)


def _softplus_backward(z: Array, _a: Array, delta: Array, scratch: Array) -> None:
    sigmoid(z, scratch)
    delta *= scratch


def _exponential(z: Array, a: Array) -> None:
    np.exp(z, out=a)


def _exponential_backward(_z: Array, a: Array, delta: Array, _scratch: Array) -> None:
    delta *= a


def _hard_sigmoid(z: Array, a: Array) -> None:
    np.multiply(z, 1.0 / 6.0, out=a)
    a += 0.5
    np.clip(a, 0.0, 1.0, out=a)


def _hard_sigmoid_backward(_z: Array, a: Array, delta: Array, scratch: Array) -> None:
    # 1/6 where a is neither 0 nor 1, which is where a − a² is above 0
    np.multiply(a, a, scratch)
    np.subtract(a, scratch, scratch)
    np.sign(scratch, scratch)
    scratch *= 1.0 / 6.0
    delta *= scratch


def _identity(z: Array, a: Array) -> None:
    np.copyto(a, z)


def _identity_backward(_z: Array, _a: Array, _delta: Array, _scratch: Array) -> None:
    return


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "sigmoid",
            "1 / (1 + e^−x)",
            "σ(x)·(1 − σ(x))",
            "An S from 0 to 1; its slope is at most 1/4, so that gradients shrink from layer to layer.",
            sigmoid,
            sigmoid_backward,
            saturates_below=0.025,
            saturates_above=0.975,
            steepest=0.25,
            pytorch="nn.Sigmoid()",
        ),
        Activation(
            "tanh",
            "(e^x − e^−x) / (e^x + e^−x)",
            "1 − tanh²(x)",
            "An S from −1 to 1, steepest at 0: small numbers pass as they are, large ones saturate.",
            _tanh,
            _tanh_backward,
            saturates_below=-0.95,
            saturates_above=0.95,
            pytorch="nn.Tanh()",
        ),
        Activation(
            "relu",
            "max(0, x)",
            "1 if x > 0 else 0",
            "Lets through what is above 0, and nothing else; a unit that is 0 for every sample learns no more.",
            _relu,
            _relu_backward,
            saturates_below=0.0,
            can_die=True,
            initializer="he",
            pytorch="nn.ReLU()",
        ),
        Activation(
            "leaky_relu",
            f"x if x > 0 else {LEAKY_SLOPE}·x",
            f"1 if x > 0 else {LEAKY_SLOPE}",
            "ReLU with a small slope below 0, so that no unit stops learning.",
            _leaky_relu,
            _leaky_relu_backward,
            initializer="he",
            pytorch=f"nn.LeakyReLU({LEAKY_SLOPE})",
        ),
        Activation(
            "elu",
            "x if x > 0 else e^x − 1",
            "1 if x > 0 else e^x",
            "ReLU that bends smoothly down to −1, so that outputs lie around 0.",
            _elu,
            _elu_backward,
            saturates_below=-0.9,
            initializer="he",
            pytorch="nn.ELU()",
        ),
        Activation(
            "selu",
            f"{SELU_SCALE}·x if x > 0 else {SELU_REACH}·(e^x − 1)",
            f"{SELU_SCALE} if x > 0 else {SELU_REACH}·e^x",
            "ELU at the scale that keeps mean 0 and variance 1 from layer to layer, behind lecun weights.",
            _selu,
            _selu_backward,
            saturates_below=-0.9 * SELU_REACH,
            steepest=SELU_REACH,
            initializer="lecun",
            pytorch="nn.SELU()",
        ),
        Activation(
            "gelu",
            "x·Φ(x)",
            "Φ(x) + x·φ(x)",
            "ReLU with a smooth bend: each number times the chance that a normal one lies below it.",
            _gelu,
            _gelu_backward,
            steepest=1.13,
            initializer="he",
            pytorch="nn.GELU()",
        ),
        Activation(
            "silu",
            "x·σ(x)",
            "σ(x)·(1 + x·(1 − σ(x)))",
            "ReLU with a smooth bend: each number times its sigmoid.",
            _silu,
            _silu_backward,
            steepest=1.1,
            initializer="he",
            pytorch="nn.SiLU()",
        ),
        Activation(
            "softplus",
            "ln(1 + e^x)",
            "σ(x)",
            "ReLU with a smooth bend that is nowhere 0.",
            _softplus,
            _softplus_backward,
            saturates_below=0.1,
            initializer="he",
            pytorch="nn.Softplus()",
        ),
        Activation(
            "exponential",
            "e^x",
            "e^x",
            "Grows past all bounds: a layer of it multiplies what others add, and soon overflows.",
            _exponential,
            _exponential_backward,
            steepest=math.inf,
            pytorch="torch.exp(x)",
        ),
        Activation(
            "hard_sigmoid",
            "max(0, min(1, x/6 + 1/2))",
            "1/6 if |x| < 3 else 0",
            "A sigmoid of three straight lines: quick to compute, and flat beyond 3.",
            _hard_sigmoid,
            _hard_sigmoid_backward,
            saturates_below=0.0,
            saturates_above=1.0,
            steepest=1.0 / 6.0,
            pytorch="nn.Hardsigmoid()",
        ),
        Activation(
            "identity",
            "x",
            "1",
            "Passes everything on as it is: any number of such layers are no more than one.",
            _identity,
            _identity_backward,
            linear=True,
            pytorch="nn.Identity()",
        ),
    )
}
