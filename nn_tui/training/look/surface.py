"""A surface, every optimizer's way over it, and the inner terms of their last steps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.formulas import worked
from nn_tui.engine.surfaces import Surface
from nn_tui.training.look.packing import floats, levels
from nn_tui.training.look.parts import LanePoint, Map, SurfaceView
from nn_tui.training.run.history import History
from nn_tui.training.run.problems.surface_lane import SurfaceLane

Values = NDArray[np.float64]

_ROUND = ("θ", "η", "β", "β₁", "β₂", "β₁ᵗ", "β₂ᵗ", "ε", "λ")
"""Symbols that are no inner terms: the point itself, and constants."""


def surface_view(lanes: Sequence[SurfaceLane], history: History, grid: tuple[int, int], points: int) -> SurfaceView:
    """The surface and all lanes.

    Args:
        lanes: at their present step.
        history: where its points were.
        grid: columns and rows of the map.
        points: the most points of a path.
    """
    surface = lanes[0].surface
    return SurfaceView(
        name=surface.name,
        summary=surface.summary,
        formula=surface.formula,
        height=height_map(surface, grid),
        minima=surface.minima,
        saddles=surface.saddles,
        lanes=tuple(_lane(lane, history, points) for lane in lanes),
    )


def height_map(surface: Surface, grid: tuple[int, int]) -> Map:
    """The surface's height over its region."""
    columns, rows = grid
    x = np.linspace(*surface.x_range, columns)
    y = np.linspace(*surface.y_range[::-1], rows)
    heights = np.asarray(surface.function(*np.meshgrid(x, y)), dtype=np.float64)
    return Map(
        columns=columns,
        rows=rows,
        x=surface.x_range,
        y=surface.y_range,
        values=levels(heights),
        low=float(heights.min()),
        high=float(heights.max()),
    )


def _lane(lane: SurfaceLane, history: History, points: int) -> LanePoint:
    here = lane.scores()
    terms: dict[str, tuple[float, float]] = {}
    before, update, rate = (here["x"], here["y"]), (0.0, 0.0), (0.0, 0.0)
    if lane.watched is not None:
        along_x, along_y = (_terms(lane, values) for values in lane.watched.terms)
        terms = {symbol: (along_x[symbol], along_y[symbol]) for symbol in along_x}
        before = lane.watched.before
        update = here["x"] - before[0], here["y"] - before[1]
        rate = _over(-update[0], terms["g"][0]), _over(-update[1], terms["g"][1])
    return LanePoint(
        name=lane.name,
        x=here["x"],
        y=here["y"],
        height=here["loss"],
        path=floats(_path(lane.name, history, points)),
        diverged_at=lane.diverged_at,
        terms=terms,
        before=before,
        update=update,
        rate=rate,
    )


def _terms(lane: SurfaceLane, values: dict[str, float]) -> dict[str, float]:
    """The gradient and what the formula made of it."""
    made = {line.clause.symbol: line.value for line in worked(lane.optimizer.formula, values)}
    return {"g": values["g"]} | {symbol: value for symbol, value in made.items() if symbol not in _ROUND}


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _path(lane: str, history: History, points: int) -> Values:
    """Exact rows where all are kept, else the last ones of the overview's buckets, thinned to so many."""
    path = np.column_stack([history.overview(f"race.{lane}.{axis}").last for axis in ("x", "y")])
    rows = history.recent()
    if len(rows) == len(history):
        path = rows[:, [history.columns.index(f"race.{lane}.{axis}") for axis in ("x", "y")]]
    chosen = np.unique(np.linspace(0, len(path) - 1, min(points, len(path))).astype(int))
    shown: Values = path[chosen]
    return shown
