"""A network as a function of one or two raw inputs: its decision map, its units' maps, its fitted curve."""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Network, with_ones
from nn_tui.floats import Floats
from nn_tui.training.look.packing import floats, levels
from nn_tui.training.look.parts import Curve, Map

CURVE_POINTS = 200
MOST_UNITS = 64
"""Units of a layer whose maps are drawn."""

_BLOCK = 256
_MARGIN = 0.05


class Plane:
    """Where a data set with one or two raw inputs lies.

    Attributes:
        dataset: whose feature map and scaling raw inputs go through.
        x, y: the ends of the rectangle shown; of one input, y is the range of the targets.

    Of several targets the first is shown.
    """

    def __init__(self, dataset: Dataset, coordinates: Floats, targets: Floats) -> None:
        """
        Args:
            dataset: what the network learns from.
            coordinates: raw inputs of all examples, shape (n, 1) or (n, 2).
            targets: theirs, shape (n,), in their own units.
        """
        self.dataset = dataset
        self.dimensions = coordinates.shape[1]
        self.x = _range(coordinates[:, 0])
        self.y = _range(coordinates[:, 1] if self.dimensions == 2 else targets)
        self._targets = (float(targets.min()), float(targets.max()))
        self._prepared: tuple[tuple[int, int], Array] | None = None

    def _inputs(self, network: Network, grid: tuple[int, int]) -> Array:
        """Network inputs of the middles of a grid's cells, (columns·rows, features + 1), top row first."""
        if self._prepared is None or self._prepared[0] != grid:
            columns, rows = grid
            x, y = _middles(self.x, columns), _middles(self.y, rows)[::-1]
            raw = np.column_stack((np.tile(x, rows), np.repeat(y, columns)))
            self._prepared = grid, with_ones(self.dataset.transform(raw), network.dtype)
        return self._prepared[1]

    def boundary(self, network: Network, grid: tuple[int, int]) -> Map:
        """What the network makes of every place; see `Map.values`.

        Args:
            network: at its present parameters.
            grid: columns and rows.
        """
        prediction = predictions(network, self._inputs(network, grid))
        if self.dataset.task == "regression":
            low, high = self._targets
            scaled_back = self._first_target(prediction)
            return self._map(grid, scaled_back, low, high if high > low else low + 1.0)
        if self.dataset.task == "binary":
            return self._map(grid, prediction[-1], 0.0, 1.0)
        winner = prediction.argmax(axis=0)
        doubt = (1.0 - prediction.max(axis=0)) / 2.0
        return self._map(grid, winner + doubt, 0.0, float(len(prediction)))

    def unit_maps(self, network: Network, grid: tuple[int, int], layer: int) -> tuple[Map, ...]:
        """What each unit of a layer gives at every place, for the first `MOST_UNITS` of them."""
        inputs = self._inputs(network, grid)
        with np.errstate(all="ignore"):
            hidden = network.hidden_activations(inputs)
        outputs = hidden[layer] if layer < len(hidden) else predictions(network, inputs)
        return tuple(self._map(grid, values, *_colors(values)) for values in outputs[:MOST_UNITS])

    def curve(self, network: Network) -> Curve:
        """The prediction over the one raw input: a value, or of two classes the probability of class 1."""
        x = np.linspace(*self.x, CURVE_POINTS)
        inputs = with_ones(self.dataset.transform(x[:, np.newaxis]), network.dtype)
        prediction = predictions(network, inputs)
        regression = self.dataset.task == "regression"
        return Curve(x=floats(x), y=floats(self._first_target(prediction) if regression else prediction[-1]))

    def _first_target(self, prediction: Array) -> Floats:
        first: Floats = self.dataset.own_units(prediction.T)[:, 0]
        return first

    def _map(self, grid: tuple[int, int], values: Array, low: float, high: float) -> Map:
        return Map(columns=grid[0], rows=grid[1], x=self.x, y=self.y, values=levels(values), low=low, high=high)


def predictions(network: Network, inputs: Array) -> Array:
    """Predictions (outputs, n) in a new array, for inputs (n, features + 1) as in `Batch`.

    Walks in blocks of one size, the last one filled up, so that few of the network's buffers are taken.
    """
    count = inputs.shape[0]
    out = np.empty((network.outputs, count), network.dtype)
    with np.errstate(all="ignore"):
        for start in range(0, count, _BLOCK):
            block = inputs[start : start + _BLOCK]
            size = block.shape[0]
            if size < _BLOCK:
                block = np.concatenate((block, np.repeat(block[-1:], _BLOCK - size, axis=0)))
            out[:, start : start + size] = network.forward(block)[:, :size]
    return out


def _range(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _middles(ends: tuple[float, float], cells: int) -> Floats:
    low, high = ends
    edges = np.linspace(low, high, cells + 1)
    return edges[:-1] + (high - low) / (2 * cells)


def _colors(values: Array) -> tuple[float, float]:
    """Of a unit that is never negative from 0 on, of others as far down as up, so that 0 keeps its color."""
    low, high = float(values.min()), float(values.max())
    reach = max(-low, high) or 1.0
    return (0.0 if low >= 0.0 else -reach), reach
