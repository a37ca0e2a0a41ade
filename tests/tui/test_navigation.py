"""Whatever there is can be gone to by a key, a letter or a word, and what was done by hand can be undone."""

import pytest
from textual.command import CommandList
from textual.widgets import SelectionList

from nn_tui.scenario import fields
from nn_tui.training.worker.messages import Apply, Redo, Undo
from nn_tui.tui.commands import COMMANDS
from nn_tui.tui.dialogs.dialog import Box
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.entries import entries
from nn_tui.tui.forms.form import TITLES
from nn_tui.tui.forms.row import Row
from nn_tui.tui.lab.called import COMMANDS_CALLED, FIELDS_CALLED, PANELS_CALLED
from nn_tui.tui.lab.palette_commands import LabCommands
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import KINDS
from nn_tui.tui.screens.jump import JumpScreen, Target, letters
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.marked_list import MarkedList
from tests.tui.fakes import Lab, settle
from tests.tui.terminal.test_unobeyed import drawn

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_rate_is_two_keys_away_at_every_size(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await pilot.press("j")
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        assert isinstance(lab.screen.focused, Row)
        assert lab.screen.focused.entry.field.key == "training.optimizer.lr"
        await pilot.press("up")
        assert list(lab.worker.last(Apply).values) == ["training.optimizer.lr"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_folded_field_that_the_palette_finds_is_in_sight_though_the_forms_were_not(
    size: tuple[int, int],
) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        drawer = lab.screen.query_one(Drawer)
        if not lab.screen.has_class("-narrow"):
            await pilot.press("f")
            await pilot.pause()
        assert not drawer.region.area
        await pilot.press("ctrl+p", *"clip value")
        await pilot.press("enter")
        await settle(pilot, lab)
        row = lab.screen.focused
        assert isinstance(row, Row)
        assert row.entry.field.key == "training.clip.value"
        assert drawer.region.contains_region(row.region)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_gone_to_while_the_screen_is_not_drawn_is_in_sight_when_it_is(size: tuple[int, int]) -> None:
    """As on a busy machine while the palette goes."""
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        with lab.app.batch_update():
            await lab.screen.run_action("field('training.clip.value')")
            await pilot.pause()
        await settle(pilot, lab)
        row = lab.screen.focused
        assert isinstance(row, Row)
        assert row.entry.field.key == "training.clip.value"
        assert lab.screen.query_one(Drawer).region.contains_region(row.region)
        board = lab.screen.query_one(Board)
        last = board.suitable[-1].name
        with lab.app.batch_update():
            await lab.screen.run_action(f"go_to_panel('{last}')")
            await pilot.pause()
        await settle(pilot, lab)
        panel = lab.screen.query_one(f"#{last}")
        assert lab.screen.focused is panel
        assert panel in board.on_screen
        assert board.region.contains_region(panel.region)


_CALLED = [
    ("delta", "Trace a sample"), ("backprop", "Trace a sample"), ("set weight", "Trace a sample"),
    ("step size", "Training: rate"), ("add layer", "Network: hidden"), ("penalize", "Training: L2"),
    ("warmup", "Training: schedule"), ("gelu", "Network: activation → gelu"),
    ("cosine", "Training: schedule → cosine"), ("dataset", "Data: data"),
    ("sgd", "Training: optimizer → sgd"), ("cross entropy", "Training: loss → bce"), ("export", "Save"),
    ("probability", "Panel: Decision boundary"), ("early stopping", "Training: stop patience"),
    ("dark", "Theme: dark"), ("light mode", "Theme: light"), ("weights", "Panel: Histograms"),
    ("layers", "Network: hidden"), ("hidden units", "Network: hidden"), ("neurons", "Network: hidden"),
    ("number of layers", "Network: hidden"), ("bigger network", "Network: hidden"),
    ("remove a layer", "Network: hidden"), ("loss function", "Training: loss"), ("cost function", "Training: loss"),
    ("activation function", "Network: activation"), ("iterations", "Training: epochs"),
    ("more data", "Data: samples"), ("hyperparameters", "Show or hide the forms"), ("open file", "Open another"),
    ("previous run", "Kept runs"), ("graph", "Panel: Loss"), ("heatmap", "Panel: Decision boundary"),
    ("recall", "Panel: Confusion matrix"), ("results", "Panel: Loss"), ("python code", "Save"),
    ("keyboard", "Help"), ("diagnose", "Panel: Diagnosis"), ("initialisation", "Network: init"),
    ("normalise", "Data: scaling"), ("how do I change the learning rate", "Training: rate"),
    ("make it faster", "Faster"), ("undo that", "Undo"), ("use tanh", "Network: activation → tanh"),
    ("keys", "Help"), ("exit", "Quit"), ("tutorial", "Take the tour"), ("float64", "Training: precision"),
    ("dead neurons", "Panel: Dead ReLU units"), ("fix", "Cure"), ("draw", "Give the net a picture or a point"),
]  # fmt: skip
"""What one types, and what begins one of the first three things that are found."""


async def test_the_palette_finds_things_by_what_else_one_calls_them() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        for typed, found in _CALLED:
            hits = sorted([hit async for hit in LabCommands(lab.screen).search(typed)], key=lambda hit: -hit.score)
            first = [str(hit.match_display) for hit in hits[:3]]
            assert any(display.startswith(found) for display in first), (typed, first)


async def test_a_choice_that_the_palette_finds_is_explained_set_and_gone_to() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        hit = next(iter([hit async for hit in LabCommands(lab.screen).search("gelu")]))
        assert "x·Φ(x)" in str(hit.help)
        await pilot.press("ctrl+p", *"gelu")
        await pilot.press("enter")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"network.activation": "gelu"}
        row = lab.screen.focused
        assert isinstance(row, Row)
        assert row.entry.field.key == "network.activation"


def test_what_has_other_words_is_there() -> None:
    assert {command.action for command in COMMANDS} >= set(COMMANDS_CALLED)
    assert {field.key for field in fields.fields()} >= set(FIELDS_CALLED)
    assert {kind.name for kind in KINDS} >= set(PANELS_CALLED)


async def test_the_palette_has_the_labs_commands_before_textuals_and_none_twice() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+p")
        palette = lab.app.screen
        await palette.workers.wait_for_complete()
        await pilot.pause()
        listed = palette.query_one(CommandList)
        titles = [str(option.prompt).partition("\n")[0] for option in listed.options]
        own = list(dict.fromkeys(command.title for command in COMMANDS if command.action != "app.command_palette"))
        assert titles[0] == COMMANDS[0].title
        assert titles[-3:] == ["Theme", "Keys", "Screenshot"]
        assert set(titles[:-3]) <= set(own)
        assert len(set(titles)) == len(titles)


async def test_a_panel_that_is_called_as_a_field_is_called_a_panel_among_the_letters() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(60, 20)) as pilot:
        await settle(pilot, lab)
        await pilot.press("j")
        await pilot.pause()
        assert isinstance(lab.app.screen, JumpScreen)
        names = [target.name.strip() for target in lab.app.screen.targets.values()]
        assert "schedule" in names
        assert "schedule panel" in names
        assert len(set(names)) == len(names)


