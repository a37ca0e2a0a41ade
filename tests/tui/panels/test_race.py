"""Curves of a race: whose is whose, and which scale they are on."""

import numpy as np
from msgspec import structs

from nn_tui.scenario.lanes import lane_names
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.look.parts import Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.curves.dead import DeadPanel
from nn_tui.tui.panels.curves.loss import LossPanel
from nn_tui.tui.panels.curves.race import RacePanel, RaceSlopePanel
from nn_tui.tui.panels.curves.schedule import SchedulePanel
from tests.tui.canned import Run, opened
from tests.tui.canned_races import SurfaceRun, surface_opened
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import title


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


async def shown(told: Opened, frame: Frame, size: tuple[int, int] = (80, 20)) -> PanelApp:
    app = PanelApp("race", told, frame)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text(app.view)
    return app


async def test_each_optimizers_curve_is_named_in_its_color() -> None:
    told = network_race()
    app = PanelApp("race", told, race_frame(told, sgd=series(1.0, 0.9), adam=series(1.0, 0.1)))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        rows = cells(app.view)
        for number, name in enumerate(("sgd", "adam")):
            row = next(row for row in rows if "".join(cell.character for cell in row).rstrip().endswith(name))
            letters = [cell for cell in row if cell.character == name[0]]
            assert letters[-1].color == palette_of(app).lane(number).hex


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
    assert [view.KIND.suits(surface) for view in (RacePanel, RaceSlopePanel, SchedulePanel)] == [True] * 3
    assert [view.KIND.suits(surface) for view in (LossPanel, DeadPanel)] == [False] * 2
    assert [view.KIND.suits(network) for view in (RacePanel, RaceSlopePanel, LossPanel)] == [False, False, True]
    assert [view.KIND.suits(race) for view in (RacePanel, RaceSlopePanel, LossPanel)] == [True, False, True]


async def test_what_is_of_one_net_of_a_race_says_of_which() -> None:
    told = network_race()
    frame = race_frame(told, sgd=series(1.0, 0.9), adam=series(1.0, 0.1))
    for view, wanted in (("gradients", "Gradient magnitude of sgd"), ("confusion", "Confusion matrix of sgd")):
        app = PanelApp(view, told, frame)
        async with app.run_test(size=(80, 20)) as pilot:
            await pilot.pause()
            assert title(app.view).startswith(wanted)
    assert "of sgd" not in title((await shown(told, frame)).view)


async def test_the_title_says_what_the_lines_end_at_between_rows_too() -> None:
    told = network_race()
    frame = race_frame(told, sgd=series(1.0, 0.9), adam=series(1.0, 0.5))
    going_on = structs.replace(frame, open_end={"race.sgd.loss": 0.2, "race.adam.loss": 0.4}, seen=3)
    assert title((await shown(told, going_on)).view).split()[-2:] == ["sgd", "0.2000"]


async def test_of_a_race_of_points_it_is_said_whose_the_learning_rate_is() -> None:
    told = surface_opened()
    app = PanelApp("schedule", told, SurfaceRun(told).frame())
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert title(app.view).startswith("Learning rate of sgd")


async def test_an_ordinary_runs_panels_do_not_say_whose_they_are() -> None:
    app = PanelApp("gradients")
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert " of " not in title(app.view)
