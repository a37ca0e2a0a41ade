"""The confusion matrix: numbers, names and shades, at any size."""

from typing import Any

import pytest
from msgspec import structs

from nn_tui.charts.shades import verdicts
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.tables.confusion import ConfusionPanel
from tests.tui.canned import Run, opened
from tests.tui.canned_pictures import CLOTHES, confusion, of_images, one_input, regression, with_classes
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, options, title

Counts = tuple[tuple[int, ...], ...]
FLOWERS = with_classes("setosa", "versicolor", "virginica")


def showing(told: Opened, counts: Counts, size: tuple[int, int] = (48, 20)) -> Any:
    return looking("confusion", told, Run(told).frame(confusion=counts), size)


def rows(app: PanelApp) -> list[list[str]]:
    return [line.split() for line in text(app.view).splitlines() if line.strip()]


async def test_rows_are_true_and_columns_predicted_classes() -> None:
    async with showing(FLOWERS, ((15, 0, 0), (0, 14, 1), (0, 2, 13))) as (app, _):
        assert rows(app) == [
            ["setosa", "versicolor", "virginica"],
            ["setosa", "15", "·", "·"],
            ["versicolor", "·", "14", "1"],
            ["virginica", "·", "2", "13"],
            ["rows:", "true", "·", "columns:", "predicted"],
        ]


async def test_what_is_right_is_blue_and_what_is_wrong_orange() -> None:
    async with showing(FLOWERS, ((15, 0, 0), (0, 0, 15), (0, 0, 13))) as (app, _):
        shades = verdicts(palette_of(app)).colors
        behind = {cell.behind for row in cells(app.view) for cell in row}
        assert behind == {palette_of(app).background.hex, shades[-2].hex, shades[0].hex}


async def test_counts_become_percent_at_a_key() -> None:
    async with showing(FLOWERS, ((3, 1, 0), (0, 14, 1), (0, 2, 13))) as (app, pilot):
        await pilot.press("g")
        await pilot.pause()
        assert rows(app)[1] == ["setosa", "75", "25", "·"]
        assert "% of row" in options(app.view)


async def test_counts_too_long_for_their_cells_are_percent() -> None:
    async with showing(of_images(), confusion(each=100_000)) as (app, _):
        assert rows(app)[1][2:4] == ["90", "10"]


@pytest.mark.parametrize(
    ("width", "names"),
    [(60, CLOTHES), (48, ("T-…", "Tr…", "Pu…", "Dr…", "Co…", "Sa…", "Sh…", "Sn…", "Bag", "An…"))],
)
async def test_columns_too_narrow_for_names_have_the_numbers_of_the_rows(width: int, names: tuple[str, ...]) -> None:
    async with showing(of_images(), confusion(), (width, 20)) as (app, _):
        found, numbers = rows(app), [str(number) for number in range(1, 11)]
        assert found[0] == numbers
        told = [" ".join(row[: 1 + len(name.split())]) for row, name in zip(found[1:11], names, strict=True)]
        assert told == [f"{number} {name}" for number, name in zip(numbers, names, strict=True)]


async def test_all_of_a_class_is_a_hundred_percent_in_the_narrowest_column() -> None:
    told = tuple(tuple(20 * (row == column) for column in range(10)) for row in range(10))
    async with showing(of_images(), told, (38, 12)) as (app, pilot):
        await pilot.press("g")
        await pilot.pause()
        assert sum(line.count("100") for line in text(app.view).splitlines()) == 10


async def test_ten_classes_in_a_small_panel_are_shades_alone() -> None:
    async with showing(of_images(), confusion(), (30, 10)) as (app, _):
        shades, drawn = verdicts(palette_of(app)).colors, cells(app.view)
        assert {cell.character for row in drawn for cell in row} <= {" ", "▀"}
        first = next(cell for row in drawn for cell in row if cell.character == "▀")
        assert first.color == shades[round(32 * 0.95)].hex


async def test_the_title_says_how_many_are_right() -> None:
    async with showing(of_images(), confusion()) as (app, _):
        assert "81.0% right of 1,000" in title(app.view)


async def test_a_class_without_examples_has_an_empty_row() -> None:
    async with showing(with_classes("a", "b"), ((0, 0), (1, 3))) as (app, _):
        assert rows(app)[1] == ["a", "·", "·"]


def test_it_suits_classes_and_is_there_from_the_start_without_a_plane() -> None:
    assert ConfusionPanel.KIND.suits(opened())
    assert not ConfusionPanel.KIND.suits(regression())
    assert ConfusionPanel.KIND.shown_in(of_images()) == "always"
    assert ConfusionPanel.KIND.shown_in(structs.replace(FLOWERS, points=None)) == "always"
    assert ConfusionPanel.KIND.shown_in(opened()) == ConfusionPanel.KIND.shown_in(one_input()) == "asked"


async def test_ten_classes_in_ten_rows_have_no_names_above_but_all_their_counts() -> None:
    async with showing(of_images(), confusion(), (48, 12)) as (app, _):
        found = rows(app)
        assert len(found) == 10
        assert found[0][:3] == ["T-sh…", "90", "10"]


async def test_columns_too_narrow_for_numbers_before_the_names_begin_as_the_rows_do() -> None:
    async with showing(of_images(), confusion(), (38, 13)) as (app, _):
        heads, *below = rows(app)
        assert heads == ["T-", "Tr", "Pu", "Dr", "Co", "Sa", "Sh", "Sn", "Ba", "An"]
        assert all(row[0].startswith(head) for head, row in zip(heads, below, strict=False))
        assert len({text(app.view).splitlines()[0].index(head) % 3 for head in heads}) == 1


async def test_names_that_begin_alike_are_no_heads_of_columns() -> None:
    names = tuple(f"class {letter}" for letter in "abcdefghij")
    async with showing(with_classes(*names), confusion(), (38, 13)) as (app, _):
        assert rows(app)[0][1:3] == ["90", "10"]


async def test_shades_alone_stand_in_the_middle_say_which_side_is_which_and_offer_no_counts() -> None:
    async with showing(of_images(), confusion(), (38, 11)) as (app, _):
        shown = [number for number, line in enumerate(text(app.view).splitlines()) if "▀" in line]
        assert shown == [2, 3, 4, 5, 6]
        assert "rows: true · columns: predicted" in text(app.view).splitlines()[-1]
        assert options(app.view) == ""
    async with showing(of_images(), confusion(), (38, 12)) as (app, _):
        assert "counts" in options(app.view)
