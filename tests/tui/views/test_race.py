"""Curves of a race: whose is whose, and which scale they are on."""

from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui.scenario.lanes import lane_names
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.look.parts import Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.views.dead import DeadView
from nn_tui.tui.views.lanes import lane_colour
from nn_tui.tui.views.loss import LossView
from nn_tui.tui.views.race import RaceSlopeView, RaceView
from nn_tui.tui.views.schedule import ScheduleView
from tests.tui.canned import Run, opened
from tests.tui.canned_races import SurfaceRun, surface_opened
from tests.tui.gallery import SCREEN, Gallery
from tests.tui.host import ViewApp
from tests.tui.views.cells import cells, text
from tests.tui.views.looking import title


def network_race() -> Opened:
    """Two optimizers on one net."""
    told = from_mapping({"title": "race", "data": {"kind": "xor"}, "training": {"race": ["sgd", "adam"]}})
    lanes = lane_names(told.training)
    run = opened(told)
    return structs.replace(run, lanes=lanes, columns=(*run.columns, *(f"race.{name}.loss" for name in lanes)))


def series(*values: float) -> Series:
    data = np.array(values, "<f8").tobytes()
    return Series(step=np.arange(len(values), dtype="<f8").tobytes(), value=data)


def race_frame(told: Opened, **values: Series) -> Frame:
    frame = (Run if told.layers else SurfaceRun)(told).frame(60)
    return structs.replace(frame, series={f"race.{name}.loss": one for name, one in values.items()})


async def shown(told: Opened, frame: Frame, size: tuple[int, int] = (80, 20)) -> ViewApp:
    app = ViewApp("race", told, frame)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text(app.view)
    return app


async def test_each_optimizers_curve_is_named_in_its_colour() -> None:
    told = network_race()
    app = ViewApp("race", told, race_frame(told, sgd=series(1.0, 0.9), adam=series(1.0, 0.1)))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        rows = cells(app.view)
        for number, name in enumerate(("sgd", "adam")):
            row = next(row for row in rows if "".join(cell.character for cell in row).rstrip().endswith(name))
            letters = [cell for cell in row if cell.character == name[0]]
            assert letters[-1].colour == lane_colour(palette_of(app), number).hex


async def test_the_title_says_who_is_lowest() -> None:
    told = network_race()
    app = await shown(told, race_frame(told, sgd=series(1.0, 0.25), adam=series(1.0, np.nan)))
    assert title(app.view) == "Race: training loss  sgd 0.2500"


async def test_heights_below_0_are_drawn_on_a_linear_scale_and_others_on_a_logarithmic_one() -> None:
    told = surface_opened()
    above = await shown(told, race_frame(told, sgd=series(1.0, 0.1), momentum=series(1.0, 0.2), adam=series(1.0, 0.5)))
    assert [option.text for option in above.view.options()] == ["log", "full range"]
    below = await shown(told, race_frame(told, sgd=series(1.0, -0.1), momentum=series(1.0, 0.2), adam=series(1.0, 0.5)))
    assert [option.text for option in below.view.options()] == ["full range"]
    assert "Height" in title(below.view)


def test_a_surface_has_a_race_in_the_place_of_the_loss_and_nothing_of_networks() -> None:
    surface, network, race = surface_opened(), opened(), network_race()
    assert [view.KIND.suits(surface) for view in (RaceView, RaceSlopeView, ScheduleView)] == [True] * 3
    assert [view.KIND.suits(surface) for view in (LossView, DeadView)] == [False] * 2
    assert [view.KIND.suits(network) for view in (RaceView, RaceSlopeView, LossView)] == [False, False, True]
    assert [view.KIND.suits(race) for view in (RaceView, RaceSlopeView, LossView)] == [True, False, True]


@pytest.mark.parametrize("view", ["race", "slopes"])
def test_picture(snap_compare: Any, view: str) -> None:
    told = surface_opened()
    frame = SurfaceRun(told).frame(200)
    heights = {
        f"race.{name}.loss": series(*(0.97 ** (n * k) for n in range(200))) for k, name in enumerate(told.lanes, 1)
    }
    slopes = {name.replace("loss", "gradient_norm"): one for name, one in heights.items()}
    frame = structs.replace(frame, series=heights | slopes)
    assert snap_compare(Gallery(view, told, frame), terminal_size=SCREEN)
