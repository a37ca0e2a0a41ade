"""The views: two columns of panels where there is room, one panel behind tabs where there is not."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import structs
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.reactive import reactive

from nn_tui.charts.ghosts import Ghost
from nn_tui.training.look.parts import PackedFloats
from nn_tui.training.worker.messages import MOST_CELLS, Frame, Look, Opened, TraceChoice
from nn_tui.tui.panels.loading import load
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import ALARMING, KINDS, PanelKind, Shown
from nn_tui.tui.widgets.tab_row import TabRow

ROOMY, VAST = (160, 45), (190, 50)
"""From how many columns and rows on more is shown than the essential; and charts stand in two columns."""

_LEAST_POINTS = 2

_LEAST_ROWS, _SCROLLED_ROWS = 7, 11
"""Of a panel that shares its column, and of one in a column that has to be scrolled."""

_AROUND = 3
"""Rows of the screen above and below: the status line, what is said, the toolbar."""

_LOWER_HALF = 0.03
"""Seconds from drawing the upper views of a running net to drawing the others: about half of a frame's time."""

_ALWAYS = ("findings",)
"""What is asked for whatever is on screen: a key applies a remedy though the diagnosis be out of sight."""


class Board(Vertical):
    """Holds the views of a run, knows which of them are to be seen, and what those want of the worker.

    Attributes:
        tabbed: one view at a time.
        recent: curves over the recent window instead of the whole run.
        layer_shown: the layer, from 0, for views of a single one.
        trace: what is traced.
        drawn: a picture that a person draws; empty for none.
    """

    tabbed: reactive[bool] = reactive(False)

    def __init__(self, shown: Iterable[str] = (), hidden: Iterable[str] = ()) -> None:
        """
        Args:
            shown, hidden: views that a person has asked for, or sent away, by name.
        """
        super().__init__()
        self.shown = set(shown)
        self.hidden = set(hidden)
        self.recent = False
        self.layer_shown = 0
        self.trace = TraceChoice()
        self.drawn: PackedFloats = b""
        self._views: dict[str, Panel[Any]] = {}
        self._waiting: dict[Panel[Any], Frame] = {}
        self._ghosts: tuple[Ghost, ...] = ()
        self._opened: Opened | None = None
        self._tab = ""
        self._room: frozenset[Shown] = frozenset()

    def compose(self) -> ComposeResult:
        yield TabRow()
        with Horizontal():
            yield VerticalScroll(id="curves", can_focus=False)
            yield VerticalScroll(id="pictures", can_focus=False)

    # -- which views -------------------------------------------------------------------------------------------------

    @property
    def suitable(self) -> list[PanelKind]:
        """The views that have something to draw of this run, in their order."""
        opened = self._opened
        return [] if opened is None else [kind for kind in KINDS if kind.suits(opened)]

    @property
    def chosen(self) -> list[PanelKind]:
        """Those of them that are to be there."""
        return [kind for kind in self.suitable if self.is_chosen(kind)]

    def is_chosen(self, kind: PanelKind) -> bool:
        """Whether a view is to be there: as a person has said, else as suits the room there is."""
        if kind.name in self.shown or kind.name in self.hidden:
            return kind.name in self.shown
        when = kind.shown if self._opened is None else kind.shown_in(self._opened)
        return when == "always" or when in self._room

    @property
    def on_screen(self) -> list[Panel[Any]]:
        """The views on screen."""
        maximized = self.screen.maximized
        if isinstance(maximized, Panel):
            return [maximized]
        return [view for view in self._views.values() if view.display]

    def open(self, opened: Opened) -> None:
        """Takes over another run."""
        self._opened = opened
        self.trace = TraceChoice()
        self.layer_shown = max(0, min(self.layer_shown, self._single - 1))
        self.settle()

    def choose(self, name: str, wanted: bool) -> None:
        """Has a view there, or not."""
        add, drop = (self.shown, self.hidden) if wanted else (self.hidden, self.shown)
        add.add(name)
        drop.discard(name)
        self.settle()

    def select(self, number: int) -> bool:
        """Goes to the panel of that number, from 1, behind its tab; or, in columns, has it there or not.

        Returns:
            Whether what is chosen has changed.
        """
        listed = self.suitable
        if not 1 <= number <= len(listed):
            return False
        kind = listed[number - 1]
        if self.tabbed:
            return self.go_to(kind.name)
        self.choose(kind.name, not self.is_chosen(kind))
        return True

    def go_to(self, name: str) -> bool:
        """Has a panel there, and behind tabs in sight.

        Returns:
            Whether what is chosen has changed.
        """
        was_chosen = name in [kind.name for kind in self.chosen]
        self._tab = name
        if was_chosen:
            self.settle()
        else:
            self.choose(name, True)
        return not was_chosen

    # -- what of a run they show -------------------------------------------------------------------------------------

    @property
    def _single(self) -> int:
        """How many layers, or lanes of a race, there are to show one of."""
        return 0 if self._opened is None else len(self._opened.singles)

    def choose_layer(self, number: int) -> None:
        """Shows a layer, or a lane of a race, counted from 0."""
        if number < self._single:
            self.layer_shown = number

    def change_layer(self, by: int) -> None:
        """Goes on or back by so many layers, round and round."""
        self.layer_shown = (self.layer_shown + by) % max(1, self._single)

    def switch_log(self) -> None:
        """Has the chart in focus, else the first, drawn on the other of a linear and a log scale."""
        from nn_tui.tui.panels.curves.chart import LogChart

        on_screen = sorted(self.on_screen, key=lambda view: view is not self.screen.focused)
        view = next((view for view in on_screen if isinstance(view, LogChart)), None)
        if view is not None:
            view.action_log()

    # -- what the worker is asked, and what is drawn of its answer ---------------------------------------------------

    @property
    def is_quick(self) -> bool:
        """Whether there is a view that is to be drawn more often than the others."""
        return any(view.QUICK for view in self.on_screen)

    def look(self, is_between: bool = False) -> Look:
        """What the views on screen want.

        Args:
            is_between: whether the frame is for those alone that are drawn more often than the others.
        """
        views, opened = [view for view in self.on_screen if view.QUICK or not is_between], self._opened
        assert opened is not None
        for view in views:
            # How many points it wants depends on it.
            view.recent = self.recent
        known = set(opened.columns)
        first = sorted(views, key=lambda view: not view.has_focus)
        given = self.drawn or next((given for view in first if (given := view.given())), b"")
        grids = [(1, 1), *(grid for view in views if (grid := view.grid()) is not None)]
        columns, rows = (min(max(cells), MOST_CELLS) for cells in zip(*grids, strict=True))
        return Look(
            parts=tuple(sorted({*_ALWAYS, *(["answer"] if given else []), *(p for view in views for p in view.PARTS)})),
            columns=tuple(dict.fromkeys(name for view in views for name in view.columns(opened) if name in known)),
            points=max([_LEAST_POINTS, *(view.points() for view in views)]),
            recent=self.recent,
            grid=(columns, rows),
            layer=self.layer_shown,
            trace=self.trace,
            given=given,
        )

    def show(self, frame: Frame, is_between: bool = False) -> None:
        """Draws a frame.

        Args:
            frame: of this run, or it is left out.
            is_between: as it was when the frame was asked for.
        """
        if self._opened is None or self._opened.run != frame.run:
            return
        self._follow(self._opened, frame)
        ill = any(finding.ill for finding in frame.findings or ())
        self.query_one(TabRow).alarm(ALARMING if ill else "")
        views = [view for view in self.on_screen if view.QUICK or not is_between]
        if frame.status == "running":
            # The upper half of the screen first, so that no key has to wait until all is drawn. By rows and not by
            # columns, for whatever changes in a row, all of it is put together again. What has shown nothing yet is
            # among the first: before that there is nothing its own keys could act on.
            middle = self.region.y + self.region.height / 2
            first = [v for v in views if v.opened is None or v.region.y + v.region.height / 2 < middle]
            self._draw(first, frame)
            self._waiting |= {view: frame for view in views if view not in first}
            self.set_timer(_LOWER_HALF, self._draw_waiting)
        else:
            self._draw(views, frame)

    def _draw_waiting(self) -> None:
        """Draws each view that waits with the newest frame that there is for it."""
        for view, frame in [*self._waiting.items()]:
            self._draw([view], frame)

    def _draw(self, views: Sequence[Panel[Any]], frame: Frame) -> None:
        for view in views:
            # A frame from before would take back what is drawn now.
            self._waiting.pop(view, None)
            if self._opened is not None and self._opened.run == frame.run:
                view.layer_shown = self.layer_shown
                view.show(self._opened, frame)

    def _follow(self, opened: Opened, frame: Frame) -> None:
        """Takes over which layers can have dead units: an activation may change as the run goes."""
        states = zip(opened.layers, frame.layers, strict=False)
        layers = tuple(structs.replace(layer, can_die=state.can_die) for layer, state in states)
        if layers and layers != opened.layers:
            self._opened = structs.replace(opened, layers=layers)
            self.settle()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Takes the focus from a panel out of sight: Textual hands it on to the next one, on which keys would act."""
        if not event.widget.display:
            self.screen.set_focus(None)

    # -- where they stand --------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.watch(self.screen, "maximized", self._share_rows, init=False)

    def on_resize(self) -> None:
        if self._room != self._room_here:
            self.settle()
        self._share_rows()

    @property
    def _room_here(self) -> frozenset[Shown]:
        size = self.screen.size
        sizes: dict[Shown, tuple[int, int]] = {"roomy": ROOMY, "vast": VAST}
        return frozenset(name for name, least in sizes.items() if size.width >= least[0] and size.height >= least[1])

    @property
    def _rows(self) -> int:
        """How high it is, or will be. Before it is first seen it has no size, and is not always told when it gets one:
        Textual tells of none that somebody has asked for before."""
        return self.size.height or self.screen.size.height - _AROUND

    def watch_tabbed(self) -> None:
        if self.is_mounted:
            self.settle()

    def settle(self) -> None:
        """Mounts what is to be there, and hides the rest."""
        self._room = self._room_here
        self.set_class("vast" in self._room, "-vast")
        chosen = self.chosen
        names = [kind.name for kind in chosen]
        if self._tab not in names:
            self._tab = names[0] if names else ""
        with self.app.batch_update():
            for kind in chosen:
                if kind.name not in self._views:
                    self._mount_panel(kind)
            for name, view in self._views.items():
                view.display = name in names and (not self.tabbed or name == self._tab)
            for side in ("curves", "pictures"):
                column = self.query_one(f"#{side}")
                column.display = any(view.display for view in self._views.values() if side == view.KIND.side)
            row = self.query_one(TabRow)
            self._share_rows()
            row.display = self.tabbed
            numbers = {kind.name: number for number, kind in enumerate(self.suitable, 1)}
            row.show({name: numbers[name] for name in names}, self._tab)

    def _share_rows(self) -> None:
        """By weight; where there are too many panels for that, each gets what it can be read in, and one scrolls."""
        for side in ("curves", "pictures"):
            views = [view for view in self._views.values() if view.display and side == view.KIND.side]
            if side == "curves" and "vast" in self._room:
                self._pair(views)
                continue
            fits = len(views) * _LEAST_ROWS <= self._rows
            for view in views:
                view.styles.height = f"{view.KIND.weight}fr" if fits or len(views) == 1 else _SCROLLED_ROWS
                view.styles.column_span = 1
                view.styles.max_height = None if self.tabbed else view.KIND.rows
        if isinstance(self.screen.maximized, Panel):
            self.screen.maximized.styles.height, self.screen.maximized.styles.max_height = "1fr", None

    def _pair(self, views: Sequence[Panel[Any]]) -> None:
        """Two in a row; of an odd number the first has a row for itself."""
        lone = len(views) % 2
        rows = [views[:lone], *(views[at : at + 2] for at in range(lone, len(views), 2))][not lone :]
        fits = len(rows) * _LEAST_ROWS <= self._rows
        for row in rows:
            for view in row:
                view.styles.column_span = 3 - len(row)
                view.styles.height, view.styles.max_height = "100%", None
        heights = [f"{max(view.KIND.weight for view in row)}fr" if fits else str(_SCROLLED_ROWS) for row in rows]
        self.query_one("#curves").styles.grid_rows = " ".join(heights)

    def _mount_panel(self, kind: PanelKind) -> None:
        column = self.query_one(f"#{kind.side}")
        later = [
            view
            for view in self._views.values()
            if view.KIND.side == kind.side and KINDS.index(view.KIND) > KINDS.index(kind)
        ]
        view = load(kind)()
        first = min(later, key=lambda other: KINDS.index(other.KIND), default=None)
        self._views[kind.name] = view
        _haunt(view, self._ghosts)
        column.mount(view, before=first)

    def haunt(self, ghosts: tuple[Ghost, ...]) -> None:
        """Shows other runs behind the curves."""
        self._ghosts = ghosts
        for view in self._views.values():
            _haunt(view, ghosts)

    def on_tab_row_chosen(self, event: TabRow.Chosen) -> None:
        event.stop()
        self._tab = event.name
        self.settle()


def _haunt(view: Panel[Any], ghosts: tuple[Ghost, ...]) -> None:
    from nn_tui.tui.panels.curves.chart import Chart

    if isinstance(view, Chart):
        view.haunt(ghosts)
