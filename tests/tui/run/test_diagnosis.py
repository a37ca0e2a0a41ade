"""What the diagnosis says, and that what it advises is a key away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec import structs
from textual.widgets import Static

from nn_tui.scenario import catalogue, fields, overrides
from nn_tui.scenario.plain import lookup, to_mapping
from nn_tui.scenario.reading import load
from nn_tui.training.diagnosis.courses import ARRIVED
from nn_tui.training.diagnosis.finding import Remedy
from nn_tui.training.diagnosis.prescribing import text_of
from nn_tui.training.diagnosis.trials.candidates import Facts, candidates, is_live
from nn_tui.training.worker.messages import Apply, Examined, Frame, TrialCourse
from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.row import Row
from nn_tui.tui.panels.curves.loss import LossPanel
from nn_tui.tui.panels.tables.diagnosis import DiagnosisPanel, why_none
from nn_tui.tui.widgets.board import Board
from tests.tui.canned import Run, opened
from tests.tui.canned_races import LOWER_RATE, OTHER_NET, OTHER_WEIGHTS, finding, findings
from tests.tui.fakes import Lab, settle
from tests.tui.host import PanelApp
from tests.tui.panels.cells import text
from tests.tui.panels.looking import title

WIDE = (120, 40)


async def shown(frame: Frame, size: tuple[int, int] = (60, 40), *keys: str) -> tuple[str, str]:
    """What the panel shows of a frame, and its title, after some keys."""
    app = PanelApp("diagnosis", opened(), frame)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return text(app.view), title(app.view)


def frame(step: int = 336, **changes: Any) -> Frame:
    return Run(opened()).frame(step, **{"findings": findings(), **changes})


# -- what it says ----------------------------------------------------------------------------------------------------


async def test_what_began_last_comes_first() -> None:
    words, _ = await shown(frame())
    places = [words.index(title) for title in ("Dead units", "Converged", "Vanishing")]
    assert places == sorted(places)


async def test_what_a_trial_has_seen_begin_later_than_the_run_has_come_is_said_to_be_ahead() -> None:
    examined = Examined(done=False, findings=(finding("dead units", 900),))
    words, _ = await shown(frame(336, examined=examined), WIDE)
    assert "in trials, from step 900 on" in words
    words, _ = await shown(frame(900, examined=examined), WIDE)
    assert "since step 900" in words


async def test_a_problem_and_good_news_differ_in_sign_and_word_not_in_color_alone() -> None:
    words, heading = await shown(frame())
    assert "▲ Suspected, not yet tried: Dead units in layer 1" in words
    assert "✓ Good Converged" in words
    assert "▲ 2 problems" in heading


async def test_that_a_run_has_diverged_is_no_suspicion_and_its_step_is_told_once() -> None:
    found = structs.replace(finding("diverged", 46), title="Diverged at step 46")
    words, _ = await shown(frame(findings=(found,)))
    assert "▲ Problem Diverged at step 46" in words
    assert "Suspected" not in words
    assert "since" not in words


async def test_rule_and_source_are_there_where_there_is_room_and_else_on_demand() -> None:
    assert "Healthy: fewer than" in (await shown(frame()))[0]
    assert "Healthy" not in (await shown(frame(), (60, 16)))[0]
    words, _ = await shown(frame(), (60, 16), "d")
    assert "Healthy: fewer than" in words
    assert "(the course notes, 1.2.3)" in words


@pytest.mark.parametrize(("size", "offered"), [((60, 40), []), ((60, 16), ["rules", "rules shown"])], ids=str)
async def test_rules_are_to_be_switched_only_where_that_makes_a_difference(
    size: tuple[int, int], offered: list[str]
) -> None:
    app = PanelApp("diagnosis", frame=frame(findings=findings()))
    async with app.run_test(size=size) as pilot:
        app.view.focus()
        seen = []
        for _ in range(2):
            await pilot.pause()
            seen += [option.text for option in app.view.options() if "rules" in option.text]
            await pilot.press("d")
    assert seen == offered


def tried(verdict: str, **changes: Any) -> Examined:
    """What trials have shown."""
    return Examined(done=True, trials=30, verdict=verdict, **changes)


async def test_all_is_well_only_once_trials_have_shown_it() -> None:
    assert "well" not in (await shown(frame(findings=())))[0]
    words, _ = await shown(frame(findings=(), examined=Examined(done=False)))
    assert "… trying what may help: a first look at the run (at low priority" in " ".join(words.split())
    under_way = Examined(done=False, trials=12, underway="trial 13: relu (40% of the work done)", verdict="healthy")
    words, _ = await shown(frame(findings=(), examined=under_way))
    assert "… trying what may help: trial 13: relu (40% of the work done)" in " ".join(words.split())
    assert "well" not in words
    assert "All is well" in (await shown(frame(findings=(), examined=tried("healthy"))))[0]
    assert "as good as these data allow" in (await shown(frame(findings=(), examined=tried("data-limited"))))[0]
    words, heading = await shown(frame(step=5, findings=()))
    assert "Too early to say" in words
    assert "well" not in heading


@pytest.mark.parametrize(
    ("examined", "told"),
    [
        (None, ""),
        (Examined(done=False, trials=3), ""),
        (
            Examined(done=False, waits=True),
            "No remedy has been tried yet: of a descent they are tried once it has ended.",
        ),
        (
            Examined(done=True, verdict="arrived"),
            "There is nothing to cure. Every point has come down to the lowest one, but for "
            f"{ARRIVED:.0%} of the way at most.",
        ),
        (Examined(done=True, failed=True), "Trying remedies has failed for this run; nn-tui doctor says why."),
        (
            Examined(done=True, trials=9),
            "There is nothing to cure. Nothing that was tried helps beyond what seeds move.",
        ),
    ],
)
def test_why_there_is_no_remedy_is_told_as_it_is(examined: Examined | None, told: str) -> None:
    assert why_none(frame(findings=(), examined=examined)) == told


async def test_what_was_tried_takes_the_place_of_what_is_suspected() -> None:
    best = structs.replace(OTHER_WEIGHTS, metric="test.accuracy", before=0.52, after=0.98, seeds=3)
    found = structs.replace(finding("symmetry", 0, best), tried=True)
    words, _ = await shown(frame(examined=tried("ill", findings=(found,))), (100, 40))
    assert "start from he weights: test accuracy 0.52 → 0.98, 3 seeds ↺" in words
    assert "Suspected" not in words
    assert "30 trials were made" in words


async def test_what_waits_for_a_reset_says_so_and_once_the_run_has_ended_everything_does() -> None:
    words, _ = await shown(frame())
    assert "start from he weights ↺" in words
    assert "0.03 ↺" not in words
    assert "0.03 ↺" in (await shown(frame(status="diverged")))[0]


async def test_what_does_not_fit_is_a_key_away() -> None:
    top, _ = await shown(frame(), (40, 9))
    below, _ = await shown(frame(), (40, 9), "pagedown", "pagedown", "pagedown")
    assert "Suspected, not yet tried: Dead" in top
    assert "Vanishing" not in top
    assert "he weights" in below


# -- what it does ----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def cured(key: str, status: str = "paused") -> AsyncIterator[tuple[Lab, str]]:
    """A lab after a key was pressed in the panel, and what it said."""
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        lab.worker.parts = {"findings": findings()}
        lab.worker.ends = status
        await pilot.press("e")
        await settle(pilot, lab)
        lab.screen.query_one(DiagnosisPanel).focus()
        await pilot.press(key)
        await settle(pilot, lab)
        yield lab, " ".join(notice.message for notice in lab.app._notifications)


def draft_of(lab: Lab) -> Draft:
    draft = lab.screen.control.draft
    assert draft is not None
    return draft


async def test_a_key_applies_a_live_remedy_to_the_running_net() -> None:
    async with cured("1") as (lab, notice):
        assert lab.worker.last(Apply).values == LOWER_RATE.changes
        assert lab.screen.query_one("#training-optimizer-lr", Row).value == 0.003
        assert "acts now" in notice


async def test_a_structural_remedy_waits_for_the_reset_and_says_so() -> None:
    async with cured("2") as (lab, notice):
        assert not lab.worker.count(Apply)
        assert lab.screen.query_one("#network-init-name", Row).value == "he"
        assert notice == f"{OTHER_WEIGHTS.text}: waits for reset (r)."


async def test_changes_that_belong_together_wait_together() -> None:
    async with cured("3") as (lab, _):
        assert not lab.worker.count(Apply)
        assert draft_of(lab).pending == OTHER_NET.changes
        network = draft_of(lab).next.network
        assert (network.activation, network.init.name) == ("relu", "he")


async def test_once_the_run_has_ended_a_live_remedy_waits_too() -> None:
    async with cured("1", status="diverged") as (lab, notice):
        assert not lab.worker.count(Apply)
        assert draft_of(lab).pending == LOWER_RATE.changes
        assert "waits for reset" in notice


async def test_a_click_applies_a_remedy() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        lab.worker.parts = {"findings": findings()}
        await pilot.press("e")
        await settle(pilot, lab)
        view = lab.screen.query_one(DiagnosisPanel)
        row = next(y for y in range(view.size.height) if LOWER_RATE.text[:12] in view.render_line(y).text)
        await pilot.click(DiagnosisPanel, offset=(10, row + 1))
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == LOWER_RATE.changes


async def test_a_key_applies_the_first_remedy_though_the_panel_be_out_of_sight() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        lab.worker.parts = {"findings": findings()}
        await pilot.press("e")
        await settle(pilot, lab)
        assert not any(isinstance(view, DiagnosisPanel) for view in lab.screen.query_one(Board).on_screen)
        assert "diagnosis ▲" in lab.text("TabRow")
        await pilot.press("c")
        told = lab.app.screen.query_one(Static).render().plain
        assert "rate  0.03 → " in told, "it says what it will do"
        assert "acts at once" in told
        assert lab.worker.count(Apply) == 0, "before it does it"
        await pilot.press("c")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == LOWER_RATE.changes
        lab.worker.parts = {"findings": ()}
        await pilot.press("n")
        await settle(pilot, lab)
        assert "▲" not in lab.text("TabRow")


async def test_trials_are_put_behind_the_curves_one_by_one_and_after_the_last_all_are_taken_away() -> None:
    remedies = [structs.replace(one, metric="test.accuracy", seeds=3) for one in (OTHER_WEIGHTS, LOWER_RATE)]
    found = structs.replace(finding("symmetry", 0, *remedies), tried=True)
    courses = tuple(TrialCourse(steps=(0, 90), columns={"train.loss": (0.9, last)}) for last in (0.2, None))
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        lab.worker.parts = {"examined": tried("ill", findings=(found,), courses=courses), "findings": ()}
        await pilot.press("e")
        await settle(pilot, lab)
        lab.screen.query_one(DiagnosisPanel).focus()
        chart = lab.screen.query_one(LossPanel)
        names = []
        for _ in range(3):
            await pilot.press("g")
            await settle(pilot, lab)
            names.append([ghost.name for ghost in chart.ghosts])
            if len(names) == 2:
                steps, values = chart.ghosts[0].columns["train.loss"]
                assert (steps.tolist(), values.tolist()) == ([0, 90], [0.9, 0.2])
    assert names == [["remedy 1"], ["remedy 1", "remedy 2"], []]


def every_remedy() -> list[Remedy]:
    """One change of each family that the doctor may advise."""
    scenario = overrides.apply(
        load(catalogue.find("xor")), {"network.hidden": [8, {"units": 6, "activation": "sigmoid"}]}
    )
    facts = Facts(
        rows=140,
        inputs=2,
        outputs=1,
        usual_output=True,
        usual_loss=False,
        judged_by="test",
        imbalanced=False,
        scalable=True,
        targets_scalable=False,
    )
    found = {entry.family: entry.changes for entry in reversed(candidates(scenario, facts))}
    settled = [changes for changes in found.values() if "auto" not in changes.values()]
    return [Remedy(text=text_of(scenario, changes), changes=changes, live=is_live(changes)) for changes in settled]


@pytest.mark.parametrize("advice", every_remedy(), ids=lambda advice: advice.text)
async def test_every_remedy_can_be_applied_from_the_panel(advice: Remedy, tmp_path: Any) -> None:
    file = tmp_path / "two-layers.toml"
    file.write_text(
        'title = "Two layers"\n[data]\nkind = "xor"\n[network]\n'
        'hidden = [8, { units = 6, activation = "sigmoid" }]\n[training]\nloss = "bce"\n'
    )
    lab = Lab(str(file))
    async with lab.app.run_test(size=WIDE) as pilot:
        lab.worker.parts = {"findings": (finding("dead units", 3, advice),)}
        await pilot.press("e")
        await settle(pilot, lab)
        lab.screen.query_one(DiagnosisPanel).focus()
        await pilot.press("1")
        await settle(pilot, lab)
        draft = draft_of(lab)
        assert advice.live == all(fields.is_live(key) for key in advice.changes)
        assert lab.worker.count(Apply) == advice.live
        told = to_mapping(draft.running if advice.live else draft.next)
        for key, value in advice.changes.items():
            assert lookup(told, key) == value
            assert draft.value(key) == value


# -- pictures --------------------------------------------------------------------------------------------------------


async def test_a_digit_that_no_remedy_has_goes_to_its_panel() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        lab.worker.parts = {"findings": ()}
        await lab.screen.run_action("go_to_panel('diagnosis')")
        await settle(pilot, lab)
        assert isinstance(lab.screen.focused, DiagnosisPanel)
        await pilot.press("1")
        await settle(pilot, lab)
        assert [view.KIND.name for view in lab.screen.query_one(Board).on_screen] == ["loss"]