async def test_however_many_letters_there_are_all_are_in_sight() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(60, 20)) as pilot:
        await settle(pilot, lab)
        lab.app.push_screen(JumpScreen([Target(f"field {number}", lambda: None) for number in range(60)]))
        await pilot.pause()
        on_screen = drawn(lab)
        assert all(f" field {number} " in on_screen for number in range(60))


async def test_a_letter_goes_to_each_field_and_panel_and_any_other_key_nowhere() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("j")
        await pilot.pause()
        assert isinstance(lab.app.screen, JumpScreen)
        targets = lab.app.screen.targets
        assert {target.name for target in targets.values()} >= {"rate", "optimizer", "loss", "network", "seed"}
        letter = next(letter for letter, target in targets.items() if target.name == "network")
        await pilot.press(letter)
        await pilot.pause()
        assert isinstance(lab.screen.focused, Panel)
        await pilot.press("j")
        await pilot.pause()
        await pilot.press("f12")
        await pilot.pause()
        assert lab.app.screen is lab.screen


@pytest.mark.parametrize("size", SIZES)
async def test_letters_reach_fields_that_are_folded_away_or_covered_and_panels_that_are_not_on_screen(
    size: tuple[int, int],
) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        draft = lab.screen.control.draft
        assert draft is not None
        await pilot.press("j")
        await pilot.pause()
        targets = lab.app.screen.targets
        reached = [target.name for target in targets.values()]
        assert [kind.name for kind in board.suitable if kind.name not in reached] == []
        folded = [entry.label for group in TITLES for entry in entries(group, draft.next) if entry.is_folded]
        assert [label for label in folded if label not in reached and label != "race"] == []
        shown = [label.region for label in lab.app.screen.query(".letter, #elsewhere")]
        assert not any(one.overlaps(other) for at, one in enumerate(shown) for other in shown[:at])
        await pilot.press(next(letter for letter, target in targets.items() if target.name == "L2"))
        await settle(pilot, lab)
        assert isinstance(lab.screen.focused, Row)
        assert lab.screen.focused.entry.label == "L2"
        await pilot.press("j")
        await pilot.pause()
        targets = lab.app.screen.targets
        await pilot.press(next(letter for letter, target in targets.items() if target.name == "histograms"))
        await settle(pilot, lab)
        assert lab.screen.focused is not None
        assert lab.screen.focused.id == "histograms"


