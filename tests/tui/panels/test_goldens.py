"""Every panel looks as it did: title, characters and colors of short runs, against the text files in `golden/`.

What a change was meant to alter is written anew, and looked at with `git diff`:

    NN_TUI_GOLDENS=write python -m pytest tests/tui/panels/test_goldens.py
"""

import os
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nn_tui.charts.color import Color
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.frames import Camera
from nn_tui.training.worker.opening import open_run
from nn_tui.tui.panels.registry import KINDS
from tests.tui.painting import Painted, painted, palette_for, whole_look

GOLDEN = Path(__file__).with_name("golden")
WRITES = os.environ.get("NN_TUI_GOLDENS") == "write"

CASES: dict[str, dict[str, Any]] = {
    "dying-relu": {"training.steps": 60},
    "exploding": {},
    "fashion-sketch": {
        "data.samples": 120,
        "data.test_samples": 60,
        "network.hidden": [16, 8],
        "training.steps": 40,
    },
    "iris": {"training.steps": 80},
    "race-spiral": {"training.steps": 60},
    "saddle": {"training.epochs": 120},
    "sine-overfit": {"training.epochs": 120},
    "xor": {"training.steps": 180},
}
"""Runs so short that in double precision no processor's way of rounding is seen."""

PLACES = {"80x24": {"curves": (78, 19), "pictures": (78, 19)}, "120x40": {"curves": (48, 14), "pictures": (36, 14)}}
"""What is inside a panel's borders in a terminal of that size, by its column of the lab."""

COLORED = "120x40"
"""The size at which colors are written as well."""

LOOSE = 3
"""Cells of a panel that may differ, of those that stand for a value by shape or color alone: on another processor one
may fall just beside the edge of a dot or of a shade. Words and numbers may not differ."""

_HEADING, _BESIDE = "━━ ", " ┃ "
_SHAPES = {*" ▀▄█▌▐▁▂▃▅▆▇░▒▓●○■□◆◇", *map(chr, range(0x2800, 0x2900))}


def _meanings() -> dict[str, Color]:
    """A letter for each meaning of a color, and for classes and lanes their number."""
    palette = palette_for()
    return {
        "t": palette.train,
        "T": palette.test,
        "!": palette.alarm,
        "r": palette.right,
        "@": palette.accent,
        "w": palette.text,
        "m": palette.muted,
        "f": palette.faint,
        "_": palette.tint,
        ".": palette.background,
        "+": palette.positive,
        "-": palette.negative,
        **{letter: palette.layer(number, 3) for number, letter in enumerate("abc")},
        **{str(number): palette.category(number) for number in range(10)},
    }


MEANINGS = _meanings()


@cache
def letter(color: str) -> str:
    """Of the meaning that `#RRGGBB` is nearest to; a space for the panel's own."""
    if not color:
        return " "
    found = Color.parse(color)

    def distance(name: str) -> int:
        other = MEANINGS[name]
        return (found.red - other.red) ** 2 + (found.green - other.green) ** 2 + (found.blue - other.blue) ** 2

    return min(MEANINGS, key=distance)


def told(name: str, picture: Painted, colored: bool) -> Iterator[str]:
    """A panel's lines: title, characters, options.

    Beside the characters of a row stand, when `colored`, the letters of their colors, and of those behind them if any.
    """
    yield f"{_HEADING}{name}: {picture.title}"
    has_behind = any(cell.behind for row in picture.cells for cell in row)
    for row in picture.cells:
        layers = ["".join(cell.character for cell in row)]
        if colored:
            layers.append("".join(" " if cell.character == " " else letter(cell.color) for cell in row))
        if colored and has_behind:
            layers.append("".join(letter(cell.behind) for cell in row))
        yield _BESIDE.join(layers).rstrip()
    yield f"── {picture.options}".rstrip()


@cache
def looks(name: str) -> Mapping[str, list[str]]:
    """By size, the lines of all panels that suit a scenario, at the end of its run."""
    run = open_run(1, overrides.apply(load(catalogue.find(name)), {**CASES[name], "training.dtype": "float64"}))
    run.session.run()
    camera = Camera(run, Examination())
    found = {}
    for size, places in PLACES.items():
        columns, rows = places["pictures"]
        look = whole_look(run.opened, (columns, 2 * rows))
        frame = camera.frame(look, status=str(run.session.status), steps_per_second=0.0, speed=None)
        found[size] = [
            line
            for kind in KINDS
            if kind.suits(run.opened)
            for line in told(kind.name, painted(kind.name, run.opened, frame, places[kind.side]), size == COLORED)
        ]
    return found


def is_alike(before: list[str], now: list[str]) -> bool:
    """Whether no more than `LOOSE` cells of each panel differ, and no word or number."""
    if len(before) != len(now):
        return False
    differing = 0
    for old, new in zip(before, now, strict=True):
        if new.startswith(_HEADING):
            differing = 0
        if old == new:
            continue
        width = max(len(old), len(new))
        at = min((line.find(_BESIDE) for line in (old, new) if _BESIDE in line), default=width)
        pairs = zip(old.ljust(width), new.ljust(width), strict=True)
        for column, pair in enumerate(pairs):
            if pair[0] != pair[1]:
                differing += 1
                if column < at and not _SHAPES.issuperset(pair):
                    return False
        if differing > LOOSE:
            return False
    return True


@pytest.mark.parametrize("size", PLACES)
@pytest.mark.parametrize("name", CASES)
def test_panels_look_as_they_did(name: str, size: str) -> None:
    file = GOLDEN / f"{name}-{size}.txt"
    now = looks(name)[size]
    if WRITES:
        file.write_text("\n".join(now) + "\n", encoding="utf-8")
    before = file.read_text(encoding="utf-8").splitlines()
    if not is_alike(before, now):
        changes = unified_diff(before, now, "as it was", "as it is", n=2, lineterm="")
        pytest.fail(
            f"{name} looks different at {size}. If it was meant to:"
            f" NN_TUI_GOLDENS=write python -m pytest tests/tui/panels/test_goldens.py\n" + "\n".join(changes),
            pytrace=False,
        )


def test_every_file_is_of_a_case() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == {f"{name}-{size}" for name in CASES for size in PLACES}


def test_a_dot_beside_its_place_is_let_pass_and_a_digit_or_a_fourth_dot_is_not() -> None:
    before = ["━━ loss: Loss  0.52", " 0.5┤⠉⠉⠉⠉⠉ ┃ mmmftttt", "── log"]

    def after(row: int, old: str, new: str) -> list[str]:
        return [line.replace(old, new, 1) if at == row else line for at, line in enumerate(before)]

    assert is_alike(before, after(1, "⠉⠉⠉", "⠉⠋⠙"))
    assert is_alike(before, after(1, "tttt", "tTtt"))
    assert not is_alike(before, after(1, "⠉⠉⠉⠉", "⠋⠋⠋⠋"))
    assert not is_alike(before, after(1, "tttt", "TTTT"))
    assert not is_alike(before, after(1, "0.5", "0.6"))
    assert not is_alike(before, after(0, "0.52", "0.53"))
    assert not is_alike(before, before[:-1])
