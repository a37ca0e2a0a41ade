"""Panels are imported when they are first to be seen, so that the lab is there before what nobody looks at."""

from importlib import import_module
from typing import Any

from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import KINDS, PanelKind


def load(kind: PanelKind) -> type[Panel[Any]]:
    """The class of a panel."""
    module, _, name = kind.home.partition(":")
    panel: type[Panel[Any]] = getattr(import_module(f"{__package__}.{module}"), name)
    return panel


def load_all() -> list[type[Panel[Any]]]:
    """Every panel's class, in the order of the registry."""
    return [load(kind) for kind in KINDS]
