"""What is written never takes the place of what the same run reads, of what else it writes, or of the kept runs."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nn_tui.data import fashion_mnist
from nn_tui.data.errors import DataError
from nn_tui.scenario.data_table import FILES, Data
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import shown
from nn_tui.training.files.atomic import OutputError, check_writable, real_path
from nn_tui.training.files.kept_file import store_path


def check_outputs(outputs: Sequence[Path], inputs: Mapping[Path, str]) -> None:
    """Refuses files to write that cannot be written, or that are another of these files by whatever name.

    Nor may one be the file that holds all kept runs, be it that this run is none of them.

    Args:
        outputs: files to be written.
        inputs: files that are read, and what each one is: "the scenario".

    Raises:
        OutputError: for the first such file.
    """
    kept = store_path()
    guarded = dict(inputs) if kept is None else {**inputs, kept: "the file of kept runs"}
    for place, path in enumerate(outputs):
        check_writable(path)
        for read, what in guarded.items():
            if is_same_file(path, read):
                raise OutputError(
                    f"{shown(path)}: is {what}{_also(path, read)}, and would be replaced; name another file"
                )
        for other in outputs[:place]:
            if is_same_file(path, other):
                raise OutputError(f"{shown(path)}: is to hold two things{_also(path, other)}; name two files")


def input_files(scenario: Scenario, source: Path | None = None) -> dict[Path, str]:
    """The files a run reads, and what each one is.

    Args:
        scenario: of the run.
        source: the scenario's own file, if it has one.
    """
    files = {} if source is None else {source: "the scenario"}
    return files | dict.fromkeys(_data_files(scenario.data), "the run's data")


def _data_files(data: Data) -> Iterator[Path]:
    for key in FILES:
        if (value := getattr(data, key)) is not None:
            yield Path(value)
    if data.kind == fashion_mnist.NAME:
        try:
            place = fashion_mnist.located()
        except DataError:
            return
        if place is not None:
            yield from place.folder.glob("*ubyte*")


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file: by links, another spelling, or, where that does not matter, in other case."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        pass
    # One of them is not there yet: then they are the same if they would be.
    try:
        first, second = real_path(one), real_path(other)
        if not first.parent.samefile(second.parent):
            return False
    except (OSError, ValueError):
        return False
    same_but_for_case = first.name.casefold() == second.name.casefold()
    return first.name == second.name or (same_but_for_case and _ignores_case(first.parent))


def _ignores_case(folder: Path) -> bool:
    """Whether a folder's files are found in other case too, as on macOS and Windows."""
    other = folder.parent / folder.name.swapcase()
    try:
        return other.name != folder.name and other.samefile(folder)
    except OSError:
        return False


def _also(path: Path, other: Path) -> str:
    return "" if os.fspath(path) == os.fspath(other) else f" ({shown(other)})"
