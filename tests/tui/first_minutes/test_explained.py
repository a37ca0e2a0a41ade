"""Every field, choice and panel says what it is, by keyboard."""

import re
from typing import Any

import pytest
from msgspec import structs
from textual.widgets import Input, Static

from nn_tui.engine.initializers import INITIALIZERS
from nn_tui.scenario import catalogue, fields
from nn_tui.scenario.lessons.explained import choice, effect, registry_of
from nn_tui.tui.dialogs.choice_text import plotted
from nn_tui.tui.dialogs.choose import Choose
from nn_tui.tui.dialogs.dialog import Page
from nn_tui.tui.forms.entries import entries
from nn_tui.tui.forms.form import TITLES
from nn_tui.tui.panels.images.first_weights import FirstWeightsPanel
from nn_tui.tui.panels.loading import load_all
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.screens.explain import ExplainScreen, of_panel
from nn_tui.tui.screens.help import HelpScreen, own_keys
from tests.tui.canned import Run, opened
from tests.tui.fakes import Lab, settle
from tests.tui.host import PanelApp

SIZE = (80, 24)


def shown(lab: Lab) -> str:
    return "\n".join(str(said.render()) for said in lab.app.screen.query("Page Static").results(Static))


def test_what_is_said_of_a_choice_is_for_readers_and_its_picture_shows_where_weights_start() -> None:
    for field in fields.fields():
        for name in field.choices:
            known = choice(field.key, name)
            assert "`" not in known.summary
            assert not known.curve or registry_of(field.key) is not INITIALIZERS or sum(known.curve) > 0, name


async def test_on_a_number_it_says_range_key_and_what_larger_and_smaller_do() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await lab.screen.run_action("field('training.optimizer.lr')")
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(lab.app.screen, ExplainScreen)
        text = shown(lab)
        for part in ("training.optimizer.lr", "a number above 0", "at once", "overshoot and diverge", "smaller"):
            assert part in text
        await pilot.press("escape")
        assert lab.app.screen is lab.screen


async def test_a_number_that_is_being_written_is_explained_by_key_and_by_mouse_and_stays_as_it_was() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("j", "r", "enter", "question_mark")
        await pilot.pause()
        assert "overshoot and diverge" in shown(lab)
        await pilot.press("escape")
        entry = lab.screen.query_one("Row Input", Input)
        assert entry.has_focus
        assert entry.value == "0.03"
        await pilot.click("Toolbar", offset=(lab.text("Toolbar").index("? help"), 0))
        await pilot.pause()
        assert "overshoot and diverge" in shown(lab)


