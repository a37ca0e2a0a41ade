"""Lessons can be done from where they are read."""

import pytest

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.lesson_steps import lesson_steps
from nn_tui.training.worker.messages import Apply
from nn_tui.tui.screens.lesson import LessonScreen
from tests.tui.fakes import Lab, settle


async def test_a_digit_sets_the_field_or_opens_the_scenario() -> None:
    lab = Lab("dying-relu")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        steps = lesson_steps(lab.screen.source.scenario)
        opening = 1 + [step.scenario for step in steps].index("dying-relu-cured")
        setting = 1 + [step.key for step in steps].index("training.optimizer.lr")
        await pilot.press("i")
        assert isinstance(lab.app.screen, LessonScreen)
        await pilot.press(str(setting))
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"training.optimizer.lr": 0.1}
        await pilot.press("i", str(opening))
        await settle(pilot, lab)
        assert lab.screen.source.name == "dying-relu-cured"


@pytest.mark.parametrize("name", catalogue.names())
def test_what_a_lesson_says_to_set_can_be_set(name: str) -> None:
    scenario = catalogue.scenarios()[name]
    for step in lesson_steps(scenario):
        if step.scenario:
            assert step.scenario in catalogue.names()
        elif step.key in ("data.start",) or not step.key.startswith("data.features"):
            overrides.apply(scenario, {step.key: step.value})
