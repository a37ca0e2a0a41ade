"""What has to be there before the lab's first picture, and what has not."""

import gc
import subprocess
import sys

import numpy as np

from nn_tui.quick_start import asked_for, defer
from nn_tui.tui.panels.registry import KINDS
from tests.tui.fakes import Lab

_SCRIPT = """
import asyncio, sys
from nn_tui.quick_start import defer
defer("numpy")
from nn_tui.tui.app import LabApp
from nn_tui.tui.lab.screen import LabScreen
from nn_tui.tui.widgets.board import Board

async def never(self):
    pass

LabScreen._settle = never

async def look():
    app = LabApp("xor")
    async with app.run_test(size=(120, 40)) as pilot:
        while not (app.screen.control.frame and app.screen.query_one("#boundary").size):
            await pilot.pause(0.02)
        await pilot.pause()
        for view in app.screen.query_one(Board).on_screen:
            assert any(view.render_line(y).text.strip() for y in range(view.size.height)), view

asyncio.run(look())
loaded = [name for name in ("click", "numpy._core", "nn_tui.tui.panels.maps.surface") if name in sys.modules]
assert not loaded, f"{loaded} before the first picture"
import numpy
assert numpy.arange(3).sum() == 3 and type(numpy).__name__ == "module"
from numpy.typing import NDArray
"""


def test_the_first_picture_is_drawn_without_numpy_which_is_there_as_soon_as_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_lab_alone_is_opened_without_the_command_line() -> None:
    assert asked_for([]) == asked_for(["open"]) == ""
    assert asked_for(["open", "spiral"]) == "spiral"
    for arguments in (["open", "--help"], ["open", "xor", "iris"], ["replay", "xor"], ["--version"], ["xor"]):
        assert asked_for(arguments) is None


async def test_once_the_lab_has_settled_garbage_is_collected_again_and_every_view_is_there() -> None:
    lab = Lab()
    gc.disable()
    try:
        async with lab.app.run_test(size=(120, 40)):
            await lab.screen._settle()
        assert gc.isenabled()
        assert {f"nn_tui.tui.panels.{kind.home.partition(':')[0]}" for kind in KINDS} <= set(sys.modules)
    finally:
        gc.enable()
        gc.unfreeze()


def test_what_is_imported_already_and_what_does_not_exist_are_left_alone() -> None:
    defer("numpy")
    defer("no_such_library")
    assert sys.modules["numpy"] is np
    assert "no_such_library" not in sys.modules
