"""A person's own table: read as it was meant, or refused in one message that says where."""

import csv
import os
import re

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.tables import delimited
from tests.data.tables import read_csv

NUMBERS = "x,y,t\n1,2,0.5\n3,4,1.5\n5,7,2.5\n"
CLASSES = "x,y,t\n1,2,b\n3,4,a\n5,7,b\n6,7,a\n"


@pytest.fixture
def read(tmp_path):
    """Writes a table and reads it: read(content, target, header, task)."""

    def written_and_read(content, target="t", header=None, task="auto"):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(path, target, header, task)

    return written_and_read


@pytest.fixture
def refusal(read, tmp_path):
    """What is said of a table, without its path."""

    def said(*arguments, **more):
        with pytest.raises(DataError) as caught:
            read(*arguments, **more)
        message = str(caught.value)
        start = f"{tmp_path / 'table.csv'}: "
        assert message.startswith(start)
        assert message.isprintable()
        return message.removeprefix(start)

    return said


# -- what is read --------------------------------------------------------------------------------------------------


def test_columns_of_numbers_and_a_target_by_name(read):
    table = read("x,t,y\n1,0.5,2\n-3e2,+1.5,.25\n5.,2.5,7\n")
    assert table.task == "regression"
    assert np.array_equal(table.inputs, [[1.0, 2.0], [-300.0, 0.25], [5.0, 7.0]])
    assert np.array_equal(table.targets, [0.5, 1.5, 2.5])
    assert (table.coding.features, table.target_names, table.class_names) == (("x", "y"), ("t",), ())
    assert table.inputs.dtype == table.targets.dtype == np.float64


@pytest.mark.parametrize(("target", "names"), [(0, ("y", "t")), (1, ("x", "t")), (2, ("x", "y"))])
def test_a_target_by_its_place_counted_from_0(read, target, names):
    assert read(NUMBERS, target).coding.features == names


def test_several_targets_are_a_regression(read, refusal):
    table = read("a,x,b\n1,2,7\n1,4,8\n0,5,9\n", ["b", 0])
    assert (table.task, table.target_names, table.coding.features) == ("regression", ("b", "a"), ("x",))
    assert np.array_equal(table.targets, [[7.0, 1.0], [8.0, 1.0], [9.0, 0.0]])
    said = "column 'y': several targets are a regression's; a classification has one"
    assert refusal(NUMBERS, ["y", "t"], task="classification") == said.replace("column 'y': ", "")
    assert refusal("x,t,u\n1,2,3\n4,5,z\n", ["t", "u"]).startswith("line 3, column 'u': 'z' is not a number")
    assert refusal(NUMBERS, ["t", 2]) == "column 't' is listed twice"
    assert refusal(NUMBERS, [0, 1, 2]) == "every column is a target; leave at least one to learn from"


def test_columns_that_are_the_same_in_every_row_are_left_out_and_listed(read):
    table = read("a,x,b,y,t\n0,1,0.5,2,1\n0,2,0.5,2.5,2\n0,3,0.5,1,3\n")
    assert table.coding.features == ("x", "y")
    assert np.array_equal(table.inputs, [[1.0, 2.0], [2.0, 2.5], [3.0, 1.0]])
    assert [(left.name, left.reason) for left in table.left_out_columns] == [
        ("a", "it is the same in every row"),
        ("b", "it is the same in every row"),
    ]


def test_names_of_classes_are_numbered_by_alphabet(read):
    table = read(CLASSES)
    assert (table.task, table.class_names) == ("binary", ("a", "b"))
    assert np.array_equal(table.targets, [1.0, 0.0, 1.0, 0.0])


def test_three_classes_and_more_are_multiclass(read):
    table = read("x,t\n1,c\n2,a\n3,b\n4,c\n5,a\n6,b\n")
    assert (table.task, table.class_names) == ("multiclass", ("a", "b", "c"))


def test_numbers_as_classes_are_ordered_by_value_however_they_are_written(read):
    table = read("x,t\n1,10\n2,9\n3,10.0\n4,9\n5,-1\n6,1e1\n", task="classification")
    assert table.class_names == ("-1", "9", "10")
    assert np.array_equal(table.targets, [2.0, 1.0, 2.0, 1.0, 0.0, 2.0])


