"""Runs that never were: an `Opened` and frames with smooth, made-up numbers, the same every time."""

import math
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.look.parts import LayerShape, LayerState, Mark, Points, Quality, Series
from nn_tui.training.worker.messages import Frame, Look, Opened


def scenario(name: str = "xor") -> Scenario:
    """A scenario of the catalog."""
    return load(catalogue.find(name))


def opened(told: Scenario | None = None, run: int = 1) -> Opened:
    """What the worker says of a two-class scenario over two inputs."""
    told = told or scenario()
    widths = [2, *(layer.units for layer in told.network.hidden), 1]
    layers = [
        LayerShape(
            name="output" if number == len(widths) - 2 else f"layer {number + 1}",
            inputs=widths[number],
            units=widths[number + 1],
            activation="sigmoid" if number == len(widths) - 2 else told.network.activation,
            can_die=told.network.activation == "relu" and number < len(widths) - 2,
        )
        for number in range(len(widths) - 1)
    ]
    per_layer = ("gradient_norm", "gradient_mean_abs", "weight_norm", "update_ratio", "dead_units")
    rows = np.arange(60)
    coordinates = np.column_stack((np.cos(2.4 * rows), np.sin(2.4 * rows))) * (rows[:, None] / 60)
    return Opened(
        run=run,
        scenario=told,
        task="binary",
        quality="accuracy",
        layers=tuple(layers),
        singles=tuple(layer.name for layer in layers),
        parameters=sum((a + 1) * b for a, b in pairwise(widths)),
        feature_names=("x", "y"),
        class_names=("0", "1"),
        target_names=("class",),
        train_samples=140,
        test_samples=60,
        columns=(
            "step", "epoch", "lr", "train.loss", "train.accuracy", "test.loss", "test.accuracy",
            *(f"{layer.name}.{name}" for layer in layers for name in per_layer),
        ),
        points=Points(
            dimensions=2,
            coordinates=coordinates.astype("<f8").tobytes(),
            targets=(coordinates.prod(axis=1) < 0).astype("<f8").tobytes(),
            train=42,
        ),
    )  # fmt: skip


@dataclass
class Run:
    """Makes frames of an imagined run: `Run(opened()).frame(step=300)`."""

    opened: Opened

    def value(self, column: str, step: NDArray[np.float64]) -> NDArray[np.float64]:
        """A column of the history at some steps."""
        falling = np.exp(-step / 400.0)
        wave = 1.0 + 0.06 * np.sin(step / 7.0)
        layer = next((n for n, shape in enumerate(self.opened.layers) if column.startswith(shape.name)), 0)
        match column.rpartition(".")[2]:
            case "loss":
                return (0.05 + 0.65 * falling) * (wave if column.startswith("train") else 1.15)
            case "accuracy" | "r2":
                return 1.0 - 0.5 * falling - (0.0 if column.startswith("train") else 0.03)
            case "gradient_norm" | "gradient_mean_abs":
                return 0.5 * falling * wave * 0.4**layer + 1e-3
            case "update_ratio":
                return 2e-3 * falling * 0.6**layer + 1e-4
            case "weight_norm":
                return 2.0 + layer + step / 1000.0
            case "dead_units":
                return np.floor(np.minimum(self.opened.layers[layer].units - 1, step / 150.0))
            case "epoch":
                return step / 9.0
            case _:
                return np.full_like(step, self.opened.scenario.training.optimizer.lr)

    def series(self, column: str, step: int, points: int, recent: bool) -> Series:
        first = max(0, step - 90) if recent else 0
        steps = np.linspace(first, step, max(2, min(points, step - first + 1)))
        values = self.value(column, steps)
        return Series(step=steps.astype("<f8").tobytes(), value=values.astype("<f8").tobytes())

    def frame(self, step: int = 336, look: Look | None = None, **changes: object) -> Frame:
        """The frame at a step, with the series that `look` asks for; further parts go into `changes`."""
        look = look or Look(columns=self.opened.columns)
        at = np.array([float(step)])
        one = {column: float(self.value(column, at)[0]) for column in self.opened.columns}
        told = self.opened.scenario
        frame = Frame(
            run=self.opened.run,
            status="paused" if step else "ready",
            step=step,
            epoch=step // 9,
            progress=step / 9.0,
            epochs=told.training.epochs,
            total_steps=told.training.epochs * 9,
            steps_per_epoch=9,
            steps_per_second=0.0,
            speed=float(told.training.speed),
            learning_rate=told.training.optimizer.lr,
            scenario=told,
            seen=step,
            train=Quality(loss=one["train.loss"], quality=one[f"train.{self.opened.quality}"]),
            test=Quality(loss=one["test.loss"], quality=one[f"test.{self.opened.quality}"]),
            layers=tuple(self._layer(layer, one) for layer in self.opened.layers),
            marks=(Mark(step=210, text="lr 0.03 → 0.01"),) if step > 210 else (),
            digest="sha256:" + "0" * 64,
            series={c: self.series(c, step, look.points, look.recent) for c in look.columns} if step else {},
        )
        return msgspec.structs.replace(frame, **changes)

    def _layer(self, layer: LayerShape, one: dict[str, float]) -> LayerState:
        return LayerState(
            gradient_norm=one[f"{layer.name}.gradient_norm"],
            gradient_mean_abs=one[f"{layer.name}.gradient_mean_abs"],
            weight_norm=one[f"{layer.name}.weight_norm"],
            update_ratio=one[f"{layer.name}.update_ratio"],
            activation_mean=0.1,
            activation_spread=0.6,
            saturated_share=math.tanh(one["epoch"] / 100.0) * 0.3,
            dead_units=int(one[f"{layer.name}.dead_units"]) if layer.can_die else 0,
            can_die=layer.can_die,
        )
