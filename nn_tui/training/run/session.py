"""A run with its timeline, its recorded history and its way back. Synchronous, without a clock: hosts drive it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Self

import msgspec

from nn_tui.scenario.errors import Place, ScenarioError
from nn_tui.scenario.schema import Change, HandWeight, Scenario
from nn_tui.scenario.tables import read_assignments
from nn_tui.scenario.timeline import changed, ending_at, followed
from nn_tui.training.run.history import HistoryMark, HistoryState
from nn_tui.training.run.problems.lane import ends
from nn_tui.training.run.problems.problem import LaneT
from nn_tui.training.run.recorder import Recorder
from nn_tui.training.run.rows import HistoryRow
from nn_tui.training.run.snapshots import Snapshot, Snapshots, goes_on, had_ended, was_made_by
from nn_tui.training.run.state import DivergedError, TrainerState
from nn_tui.training.run.trainer import Trainer


class Status(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    DIVERGED = "diverged"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Stop:
    """Where a host ends a run, whatever the scenario says; the scenario, and a schedule along its epochs, stay whole.

    Attributes:
        steps, epochs: steps taken, passes completed; None for no such limit.
    """

    steps: int | None = None
    epochs: int | None = None

    def reached(self, steps: int, epochs: int) -> bool:
        """Whether a run that has come this far ends."""
        return (self.steps is not None and steps >= self.steps) or (self.epochs is not None and epochs >= self.epochs)

    def passed(self, steps: int, epochs: int) -> bool:
        """Whether a run has come further than this."""
        return (self.steps is not None and steps > self.steps) or (self.epochs is not None and epochs > self.epochs)


class Session(Generic[LaneT]):
    """Drives a trainer through a scenario.

    Attributes:
        initial: the scenario as it began, before any change.
        trainer: what runs.
        first_step: steps taken before this session, which are not in its history.
        history: the scenario's own rows, which follow from it alone.
        rows: these and the ones that were asked for besides.
        every: a row every so many steps is asked for besides; None for no such.
        watched: whether the last step was, so that a row taken now tells its update.
        status: RUNNING until the last step of the scenario, a divergence, or an interruption.
        divergence: what ended a diverged run.
        applied: the changes made so far, the timeline's and a person's, in the order they were made.
        pending: the timeline's changes still to come.
    """

    def __init__(
        self,
        trainer: Trainer[LaneT],
        *,
        every: int | None = None,
        on_row: Callable[[HistoryRow], None] | None = None,
        on_change: Callable[[Change, Scenario], None] | None = None,
        rewindable: bool = False,
        start: Snapshot | None = None,
        stop: Stop | None = None,
    ) -> None:
        """
        Args:
            trainer: at its first step.
            every: record a row every so many steps besides, in `rows` but not in `history`.
            on_row: called with each row as it is recorded.
            on_change: called with each change as it joins `applied`, and the scenario in force before it.
            rewindable: keep snapshots for `rewind`, and a row where the run begins or goes on.
            start: where a run of the same scenario stopped, to go on from there.
            stop: ends the run before the scenario does.
        """
        self.initial = trainer.scenario
        self.trainer = trainer
        self.applied: list[Change] = list(start.applied) if start else []
        self.pending: list[Change] = list(start.pending if start else trainer.scenario.timeline)
        if start:
            trainer.restore(start.state)
        self.first_step = trainer.steps
        self._stop = stop or Stop()
        self._recorder = Recorder(trainer, every is not None, on_row)
        self.history, self.rows = self._recorder.history, self._recorder.rows
        self.every = every
        self._plan = trainer.row_plan
        self.status = Status.RUNNING
        self.divergence: DivergedError | None = None
        self._on_change = on_change
        self.watched = False
        self._snapshots = Snapshots() if rewindable else None
        if start is None or rewindable:
            self._recorder.record(whole=True)
        self._apply_timeline()
        self._keep_snapshot()
        self._settle_here()

    # -- going on ------------------------------------------------------------------------------------------------

    def advance(self, watch: bool = False) -> bool:
        """Takes one step, with the changes due before it and the row due after it.

        Args:
            watch: keep what `look` needs to tell the step's gradient and update.

        Returns:
            Whether the run goes on.
        """
        if self.status is not Status.RUNNING:
            return False
        trainer = self.trainer
        if self.pending:
            self._apply_timeline()
        step, epoch = trainer.steps + 1, trainer.epoch + 1
        position, per_epoch = trainer.position + 1, trainer.steps_per_epoch
        ends_run = self._ends(step, epoch if position == per_epoch else trainer.epoch)
        own = ends_run or self._plan.due(step, position, per_epoch, epoch)
        asked_for = self.every is not None and step % self.every == 0
        self.watched = own or asked_for or watch
        try:
            trainer.step(self.watched)
        except DivergedError as error:
            self.divergence = error
            self.status = Status.DIVERGED
            self._recorder.record(whole=True)
            return False
        ends_run = ends_run or trainer.lead.has_stopped
        if ends_run and self.pending:
            self._set_last_weights()
        if own or asked_for or ends_run:
            self._recorder.record(whole=ends_run or self._plan.whole, own=own or ends_run)
        self._keep_snapshot()
        return self._settle() if ends_run else True

    def _ends(self, steps: int, epoch: int) -> bool:
        return ends(self.trainer.scenario, steps, epoch) or self._stop.reached(steps, epoch)

    def _settle(self) -> bool:
        """Notices the run's end; returns whether it goes on."""
        trainer, lead = self.trainer, self.trainer.lead
        over = lead.is_over or self._ends(trainer.steps, trainer.epoch)
        # A change that comes right after the scenario's end can be what makes it longer.
        if lead.is_over and goes_on(trainer.scenario, filter(self._is_due, self.pending), lead):
            self._apply_timeline()
            over = self._stop.reached(trainer.steps, trainer.epoch)
        if not over:
            return True
        self.status = Status.FINISHED
        self._recorder.record(whole=True)
        return False

    def _settle_here(self) -> None:
        """As `_settle`, of a run that was taken to here: where a change has just ended it, a step is to come."""
        lead, stop = self.trainer.lead, self._stop
        if not lead.is_over or stop.reached(lead.steps, lead.epoch) or had_ended(self.initial, self.applied, lead):
            self._settle()

    @property
    def share_done(self) -> float:
        """How much of the run is behind it, 0 to 1: of its epochs, or of its steps where those end it first."""
        training, stop, trainer = self.trainer.scenario.training, self._stop, self.trainer
        limits = [(trainer.progress, training.epochs), (trainer.progress, stop.epochs)]
        limits += [(trainer.steps, training.steps), (trainer.steps, stop.steps)]
        return min(1.0, max(done / limit if limit else 1.0 for done, limit in limits if limit is not None))

    @property
    def cut_short(self) -> bool:
        """Whether the run ended before the scenario did."""
        whole = self.trainer.lead.is_over
        return self.status is Status.INTERRUPTED or (self.status is Status.FINISHED and not whole)

    def run(
        self,
        should_stop: Callable[[], bool] | None = None,
        on_step: Callable[[Self], None] | None = None,
    ) -> Status:
        """Goes on to the end, or until `should_stop` says so; asks it, and calls `on_step`, before each step."""
        while self.status is Status.RUNNING:
            if should_stop is not None and should_stop():
                self.interrupt()
                break
            if on_step is not None:
                on_step(self)
            self.advance()
        return self.status

    def interrupt(self) -> None:
        """Ends the run where it is, with a last row."""
        if self.status is Status.RUNNING:
            self.status = Status.INTERRUPTED
            self._recorder.record(whole=True)

    def look(self) -> None:
        """Takes a row here to be `seen`, if none is of this step; it joins no history."""
        self._recorder.look(self._plan.whole)

    @property
    def has_open_end(self) -> bool:
        """Whether a row was taken to `look` since the last one was recorded."""
        return self._recorder.has_open_end

    @property
    def seen(self) -> dict[str, float]:
        """The latest row by column, recorded or not."""
        return self._recorder.seen

    def _keep_snapshot(self) -> None:
        # Right after a step: what is changed next, by hand or by the timeline, is not in it yet.
        if self._snapshots is not None and self._snapshots.due(self.trainer.steps):
            self._snapshots.add(self.snapshot(), self.history.mark())

    # -- changes -------------------------------------------------------------------------------------------------

    def _apply_timeline(self) -> None:
        for change in [change for change in self.pending if self._is_due(change)]:
            before = self.trainer.scenario
            if change.set:
                self._follow(followed(before, change))
            self.trainer.set_weights(change.weights)
            self.pending.remove(change)
            self._note(change, before)

    def _set_last_weights(self) -> None:
        """Sets weights whose step would be the first beyond the own end: unlike a live field, they act at once."""
        trainer = self.trainer
        if not trainer.lead.is_over:
            return
        for change in [c for c in self.pending if c.weights and c.step == trainer.steps + 1]:
            trainer.set_weights(change.weights)
            self.pending.remove(change)
            self._note(change, trainer.scenario)

    def _follow(self, scenario: Scenario) -> None:
        self.trainer.change(scenario)
        self._plan = self.trainer.row_plan

    def _note(self, change: Change, before: Scenario) -> None:
        self.applied.append(change)
        if self._on_change is not None:
            self._on_change(change, before)

    def _is_due(self, change: Change) -> bool:
        if change.step is not None:
            return change.step <= self.trainer.steps + 1
        assert change.epoch is not None
        return change.epoch <= self.trainer.epoch + 1

    def change(self, values: dict[str, object]) -> None:
        """Applies live fields now and keeps them among the changes.

        Args:
            values: dotted keys and their new values.

        Raises:
            ScenarioError: for a bad value, or a field that applies on reset; nothing has changed then.
        """
        before = self.trainer.scenario
        self._follow(changed(before, values))
        after = self.trainer.scenario
        if (after.network, after.training.loss) != (before.network, before.training.loss):
            self._recorder.look_again()
        self._note(Change(step=self.trainer.steps + 1, set=read_assignments(values, Place("change"))), before)
        if self.status is Status.FINISHED:
            self.status = Status.RUNNING
            self._settle()

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets weights by hand, now, and keeps that among the changes; the optimizer's state stays.

        Raises:
            ScenarioError: for a weight there is not, or a run that has ended; nothing has changed then.
        """
        if self.status is not Status.RUNNING:
            raise ScenarioError("the run has ended; go back a step, or train for more epochs, to set a weight")
        self.trainer.set_weights(weights)
        self._recorder.look_again()
        self._note(Change(step=self.trainer.steps + 1, weights=tuple(weights)), self.trainer.scenario)

    # -- going back ----------------------------------------------------------------------------------------------

    def rewind(self, step: int) -> None:
        """Goes back to just after `step`, and forgets what came later, changes made by hand among it.

        The timeline's own changes come again. Where the run is at that step already, nothing happens.

        Raises:
            ValueError: for a step the run has not reached, or a session that is not rewindable.
        """
        self.fall_back(step)
        while self.trainer.steps < step:
            self.advance()

    def fall_back(self, step: int) -> None:
        """Goes back to the last state kept before `step`, and forgets what came after it, rows and changes alike.

        From there `advance` leads to `step` once more, by the same way, and records the same rows.

        Raises:
            ValueError: as for `rewind`.
        """
        if self._snapshots is None:
            raise ValueError("this session keeps no snapshots")
        if not self.first_step <= step <= self.trainer.steps:
            raise ValueError(f"step {step} is not in the run so far ({self.first_step} to {self.trainer.steps})")
        if step == self.trainer.steps:
            return
        # From before it, so that the last step is taken, and can be watched.
        kept = self._snapshots.latest(step - 1)
        state, applied, _ = kept.snapshot
        # What was changed between there and `step` is changed again at its moment, in the order it was made in.
        later = self.applied[len(applied) :]
        again = [change for change in later if self._is_planned(change) or was_made_by(change, step)]
        self.applied, self.pending = list(applied), [*again, *self.pending]
        self._snapshots.forget_after(state.steps)
        self._go_to(state)
        self._recorder.go_back(kept.history)
        self.status = Status.RUNNING
        self.divergence = None

    def _go_to(self, state: TrainerState) -> None:
        self.trainer.restore(state)
        self._plan = self.trainer.row_plan
        self._recorder.look_away()
        self.watched = False

    def resume(self, saved: Snapshot, history: HistoryState | HistoryMark) -> None:
        """Goes to where another session of this scenario had come, keeping the way back to the first step.

        Args:
            saved: what that session's `snapshot` gave.
            history: what it had recorded by then.
        """
        self._go_to(saved.state)
        self.applied, self.pending = list(saved.applied), list(saved.pending)
        self._recorder.go_back(history)
        self._settle_here()

    def return_to(self, saved: Snapshot, history: HistoryMark) -> None:
        """Goes to another place of this run, before the present one or after it, on this course or one that was left.

        Args:
            saved: what `snapshot` gave there.
            history: what had been recorded by then.
        """
        if self._snapshots is not None:
            self._snapshots.keep_those_on_the_way(saved)
        self.status, self.divergence = Status.RUNNING, None
        self.resume(saved, history)

    def snapshot(self) -> Snapshot:
        """All it takes to go on from here in another session of this scenario."""
        return Snapshot(self.trainer.state(), tuple(self.applied), tuple(self.pending))

    def whole_scenario(self) -> Scenario:
        """The run as a scenario, to its own end: as it began, with every change made and still to come."""
        # A live field changed by hand has changed nothing before a step has followed; a weight has.
        made = [c for c in self.applied if self._is_planned(c) or c.weights or was_made_by(c, self.trainer.steps)]
        return msgspec.structs.replace(self.initial, timeline=(*made, *self._reachable()))

    def _is_planned(self, change: Change) -> bool:
        """Whether a change is the timeline's own, and not a person's that only looks like one of them."""
        return any(change is planned for planned in self.initial.timeline)

    def _reachable(self) -> list[Change]:
        """The changes to come, without those past a last epoch that was moved before them."""
        last, kept = self.trainer.scenario.training.epochs, []
        for change in self.pending:
            if change.epoch is None or change.epoch <= last:
                kept.append(change)
                last = change.set.get("training.epochs", last)
        return kept

    def scenario_so_far(self) -> Scenario:
        """The run as a scenario that replays to here.

        A run that has not come to its own end gets this step as its end.
        """
        whole = self.whole_scenario()
        if self.status is not Status.RUNNING and not self.cut_short:
            return whole
        return ending_at(whole, self.trainer.steps)