@pytest.mark.parametrize(
    ("targets", "task"),
    [
        ("0 1 1 0", "binary"),
        ("0 0 0 1", "binary"),
        ("3 1 2 3 1 2", "multiclass"),
        ("1 2 3 4", "regression"),
        ("0.5 1 0.5 1", "regression"),
        (" ".join(f"{value}" for value in [*range(10)] * 2), "multiclass"),
        (" ".join(f"{value}" for value in [*range(11)] * 2), "regression"),
    ],
)
def test_a_few_whole_numbers_are_taken_for_classes_and_all_else_for_values(read, targets, task):
    assert read("x,t\n" + "".join(f"{row},{value}\n" for row, value in enumerate(targets.split()))).task == task


def test_the_task_can_be_said(read):
    few = "x,t\n1,0\n2,1\n3,1\n4,0\n"
    assert read(few, task="regression").task == "regression"
    assert read("x,t\n1,1\n2,n\n3,1\n4,n\n", task="classification").class_names == ("1", "n")


@pytest.mark.parametrize(
    ("first", "header", "named"),
    [
        ("x,t\n", None, True),
        ("x,7\n", None, True),
        ("", None, False),
        ("x,t\n", True, True),
        ("7,8\n", True, True),
        ("7,n\n", None, False),
        ("7,n\n", False, False),
    ],
)
def test_a_header_is_told_by_its_texts_or_said(read, first, header, named):
    table = read(first + "1,n\n2,p\n3,n\n4,p\n", 1, header)
    assert len(table.targets) == 4 + bool(first and not named)
    assert table.coding.features == ((first[0],) if named else ("column 0",))
    assert table.target_names == (first[2] if named else "column 1",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_separator_line_end_and_byte_order_mark(read, separator, end, mark):
    table = read(mark + NUMBERS.replace(",", separator).replace("\n", end))
    assert table.coding.features == ("x", "y")
    assert np.array_equal(table.targets, [0.5, 1.5, 2.5])


def test_a_separator_within_quotes_is_text(read):
    table = read('"width; in cm",t\n"1",2.5\n2,3.5\n')
    assert table.coding.features == ("width; in cm",)


def test_quotes_spaces_and_blank_lines(read):
    table = read('\n "a ""b""",  t \n\n  1 , big \n2,"small"\n\t\n3, "big"\n4 ,small\n\n')
    assert table.coding.features == ('a "b"',)
    assert table.class_names == ("big", "small")
    assert np.array_equal(table.inputs[:, 0], [1.0, 2.0, 3.0, 4.0])


def test_line_breaks_and_runs_of_spaces_in_names_become_one_space(read):
    table = read('"sepal\r\nlength","kind  of\nplant"\n1,a\n2,b\n3,a\n4,b\n', "kind of plant")
    assert (table.coding.features, table.target_names) == (("sepal length",), ("kind of plant",))


def test_a_column_without_a_name_goes_by_its_place(read):
    assert read(",x,t\n0,2,3\n1,3,5\n").coding.features == ("column 0", "x")


def test_excels_files_are_read(read):
    """A line that names the separator, and the tab-separated UTF-16 that it calls Unicode text."""
    assert read("sep=|\nx|t\n1|2\n2|3\n").inputs.tolist() == [[1.0], [2.0]]
    assert read("x\tt\n1\t2\n2\t3\n".encode("utf-16")).inputs.tolist() == [[1.0], [2.0]]


def test_what_looks_like_a_number_is_one(read):
    table = read("x,y,t\n\u00a00.1,\u22122,1\n0.2\u202f,-3,2\n")
    assert table.inputs.tolist() == [[0.1, -2.0], [0.2, -3.0]]


def test_no_line_end_at_the_end(read):
    assert len(read(NUMBERS.rstrip("\n")).targets) == 3


def test_names_in_any_script(read):
    assert read("größe,種\n1,い\n2,ろ\n3,い\n4,ろ\n", "種").class_names == ("い", "ろ")


def test_numbers_keep_every_digit(read):
    values = np.random.default_rng(0).normal(size=(50, 2)) * 10.0 ** np.arange(-25, 25)[:, np.newaxis]
    table = read("".join(f"{x!r},{t!r}\n" for x, t in values.tolist()), 1)
    assert np.array_equal(np.column_stack((table.inputs, table.targets)), values)


# -- what is refused -----------------------------------------------------------------------------------------------

MISSING = (
    'the value is missing; fill it in, leave the row out, or say what becomes of it: missing = "drop", "mean", '
    '"median" or "most"'
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("\n \n\t\n", "the file is empty"),
        ("\ufeff", "the file is empty"),
        ("x,t\n", "a header, but no row of data; expected at least two"),
        ("x,t\n1,2\n", "only one row of data; expected at least two"),
        (
            "t\n1\n",
            "line 1: one column only; expected at least one input and the target, separated by commas, semicolons, "
            "tabs, bars or spaces; for anything else give delimiter",
        ),
        ("x,t\n1,2\n3\n", "line 3: 1 column, where the first row has 2"),
        ("x,t\n1,2\n\n3,4,5\n", "line 4: 3 columns, where the first row has 2"),
        ("x,t\n1,2\n,4\n2,2\n", f"line 3, column 'x': {MISSING}"),
        ("x,t\n1,2\n3,  \n", "1 row with a target; expected at least two"),
        ("x,t\n1,2\nn/a,4\n?,5\n2,1\n", f"line 3, column 'x': {MISSING} (2 values are missing in all)"),
        ("x,t\n1,2\n-inf,4\n", "line 3, column 'x': '-inf' is not finite; leave the row out"),
        ("x,t\n1,2\n3,Infinity\n", "line 3, column 't': 'Infinity' is not finite; leave the row out"),
        ("x,t\n1,2\nred,4\n", "line 3, column 'x': 'red' is not a number; unlike most of the column; correct it, or "),
        ("x,t\n1,2\n1_000,4\n", "line 3, column 'x': '1_000' is not a number; unlike most"),
        ("x,t\n1,2\n١,4\n", "line 3, column 'x': '١' is not a number; unlike most"),
        ("x;t\n1;2\n1,5;4\n", "line 3, column 'x': '1,5' is not a number; give decimal = \",\" for 1.5"),
        ("x;t\n1;2,5\n2;4,5\n", "line 2, column 't': '2,5' is not a number; give decimal = \",\" for 2.5"),
        ("x,t\n1,2\n1e39,4\n", "line 3, column 'x': too large a number; single precision holds up to 3.4e38"),
        ("x,t\n1,2\n3,-1e999\n", "line 3, column 't': too large a number; single precision holds up to 3.4e38"),
        (
            "x,y,t\n5,1,2\n5,1,4\n",
            "no column is left to learn from (x: it is the same in every row; y: it is the same in every row)",
        ),
        ("x,t\n1,2.5\n2,2.5\n", "column 't': it is 2.5 in every row, so there is nothing to learn"),
        ("x,t\n1,a\n2,a\n", "column 't': the only class is 'a', so there is nothing to learn"),
        (
            "x,t\n1,ann\n2,bob\n3,cy\n4,ann\n5,dee\n",
            "column 't': 4 classes in 5 rows are too many (at most 1,000, and half as many as rows); is it the right "
            "column?",
        ),
        (
            "x,t\n1,1\n2,2\n3,o\n",
            "line 4, column 't': 'o' is not a number, unlike others; correct it, or give task = \"classification\" if "
            "these are names of classes",
        ),
        (
            "x,t\n1,a\n2,2\n3,b\n",
            "line 3, column 't': '2' is a number, unlike others; correct it, or give task = \"classification\" if "
            "these are names of classes",
        ),
        ("x,x,t\n1,2,3\n", "line 1, column 1 (counted from 0): column 0 is called 'x' too; rename one"),
        (
            'x,"a\x1b[31m",t\n1,2,3\n',
            "line 1, column 1 (counted from 0): its name 'a\\x1b[31m' has a character that cannot be shown",
        ),
        (
            "x,t\n1,a\x07\n2,b\n3,a\x07\n4,b\n",
            "column 't': class 'a\\x07' has a character that cannot be shown",
        ),
        ("x,s\n1,2\n", "line 1: there is no column 't' (the columns are: 'x', 's')"),
        ("x,T\n1,2\n", "line 1: there is no column 't'; did you mean 'T'? (the columns are: 'x', 'T')"),
        (
            "1,2\n3,4\n",
            "line 1: there is no column 't'; if this row is no header, give the column's place, counted from 0 (the "
            "columns are: '1', '2')",
        ),
        (
            "x,t\n1\0,2\n",
            'line 2: a NUL character; expected text; take it out, or for UTF-16 give encoding = "utf-16-le"',
        ),
        (b"x,t\r\n1,2\r\n\xe9,2\r\n", "line 3: not UTF-8 (byte 0xe9); save it as UTF-8"),
        ("x,t\n1,2\n".encode("utf-16") + b"\x00", "begins like UTF-16, but is not; save it as UTF-8"),
        ('x,t\n1,2\n"3,4\n5,6\n', "line 3: a quote that begins in this row is never closed"),
        (
            'x,t\n1,2\n"3"0,4\n',
            "line 3: more text, or a space, after a closing quote; a quote within quotes is doubled",
        ),
        (
            "x,t\n1,2\n" + "3" * 200_000 + ",4\n",
            f"line 3: a cell longer than {csv.field_size_limit():,} characters; is a quote before it left open?",
        ),
        ("1," * 5_000_001, "line 1: longer than 10,000,000 characters"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_place(refusal, content, message):
    assert refusal(content).startswith(message)


def test_a_text_among_the_values_of_a_regression_is_refused(refusal):
    assert refusal("x,t\n1,2\n2,3\n3,o\n", task="regression") == (
        "line 4, column 't': 'o' is not a number; a regression predicts numbers"
    )


@pytest.mark.parametrize("target", [3, -1, 10**30])
def test_a_place_outside_the_table_is_refused(refusal, target):
    assert refusal(NUMBERS, target) == f"there is no column {target}; counted from 0, the 3 columns are 0 to 2"


def test_a_name_where_there_is_no_header_is_refused(refusal):
    assert refusal("1,2\n3,4\n", "t", False) == (
        "without a header no column is called 't'; give its place counted from 0, 0 to 1"
    )


def test_a_column_without_a_name_is_called_by_its_place(refusal):
    assert refusal("1,2\n3,x\n", 0).startswith(
        "line 2, column 1 (counted from 0): 'x' is not a number; unlike most of the column"
    )


def test_a_header_that_was_taken_for_data_is_pointed_out(refusal):
    assert refusal("x,2020,t\n1,2,3\n4,5,6\n", 2) == (
        "line 1, column 0 (counted from 0): 'x' is not a number; if this row names the columns, give header = true"
    )


def test_lines_are_counted_through_line_breaks_in_quotes(refusal):
    assert refusal('"a\nb",t\n1,"p\r\nq"\n2,r\no,"p\rq"\n4,r\n').startswith("line 6, column 'a b': 'o' is not")
    assert refusal('t,a\n"p\nq",1\n"p\nq",2\n"p\nq",o\n').startswith("line 6, column 'a': 'o' is not a number")


def test_many_columns_are_not_all_listed(refusal):
    header = ",".join(f"c{number}" for number in range(500))
    assert refusal(header + "\n", "zz").endswith("'c11', … (500 in all))")


def test_a_long_cell_is_shortened(refusal):
    assert len(refusal("x,t\n1,2\n" + "z" * 10_000 + ",4\n")) < 300


def test_a_missing_file_is_refused_with_a_near_name(tmp_path):
    (tmp_path / "flowers.csv").write_text(NUMBERS)
    wrong = tmp_path / "flower.csv"
    with pytest.raises(DataError, match=re.escape(f"{wrong}: no such file; did you mean 'flowers.csv'?")) as caught:
        read_csv(wrong, "t", None, "auto")
    assert caught.value.key == "path"


@pytest.mark.parametrize("name", ["nowhere/table.csv", "a\0b", "a\nb", "\udcff", "x" * 5000])
def test_a_path_that_leads_nowhere_is_refused_on_one_line(tmp_path, name):
    with pytest.raises(DataError) as caught:
        read_csv(tmp_path / name, "t", None, "auto")
    assert str(caught.value).isprintable()


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="is a folder; name a file"):
        read_csv(tmp_path, "t", None, "auto")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="is not a file on a disk"):
        read_csv(tmp_path / "pipe", "t", None, "auto")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text(NUMBERS)
    path.chmod(0)
    with pytest.raises(DataError, match="cannot be read: Permission denied"):
        read_csv(path, "t", None, "auto")


def test_a_file_beyond_all_measure_is_refused(refusal, monkeypatch):
    monkeypatch.setattr(delimited, "LARGEST_FILE", 10)
    assert refusal(NUMBERS) == "too large (more than 10 bytes)"


def test_a_long_cell_of_digits_costs_no_more_than_its_length(refusal):
    assert "is not a number" in refusal("x,t\n1,2\n" + "1" * 100_000 + "x,4\n")
