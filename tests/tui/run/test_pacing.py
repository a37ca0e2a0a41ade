"""When frames are asked for, and which picture is drawn first."""

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from nn_tui.tui.lab.pace import Pace
from nn_tui.tui.painter import Painter


def test_of_pictures_that_wait_the_newest_of_a_name_is_drawn_and_first_what_somebody_waits_for() -> None:
    failed: list[Exception] = []
    painter, begun, hold, done, drawn = Painter(failed.append), Event(), Event(), Event(), list[str]()

    def wait() -> None:
        begun.set()
        hold.wait()

    painter.paint("first", wait, lambda _: None)
    begun.wait()
    painter.paint("a", lambda: "old", drawn.append)
    painter.paint("b", lambda: "b", drawn.append)
    painter.paint("a", lambda: "new", drawn.append)
    painter.paint("c", lambda: "awaited", drawn.append, at_once=True)
    painter.paint("d", lambda: None, lambda _: done.set())
    hold.set()
    done.wait()
    painter.close()
    assert drawn == ["awaited", "new", "b"]
    assert not failed


@pytest.mark.parametrize(("speed", "looks"), [(200.0, 8), (None, 5)])
def test_a_run_flat_out_is_looked_at_less_often_for_its_steps_sake(speed: float | None, looks: int) -> None:
    asked: list[object] = []

    def look(wanted: object) -> bool:
        asked.append(wanted)
        return True

    board = SimpleNamespace(is_quick=False, look=lambda is_between: is_between)
    screen: Any = SimpleNamespace(query_one=lambda _: board)
    conversation: Any = SimpleNamespace(opened=True)
    control: Any = SimpleNamespace(is_playing=True, frame=SimpleNamespace(speed=speed), look=look)
    pace = Pace(screen, conversation, control, lambda: None)
    for _ in range(40):
        pace.tick()
    assert len(asked) == looks
