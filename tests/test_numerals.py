"""Numbers look alike wherever people are shown them: a true minus, short powers of ten, whole parts written out."""

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import nn_tui
from nn_tui.charts import ticks
from nn_tui.charts.numbers import fixed
from nn_tui.engine.formulas import written
from nn_tui.numerals import as_typed, column_numeral, fixed_point, in_full, numeral, scientific, signed

PACKAGE = Path(nn_tui.__file__).parent

FOR_PEOPLE = ("charts", "shell", "tui", "training/diagnosis", "training/look", "training/worker/marks.py")
"""What writes on a screen, or writes sentences that are shown there."""

ALLOWED = {
    "charts/cursor.py: ,.6g": "goes through as_shown, which knows of no thousands",
    "charts/ticks.py: .7g": "goes through as_shown",
    "training/diagnosis: g": "the bounds of rules, which are short",
    "tui/forms/number.py: .6g": "is typed",
    "tui/panels/network/picture.py: +.4g": "goes through as_shown",
    "tui/screens/vary.py: g": "is typed",
}
"""Where a general or exponential format may stand, by file or folder, and why."""


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0"), (-0.0, "0"), (0.25, "0.25"), (-0.25, "−0.25"), (1.23456, "1.23"), (-1234.5, "−1234"),
        (99_999.4, "99999"), (3_824_137.0, "3.82e6"), (-3_824_137.0, "−3.82e6"), (1.2e-5, "1.2e−5"), (2e6, "2e6"),
        (1e300, "1e300"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "–"), (None, "–"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_people_read_it(value: float | None, told: str) -> None:
    assert numeral(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.314, "+0.31"), (-0.07, "−0.07"), (-0.004, "−4e−3"), (0.00499, "+5e−3"), (0.006, "+0.01"), (3e-9, "+3e−9"),
        (0.0, "0.00"), (-0.0, "0.00"), (-12.0, "−12.00"), (math.nan, "–"), (-math.inf, "−∞"),
    ],
)  # fmt: skip
def test_a_signed_number_that_its_decimals_would_call_nothing_says_how_small_it_is(value: float, told: str) -> None:
    assert signed(value, 2) == told


def test_every_way_of_writing_has_the_same_minus_and_the_same_powers() -> None:
    small, large = -1.234e-7, -3.8e9
    for write in (numeral, in_full, column_numeral, scientific, fixed, ticks.written, lambda value: written(value, 3)):
        assert re.fullmatch(r"−1(\.\d+)?e−7", write(small).strip()), write
        assert re.fullmatch(r"−(3\.8\d*|4)e9", write(large).strip()), write
    assert fixed_point(-0.001, 2) == "0.00"
    assert fixed_point(-1.5, 1) == "−1.5"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.25e-6, "2.250e−6"),
        (-7.27e-5, "−7.270e−5"),
        (0.5, "0.5000"),
        (12.3, "12.30"),
        (12345.6, "12346"),
        (1.2e7, "1.200e7"),
    ],
)
def test_numbers_of_a_column_have_as_many_digits_as_their_neighbors(value: float, text: str) -> None:
    assert column_numeral(value) == text


def test_what_is_typed_can_be_read_by_every_program() -> None:
    for value in (1e-5, -2.5e-7, 0.1, 3e8, -12.5, 1e22):
        assert as_typed(value).isascii()
        assert float(as_typed(value)) == value
    assert as_typed(1e-5) == "1e-5"


def formats() -> Iterator[tuple[Path, str]]:
    """File and format of every number that is written in general or with a power of ten, and not read back at once."""
    for room in FOR_PEOPLE:
        place = PACKAGE / room
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            rounded = {id(part) for call in ast.walk(tree) if _rounds(call) for part in ast.walk(call)}
            for node in ast.walk(tree):
                if isinstance(node, ast.FormattedValue) and node.format_spec is not None and id(node) not in rounded:
                    spec = ast.unparse(node.format_spec)[2:-1]
                    if re.search(r"[ge]$", spec):
                        yield path.relative_to(PACKAGE), spec


def _rounds(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"


def test_no_screen_and_no_sentence_has_a_way_of_its_own() -> None:
    own = {
        f"{path.as_posix()}: {spec}"
        for path, spec in formats()
        if not ALLOWED.keys() & {f"{place.as_posix()}: {spec}" for place in (path, path.parent)}
    }
    assert not own, "write these with nn_tui.numerals"


@pytest.mark.parametrize(("value", "text"), [(0.00099951, "0.0010"), (0.00099449, "9.9e−4"), (-0.00099951, "−0.001")])
def test_a_value_beside_a_title_is_written_alike_a_rounding_below_and_above_where_powers_begin(
    value: float, text: str
) -> None:
    assert fixed(value) == text
