"""Every field of the forms: what it sends, what the screen then says, and what a bad value does."""

from typing import Any

import pytest
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widgets import Input, OptionList
from textual.widgets._tooltip import Tooltip

from nn_tui.scenario import fields
from nn_tui.training.worker.messages import Apply, Open
from nn_tui.tui.dialogs.choose import Choose
from nn_tui.tui.forms.choice import ChoiceRow, NamesRow
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.entries import ELSEWHERE, entries, label
from nn_tui.tui.forms.form import FoldRow, Form
from nn_tui.tui.forms.layers import LayerRow
from nn_tui.tui.forms.number import NumberRow, TextRow
from nn_tui.tui.forms.row import Row, row_id
from nn_tui.tui.palette import themed
from nn_tui.tui.screens.jump import JumpScreen
from nn_tui.tui.themes import DARK, LIGHT, lab_variables
from tests.tui.canned import scenario
from tests.tui.fakes import Lab, settle

SIZE = (120, 60)
GROUPS = ("data", "network", "training")


def row(lab: Lab, key: str) -> Row:
    return lab.screen.query_one(f"#{row_id(key)}", Row)


async def unfold(pilot: Pilot[Any], lab: Lab) -> None:
    for fold in lab.screen.query(FoldRow):
        if fold.display:
            fold.action_unfold()
    await settle(pilot, lab)


async def write(pilot: Pilot[Any], lab: Lab, key: str, text: str) -> None:
    """Writes a value into a field, as a person would."""
    row(lab, key).focus()
    await pilot.press("enter")
    row(lab, key).query_one(Input).value = text
    await pilot.press("enter")
    await settle(pilot, lab)


def test_the_forms_have_every_field_a_scenario_of_its_kind_can_set() -> None:
    told = scenario("xor")
    shown = {entry.field.key for group in GROUPS for entry in entries(group, told)}
    known = {
        field.key
        for field in fields.fields()
        if field.key.split(".")[0] in GROUPS and ".N." not in field.key and field.key not in ELSEWHERE
    }
    only_others = {key for key in known - shown if not _applies(key, told.data.kind, told.training.optimizer.name)}
    assert shown <= known
    assert known - shown == only_others


def _applies(key: str, kind: str, optimizer: str) -> bool:
    field = fields.find(key)
    assert field is not None
    return not field.only_for or kind in field.only_for or optimizer in field.only_for


async def test_every_number_steps_up_and_down_and_acts_at_once_or_waits() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await unfold(pilot, lab)
        for one in list(lab.screen.query(NumberRow)):
            key, before = one.entry.field.key, one.value
            one.action_nudge(True)
            await settle(pilot, lab)
            assert one.value > before, key
            if one.entry.field.live:
                assert lab.worker.last(Apply).values == {key: one.value}, key
            else:
                assert lab.screen.control.draft is not None
                assert key in lab.screen.control.draft.pending, key
            after = one.value
            one.action_nudge(False)
            await settle(pilot, lab)
            assert one.value < after, key


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


async def test_every_choice_goes_on_to_the_next_one() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await unfold(pilot, lab)
        keys = [one.entry.field.key for one in lab.screen.query(ChoiceRow) if not isinstance(one, NamesRow)]
        assert {"data.kind", "network.activation", "training.optimizer.name", "training.loss"} <= set(keys)
        for key in keys:
            one = row(lab, key)
            before, sent = one.value, lab.worker.count(Apply)
            one.action_nudge(False)
            await settle(pilot, lab)
            changed = row(lab, key).value != before
            assert changed != bool(one.problem), key
            if changed and one.entry.field.live and not lab.screen.control.draft.is_pending(key):  # type: ignore[union-attr]
                assert lab.worker.count(Apply) == sent + 1, key
            row(lab, key).action_nudge(True)
            await settle(pilot, lab)


async def test_a_live_field_acts_at_once_on_the_running_net() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await write(pilot, lab, "training.optimizer.lr", "0.2")
        assert lab.worker.last(Apply) == Apply(values={"training.optimizer.lr": 0.2})
        assert row(lab, "training.optimizer.lr").value == 0.2
        assert not lab.screen.query_one("#waiting").display


async def test_a_structural_field_waits_and_acts_on_reset() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await write(pilot, lab, "data.samples", "300")
        await write(pilot, lab, "data.noise", "0.25")
        assert lab.worker.count(Apply) == 0
        assert "2 wait: r resets, u drops" in lab.text("#waiting")
        lab.screen.set_focus(None)
        await pilot.press("r")
        await settle(pilot, lab)
        told = lab.worker.last(Open).scenario
        assert (told.data.samples, told.data.noise) == (300, 0.25)
        assert not lab.screen.query_one("#waiting").display
        assert row(lab, "data.samples").value == 300


