"""Other runs behind the curves, and the list of kept runs they are pinned from."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from textual.widgets import OptionList

import nn_tui
from nn_tui.charts.color import Color
from nn_tui.charts.ghosts import Ghost
from nn_tui.charts.numbers import cells
from nn_tui.commands import lab as lab_command
from nn_tui.training.files import kept_file
from nn_tui.training.keeping import kept_of
from nn_tui.training.kept.files import fingerprints
from nn_tui.training.kept.index import Index
from nn_tui.training.kept.listing import Filter, listed
from nn_tui.training.kept.store import Store
from nn_tui.training.kept.thin_history import ThinHistory
from nn_tui.training.run.session import Stop
from nn_tui.training.worker.messages import Advance, Left, Open
from nn_tui.tui.screens.kept_runs import KeptRunsScreen
from nn_tui.tui.source import Source
from tests.shell.programs import nn
from tests.training.runs import scenario
from tests.tui.canned import Run, opened
from tests.tui.canned_parts import everything
from tests.tui.fakes import Lab, settle
from tests.tui.painting import painted, palette_for

CURVES = ("loss", "quality", "gradients", "updates", "schedule")
PINK = Color(255, 0, 200)


def ghost(last: float, holds_axis: bool = False) -> Ghost:
    """As long as it is wanted, at twice the values of the canned run."""
    steps = np.linspace(0.0, last, 60)
    names = [*opened().columns, "epoch", "lr"]
    return Ghost({name: (steps, np.full(60, 0.3)) for name in names}, "@7", PINK, holds_axis)


@pytest.mark.parametrize("view", CURVES)
def test_every_curve_chart_shows_a_pinned_run_in_its_color(view: str) -> None:
    frame = Run(opened()).frame(**everything(opened()))
    alone = painted(view, opened(), frame)
    haunted = painted(view, opened(), frame, prepare=lambda panel: setattr(panel, "ghosts", (ghost(300.0),)))
    assert PINK.hex.upper() in haunted.colors - alone.colors
    if view != "schedule":
        assert "@7" in haunted.text


def test_a_course_that_was_left_is_seen_to_its_end() -> None:
    frame = Run(opened()).frame()

    def last(*ghosts: Ghost) -> str:
        picture = painted("loss", opened(), frame, prepare=lambda panel: setattr(panel, "ghosts", ghosts))
        return picture.text.split()[-1]

    assert last(ghost(9_000.0)) == last() == "300"
    assert last(ghost(9_000.0, holds_axis=True)) == "8k"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two kept runs: of 18 steps with another rate, and of 5 steps."""
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    kept = Store()
    for rate, steps in ((0.2, 18), (0.01, 5)):
        run = nn_tui.replay(scenario(), {"lr": rate}, stop=Stop(steps=steps))
        kept.add(kept_of(run, origin="replay", started=1.5, files=fingerprints(run.scenario)))
    return kept


async def test_kept_runs_are_listed_pinned_and_opened_where_they_ended(store: Store) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot, lab)
        (told,) = lab.app._notifications
        assert str(store.path) in told.message
        assert "NN_TUI_RUNS=off" in told.message
        await pilot.press("k")
        await settle(pilot, lab)
        assert isinstance(lab.app.screen, KeptRunsScreen)
        await pilot.press("space", "down", "space", "escape")
        await settle(pilot, lab)
        assert set(lab.screen._ghosts._pinned) == {1, 2}
        assert {one.name for one in lab.screen.board._ghosts} == {"@1", "@2"}
        for theme in ("lab-light", "lab-dark"):
            lab.app.theme = theme
            await settle(pilot, lab)
            lanes = [palette_for(theme).lane(number) for number in range(8)]
            assert all(one.color in lanes for one in lab.screen.board._ghosts)
        await pilot.press("k")
        await settle(pilot, lab)
        await pilot.press("space", "enter")
        await settle(pilot, lab)
        # The pin of the newest was taken away, and it was opened.
        assert set(lab.screen._ghosts._pinned) == {1}
        assert lab.worker.last(Open).scenario.training.optimizer.lr == 0.01
        assert lab.worker.last(Advance) == Advance(steps=5)


async def test_a_damaged_file_of_kept_runs_is_told_of_where_one_looks(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot, lab)
        for path in store.path.parent.glob("runs.sqlite*"):
            path.write_bytes(b"garbage" * 1000)
        await pilot.press("k")
        for _ in range(3):
            await settle(pilot, lab)
        said = [notice.message for notice in lab.app._notifications]
        assert sum("the file of kept runs is damaged; it is now runs.sqlite.damaged-" in one for one in said) == 1
    # Under the lab it would not be seen; at the shell it is where it was.
    assert capsys.readouterr().err == ""
    store.path.write_bytes(b"garbage" * 1000)
    assert not Index().lines()
    assert "the file of kept runs is damaged" in capsys.readouterr().err


async def test_of_a_run_without_a_point_it_is_said_that_there_is_nothing_to_pin(store: Store) -> None:
    nothing = ThinHistory(("step",), np.empty(0), np.empty((1, 0)), np.empty((1, 0)))
    run = nn_tui.replay(scenario(), stop=Stop(steps=1))
    kept = kept_of(run, origin="replay", started=1.5, files=())
    store.add(msgspec.structs.replace(kept, history=nothing))
    lab = Lab()
    async with lab.app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot, lab)
        await pilot.press("k")
        await settle(pilot, lab)
        await pilot.press("space", "escape")
        await settle(pilot, lab)
        assert any("Run 3 was kept without a point" in told.message for told in lab.app._notifications)
        assert not lab.screen._ghosts._pinned


