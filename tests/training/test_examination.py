"""The process in which the lab has remedies tried."""

import os
import subprocess
import sys

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.scenario.writing import dumps


def test_trials_end_with_whoever_asked_for_them_however_that_one_went() -> None:
    text = dumps(load(catalogue.find("spiral"))).encode()
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "nn_tui.training.diagnosis"], stdin=reading, stdout=subprocess.PIPE
    ) as process:
        os.close(reading)
        os.write(writing, b"%d\n" % len(text) + text)
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"{")
        # All a killed program leaves behind is that its end of the pipe is closed.
        os.close(writing)
        assert process.wait(60) == 1
