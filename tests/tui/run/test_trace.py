"""The trace in the lab: chosen with arrow keys, lit in the network's drawing, and a weight set from it by hand."""

import pytest
from msgspec import structs
from textual.content import Content
from textual.widgets import Input, Static

from nn_tui.scenario.catalogue import find
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import HandWeight
from nn_tui.training.look.tracing import trace_view
from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.frames import Camera
from nn_tui.training.worker.messages import SetWeights, TraceChoice
from nn_tui.training.worker.opening import open_run
from nn_tui.tui.panels.network.network import NetworkPanel
from nn_tui.tui.panels.network.trace import TracePanel
from nn_tui.tui.panels.reading import listed_floats
from nn_tui.tui.screens.hand_weight import HandWeightScreen
from tests.training import runs
from tests.tui.canned import Run
from tests.tui.canned import opened as canned_opened
from tests.tui.canned_parts import everything
from tests.tui.fakes import Lab, settle
from tests.tui.painting import painted, whole_look
from tests.tui.terminal.test_typing import typed

TRAINER = runs.trainer(data={"kind": "xor"}, network={"hidden": [4, 4], "activation": "tanh"}).lanes[0]


def traced(**choice: int | None) -> dict[str, object]:
    return {"trace": trace_view(TRAINER, TraceChoice(**choice))}


async def test_arrows_choose_what_is_traced() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 60)) as pilot:
        lab.worker.parts = traced()
        await settle(pilot, lab)
        await pilot.press("t")
        await settle(pilot, lab)
        panel = lab.screen.query_one(TracePanel)
        assert panel.has_focus
        first = lab.text("#trace")
        assert "z = w₁·x₁ + w₂·x₂ + b" in first
        assert "δ" in first
        for keys, wanted in (
            (("right",), {"layer": 1}),
            (("down",), {"unit": 1}),
            (("shift+left",), {"input": None}),
            (("shift+right",), {"input": 0}),
            (("shift+down",), {"sample": lab.worker.parts["trace"].batch[1]}),  # type: ignore[attr-defined]
        ):
            await pilot.press(*keys)
            await settle(pilot, lab)
            asked = lab.worker.looks[-1].trace
            assert {name: getattr(asked, name) for name in wanted} == wanted


async def test_a_click_on_another_unit_traces_that() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        lab.worker.parts = traced()
        await settle(pilot, lab)
        await pilot.press("t")
        await settle(pilot, lab)
        rows = lab.text("#trace").splitlines()
        third = next(y for y, row in enumerate(rows) if row.split()[:1] == ["3"])
        await pilot.click(TracePanel, offset=(8, third + 1))
        await settle(pilot, lab)
        asked = lab.worker.looks[-1].trace
        assert (asked.layer, asked.unit) == (0, 2)


async def test_where_there_is_room_all_of_it_stands_in_columns_and_only_its_units_are_clicked() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        lab.worker.parts = traced()
        await settle(pilot, lab)
        await pilot.press("t", "z")
        await settle(pilot, lab)
        rows = lab.text("#trace").splitlines()
        assert any(row.startswith("forward layer 1") for row in rows)
        assert any("θ ← θ − η·m̂" in row for row in rows), "the last block, too"
        panel = lab.screen.query_one(TracePanel)
        assert "more" not in str(panel.border_subtitle)
        third = next(y for y, row in enumerate(rows) if row.split()[:1] == ["3"])
        asked = lab.worker.looks[-1].trace
        await pilot.click(TracePanel, offset=(100, third + 1))
        await settle(pilot, lab)
        assert lab.worker.looks[-1].trace == asked
        await pilot.click(TracePanel, offset=(8, third + 1))
        await settle(pilot, lab)
        assert lab.worker.looks[-1].trace.unit == 2


async def test_arrows_that_come_quicker_than_answers_add_up() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        lab.worker.parts = traced()
        # Before the first answer, too.
        await typed(pilot, lab, "t", "down", "down")
        chosen = lab.screen.board.trace
        assert (chosen.layer, chosen.unit) == (0, 2)
        await typed(pilot, lab, "right", "down", "down")
        chosen = lab.screen.board.trace
        assert (chosen.layer, chosen.unit) == (1, 0)


