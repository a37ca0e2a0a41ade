"""The legend of a race: each optimizer with its rate, in the sign and color it is drawn with."""

from collections.abc import Sequence

from rich.text import Text

from nn_tui.charts.lanes import LaneLook
from nn_tui.training.replay import Run

_BETWEEN = "   "


def lane_entries(run: Run, looks: Sequence[LaneLook], colored: bool) -> list[Text]:
    """Letter, name and rate of each lane."""
    training = run.scenario.training
    rules = training.race or (training.optimizer,)
    return [
        Text.assemble((look.letter, f"bold color({look.code})" if colored else ""), f" {look.name} {rule.lr:g}")
        for look, rule in zip(looks, rules, strict=True)
    ]


def in_lines(entries: Sequence[Text], width: int) -> list[Text]:
    """Entries in as few lines of a width as they fit in, none of them broken."""
    lines: list[Text] = []
    for entry in entries:
        if lines and lines[-1].cell_len + len(_BETWEEN) + entry.cell_len <= width:
            lines[-1].append(_BETWEEN).append_text(entry)
        else:
            lines.append(entry.copy())
    return lines