async def test_of_very_many_kept_runs_the_newest_are_listed() -> None:
    run = nn_tui.replay(scenario(), stop=Stop(steps=1))
    line = kept_of(run, origin="replay", started=1.5, files=()).line
    lines = [msgspec.structs.replace(line, id=number) for number in range(1, 2_001)]
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        lab.app.push_screen(KeptRunsScreen(lines, set()))
        await pilot.pause()
        listed = lab.app.screen.query_one(OptionList)
        assert listed.option_count == 1_000
        assert "@2000" in str(listed.get_option_at_index(0).prompt)
        assert listed.border_subtitle == "1,000 of 2,000; nn-tui runs lists all, the newest first"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_each_kept_run_has_its_figures_in_places_of_their_own_and_none_is_broken(size: tuple[int, int]) -> None:
    run = nn_tui.replay(scenario(), stop=Stop(steps=1))
    line = kept_of(run, origin="replay", started=1.5, files=()).line
    losses = (0.0001234, 0.5, 12_345.6)
    names = (
        "xor",
        "very long names of scenarios that somebody has written",
        "名字很长的一个情景文件名字很长的一个情景文件",
    )
    lines = [
        msgspec.structs.replace(line, id=number, name=name, train=scores, test=scores, steps=1_234_567)
        for number, (name, loss) in enumerate(zip(names, losses, strict=True), 1)
        for scores in [{"loss": loss, "accuracy": 0.9833}]
    ]
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        lab.app.push_screen(KeptRunsScreen(lines, set()))
        await pilot.pause()
        listed = lab.app.screen.query_one(OptionList)
        shown = [listed.render_line(y).text for y in range(listed.size.height)]
        assert sum("1,234,567 steps" in line for line in shown) == 3
        for loss in ("0.0001234", "0.5000", "12346"):
            assert any(f"train loss {loss} " in line for line in shown)
        for word in ("train loss", "test accuracy 0.9833", "1,234,567"):
            assert len({cells(line[: line.index(word)]) for line in shown if word in line}) == 1
            assert sum(word in line for line in shown) == 3
        assert len([line for line in shown if line.strip()]) == (3 if size[0] > 110 else 6)


async def test_a_sweep_is_listed_by_how_many_trials_it_has_and_the_best_of_them() -> None:
    run = nn_tui.replay(scenario(), stop=Stop(steps=1))
    line = kept_of(run, origin="sweep", started=1.5, files=(), sweep="abc").line
    trials = [
        msgspec.structs.replace(line, id=number, test={"accuracy": accuracy})
        for number, accuracy in enumerate((0.5, 0.9, 0.7), 1)
    ]
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        lab.app.push_screen(KeptRunsScreen(listed(trials, Filter(), {"abc": 2}), set()))
        await pilot.pause()
        (shown,) = [str(option.prompt) for option in lab.app.screen.query_one(OptionList).options]
        assert "@2" in shown
        assert "3 trials, the best:" in shown
        assert "test accuracy 0.9000" in shown


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_sweep_has_two_lines_and_is_called_one_where_there_is_little_room(size: tuple[int, int]) -> None:
    run = nn_tui.replay(scenario(), stop=Stop(steps=1))
    line = kept_of(run, origin="sweep", started=1.5, files=(), sweep="abc").line
    scores = {"loss": 0.0005819, "accuracy": 0.9833}
    trials = [msgspec.structs.replace(line, id=number, train=scores, test=scores) for number in (1, 2)]
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        lab.app.push_screen(KeptRunsScreen(listed(trials, Filter(), {}), set()))
        await pilot.pause()
        options = lab.app.screen.query_one(OptionList)
        shown = [text for y in range(options.size.height) if (text := options.render_line(y).text.strip())]
        assert len(shown) == 2
        assert "sweep" in " ".join(shown)
        assert "2 trials" in shown[0]
        assert shown[1].endswith("train loss 0.0005819    test accuracy 0.9833")


async def test_a_course_that_was_left_stays_until_another_run_begins() -> None:
    history = ThinHistory.of(nn_tui.replay(scenario(), stop=Stop(steps=9)).history).pack()
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        run = lab.worker.last(Open).run
        lab.screen._ghosts.show_left(Left(run=run, since=4, history=history))
        (shown,) = lab.screen.board._ghosts
        assert (shown.name, shown.holds_axis) == ("left", True)
        assert min(steps.min() for steps, _ in shown.columns.values()) >= 4
        lab.screen._ghosts.show_left(Left(run=run, since=4, history=b""))
        assert lab.screen.board._ghosts == ()
        lab.screen._ghosts.show_left(Left(run=run, since=4, history=history, number=12))
        await pilot.press("r")
        await settle(pilot, lab)
        assert lab.screen.board._ghosts == ()


@pytest.mark.usefixtures("store")
def test_runs_open_opens_the_lab_at_the_last_step(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(lab_command, "open_lab", asked.append)
    assert nn("runs", "open", "1").exit_code == 0
    assert asked == ["@1"]
    assert "there is no run 9" in nn("runs", "open", "9").stderr
    source = Source.find("@1", {"epochs": 50})
    assert (source.step, source.scenario.training.optimizer.lr, source.scenario.training.epochs) == (18, 0.2, 50)
