"""What holds for all tests."""

import gc
import os
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits

from nn_tui.data import fashion_mnist

# The same examples every time and on every machine, however slow: a test that fails can be looked into. Many more with
# NN_TUI_TESTS=thorough.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True, max_examples=40)
settings.register_profile("thorough", settings.get_profile("repeatable"), max_examples=1_000)
settings.load_profile("thorough" if os.environ.get("NN_TUI_TESTS") == "thorough" else "repeatable")

# No test talks to the network. Real images are taken from where a user would have them, or from beside the checkout.
fashion_mnist.MIRRORS = ("http://127.0.0.1:1/",)
BESIDE = Path(__file__).parents[2] / "shared" / "fashion-mnist"
if BESIDE.is_dir():
    os.environ.setdefault(fashion_mnist.ENVIRONMENT, str(BESIDE))

# No test keeps a run among those of whoever runs it.
os.environ["NN_TUI_RUNS"] = "off"

# What is printed is for a plain terminal of 80 columns, however wide the one is that tests are run in, and is written
# out when Python sees fit.
os.environ["COLUMNS"] = "80"
for name in ("LINES", "NO_COLOR", "FORCE_COLOR", "PYTHONUNBUFFERED"):
    os.environ.pop(name, None)

# A shell starts what runs in its background with Ctrl-C ignored, `nohup` with the end of the terminal ignored, and a
# program that tests start would inherit that.
if threading.current_thread() is threading.main_thread():
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
            signal.signal(getattr(signal, name), handler)

# Runs take one thread by default, and pytest fills the processors already.
threadpool_limits(1)

# Tests leave objects by the million. Looking for circles among them as often as Python does by itself took a third of
# the time of the lab's tests.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    """What has been imported by now stays, and is not looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def fashion_mnist_folder() -> Path:
    """Where FashionMNIST's files are, all or a part of it; the test is skipped where there are none."""
    place = fashion_mnist.located()
    if place is None:
        pytest.skip("FashionMNIST is not on this machine")
    return place.folder
