"""All views, in the order they stand in the lab and are listed in the help."""

from typing import Any

from nn_tui.tui.views.loss import LossView
from nn_tui.tui.views.view import View

VIEWS: tuple[type[View[Any]], ...] = (LossView,)
