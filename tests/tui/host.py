"""An app around a single view, for tests and for looking at it: `PanelApp("loss")`."""

from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult

import nn_tui.tui
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.loading import load
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import KINDS
from nn_tui.tui.themes import DARK, LIGHT, lab_variables
from tests.tui.canned import Run
from tests.tui.canned import opened as canned_opened
from tests.tui.canned_parts import everything


class PanelApp(App[None]):
    """Shows one view a frame once it is on screen; without a frame it is the canned one."""

    CSS_PATH = Path(nn_tui.tui.__file__).parent / "panels" / "panel.tcss"

    def __init__(
        self, view: str, opened: Opened | None = None, frame: Frame | None = None, theme: str = DARK.name
    ) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme
        self.view: Panel[Any] = load(next(kind for kind in KINDS if view == kind.name))()
        self.opened = opened or canned_opened()
        self.frame = frame or Run(self.opened).frame(**everything(self.opened))

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return variables | lab_variables(self.current_theme.dark, variables)

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.show(self.opened, self.frame)
