"""Gradient-descent rules: the course notes, section 2.2.5, plus Nesterov's momentum and AdamW.

An optimizer is bound to one flat parameter vector and one flat gradient vector and steps in place. It knows nothing of
layers: a network and a two-variable surface are the same to it. Vectors are walked in blocks that stay in the
processor's cache, since on big nets the memory traffic, not the arithmetic, is the cost; where the gradient comes in
pieces, each is used up before the next is formed.

Running means are kept as decayed *sums*: where the notes write v = βv + (1 − β)g, the state is s = βs + g, and
v = (1 − β)s. The same numbers with one operation less a step; `moments` gives them in the notes' form.

Sources: Polyak 1964 (momentum), Sutskever et al. 2013 (nesterov), Duchi et al. 2011 (adagrad), Tieleman & Hinton 2012
(rmsprop), Kingma & Ba 2015 (adam), Loshchilov & Hutter 2019 (adamw).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nn_tui.engine.arrays import Array
    from nn_tui.engine.pieces import Piece

Blocks: TypeAlias = "Iterable[tuple[Any, ...]]"
"""Of each block the parameters, their gradient, their state in the order of `state_names`, and room to work in; all of
shape (size,), up to `BLOCK`."""


_FLUSH_EVERY = 64
"""Steps after which numbers too small for the processor to be quick with are looked for."""

_SYMBOLS = {"beta": "β", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε", "weight_decay": "λ"}
"""How formulas write the settings."""


class Optimizer:
    """What every optimizer has. A rule is an `_update`, which walks `_blocks` once: see `Blocks`.

    Class attributes:
        name: the name scenarios use.
        formula: one step, for people.
        default_lr: a rate to start from.
        defaults: the settings beyond the rate, with their defaults.
        state_names: the state vectors, each the size of the parameters.
        pytorch: the optimizer in PyTorch, with `{lr}` and the settings in braces; empty where it has none.
        pytorch_note: what is to be said of that, in lines of up to 100 characters.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    default_lr: ClassVar[float] = 0.1
    defaults: ClassVar[dict[str, float]] = {}
    state_names: ClassVar[tuple[str, ...]] = ()
    pytorch: ClassVar[str] = ""
    pytorch_note: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parameters: Array, gradient: Array, settings: dict[str, float] | None = None) -> None:
        """Binds to the vectors with fresh state.

        Args:
            parameters, gradient: shape (size,), one float dtype, C-contiguous; stepped in place.
            settings: values for any of `defaults`.

        Raises:
            ValueError: for a setting the optimizer does not have.
        """
        # Its types are NumPy's own, which the lab's first picture does without.
        from nn_tui.engine.arrays import BLOCK, vectors

        self.steps = 0
        self._parameters, self._gradient, self._block = parameters, gradient, BLOCK
        self.settings = dict(self.defaults)
        state = vectors(len(self.state_names), parameters.size, parameters.dtype)
        self.state = dict(zip(self.state_names, state, strict=True))
        self._dtype = parameters.dtype
        (self._room,) = vectors(1, min(BLOCK, parameters.size), parameters.dtype)
        self._whole = self._cut(slice(0, parameters.size), gradient)
        self._blocks: Blocks = self._whole
        self._pieces: dict[tuple[int, int], list[tuple[Array, ...]]] = {}
        # Arrays without a dimension: half of what a Python number costs a small ufunc.
        self._rate, self._epsilon = (np.zeros((), parameters.dtype) for _ in range(2))
        self._constants: dict[str, Array] = {}
        self.configure(settings or {})

    def configure(self, settings: dict[str, float]) -> None:
        """Changes settings, keeping the running means (Adam's as corrected) at their present values.

        Raises:
            ValueError: for a setting the optimizer does not have.
        """
        unknown = settings.keys() - self.defaults.keys()
        if unknown:
            raise ValueError(f"{self.name} has no setting {', '.join(sorted(unknown))}")
        before = dict(self.settings)
        self.settings.update(settings)
        self._rescale(before)
        self._constants = {name: np.array(value, self._dtype) for name, value in self.settings.items()}

    def _rescale(self, before: dict[str, float]) -> None:
        """Keeps the means that updates are made of the same when β changes."""
        for state, setting in self._decays().items():
            if before[setting] != self.settings[setting]:
                self.state[state] *= self._share(before[setting]) / self._share(self.settings[setting])

    def _share(self, beta: float) -> float:
        """What a decayed sum is multiplied by to give the mean that updates are made of."""
        return 1.0 - beta

    @classmethod
    def _decays(cls) -> dict[str, str]:
        """Which state is a decayed sum, and by which setting."""
        return {}

    def moments(self) -> dict[str, Array]:
        """The state in the notes' form (running means, not sums), shape (size,) each, in new arrays."""
        decays = self._decays()
        return {
            name: vector * (1.0 - self.settings[decays[name]]) if name in decays else vector.copy()
            for name, vector in self.state.items()
        }

    def terms(self, index: int, lr: float) -> dict[str, float]:
        """What the symbols of `formula` stand for in the step to come, at one parameter.

        Args:
            index: which parameter.
            lr: the rate of the step.
        """
        values = {_SYMBOLS.get(name, name): value for name, value in self.settings.items()}
        for name, vector in self.state.items():
            mean_of = self._decays().get(name)
            share = 1.0 - self.settings[mean_of] if mean_of else 1.0
            values[name] = float(vector[index]) * share
        return values | {"η": lr, "θ": float(self._parameters[index]), "g": float(self._gradient[index])}

    def step(self, lr: float, pieces: Iterable[Piece] | None = None) -> None:
        """One update of the parameters, at the rate `lr`.

        Args:
            lr: the rate.
            pieces: the gradient, piece by piece, a part always in the same place; None where the vector holds it.
        """
        self.steps += 1
        self._blocks = self._whole if pieces is None else self._blocks_of(pieces)
        self._update(lr)
        if self.steps % _FLUSH_EVERY == 0:
            for name in self._decays():
                self._flush(self.state[name])

    def _update(self, lr: float) -> None:
        """Steps at a rate, walking the blocks once."""
        raise NotImplementedError

    def _cut(self, part: slice, gradient: Array) -> list[tuple[Array, ...]]:
        """The blocks of a part of the parameters, whose gradient this is."""
        theta, *state = (vector[part] for vector in (self._parameters, *self.state.values()))
        vectors = (theta, gradient, *state)
        return [
            (*(vector[start : start + self._block] for vector in vectors), self._room[: theta.size - start])
            for start in range(0, theta.size, self._block)
        ]

    def _blocks_of(self, pieces: Iterable[Piece]) -> Iterator[tuple[Array, ...]]:
        for part, gradient in pieces:
            ends = part.start, part.stop
            if ends not in self._pieces:
                self._pieces[ends] = self._cut(part, gradient)
            yield from self._pieces[ends]

    def _flush(self, decayed: Array) -> None:
        """Sets subnormal numbers to 0.

        Where the gradient stays 0, as it does behind a dead unit, a decayed sum ends at one of the smallest numbers
        there are, for ever: 0.9 times that is rounded back to it. Processors take many times as long over such numbers.
        """
        np.copyto(decayed, 0.0, where=np.abs(decayed) < np.finfo(self._dtype).smallest_normal)


