"""A sweep as it runs, or as it was: how far it has come, what is best, over what; any trial can be opened."""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.charts.numbers import cells, fixed, to_left
from nn_tui.charts.palette import Palette
from nn_tui.charts.spread import spread_curve
from nn_tui.numerals import numeral
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.writing import in_words
from nn_tui.shown import in_cells
from nn_tui.training.errand import Errand
from nn_tui.training.sweep.ranking import GIVEN_UP
from nn_tui.training.sweep.result import FAILED, TrialResult, is_better_low
from nn_tui.training.sweep.shape import (
    curve_over,
    map_over,
    short_key,
    varied,
    weightiest,
)
from nn_tui.training.sweep.sweeping import SweepResult
from nn_tui.training.sweep.watching import WatchedSweep
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.palette import palette_of
from nn_tui.tui.screens.sweep_map import MapView
from nn_tui.tui.widgets.kept_in_sight import KeptInSight
from nn_tui.tui.widgets.key_hints import KeyHints
from nn_tui.tui.widgets.plot_view import PlotView
from nn_tui.wording import metric_name

_EVERY = 0.5
"""Seconds between two looks at what has come in."""
_MOST = 500
"""Lines of the list."""
_BAR = 24
_SHORTEST_BAR = 8
_NOTHING_YET = "What was tried appears here, the best first."
_LONGEST_STANDING = len("ended before its end: space goes on")
_AROUND = 4
"""Columns of the screen that lines have not: their padding."""


