"""The fields of the forms, as a test finds and fills them."""

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from nn_tui.tui.forms.form import FoldRow
from nn_tui.tui.forms.row import Row, row_id
from tests.tui.fakes import Lab, settle

SIZE = (120, 60)


def row(lab: Lab, key: str) -> Row:
    return lab.screen.query_one(f"#{row_id(key)}", Row)


async def unfold(pilot: Pilot[Any], lab: Lab) -> None:
    for fold in lab.screen.query(FoldRow):
        if fold.display:
            fold.action_unfold()
    await settle(pilot, lab)


async def write(pilot: Pilot[Any], lab: Lab, key: str, text: str) -> None:
    """Writes a value into a field, as a person would."""
    row(lab, key).focus()
    await pilot.press("enter")
    row(lab, key).query_one(Input).value = text
    await pilot.press("enter")
    await settle(pilot, lab)
