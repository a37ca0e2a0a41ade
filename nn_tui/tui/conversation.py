"""What the lab and its worker say to each other: one run at a time, and never more than one question open."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from nn_tui.scenario.schema import Scenario
from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.messages import (
    Command,
    Crashed,
    Frame,
    Left,
    Look,
    Open,
    Opened,
    Redo,
    Refused,
    Report,
    Saved,
    Undo,
)


class Client(Protocol):
    """A worker's process as the lab needs it: `nn_tui.training.worker.client.WorkerClient`, or a stand-in."""

    @property
    def snapshot(self) -> str | None:
        """A file from which a run whose worker has died can go on, if there is one."""
        ...

    async def start(self) -> None:
        """Connects to the worker, and starts it if need be."""
        ...

    def send(self, command: Command) -> None:
        """Sends a command."""
        ...

    async def close(self) -> None:
        """Ends the process."""
        ...


MakeClient = Callable[[Callable[[Report], None], Callable[[WorkerExit], None]], Client]


class Listener(msgspec.Struct):
    """Who is told what; each is called in the event loop."""

    opened: Callable[[Opened], None]
    frame: Callable[[Frame], None]
    refused: Callable[[Refused], None]
    saved: Callable[[Saved], None]
    gone: Callable[[WorkerExit], None]
    left: Callable[[Left], None] = lambda _: None


class Conversation:
    """Opens runs, asks for frames at the app's pace, and keeps apart what belongs to which run.

    Attributes:
        opened: the present run, once the worker has it ready.
        frame: its newest frame.
        is_alive: whether there is a worker.
        gone: how the last one ended, if it did so by itself and no other has been started.
    """

    def __init__(self, make_client: MakeClient, listener: Listener) -> None:
        self._client = make_client(self._take, self._on_exit)
        self._listener = listener
        self._asked = self._answered = 0
        self._refusal: Refused | None = None
        self._overtaken: Opened | None = None
        self._is_looking = False
        self._trace = ""
        self.opened: Opened | None = None
        self.frame: Frame | None = None
        self.is_alive = False
        self.gone: WorkerExit | None = None

    async def start(self) -> None:
        """Connects to the worker.

        Raises:
            OSError: when no process can be started.
        """
        if not self.is_alive:
            await self._client.start()
        self.is_alive, self.gone = True, None

    def lose(self, gone: WorkerExit) -> None:
        """The worker that has followed one that died cannot have its run: it stands where that one left it."""
        self.gone = gone

    async def close(self) -> None:
        """Ends the worker."""
        self.is_alive = False
        await self._client.close()

    @property
    def has_died(self) -> bool:
        """Whether there was a worker that ended by itself, and no run since."""
        return self.gone is not None

    def open(self, scenario: Scenario, resume: str | None = None, name: str = "", model: str | None = None) -> int:
        """Begins a run; the one before goes on being shown until the worker has this one ready, or refuses it.

        Args:
            scenario: to run.
            resume: a snapshot to go on from.
            name: where the scenario comes from.
            model: the file of a saved model whose run goes on.

        Returns:
            The run's number; 0 where there is no worker to begin it.
        """
        if self.is_alive:
            self._asked += 1
        self.send(Open(run=self._asked, scenario=scenario, resume=resume, name=name, model=model))
        return self._asked if self.is_alive else 0

    def go_back(self, command: type[Undo] | type[Redo]) -> None:
        """Takes back what was done last, or brings it back; that may open another run, or not."""
        if not self.is_opening:
            self._asked += 1
            self._answered = self._asked
            self.send(command(run=self._asked))

    @property
    def snapshot(self) -> str | None:
        """A file to go on from after the worker has died, if there is one."""
        return self._client.snapshot

    @property
    def is_opening(self) -> bool:
        """Whether a run was asked for that is not ready."""
        return self._asked != self._answered

    @property
    def is_refused(self) -> bool:
        """Whether there is no run, since none of those that were asked for could be."""
        return self.opened is None and self._asked > 0 and not self.is_opening

    def send(self, command: Command) -> None:
        """Sends a command; where the worker has died, that is said once more."""
        if self.is_alive and (self.gone is None or isinstance(command, Open)):
            self._client.send(command)
        elif self.gone is not None:
            self._listener.gone(self.gone)

    def look(self, look: Look) -> bool:
        """Asks for the newest frame, unless an answer is still to come; returns whether it asked."""
        if not self.is_alive or self.has_died or self._is_looking or self.opened is None:
            return False
        self._is_looking = True
        self.send(look)
        return True

    def _take(self, report: Report) -> None:
        match report:
            case Crashed():
                self._trace = report.trace
            case Refused(command="Look"):
                # Whatever it was: the next look asks again.
                self._is_looking = False
            case Opened():
                self._overtaken = None
                if report.run == self._asked:
                    self._enter(report)
                else:
                    # Another was asked for since; should that be refused, this is what the worker has.
                    self._overtaken = report
            case Frame():
                self._is_looking = False
                if self.opened is not None and report.run == self.opened.run:
                    self.frame = report
                    self._listener.frame(report)
            case Refused(command="Open"):
                if report.run == self._asked:
                    self._answered, self._refusal = report.run, report
                    self._listener.refused(report)
                    if self._overtaken is not None:
                        self._enter(self._overtaken)
            case Refused():
                # The worker only knows that it has no run; why there is none is what a person wants to know.
                why = msgspec.structs.replace(self._refusal, command=report.command) if self._refusal else report
                self._listener.refused(why if self.is_refused else report)
            case Saved():
                self._listener.saved(report)
            case Left():
                if self.opened is not None and report.run == self.opened.run:
                    self._listener.left(report)

    def _enter(self, opened: Opened) -> None:
        """Takes over a run that the worker has ready."""
        self._answered, self._overtaken = self._asked, None
        self.opened, self.frame, self.gone = opened, None, None
        self._listener.opened(opened)

    def _on_exit(self, gone: WorkerExit) -> None:
        self.is_alive = False
        self._is_looking, self._overtaken = False, None
        self._answered = self._asked
        errors, self._trace = self._trace or gone.errors, ""
        self.gone = WorkerExit(gone.reason, gone.code, errors)
        self._listener.gone(self.gone)
