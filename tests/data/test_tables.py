"""Tables: columns told apart, coded, filled in and divided; the same matrix from every reader."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn_tui
from nn_tui.data.errors import DataError
from nn_tui.data.splitting import split_by_content
from nn_tui.data.tables import archive, reading
from nn_tui.data.tables.delimited import Format
from nn_tui.data.tables.inputs import ColumnChoice
from nn_tui.data.tables.reading import read_sheet
from nn_tui.data.tables.rows import row_hashes
from nn_tui.data.tables.table import Table, table_of
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.replay import replay
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.table_loading import load_folds

MIXED = (
    "size,colour,big,when,n,t\n"
    "1,red,true,2024-01-01,3,a\n2,blue,FALSE,2024-01-03,5,b\n,white,true,2024-02-01,4,a\n"
    "4,,false,2023-12-31,3,b\n5,red,true,2024-01-01,5,a\n6,red,true,2024-01-02,1,b\n"
)


def table(
    path: Path, content: str | bytes, targets: Sequence[str | int] = ("t",), how: Format | None = None, **choice: Any
) -> Table:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table_of(read_sheet(path, how or Format(), targets), ColumnChoice(tuple(targets), **choice))


def dataset(path: Path, **data: Any) -> Any:
    mapping = {
        "title": "t",
        "data": {"kind": "csv", "path": str(path), "target": "t", **data},
        "training": {"dtype": "float64"},
    }
    return load_dataset(from_mapping(mapping))


# -- coding ----------------------------------------------------------------------------------------------------------


def test_texts_become_one_input_a_category_and_truths_one(tmp_path: Path) -> None:
    read = table(tmp_path / "t.csv", MIXED, ignore=("when",), missing="median")
    assert read.coding.features == ("size", "colour=blue", "colour=red", "colour=white", "big", "n")
    assert read.inputs[0].tolist() == [1.0, 0.0, 1.0, 0.0, 1.0, 3.0]
    assert read.inputs[1].tolist() == [2.0, 1.0, 0.0, 0.0, 0.0, 5.0]
    assert np.isnan(read.inputs[3, 1:4]).all()
    assert read.coding.scaled.tolist() == [True, False, False, False, False, True]


def test_dates_and_orders_are_numbers_when_asked_for(tmp_path: Path) -> None:
    coding = {"when": "date", "colour": ("white", "red", "blue"), "n": "one-hot"}
    read = table(tmp_path / "t.csv", MIXED, columns=("when", "colour", "n"), coding=coding, missing="drop")
    assert read.coding.features == ("colour", "when", "n=1", "n=3", "n=4", "n=5")
    assert read.inputs[:2, :2].tolist() == [[1.0, 19723.0], [2.0, 19725.0]]
    assert read.left_out_rows == {"missing values": 1}
    own = MIXED.replace("2024-01-01", "1.1.2024").replace("2024-01-03", "3.1.2024")
    with pytest.raises(DataError, match=r"line 2, column 'when': '1.1.2024' is not a date such as"):
        table(tmp_path / "t.csv", own, columns=("when",), coding={"when": "date"})


def test_columns_are_taken_by_name_place_and_pattern(tmp_path: Path) -> None:
    content = "p1,p2,q,t\n1,4,7,0.5\n2,5,9,1.5\n3,7,8,2.5\n"
    assert table(tmp_path / "t.csv", content, columns=("p*",)).coding.names == ("p1", "p2")
    assert table(tmp_path / "t.csv", content, ignore=(0, "q")).coding.names == ("p2",)
    with pytest.raises(DataError, match="no column is like 'z"):
        table(tmp_path / "t.csv", content, ignore=("z*",))
    with pytest.raises(DataError, match=r"no column 'p3' \(the columns are: 'p1', 'p2', 'q', 't'\)"):
        table(tmp_path / "t.csv", content, ignore=("p3",))


def test_texts_with_too_many_categories_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    content = "name,x,t\n" + "".join(f"n{i % 30},{i},{i * 0.5}\n" for i in range(90))
    read = table(tmp_path / "t.csv", content)
    assert [(left.name, left.reason) for left in read.left_out_columns] == [
        ("name", "it has 30 categories, more than 20")
    ]
    assert len(table(tmp_path / "t.csv", content, columns=("name",)).coding.features) == 30


def test_rows_without_a_target_are_left_out_and_counted(tmp_path: Path) -> None:
    read = table(tmp_path / "t.csv", "x,t\n1,0.5\n2,\n3,1.5\n4,NA\n5,7\n")
    assert (len(read.inputs), read.rows, read.left_out_rows) == (3, 5, {"without target": 2})


@pytest.mark.parametrize(
    ("content", "how"),
    [
        ("x;t\n1,5;0,5\n-2,5;1,5\n3;2,5\n", Format(writing=reading.DETECTED.writing._replace(decimal=","))),
        (
            "x;t\n1.500,5;0\n2.500;1\n3;2,5\n",
            Format(writing=reading.DETECTED.writing._replace(decimal=",", thousands=".")),
        ),
        ("x:t\n1:5\n2:6\n3:7.5\n", Format(delimiter=":")),
    ],
)
def test_other_writings_are_read_when_asked_for(tmp_path: Path, content: str, how: Format) -> None:
    first = {";": 1.5, ":": 1.0}[content[1]]
    read = table(tmp_path / "t.csv", content, how=how)
    assert read.inputs[0, 0] in (first, 1500.5)
    assert read.task == "regression"


# -- readers -----------------------------------------------------------------------------------------------------------

CELL = st.one_of(
    st.floats(-1e6, 1e6).map(repr),
    st.integers(-99, 99).map(str),
    st.sampled_from(["", "NA", "red", "blue", " x y ", "true"]),
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=30))
def test_both_readers_give_the_same_sheet(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    pytest.importorskip("pyarrow")
    from nn_tui.data.tables.arrow import read_large
    from nn_tui.data.tables.text_reader import read_text

    path = tmp_path / "t.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("a", "b", "c"), *rows])
    ours, theirs = read_text(path, Format(), ("a",)), read_large(path, Format(), ("a",))
    if theirs is None:
        return
    for one, other in zip(ours.columns, theirs.columns, strict=True):
        assert one.name == other.name
        np.testing.assert_array_equal(one.missing, other.missing)
        if one.numbers is not None and other.numbers is not None:
            np.testing.assert_array_equal(one.numbers, other.numbers)
        elif not one.missing.all():
            assert one.texts == other.texts
            np.testing.assert_array_equal(one.codes, other.codes)


def test_a_large_file_is_read_the_same_by_either_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "t.csv"
    lines = [f"{i},{i / 7},{'' if i % 50 == 0 else i % 13},{'ab'[i % 2]}" for i in range(5000)]
    path.write_text("x,y,z,t\n" + "\n".join(lines) + "\n")
    slow = read_sheet(path)
    monkeypatch.setattr(reading, "LARGE", 1)
    monkeypatch.setattr(reading, "read_text", None)
    fast = read_sheet(path)
    for one, other in zip(slow.columns, fast.columns, strict=True):
        np.testing.assert_array_equal(one.missing, other.missing)
        np.testing.assert_array_equal(
            one.numbers if one.numbers is not None else one.codes,
            other.numbers if other.numbers is not None else other.codes,
        )


@pytest.mark.parametrize(
    "first", ["", "0x1F", "007", "+1.5", ".5", "1e5", "-0", str(2**63 + 1), "2024-01-31", "True", "12:30"]
)
def test_odd_cells_are_the_same_to_either_reader(tmp_path: Path, first: str) -> None:
    pytest.importorskip("pyarrow")
    from nn_tui.data.tables.arrow import read_large

    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + f"{first},0\n{first},1\n")
    slow, fast = read_sheet(path), read_large(path, Format(), ())
    if fast is not None:
        for one, other in zip(slow.columns, fast.columns, strict=True):
            assert one.texts == other.texts
            np.testing.assert_array_equal(one.numbers, other.numbers)


def test_texts_that_come_after_many_numbers_keep_their_writing(tmp_path: Path) -> None:
    """The column turns out to be texts only in a later block, and is read again."""
    lines = [f"{i},{i % 3}.0,{i % 2}" for i in range(120_000)] + ["7,red,1", "8,blue,0", "9,red,1"] * 60_000
    read = table(tmp_path / "t.csv", "x,c,t\n" + "\n".join(lines) + "\n")
    assert read.coding.features == ("x", "c=0.0", "c=1.0", "c=2.0", "c=blue", "c=red")
    assert len(read.inputs) == 300_000


def test_texts_that_are_numbers_are_numbers_in_an_archive_too(tmp_path: Path) -> None:
    np.savez(tmp_path / "t.npz", X=np.array([["1", "x"], ["2.5", "y"]] * 4), y=np.array(["0", "1"] * 4))
    read = table_of(read_sheet(tmp_path / "t.npz"), ColumnChoice(("y",)))
    assert read.target_names == ("y",)
    assert [column.kind for column in read.coding.columns] == ["number", "flag"]


def test_odd_archives_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.npz"

    def problem() -> str:
        with pytest.raises(DataError) as raised:
            read_sheet(path)
        return str(raised.value)

    np.savez(path, X=np.zeros((0, 2)), y=np.zeros(0))
    assert "has no rows" in problem()
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert "is no NumPy archive" in problem()
    np.savez_compressed(path, X=np.zeros((400, 3)), y=np.zeros(400))
    monkeypatch.setattr(archive, "_MOST_BYTES", 10_000)
    assert "once unpacked; at most 10,000 are read" in problem()


def test_archives_and_parquet_are_tables(tmp_path: Path) -> None:
    inputs, targets = np.arange(12.0).reshape(6, 2), np.array(["a", "b"] * 3)
    np.savez(tmp_path / "t.npz", X=inputs, y=targets)
    read = table_of(read_sheet(tmp_path / "t.npz"), ColumnChoice(("y",)))
    assert np.array_equal(read.inputs, inputs)
    assert read.class_names == ("a", "b")
    np.savez(tmp_path / "u.npz", Z=inputs)
    with pytest.raises(DataError, match="expected the arrays X and y"):
        read_sheet(tmp_path / "u.npz")
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    parquet.write_table(
        arrow.table({"x": [1, None, 3], "c": ["u", "v", "u"], "b": [True, False, True], "y": [0.5, 1.5, 2.5]}),
        tmp_path / "t.parquet",
    )
    read = table_of(read_sheet(tmp_path / "t.parquet"), ColumnChoice(("y",), missing="drop"))
    assert read.inputs.tolist() == [[1.0, 0.0, 1.0], [3.0, 0.0, 1.0]]


# -- divisions ---------------------------------------------------------------------------------------------------------


def test_folds_are_those_of_a_stratified_k_fold_and_each_is_fitted_on_its_own_training_rows(tmp_path: Path) -> None:
    """Classes by even shares, every row tested once; imputing and scaling fold by fold, to 1e-12."""
    draw = np.random.default_rng(1)
    numbers = draw.normal(size=(97, 2)).round(6)
    classes = (draw.random(97) < 0.3).astype(int)
    lines = [f"{a},{b},{['no', 'yes'][t]}" for (a, b), t in zip(numbers, classes, strict=True)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["a,b,t", *lines[:5], f",{numbers[5, 1]},{['no', 'yes'][classes[5]]}", *lines[6:]]))
    numbers[5, 0] = np.nan
    data = {"kind": "csv", "path": str(path), "target": "t", "missing": "mean", "scaling": "standard"}
    scenario = from_mapping({"title": "t", "data": data, "training": {"dtype": "float64"}})
    tested = []
    for fold in load_folds(scenario.data, scenario.training, 5):
        raw = fold.input_scaling.undo(fold.test.inputs[:, :-1])
        rows = np.array([np.nanargmin(np.abs(numbers[:, 1] - value)) for value in raw[:, 1]])
        tested += rows.tolist()
        counts, even = np.bincount(classes[rows]), np.bincount(classes) / 5
        assert (np.abs(counts - even) < 1.0).all()
        rest = np.setdiff1d(np.arange(97), rows)
        known = np.where(np.isnan(numbers), np.nanmean(numbers[rest], axis=0), numbers)
        scaled = (known - known[rest].mean(axis=0)) / known[rest].std(axis=0)
        np.testing.assert_allclose(fold.test.inputs[:, :-1], scaled[rows], rtol=0, atol=1e-12)
    assert sorted(tested) == list(range(97))


def test_a_run_on_rows_divided_by_content_does_not_depend_on_how_the_file_is_sorted(tmp_path: Path) -> None:
    lines = [f"{i * 7 % 13},{i * 5 % 11},{['no', 'yes'][i % 2]}" for i in range(60)]
    digests = set()
    for ordered in (lines, sorted(lines), lines[::-1]):
        path = tmp_path / "t.csv"
        path.write_text("\n".join(["a,b,t", *ordered]))
        data = {"kind": "csv", "path": str(path), "target": "t", "split": "content", "scaling": "standard"}
        digests.add(replay(from_mapping({"title": "t", "data": data, "training": {"epochs": 2}})).summary.digest)
    assert len(digests) == 1


def test_rows_keep_their_part_when_a_table_is_sorted_and_grows() -> None:
    draw = np.random.default_rng(1)
    inputs, targets = draw.normal(size=(400, 3)), draw.integers(0, 2, 400).astype(float)
    inputs[50] = inputs[7]
    targets[50] = targets[7]
    hashes = row_hashes(inputs, targets, ("a", "b"))
    assert hashes[50] == hashes[7]
    assert len(np.unique(hashes)) == 399
    parts = split_by_content(hashes, 0.3, 0.2, 5)
    assert 80 < len(parts.test) < 160
    order = draw.permutation(400)
    grown = np.concatenate((draw.normal(size=(100, 3)), inputs[order]))
    classes = np.concatenate((np.zeros(100), targets[order]))
    again = split_by_content(row_hashes(grown, classes, ("a", "b")), 0.3, 0.2, 5)
    kept = set(map(tuple, grown[again.test]))
    assert set(map(tuple, inputs[parts.test])) <= kept
    assert not kept & set(map(tuple, inputs[parts.train]))


def test_a_column_or_a_file_says_which_rows_are_for_testing(tmp_path: Path) -> None:
    lines = [f"{i},{i * 2},{['train', 'test', 'val'][i % 3]}" for i in range(30)]
    (tmp_path / "t.csv").write_text("x,t,fold\n" + "\n".join(lines) + "\n")
    read = dataset(tmp_path / "t.csv", split={"column": "fold", "test": "test", "validation": "val"})
    assert read.feature_names == ("x",)
    assert sorted(read.test.inputs[:, 0]) == list(range(1, 30, 3))
    assert [len(part) for part in (read.train, read.validation, read.test)] == [10, 10, 10]
    (tmp_path / "more.csv").write_text("t,fold,x\n1,a,100\n2,b,200\n")
    read = dataset(tmp_path / "t.csv", ignore=["fold"], test_path=str(tmp_path / "more.csv"))
    assert read.test.inputs[:, 0].tolist() == [100.0, 200.0]
    assert len(read.train) == 30
    with pytest.raises(Exception, match="no row has 'none' in column 'fold'"):
        dataset(tmp_path / "t.csv", split={"column": "fold", "test": "none"})


class _NA:
    """Compares to nothing, as pandas' NA."""

    def __ne__(self, other: object) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


