"""A worker in a process of its own, driven as the app drives it, but one message at a time."""

import io
import selectors
import subprocess
from typing import Any, TypeVar

from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.worker import wire
from nn_tui.training.worker.launch import launch
from nn_tui.training.worker.messages import Command, Frame, Left, Look, Open, Opened, Pause, Refused, Report
from tests.patience import PATIENCE

"""Seconds after which a worker that says nothing has failed the test; nothing waits for them to pass."""

Message = TypeVar("Message", bound=Report)


def xor(**training: Any) -> Scenario:
    """Nine steps an epoch."""
    return from_mapping(
        {
            "title": "xor",
            "data": {"kind": "xor"},
            "network": {"hidden": [4, 3]},
            "training": {"epochs": 40, "seed": 3, "speed": 1_000_000, **training},
        }
    )


class Worker:
    """Sends commands, and reads reports as they come.

    Attributes:
        left: what was said in between of courses that the run has left.
    """

    def __init__(self) -> None:
        self.left: list[Left] = []
        self.launched = launch()
        self.process: subprocess.Popen[bytes] = self.launched.process
        assert isinstance(self.process.stdin, io.FileIO)
        assert isinstance(self.process.stdout, io.FileIO)
        self.commands, self.reports = self.process.stdin, self.process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.reports, selectors.EVENT_READ)

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.send_bytes(wire.pack(command))

    def send_bytes(self, content: bytes) -> None:
        self.commands.write(content)

    def read(self, size: int, /) -> bytes:
        """What a wire reads from: never waits longer than a test may take."""
        if not self._selector.select(PATIENCE):
            raise TimeoutError("the worker says nothing")
        return self.reports.read(size) or b""

    def receive(self) -> Report | None:
        """The next report, or None at the end of the stream."""
        content = wire.read(self)
        return None if content is None else wire.report(content)

    def expect(self, kind: type[Message]) -> Message:
        found = self.receive()
        while isinstance(found, Left):
            self.left.append(found)
            found = self.receive()
        assert isinstance(found, kind), found
        return found

    def open(self, scenario: Scenario, **more: Any) -> Opened:
        self.send(Open(run=1, scenario=scenario, **more))
        return self.expect(Opened)

    def look(self, *parts: str, **more: Any) -> Frame:
        self.send(Look(parts=parts, **more))
        return self.expect(Frame)

    def refusal(self, command: Command) -> Refused:
        self.send(command)
        return self.expect(Refused)

    def look_until_still(self) -> Frame:
        """Frames until the run stands."""
        while (frame := self.look()).status == "running":
            pass
        return frame

    def pause(self) -> Frame:
        self.send(Pause())
        return self.look()

    def close(self) -> int:
        """Ends it as the app's end would, and gives its exit code."""
        self.commands.close()
        code = self.process.wait(PATIENCE)
        self._selector.close()
        self.reports.close()
        self.launched.errors.close()
        return code
