"""At the end of a run the panels say the same, however fast it was shown, and as painted of a run nobody watched."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.frames import Camera
from nn_tui.training.worker.messages import Frame, Opened, Play, Speed
from nn_tui.training.worker.opening import open_run
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import KINDS
from nn_tui.tui.widgets.board import Board
from tests.training.worker.lab import Worker
from tests.training.worker.test_same_rows import CASES, chosen
from tests.tui.canned import Run
from tests.tui.fakes import Lab, settle
from tests.tui.painting import SIZES, painted, whole_look


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    assert made.close() == 0


def screen(opened: Opened, frame: Frame) -> dict[str, str]:
    """What each panel says, with its title."""
    found = {}
    for kind in (kind for kind in KINDS if kind.suits(opened)):
        picture = painted(kind.name, opened, frame)
        found[kind.name] = f"{picture.title}\n{picture.text}"
    return found


@pytest.mark.parametrize("name", CASES)
def test_panels_say_the_same_at_the_end_at_any_speed_and_unwatched(worker: Worker, name: str) -> None:
    scenario = chosen(name)
    run = open_run(1, scenario)
    look = whole_look(run.opened, SIZES[1])
    run.session.run()
    camera = Camera(run, Examination())
    unwatched = screen(run.opened, camera.frame(look, status=str(run.session.status), steps_per_second=0.0, speed=None))
    assert sum(len(text) for text in unwatched.values()) > 500
    for speed in (None, 20_000.0):
        opened = worker.open(scenario)
        assert msgspec.structs.replace(opened, run=1) == run.opened
        worker.send(Speed(steps_per_second=speed), Play())
        while worker.look("findings", columns=("train.loss",)).status == "running":
            pass
        worker.send(look)
        shown = screen(opened, worker.expect(Frame))
        for panel, text in unwatched.items():
            assert shown[panel] == text, panel


async def test_no_view_goes_back_to_a_frame_from_before_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        board = lab.screen.query_one(Board)
        told, look = lab.worker.opened, board.look()
        assert told is not None
        late: list[Callable[[], None]] = []
        monkeypatch.setattr(board, "set_timer", lambda _seconds, callback: late.append(callback))
        for step, status in ((90, "running"), (99, "running"), (108, "finished")):
            board.show(msgspec.structs.replace(Run(told).frame(step, look), status=status))
        for callback in late:
            callback()
        lower = board.query_one("#gradients", Panel)
        assert lower.region.y + lower.region.height // 2 > board.region.y + board.region.height // 2
        assert lower._seen == lower.see(told, Run(told).frame(108, look))
        # One that has not been drawn yet is drawn with the newest there is.
        for step in (117, 126):
            board.show(msgspec.structs.replace(Run(told).frame(step, look), status="running"))
        late[-2]()
        assert lower._seen == lower.see(told, Run(told).frame(126, look))