async def test_taking_a_structural_change_back_leaves_nothing_to_wait() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await write(pilot, lab, "data.samples", "300")
        await write(pilot, lab, "data.samples", "200")
        assert not lab.screen.query_one("#waiting").display


async def test_live_changes_made_before_a_reset_are_kept_by_it() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await write(pilot, lab, "training.optimizer.lr", "0.2")
        lab.screen.set_focus(None)
        await pilot.press("r")
        await settle(pilot, lab)
        assert lab.worker.last(Open).scenario.training.optimizer.lr == 0.2


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("training.optimizer.lr", "0", "expected a number above 0"),
        ("training.optimizer.lr", "fast", "found the text 'fast'"),
        ("training.batch_size", "2.5", "expected a whole number"),
        ("data.samples", "1", "expected a whole number from 2"),
        ("data.test_share", "0.999", "leaves none to train on"),
    ],
)
async def test_a_bad_value_says_what_is_wrong_below_the_field_and_changes_nothing(
    key: str, text: str, words: str
) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        before, height = row(lab, key).value, row(lab, key).size.height
        await write(pilot, lab, key, text)
        assert words in " ".join(row(lab, key).problem.split())
        assert row(lab, key).size.height > height
        assert row(lab, key).value == before
        assert lab.worker.count(Apply) == 0
        await write(pilot, lab, key, str(before))
        assert row(lab, key).problem == ""


async def test_what_the_worker_refuses_is_said_below_the_field() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.refuse["Apply"] = ("training.loss", "mae needs numbers")
        row(lab, "training.loss").want("ce")
        await settle(pilot, lab)
        row(lab, "training.batch_size").action_nudge(True)
        await settle(pilot, lab)
        assert row(lab, "training.loss").problem == "mae needs numbers"


async def test_a_loss_with_another_number_of_outputs_waits_for_a_reset() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        one = row(lab, "training.loss")
        one.want("ce")
        await settle(pilot, lab)
        assert lab.worker.count(Apply) == 0
        assert one.value == "ce"
        assert "1 waits: r resets, u drops" in lab.text("#waiting")


async def test_an_optimizer_brings_its_own_settings() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await unfold(pilot, lab)
        assert lab.screen.query("#training-optimizer-beta1")
        one = row(lab, "training.optimizer.name")
        one.want("momentum")
        await settle(pilot, lab)
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"training.optimizer.name": "momentum"}
        assert not lab.screen.query("#training-optimizer-beta1")
        assert row(lab, "training.optimizer.beta").value == 0.9


async def test_a_kind_of_data_brings_its_own_fields() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await unfold(pilot, lab)
        one = row(lab, "data.kind")
        one.want("sine")
        await settle(pilot, lab)
        features = row(lab, "data.features")
        assert features.entry.field.choices == ("x", "x2", "sinx")
        assert features.value == ["x"]


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


async def test_layers_are_resized_added_and_removed_and_wait_for_a_reset() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        draft = lab.screen.control.draft
        assert draft is not None
        lab.screen.query_one("#network-hidden-1").focus()
        await pilot.press("up")
        await settle(pilot, lab)
        assert draft.pending == {"network.hidden": [5, 4]}
        await pilot.press("plus")
        await settle(pilot, lab)
        assert draft.pending == {"network.hidden": [5, 5, 4]}
        await pilot.press("delete")
        await settle(pilot, lab)
        assert draft.pending == {"network.hidden": [5, 4]}
        lab.screen.query_one("#network-hidden-add").focus()
        await pilot.press("enter")
        await settle(pilot, lab)
        assert len(lab.screen.query(LayerRow)) == 3
        lab.screen.set_focus(None)
        await pilot.press("r")
        await settle(pilot, lab)
        assert [layer.units for layer in lab.worker.last(Open).scenario.network.hidden] == [5, 4, 4]


async def test_a_net_can_lose_all_its_hidden_layers_and_get_one_again() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        for _ in range(2):
            lab.screen.query(LayerRow).first().action_remove_layer()
            await settle(pilot, lab)
        assert not lab.screen.query(LayerRow)
        lab.screen.query_one("#network-hidden-add", Row).action_edit()
        await settle(pilot, lab)
        assert lab.screen.control.draft is not None
        assert lab.screen.control.draft.pending == {"network.hidden": [4]}