def _over_root(rate: Array, direction: Array, squares: Array, epsilon: Array, out: Array) -> Array:
    """Writes rate·direction / (√squares + ε) into `out`."""
    np.sqrt(squares, out)
    out += epsilon
    np.divide(direction, out, out)
    out *= rate
    return out


class SGD(Optimizer):
    """Plain gradient descent."""

    name = "sgd"
    formula = "θ ← θ − η·g"
    pytorch = "SGD(model.parameters(), lr={lr})"

    def _update(self, lr: float) -> None:
        rate = self._rate
        rate[()] = lr
        for theta, g, t in self._blocks:
            theta -= np.multiply(g, rate, t)


class Momentum(Optimizer):
    """A running mean of the gradient as the direction, as the notes write it (PyTorch's is its sum)."""

    name = "momentum"
    formula = "v ← β·v + (1 − β)·g;  θ ← θ − η·v"
    defaults: ClassVar[dict[str, float]] = {"beta": 0.9}
    state_names = ("v",)
    pytorch = "SGD(model.parameters(), lr={lr} * (1 - {beta}), momentum={beta})"
    pytorch_note = (
        "nn-tui's momentum is a running mean of gradients, v = beta * v + (1 - beta) * g, PyTorch's their sum,",
        "v = beta * v + g. At (1 - beta) times the rate both take the same steps, from the first on.",
    )

    @classmethod
    def _decays(cls) -> dict[str, str]:
        return {"v": "beta"}

    def _update(self, lr: float) -> None:
        beta, rate = self._constants["beta"], self._rate
        rate[()] = lr * (1.0 - self.settings["beta"])
        for theta, g, v, t in self._blocks:
            v *= beta
            v += g
            theta -= np.multiply(v, rate, t)


class Nesterov(Momentum):
    """Momentum that looks one step ahead along its direction."""

    name = "nesterov"
    formula = "v ← β·v + (1 − β)·g;  θ ← θ − η·(β·v + (1 − β)·g)"
    # At β = 0 PyTorch refuses the word.
    pytorch = "SGD(model.parameters(), lr={lr} * (1 - {beta}), momentum={beta}, nesterov={beta} > 0)"

    def _update(self, lr: float) -> None:
        beta, rate = self._constants["beta"], self._rate
        rate[()] = lr * (1.0 - self.settings["beta"])
        for theta, g, v, t in self._blocks:
            v *= beta
            v += g
            np.multiply(v, beta, t)
            t += g
            t *= rate
            theta -= t


