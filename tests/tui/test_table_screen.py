"""A table in the lab: what is in it, and what a person makes of it."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from nn_tui.scenario.fields import fields
from nn_tui.scenario.reading import load
from nn_tui.training.worker.messages import Open
from nn_tui.tui.forms.entries import FieldEntry
from nn_tui.tui.forms.structured import StructuredRow
from nn_tui.tui.palette import palette_of
from nn_tui.tui.screens.table import TableScreen
from nn_tui.tui.themes import LIGHT
from tests.tui.fakes import Lab, settle
from tests.tui.rest import until
from tests.tui.terminal.test_unobeyed import drawn

ROWS = [f"{i},{i * 7 % 23 / 2},{['red', 'blue'][i % 2]},{i % 3}" for i in range(60)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_text("id,height,colour,kind\n" + "\n".join(ROWS) + "\n")
    return path


async def shown_table(pilot: Pilot[object], lab: Lab, table: Path) -> TableScreen:
    lab.screen.action_open_named(str(table))
    for _ in range(200):
        await pilot.pause(0.01)
        screen = lab.app.screen
        if isinstance(screen, TableScreen) and screen.query_one(OptionList).option_count:
            return screen
    raise AssertionError("the table is not shown")


async def chosen(pilot: Pilot[object], screen: TableScreen) -> None:
    """When everything that was pressed has been made of the table."""
    while screen._is_choosing or screen._ahead:
        await pilot.pause(0.01)


def told(screen: TableScreen) -> str:
    listed = screen.query_one(OptionList)
    lines = [str(listed.get_option_at_index(index).prompt) for index in range(listed.option_count)]
    return "\n".join([*lines, str(screen.query_one("#told", Static).render())])


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_is_chosen_is_what_is_opened_and_saved(table: Path, size: tuple[int, int]) -> None:
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, table)
        assert "multiclass of kind (0: 20, 1: 20, 2: 20)" in told(screen)
        assert "id is left out: it only numbers the rows" in told(screen)
        await pilot.press("down", "t", "down", "space")
        await chosen(pilot, screen)
        assert "regression of height" in told(screen)
        await pilot.press("s", "enter")
        await chosen(pilot, screen)
        await settle(pilot, lab)
        opened = lab.worker.last(Open).scenario.data
        assert (opened.target, opened.task) == ("height", "regression")
        assert opened.ignore == ("id", "colour")
        assert load(table.with_suffix(".toml")).data == opened


async def test_a_table_of_more_columns_than_are_listed_says_how_many_are_not(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_tui.tui.screens.table._MOST", 3)
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, table)
        assert "and 1 column more: named at the shell (--set data.target, data.ignore)" in told(screen)
        await pilot.press("end", "t")
        await chosen(pilot, screen)
        assert "binary of colour (blue: 30, red: 30)" in told(screen)


async def test_keys_typed_while_a_table_is_made_act_in_their_order_each_on_its_column(table: Path) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, table)
        # Columns 1 and 2; the second press on 2 takes it back.
        screen._is_choosing = True
        for key in ("down", "space", "down", "space", "space", "up", "t", "enter"):
            await pilot.press(key)
        assert lab.app.screen is screen
        screen._choose()
        await chosen(pilot, screen)
        await settle(pilot, lab)
        opened = lab.worker.last(Open).scenario.data
        assert (opened.target, opened.ignore) == ("height", ("id",))


async def test_what_cannot_be_made_is_said_and_the_last_choice_stays(table: Path) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, table)
        await pilot.press("down", "space", "down", "space")
        await chosen(pilot, screen)
        assert "no column is left to learn from" in told(screen)
        await pilot.press("escape")
        await settle(pilot, lab)
        assert not isinstance(lab.app.screen, TableScreen)


async def test_what_cannot_be_made_is_still_said_when_the_terminal_has_another_size(table: Path) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, table)
        await pilot.press("down", "space", "down", "space")
        await chosen(pilot, screen)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "no column is left to learn from" in drawn(lab)


async def test_of_a_table_whose_last_column_cannot_be_predicted_another_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    rows = [f"{i},{i * 7 % 23 / 2},free text of row {i}" for i in range(60)]
    path.write_text("\n".join(["age,height,comment", *rows]) + "\n")
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, path)
        await chosen(pilot, screen)
        assert "60 classes in 60 rows are too many" in told(screen)
        assert "For now height is predicted" in told(screen)
        await pilot.press("home", "t")
        await chosen(pilot, screen)
        assert "regression of age" in drawn(lab)
        await pilot.press("enter")
        await settle(pilot, lab)
        assert lab.worker.last(Open).scenario.data.target == "age"


async def test_of_what_is_no_table_only_the_key_that_does_something_is_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        lab.screen.action_open_named(str(path))
        await until(pilot, lambda: "the file is empty" in drawn(lab))
        assert "esc back" in drawn(lab)
        assert "enter open" not in drawn(lab)
        dark = palette_of(lab.app).alarm
        lab.app.theme = LIGHT.name
        await pilot.pause()
        light = palette_of(lab.app).alarm
        colors = {part.style for part in lab.app.screen.query_one("#told", Static).render().spans}  # type: ignore[attr-defined]
        assert colors == {light.hex} != {dark.hex}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("columns", "id, 3", ["id", 3]),
        ("columns", '["a b", "x*"]', ["a b", "x*"]),
        ("columns", "", []),
        ("target", "species", "species"),
        ("target", "2", 2),
        ("target", "y1, y2", ["y1", "y2"]),
        ("coding", '{ size = "order" }', {"size": "order"}),
        ("coding", "–", {}),
        ("split", "order", "order"),
        ("split", '{ column = "fold", test = "a" }', {"column": "fold", "test": "a"}),
    ],
)
def test_lists_and_tables_are_written_in_a_field_and_read_again(kind: str, text: str, value: object) -> None:
    key = {"columns": "data.ignore", "target": "data.target", "coding": "data.coding", "split": "data.split"}[kind]
    field = next(field for field in fields() if field.key == key)
    row = StructuredRow(FieldEntry(field, key, False))
    assert row.read(text) == value
    assert row.read(row.written(value)) == value


async def test_dates_are_taken_as_such_and_why_a_column_is_left_out_is_said_first(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    rows = [f"{i},{i % 28 + 1:02d}.01.2024,same,{i * 7 % 23},{'yes' if i % 2 else 'no'}" for i in range(60)]
    path.write_text("id,day,place,温度,y\n" + "\n".join(rows) + "\n")
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        screen = await shown_table(pilot, lab, path)
        await pilot.press("down", "down")
        first = next(line for line in told(screen).splitlines() if line.startswith("· "))
        assert first == "· place is left out: it is the same in every row"
        await pilot.press("up", "space")
        await chosen(pilot, screen)
        assert "input, date" in told(screen)
