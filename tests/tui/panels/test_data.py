"""What the run learns from, in words."""

import msgspec

from nn_tui.training.run.data_summary import DataSummary, LeftOutColumn, SplitSummary
from tests.tui.canned import Run, opened
from tests.tui.panels.cells import text
from tests.tui.panels.looking import looking, title

DATA = DataSummary(
    rows=1234,
    left_out_rows={"without target": 13},
    left_out_columns=(
        LeftOutColumn(name="id", reason="ignore names it"),
        LeftOutColumn(name="place", reason="it is the same in every row"),
    ),
    inputs=6,
    task="binary",
    classes={"lily": 700, "rose": 521},
    split=SplitSummary(how="content", train=700, validation=200, test=321),
    notes=("y has the classes 'Yes' and 'yes': two, unless the file is corrected",),
)


async def test_rows_inputs_classes_split_and_what_was_left_out_are_listed() -> None:
    told = msgspec.structs.replace(opened(), data=DATA)
    async with looking("data", told, Run(told).frame(), (60, 16)) as (app, _):
        assert "1,234 × 6" in title(app.view)
        words = " ".join(text(app.view).split())
    for said in (
        "1,234 rows, 700 to train on, 200 for validation, 321 to test on: picked by their content, so that equal",
        "6 inputs",
        "2 classes (lily: 700, rose: 521)",
        "left out: 13 rows: without target",
        "left out: 'place': it is the same in every row",
        "two, unless the file is corrected",
    ):
        assert said in words
