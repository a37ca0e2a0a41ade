"""What a person changes as a run goes on: a field, a weight, by a remedy, as a lesson says; and undoing that."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from textual.screen import Screen

from nn_tui.scenario import overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.lanes import LANES
from nn_tui.scenario.lessons.lesson_steps import LessonStep, lesson_steps
from nn_tui.scenario.plain import lookup, to_mapping
from nn_tui.scenario.schema import HandWeight
from nn_tui.training.diagnosis.finding import Remedy
from nn_tui.training.worker.messages import Refused
from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.lesson_text import step_words
from nn_tui.tui.lab.openings import Openings
from nn_tui.tui.lab.ways import Ways
from nn_tui.tui.panels.network.by_hand import Parameter
from nn_tui.tui.run_control import RunControl


class _Dropped(NamedTuple):
    """What waited for a reset and was dropped, to be had back.

    Attributes:
        draft: that it was dropped of; another run has another.
        pending: values by dotted path.
        undone_since: how much was undone after it, which comes back first.
    """

    draft: Draft
    pending: Mapping[str, object]
    undone_since: int = 0

    def is_next(self, draft: Draft | None) -> bool:
        """Whether it is what was taken back last."""
        return self.draft is draft and not self.draft.pending and self.undone_since == 0


class Changes:
    """Has the draft take a change, the worker where it acts at once, and says what speaks against it."""

    def __init__(
        self,
        screen: Screen[None],
        control: RunControl,
        openings: Openings,
        ways: Ways,
        show_draft: Callable[[], None],
    ) -> None:
        """
        Args:
            screen: that says what there is to be said.
            control: of the run.
            openings, ways: for a lesson that says to open another scenario, or to look at a panel.
            show_draft: brings the forms in line with the draft.
        """
        self._screen = screen
        self._control = control
        self._openings = openings
        self._ways = ways
        self._show_draft = show_draft
        self._dropped: _Dropped | None = None

    def propose(self, key: str, value: object, refuse: Callable[[str], None]) -> bool:
        """Has a field changed: at once, or when the run is reset; what speaks against it is told.

        Args:
            key: of the field, a dotted path.
            value: as TOML would give it.
            refuse: shows what is wrong with the value.

        Returns:
            Whether it was taken.
        """
        draft = self._control.draft
        if draft is None or self._control.status == "loading":
            refuse("The scenario is still being loaded.")
            return False
        try:
            is_live = draft.propose(key, value)
        except ScenarioError as error:
            at = "" if error.key in ("", key) else f"{error.key}: "
            refuse(f"{at}{error.problem}")
            return False
        if is_live:
            self._control.apply(key, value)
        self._dropped = None
        self._show_draft()
        return True

    def refused(self, refused: Refused) -> None:
        """The worker has refused something: what was sent is taken back, and the reason is shown where it belongs."""
        if refused.command == "Apply" and self._control.draft is not None:
            self._control.draft.unsend()
            self._show_draft()
        if not (refused.key and self._screen.query_one(Drawer).refuse(refused.key, refused.problem)):
            key = f"{refused.key}: " if refused.key else ""
            self._screen.notify(f"{key}{refused.problem}", severity="warning", markup=False)

    def ask_weight(self, parameter: Parameter) -> None:
        """Asks what a weight or bias is to be, and sets it."""
        from nn_tui.tui.screens.hand_weight import HandWeightScreen

        self._screen.app.push_screen(HandWeightScreen(parameter), self._set_weight)

    def _set_weight(self, weight: HandWeight | None) -> None:
        if weight is not None:
            self._control.set_weight(weight)

    def read_lesson(self) -> None:
        """Shows the lesson, and does what a person wants tried of it."""
        from nn_tui.tui.screens.lesson import LessonScreen

        self._screen.app.push_screen(LessonScreen(self._control.source.scenario), self._try_out)

    def do_step(self, number: int) -> None:
        """Does the step of that number, from 1, of the lesson."""
        self._try_out(lesson_steps(self._control.source.scenario)[number - 1])

    def _try_out(self, step: LessonStep | None) -> None:
        """Opens a scenario, goes to a panel, or sets a field as if it had been set in the forms, and says so."""
        if step is None:
            return
        if step.scenario:
            self._openings.open(step.scenario)
        elif step.panel:
            self._ways.to_panel(step.panel)
        elif self._is_so(step):
            self._screen.notify(f"{step_words(step)}: so it is already.", markup=False)
        elif self.propose(step.key, step.value, partial(self._screen.notify, severity="warning", markup=False)):
            draft = self._control.draft
            waits = draft is not None and draft.is_pending(step.key)
            self._screen.notify(f"{step_words(step)}{': waits for reset (r)' if waits else ''}. u takes it back.")

    def _is_so(self, step: LessonStep) -> bool:
        """Whether a field has the value a lesson gives it: the next run would be the same."""
        draft = self._control.draft
        try:
            return draft is not None and overrides.apply(draft.next, {step.key: step.value}) == draft.next
        except ScenarioError:
            return False

    def cure(self, remedy: Remedy) -> None:
        """Applies a remedy: to the running net, or to the next reset."""
        if self._control.draft is None:
            return
        try:
            is_live = self._control.cure(remedy)
        except ScenarioError as error:
            self._screen.notify(str(error), severity="warning", markup=False)
            return
        when = "acts now" if is_live else "waits for reset (r)"
        gained = remedy.gain
        self._screen.notify(f"{remedy.text}{gained}{';' if gained else ':'} {when}.", markup=False)
        self._show_draft()

    def cure_best(self) -> None:
        """Says what the best remedy that was tried would do, and applies it if that is wanted."""
        from nn_tui.tui.panels.tables.diagnosis import how_far, told, why_none
        from nn_tui.tui.screens.cure import CureScreen

        frame, draft = self._control.frame, self._control.draft
        found = told(frame) if frame is not None else ()
        best = next(((finding, finding.remedies[0]) for finding in found if finding.ill and finding.remedies), None)
        if best is not None and draft is not None:
            finding, remedy = best
            acts_now = self._control.cures_now(remedy)
            # What acts from the start replaces what was in force there.
            plain = to_mapping(draft.running if acts_now else draft.base)
            before = {key: lookup(plain, key) for key in remedy.changes if not key.startswith(LANES)}
            self._screen.app.push_screen(
                CureScreen(finding, remedy, before, acts_now),
                lambda wanted: self.cure(remedy) if wanted else None,
            )
            return
        why = why_none(frame)
        if why:
            self._screen.notify(why)
        elif self._ways.to_panel("diagnosis"):
            tried = f": {how_far(frame.examined)}" if frame is not None and frame.examined is not None else ""
            self._screen.notify(f"No remedy is known to help yet; they are tried now{tried}.", markup=False)

    def undo(self) -> None:
        """Drops what waits; else takes back the latest change by hand, reset, seed or scenario."""
        frame, draft = self._control.frame, self._control.draft
        if draft is not None and draft.pending:
            # What waits has changed nothing yet: it is the latest that was done, and goes first.
            self._dropped = _Dropped(draft, dict(draft.pending))
            draft.forget()
            self._show_draft()
            self._screen.notify("What waited for a reset is dropped. U brings it back.")
        elif frame is None or not frame.undo:
            self._screen.notify("There is nothing to undo: no change was made by hand, and no run left.")
        else:
            self._control.undo()
            self._dropped = self._dropped and self._dropped._replace(undone_since=self._dropped.undone_since + 1)
            self._screen.notify(f"Undone: {frame.undo}. U brings it back.", markup=False)

    def redo(self) -> None:
        """Brings back what was taken back last."""
        frame, dropped = self._control.frame, self._dropped
        if dropped is not None and dropped.is_next(self._control.draft):
            dropped.draft.hold(dropped.pending)
            self._dropped = None
            self._show_draft()
            self._screen.notify("Brought back: what waited for a reset.")
        elif frame is None or not frame.redo:
            self._screen.notify("There is nothing to bring back: nothing was undone since the last change.")
        else:
            self._control.redo()
            self._dropped = dropped and dropped._replace(undone_since=max(0, dropped.undone_since - 1))
            self._screen.notify(f"Brought back: {frame.redo}.", markup=False)
