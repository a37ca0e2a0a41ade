"""Twenty first tasks of someone who opens the lab for the first time: the keys of docs/first-tasks.md do them."""

import re
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from textual.widgets import Static

from nn_tui.training.worker.messages import Apply, Open, Play
from nn_tui.tui.dialogs.dialog import Page
from nn_tui.tui.forms.row import Row
from nn_tui.tui.panels.maps.boundary import BoundaryPanel
from nn_tui.tui.panels.network.trace import TracePanel
from nn_tui.tui.screens.explain import ExplainScreen
from tests.tui.fakes import Lab, settle

DOCUMENT = Path(__file__).parents[3] / "docs" / "first-tasks.md"
_ROW = re.compile(r"\| (?P<number>\d+) \| (?P<task>.+?) \| (?P<before>\d+|–) \| (?P<now>\d+) \| (?P<keys>.+?) \|")
_KEYS = {
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
    "?": "question_mark",
    "^p": "ctrl+p",
    "2": "2",
}


def rows() -> list[re.Match[str]]:
    return [found for line in DOCUMENT.read_text().splitlines() if (found := _ROW.fullmatch(line))]


def keys_of(row: re.Match[str]) -> list[str]:
    return [_KEYS.get(key, key) for key in row["keys"].replace("`", "").split()]


def applied(key: str) -> Callable[[Lab], bool]:
    return lambda lab: key in lab.worker.last(Apply).values


def pending(key: str) -> Callable[[Lab], bool]:
    return lambda lab: lab.worker.count(Open) == 2 and key != ""


def explains(part: str) -> Callable[[Lab], bool]:
    def check(lab: Lab) -> bool:
        screen = lab.app.screen
        # What has to be scrolled to is not told yet.
        return isinstance(screen, ExplainScreen) and any(
            part in str(said.render()) and bool(said.region.intersection(screen.query_one(Page).content_region))
            for said in screen.query(Static)
        )

    return check


def opens(name: str) -> Callable[[Lab], bool]:
    return lambda lab: lab.screen.source.name == name


CHECKS: dict[int, Callable[[Lab], bool]] = {
    1: lambda lab: lab.worker.last(Apply).values == {"training.optimizer.lr": 50} and lab.worker.count(Play) == 1,
    3: lambda lab: isinstance(lab.screen.focused, TracePanel),
    5: lambda lab: lab.worker.last(Apply).values == {"network.activation": "relu"} and lab.worker.count(Open) == 2,
    6: lambda lab: lab.worker.last(Apply).values == {"training.batch_size": 8},
    7: lambda lab: lab.worker.last(Apply).values == {"training.optimizer.name": "sgd"},
    8: lambda lab: len(lab.worker.last(Open).scenario.network.hidden) == 3,
    9: applied("training.regularization.l2"),
    10: lambda lab: (
        isinstance(lab.screen.focused, Row) and lab.worker.last(Apply).values == {"training.schedule.name": "cosine"}
    ),
    11: explains("overshoot and diverge"),
    12: explains("x·Φ(x)"),
    13: opens("vanishing"),
    14: opens("fashion-regularized"),
    16: lambda lab: isinstance(lab.screen.focused, BoundaryPanel),
    19: lambda lab: lab.worker.last(Open).scenario.training.seed == 8,
    20: explains("gradient"),
}


@pytest.mark.parametrize("row", [row for row in rows() if int(row["number"]) in CHECKS], ids=lambda row: row["task"])
async def test_the_keys_do_what_the_task_says(row: re.Match[str]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        for key in keys_of(row):
            await pilot.press(key)
            await pilot.pause()
        await settle(pilot, lab)
        assert CHECKS[int(row["number"])](lab)


def test_the_counts_are_those_of_the_keys_and_half_as_many_in_the_median() -> None:
    found = rows()
    assert len(found) == 20
    for row in found:
        assert len(keys_of(row)) == int(row["now"]), row["task"]
    before = [float("inf") if row["before"] == "–" else int(row["before"]) for row in found]
    assert median(int(row["now"]) for row in found) <= median(before) / 2
