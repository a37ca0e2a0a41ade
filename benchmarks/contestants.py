"""The contestants of `engine.py`: each takes training steps on batches that are already in memory.

A step is forward, loss, backward and update, with relu, softmax with cross-entropy, and Adam at 0.001, all in float32.
A contestant is built afresh for every round, so that none trains into denormal numbers; building is not timed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np

from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.engine.optimizers import OPTIMIZERS

LEARNING_RATE = 0.001
BATCHES = 16
"""Batches a contestant goes round, except where there is one full batch."""

Run = Callable[[int], Any]
"""Takes that many steps; returns the last loss, or None where there is none to return."""


@dataclass(frozen=True)
class Net:
    """A network's widths, inputs to classes, and its batch size."""

    widths: tuple[int, ...]
    batch: int
    full: bool = False

    @property
    def name(self) -> str:
        return f"{'-'.join(map(str, self.widths))}, {'full batch' if self.full else 'batch'} {self.batch}"

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum((inputs + 1) * units for inputs, units in pairwise(self.widths))

    def samples(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Batches of inputs (n, features) and random classes (n,): labels that cannot be learned soon."""
        draw = np.random.default_rng(0)
        shape = (self.batch, self.widths[0])
        return [
            (draw.standard_normal(shape).astype(np.float32), draw.integers(0, self.widths[-1], self.batch))
            for _ in range(1 if self.full else BATCHES)
        ]


def network_of(net: Net) -> Network:
    hidden = [LayerSpec(units, "relu") for units in net.widths[1:-1]]
    network = Network(net.widths[0], hidden, net.widths[-1], loss="ce", output="softmax")
    network.initialize("he", 0)
    return network


def ours(net: Net) -> Run:
    network = network_of(net)
    optimizer = OPTIMIZERS["adam"](network.parameters, network.gradient)
    classes = np.eye(net.widths[-1], dtype=np.float32)
    batches = itertools.cycle(
        [Batch(with_ones(x, network.dtype), np.ascontiguousarray(classes[y].T)) for x, y in net.samples()]
    )

    def run(steps: int) -> float:
        loss = 0.0
        for batch in itertools.islice(batches, steps):
            loss, pieces = network.loss_and_pieces(batch)
            optimizer.step(LEARNING_RATE, pieces)
        return loss

    return run


def as_sequential(torch: ModuleType, network: Network) -> Any:
    """A relu network of ours as PyTorch's, at the same weights."""
    layers: list[Any] = []
    for layer in network.layers:
        linear = torch.nn.Linear(layer.inputs, layer.units)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(layer.weight.copy()))
            linear.bias.copy_(torch.from_numpy(layer.bias.copy()))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def pytorch(torch: ModuleType, fused: bool) -> Callable[[Net], Run]:
    """Eager PyTorch, from the very weights of `ours`; the loss stays a tensor, as in a usual loop."""

    def build(net: Net) -> Run:
        model, loss_of = as_sequential(torch, network_of(net)), torch.nn.CrossEntropyLoss()
        choice = {"fused": True} if fused else {}
        optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, **choice)
        batches = itertools.cycle([(torch.from_numpy(x), torch.from_numpy(y)) for x, y in net.samples()])

        def run(steps: int) -> Any:
            loss = None
            for x, y in itertools.islice(batches, steps):
                optimizer.zero_grad()
                loss = loss_of(model(x), y)
                loss.backward()
                optimizer.step()
            return None if loss is None else loss.detach()

        return run

    return build


def scikit_learn(net: Net) -> Run:
    """MLPClassifier.partial_fit, a batch a call, without shuffling and without its weight penalty."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        net.widths[1:-1],
        solver="adam",
        alpha=0.0,
        batch_size=net.batch,
        learning_rate_init=LEARNING_RATE,
        shuffle=False,
        random_state=0,
    )
    samples = net.samples()
    model.partial_fit(*samples[0], classes=np.arange(net.widths[-1]))
    batches = itertools.cycle(samples)

    def run(steps: int) -> None:
        for x, y in itertools.islice(batches, steps):
            model.partial_fit(x, y)

    return run


def floor(net: Net) -> Run:
    """The step's bare matrix products, and a copy of as many bytes as Adam must read and write.

    A weight's gradient need not be written to memory, nor read from it: it is formed piece by piece, each over the one
    before.
    """
    products = _products(net)
    # Parameters and two means.
    source, target = np.ones(3 * net.size, np.float32), np.ones(3 * net.size, np.float32)

    def run(steps: int) -> None:
        for _ in range(steps):
            for left, right, out in products:
                np.dot(left, right, out)
            np.copyto(target, source)

    return run


def _products(net: Net) -> Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    draw = np.random.default_rng(0)

    def array(*shape: int) -> np.ndarray:
        return draw.standard_normal(shape).astype(np.float32)

    piece = 32_768 if net.batch == 1 else 262_144
    products: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for index, (inputs, units) in enumerate(pairwise(net.widths)):
        weight, below, delta = array(units, inputs), array(inputs, net.batch), array(units, net.batch)
        products.append((weight, below, np.empty_like(delta)))
        rows = min(units, piece // inputs)
        room = np.empty((rows, inputs), np.float32)
        for first in range(0, units, rows):
            some = delta[first : first + rows]
            products.append((some, below.T, room[: len(some)]))
        if index > 0:
            products.append((weight.T, delta, np.empty_like(below)))
    return products
