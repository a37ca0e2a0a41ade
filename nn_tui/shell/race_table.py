"""How far each optimizer of a race, or of a descent, came."""

import math

import numpy as np
from rich.table import Table
from rich.text import Text

from nn_tui.engine.surfaces import SURFACES, Point, Surface
from nn_tui.shell.numbers import number, score
from nn_tui.training.history import History
from nn_tui.training.replay import Run
from nn_tui.training.summary import LaneSummary

_NEAR = 0.04
"""How near to a point of the surface an end is beside it, as a share of the region's diagonal."""
_ARRIVED = 0.01
"""The share of the height at the start below which a descent is 99 % down."""


def race_table(run: Run) -> Table:
    """A row for each; the best one set off, with a word that says so."""
    return _descents(run) if run.scenario.data.function is not None else _networks(run)


def _networks(run: Run) -> Table:
    race = run.summary.race
    names = list(race[0].scores)
    running = [lane for lane in race if lane.diverged_at is None]
    best = min(running, key=lambda lane: lane.scores["loss"], default=None)
    table = _table(["rate", *(["train " + {"r2": "R²"}.get(name, name) for name in names])])
    for lane, rate in zip(race, _rates(run), strict=True):
        cells = [rate, *(score(name, lane.scores[name]) for name in names)]
        _add(table, lane, cells, [], lane is best)
    return table


def _descents(run: Run) -> Table:
    assert run.scenario.data.function is not None
    surface = SURFACES[run.scenario.data.function]
    race = run.summary.race
    arrivals = [_arrival(run.history, surface, lane) for lane in race]
    ranks = [
        (math.inf if arrival is None else arrival, lane.scores["loss"] if lane.diverged_at is None else math.inf)
        for lane, arrival in zip(race, arrivals, strict=True)
    ]
    best = race[ranks.index(min(ranks))] if len(race) > 1 else None
    table = _table(["rate", "height", "x", "y", "99 % down at"])
    for lane, rate, arrival in zip(race, _rates(run), arrivals, strict=True):
        scores = lane.scores
        place = [_coordinate(scores[name]) for name in ("x", "y")]
        cells = [rate, number(scores["loss"]), *place, f"step {arrival:,}" if arrival is not None else "–"]
        _add(table, lane, cells, _whereabouts(surface, lane), lane is best)
    return table


def _table(columns: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("optimizer", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    return table


def _add(table: Table, lane: LaneSummary, cells: list[str], notes: list[str], is_best: bool) -> None:
    if lane.diverged_at is not None:
        notes = [f"diverged at step {lane.diverged_at:,}"]
    style = "bold blue" if is_best else ""
    table.add_row(lane.name, *cells, Text(", ".join([*notes, *(["best"] if is_best else [])])), style=style)


def _rates(run: Run) -> list[str]:
    training = run.scenario.training
    return [f"{rule.lr:g}" for rule in training.race or (training.optimizer,)]


def _arrival(history: History, surface: Surface, lane: LaneSummary) -> int | None:
    """The step from which on a lane was as good as at the lowest point; None if it never was."""
    heights = history.overview(f"race.{lane.name}.loss")
    lowest = _lowest(surface)
    limit = lowest + _ARRIVED * (float(heights.maximum[0]) - lowest)
    above = np.flatnonzero(~(heights.maximum <= limit))
    first = int(above[-1]) + 1 if len(above) else 0
    return int(heights.step[first]) if first < len(heights.step) else None


def _whereabouts(surface: Surface, lane: LaneSummary) -> list[str]:
    """The minimum or saddle beside which a lane ended, or that it left the region."""
    x, y = lane.scores["x"], lane.scores["y"]
    (left, right), (bottom, top) = surface.x_range, surface.y_range
    near = _NEAR * math.hypot(right - left, top - bottom)

    def beside(points: tuple[Point, ...]) -> Point | None:
        return next((point for point in points if math.dist(point, (x, y)) <= near), None)

    if (point := beside(surface.minima)) is not None:
        lowest = _lowest(surface)
        is_lowest = surface.function(*point) - lowest <= 1e-6 * max(1.0, abs(lowest))
        return ["minimum" if is_lowest else "higher minimum"]
    if beside(surface.saddles) is not None:
        return ["saddle"]
    return [] if left <= x <= right and bottom <= y <= top else ["far out"]


def _lowest(surface: Surface) -> float:
    return min(float(surface.function(*point)) for point in surface.minima)


def _coordinate(value: float) -> str:
    if abs(value) >= 1e5:
        return f"{value:.1e}"
    text = f"{value:.{3 if abs(value) < 100 else 1}f}"
    return text.lstrip("-") if float(text) == 0.0 else text
