"""The words on the lower border of a panel: a click on one does what its key does, and the words say how it stands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from textual.pilot import Pilot

from nn_tui.tui.lab.screen import LabScreen
from nn_tui.tui.panels.panel import Option, Panel
from nn_tui.tui.panels.registry import KINDS
from tests.tui.fakes import settle
from tests.tui.mouse import Mouse
from tests.tui.panels.looking import options
from tests.tui.real_frames import TrainedLab

SCENARIOS = {"surface": "ravine", "race": "race-spiral", "slopes": "ravine", "fit": "sine", "data": "iris"}
"""What suits a panel that does not suit any net on points in a plane."""

OF_IMAGES = ("images", "first-weights")

CASES = [
    *((kind.name, (80, 24)) for kind in KINDS if kind.name not in OF_IMAGES),
    *((name, size) for name in ("gradients", "trace", "unit-maps") for size in ((120, 40), (200, 60))),
]

KEYS = {
    ".": "full_stop",
    "←→": "right",
    "↑↓": "down",
    "⇧→": "shift+right",
    "⇧↓": "shift+down",
    "PgDn": "pagedown",
}


class Standing(NamedTuple):
    """What a person can tell by what was done.

    Attributes:
        screen: the one in front.
        words: on the border, those for which there is no room among them.
        picture: of the panel.
        sent: what the training process was told.
    """

    screen: str
    words: list[str]
    picture: str
    sent: list[str]


@asynccontextmanager
async def panel_in(name: str, size: tuple[int, int]) -> AsyncIterator[tuple[TrainedLab, Pilot[Any], Panel[Any]]]:
    """A panel of the lab, which is not in focus."""
    scenario = SCENARIOS.get(name, "xor")
    lab = TrainedLab(scenario, {"network.activation": "relu"} if scenario == "xor" else None)
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await lab.screen.run_action(f"go_to_panel('{name}')")
        await settle(pilot, lab)
        lab.screen.set_focus(None)
        await pilot.pause()
        yield lab, pilot, lab.screen.query_one(f"#{name}", Panel)


async def standing(lab: TrainedLab, pilot: Pilot[Any], panel: Panel[Any]) -> Standing:
    """How it stands; then no dialog is open and the panel is not in focus."""
    await pilot.pause()
    screen = type(lab.app.screen).__name__
    while not isinstance(lab.app.screen, LabScreen):
        await pilot.press("escape")
    lab.screen.set_focus(None)
    await settle(pilot, lab)
    words = [option.text for option in panel.options()]
    return Standing(screen, words, lab.text(f"#{panel.id}"), [str(one) for one in lab.worker.sent])


def on_border(panel: Panel[Any]) -> list[tuple[Option, str]]:
    """The options that there is room for, each as it stands on the border."""
    words = options(panel).split(" · ")
    return [(one, text) for one in panel.options() for text in (one.text, one.short) if text and text in words]


@pytest.mark.parametrize(("name", "size"), CASES, ids=str)
async def test_a_click_on_a_word_does_what_its_key_does(name: str, size: tuple[int, int]) -> None:
    async with panel_in(name, size) as (lab, pilot, panel):
        pressed = [await standing(lab, pilot, panel)]
        for number in range(len(on_border(panel))):
            key = on_border(panel)[number][0].key
            panel.focus()
            await pilot.press(KEYS.get(key, key))
            pressed.append(await standing(lab, pilot, panel))
    async with panel_in(name, size) as (lab, pilot, panel):
        clicked = [await standing(lab, pilot, panel)]
        for number in range(len(on_border(panel))):
            words, word = options(panel), on_border(panel)[number][1]
            row = panel.region.height - 1
            left = Mouse(pilot, lab).lines()[panel.region.y + row].index(words, panel.region.x) - panel.region.x
            # Its last cell: that is where other words come to when the panel is in focus and has its keys beside them.
            last = left + f" · {words} · ".index(f" · {word} · ") + len(word) - 1
            assert await pilot.click(panel, offset=(last, row))
            clicked.append(await standing(lab, pilot, panel))
    assert clicked == pressed
    assert all(one != other for one, other in pairwise(clicked))
