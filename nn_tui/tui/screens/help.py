"""Every key, and what every view shows."""

from itertools import groupby
from typing import Any

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from nn_tui.charts.palette import Palette
from nn_tui.tui.commands import COMMANDS
from nn_tui.tui.dialogs.dialog import Dialog, Page
from nn_tui.tui.dialogs.hanging import hanging
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.loading import load_all
from nn_tui.tui.panels.panel import Panel

_FIELDS = (
    ("tab ⇧tab", "From field to field and panel to panel"),
    ("↑ ↓", "In a field: the next value on its scale"),
    ("enter", "In a field: write, or choose from a list"),
    ("+ −", "On a layer: add another, take it away"),
    ("1 … 0", "Show or hide one of the first ten panels; on a small screen, go to its tab"),
    ("p a …", "Of the others: each by its letter in the list of panels"),
    ("esc", "Close what is open; leave a field as it was"),
)
_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "escape": "esc",
    "plus": "+", "minus": "−",
}  # fmt: skip
_KEYS_WIDTH = 10


class HelpScreen(Dialog[None]):
    """The keys from the table of commands, the legends from the views themselves."""

    def compose(self) -> ComposeResult:
        with Page("Help"):
            yield Static(_help(self.app))

    def recolor(self) -> None:
        self.query_one(Static).update(_help(self.app))

    def on_resize(self) -> None:
        """Breaks its lines anew."""
        self.recolor()


def _help(app: App[object]) -> Content:
    palette = palette_of(app)
    blocks = [
        Content(
            "A net is trained here before your eyes. Change anything in the forms while it trains: what carries no "
            "sign acts at once, what carries ↺ waits for a reset. Blue and whole lines are training data, "
            "orange and broken ones test data; green and pink are signs of weights."
        )
    ]
    for group, commands in groupby(COMMANDS, key=lambda command: command.group):
        lines = [_line(command.key, command.title, command.about, app) for command in commands]
        blocks.append(_block(group, lines, palette))
    blocks.append(_block("Fields and panels", [_line(keys, title, "", app) for keys, title in _FIELDS], palette))
    blocks.append(Content.styled("Views", f"bold {palette.accent.hex}"))
    blocks += [_view(view, palette) for view in load_all()]
    return Content("\n\n").join(blocks)


def _view(view: type[Panel[Any]], palette: Palette) -> Content:
    """Its legend, and the keys it has while it is focused."""
    legend = Content.assemble((f"{view.TITLE}. ", "bold"), (view.LEGEND, palette.muted.hex))
    keys = [Content.assemble((shown, "bold"), f" {what}") for what, shown in own_keys(view).items()]
    return Content("\n").join([legend, Content(" · ").join(keys)]) if keys else legend


def own_keys(view: type[Panel[Any]]) -> dict[str, str]:
    """What its keys do, and the keys: the first and the last of those that do the same."""
    keys: dict[str, list[str]] = {}
    taken: set[str] = set()
    for base in view.__mro__:
        for binding in vars(base).get("BINDINGS", ()) if issubclass(base, Panel) else ():
            # A key does what the most particular of its classes has it do.
            free = [key for key in binding.key.split(",") if key not in taken]
            taken.update(free)
            if free:
                keys.setdefault(binding.description, []).append(free[0])
    shown = {what: [_named(key) for key in found] for what, found in keys.items()}
    return {what: found[0] if len(found) == 1 else f"{found[0]}…{found[-1]}" for what, found in shown.items()}


def _block(heading: str, lines: list[Content], palette: Palette) -> Content:
    return Content("\n").join([Content.styled(heading, f"bold {palette.accent.hex}"), *lines])


def _line(keys: str, title: str, about: str, app: App[object]) -> Content:
    said = Content.assemble(title, "  " if about else "", (about, palette_of(app).muted.hex))
    return hanging(Content.styled(keys.ljust(_KEYS_WIDTH), "bold"), said, app)


def _named(key: str) -> str:
    """A key as it is shown: `⇧←` for `shift+left`."""
    shift, _, last = key.rpartition("+")
    return ("⇧" if shift else "") + _NAMES.get(last, last)