def test_what_data_frames_have_in_place_of_numbers() -> None:
    numbers = archive.array_column("n", np.array([1, _NA(), 3, None, float("nan")], dtype=object)).numbers
    assert numbers is not None
    np.testing.assert_array_equal(numbers, [1.0, np.nan, 3.0, np.nan, np.nan])
    huge = (np.array([[10**400, 1], [2, 3], [4, 5]], dtype=object), np.array([1.0, 2.5, 3.5]))
    table = from_mapping({"title": "t", "data": {"kind": "csv", "path": "t.csv", "target": "y"}})
    with pytest.raises(ScenarioError, match="column 'x0': too large a number"):
        replay(table, table=huge)


def test_a_target_to_test_on_is_refused_where_it_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n" + "".join(f"{n},{n / 3}\n" for n in range(20)))
    (tmp_path / "more.csv").write_text("a,y\n1,1e300\n2,0.5\n")
    with pytest.raises(ScenarioError, match=r"more\.csv: line 2, column 'y': too large a number"):
        dataset(tmp_path / "t.csv", target="y", test_path=str(tmp_path / "more.csv"))


def test_a_data_frame_or_arrays_stand_for_the_file(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    (tmp_path / "t.csv").write_text(MIXED)
    (tmp_path / "t.toml").write_text(
        'title = "t"\n[data]\nkind = "csv"\npath = "t.csv"\ntarget = "t"\nmissing = "median"\n[training]\nepochs = 2\n'
    )
    frame = pandas.read_csv(tmp_path / "t.csv")
    changes = {"data.ignore": ["when"]}
    by_file = nn_tui.replay(tmp_path / "t.toml", changes)
    by_frame = nn_tui.replay(tmp_path / "t.toml", changes, table=frame)
    assert by_frame.summary.digest == by_file.summary.digest
    expected = by_file.predict([[1.0, "red", True, 3.0]])
    np.testing.assert_allclose(by_frame.predict(frame.drop(columns="t"))[0], expected[0], rtol=1e-5)
    arrays = (np.arange(20.0).reshape(10, 2), np.arange(10.0))
    run = nn_tui.replay(tmp_path / "t.toml", {"data.target": "y"}, table=arrays)
    assert run.dataset.feature_names == ("x0", "x1")
