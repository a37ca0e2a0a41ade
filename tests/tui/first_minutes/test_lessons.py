"""Lessons can be done from where they are read."""

import re
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from nn_tui.scenario import catalogue, fields
from nn_tui.scenario.lessons.lesson_steps import LessonStep, lesson_pieces, lesson_steps
from nn_tui.scenario.plain import lookup, to_mapping
from nn_tui.training.worker.messages import Apply
from nn_tui.tui.forms.lesson_text import lesson_text, paragraphs
from nn_tui.tui.screens.lesson import LessonScreen
from nn_tui.tui.source import Source
from nn_tui.tui.widgets.board import Board
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


async def test_what_can_be_done_from_a_lesson_goes_on_below_its_words_and_not_below_its_number() -> None:
    lab = Lab("spiral")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        await pilot.press("i")
        await pilot.resize_terminal(60, 20)
        await settle(pilot, lab)
        steps = lab.app.screen.query_one("#steps", Static)
        lines = [str(line) for line in steps.visual.wrap(steps.size.width)]
        assert any("data.features" in line for line in lines)
        assert not [line for line in lines[2:] if line.strip() and not re.match(r"\d  \S|   \S", line)]


@pytest.mark.parametrize("name", catalogue.names())
def test_no_lesson_names_a_key_that_the_lab_does_not_put_into_its_own_words(name: str) -> None:
    told = [piece for piece in lesson_pieces(paragraphs(catalogue.scenarios()[name].lesson)) if isinstance(piece, str)]
    assert not [piece for piece in told if re.search(r"\b(?:training|network|data)\.[a-z]", piece)]


async def followed(lab: Lab, pilot: Pilot[Any], number: int, step: LessonStep) -> str:
    """What is not as a lesson's step says, once it has been done by its digit; empty if all is."""
    await pilot.press("i", str(number))
    await settle(pilot, lab)
    await settle(pilot, lab)
    if step.scenario:
        return "" if lab.screen.source.name == step.scenario else f"{lab.screen.source.name} is open"
    if step.panel:
        at = lab.screen.focused
        is_there = at is not None and at.id == step.panel and at in lab.screen.query_one(Board).on_screen
        return "" if is_there else f"{at} has the focus"
    draft = lab.screen.control.draft
    assert draft is not None
    notice = list(lab.app._notifications)[-1].message
    if plain(lookup(to_mapping(draft.next), step.key)) != plain(step.value):
        return f"it is {lookup(to_mapping(draft.next), step.key)}"
    if fields.is_live(step.key):
        is_told = any(isinstance(sent, Apply) and step.key in sent.values for sent in lab.worker.sent)
    else:
        # What is again as the run has it waits for nothing.
        is_told = draft.is_pending(step.key) or plain(lookup(to_mapping(draft.running), step.key)) == plain(step.value)
    if "already" in notice:
        return ""
    return notice if "u takes it back" not in notice else "" if is_told else "the worker was not told"


def plain(value: object) -> object:
    """Without the settings that go with a name, and of layers their units."""
    if isinstance(value, dict):
        return value.get("units", value.get("name", value))
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("name", catalogue.names())
async def test_every_step_of_every_lesson_does_what_it_says(name: str) -> None:
    steps = lesson_steps(catalogue.scenarios()[name])
    # Scenarios come last: they lead away from the lesson.
    numbered = sorted(enumerate(steps, 1), key=lambda entry: bool(entry[1].scenario))
    lab = Lab(name)
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        wrong = {}
        for number, step in numbered:
            if lab.screen.source.name != name:
                lab.screen.open(Source.find(name))
                await settle(pilot, lab)
            if said := await followed(lab, pilot, number, step):
                wrong[step.toml or step.panel or step.scenario] = said
    assert wrong == {}
