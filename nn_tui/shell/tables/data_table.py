"""Data sets as a table: what they are, and where."""

import json
from dataclasses import asdict, dataclass

from rich.table import Table
from rich.text import Text

from nn_tui.data import fashion_mnist
from nn_tui.data.toy import TOY_KINDS
from nn_tui.scenario.kinds import CSV, FASHION_MNIST, FASHION_SKETCH, KINDS, SURFACE
from nn_tui.shell.console import Terminal
from nn_tui.shell.machine import write_out
from nn_tui.wording import counted

_SUMMARIES = {
    FASHION_MNIST.name: "photographs of ten kinds of garments, 28 × 28 gray pixels; 60,000 to train on, 10,000 to test",
    FASHION_SKETCH.name: "the same ten classes drawn by code, in the same format; not FashionMNIST",
    CSV.name: "a table of yours, with a column to predict",
    SURFACE.name: "no examples: a point goes down a surface of two variables",
} | {name: kind.summary for name, kind in TOY_KINDS.items()}


@dataclass(frozen=True)
class _Line:
    """One kind of data.

    Attributes:
        name: what a scenario calls it.
        task: what there is to learn.
        summary: one line.
        source: "code", "fetched" or "file".
        ready: whether a scenario can use it as it is.
        folder: where it is, of a fetched one.
        train_samples, test_samples: how many images are there, of a fetched one.
    """

    name: str
    task: str
    summary: str
    source: str
    ready: bool
    folder: str | None = None
    train_samples: int | None = None
    test_samples: int | None = None


def _lines() -> list[_Line]:
    lines = []
    for name, kind in KINDS.items():
        summary = _SUMMARIES[name]
        if name == FASHION_MNIST.name:
            lines.append(_fetched_line(name, kind.task, summary))
        else:
            lines.append(_Line(name, kind.task, summary, "file" if name == CSV.name else "code", True))
    return lines


def _fetched_line(name: str, task: str, summary: str) -> _Line:
    place = fashion_mnist.located()
    if place is None:
        return _Line(name, task, summary, "fetched", False)
    train, test = fashion_mnist.sizes(place.folder)
    return _Line(name, task, summary, "fetched", True, str(place.folder), train, test)


def print_data(as_json: bool) -> None:
    """Prints every kind of data, as a table or as JSON."""
    lines = _lines()
    if as_json:
        write_out(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2) + "\n")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("data", style="bold cyan", no_wrap=True)
    table.add_column("what it is", ratio=1)
    table.add_column("where it comes from", ratio=1, overflow="fold")
    for line in lines:
        table.add_row(line.name, line.summary, _whence(line))
    Terminal().print(table)


def _whence(line: _Line) -> Text:
    if line.source == "code":
        return Text("made by code", style="dim")
    if line.source == "file":
        return Text("your file, named in data.path", style="dim")
    if line.folder is not None:
        return Text(f"{line.train_samples:,} and {line.test_samples:,} images in {line.folder}")
    megabytes = sum(file.size for file in fashion_mnist.REMOTE_FILES) / 1e6
    return Text(f"not here: nn-tui data fetch ({megabytes:.0f} MB)", style="yellow")


def print_places() -> None:
    """Prints every folder FashionMNIST is looked for in, and what is missing there."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("whose", no_wrap=True)
    table.add_column("folder", overflow="fold")
    table.add_column("", no_wrap=True)
    chosen = fashion_mnist.located()
    for place in fashion_mnist.places():
        missing = len(place.missing)
        state = "found" if not missing else f"{counted(missing, 'file')} missing"
        if missing == len(fashion_mnist.FILES):
            state = "not there"
        elif place == chosen:
            state = "read from here"
        style = "" if place == chosen else "dim"
        table.add_row(place.whose, str(place.folder), state, style=style)
    Terminal().print(table)
