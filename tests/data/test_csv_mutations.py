"""Whatever a file holds, reading it gives a sound table or one printable line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.data.errors import DataError
from nn_tui.data.tables.table import Table
from tests.data.tables import read_csv

SEEDS = [
    b"x,y,t\n1,2,a\n3,4,b\n5,6,a\n7,9,b\n",
    b'\xef\xbb\xbf"a ""q""";b;t\r\n1;2;0.5\r\n3;4.5;-1e3\r\n5;1;2\r\n',
    b"1\t2\t0\n2\t3\t1\n3\t5\t1\n4\t1\t0\n",
    b'x,"the\ntarget"\n1,"p\nq"\n2,r\n3,"p\nq"\n4,r\n',
]
SCRAPS = [
    *(b',;\t"\n\r\0 -.09ex\xff\xc3').hex(" ").split(),
    *(
        scrap.hex()
        for scrap in (b"nan", b"inf", b"1e999", b"1e-999", b'""', b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x1b[")
    ),
]
TARGETS = st.sampled_from(["t", "the target", "x", "", 0, 1, 2, -1, 99])
HEADERS = st.sampled_from([None, True, False])
TASKS = st.sampled_from(["auto", "classification", "regression"])
MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)


@st.composite
def mutated(draw):
    """A good file with a few bytes changed, put in, taken out, or whole lines doubled."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 3)))
        content[start:end] = bytes.fromhex(draw(st.sampled_from(SCRAPS))) * draw(st.integers(0, 3))
    return bytes(content)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("mutations") / "table.csv"


def check(path, content, target, header, task):
    path.write_bytes(content)
    try:
        check_sound(read_csv(path, target, header, task))
    except DataError as error:
        check_worded(error, path)


def check_worded(error: DataError, path):
    message = str(error)
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
    assert len(message) < len(str(path)) + 1200
    assert error.key in ("path", "target")


def check_sound(table: Table):
    rows, columns = table.inputs.shape
    assert rows >= 2
    assert columns == len(table.coding.features) >= 1
    assert table.targets.shape == (rows,)
    assert np.isfinite(table.inputs.astype(np.float32)).all()
    assert np.isfinite(table.targets.astype(np.float32)).all()
    assert len({*table.coding.features, *table.target_names}) == columns + 1
    if table.task == "regression":
        assert table.class_names == ()
    else:
        assert set(table.targets) == set(range(len(table.class_names)))
        assert (len(table.class_names) == 2) == (table.task == "binary")


@MANY
@given(mutated(), TARGETS, HEADERS, TASKS)
def test_a_mutated_file_is_read_or_refused(path, content, target, header, task):
    check(path, content, target, header, task)


@MANY
@given(st.binary(max_size=200), TARGETS, HEADERS, TASKS)
def test_any_bytes_are_read_or_refused(path, content, target, header, task):
    check(path, content, target, header, task)


@MANY
@given(
    st.lists(st.lists(st.text(max_size=4) | st.floats().map(repr), min_size=1, max_size=4), max_size=6),
    st.sampled_from(",;\t"),
    TARGETS,
    HEADERS,
    TASKS,
)
def test_any_cells_are_read_or_refused(path, rows, separator, target, header, task):
    text = "\n".join(separator.join(row) for row in rows)
    check(path, text.encode("utf-8", "surrogatepass"), target, header, task)


@settings(MANY, max_examples=100)
@given(
    st.lists(st.tuples(st.floats(-1e30, 1e30), st.floats(-1e30, 1e30)), min_size=4, max_size=8).filter(
        lambda rows: all(len(set(column)) > 1 for column in zip(*rows, strict=True))
    )
)
def test_finite_numbers_are_read_as_they_are(path, rows):
    path.write_text("a,t\n" + "".join(f"{x!r},{t!r}\n" for x, t in rows))
    table = read_csv(path, "t", None, "regression")
    assert np.array_equal(np.column_stack((table.inputs, table.targets)), rows)
