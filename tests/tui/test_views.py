"""What holds for every view."""

from typing import Any

import msgspec
import pytest
from textual.geometry import Size

from nn_tui.training.worker import wire
from nn_tui.training.worker.messages import Look
from nn_tui.tui.panels.loading import load_all
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import KINDS
from tests.tui.canned import Run, opened
from tests.tui.host import PanelApp
from tests.tui.panels.looking import network

SIZES = [(120, 40), (60, 12), (30, 6), (12, 4), (9, 3)]


VIEWS = load_all()


def test_each_view_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_each_view_is_found_where_the_registry_says() -> None:
    assert [view.KIND for view in VIEWS] == list(KINDS)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.KIND.name)
def test_each_view_says_what_it_shows_and_what_will_appear(view: type[Panel[Any]]) -> None:
    assert view.LEGEND.count(".") >= 2
    assert view.EMPTY.endswith(".")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.KIND.name)
async def test_a_view_draws_at_any_size_and_in_any_theme(view: type[Panel[Any]]) -> None:
    app = PanelApp(view.KIND.name)
    async with app.run_test(size=SIZES[0]) as pilot:
        others = ("lab-light", "textual-dark", "ansi-dark")
        for theme, size in (*(("lab-dark", size) for size in SIZES), *zip(others, SIZES[1:], strict=False)):
            app.theme = theme
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.view.size == Size(size[0] - 2, size[1] - 2)
            lines = [app.view.render_line(y) for y in range(app.view.size.height)]
            assert all(line.cell_length == app.view.size.width for line in lines)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.KIND.name)
def test_a_view_that_has_no_place_on_screen_yet_asks_for_what_the_worker_can_give(view: type[Panel[Any]]) -> None:
    waiting, told = view(), opened()
    grid = waiting.grid() or (1, 1)
    look = Look(columns=waiting.columns(told), parts=waiting.PARTS, points=max(1, waiting.points()), grid=grid)
    assert wire.command(msgspec.msgpack.encode(look)) == look


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.KIND.name)
async def test_a_view_without_a_step_says_what_will_come(view: type[Panel[Any]]) -> None:
    told = network([4, 4], "relu")
    app = PanelApp(view.KIND.name, told, Run(told).frame(step=0))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        shown = "".join(app.view.render_line(y).text for y in range(app.view.size.height))
    assert " ".join(view.EMPTY.split()[:2]) in shown
