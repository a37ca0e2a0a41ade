"""The rate that suits the run: searched beside it, with what was tried drawn as it comes, and taken with a key."""

from collections.abc import Callable
from typing import ClassVar

import msgspec
import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Moment, Plot, Zone, within
from nn_tui.numerals import in_full
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.shown import in_cells
from nn_tui.training.errand import Errand
from nn_tui.training.rates.choice import SHARED
from nn_tui.training.rates.moment import RateMoment
from nn_tui.training.rates.search import RateFound
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.palette import palette_of
from nn_tui.tui.widgets.key_hints import KeyHints
from nn_tui.tui.widgets.plot_view import PlotView
from nn_tui.wording import counted

_EVERY = 0.2
"""Seconds between two looks at what has come in."""
_MOST_LOSS = 3.0
"""Of the loss at the start, or of the first ones where that is not known: where the axis ends at most."""
_ENDED = "The search ended before it came to a rate; R in the lab begins another."
_NOTHING = "A curve needs the loss at two rates at least."
_ROOM = 0.6, 1.2
"""Times the lowest and the highest rate: where the axis ends."""


def search_beside(scenario: Scenario) -> Errand:
    """Starts a search in a process of its own."""
    return Errand("nn_tui.training.rates", dumps(scenario).encode())


class RateScreen(Overlay[float | None]):
    """Ends with the rate to take, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,R,q", "leave", "back", show=False),
        Binding("enter", "take", "take it", show=False),
    ]

    def __init__(self, scenario: Scenario, start: Callable[[Scenario], Errand] = search_beside) -> None:
        """
        Args:
            scenario: whose rate is wanted.
            start: begins the search.
        """
        super().__init__()
        self._scenario, self._start = scenario, start
        self._errand: Errand | None = None
        self._line = b""
        self._moment = RateMoment()

    def compose(self) -> ComposeResult:
        yield Static(id="told", markup=False)
        yield PlotView("The loss over the rates appears here with the first runs.", id="plot")
        yield KeyHints()

    def on_mount(self) -> None:
        optimizer = self._scenario.training.optimizer.name
        what = KINDS[self._scenario.data.kind].loss.capitalize()
        title = f"{what} over the rate of {optimizer}: {in_cells(self._scenario.title)}"
        plot = self.query_one("#plot")
        plot.border_title, plot.border_subtitle = Content(title), f"mean over the {SHARED} seeds that all rates have"
        try:
            self._errand = self._start(self._scenario)
        except (ScenarioError, OSError) as error:
            self._moment = RateMoment(problem=str(error))
        self.set_interval(_EVERY, self.look)
        self._show()

    def on_unmount(self) -> None:
        if self._errand is not None:
            self._errand.close()

    def look(self) -> None:
        """Takes in what the search has come to."""
        errand = self._errand
        if errand is None:
            return
        failed, line = errand.failed, errand.latest
        if line is not self._line:
            self._line, self._moment = line, msgspec.json.decode(line, type=RateMoment)
        elif not (failed and not self._moment.problem):
            return
        if failed and self._moment.found is None and not self._moment.problem:
            # What was tried until then is true, and stays to be seen.
            self._moment = msgspec.structs.replace(self._moment, problem=_ENDED)
        self._show()

    def recolor(self) -> None:
        self._show()

    def _show(self) -> None:
        palette, moment = palette_of(self.app), self._moment
        self.query_one("#told", Static).update(told(moment, self._scenario.training.optimizer.lr, palette))
        is_over = bool(moment.problem) or moment.found is not None
        plot = rate_plot(moment, self._scenario.training.optimizer.lr, palette)
        self.query_one(PlotView).show(plot, _NOTHING if is_over else "")
        take = ["enter take the rate"] if moment.found is not None and moment.found.rate is not None else []
        self.query_one(KeyHints).show(*take, "esc back")

    def action_take(self) -> None:
        """Takes the proposal, once there is one."""
        found = self._moment.found
        if found is not None and found.rate is not None:
            self.dismiss(found.rate)

    def action_leave(self) -> None:
        """Leaves the rate as it is; the search ends."""
        self.dismiss(None)


def told(moment: RateMoment, present: float, palette: Palette) -> Content:
    """What a search has come to, in two lines."""
    found = moment.found
    if moment.problem:
        return Content.styled(moment.problem, palette.alarm.hex)
    if found is None:
        runs = counted(len(moment.tried), "rate") if moment.tried else "the first rate"
        return Content.assemble(
            ("searching ", palette.text.hex),
            (f"{moment.share:.0%} · {runs}\n", palette.muted.hex),
            ("Each is the run itself at that rate, with several seeds; training goes on beside it.", palette.muted.hex),
        )
    if found.rate is None:
        return Content.styled(
            "No rate makes the loss fall: the rate is not what this run lacks.\n" + _how(found), palette.text.hex
        )
    return Content.assemble(
        ("rate ", palette.text.hex),
        (in_full(found.rate), f"bold {palette.accent.hex}"),
        (f"   {found.reach}   now {in_full(present)}\n", palette.text.hex),
        (_how(found).removesuffix(".") + ", the middle of equally good ones.", palette.muted.hex),
    )


def _how(found: RateFound) -> str:
    until = "to the end" if found.whole else f"for {found.steps:,} steps each"
    runs = sum(rung.seeds for rung in found.curve)
    return f"{runs} runs {until}, up to {len(found.seeds)} seeds a rate; chosen by the {found.chosen_by}."


def rate_plot(moment: RateMoment, present: float, palette: Palette) -> Plot | None:
    """The loss over the rates, with those that train, the proposal and the present rate; None before there is any."""
    drawn = [(rate, loss) for rate, loss in moment.tried if loss is not None and 0.0 < loss < float("inf")]
    if len(drawn) < 2:
        return None
    found = moment.found
    most = _MOST_LOSS * (found.start if found is not None else max(loss for _, loss in drawn[:2]))
    rates, losses = np.array(drawn, np.float64).T
    # Where a seed diverged there is no loss, but the axis has the place.
    ends = _ROOM[0] * moment.tried[0][0], _ROOM[1] * moment.tried[-1][0]
    moments = [Moment(present, "now")] if ends[0] <= present <= ends[1] else []
    zones: tuple[Zone, ...] = ()
    if found is not None and found.rate is not None and found.interval is not None:
        moments = [Moment(found.rate, in_full(found.rate)), *moments]
        zones = (Zone(*found.interval, "trains"),)
    plot = Plot(
        [Line(rates, losses, palette.text), Line(rates, losses, palette.text, dots="•")],
        x_range=ends,
        x_unit="rate",
        log=True,
        log_x=True,
        whole_x=False,
        moments=moments,
        x_zones=zones,
    )
    return within(plot, 0.0, most)
