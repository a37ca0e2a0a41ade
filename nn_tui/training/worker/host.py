"""Drives a run as the app says: between two steps it takes commands, and answers them."""

import math
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.files.atomic import OutputError
from nn_tui.training.run.session import Status
from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.frames import Camera
from nn_tui.training.worker.inbox import Inbox
from nn_tui.training.worker.keeping import LabKeeper
from nn_tui.training.worker.messages import (
    PARTS,
    Advance,
    Apply,
    Command,
    Leave,
    Look,
    Open,
    Pause,
    Play,
    Redo,
    Refused,
    Report,
    Rewind,
    Save,
    SetWeights,
    Speed,
    Undo,
)
from nn_tui.training.worker.opening import OpenRun, open_run
from nn_tui.training.worker.pacing import Rate, Tempo
from nn_tui.training.worker.recovery import Recovery, resume
from nn_tui.training.worker.undo import Places, go_to, new_run, place_of
from nn_tui.wording import quoted, suggestion

_QUICK = 0.005
"""Seconds a row may take and still be taken before a frame, not after it."""

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
    """One run at a time, at a tempo, toward a goal.

    The thread that calls `serve` does everything; others only put commands into the inbox.
    """

    def __init__(self, inbox: Inbox, report: Callable[[Report], None], recovery: Recovery) -> None:
        """
        Args:
            inbox: where commands come from.
            report: sends a report.
            recovery: keeps snapshots; its lock is held while files are written.
        """
        self._inbox = inbox
        self._report = report
        self._recovery = recovery
        self._run: OpenRun | None = None
        self._camera: Camera | None = None
        self._moving = False
        self._goal = Goal()
        self._tempo = Tempo(None)
        self._rate = Rate()
        self._undo = Places()
        self._examination = Examination()
        self._keeper = LabKeeper(self._complain, self._report)

    def serve(self) -> None:
        """Carries out commands, and trains in between, until it is told to leave."""
        while True:
            while (command := self._inbox.take()) is not None:
                if isinstance(command, Leave):
                    self._keeper.finish()
                    return
                self._handle(command)
            if self._run is not None:
                self._recovery.keep(self._run)
            if self._moving:
                self._train()
            elif self._keeper.is_due():
                self._keeper.keep()
            else:
                self._inbox.wait(self._recovery.wait(self._run) if self._run else None)

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

    # -- commands ------------------------------------------------------------------------------------------------

    def _open_run(self) -> OpenRun:
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
            case SetWeights():
                self._set_weights(command)
            case Undo() | Redo():
                self._go_back(command)
            case Rewind():
                self._rewind(command.step)
            case Save():
                self._save(command)

    def _open(self, command: Open) -> None:
        run = open_run(command.run, command.scenario, command.model)
        if command.resume is not None:
            resume(run, Path(command.resume))
        if self._run is not None:
            self._undo.note(place_of(self._run), new_run(self._run.session.initial, run.session.initial))
        self._stop()
        self._run, self._camera = run, Camera(run, self._examination)
        self._recovery.follow(run, command.snapshot, resumed=command.resume is not None)
        self._keeper.follow(run, command.name)
        self._tempo = Tempo(run.session.trainer.scenario.training.speed)
        self._report(run.opened)

    def _pause(self) -> None:
        run = self._open_run()
        if self._moving and not run.session.watched:
            # What is looked at in peace is worth a row with a true update in it.
            self._step(watch=True)
        self._stop()

    def _advance(self, command: Advance) -> None:
        trainer = self._open_run().session.trainer
        # Presses that come faster than steps add up, those for steps and those for epochs too.
        goal, per_epoch = self._goal, trainer.steps_per_epoch
        start_step, start_epoch = float(trainer.steps), float(trainer.epoch)
        if goal.step < math.inf:
            start_step = goal.step
            start_epoch += (trainer.position + goal.step - trainer.steps) // per_epoch
        elif goal.epoch < math.inf:
            start_step += (goal.epoch - trainer.epoch) * per_epoch - trainer.position
            start_epoch = goal.epoch
        step = start_step + command.steps if command.steps else math.inf
        epoch = start_epoch + command.epochs if command.epochs else math.inf
        if command.steps or command.epochs:
            self._move(Goal(step, epoch))

    def _set_speed(self, steps_per_second: float | None) -> None:
        self._tempo = Tempo(steps_per_second)
        self._tempo.go_on(time.perf_counter())
        self._rate.reset()

    def _apply(self, command: Apply) -> None:
        run = self._open_run()
        session = run.session
        if session.status is Status.DIVERGED:
            raise CommandRefusedError("the run has diverged; go back to an earlier step, or reset, to change anything")
        finished, place = session.status is Status.FINISHED, place_of(run)
        session.change(command.values)
        if not self._moving:
            # What was worked out here was so by what was in force; of a moving run it is of a moment ago anyway.
            self._camera = Camera(run, self._examination)
        self._keeper.changed()
        if command.values.keys() != {"training.speed"}:
            self._undo.note(place, run.marks[-1].text)
        if "training.speed" in command.values:
            self._set_speed(session.trainer.scenario.training.speed)
        if finished and session.status is Status.RUNNING:
            self._move(Goal())

    def _set_weights(self, command: SetWeights) -> None:
        run = self._open_run()
        if run.session.status is Status.DIVERGED:
            raise CommandRefusedError("the run has diverged; go back to an earlier step, or reset, to change anything")
        place = place_of(run)
        run.session.set_weights(command.weights)
        self._keeper.changed()
        self._undo.note(place, run.marks[-1].text)
        self._camera = Camera(run, self._examination)

    def _go_back(self, command: Undo | Redo) -> None:
        """Goes to where a change was made, or was taken back: in this run, or in another that is opened for it."""
        run = self._open_run()
        place = self._undo.back(run) if isinstance(command, Undo) else self._undo.forth(run)
        if place is None:
            raise CommandRefusedError(f"there is nothing to {type(command).__name__.lower()}")
        self._stop()
        if place.beginning != run.beginning:
            run = open_run(command.run, place.beginning.scenario, place.beginning.model)
            self._run = run
            go_to(run, place)
            self._recovery.go_on()
            self._keeper.follow(run, origin=place.number)
            self._undo.brought_back(run, place.number)
            self._report(structs.replace(run.opened, origin=place.number))
        else:
            self._keeper.going_to(place.number)
            self._keeper.parting(place.fork)
            go_to(run, place)
        self._camera = Camera(run, self._examination)
        self._tempo = Tempo(run.session.trainer.scenario.training.speed)

    def _rewind(self, step: int) -> None:
        run = self._open_run()
        session = run.session
        # Beyond where a saved model's run goes on there is no way back.
        step = max(step, session.first_step)
        self._keeper.rewinding(step)
        try:
            session.fall_back(step)
        except ValueError as error:
            raise CommandRefusedError(str(error)) from None
        del run.marks[len(session.applied) :]
        # Another course may come to the same steps.
        self._camera = Camera(run, self._examination)
        self._undo.forget_after(run, step)
        self._stop()
        # The way from the state kept to the step asked for may be long: frames are answered on it, and a run that is
        # given up need not get there. Everything else waits for its turn.
        self._moving = True
        while session.trainer.steps < step and not self._inbox.has(Open):
            session.advance(watch=session.trainer.steps + 1 == step)
            # A frame that is asked for after a change shows the change.
            if not self._inbox.has(Apply) and (look := self._inbox.pick(Look)) is not None:
                self._answer(run, look)
        self._stop()

    def _look(self, look: Look) -> None:
        run = self._open_run()
        for part in look.parts:
            if part not in PARTS:
                raise CommandRefusedError(f"a frame has no part {quoted(part)}{suggestion(part, PARTS)}")
        now = time.perf_counter()
        while self._goal.is_set and time.perf_counter() < now + _GRACE:
            self._step(watch=False)
        # A row that takes long is taken for the next frame, this one has waited enough.
        quick = run.budget.cost < _QUICK
        if quick:
            self._freshen(run)
        self._answer(run, look)
        if not quick:
            self._freshen(run)

    def _freshen(self, run: OpenRun) -> None:
        """Takes a row that shows where the run is; of a moving one, if the budget allows."""
        now, budget = time.perf_counter(), run.budget
        if not self._moving:
            run.session.look()
        elif budget.allows(now):
            if not run.session.watched:
                self._step(watch=True)
                self._tempo.took(now)
            budget.begin(now)
            run.session.look()
            budget.end(time.perf_counter())

    def _answer(self, run: OpenRun, look: Look) -> None:
        assert self._camera is not None
        if self._moving:
            self._rate.add(time.perf_counter(), run.session.trainer.steps)
        self._report(
            self._camera.frame(
                look,
                status=self._status(run),
                steps_per_second=self._rate.value(),
                speed=self._tempo.steps_per_second,
                undo=self._undo,
            )
        )

    def _save(self, command: Save) -> None:
        # Imported when it is wanted: the first frame comes sooner.
        from nn_tui.training.worker.saving import save

        run = self._open_run()
        with self._recovery.lock:
            saved = save(run, command)
        self._report(saved)

    def _complain(self, problem: str) -> None:
        """Says that runs cannot be kept."""
        self._report(Refused(run=self._run.number if self._run else 0, command="Keep", key="", problem=problem))

    def _status(self, run: OpenRun) -> str:
        status = run.session.status
        if status is not Status.RUNNING:
            return str(status)
        if self._moving:
            return "running"
        return "paused" if run.session.trainer.steps else "ready"
