"""What is tried beside the run: the search for a rate, and sweeps."""

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from textual.color import Color
from textual.widgets import Input, OptionList, Static

from nn_tui.charts.curves import draw
from nn_tui.scenario.schema import Scenario
from nn_tui.training.errand import Errand
from nn_tui.training.files import kept_file
from nn_tui.training.given import given_scenario
from nn_tui.training.rates.choice import Rung
from nn_tui.training.rates.moment import RateMoment
from nn_tui.training.rates.search import RateFound
from nn_tui.training.replay import replay
from nn_tui.training.run.session import Stop
from nn_tui.training.sweep.interface import planned, progress_of
from nn_tui.training.sweep.plan import Plan
from nn_tui.training.sweep.ranking import ranked
from nn_tui.training.sweep.shape import SweepMap, map_over
from nn_tui.training.sweep.space import parse_axis
from nn_tui.training.sweep.sweeping import Sweeping, SweepResult
from nn_tui.training.worker.messages import Advance, Apply, Open
from nn_tui.tui.screens.rate import RateScreen, rate_plot, told
from nn_tui.tui.screens.save import SaveScreen
from nn_tui.tui.screens.sweep import SweepScreen
from nn_tui.tui.screens.sweep_map import MapView, map_words
from nn_tui.tui.screens.vary import VaryScreen
from nn_tui.tui.widgets.plot_view import PlotView
from tests.training.runs import scenario
from tests.training.sweep.crew import Here
from tests.tui.fakes import Lab, settle
from tests.tui.painting import palette_for
from tests.tui.terminal.test_unobeyed import drawn

FOUND = RateFound(
    scenario="xor",
    optimizer="adam",
    rate=0.042,
    interval=(0.01, 0.2),
    curve=tuple(Rung(rate=rate, loss=0.3, spread=0.1, seeds=5, diverged=0) for rate in (0.01, 0.1)),
    seeds=(7, 8, 9, 10, 11),
    steps=300,
    whole=False,
    total_steps=3000,
    chosen_on="test",
    chosen_by="test loss",
    start=0.7,
    seconds=1.0,
)
TRIED = ((0.001, 0.6), (0.01, 0.3), (0.1, 0.2), (1.0, None))


@dataclass
class Pretended:
    """Work that comes to what a test says."""

    latest: bytes = b""
    running: bool = True
    failed: bool = False
    is_closed: bool = False

    def close(self) -> None:
        self.is_closed, self.running = True, False


@pytest.mark.parametrize("theme", ["lab-dark", "lab-light"])
@pytest.mark.parametrize("size", [(74, 17), (110, 34), (190, 54)])
def test_a_search_is_drawn_with_what_trains_and_what_is_proposed(theme: str, size: tuple[int, int]) -> None:
    palette = palette_for(theme)
    assert rate_plot(RateMoment(tried=TRIED[:1]), 0.03, palette) is None
    plot = rate_plot(RateMoment(share=1.0, tried=TRIED, found=FOUND), 0.03, palette)
    assert plot is not None
    canvas = draw(plot, palette, size)
    shown = "\n".join("".join(row) for row in canvas.characters)
    assert "0.042" in shown
    assert "now" in shown
    assert "trains" in shown
    assert any(palette.tint in row for row in canvas.behind)


@pytest.mark.parametrize("width", range(60, 200, 5))
def test_what_trains_is_not_read_in_one_with_the_rate_that_is_proposed(width: int) -> None:
    palette = palette_for()
    found = msgspec.structs.replace(FOUND, rate=0.0075, interval=(0.001, 0.316))
    plot = rate_plot(RateMoment(share=1.0, tried=((0.001, 0.3), (0.01, 0.17), (1.0, 0.7)), found=found), 0.03, palette)
    assert plot is not None
    shown = "\n".join("".join(row) for row in draw(plot, palette, (width, 30)).characters)
    assert "trains" in shown
    assert not re.search("0075 ?trains|trains ?0|now ?trains|trains ?now", shown)


def test_a_rate_at_which_the_loss_grows_far_leaves_the_picture_and_is_not_drawn_at_its_edge() -> None:
    palette = palette_for()
    tried = ((0.001, 1.0), (0.01, 0.5), (0.1, 50.0), (1.0, 9000.0))
    plot = rate_plot(RateMoment(tried=tried), 0.03, palette)
    assert plot is not None
    assert [*plot.lines[0].y] == [loss for _, loss in tried]
    assert "▲" in "".join("".join(row) for row in draw(plot, palette, (80, 20)).characters)


