"""Writing into a field: taken when it is left, taken back by Escape, chosen from lists."""

import pytest
from textual.widgets import Input, OptionList
from textual.widgets._tooltip import Tooltip

from nn_tui.training.worker.messages import Apply
from nn_tui.tui.dialogs.choose import Choose
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.form import Form
from nn_tui.tui.forms.row import Row
from tests.tui.fakes import Lab, settle
from tests.tui.forms.fields import SIZE, row, unfold


async def test_a_choice_opens_a_list_and_escape_leaves_it_as_it_was() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.click("#network-activation")
        assert isinstance(lab.app.screen, Choose)
        listed = lab.app.screen.query_one(OptionList)
        assert listed.get_option_at_index(listed.highlighted or 0).prompt == "tanh"
        await pilot.press("escape")
        assert lab.worker.count(Apply) == 0
        await pilot.click("#network-activation")
        await pilot.press("down", "enter")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"network.activation": "relu"}


async def test_escape_leaves_a_number_as_it_was_and_typing_begins_a_new_one() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        row(lab, "training.epochs").focus()
        await pilot.press("5", "0", "escape")
        await settle(pilot, lab)
        assert lab.worker.count(Apply) == 0
        assert lab.screen.focused is row(lab, "training.epochs")
        await pilot.press("5", "0", "enter")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"training.epochs": 50}


async def test_leaving_a_field_with_tab_takes_what_was_written() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        row(lab, "training.epochs").focus()
        await pilot.press("7", "tab")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"training.epochs": 7}
        assert not lab.screen.query(Input)


async def test_tab_goes_through_all_fields_in_sight() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        rows = [one for form in lab.screen.query_one(Drawer).query(Form) for one in form.rows]
        seen = []
        for _ in range(len(rows) + 3):
            await pilot.press("tab")
            seen.append(lab.screen.focused)
        assert set(rows) <= set(seen)


@pytest.mark.parametrize("leaving", ["tab", "click", "enter"])
async def test_arrows_while_a_number_is_written_count_when_it_is_left(leaving: str) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        row(lab, "training.optimizer.lr").want(0.01)
        await settle(pilot, lab)
        await pilot.click("#training-optimizer-lr")
        await pilot.press("up", "up", "up")
        await settle(pilot, lab)
        field = lab.screen.query_one("#training-optimizer-lr Input", Input)
        assert float(field.value) == 0.1
        if leaving == "click":
            await pilot.click("#loss")
        else:
            await pilot.press(leaving)
        await settle(pilot, lab)
        assert [change.values for change in lab.worker.sent if isinstance(change, Apply)][-1] == {
            "training.optimizer.lr": 0.1
        }
        assert lab.worker.count(Apply) == 4
        assert float(lab.text("#training-optimizer-lr").split()[1]) == 0.1


async def test_escape_takes_arrows_back_too() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        before = lab.text("#training-optimizer-lr")
        await pilot.click("#training-optimizer-lr")
        await pilot.press("up", "escape")
        await settle(pilot, lab)
        assert lab.text("#training-optimizer-lr") == before


@pytest.mark.parametrize(
    ("field", "waits"),
    [
        ("training-optimizer-lr", False),
        ("training-optimizer-name", False),
        ("data-kind", True),
        ("network-hidden-1", True),
    ],
)
async def test_escape_takes_arrows_on_a_field_back_and_lets_go_of_it_the_second_time(field: str, waits: bool) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        one = lab.screen.query_one(f"#{field}", Row)
        one.focus()
        before = one.value
        await pilot.press("up", "up")
        await settle(pilot, lab)
        assert one.value != before
        draft = lab.screen.control.draft
        assert draft is not None
        assert bool(draft.pending) == waits
        await pilot.press("escape")
        await settle(pilot, lab)
        assert one.value == before
        assert not draft.pending
        assert lab.screen.focused is one
        assert lab.worker.count(Apply) == (0 if waits else 3)
        await pilot.press("escape")
        assert lab.screen.focused is None
        assert lab.worker.count(Apply) == (0 if waits else 3)


async def test_escape_keeps_what_was_there_at_focus_and_what_others_have_made_of_a_field() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        one = row(lab, "training.optimizer.lr")
        one.focus()
        await pilot.press("up", "tab", "shift+tab", "escape")
        assert lab.worker.count(Apply) == 1, "it had the focus anew"
        one.focus()
        await pilot.press("up")
        lab.screen.propose("training.optimizer.lr", 0.7, pytest.fail)
        await pilot.press("escape")
        await settle(pilot, lab)
        assert one.value == 0.7


async def test_no_tooltip_appears_below_a_list_that_a_click_has_opened() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE, tooltips=True) as pilot:
        await settle(pilot, lab)
        below, field = lab.app.screen, row(lab, "training.mode")
        told = below.get_child_by_type(Tooltip)
        await pilot.hover(field)
        below._handle_tooltip_timer(field)
        assert told.display
        await pilot.click(field)
        assert isinstance(lab.app.screen, Choose)
        # As the timer does that was set when the pointer came to rest.
        below._handle_tooltip_timer(field)
        assert not told.display
        await pilot.press("escape")
        below._handle_tooltip_timer(field)
        assert told.display


async def test_several_features_are_marked_in_one_list() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await unfold(pilot, lab)
        row(lab, "data.features").action_edit()
        await pilot.pause()
        await pilot.press("end", "space", "escape")
        await settle(pilot, lab)
        assert row(lab, "data.features").value == ["x", "y"], "Escape leaves it as it was"
        row(lab, "data.features").action_edit()
        await pilot.pause()
        await pilot.press("end", "space", "enter")
        await settle(pilot, lab)
        assert row(lab, "data.features").value == ["x", "y", "siny"]


@pytest.mark.parametrize("key", ["training.optimizer.lr", "training.seed"])
async def test_the_signs_that_a_number_has_under_the_mouse_do_what_arrows_do(key: str) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        number = row(lab, key)
        before = number.value
        assert "−+" not in str(number.render())
        for sign in "+−":
            await pilot.hover(number)
            at = str(number.render()).index(sign)
            await pilot.click(number, offset=(at, 0))
            assert not number.query(Input)
            assert (number.value > before) == (sign == "+")
