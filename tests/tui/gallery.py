"""A view at the three sizes it has in the lab: a small panel, a column, maximised."""

from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Container

import nn_tui.tui
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.themes import DARK, LIGHT, lab_variables
from nn_tui.tui.views.registry import KINDS
from nn_tui.tui.views.view import View

SIZES = ((40, 8), (58, 14), (118, 36))
SCREEN = (120, 51)


class Gallery(App[None]):
    """Shows a frame at each of the sizes, the larger ones below."""

    CSS_PATH = Path(nn_tui.tui.__file__).parent / "views" / "view.tcss"
    CSS = """
    Screen { layout: horizontal; background: $background; align: left top; layers: one; }
    Container { position: absolute; }
    """

    def __init__(self, view: str, opened: Opened, frame: Frame, theme: str = DARK.name, layer: int = 0) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme
        self.views: list[View[Any]] = [next(kind for kind in KINDS if view == kind.name).load()() for _ in SIZES]
        self.opened = opened
        self.frame = frame
        for one in self.views:
            one.layer_shown = layer

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return variables | lab_variables(self.current_theme.dark, variables)

    def compose(self) -> ComposeResult:
        for view, (width, height), offset in zip(self.views, SIZES, ((0, 0), (60, 0), (0, 15)), strict=True):
            container = Container(view)
            container.styles.width, container.styles.height, container.styles.offset = width, height, offset
            yield container

    def on_mount(self) -> None:
        self.show(self.frame)

    def show(self, frame: Frame) -> None:
        """Shows another frame."""
        for view in self.views:
            view.show(self.opened, frame)