def test_what_a_search_says() -> None:
    palette = palette_for()
    assert "50% · 4 rates" in told(RateMoment(share=0.5, tried=TRIED), 0.03, palette).plain
    said = told(RateMoment(share=1.0, tried=TRIED, found=FOUND), 0.03, palette).plain
    assert said == (
        "rate 0.042   0.01 to 0.2 train   now 0.03\n10 runs for 300 steps each, up to 5 seeds a rate; "
        "chosen by the test loss, the middle of equally good ones."
    )
    alone = msgspec.structs.replace(FOUND, interval=(0.0422, 0.0422))
    assert "rate 0.042   only rates near it train   now" in told(RateMoment(found=alone), 0.03, palette).plain
    none = msgspec.structs.replace(FOUND, rate=None, interval=None)
    assert "No rate makes the loss fall" in told(RateMoment(found=none), 0.03, palette).plain
    assert told(RateMoment(problem="no table"), 0.03, palette).plain == "no table"


async def test_a_rate_that_was_found_is_taken_with_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Pretended()
    monkeypatch.setattr("nn_tui.tui.screens.rate.Errand", lambda *_: work)
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("R", "enter")
        screen = lab.app.screen
        assert isinstance(screen, RateScreen)
        work.latest = msgspec.json.encode(RateMoment(share=1.0, tried=TRIED, found=FOUND))
        screen.look()
        await pilot.press("enter")
        await settle(pilot, lab)
        assert lab.worker.last(Apply).values == {"training.optimizer.lr": 0.042}
        assert work.is_closed


async def test_where_a_search_cannot_begin_that_is_said() -> None:
    def refuse(_: Scenario) -> Errand:
        raise OSError("no process can be started")

    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        lab.app.push_screen(RateScreen(scenario(), refuse))
        await pilot.pause()
        assert "no process can be started" in str(lab.app.screen.query_one("#told", Static).content)


async def test_a_search_that_ends_early_keeps_what_was_tried_and_promises_no_more() -> None:
    work = Pretended()
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        screen = RateScreen(scenario(), lambda _: work)  # type: ignore[arg-type, return-value]
        lab.app.push_screen(screen)
        await pilot.pause()
        assert "appears here" in drawn(lab)
        work.failed = True
        screen.look()
        await pilot.pause()
        assert "The search ended before it came to a rate" in drawn(lab)
        assert "A curve needs the loss at two rates" in drawn(lab), "nothing is promised any more"
        assert "appears here" not in drawn(lab)
        work.latest = msgspec.json.encode(RateMoment(share=0.5, tried=TRIED))
        screen.look()
        await pilot.pause()
        assert "The search ended before it came to a rate" in drawn(lab)
        assert "A curve needs" not in drawn(lab), "the rates that were tried are drawn"


async def test_a_chart_that_says_why_it_is_empty_says_another_thing_in_the_same_place() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        lab.app.push_screen(RateScreen(scenario(), lambda _: Pretended()))  # type: ignore[arg-type, return-value]
        await pilot.pause()
        assert "appears here" in drawn(lab)
        lab.app.screen.query_one(PlotView).show(None, "There is none.")
        await pilot.pause()
        assert "There is none." in drawn(lab)
        assert "appears here" not in drawn(lab)


# -- sweeps ------------------------------------------------------------------------------------------------------------


def plan(*varied: str, base: Scenario | None = None) -> Plan:
    axes = tuple(parse_axis(text) for text in varied)
    return planned(base or scenario(training={"epochs": 2}), axes, seeds=2, random=None, metric="", stop_sick=False)


@pytest.fixture
def swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SweepResult:
    """A sweep of two keys that is kept."""
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    chosen = plan("lr=0.01..1:log:3", "network.activation=relu,tanh")
    return Sweeping(chosen, Here(), progress_of(chosen, None, "xor")).run()


def test_a_map_has_every_pair_and_the_best_is_the_fullest(swept: SweepResult) -> None:
    palette = palette_for()
    found = map_over(swept, "training.optimizer.lr", "network.activation")
    words = map_words(found, False, palette, (60, 7)).words
    lines = words.plain.splitlines()
    assert lines[0].split() == ["relu", "tanh"]
    assert [line.split()[0] for line in lines[1:]] == ["0.01", "0.1", "1"]
    behind = [str(span.style) for span in words.spans if " on " in str(span.style)]
    assert len(behind) == 6


