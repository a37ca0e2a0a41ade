"""Curves of other runs, behind those of the run that is looked at: the one before a reset, pinned ones, trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line

if TYPE_CHECKING:
    from nn_tui.floats import Floats

_FAINT = 0.3
"""How much of a curve's color its ghost has, if it has none of its own."""


class Ghost(msgspec.Struct, frozen=True, eq=False):
    """Another run, as charts show it.

    Attributes:
        columns: steps, ascending, and values of whatever is known of it, by the columns' names; NaN is a gap.
        name: beside its last point, where a chart has room for it; empty for none.
        color: of its curves; None for the colors of the run that is looked at, faint.
        holds_axis: whether the axis of steps reaches to its end, where the run itself has not come so far.
        units: of each hidden layer; empty where they are those of the run that is looked at.
    """

    columns: Mapping[str, tuple[Floats, Floats]]
    name: str = ""
    color: Color | None = None
    holds_axis: bool = False
    units: tuple[int, ...] = ()

    @property
    def last_step(self) -> float:
        """The last step that is known of it; 0 where none is."""
        return max((float(steps[-1]) for steps, _ in self.columns.values() if len(steps)), default=0.0)


def ghost_lines(ghosts: Iterable[Ghost], columns: Mapping[str, Color], palette: Palette, named: str = "") -> list[Line]:
    """The lines of ghosts in a chart.

    Args:
        ghosts: the later ones over the earlier ones.
        columns: what the chart shows, with the colors of the run that is looked at.
        palette: of the chart.
        named: the column whose lines have the ghosts' names; empty for none.
    """
    return [
        Line(
            *ghost.columns[column],
            color=ghost.color or palette.background.blend(color, _FAINT),
            label=ghost.name if column == named else "",
            behind=True,
            is_ghost=True,
            is_broken=color == palette.test,
        )
        for ghost in ghosts
        for column, color in columns.items()
        if column in ghost.columns
    ]
