"""Looking at a single view: what stands in its borders, and a run with other layers than the canned one's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from textual.content import Content
from textual.pilot import Pilot

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import from_mapping, load
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import to_mapping
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.panel import Panel
from tests.tui.canned import opened
from tests.tui.host import PanelApp

SIZE = (60, 16)


@asynccontextmanager
async def looking(
    view: str, told: Opened | None = None, frame: Frame | None = None, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[PanelApp, Pilot[None]]]:
    """The view on screen and focused, with its frame drawn."""
    app = PanelApp(view, told, frame)
    async with app.run_test(size=size) as pilot:
        app.set_focus(app.view)
        await pilot.pause()
        yield app, pilot


def title(view: Panel[Any]) -> str:
    """What stands in the upper border."""
    return Content.from_markup(str(view.border_title)).plain


def options(view: Panel[Any]) -> str:
    """What stands in the lower border."""
    return Content.from_markup(str(view.border_subtitle)).plain


def network(hidden: list[Any], activation: str = "tanh") -> Opened:
    """A run of the exclusive or with other hidden layers."""
    table = to_mapping(load(catalogue.find("xor")))
    table["network"] = {"hidden": hidden, "activation": activation, "init": "xavier"}
    scenario: Scenario = from_mapping(table)
    told = opened(scenario)
    layers = tuple(
        msgspec.structs.replace(shape, activation=layer.activation, can_die=layer.activation == "relu")
        if layer.activation
        else shape
        for shape, layer in zip(told.layers, scenario.network.hidden, strict=False)
    )
    return msgspec.structs.replace(told, layers=(*layers, told.layers[-1]))
