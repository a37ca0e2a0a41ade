"""The first line: what runs, in which state, how far it is, and how fast it goes."""

from collections.abc import Iterator

import msgspec
from textual.content import Content
from textual.widget import Widget

from nn_tui.charts.numbers import cells, cut, to_left, whole_percent
from nn_tui.charts.palette import Palette
from nn_tui.scenario.kinds import KINDS
from nn_tui.training.worker.messages import Frame
from nn_tui.tui.palette import palette_of

_SIGNS = {
    "loading": "◌",
    "not loaded": "✗",
    "ready": "○",
    "running": "▶",
    "paused": "‖",
    "finished": "■",
    "diverged": "✗",
    "crashed": "✗",
}
_STATE_WIDTH = 13
_BAR = 12
_ROOM_FOR_BAR = 100
_ROOM_FOR_NAME = 118


class Standing(msgspec.Struct, frozen=True):
    """What the line says.

    Attributes:
        title: of the scenario.
        status: as in `Frame`, or "loading", "not loaded" or "crashed".
        frame: the newest, if there is one.
    """

    title: str
    status: str
    frame: Frame | None


class StatusLine(Widget):
    """One line; every number has its place and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self._standing = Standing("", "loading", None)

    def show(self, standing: Standing) -> None:
        """Shows where the run stands."""
        if standing != self._standing:
            self._standing = standing
            self.refresh()

    async def on_click(self) -> None:
        await self.screen.run_action("play_pause")

    def render(self) -> Content:
        palette, width = palette_of(self.app), self.size.width
        name = (" nn-tui  ", f"bold {palette.accent.hex}") if width >= _ROOM_FOR_NAME else " "
        before = len(name[0]) if isinstance(name, tuple) else 1
        title = self._standing.title
        # Two cells between the title and what comes after it. Before it is cut the bar goes, then blanks that hold
        # places.
        with_bar = (True, False) if width >= _ROOM_FOR_BAR else (False,)
        choices = [self._figures(palette, has_bar) for has_bar in with_bar]
        for figures in (*choices, self._short_figures(palette)):
            room = max(0, width - figures.cell_length - before - 2)
            if cells(title) <= room:
                break
        title = cut(title, room) if room > 8 or cells(title) <= room else ""
        return Content.assemble(name, (to_left(title, room + 2), f"bold {palette.text.hex}"), figures)

    def _state(self, palette: Palette) -> Content:
        status = self._standing.status
        colors = {"running": palette.accent} | dict.fromkeys(("diverged", "not loaded", "crashed"), palette.alarm)
        color = colors.get(status, palette.text)
        return Content.styled(f"{_SIGNS.get(status, '·')} {status}", f"bold {color.hex}")

    def _figures(self, palette: Palette, has_bar: bool) -> Content:
        frame = self._standing.frame
        state = self._state(palette)
        state = state.pad_right(max(0, _STATE_WIDTH - state.cell_length))
        if frame is None:
            return state
        label, number = palette.muted.hex, palette.text.hex
        parts: list[Content | str | tuple[str, str]] = [state]
        for unit, figure in _counted(frame, _step_digits(frame), len(str(frame.epochs))):
            parts += [(f"{unit} ", label), (figure, number), "  "]
        if has_bar:
            parts += [bar(share(frame), _BAR, palette), " "]
        parts += [(f"{whole_percent(share(frame)):>4}", number), (f" {eta(frame):>6}", label)]
        parts += [(f" {pace(frame):>8}", label), " "]
        return Content.assemble(*parts)

    def _short_figures(self, palette: Palette) -> Content:
        """The same with no cell left blank."""
        frame = self._standing.frame
        if frame is None:
            return self._state(palette)
        label, number = palette.muted.hex, palette.text.hex
        parts: list[Content | str | tuple[str, str]] = [self._state(palette), "  "]
        for unit, figure in _counted(frame, 1, len(str(frame.epochs))):
            parts += [(f"{unit} ", label), (figure, number), "  "]
        return Content.assemble(*parts, (whole_percent(share(frame)), number), " ")


def _counted(frame: Frame, digits: int, epoch_digits: int) -> Iterator[tuple[str, str]]:
    """Epochs, then steps; on a surface, where there are no samples to pass, an epoch is a step."""
    epochs = f"{frame.epoch:>{epoch_digits}}/{frame.epochs}"
    figures = {"step": f"{frame.step:>{digits}}", KINDS[frame.scenario.data.kind].epoch: epochs}
    return reversed(figures.items())


def _step_digits(frame: Frame) -> int:
    return max(5, len(str(frame.total_steps or frame.step)))


def share(frame: Frame) -> float:
    """How much of the run is done, 0 to 1."""
    if frame.status == "finished":
        return 1.0
    if frame.total_steps:
        return min(1.0, frame.step / frame.total_steps)
    return min(1.0, frame.progress / max(1, frame.epochs))


def bar(done: float, width: int, palette: Palette) -> Content:
    """A thin progress bar."""
    halves = round(done * width * 2)
    full, half = divmod(halves, 2)
    rest = width - full - half
    return Content.assemble(("━" * full + "╸" * half, palette.accent.hex), ("─" * rest, palette.faint.hex))


def eta(frame: Frame) -> str:
    """The time left at the present pace, in six characters: `0:42`, `2 h 05`, or nothing while nothing moves."""
    if frame.status != "running" or frame.steps_per_second <= 0:
        return ""
    total = frame.total_steps or frame.epochs * frame.steps_per_epoch
    seconds = round(max(0, total - frame.step) / frame.steps_per_second)
    if seconds >= 100 * 3600:
        return ">99 h"
    if seconds >= 10 * 3600:
        return f"{seconds // 3600} h"
    if seconds >= 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02}"
    return f"{seconds // 60}:{seconds % 60:02}"


def pace(frame: Frame) -> str:
    """Steps a second: those taken while it runs, else those asked for."""
    if frame.status == "running":
        return f"{counted(frame.steps_per_second)}/s"
    return "flat out" if frame.speed is None else f"{counted(frame.speed)}/s"


def counted(rate: float) -> str:
    """A rate in at most five characters: `0.5`, `60`, `1240`, `12.4k`."""
    if rate >= 1e6:
        return f"{rate / 1e6:.1f}M"
    if rate >= 1e4:
        return f"{rate / 1e3:.1f}k"
    return f"{rate:.0f}" if rate >= 10 or rate == round(rate) else f"{rate:.1f}"