def test_what_is_traced_is_lit_in_the_networks_drawing() -> None:
    run = canned_opened()
    frame = structs.replace(Run(run).frame(**everything(run)), **traced(layer=1, unit=2))
    seen = NetworkPanel().see(run, frame)
    assert seen is not None
    assert seen.traced == (2, 2)


async def test_enter_sets_the_weight_by_hand() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        lab.worker.parts = traced(layer=1, unit=2, input=1)
        await settle(pilot, lab)
        await pilot.press("t")
        await settle(pilot, lab)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(lab.app.screen, HandWeightScreen)
        lab.app.screen.query_one(Input).value = "much"
        await pilot.press("enter")
        assert isinstance(lab.app.screen, HandWeightScreen)
        lab.app.screen.query_one(Input).value = "−0.5"
        await pilot.press("enter")
        await pilot.pause()
        assert lab.worker.last(SetWeights).weights == (HandWeight(layer=2, unit=3, input=2, value=-0.5),)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_by_mouse_a_weight_is_set_to_a_value_that_is_offered(size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        lab.worker.parts = traced(layer=1, unit=2, input=1)
        await settle(pilot, lab)
        await pilot.press("t")
        await settle(pilot, lab)
        panel = lab.screen.query_one("#trace")
        words = Content.from_markup(str(panel.border_subtitle)).plain
        # Behind the words there are a blank, a piece of the border and its corner.
        at = panel.outer_size.width - 3 - len(words) + words.index("set")
        await pilot.click(panel, offset=(at, panel.outer_size.height - 1))
        await pilot.pause()
        assert isinstance(lab.app.screen, HandWeightScreen)
        offered = next(said for said in lab.app.screen.query(Static) if "click" in str(said.render()))
        await pilot.click(offered, offset=(str(offered.render()).index("0"), 0))
        await pilot.pause()
        assert lab.worker.last(SetWeights).weights == (HandWeight(layer=2, unit=3, input=2, value=0.0),)


@pytest.mark.parametrize("chosen", [("down", "down"), ("down", "right", "right")])
async def test_enter_sets_a_bias_or_a_weight_on_the_network_too(chosen: tuple[str, ...]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        lab.worker.parts = everything(canned_opened())
        await settle(pilot, lab)
        lab.screen.query_one("#network").focus()
        await pilot.press(*chosen, "enter")
        await pilot.pause()
        assert isinstance(lab.app.screen, HandWeightScreen)
        lab.app.screen.query_one(Input).value = "0.25"
        await pilot.press("enter")
        await pilot.pause()
        is_bias = "right" not in chosen
        expected = HandWeight(layer=1, unit=2 if is_bias else 1, input=None if is_bias else 2, value=0.25)
        assert lab.worker.last(SetWeights).weights == (expected,)


@pytest.mark.parametrize("width", [26, 33, 39, 40, 78])
def test_numbers_of_units_are_whole_where_there_is_little_room(width: int) -> None:
    run = canned_opened()
    frame = Run(run).frame(**everything(run), **traced(layer=1))
    lines = painted("trace", run, frame, (width, 30)).text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.split() == ["unit", "z", "a", "δ"])
    assert frame.trace is not None
    layer = frame.trace.layers[1]
    values = [listed_floats(part) for part in (layer.pre_activation, layer.output, layer.delta)]
    for unit in range(4):
        *_, z, a, delta = lines[start + 1 + unit].split()
        for word, numbers in zip((z, a, delta), values, strict=True):
            assert float(word.replace("−", "-")) == pytest.approx(numbers[unit], rel=0.06)
        assert len(lines[start + 1 + unit].rstrip()) == len(lines[start].rstrip()) <= width


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("xor", {"training.steps": 40}, "the run has ended: step 41 as it would be"),
        ("saddle", {"training.epochs": 40}, "the run has ended: step 41 as it would be"),
        ("rate-too-high", {"lr": 1e6}, "at which it diverged, example"),
    ],
)
def test_of_a_run_that_has_ended_no_step_is_promised(name: str, changes: dict[str, object], told: str) -> None:
    run = open_run(1, apply(load(find(name)), changes))
    camera, look = Camera(run, Examination()), whole_look(run.opened, (78, 38))

    def shown() -> str:
        frame = camera.frame(look, status=str(run.session.status), steps_per_second=0.0, speed=None)
        return painted("trace", run.opened, frame, (78, 19)).text

    assert "step 1 to come" in shown()
    run.session.run()
    assert "to come" not in shown()
    assert told in shown()