def test_a_map_fills_its_place_and_shows_what_is_in_hand_where_it_cannot_show_all() -> None:
    rows = tuple(f"{0.001 * row:g}" for row in range(1, 31))
    columns = tuple(str(2**column) for column in range(6))
    found = SweepMap(rows, columns, {(row, column): 0.5 for row in rows for column in columns})
    palette = palette_for()
    small = map_words(found, False, palette, (40, 12), ("0.02", "32"))
    assert (small.rows, small.columns) == (11, 4)
    lines = small.words.plain.splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert "32" in lines[0].split()
    assert sum("▸" in line for line in lines) == 1
    assert next(line for line in lines if "▸" in line).split()[0] == "0.02"
    large = map_words(found, False, palette, (95, 100))
    assert (large.rows, large.columns) == (30, 6)
    assert len(large.words.plain.splitlines()) == 91
    assert len(large.words.plain.splitlines()[0]) > 85


def test_what_is_in_hand_is_marked_right_before_its_value_or_the_dash_of_none() -> None:
    found = SweepMap(rows=("1", "2"), columns=("8", "32"), cells={("1", "8"): 0.5})
    palette = palette_for()
    for here, marked in ((("1", "8"), "▸0.5000"), (("2", "32"), "▸–")):
        words = map_words(found, False, palette, (40, 10), here).words
        assert marked in words.plain
        place = words.plain.index("▸")
        (style,) = (str(span.style) for span in words.spans if span.start <= place < span.end)
        assert style.startswith(palette.text.hex), "what is in hand is as plain to see where there is no score"


async def test_a_map_of_a_sweep_follows_the_list_and_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    chosen = plan("lr=0.01..1:log:12", "network.activation=relu,tanh")
    swept = Sweeping(chosen, Here(), progress_of(chosen, None, "xor")).run()
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        chart = lab.app.screen.query_one(MapView)
        assert str(chart.border_title) == "test accuracy over lr ↓ and activation →"
        marked = set()
        for _ in range(24):
            await pilot.pause()
            line = next(line for line in str(chart.render()).splitlines() if "▸" in line)
            marked.add((line.split()[0], line.index("▸")))
            await pilot.press("down")
        assert len(marked) == 24
        assert str(chart.border_subtitle) == f"{chart.content_size.height - 1} of 12 lr, around ▸"
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert not chart.border_subtitle


async def test_what_a_sweeps_chart_leaves_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    line = given_scenario("line", changes={"training.optimizer.name": "sgd", "training.epochs": 40})
    for varied in (("lr=0.01,0.02,10000",), ("lr=0.1,0.2", "network.activation=relu,tanh", "batch_size=8,32")):
        chosen = plan(*varied, base=line if len(varied) == 1 else None)
        swept = Sweeping(chosen, Here(), progress_of(chosen, None, "xor")).run()
        lab = Lab(f"sweep:{swept.hash}")
        async with lab.app.run_test(size=(80, 24)) as pilot:
            await settle(pilot, lab)
            screen = lab.app.screen
            if len(varied) == 1:
                assert str(screen.query_one(PlotView).border_subtitle) == "1 without a score: not drawn"
            else:
                assert str(screen.query_one(MapView).border_title).startswith("best test accuracy over ")


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_a_sweeps_lists_say_what_tells_their_entries_apart_and_what_has_diverged_where_there_is_little_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    line = given_scenario("line", changes={"training.optimizer.name": "sgd"})
    chosen = plan("lr=0.01,1e6", 'optimizer={name="sgd"},{name="momentum"}', "training.epochs=40", base=line)
    swept = Sweeping(chosen, Here(), progress_of(chosen, None, "line")).run()
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        listed = lab.app.screen.query_one(OptionList)
        lines = [str(option.prompt) for option in listed.options]
        assert all(len(line) <= listed.content_size.width for line in lines)
        assert [line.split()[-4:] for line in lines[:2]] == [
            ["lr", "0.01", "optimizer", name] for name in ("sgd", "momentum")
        ]
        assert ["2 of 2 diverged" in line for line in lines] == [False, False, True, True]
        assert "epochs" not in "".join(lines), "it is the same in all of them"
        assert str(lab.app.screen.query_one(MapView).border_title).startswith("test R² over lr ↓")
        assert "epochs 0%" not in str(lab.app.screen.query_one("#told", Static).content)
        await pilot.press("t")
        await pilot.pause()
        trials = [option.prompt for option in listed.options]
        assert all("seed" in str(line) and len(str(line)) <= listed.content_size.width for line in trials)
        assert ["diverged" in str(line) for line in trials] == [False] * 4 + [True] * 4
        assert [bool(line.spans) for line in trials] == [True] * 4 + [False] * 4, "the last loss before is no score"