def test_every_target_has_a_letter_of_its_own() -> None:
    found = letters(["rate", "race", "rate", "", "x"] * 7)
    assert len(set(found)) == len(found) == 35


@pytest.mark.parametrize("size", SIZES)
async def test_a_digit_names_the_same_panel_at_every_size(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        schedule = next(number for number, kind in enumerate(board.suitable, 1) if kind.name == "schedule")
        await pilot.press(str(schedule))
        await pilot.pause()
        assert "schedule" in [panel.KIND.name for panel in board.on_screen]


async def test_a_panel_past_the_ninth_has_a_key() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        eleventh = board.suitable[10]
        before = board.is_chosen(eleventh)
        await pilot.press("p", "a")
        await pilot.pause()
        assert board.is_chosen(eleventh) is not before
        assert lab.app.screen.query_one(SelectionList)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("learning", "Training: rate (learning rate)"),
        ("spiral", "Scenario: Spiral: the hard one"),
        ("gradient", "Panel: Gradient magnitude"),
        ("batch size", "Training: batch size"),
        ("undo", "Undo"),
    ],
)
async def test_the_palette_finds_fields_panels_scenarios_and_commands(words: str, title: str) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        found = [hit async for hit in LabCommands(lab.screen).search(words)]
        assert title in [str(hit.match_display) for hit in found]


async def test_a_field_found_in_the_palette_is_gone_to_though_it_is_folded_away() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        await lab.screen.run_action("field('training.schedule.name')")
        await pilot.pause()
        assert isinstance(lab.screen.focused, Row)
        assert lab.screen.focused.entry.field.key == "training.schedule.name"


async def test_what_goes_out_of_sight_has_no_focus_and_hands_it_to_nothing_that_is_out_of_sight() -> None:
    for fold in ("resize", "f"):
        lab = Lab()
        async with lab.app.run_test(size=(120, 40)) as pilot:
            await settle(pilot, lab)
            lab.screen.query_one("#training-optimizer-lr", Row).focus()
            await settle(pilot, lab)
            if fold == "f":
                await pilot.press("f")
            else:
                await pilot.resize_terminal(80, 24)
            await settle(pilot, lab)
            await pilot.press("up")
            assert not lab.worker.count(Apply)
            assert lab.screen.focused is None or lab.screen.focused.region.area
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        lab.screen.query_one("#network", Panel).focus()
        await settle(pilot, lab)
        await pilot.resize_terminal(80, 24)
        await settle(pilot, lab)
        assert lab.screen.focused is None or lab.screen.focused.region.area


async def test_the_list_of_panels_follows_the_board_into_another_layout() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(200, 60)) as pilot:
        await settle(pilot, lab)
        await pilot.press("p")
        await settle(pilot, lab)
        for size, hint in (((80, 24), "go there"), ((120, 40), "or its key"), ((200, 60), "or its key")):
            await pilot.resize_terminal(*size)
            await settle(pilot, lab)
            dialog, board = lab.app.screen, lab.screen.query_one(Board)
            assert hint in str(dialog.query_one(Box).border_subtitle)
            marked = set(dialog.query_one(MarkedList).selected)
            assert marked == {kind.name for kind in board.suitable if board.is_chosen(kind)}
            assert not board.shown


async def test_undo_says_what_it_takes_back_and_drops_what_waits_first() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("u")
        assert not lab.worker.count(Undo)
        lab.worker.parts = {"undo": "lr 0.03 → 0.05", "redo": "reset"}
        await pilot.press("n")
        await settle(pilot, lab)
        draft = lab.screen.control.draft
        assert draft is not None
        draft.hold({"training.seed": 5})
        await pilot.press("u")
        assert not draft.pending
        assert not lab.worker.count(Undo)
        await pilot.press("u")
        assert lab.worker.count(Undo) == 1
        await settle(pilot, lab)
        await pilot.press("U")
        assert lab.worker.count(Redo) == 1
        assert not draft.pending
        await pilot.press("U")
        assert draft.pending == {"training.seed": 5}
        assert lab.worker.count(Redo) == 1


async def test_what_waited_is_not_brought_back_once_something_else_was_changed() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        draft = lab.screen.control.draft
        assert draft is not None
        draft.hold({"training.seed": 5})
        await pilot.press("u")
        lab.screen.propose("network.activation", "relu", lambda _: None)
        await settle(pilot, lab)
        await pilot.press("U")
        assert not draft.pending
