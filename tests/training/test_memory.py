"""How much memory images take: kept once, in the run's precision, however they are scaled."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nn_tui.data.fashion_mnist import ENVIRONMENT, FILES
from tests.data.idx_files import idx

# A child's peak in `resource` starts at its parent's; what the kernel keeps of the process itself does not.
STATUS = Path("/proc/self/status")

MEASURED = """
import re
from pathlib import Path
import nn_tui

changes = {"training.steps": 2, "network.hidden": [64], "data.scaling": "standard"}
assert len(nn_tui.replay("fashion-mnist", changes).dataset.train) == 60_000
peak = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1024)
"""


@pytest.fixture
def full_set(tmp_path: Path) -> Path:
    """60,000 and 10,000 images of noise, not compressed: quick to write."""
    draw = np.random.default_rng(0)
    for name, count in zip(FILES, (60_000, 60_000, 10_000, 10_000), strict=True):
        if "images" in name:
            values = draw.integers(0, 256, (count, 28, 28), np.uint8)
        else:
            values = (np.arange(count) % 10).astype(np.uint8)
        (tmp_path / name).write_bytes(idx(values))
    return tmp_path


@pytest.mark.skipif(not STATUS.exists(), reason="peak memory is read from /proc")
def test_all_of_fashion_mnist_trains_within_600_megabytes(full_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(full_set))
    done = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # The images alone are 220 MB as float32, and 55 MB as they are in the files.
    assert 220 < int(done.stdout) < 600