async def test_on_a_choice_it_lists_each_with_formula_sentence_and_curve() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await lab.screen.run_action("field('network.activation')")
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()
        text = shown(lab)
        assert "max(0, x)" in text
        assert "▁" in text
        await pilot.press("escape", "enter")
        await pilot.pause()
        assert isinstance(lab.app.screen, Choose)
        said = str(lab.app.screen.query_one("#about", Static).render())
        await pilot.press("down")
        await pilot.pause()
        assert str(lab.app.screen.query_one("#about", Static).render()) != said


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_step_of_a_formula_stands_in_one_line(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await lab.screen.run_action("field('training.optimizer.name')")
        await pilot.press("question_mark")
        await settle(pilot, lab)
        for said in lab.app.screen.query("Page .choice").results(Static):
            lines = [str(line).strip() for line in said.visual.wrap(said.size.width)]
            for step in choice("training.optimizer.name", said.name or "").formula.split(";"):
                assert any(step.strip() in line for line in lines), (step, lines)


async def test_what_is_said_in_a_list_is_of_the_choice_under_the_mouse() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("j", "c", "enter")
        await pilot.pause()
        names = next(field.choices for field in fields.fields() if field.key == "network.activation")
        await pilot.hover("OptionList", offset=(3, 1 + names.index("gelu")))
        await pilot.pause()
        assert "x·Φ(x)" in str(lab.app.screen.query_one("#about", Static).render())


@pytest.mark.parametrize(("letter", "names"), [("g", ["gelu"] * 2), ("s", ["sigmoid", "selu", "silu"]), ("z", [])])
async def test_a_letter_brings_the_next_choice_that_begins_with_it_into_sight(letter: str, names: list[str]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("j", "c", "question_mark")
        await pilot.pause()
        page = lab.app.screen.query_one(Page)
        for name in names:
            await pilot.press(letter)
            await pilot.pause()
            found = lab.app.screen.query_one(".choice.-found", Static)
            assert found.name == name
            assert page.content_region.contains_region(found.region)
        await pilot.press(letter)
        assert bool(page.scroll_y) == bool(names)


async def test_on_a_panel_it_explains_that_panel_and_nowhere_it_is_the_help() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("question_mark")
        assert isinstance(lab.app.screen, HelpScreen)
        await pilot.press("escape")
        lab.screen.query_one("#network").focus()
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Lines are weights" in shown(lab)


@pytest.mark.parametrize(
    "field", [f for f in fields.fields() if f.type in ("integer", "number")], ids=lambda field: field.key
)
def test_every_number_of_the_forms_says_what_larger_and_smaller_do(field: fields.Field) -> None:
    if field.key.startswith(("data", "network", "training")):
        assert effect(field) is not None


@pytest.mark.parametrize(
    "key",
    [
        *("network.activation", "network.init", "network.init.name", "network.normalization", "training.loss"),
        *("training.optimizer.name", "training.schedule.name"),
    ],
)
def test_every_choice_of_a_registry_has_a_formula(key: str) -> None:
    for name in registry_of(key):
        assert choice(key, name).formula
    if key.endswith(("activation", "schedule.name", "init", "init.name")):
        assert all(len(choice(key, name).curve) > 8 for name in registry_of(key))


def test_of_a_schedule_that_soon_comes_to_rest_the_picture_shows_its_way_there() -> None:
    rising = plotted(choice("training.schedule.name", "warm-up").curve, 32, 3)[-1]
    assert 2 < len(rising) - rising.count("█") < 16


def test_the_picture_of_steps_ends_on_one() -> None:
    lowest = plotted(choice("training.schedule.name", "step").curve, 32, 3)[-1]
    assert lowest[-1] == lowest[-2]


def test_the_curve_of_an_activation_reaches_to_where_it_is_flat() -> None:
    top, *_, lowest = plotted(choice("network.activation", "hard_sigmoid").curve, 32, 3)
    assert top.endswith("████")
    assert lowest.startswith("▁▁▁▁")


def test_the_picture_of_drawn_weights_counts_from_none_and_holds_nearly_all_of_them() -> None:
    for name in INITIALIZERS:
        counts = choice("network.init.name", name).curve
        assert min(counts) < 0.03 * max(counts), name
        assert sum(counts) > 0.97 * 64 * 64, name


def test_no_word_stands_twice_in_a_sentence_about_a_choice() -> None:
    said = [choice(field.key, name).summary for field in fields.fields() for name in field.choices]
    assert [summary for summary in said if re.search(r"\b(\w+) \1\b", summary)] == []


@pytest.mark.parametrize("view", load_all(), ids=lambda view: view.KIND.name)
def test_no_key_of_a_panel_is_said_to_do_two_things(view: type[Panel[Any]]) -> None:
    keys = list(own_keys(view).values())
    assert len(set(keys)) == len(keys)


def test_pages_are_turned_by_other_keys_where_arrows_read_off() -> None:
    assert own_keys(FirstWeightsPanel)["further pictures"] == "PgDn"


def test_a_small_plot_has_the_shape_of_its_curve() -> None:
    rows = plotted((0.0, 1.0, 2.0, 3.0), 4, 2)
    assert rows[0][0] == " "
    assert rows[-1] == "▁▆██"
    assert [len(row) for row in rows] == [4, 4]


def test_every_choice_of_every_field_has_a_sentence_and_initializers_their_distribution() -> None:
    silent, drawn = [], []
    for scenario in (catalogue.scenarios()[name] for name in ("xor", "iris", "sine", "saddle", "fashion-sketch")):
        for field in (entry.field for group in TITLES for entry in entries(group, scenario)):
            told = [choice(field.key, name) for name in field.choices if field.type != "boolean"]
            silent += [(field.key, one.name) for one in told if not one.summary]
            drawn += [one.name for one in told if field.key == "network.init.name" and one.curve]
    assert silent == []
    assert {"xavier", "he", "zeros"} <= set(drawn)


@pytest.mark.parametrize(
    ("key", "name", "said"),
    [
        ("data.scaling", "none", "Values as they are."),
        ("training.class_weight", "none", "Each sample counts alike"),
        ("network.normalization", "none", "Sums go into the activation"),
        ("data.target_scaling", "auto", "As the inputs are"),
        ("training.loss", "auto", "bce for two classes"),
        ("network.output", "auto", "What the loss takes"),
        ("training.early_stop.metric", "train.loss", "On the training set"),
    ],
)
def test_none_and_auto_say_what_they_stand_for_in_their_own_field(key: str, name: str, said: str) -> None:
    assert choice(key, name).summary.startswith(said)


def test_what_a_larger_number_does_is_said_of_that_field_and_not_of_another_with_its_name() -> None:
    field = fields.rule_table("schedule", "warm-up")["epochs"]
    told = effect(structs.replace(field, key="training.schedule.epochs"))
    assert told is not None
    assert "rise" in told[0]


async def test_a_panel_is_explained_by_the_name_it_has_on_screen() -> None:
    told = structs.replace(opened(), quality="r2")
    app = PanelApp("quality", told, Run(opened()).frame())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await app.push_screen(of_panel(app.view, app))
        assert str(app.screen.query_one(Page).border_title) == "R²"
