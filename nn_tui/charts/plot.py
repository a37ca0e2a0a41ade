"""What a chart draws: lines, dots, bars and moments on one pair of axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np
from msgspec import structs

from nn_tui.charts.color import Color

if TYPE_CHECKING:
    from nn_tui.floats import Floats

Range: TypeAlias = tuple[float, float]


_FAR = 1e300
"""Of an axis that is fitted; further out a margin around it could be beyond all numbers."""


class Line(msgspec.Struct, frozen=True, eq=False):
    """A line, or single dots.

    Attributes:
        x, y: shape (n,), x ascending; NaN is a gap, an infinite y is off every scale.
        color: of it.
        label: a few letters beside its last point, to the right of the axes.
        behind: whether it lies behind all the others.
        is_ghost: whether it is of another run: fitted axes are not its own, and make only so much room for it.
        marker: a character to draw the line with instead of Braille; empty for none.
        dots: a character that single points are drawn with, instead of a line.
        is_broken: whether it is drawn in dashes.
        name: what a cursor calls it; empty for its label.
        out_of: how many things its percents are of, which a cursor counts; 0 for a line of anything else.
        exact: what a cursor reads off instead of y, shape (n,), where the line is drawn smoother than it is.
    """

    x: Floats
    y: Floats
    color: Color
    label: str = ""
    behind: bool = False
    is_ghost: bool = False
    marker: str = ""
    dots: str = ""
    is_broken: bool = False
    name: str = ""
    out_of: int = 0
    exact: Floats | None = None


class Moment(msgspec.Struct, frozen=True):
    """A vertical line at a place, with words beside it where there is room, or for a cursor alone."""

    at: float
    text: str = ""
    is_quiet: bool = False


class Zone(msgspec.Struct, frozen=True):
    """A tinted stretch of an axis, with words in it where there is room."""

    low: float
    high: float
    text: str = ""


class Bars(msgspec.Struct, frozen=True):
    """A histogram along the bottom.

    Attributes:
        low, high: where the first bin begins and the last ends.
        counts: by bin.
        share: of the plot's height that the highest bar takes.
        color, zone_color: of the bars outside and inside of the plot's `x_zones`.
    """

    low: float
    high: float
    counts: tuple[int, ...]
    share: float
    color: Color
    zone_color: Color


class Plot(msgspec.Struct, frozen=True, eq=False):
    """A pair of axes and what is on them.

    Attributes:
        lines: later ones over earlier ones, taking turns where they run together. One that leaves the axes is cut off
            at their ends and marked there, if it does not lie behind.
        x_range, y_range: the ends of the axes; None to fit the lines.
        y_holds: values that a fitted vertical axis holds in any case.
        x_unit: what the horizontal axis counts, written before its numbers.
        y_unit: what a number of the vertical axis is followed by.
        log: a logarithmic vertical axis; what is not above 0 has no place on it.
        moments: vertical lines.
        x_zones, y_zones: stretches of the axes.
        bars: behind the lines.
        whole_x: whether the horizontal axis counts things, which have no halves.
        log_x: a logarithmic horizontal axis; all of x is above 0 then.
    """

    lines: Sequence[Line]
    x_range: Range | None = None
    y_range: Range | None = None
    y_holds: Sequence[float] = ()
    x_unit: str = "step"
    y_unit: str = ""
    log: bool = False
    moments: Sequence[Moment] = ()
    x_zones: Sequence[Zone] = ()
    y_zones: Sequence[Zone] = ()
    bars: Bars | None = None
    whole_x: bool = True
    log_x: bool = False


class Placed(msgspec.Struct, frozen=True, eq=False):
    """A plot in the units its axes are linear in: along a logarithmic one everything as powers of ten."""

    lines: Sequence[Line]
    moments: Sequence[Moment]
    x_range: Range
    y_range: Range
    x_zones: Sequence[Zone]
    y_zones: Sequence[Zone]


def placed(plot: Plot) -> Placed:
    """Settles the ranges and takes logarithms; what has no logarithm becomes a gap."""
    lines = [structs.replace(line, y=_logarithms(line.y)) if plot.log else line for line in plot.lines]
    moments, x_range = plot.moments, plot.x_range
    if plot.log_x:
        lines = [structs.replace(line, x=np.log10(line.x)) for line in lines]
        moments = [structs.replace(moment, at=math.log10(moment.at)) for moment in moments]
        x_range = x_range and (math.log10(x_range[0]), math.log10(x_range[1]))
    own = [line for line in lines if not line.is_ghost]
    x_range = x_range or _fitted([line.x for line in own], 0.0)
    if plot.y_range is None:
        held = np.array(plot.y_holds, np.float64)
        y_range = _fitted([*(_shown(line, x_range) for line in own), np.log10(held) if plot.log else held], 0.04)
        y_range = _widened(y_range, [_shown(line, x_range) for line in lines if line.is_ghost])
    else:
        low, high = plot.y_range
        y_range = (math.log10(low), math.log10(high)) if plot.log else (low, high)
    return Placed(lines, moments, x_range, y_range, _zones(plot.x_zones, plot.log_x), _zones(plot.y_zones, plot.log))


def within(plot: Plot, lowest: float, highest: float) -> Plot:
    """The plot with its vertical axis fitted, but going no further than that."""
    fitted = structs.replace(plot, y_range=None)
    low, high = placed(fitted).y_range
    if plot.log:
        low, high = 10.0**low, 10.0**high
    low, high = max(low, lowest), min(high, highest)
    return structs.replace(plot, y_range=(low, high)) if low < high else fitted


def _zones(zones: Sequence[Zone], log: bool) -> Sequence[Zone]:
    return [Zone(math.log10(zone.low), math.log10(zone.high), zone.text) for zone in zones] if log else zones


def _shown(line: Line, x_range: Range) -> Floats:
    return line.y[(line.x >= x_range[0]) & (line.x <= x_range[1])]


def _widened(own: Range, ghosts: Sequence[Floats]) -> Range:
    """A range with room for ghosts too, on either side at most as much again."""
    if not any(np.isfinite(values).any() for values in ghosts):
        return own
    (low, high), (least, greatest) = own, _fitted(ghosts, 0.04)
    return min(low, max(least, 2.0 * low - high)), max(high, min(greatest, 2.0 * high - low))


def _logarithms(values: Floats) -> Floats:
    positive = values > 0.0
    return np.where(positive, np.log10(values, where=positive, out=np.zeros_like(values)), np.nan)


def _fitted(values: Sequence[Floats], margin: float) -> Range:
    """A range that holds all values, with some room, and is never empty."""
    finite = np.concatenate([*values, np.empty(0)])
    finite = np.clip(finite[np.isfinite(finite)], -_FAR, _FAR)
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        room = abs(low) * 0.5 or 0.5
        return low - room, high + room
    return low - (high - low) * margin, high + (high - low) * margin
