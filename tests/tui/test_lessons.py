"""Lessons can be done from where they are read."""

import re

import pytest
from textual.widgets import Static

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.lessons.lesson_steps import lesson_pieces, lesson_steps
from nn_tui.training.worker.messages import Apply
from nn_tui.tui.forms.lesson_text import lesson_text, paragraphs
from nn_tui.tui.panels.registry import KINDS
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
        await lab.screen.run_action("do_step(1)")
        await settle(pilot, lab)
        assert lab.screen.source.name == "dying-relu", "a click in the lesson below the forms does the same"


async def test_a_lesson_speaks_of_the_fields_as_the_forms_call_them_and_opens_panels() -> None:
    lab = Lab("plateau")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        told = lesson_text(lab.screen.source.scenario, lab.app).plain
        assert "epochs 5000" in told
        assert "training." not in told
        await pilot.press("i")
        listed = lab.app.screen.query_one("#steps", Static).render().plain
        assert "set epochs 5000   training.epochs = 5000" in listed
        await pilot.press(str(1 + [step.panel for step in lab.app.screen._steps].index("updates")))
        await settle(pilot, lab)
        assert lab.screen.focused is not None
        assert lab.screen.focused.id == "updates"


@pytest.mark.parametrize("name", catalogue.names())
def test_no_lesson_names_a_key_that_the_lab_does_not_put_into_its_own_words(name: str) -> None:
    told = [piece for piece in lesson_pieces(paragraphs(catalogue.scenarios()[name].lesson)) if isinstance(piece, str)]
    assert not [piece for piece in told if re.search(r"\b(?:training|network|data)\.[a-z]", piece)]


@pytest.mark.parametrize("name", catalogue.names())
def test_what_a_lesson_says_to_set_can_be_set(name: str) -> None:
    scenario = catalogue.scenarios()[name]
    for step in lesson_steps(scenario):
        if step.panel:
            assert step.panel in {kind.name for kind in KINDS}
        elif step.scenario:
            assert step.scenario in catalogue.names()
        elif step.key in ("data.start",) or not step.key.startswith("data.features"):
            overrides.apply(scenario, {step.key: step.value})
