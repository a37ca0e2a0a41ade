"""Drives a run as the app says: between two steps it takes commands, and answers them."""

import math
import time
from collections.abc import Callable

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.atomic import OutputError
from nn_tui.training.messages import (
    Advance,
    Apply,
    Command,
    Look,
    Open,
    Pause,
    Play,
    Refused,
    Report,
    Rewind,
    Save,
    Speed,
)
from nn_tui.training.recording import Row
from nn_tui.training.session import Status
from nn_tui.training.worker.frames import frame
from nn_tui.training.worker.inbox import Inbox
from nn_tui.training.worker.opening import Run, open_run
from nn_tui.training.worker.pacing import Rate, Tempo

_STALE = 0.05
"""Seconds after which a row is too old for a frame of a run that moves."""

_GRACE = 0.01
"""Seconds a frame waits for the end of an advance, so that a step asked for is in the frame asked for after it."""


class CommandRefusedError(Exception):
    """A command that cannot be carried out as the run stands; the message is for people."""


class Goal:
    """Where an advance ends: at a step, at the end of an epoch, or, by default, nowhere before the run does."""

    def __init__(self, step: float = math.inf, epoch: float = math.inf) -> None:
        self.step = step
        self.epoch = epoch

    @property
    def is_set(self) -> bool:
        """Whether it ends anywhere."""
        return self.step < math.inf or self.epoch < math.inf


