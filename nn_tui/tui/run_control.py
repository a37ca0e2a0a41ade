"""What a person does to a run, turned into commands for the worker."""

import time

import msgspec
from msgspec import UNSET, UnsetType

from nn_tui.scenario import overrides
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.diagnosis.finding import Remedy
from nn_tui.training.worker.messages import (
    Advance,
    Apply,
    Command,
    Frame,
    Look,
    Opened,
    Pause,
    Play,
    Redo,
    Rewind,
    SetWeights,
    Speed,
    Undo,
)
from nn_tui.tui.conversation import Conversation
from nn_tui.tui.draft import Draft
from nn_tui.tui.source import Source
from nn_tui.tui.speeds import FLAT_OUT, faster, slower

_TRIALS_EVERY = 0.5
"""Seconds between two looks at what trials of remedies have shown, of a run that stands still."""


class _Opening(msgspec.Struct, frozen=True):
    """A run that was asked for: with which scenario it begins, what that comes from, and the model it goes on from."""

    source: Source
    scenario: Scenario
    model: str | None = None


class _Place(msgspec.Struct, frozen=True):
    """Where a run was, and whether it played."""

    step: int
    played: bool


class RunControl:
    """Plays, steps, rewinds and resets one run after the other.

    Attributes:
        source: what is open, as it stands in its file.
        draft: the scenario as the forms show it.
        is_reviving: whether the run that was asked for last is one whose worker has died.
    """

    def __init__(self, source: Source, conversation: Conversation) -> None:
        self.source = source
        self._conversation = conversation
        self._opening: _Opening | None = None
        self._openings: dict[int, _Opening] = {}
        self._before: tuple[Source, Draft] | None = None
        self._plays_on = self._rests = self._resumes = self.is_reviving = False
        self._speed: float | UnsetType | None = UNSET
        self._before_flat_out: float | None = FLAT_OUT
        self._target: int | None = None
        self._back_to: _Place | None = None
        self._died_at: int | None = None
        self._last_look: Look | None = None
        self._asked_at = 0.0
        self._is_stale = True
        self._goes_to = 0
        self.draft: Draft | None = None

    # -- where it stands ---------------------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame | None:
        """The newest frame."""
        return self._conversation.frame

    @property
    def status(self) -> str:
        """As in `Frame`, or "loading", "not loaded" or "crashed"."""
        if self._conversation.has_died:
            return "crashed"
        if self._conversation.is_refused:
            return "not loaded"
        return "loading" if self.frame is None or self._conversation.is_opening else self.frame.status

    @property
    def started(self) -> Scenario | None:
        """The scenario the present run began with."""
        return self.draft.base if self.draft is not None else None

    @property
    def model(self) -> str | None:
        """The file of the saved model that the present run goes on from, if it does."""
        return self._opening.model if self._opening is not None else None

    @property
    def is_playing(self) -> bool:
        """Whether it trains."""
        return self.status == "running"

    # -- runs --------------------------------------------------------------------------------------------------------

    def open(self, source: Source) -> None:
        """Begins another scenario, at its own speed, paused; until it is ready, or refused, the draft is of it."""
        self._goes_to = source.step
        self._speed = UNSET
        self._back_to = self._died_at = None
        if self._before is None and self.draft is not None:
            self._before = self.source, self.draft
        self.source, self.draft = source, Draft(source.scenario)
        self._begin(source.scenario, plays_on=False, model=source.model)

    def refused(self) -> bool:
        """Goes back to what was open before a scenario that cannot be; returns whether there was anything."""
        opened = self._conversation.opened
        self._opening = None if opened is None else self._openings.get(opened.run)
        if self._before is None:
            return False
        (self.source, self.draft), self._before = self._before, None
        return True

    def reset(self) -> None:
        """Begins again, with what waits for it; a run that was going goes on."""
        if self.draft is not None:
            self._begin(self.draft.next, plays_on=self.is_playing)

    def new_seed(self) -> None:
        """Begins again from the next seed."""
        if self.draft is not None:
            seed = self.draft.next.training.seed + 1
            self._begin(overrides.apply(self.draft.next, {"training.seed": seed}), plays_on=self.is_playing)

    def died(self) -> bool:
        """Takes note of a worker's death; returns whether the run has come on since the last one.

        If it has, it is worth going on with by itself; what dies again at the same step would do so for ever.
        """
        frame = self.frame
        step = 0 if frame is None else frame.step
        # So many steps may have gone by unseen.
        unseen = 0.0 if frame is None else frame.steps_per_second
        has_come_on = self._died_at is None or step > self._died_at + unseen
        if self._back_to is None:
            self._back_to = _Place(step, frame is not None and frame.status == "running")
        self._died_at = step
        return has_come_on

    def begin_without_snapshot(self) -> bool:
        """Begins a run again whose snapshot cannot be used; returns whether it was to go on from one."""
        if not self._resumes or self._opening is None:
            return False
        self._begin(self._opening.scenario, plays_on=False, model=self._opening.model)
        self.is_reviving = True
        return True

    def revive(self, snapshot: str | None, to_the_step: bool = True) -> None:
        """Opens the run once more at a new worker.

        Args:
            snapshot: where it goes on from; None for its beginning.
            to_the_step: whether it goes on to where it was, and plays on there if it did.
        """
        if not to_the_step:
            self._back_to = None
        elif self._back_to is None and self.frame is not None:
            self._back_to = _Place(self.frame.step, played=False)
        if self._opening is not None:
            self._begin(self._opening.scenario, plays_on=False, snapshot=snapshot, model=self._opening.model)
            self.is_reviving = True

    def _go_back_to_the_step(self, frame: Frame) -> None:
        """Takes a revived run to the step at which its worker died."""
        place = self._back_to
        if place is None or frame.status == "running":
            return
        if frame.step == place.step or frame.status in ("finished", "diverged"):
            self._back_to = None
            if place.played and frame.status not in ("finished", "diverged"):
                self._send(Play())
        elif frame.step > place.step:
            self._send(Rewind(step=place.step))
        else:
            self._send(Advance(steps=place.step - frame.step))

    def _begin(self, scenario: Scenario, plays_on: bool, snapshot: str | None = None, model: str | None = None) -> None:
        number = self._conversation.open(scenario, snapshot, self.source.name, model)
        if number:
            self._opening = self._openings[number] = _Opening(self.source, scenario, model)
            self._plays_on, self._target = plays_on, None
            self._resumes, self.is_reviving = snapshot is not None, False

    def opened(self, opened: Opened) -> bool:
        """Takes note of a run that is ready, or that was brought back; returns whether it is of another source."""
        before = self.source
        if opened.origin in self._openings:
            self._openings[opened.run] = self._openings[opened.origin]
            self._plays_on = False
        self._opening = self._openings.get(opened.run, self._opening)
        assert self._opening is not None
        self.source, self.draft, self._before = self._opening.source, Draft(self._opening.scenario), None
        self._is_stale = True
        if self._speed is not UNSET:
            self._send(Speed(steps_per_second=self._speed))
        if self._goes_to:
            self._send(Advance(steps=self._goes_to))
            self._goes_to = 0
        if self._plays_on:
            self._send(Play())
        return self.source is not before

    # -- looking -----------------------------------------------------------------------------------------------------

    def _awaits_trials(self) -> bool:
        """Whether remedies are being tried, and it is time to ask what came of them."""
        now = time.monotonic()
        if self.frame is None or self.frame.examined is None or self.frame.examined.done:
            return False
        if now < self._asked_at + _TRIALS_EVERY:
            return False
        self._asked_at = now
        return True

    def look(self, look: Look) -> bool:
        """Asks for a frame, unless the one there is still the newest there can be; returns whether it asked."""
        frame = self.frame
        # A row that takes long to take is told of in the next frame.
        is_told = frame is not None and frame.seen == frame.step
        settled = frame is not None and frame.status != "running" and is_told and not self._is_stale
        if settled and look == self._last_look and not self._awaits_trials():
            return False
        if not self._conversation.look(look):
            return False
        self._last_look, self._is_stale = look, False
        if self.draft is not None:
            self.draft.ask()
        return True

    def took(self, frame: Frame) -> bool:
        """Takes note of a frame; returns whether the scenario in force has changed."""
        if self._target == frame.step:
            self._target = None
        if self._conversation.is_opening or self.draft is None:
            return False
        self._go_back_to_the_step(frame)
        return self.draft.follow(frame.scenario)

    # -- what a person does ------------------------------------------------------------------------------------------

    def play_pause(self) -> None:
        """Trains on, or stops."""
        self._back_to = None
        self._send(Pause() if self.is_playing else Play())

    def rest(self) -> None:
        """Stops while the app is suspended."""
        if self.is_playing:
            self._rests = True
            self._send(Pause())

    def go_on_after_rest(self) -> None:
        """Trains on if it did before."""
        if self._rests:
            self._rests = False
            self._send(Play())

    def advance(self, *, steps: int = 0, epochs: int = 0) -> None:
        """Takes some steps, or goes to the end of some epochs, and pauses."""
        self._target = self._back_to = None
        self._send(Advance(steps=steps, epochs=epochs))

    def rewind(self, *, steps: int = 0, epochs: int = 0, to: int | None = None) -> None:
        """Goes back by so much, or to a step; presses that come faster than frames add up."""
        frame, self._back_to = self.frame, None
        if frame is None:
            return
        here = frame.step if self._target is None else min(self._target, frame.step)
        if to is None:
            to = here - steps - epochs * frame.steps_per_epoch
        self._target = max(0, to)
        if self._target < frame.step or frame.status == "running":
            self._send(Rewind(step=self._target))

    def undo(self) -> None:
        """Takes back the latest change by hand, reset, seed or scenario."""
        self._target, self._is_stale = None, True
        self._conversation.go_back(Undo)

    def redo(self) -> None:
        """Brings back what was taken back last, with the course that followed."""
        self._target, self._is_stale = None, True
        self._conversation.go_back(Redo)

    def set_weight(self, weight: HandWeight) -> None:
        """Sets a weight of the running net by hand."""
        self._send(SetWeights(weights=(weight,)))

    def go_on(self) -> None:
        """Makes the run half as long again."""
        if self.frame is not None:
            epochs = self.frame.epochs
            self._send(Apply(values={"training.epochs": epochs + max(1, epochs // 2)}))

    def apply(self, key: str, value: object) -> None:
        """Changes a field of the running net."""
        self._send(Apply(values={key: value}))

    def cure(self, remedy: Remedy) -> bool:
        """Applies a remedy: to the running net if it was meant for that, else to the next one.

        Returns:
            Whether it is in force now; else it waits for a reset.

        Raises:
            ScenarioError: for a remedy that is not possible here.
        """
        assert self.draft is not None
        if not self.cures_now(remedy):
            self.draft.hold(remedy.changes)
            return False
        self.draft.send(remedy.changes)
        self._send(Apply(values=remedy.changes))
        return True

    def cures_now(self, remedy: Remedy) -> bool:
        """Whether a remedy would act on the running net, and not wait for a reset."""
        assert self.draft is not None
        # What has ended would not show what a change does, and going back would undo it.
        has_ended, waits = self.status in ("finished", "diverged"), self.draft.pending.keys() & remedy.changes
        # What won from the start is not what the running net would come to.
        from_here = remedy.metric is None or remedy.from_step is not None
        return remedy.live and from_here and not has_ended and not waits and self.draft.can_take(remedy.changes)

    def change_speed(self, to: str) -> None:
        """ "faster", "slower", or "flat out" and back."""
        speed = self._present_speed()
        if to == "flat out":
            speed, self._before_flat_out = (self._before_flat_out, speed) if speed is FLAT_OUT else (FLAT_OUT, speed)
        else:
            speed = faster(speed) if to == "faster" else slower(speed)
        self._speed = speed
        self._send(Speed(steps_per_second=speed))

    def _present_speed(self) -> float | None:
        if self._speed is not UNSET:
            return self._speed
        return self.frame.speed if self.frame is not None else FLAT_OUT

    def _send(self, command: Command) -> None:
        self._is_stale = True
        self._conversation.send(command)
