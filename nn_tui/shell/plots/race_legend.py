"""The legend of a race: each optimizer with its rate, in the sign and color it is drawn with."""

from collections.abc import Sequence

from rich.text import Text

from nn_tui.charts.lanes import LaneLook
from nn_tui.numerals import in_full
from nn_tui.scenario.lanes import lane_entries
from nn_tui.training.replay import Run


def legend_entries(run: Run, looks: Sequence[LaneLook], colored: bool) -> list[Text]:
    """Letter, name and rate of each lane."""
    return [
        Text.assemble(
            (look.letter, f"bold {look.color.hex}" if colored else ""), f" {look.name} {in_full(lane.rule.lr)}"
        )
        for look, lane in zip(looks, lane_entries(run.scenario.training), strict=True)
    ]