class Host:
    """One run at a time, at a tempo, towards a goal.

    The thread that calls `serve` does everything; others only put commands into the inbox.
    """

    def __init__(self, inbox: Inbox, report: Callable[[Report], None]) -> None:
        """
        Args:
            inbox: where commands come from.
            report: sends a report.
        """
        self._inbox = inbox
        self._report = report
        self._run: Run | None = None
        self._moving = False
        self._goal = Goal()
        self._tempo = Tempo(None)
        self._rate = Rate()
        self._row_at = 0.0

    def serve(self) -> None:
        """Carries out commands, and trains in between; never returns."""
        while True:
            while (command := self._inbox.take()) is not None:
                self._handle(command)
            if self._moving:
                self._train()
            else:
                self._inbox.wait()

    # -- training ------------------------------------------------------------------------------------------------

    def _train(self) -> None:
        """Takes steps until a command waits or the movement ends."""
        assert self._run is not None
        waiting, advance = self._inbox.waiting, self._run.session.advance
        if self._goal.is_set:
            while not waiting and self._moving:
                self._step(watch=False)
        elif self._tempo.steps_per_second is None:
            # The one loop in which every nanosecond is paid for at every step.
            while not waiting:
                if not advance():
                    self._stop()
                    return
        else:
            self._train_paced()

    def _train_paced(self) -> None:
        tempo, inbox = self._tempo, self._inbox
        while not inbox.waiting and self._moving:
            missing = tempo.wait(time.perf_counter())
            if missing:
                inbox.wait(missing)
                continue
            self._step(watch=tempo.is_slow)
            tempo.took(time.perf_counter())

    def _step(self, watch: bool) -> None:
        """Takes one step, watched if asked to or if it is the last before the goal, where the movement ends."""
        assert self._run is not None
        session, goal = self._run.session, self._goal
        trainer = session.trainer
        last = trainer.steps + 1 >= goal.step or (
            trainer.position + 1 == trainer.steps_per_epoch and trainer.epoch + 1 >= goal.epoch
        )
        goes_on = session.advance(watch or last)
        if not goes_on or trainer.steps >= goal.step or trainer.epoch >= goal.epoch:
            self._stop()

    def _stop(self) -> None:
        self._moving = False
        self._goal = Goal()
        self._rate.reset()

    def _move(self, goal: Goal) -> None:
        run = self._open_run()
        if run.session.status is not Status.RUNNING:
            return
        self._goal = goal
        if not self._moving:
            self._moving = True
            self._tempo.begin(time.perf_counter())
            self._rate.add(time.perf_counter(), run.session.trainer.steps)

    def _note_row(self, _row: Row) -> None:
        self._row_at = time.perf_counter()

    # -- commands ------------------------------------------------------------------------------------------------

    def _open_run(self) -> Run:
        if self._run is None:
            raise CommandRefusedError("no run is open")
        return self._run

    def _handle(self, command: Command) -> None:
        name, key = type(command).__name__, ""
        try:
            self._carry_out(command)
            return
        except ScenarioError as error:
            key, problem = error.key, error.problem
        except (CommandRefusedError, OutputError) as error:
            problem = str(error)
        except MemoryError:
            problem = "there is not enough memory for this"
        number = command.run if isinstance(command, Open) else self._run.number if self._run else 0
        self._report(Refused(run=number, command=name, key=key, problem=problem))

    def _carry_out(self, command: Command) -> None:
        match command:
            case Look():
                self._look(command)
            case Open():
                self._open(command)
            case Play():
                self._move(Goal())
            case Pause():
                self._pause()
            case Advance():
                self._advance(command)
            case Speed():
                self._set_speed(command.steps_per_second)
            case Apply():
                self._apply(command)
            case Rewind():
                self._rewind(command.step)
            case Save():
                raise CommandRefusedError("cannot save")

    def _open(self, command: Open) -> None:
        run = open_run(command.run, command.scenario, self._note_row)
        self._stop()
        self._run = run
        self._tempo = Tempo(run.session.initial.training.speed)
        self._report(run.opened)

    def _pause(self) -> None:
        run = self._open_run()
        if self._moving and not run.session.recorded_here:
            # What is looked at in peace is worth a row with a true update in it.
            self._step(watch=True)
        self._stop()

    def _advance(self, command: Advance) -> None:
        trainer = self._open_run().session.trainer
        # Presses that come faster than steps add up.
        start_step = self._goal.step if self._goal.step < math.inf else trainer.steps
        start_epoch = self._goal.epoch if self._goal.epoch < math.inf else trainer.epoch
        step = start_step + command.steps if command.steps else math.inf
        epoch = start_epoch + command.epochs if command.epochs else math.inf
        if command.steps or command.epochs:
            self._move(Goal(step, epoch))

    def _set_speed(self, steps_per_second: float | None) -> None:
        self._tempo = Tempo(steps_per_second)
        self._tempo.go_on(time.perf_counter())
        self._rate.reset()

    def _apply(self, command: Apply) -> None:
        session = self._open_run().session
        if session.status is Status.DIVERGED:
            raise CommandRefusedError("the run has diverged; go back to an earlier step, or reset, to change anything")
        finished = session.status is Status.FINISHED
        session.change(command.values)
        if "training.speed" in command.values:
            self._set_speed(session.trainer.scenario.training.speed)
        if finished and session.status is Status.RUNNING:
            self._move(Goal())

    def _rewind(self, step: int) -> None:
        session = self._open_run().session
        if not 0 <= step <= session.trainer.steps:
            raise CommandRefusedError(f"step {step} is not in the run so far (0 to {session.trainer.steps})")
        self._stop()
        session.rewind(step)

    def _look(self, look: Look) -> None:
        run = self._open_run()
        now = time.perf_counter()
        while self._goal.is_set and time.perf_counter() < now + _GRACE:
            self._step(watch=False)
        if self._moving and not run.session.recorded_here and now - self._row_at > _STALE:
            self._step(watch=True)
            self._tempo.took(now)
        if self._moving:
            self._rate.add(now, run.session.trainer.steps)
        self._report(
            frame(
                run,
                look,
                status=self._status(run),
                marks=(),
                steps_per_second=self._rate.value(),
                speed=self._tempo.steps_per_second,
            )
        )

    def _status(self, run: Run) -> str:
        status = run.session.status
        if status is not Status.RUNNING:
            return str(status)
        if self._moving:
            return "running"
        return "paused" if run.session.trainer.steps else "ready"