class SweepScreen(Overlay[TrialResult | None]):
    """Ends with a trial to open, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,S,q", "leave", "back", show=False),
        Binding("t", "trials", "trials", show=False),
        Binding("space", "stop_or_go_on", "stop", show=False),
    ]

    def __init__(self, watched: WatchedSweep, start: Callable[[], Errand] | None = None) -> None:
        """
        Args:
            watched: the sweep.
            start: begins it, or goes on with it; None for one that is only looked at.
        """
        super().__init__()
        self._watched, self._start = watched, start
        self._errand = None if start is None else start()
        self._result: SweepResult | None = None
        self._shows_trials = self._is_stopped = False
        self._began: tuple[float, int] | None = None
        self._listed: list[TrialResult] = []

    def compose(self) -> ComposeResult:
        yield Static(id="told", markup=False)
        with Container(id="sides"):
            yield KeptInSight()
            yield PlotView("The metric over what is varied appears here.", id="plot")
            yield MapView(id="chart")
        yield KeyHints()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.set_interval(_EVERY, self.look)
        self.look()

    def on_unmount(self) -> None:
        if self._errand is not None:
            self._errand.close()

    def look(self) -> None:
        """Takes in what the sweep has come to."""
        try:
            news = self._watched.news()
        except ScenarioError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        if news is not None:
            self._result = news
            if self._began is None:
                self._began = time.monotonic(), len(news.trials)
            self._show_list()
            self._show_chart()
        self._show_told()

    # -- what is on screen -------------------------------------------------------------------------------------------

    @property
    def _runs(self) -> bool:
        return self._errand is not None and self._errand.running and not self._is_stopped

    def _show_told(self) -> None:
        result, palette = self._result, palette_of(self.app)
        if result is None:
            return
        self.query_one("#told", Static).update(told(result, self._standing(result), palette, self.size.width - _AROUND))
        can_go_on = self._start is not None and len(result.trials) < result.planned
        go = [f"space {'stop' if self._runs else 'go on'}"] if can_go_on else []
        listed = "combinations" if self._shows_trials else "single trials"
        act = ["↑↓ choose", "enter open it in the lab", f"t {listed}"] if result.trials else []
        self.query_one(KeyHints).show(*act, *go, "esc back")

    def _standing(self, result: SweepResult) -> str:
        """How far it has come, in words."""
        if len(result.trials) >= result.planned:
            return "done"
        if self._start is not None and not self._runs:
            failed = self._errand is not None and self._errand.failed and not self._is_stopped
            return "ended before its end: space goes on" if failed else "stopped: space goes on"
        if self._watched.looked_at and not result.trials:
            return f"{self._watched.looked_at:,} of {result.planned:,} looked at, to see which go on"
        if self._began is None or (came := len(result.trials) - self._began[1]) <= 0:
            return "waiting for trials"
        left = (time.monotonic() - self._began[0]) / came * (result.planned - len(result.trials))
        return f"{left / 60:.0f} min left" if left >= 90 else f"{left:.0f} s left"

    def _show_list(self) -> None:
        result = self._result
        assert result is not None
        listed = self.query_one(OptionList)
        at = listed.highlighted or 0
        self._listed = _trials_in_order(result) if self._shows_trials else _first_trials(result)
        words = _trial_words(result, self._listed) if self._shows_trials else _ranking_words(result)
        listed.clear_options()
        listed.add_options([Option(line) for line in words[:_MOST]] or [Option(_NOTHING_YET, disabled=True)])
        listed.highlighted = min(at, len(words[:_MOST]) - 1) if words else None
        title = "Trials" if self._shows_trials else "Ranking"
        listed.border_title = Content(f"{title} by {metric_name(result.metric)}")
        listed.border_subtitle = Content(f"{min(len(words), _MOST)} of {len(words)}") if len(words) > _MOST else None

    def _show_chart(self) -> None:
        result, palette = self._result, palette_of(self.app)
        assert result is not None
        keys = weightiest(result)
        plot, chart = self.query_one(PlotView), self.query_one(MapView)
        is_curve = len(keys) == 1
        plot.display, chart.display = is_curve, not is_curve
        metric = metric_name(result.metric)
        if is_curve:
            points, unit = curve_over(result, keys[0]), short_key(keys[0], result)
            plot.border_title = Content(f"{metric} over {unit}")
            drawn = spread_curve(points, unit, palette) if len(points) > 1 else None
            plot.show(drawn, "" if drawn is not None else "A curve needs a score at two numbers at least.")
            scoreless = sum(one.mean is None for one in result.ranking)
            plot.border_subtitle = Content(f"{scoreless} without a score: not drawn") if scoreless else None
        else:
            down, across = (short_key(key, result) for key in keys[:2])
            # Of more than two keys a cell stands for many combinations.
            best = "best " if len(keys) > 2 else ""
            chart.border_title = Content(f"{best}{metric} over {down} ↓ and {across} →")
            chart.show(map_over(result, *keys[:2]), (down, across), is_better_low(result.metric))
            self._point_at_highlighted()

    def _point_at_highlighted(self) -> None:
        """Shows on the map where the entry of the list is."""
        result, at = self._result, self.query_one(OptionList).highlighted
        if result is None or at is None or at >= len(self._listed):
            return
        changes, keys = self._listed[at].changes, weightiest(result)
        if len(keys) > 1:
            down, across = (in_words(changes[key]) for key in keys[:2])
            self.query_one(MapView).point_at((down, across))

    def on_resize(self) -> None:
        self._show_told()

    def recolor(self) -> None:
        if self._result is not None:
            self._show_list()
            self._show_chart()
            self._show_told()

    # -- what a person does ------------------------------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _follow(self) -> None:
        self._point_at_highlighted()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._listed):
            self.dismiss(self._listed[event.option_index])

    def action_trials(self) -> None:
        """Lists single trials, or combinations again."""
        self._shows_trials = not self._shows_trials
        if self._result is not None:
            self._show_list()
            self._show_told()

    def action_stop_or_go_on(self) -> None:
        """Stops a sweep that was begun here, or goes on with it; what was done is kept."""
        if self._start is None:
            self.notify("This sweep is only looked at here: it was begun elsewhere.")
        elif self._runs and self._errand is not None:
            self._errand.close()
            self._is_stopped = True
        elif self._result is None or len(self._result.trials) < self._result.planned:
            self._errand, self._began, self._is_stopped = self._start(), None, False
        self._show_told()

    def action_leave(self) -> None:
        """Goes back; a sweep that was begun here stops."""
        self.dismiss(None)


def told(result: SweepResult, standing: str, palette: Palette, width: int) -> Content:
    """How far a sweep has come, what is best, and what each key accounts for.

    Args:
        result: so far.
        standing: how far it has come, in words.
        palette: of the theme.
        width: of a line, in cells.
    """
    done, planned = len(result.trials), max(1, result.planned)
    # Whatever it is that is said of how far it has come: nothing moves when that is something else.
    longest = len(f" {result.planned:,} of {result.planned:,}   ") + _LONGEST_STANDING
    bar = max(_SHORTEST_BAR, min(_BAR, width - longest))
    filled = round(bar * min(1.0, done / planned))
    best = "none so far"
    if result.best is not None and result.best.mean is not None:
        spread = "" if result.best.spread is None else f" ± {numeral(result.best.spread, 2)}"
        best = f"{fixed(result.best.mean).strip()}{spread} with {_values(result.best.changes, result)}"
    progress = Content.assemble(
        ("━" * filled, palette.accent.hex),
        ("━" * (bar - filled), palette.faint.hex),
        (f" {done:,} of {result.planned:,}   {standing}", palette.text.hex),
    )
    title = Content.styled(in_cells(result.scenario), f"bold {palette.text.hex}")
    fits = title.cell_length + 3 + _BAR + longest <= width
    lines = [
        *([Content.assemble(title, "   ", progress)] if fits else [title, progress]),
        Content.assemble(
            (f"best {metric_name(result.metric)} ", palette.muted.hex), (in_cells(best), palette.accent.hex)
        ),
    ]
    keys = varied(result)
    if len(keys) > 1 and sum(one.mean is not None for one in result.ranking) > 1:
        order = sorted(keys, key=lambda key: -result.importance[key])
        parts = "   ".join(f"{short_key(key, result)} {result.importance[key]:.0%}" for key in order)
        alone = "differences due to one alone: "
        lines.append(Content.assemble((alone, palette.muted.hex), (parts, palette.text.hex)))
    return Content("\n").join(lines)


def _values(changes: dict[str, object], result: SweepResult) -> str:
    return ", ".join(f"{short_key(key, result)} {in_words(value)}" for key, value in changes.items())


def _columns(listed: Sequence[dict[str, object]], result: SweepResult) -> list[str]:
    """What was changed, each key's values below one another; the last key's have no blanks behind them."""
    keys = varied(result)
    words = [{key: in_cells(in_words(changes[key])) for key in keys} for changes in listed]
    widths = {key: max((cells(told[key]) for told in words), default=0) for key in keys}
    return ["  ".join(f"{short_key(key, result)} {to_left(told[key], widths[key])}" for key in keys) for told in words]


def _ranking_words(result: SweepResult) -> list[Content]:
    figures = [
        _figure(one.mean, one.note, "" if one.spread is None else f" ± {numeral(one.spread, 2)}")
        for one in result.ranking
    ]
    errors = {repr(trial.changes): trial.error for trial in reversed(result.trials) if trial.error}
    notes = [one.note if one.mean is not None else errors.get(repr(one.changes), "") for one in result.ranking]
    return _lines(figures, _columns([one.changes for one in result.ranking], result), notes)


def _first_trials(result: SweepResult) -> list[TrialResult]:
    """Of each combination of the ranking, the trial of its first seed."""
    first: dict[str, TrialResult] = {}
    for trial in result.trials:
        first.setdefault(repr(trial.changes), trial)
    return [first[repr(one.changes)] for one in result.ranking]


def _trials_in_order(result: SweepResult) -> list[TrialResult]:
    sign = 1.0 if is_better_low(result.metric) else -1.0
    return sorted(
        result.trials,
        key=lambda trial: (trial.score is None or trial.status != "finished", sign * (trial.score or 0.0), trial.loss),
    )


def _trial_words(result: SweepResult, trials: list[TrialResult]) -> list[Content]:
    # Where a lane of a race has diverged, the run has finished and the lane has no value.
    figures = [_figure(trial.score, "failed" if trial.status == FAILED else "diverged") for trial in trials]
    longest = max((len(str(trial.seed)) for trial in trials), default=0)
    values = [
        f"{told}  seed {trial.seed:<{longest}}"
        for trial, told in zip(trials, _columns([trial.changes for trial in trials], result), strict=True)
    ]
    notes = [trial.error or (GIVEN_UP if trial.stopped else "") for trial in trials]
    return _lines(figures, values, notes)


def _figure(value: float | None, reason: str, spread: str = "") -> Content:
    """A score, or in its place why there is none: where there is little room the end of a line is out of sight."""
    return Content(reason) if value is None else Content.assemble((fixed(value), "bold"), spread)


def _lines(figures: Sequence[Content], values: Sequence[str], notes: Sequence[str]) -> list[Content]:
    """A line each: its place, its figure, what was changed, and what else there is to say."""
    width = max((figure.cell_length for figure in figures), default=0)
    return [
        Content.assemble(
            f"{place:>4}  ",
            figure.pad_right(width - figure.cell_length),
            f"  {told if note else told.rstrip()}",
            f"   {in_cells(note)}" if note else "",
        )
        for place, (figure, told, note) in enumerate(zip(figures, values, notes, strict=True), 1)
    ]
