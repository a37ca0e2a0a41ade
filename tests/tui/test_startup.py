"""What has to be there before the lab's first picture, and what has not."""

import subprocess
import sys

import numpy as np

from nn_tui.deferral import defer

_SCRIPT = """
import sys
from nn_tui.deferral import defer
defer("numpy")
from nn_tui.tui.app import LabApp
LabApp("xor")
assert "numpy._core" not in sys.modules, "NumPy is loaded before the first picture"
import numpy
assert numpy.arange(3).sum() == 3 and type(numpy).__name__ == "module"
from numpy.typing import NDArray
"""


def test_the_lab_comes_up_without_numpy_which_is_there_as_soon_as_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_imported_already_and_what_does_not_exist_are_left_alone() -> None:
    defer("numpy")
    defer("no_such_library")
    assert sys.modules["numpy"] is np
    assert "no_such_library" not in sys.modules
