"""At the end of a run the panels say the same, however fast it was shown, and as painted of a run nobody watched."""

from collections.abc import Iterator

import msgspec
import pytest

from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.frames import Camera
from nn_tui.training.worker.messages import Frame, Opened, Play, Speed
from nn_tui.training.worker.opening import open_run
from nn_tui.tui.panels.registry import KINDS
from tests.training.lab import Worker
from tests.training.test_same_rows import CASES, chosen
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
