"""The legend of a race: each optimizer with its rate, in the sign and color it is drawn with."""

from collections.abc import Sequence

from rich.text import Text

from nn_tui.charts.lanes import LaneLook
from nn_tui.scenario.lanes import lane_rules
from nn_tui.training.replay import Run


def lane_entries(run: Run, looks: Sequence[LaneLook], colored: bool) -> list[Text]:
    """Letter, name and rate of each lane."""
    training = run.scenario.training
    rules = lane_rules(training)
    return [
        Text.assemble((look.letter, f"bold {look.color.hex}" if colored else ""), f" {look.name} {rule.lr:g}")
        for look, rule in zip(looks, rules, strict=True)
    ]
