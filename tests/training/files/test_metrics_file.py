"""A file of rows grows under its own name, by whole rows; what was there goes with the first of them."""

import json
from pathlib import Path
from typing import IO, Any

import pytest

from nn_tui.training.files.atomic import OutputError
from nn_tui.training.files.metrics_file import metrics_file, write_metrics
from nn_tui.training.run.rows import NetworkRow, Score, network_columns

COLUMNS = network_columns(0, "accuracy")
NAMES = ("rows.csv", "rows.jsonl")


def row(step: int) -> NetworkRow:
    return NetworkRow(step, step / 9, 0.1, "accuracy", Score(0.5, float("nan"), 4), None, [])


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_there_as_soon_as_it_is_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("another run's")
    with metrics_file(path, COLUMNS) as write:
        assert path.read_text() == "another run's"
        for step in range(5):
            write(row(step))
            lines = path.read_text().splitlines()[name.endswith(".csv") :]
            steps = [int(line.split(",")[0]) if name.endswith(".csv") else json.loads(line)["step"] for line in lines]
            assert steps == list(range(step + 1))
            assert list(tmp_path.iterdir()) == [path]
    whole = tmp_path / f"whole-{name}"
    write_metrics(whole, COLUMNS, map(row, range(5)))
    assert whole.read_bytes() == path.read_bytes()


def test_a_run_that_fails_before_its_first_row_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("another run's")
    with pytest.raises(ZeroDivisionError), metrics_file(path, COLUMNS):
        raise ZeroDivisionError
    assert path.read_text() == "another run's"


class Full:
    """A file on a disk that is full after a part of the next row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, content: bytes) -> int:
        if len(content) < 10:
            raise OSError(28, "No space left on device")
        return self._file.write(content[:-5])


def test_a_row_that_finds_no_room_leaves_whole_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with metrics_file(path, COLUMNS) as write:
        write(row(0))
        write(row(1))
        before = path.read_bytes()
        growing: Any = write
        growing.__self__._file = Full(growing.__self__._file)
        with pytest.raises(OutputError, match="No space left"):
            write(row(2))
    assert path.read_bytes() == before
