"""How fast tables are read, and how much memory that takes, beside pandas.

    python benchmarks/tables.py                # the sizes below
    python benchmarks/tables.py 1000000x4      # others: rows x columns

Each reading runs in a process of its own, on a file that was read before, so that the disk counts for none. Memory is
the process's peak above what importing takes, in multiples of the numbers (eight bytes each). "replay" is the whole
way: reading, choosing, dividing by content, scaling, 200 steps and their summary. "small" is what 200 rows add to a
run, once everything is imported. With nn-tui[tables] large files are read by pyarrow, but for wide ones: at 20,000
columns it takes four times as long as Python and NumPy do, whatever it is told about their types.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

SIZES = ((1_500_000, 2), (40, 20_000), (200_000, 20))

WITHOUT = "sys.modules['pyarrow'] = None\n"
SHEET = "from nn_tui.data.tables.reading import read_sheet as read"
WITH = "import nn_tui.data.tables.arrow\n"
REPLAY = """
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.replay import replay
replay(from_mapping({"title": "imports everything", "data": {"kind": "sine"}, "training": {"epochs": 1}}))
def read(path):
    data = {"kind": "csv", "path": str(path), "target": 0, "scaling": "standard", "split": "content"}
    training = {"epochs": 1, "steps": 200, "batch_size": 32}
    return replay(from_mapping({"title": "large", "data": data, "training": training}))
"""
READERS = {
    "nn-tui": WITHOUT + SHEET,
    "nn-tui[tables]": WITH + SHEET,
    "pandas": "import pandas\ndef read(path): return pandas.read_csv(path)",
    "replay": WITHOUT + REPLAY,
    "replay [tables]": WITH + REPLAY,
}

TIMED = """
import json, sys, time
from pathlib import Path
import numpy
{reader}
path = Path(sys.argv[1])
def peak():
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
before = peak()
began, worked = time.perf_counter(), time.process_time()
kept = read(path)
print(json.dumps([time.perf_counter() - began, time.process_time() - worked, peak() - before]))
"""

SMALL = """
import json, sys, time
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.run.loading import load_dataset
data = {"kind": "csv", "path": sys.argv[1], "target": 0, "scaling": "standard"}
scenario = from_mapping({"title": "small", "data": data})
load_dataset(scenario)
times = []
for _ in range(20):
    began = time.perf_counter()
    load_dataset(scenario)
    times.append(time.perf_counter() - began)
print(json.dumps(min(times)))
"""


def measured(code: str, path: Path) -> object:
    """What a program that is given a file prints as JSON; None where it cannot run."""
    ended = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    return json.loads(ended.stdout) if ended.returncode == 0 else None


def written(folder: Path, rows: int, columns: int) -> Path:
    """A table of random numbers with four decimals."""
    path = folder / f"{rows}x{columns}.csv"
    numbers = np.random.default_rng(0).normal(size=(rows, columns))
    with path.open("w") as file:
        file.write(",".join(f"c{number}" for number in range(columns)) + "\n")
        np.savetxt(file, numbers, fmt="%.4f", delimiter=",")
    path.read_bytes()
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", metavar="ROWSxCOLUMNS")
    asked = parser.parse_args().sizes
    sizes = [tuple(map(int, size.split("x"))) for size in asked] or SIZES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'rows x columns':>20}  {'reader':<16}{'seconds':>9}{'CPU s':>8}{'memory':>9}")
        for rows, columns in sizes:
            path = written(folder, rows, columns)
            for reader, code in READERS.items():
                found = measured(TIMED.format(reader=code), path)
                if found is None:
                    print(f"{f'{rows:,} x {columns:,}':>20}  {reader:<16}{'not here':>9}")
                    continue
                seconds, worked, memory = found  # type: ignore[misc]
                share = memory / (8 * rows * columns)
                print(f"{f'{rows:,} x {columns:,}':>20}  {reader:<16}{seconds:9.2f}{worked:8.2f}{share:8.1f}x")
            path.unlink()
        small = measured(SMALL, written(folder, 200, 5))
        print(f"\nsmall: 200 rows x 5 columns, {float(str(small)) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
