"""A worker that only pretends: it keeps what it is sent, and answers at once from canned frames."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
from textual.pilot import Pilot

from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.timeline import changed
from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.messages import (
    Advance,
    Apply,
    Command,
    Frame,
    Look,
    Open,
    Opened,
    Pause,
    Play,
    Refused,
    Report,
    Rewind,
    Save,
    Saved,
    Speed,
)
from nn_tui.tui.app import LabApp
from nn_tui.tui.lab.screen import LabScreen
from tests.tui.canned import Run
from tests.tui.canned import opened as canned_opened
from tests.tui.canned_races import SurfaceRun, surface_opened

Sent = TypeVar("Sent", bound=Command)

STEPS_PER_EPOCH = 9


class FakeWorker:
    """Behaves as the real one as far as the lab can tell, without a network.

    Attributes:
        sent: every command but `Look`, in order.
        looks: every `Look`.
        ends: what the status is after an advance.
        refuse: problems to answer commands with, by the command's name.
        parts: what frames hold besides, by field name.
    """

    def __init__(self, on_report: Callable[[Report], None], on_exit: Callable[[WorkerExit], None]) -> None:
        self._report, self._exit = on_report, on_exit
        self.sent: list[Command] = []
        self.looks: list[Look] = []
        self.refuse: dict[str, tuple[str, str]] = {}
        self.parts: dict[str, object] = {}
        self.snapshot: str | None = None
        self.starts = 0
        self.is_closed = False
        self.opened: Opened | None = None
        self.ends = "paused"
        self.status, self.step, self.speed = "ready", 0, 60.0
        self.scenario: Scenario | None = None

    async def start(self) -> None:
        self.starts += 1

    async def close(self) -> None:
        self.is_closed = True

    def send(self, command: Command) -> None:
        self.looks.append(command) if isinstance(command, Look) else self.sent.append(command)
        asyncio.get_running_loop().call_soon(self._answer, command)

    def die(self) -> None:
        """Ends as if it had been killed."""
        self._exit(WorkerExit("the training process was killed by SIGKILL", -9, "last words"))

    def last(self, kind: type[Sent]) -> Sent:
        """The last command of a kind."""
        return next(command for command in reversed(self.sent) if isinstance(command, kind))

    def count(self, kind: type[Command]) -> int:
        """How many commands of a kind came."""
        return sum(isinstance(command, kind) for command in self.sent)

    def _answer(self, command: Command) -> None:
        name = type(command).__name__
        if name in self.refuse and (self.opened is not None or isinstance(command, Open)):
            key, problem = self.refuse[name]
            run = command.run if isinstance(command, Open) or self.opened is None else self.opened.run
            self._report(Refused(run=run, command=name, key=key, problem=problem))
            return
        if self.opened is None and not isinstance(command, Open):
            self._report(Refused(run=0, command=name, key="", problem="no run is open"))
            return
        match command:
            case Open():
                self.scenario = command.scenario
                make = surface_opened if command.scenario.data.kind == "surface" else canned_opened
                self.opened = make(command.scenario, command.run)
                self.status, self.step, self.speed = "ready", 0, float(command.scenario.training.speed)
                self._report(self.opened)
            case Look():
                self._report(self._frame(command))
            case Play():
                self.status = "running"
            case Pause():
                self.status = "paused"
            case Advance():
                self.step += command.steps + command.epochs * STEPS_PER_EPOCH
                self.status = self.ends
            case Rewind():
                self.step, self.status = command.step, "paused" if command.step else "ready"
            case Speed():
                self.speed = command.steps_per_second
            case Apply():
                assert self.scenario is not None
                self.scenario = changed(self.scenario, command.values)
            case Save():
                assert self.opened is not None
                self._report(
                    Saved(run=self.opened.run, what=command.what, path=command.path, step=self.step, detail="done")
                )

    def _frame(self, look: Look) -> Frame:
        assert self.opened is not None
        assert self.scenario is not None
        frame = (Run if self.opened.layers else SurfaceRun)(self.opened).frame(self.step, look)
        # As in the real one, what can die follows the activation in force.
        mortal = self.scenario.network.activation == "relu"
        hidden = [msgspec.structs.replace(layer, can_die=mortal) for layer in frame.layers[:-1]]
        return msgspec.structs.replace(
            frame,
            layers=(*hidden, *frame.layers[-1:]),
            scenario=self.scenario,
            status=self.status,
            speed=self.speed,
            epochs=self.scenario.training.epochs,
            steps_per_second=60.0 if self.status == "running" else 0.0,
            digest=None if self.status == "running" else frame.digest,
            **self.parts,
        )


class Lab:
    """A lab with a fake worker, for a test to drive."""

    def __init__(self, scenario: str | None = "xor", changes: Mapping[str, object] | None = None) -> None:
        self.workers: list[FakeWorker] = []
        self.app = LabApp(scenario, make_client=self._make, changes=changes)

    def _make(self, on_report: Callable[[Report], None], on_exit: Callable[[WorkerExit], None]) -> FakeWorker:
        self.workers.append(FakeWorker(on_report, on_exit))
        return self.workers[-1]

    @property
    def worker(self) -> FakeWorker:
        return self.workers[-1]

    @property
    def screen(self) -> LabScreen:
        """The lab's own screen, whatever is over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, LabScreen))

    def text(self, selector: str) -> str:
        """What a widget of the lab's screen shows, line by line."""
        widget = self.screen.query_one(selector)
        return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


async def settle(pilot: Pilot[Any], lab: Lab) -> None:
    """Lets everything arrive that is on its way, a fresh frame among it."""
    await pilot.pause()
    # Of a run that stands still the clock may have asked already, before a test has said what the worker tells.
    lab.screen.control._is_stale = True
    lab.screen.look()
    await pilot.pause()