async def test_why_trials_have_failed_is_said_of_a_combination_as_of_a_trial(swept: SweepResult) -> None:
    odd = swept.trials[0].changes
    trials = tuple(
        msgspec.structs.replace(trial, status="failed", value=None, error="out of memory")
        if trial.changes == odd
        else trial
        for trial in swept.trials
    )
    failed = msgspec.structs.replace(swept, trials=trials, ranking=tuple(ranked(trials, swept.metric)))
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        screen = lab.app.screen
        assert isinstance(screen, SweepScreen)
        screen._result = failed
        for _ in range(2):
            screen.recolor()
            last = str(screen.query_one(OptionList).options[-1].prompt)
            assert "failed" in last
            assert last.endswith("out of memory")
            await pilot.press("t")


async def test_a_sweep_over_one_key_beside_one_that_stays_is_drawn_as_a_curve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    for varied, is_curve in (("lr=0.01,0.1", True), ("network.activation=relu,tanh", False)):
        chosen = plan(varied, "training.epochs=1")
        swept = Sweeping(chosen, Here(), progress_of(chosen, None, "xor")).run()
        lab = Lab(f"sweep:{swept.hash}")
        async with lab.app.run_test(size=(80, 24)) as pilot:
            await settle(pilot, lab)
            assert lab.app.screen.query_one(PlotView).display is is_curve
            assert lab.app.screen.query_one(MapView).display is not is_curve


