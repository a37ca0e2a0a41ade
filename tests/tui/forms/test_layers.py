"""Layers in the form: resized, added, taken away, each with settings of its own."""

from nn_tui.training.worker.messages import Apply, Open
from nn_tui.tui.forms.layers import LayerRow
from nn_tui.tui.forms.row import Row
from tests.tui.fakes import Lab, settle
from tests.tui.forms.fields import SIZE, row, write


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
