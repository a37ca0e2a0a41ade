"""Parquet files and NumPy archives that hold what a table cannot: the file and the column are named, in time."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.tables import reading, sheet, text_reader
from nn_tui.data.tables.archive import sheet_of
from nn_tui.data.tables.inputs import check_width
from nn_tui.data.tables.reading import read_sheet

ROWS = 6


def archived(folder: Path, **arrays: object) -> Path:
    np.savez(folder / "t.npz", **arrays)  # type: ignore[arg-type]
    return folder / "t.npz"


def stored(folder: Path, column: Any, **how: Any) -> Path:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"x": column, "y": np.arange(len(column))}), folder / "t.parquet", **how)
    return folder / "t.parquet"


def problem(path: Path) -> str:
    with pytest.raises(DataError) as error:
        check_width(read_sheet(path))
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("array", [np.ones((ROWS, 2)) * 1j, np.ones((ROWS, 2), "m8[s]"), np.ones((ROWS, 2), "f8,f8")])
def test_arrays_of_what_is_no_number_are_refused_by_file_and_column(tmp_path: Path, array: object) -> None:
    path = archived(tmp_path, X=array, y=np.arange(ROWS))
    with pytest.raises(DataError) as error:
        read_sheet(path)
    assert str(error.value).startswith(f"{path}: column 'x0' holds ")


def test_shapes_that_make_no_table_are_told(tmp_path: Path) -> None:
    both = "expected as many rows in y as in X, of one target or several each; found "
    assert problem(archived(tmp_path, X=1, y=2)) == f"{both}a single number and a single number"
    assert problem(archived(tmp_path, X=np.ones((6, 2)), y=np.ones((6, 2, 2)))) == f"{both}6×2 and 6×2×2"
    assert problem(archived(tmp_path)).endswith("found none")
    only = "one column only; expected at least one input and the target"
    assert problem(archived(tmp_path, X=np.ones((6, 0)), y=np.ones(6))) == only
    with pytest.raises(DataError, match="rows are all of one length"):
        sheet_of(([[1, 2], [3]], [1, 2]), Path("table"))


@pytest.mark.filterwarnings("error")
def test_numbers_beyond_floats_are_infinite_without_a_warning(tmp_path: Path) -> None:
    huge = (
        np.full((ROWS, 1), np.longdouble("1e4000")) if np.finfo(np.longdouble).max > 1e308 else np.full((6, 1), 1e999)
    )
    column = read_sheet(archived(tmp_path, X=huge, y=np.arange(ROWS))).columns[0]
    assert column.numbers is not None
    assert np.isinf(column.numbers).all()


def test_parquet_of_what_its_types_do_not_allow_is_refused(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    offsets = arrow.py_buffer(np.arange(ROWS + 1, dtype=np.int32))
    latin = arrow.StringArray.from_buffers(ROWS, offsets, arrow.py_buffer(b"\xe9" * ROWS))
    assert problem(stored(tmp_path, latin)).startswith("column 'x' cannot be read ('utf-8' codec can't decode")
    away = arrow.array([1] * ROWS, arrow.timestamp("us", "Mars/Olympus"))
    assert problem(stored(tmp_path, away)).startswith("column 'x' cannot be read (Cannot locate or parse timezone")


def test_parquet_with_a_text_that_many_rows_share_takes_the_room_of_one(tmp_path: Path) -> None:
    """Ten gigabytes, were they written out."""
    arrow = pytest.importorskip("pyarrow")
    rows, text = 200_000, "a" * 50_000
    codes = arrow.array(np.arange(rows, dtype=np.int32) % 2 + 1)
    shared = arrow.DictionaryArray.from_arrays(codes, arrow.array(["unused", text, "b"]))
    for with_schema in (True, False):
        column = read_sheet(stored(tmp_path, shared, store_schema=with_schema)).columns[0]
        assert column.texts == (text, "b")
        assert column.codes is not None
        assert column.codes[:4].tolist() == [0, 1, 0, 1]
    assert problem(stored(tmp_path, shared.cast(arrow.dictionary(arrow.int32(), arrow.binary())))) == (
        "column 'x' holds binary; leave it out of the file"
    )


def test_parquet_texts_are_in_the_order_they_come_in_over_groups_of_rows(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    texts = ["q", None, "p", "q", "", "r"]
    for column in (arrow.array(texts), arrow.array(texts).dictionary_encode()):
        read = read_sheet(stored(tmp_path, column, row_group_size=2)).columns[0]
        assert read.texts == ("q", "p", "r")
        assert read.codes is not None
        assert read.codes.tolist() == [0, -1, 1, 0, -1, 2]


@pytest.mark.parametrize("written", ["csv", "csv.gz", "npz", "parquet"])
def test_what_a_few_packed_bytes_stand_for_is_refused_before_it_is_all_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    most, rows, blocks = 600_000, 400_000, []
    add = text_reader._Gathered.add

    def counted(gathered: Any, *given: Any) -> None:
        blocks.append(gathered.rows)
        add(gathered, *given)

    monkeypatch.setattr(text_reader._Gathered, "add", counted)
    monkeypatch.setattr(sheet, "MOST_NUMBERS", most)
    monkeypatch.setattr(reading, "LARGE", 1 << 40)
    numbers = np.arange(rows) % 7
    if written == "npz":
        path = archived(tmp_path, X=np.stack([numbers] * 3, 1).astype(np.uint8), y=numbers)
    elif written == "parquet":
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        path = tmp_path / "t.parquet"
        parquet.write_table(arrow.table(dict.fromkeys("abcd", numbers)), path)
    else:
        path = tmp_path / f"t.{written}"
        content = b"a,b,c,d\n" + b"".join(b"%d,1,2,3\n" % number for number in numbers)
        path.write_bytes(gzip.compress(content) if written.endswith("gz") else content)
    assert problem(path) == (
        f"more than {most:,} values, in rows of 4 columns; take fewer rows, or leave columns out of the file"
    )
    assert all(begun * 4 <= most for begun in blocks), "it is not read to its end"


def test_a_large_file_of_too_many_values_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrow = pytest.importorskip("nn_tui.data.tables.arrow")
    for room in (sheet, arrow):
        monkeypatch.setattr(room, "MOST_NUMBERS", 1_000)
    monkeypatch.setattr(reading, "LARGE", 1)
    monkeypatch.setattr(arrow, "_columns", None)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 2_000)
    assert problem(path).startswith("more than 1,000 values, in rows of 2 columns")


def test_texts_of_an_array_are_in_order_and_each_row_has_its_own() -> None:
    texts = np.array(["pear", "", "apple", "fig", "apple", "pear"] * 40_000)
    column = sheet_of((np.arange(len(texts)), texts), Path("t")).columns[1]
    assert column.texts == ("apple", "fig", "pear")
    assert column.codes is not None
    told = [column.texts[code] if code >= 0 else "" for code in column.codes]
    assert told == texts.tolist()