async def test_a_layer_unfolds_to_its_own_activation_and_dropout_which_act_at_once() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.click("#network-hidden-2")
        await settle(pilot, lab)
        one = row(lab, "network.hidden.2.activation")
        assert one.value is None
        one.want("relu")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"network.hidden.2.activation": "relu"}
        assert "relu" in lab.text("#network-hidden-2")
        await write(pilot, lab, "network.hidden.2.dropout", "0.3")
        assert lab.worker.last(Apply).values == {"network.hidden.2.dropout": 0.3}
        await pilot.click("#network-hidden-2-remove")
        await settle(pilot, lab)
        assert lab.screen.control.draft is not None
        assert lab.screen.control.draft.pending == {"network.hidden": [4]}


async def test_a_layers_activation_is_part_of_the_layers_to_come_once_they_differ() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.click("#network-hidden-2")
        await write(pilot, lab, "network.hidden.2.units", "6")
        one = row(lab, "network.hidden.2.activation")
        one.want("relu")
        await settle(pilot, lab)
        assert lab.worker.count(Apply) == 0
        assert lab.screen.control.draft is not None
        assert lab.screen.control.draft.pending == {"network.hidden": [4, {"units": 6, "activation": "relu"}]}


async def test_a_csv_scenario_shows_its_path_and_target() -> None:
    lab = Lab("iris")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert isinstance(row(lab, "data.path"), TextRow)
        await write(pilot, lab, "data.target", "2")
        assert lab.screen.control.draft is not None
        assert lab.screen.control.draft.pending == {"data.target": 2}


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


async def test_what_was_wrong_with_a_field_goes_when_the_run_opens_with_it() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.refuse["Open"] = ("data.samples", "no such file")
        await pilot.press("r")
        await settle(pilot, lab)
        assert "✗ no such file" in lab.text("#data-samples")
        del lab.worker.refuse["Open"]
        await pilot.press("r")
        await settle(pilot, lab)
        assert "✗" not in lab.text("#data-samples")


@pytest.mark.parametrize("theme", ["lab-dark", "lab-light"])
async def test_where_there_are_no_colors_the_field_in_focus_is_set_off_all_the_same(
    theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        lab.app.theme = theme
        await settle(pilot, lab)
        await pilot.press("j", "r")
        await settle(pilot, lab)
        row = lab.screen.focused
        assert isinstance(row, Row)
        around, own = (color.brightness for color in row.background_colors)
        assert abs(around - own) > 0.2


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_lesser_words_can_be_read_on_every_ground(theme: Theme) -> None:
    variables = theme.to_color_system().generate() | theme.variables
    muted = themed(theme.dark, variables).muted.hex
    for ground in ("background", "surface", "block-cursor-background", "block-cursor-blurred-background"):
        assert contrast(Color.parse(muted), Color.parse(variables[ground])) > 4.5, ground


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_in_sixteen_colors_lesser_words_can_be_read_where_an_entry_is_highlighted(theme: Theme) -> None:
    variables = theme.to_color_system().generate() | theme.variables
    variables |= lab_variables(theme.dark, variables, few=True, sixteen=True)
    palette = themed(theme.dark, variables, few=True)
    for ground in ("block-cursor-background", "block-cursor-blurred-background"):
        for words in (palette.muted.hex, palette.text.hex, variables["block-cursor-foreground"]):
            shown = (Color.parse(color).downgrade(ColorSystem.STANDARD) for color in (words, variables[ground]))
            assert contrast(*shown) > 3.0, (ground, words)


def contrast(words: Color, ground: Color) -> float:
    """As the Web Content Accessibility Guidelines have it: 4.5 can be read by most, 3 in large letters."""
    low, high = sorted(luminance(color.get_truecolor()) for color in (words, ground))
    return (high + 0.05) / (low + 0.05)


def luminance(color: ColorTriplet) -> float:
    red, green, blue = (part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_fields_of_early_stopping_say_what_they_are_about() -> None:
    assert label("training.early_stop.patience") == "stop patience"
    assert label("training.schedule.name") == "schedule"
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("j")
        await pilot.pause()
        assert isinstance(lab.app.screen, JumpScreen)
        names = [target.name.strip() for target in lab.app.screen.targets.values()]
        assert [name for name in names if name.startswith("stop ")] == [
            "stop by", "stop patience", "stop min gain", "stop from epoch", "stop restore at end"
        ]  # fmt: skip


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
