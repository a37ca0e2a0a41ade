"""How far each optimizer of a race, or of a descent, came."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.table import Table
from rich.text import Text

from nn_tui.engine.surfaces import SURFACES, Point, Surface
from nn_tui.numerals import column_numeral, fixed_point, in_full, scientific
from nn_tui.scenario.lanes import lane_entries
from nn_tui.shell.scores import score
from nn_tui.training.replay import Run
from nn_tui.training.run.history import History
from nn_tui.training.summary import LaneSummary
from nn_tui.wording import metric_name

_BEST = "best"
_NEAR = 0.04
"""How near to a point of the surface an end is beside it, as a share of the region's diagonal."""
_ARRIVED = 0.01
"""The share of the height at the start below which a descent is 99 % down."""


def network_tables(run: Run) -> Sequence[Sequence[Table]]:
    """A row for each network of a race, the best one set off, with a word that says so; none for one by itself."""
    return [[_table(_networks(run))]] if len(run.summary.race) > 1 else []


def descent_tables(run: Run) -> Sequence[Table]:
    """Likewise of points on a surface, the widest first."""
    columns = _descents(run)
    # Where there is no room, a word on where a point is stands for its coordinates.
    place = [column for column in columns if column.heading not in ("x", "y")]
    return _table(columns), _table(place), _table([*place[:3], place[-1]])


class _Column(NamedTuple):
    """One column, a cell for every lane; those of figures are set to the right."""

    heading: str
    cells: list[Text]
    figures: bool = True


def _networks(run: Run) -> list[_Column]:
    race = run.summary.race
    running = [lane for lane in race if lane.diverged_at is None]
    best = min(running, key=lambda lane: lane.scores["loss"], default=None)
    scores = [
        _Column(metric_name(f"train.{name}"), [Text(score(name, lane.scores[name])) for lane in race])
        for name in race[0].scores
    ]
    return [*_names_and_rates(run), *scores, _notes(race, [[] for _ in race], best)]


def _descents(run: Run) -> list[_Column]:
    surface = SURFACES[str(run.scenario.data.function)]
    race = run.summary.race
    arrivals = [_arrival(run.own_history, surface, lane) for lane in race]
    ranks = [
        (math.inf if arrival is None else arrival, lane.scores["loss"] if lane.diverged_at is None else math.inf)
        for lane, arrival in zip(race, arrivals, strict=True)
    ]
    best = race[ranks.index(min(ranks))] if min(ranks) < max(ranks) else None
    return [
        *_names_and_rates(run),
        _Column("height", [Text(column_numeral(lane.scores["loss"])) for lane in race]),
        *(_Column(name, [Text(_coordinate(lane.scores[name])) for lane in race]) for name in ("x", "y")),
        _Column("99 % down at", [Text("–" if arrival is None else f"step {arrival:,}") for arrival in arrivals]),
        _notes(race, [_whereabouts(surface, lane) for lane in race], best),
    ]


def _names_and_rates(run: Run) -> list[_Column]:
    training = run.scenario.training
    rates = [Text(in_full(lane.rule.lr)) for lane in lane_entries(training)]
    return [
        _Column(
            "lane" if any(racer.variant for racer in training.race) else "optimizer",
            [Text(lane.name) for lane in run.summary.race],
            figures=False,
        ),
        _Column("rate", rates),
    ]


def _notes(race: Sequence[LaneSummary], notes: list[list[str]], best: LaneSummary | None) -> _Column:
    for lane, said in zip(race, notes, strict=True):
        if lane.diverged_at is not None:
            said[:] = [f"diverged at step {lane.diverged_at:,}"]
        if lane is best:
            said.append(_BEST)
    return _Column("", [Text(", ".join(said)) for said in notes], figures=False)


def _table(columns: Sequence[_Column]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(
            column.heading, justify="right" if column.figures else "left", no_wrap=column is not columns[-1]
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row, style="bold blue" if row[-1].plain.endswith(_BEST) else "")
    return table


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
        return scientific(value, 1)
    return fixed_point(value, 3 if abs(value) < 100 else 1)