async def test_where_a_sweep_has_no_score_its_chart_says_what_it_needs_and_other_sizes_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    line = given_scenario("line", changes={"training.optimizer.name": "sgd", "training.epochs": 40})
    for varied, needs in (
        (("lr=10000,20000",), "A curve needs a score at two numbers at least."),
        (("lr=10000,20000", "batch_size=8,32"), "A map needs a score of one pair at least."),
    ):
        chosen = plan(*varied, base=line)
        swept = Sweeping(chosen, Here(), progress_of(chosen, None, "line")).run()
        lab = Lab(f"sweep:{swept.hash}")
        async with lab.app.run_test(size=(120, 40)) as pilot:
            await settle(pilot, lab)
            assert needs in drawn(lab)
            heights = []
            for size in ((60, 20), (120, 40)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                heights.append(str(lab.app.screen.query_one("#told", Static).content).count("\n"))
            assert heights[0] > heights[1], "the title and the bar are beside each other where there is room"


async def test_screens_over_the_lab_take_the_colors_of_another_theme(swept: SweepResult) -> None:
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        for keys in (
            (),
            ("escape", "k"),
            ("escape", "o"),
            ("escape", "question_mark"),
            ("escape", "i"),
            ("escape", "j"),
        ):
            await pilot.press(*keys)
            await settle(pilot, lab)
            for theme in ("lab-dark", "lab-light"):
                lab.app.theme = theme
                await settle(pilot, lab)
                await pilot.pause()
                other = palette_for("lab-light" if theme == "lab-dark" else "lab-dark")
                seen = {
                    str(segment.style.color.name)
                    for strip in lab.app.screen._compositor.render_strips(lab.app.size)
                    for segment in strip
                    if segment.style and segment.style.color and segment.text.strip()
                }
                assert not seen & {other.accent.hex.lower(), other.muted.hex.lower(), other.text.hex.lower()}, keys


async def test_a_kept_sweep_is_looked_at_and_any_trial_opened(swept: SweepResult) -> None:
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        screen = lab.app.screen
        assert isinstance(screen, SweepScreen)
        said = str(screen.query_one("#told", Static).content)
        assert "12 of 12   done" in said
        assert "differences due to one alone" in said
        assert screen.query_one(OptionList).option_count == 6
        await pilot.press("t")
        listed = screen.query_one(OptionList)
        assert listed.option_count == 12
        await pilot.pause()
        shown = [line for y in range(listed.size.height) if (line := listed.render_line(y).text).strip()]
        assert len({(line.index("lr"), line.index("activation"), line.index("seed")) for line in shown}) == 1
        await pilot.press("down", "enter")
        await settle(pilot, lab)
        opened = lab.worker.last(Open).scenario
        trial = next(
            trial
            for trial in swept.trials
            if trial.seed == opened.training.seed
            and trial.changes["training.optimizer.lr"] == opened.training.optimizer.lr
        )
        assert lab.worker.last(Advance) == Advance(steps=trial.steps)
        # From the list of kept runs it is one line, which leads here again.
        await pilot.press("k")
        await settle(pilot, lab)
        assert lab.app.screen.query_one(OptionList).option_count == 1
        await pilot.press("enter")
        await settle(pilot, lab)
        assert isinstance(lab.app.screen, SweepScreen)


async def test_the_command_copied_of_a_trial_gives_its_digest_though_the_sweep_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    chosen = plan("lr=0.01,0.1")
    swept = Sweeping(chosen, Here(), progress_of(chosen, None, "")).run()
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("t", "down", "enter")
        await settle(pilot, lab)
        opened = lab.worker.last(Open).scenario
        await pilot.press("y")
        words = lab.app.clipboard.split()
    trial = next(
        trial
        for trial in swept.trials
        if (trial.seed, trial.changes["training.optimizer.lr"]) == (opened.training.seed, opened.training.optimizer.lr)
    )
    assert words[:2] == ["nn-tui", "replay"]
    assert words[3:] == ["--steps", str(trial.steps)]
    assert replay(given_scenario(words[2]), stop=Stop(steps=trial.steps)).summary.digest == trial.digest


async def test_a_sweep_itself_cannot_be_replayed_and_that_is_said(swept: SweepResult) -> None:
    lab = Lab(f"sweep:{swept.hash}")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("escape", "y")
        assert lab.app.clipboard == ""
        assert isinstance(lab.app.screen, SaveScreen)
        assert any("a sweep can be opened, not replayed" in notice.message for notice in lab.app._notifications)


async def test_a_sweep_is_begun_in_the_lab_stopped_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    begun: list[Pretended] = []

    def begin(module: str, request: bytes, environment: dict[str, str]) -> Pretended:
        assert module == "nn_tui.training.sweep"
        assert request
        assert environment == {kept_file.VARIABLE: str(tmp_path / "runs.sqlite")}
        begun.append(Pretended())
        return begun[-1]

    monkeypatch.setattr("nn_tui.training.errand.Errand", begin)
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        await pilot.press("S")
        asked = lab.app.screen
        assert isinstance(asked, VaryScreen)
        asked.query_one("#varied", Input).value = "lrr=1..2"
        await pilot.press("enter")
        problem = asked.query_one(".problem", Static)
        assert "unknown key" in str(problem.content)
        for varied, seeds, said in (
            ("network.activation=relu,sinus", "1", "activation"),
            ("lr=-1..1", "1", "lr"),
            ("network.activation=relu", "9999999999999999", "seed"),
        ):
            asked.query_one("#varied", Input).value = varied
            asked.query_one("#seeds", Input).value = seeds
            await pilot.press("enter")
            assert said in str(problem.content)
            assert "--" not in str(problem.content), "options are the shell's"
        asked.query_one("#seeds", Input).value = "1"
        asked.query_one("#varied", Input).value = "lrr=1..2"
        await pilot.press("enter")
        assert problem.styles.color == Color.parse(lab.app.theme_variables["error"])
        await pilot.press("end", "0")
        assert not str(problem.content), "what is written is another thing now"
        asked.query_one("#varied", Input).value = 'lr=1e-4..1:log:3 optimizer={name="sgd"},adam'
        await pilot.press("enter")
        await lab.app.workers.wait_for_complete()
        await settle(pilot, lab)
        screen = lab.app.screen
        assert isinstance(screen, SweepScreen)
        assert "0 of 6   waiting for trials" in str(screen.query_one("#told", Static).content)
        assert "What was tried appears here" in drawn(lab)
        for untrue in ("due to one alone", "enter open", "single trials"):
            assert untrue not in drawn(lab)
        await pilot.press("space")
        assert begun[0].is_closed
        begun[0].failed = True
        screen.look()
        assert "stopped: space goes on" in str(screen.query_one("#told", Static).content)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        screen.look()
        await pilot.pause()
        assert "stopped: space goes on" in drawn(lab), "in one line"
        await pilot.press("space")
        assert len(begun) == 2
        await pilot.press("escape")
        await settle(pilot, lab)
        assert begun[1].is_closed
