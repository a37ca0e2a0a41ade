"""Every field of the forms: what it sends, what the screen then says, and what a bad value does."""

import pytest

from nn_tui.scenario import fields
from nn_tui.training.worker.messages import Apply, Open
from nn_tui.tui.forms.choice import ChoiceRow, NamesRow
from nn_tui.tui.forms.entries import ELSEWHERE, entries, label
from nn_tui.tui.forms.number import NumberRow, TextRow
from nn_tui.tui.screens.jump import JumpScreen
from tests.tui.canned import scenario
from tests.tui.fakes import FakeWorker, Lab, settle
from tests.tui.forms.fields import SIZE, row, unfold, write

GROUPS = ("data", "network", "training")


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


async def test_a_csv_scenario_shows_its_path_and_target() -> None:
    lab = Lab("iris")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert isinstance(row(lab, "data.path"), TextRow)
        await write(pilot, lab, "data.target", "2")
        assert lab.screen.control.draft is not None
        assert lab.screen.control.draft.pending == {"data.target": 2}


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


async def test_a_scenario_that_cannot_be_opened_is_not_called_loading_and_the_reason_is_told_where_no_form_is_in_sight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def start(worker: FakeWorker) -> None:
        worker.refuse["Open"] = "data.samples", "no such file"

    monkeypatch.setattr(FakeWorker, "start", start)
    lab = Lab()
    # Here there is no room for forms: nobody sees what stands below a field.
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert lab.screen.control.status == "not loaded"
        said: list[str] = []
        monkeypatch.setattr(lab.screen, "notify", lambda message, **_: said.append(message))
        await pilot.press("r")
        await settle(pilot, lab)
        assert said == ["data.samples: no such file"]
        # Whatever else is tried leads to the same words, not to a bare "no run is open".
        await pilot.press("space")
        await settle(pilot, lab)
        assert said == ["data.samples: no such file"] * 2
        lab.worker.refuse.clear()
        await pilot.press("r")
        await settle(pilot, lab)
        assert lab.screen.control.status == "ready"


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