class AdaGrad(Optimizer):
    """The rate of every parameter divided by the root of its sum of squared gradients."""

    name = "adagrad"
    formula = "G ← G + g²;  θ ← θ − η·g / (√G + ε)"
    defaults: ClassVar[dict[str, float]] = {"epsilon": 1e-10}
    pytorch = "Adagrad(model.parameters(), lr={lr}, eps={epsilon})"
    state_names = ("G",)

    def _update(self, lr: float) -> None:
        epsilon, rate = self._constants["epsilon"], self._rate
        rate[()] = lr
        for theta, g, total, t in self._blocks:
            total += np.square(g, t)
            theta -= _over_root(rate, g, total, epsilon, t)


class RMSprop(Optimizer):
    """AdaGrad with a running mean in place of the sum, so that the rate does not die away."""

    name = "rmsprop"
    formula = "E ← β·E + (1 − β)·g²;  θ ← θ − η·g / (√E + ε)"
    default_lr = 0.01
    defaults: ClassVar[dict[str, float]] = {"beta": 0.99, "epsilon": 1e-8}
    pytorch = "RMSprop(model.parameters(), lr={lr}, alpha={beta}, eps={epsilon})"
    state_names = ("E",)

    @classmethod
    def _decays(cls) -> dict[str, str]:
        return {"E": "beta"}

    def _update(self, lr: float) -> None:
        # √E = c·√s with c = √(1 − β), so g / (√E + ε) = (1/c)·g / (√s + ε/c)
        scale = math.sqrt(1.0 - self.settings["beta"])
        beta, rate, epsilon = self._constants["beta"], self._rate, self._epsilon
        rate[()], epsilon[()] = lr / scale, self.settings["epsilon"] / scale
        for theta, g, s, t in self._blocks:
            s *= beta
            s += np.square(g, t)
            theta -= _over_root(rate, g, s, epsilon, t)


class Adam(Optimizer):
    """Momentum over RMSprop, both corrected for starting at 0."""

    name = "adam"
    formula = (
        "m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  "
        "m̂ = m / (1 − β₁ᵗ);  v̂ = v / (1 − β₂ᵗ);  θ ← θ − η·m̂ / (√v̂ + ε)"
    )
    default_lr = 0.01
    defaults: ClassVar[dict[str, float]] = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    state_names = ("m", "v")
    pytorch = "Adam(model.parameters(), lr={lr}, betas=({beta1}, {beta2}), eps={epsilon})"

    @classmethod
    def _decays(cls) -> dict[str, str]:
        return {"m": "beta1", "v": "beta2"}

    def terms(self, index: int, lr: float) -> dict[str, float]:
        """Also β₁ᵗ and β₂ᵗ, with t the number of the step to come."""
        step = self.steps + 1
        powers = {"β₁ᵗ": self.settings["beta1"] ** step, "β₂ᵗ": self.settings["beta2"] ** step}
        return super().terms(index, lr) | powers

    def _share(self, beta: float) -> float:
        # Were m kept and not m̂, the next step would divide it by a correction that it was not gathered under: with a
        # β₁ raised from 0.9 to 0.99 at step 10, one seven times too small.
        return (1.0 - beta) / (1.0 - beta ** max(self.steps, 1))

    def _update(self, lr: float) -> None:
        # With the sums M and V: m̂ = a·M and √v̂ = c·√V, so m̂ / (√v̂ + ε) = (a/c)·M / (√V + ε/c)
        scale = math.sqrt(self._share(self.settings["beta2"]))
        rate, epsilon = self._rate, self._epsilon
        rate[()] = lr * self._share(self.settings["beta1"]) / scale
        epsilon[()] = self.settings["epsilon"] / scale
        beta1, beta2 = self._constants["beta1"], self._constants["beta2"]
        for theta, g, m, v, t in self._blocks:
            m *= beta1
            m += g
            v *= beta2
            v += np.square(g, t)
            theta -= _over_root(rate, m, v, epsilon, t)


class AdamW(Adam):
    """Adam with weight decay apart from the gradient, over all parameters as in PyTorch."""

    name = "adamw"
    formula = f"θ ← θ − η·λ·θ;  {Adam.formula}"
    defaults: ClassVar[dict[str, float]] = {**Adam.defaults, "weight_decay": 0.01}
    pytorch = "AdamW(model.parameters(), lr={lr}, betas=({beta1}, {beta2}), eps={epsilon}, weight_decay={weight_decay})"

    def _update(self, lr: float) -> None:
        keep = np.array(1.0 - lr * self.settings["weight_decay"], self._dtype)
        for theta, *_ in self._whole:
            theta *= keep
        super()._update(lr)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    optimizer.name: optimizer for optimizer in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam, AdamW)
}
