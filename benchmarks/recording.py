"""What it costs to record a row every hundred steps: loss and quality on both sets, and a probe of every layer.

    python -m pip install . && python benchmarks/recording.py

One run, which goes on by turns: without a row, with a row every hundred steps kept in the history, and with those rows
written to a file as well. A round gives each of them a slice of time, in an order that rotates, and the cost is taken
within a round, so that a busy machine slows all sides of it. It is one run and not three, because where a network lies
in memory alone can slow its steps by more than its rows do. One thread, and its processor time: what other programs
take is not counted.

The dear part of a row is following units that are 0 for the first 256 examples through the rest of the probe set, to
tell which of them are dead. For units that stay dead while the weights move little, bounds spare nearly all of it
(`nn_tui/engine/dead_units.py`). In the first epochs, while weights still move far, a network with dead units in deep
layers goes the whole way in every row, which then costs two to three times the median shown here. So `nn_tui replay` by
itself puts rows as far apart as suits the most they can cost (`nn_tui/training/run/row_plan.py`); the pictures are
shown both ways.

A row looks at hundreds of examples whatever the batch is. Beside a hundred steps of one example each it cannot be cheap
on a large network, with batch 1: there, too, replay by itself puts rows farther apart.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from engine import spread
from threadpoolctl import threadpool_limits

from nn_tui.data.dataset import Dataset, Examples, with_ones
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import from_mapping, load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.files.metrics_file import metrics_file
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.row_plan import MOST_SHARE, RowPlan
from nn_tui.training.run.rows import HistoryRow
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer

EVERY = 100
"""Steps between two rows."""

PICTURES: dict[str, object] = {"kind": "fashion-sketch", "samples": 2_000, "test_samples": 1_000}

BARE = "no rows"
RECORDED = {"rows": False, "rows, to a file": True}
"""What is compared with the bare run, and whether its rows are written down."""


@dataclass(frozen=True)
class Case:
    """A run, and how many steps lie between its rows."""

    name: str
    scenario: Scenario
    data: Dataset
    every: int = EVERY


class Unrecorded(Trainer[NetworkLane]):
    """A trainer whose scenario has no rows of its own, so that those asked for are the only ones."""

    @property
    def row_plan(self) -> RowPlan:
        return RowPlan(first=0, epochs=1_000_000_000, per_epoch=1, whole=False)


class Rows:
    """Where rows are written.

    Attributes:
        write: what takes a row; None where it is only kept.
    """

    def __init__(self) -> None:
        self.write: Callable[[HistoryRow], None] | None = None

    def take(self, row: HistoryRow) -> None:
        if self.write is not None:
            self.write(row)


def cases() -> list[Case]:
    """The catalog's xor; the nets of `engine.py` on points and on noise; and one on pictures, where units die."""
    xor = overrides.apply(load(catalogue.find("xor")), {"training.epochs": 100_000_000})
    pictures = _scenario(PICTURES, [128, 64], 64)
    data = load_dataset(pictures)
    noise = replace(data, train=_noise(data.train), test=_noise(data.test))
    full, small = _scenario({"kind": "xor", "samples": 286}, [4], None), _scenario({"kind": "xor"}, [8, 8], 32)
    single = Case("noise, 784-512-512-10, batch 1", _scenario(PICTURES, [512, 512], 1), noise)
    seen = Case("pictures, 784-128-64-10, batch 64", pictures, data)
    return [
        Case("xor, 2-4-4-1, batch 16", xor, load_dataset(xor)),
        Case("2-4-2, full batch 200", full, load_dataset(full)),
        Case("2-8-8-2, batch 32", small, load_dataset(small)),
        Case("noise, 784-128-64-10, batch 64", pictures, noise),
        Case("noise, 784-512-512-10, batch 64", _scenario(PICTURES, [512, 512], 64), noise),
        *(single, _apart(single)),
        *(seen, _apart(seen)),
    ]


def _apart(case: Case) -> Case:
    """The same with its rows as far apart as `nn_tui replay` puts them."""
    work = Trainer(case.scenario, NetworkProblem(case.data)).work
    every = EVERY * math.ceil(work.row / work.step / MOST_SHARE / EVERY)
    return replace(case, name=f"the same, with rows {every} steps apart, as replay would", every=every)


def _scenario(data: dict[str, object], hidden: list[int], batch_size: int | None) -> Scenario:
    """Relu, softmax with cross-entropy, and Adam at 0.001, as in `contestants.py`; None for the full batch."""
    return from_mapping(
        {
            "title": "benchmark",
            "data": data,
            "network": {"hidden": hidden, "activation": "relu", "init": "he"},
            "training": {
                "loss": "ce",
                **({"mode": "batch"} if batch_size is None else {"batch_size": batch_size}),
                "epochs": 100_000_000,
                "optimizer": {"name": "adam", "lr": 0.001},
            },
        }
    )


def _noise(examples: Examples) -> Examples:
    """Standard normal inputs in place of pictures, as in `contestants.Net`."""
    samples, columns = examples.inputs.shape
    inputs = np.random.default_rng(0).standard_normal((samples, columns - 1))
    return Examples(with_ones(inputs, examples.inputs.dtype.name), examples.targets)


def _trainer(case: Case) -> Unrecorded:
    """As `nn-tui replay` has it, which explains no formula."""
    trainer = Unrecorded(case.scenario, NetworkProblem(case.data))
    trainer.lead.explains = False
    return trainer


def seconds_per_step(session: Session, steps: int) -> float:
    gc.disable()
    start = time.process_time()
    for _ in range(steps):
        session.advance()
    elapsed = time.process_time() - start
    gc.enable()
    return elapsed / steps


def measure(case: Case, rounds: int, slice_seconds: float) -> dict[str, Any]:
    """Steps a second without rows, and by how much rows slow them down, in per cent."""
    rows, trainer = Rows(), _trainer(case)
    session = Session(trainer, every=case.every, on_row=rows.take)
    # Collections between slices would push what is measured out of the processor's caches.
    gc.collect()
    gc.freeze()
    each = min(seconds_per_step(session, case.every) for _ in range(3))
    steps = case.every * max(1, round(slice_seconds / each / case.every))
    names = [BARE, *RECORDED]
    times: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder, metrics_file(Path(folder) / "rows.jsonl", trainer.columns) as write:
        for turn in range(-1, rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                session.every = None if name == BARE else case.every
                rows.write = write if RECORDED.get(name) else None
                taken = seconds_per_step(session, steps)
                # The first round warms up.
                if turn >= 0:
                    times[name].append(taken)
    return {
        "steps_per_second": spread([1.0 / t for t in times[BARE]]),
        "cost_percent": {
            name: spread([100.0 * (t / bare - 1.0) for t, bare in zip(times[name], times[BARE], strict=True)])
            for name in RECORDED
        },
    }


def show(name: str, result: dict[str, Any]) -> None:
    print(f"\n{name}\n  {BARE:<18}{result['steps_per_second']['median']:>10,.0f} steps/s")
    for contestant, cost in result["cost_percent"].items():
        print(f"  {contestant:<18}{cost['median']:>+9.1f} %   [{cost['lower']:+.1f}, {cost['upper']:+.1f}]")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=f"What a row every {EVERY} steps costs.")
    parser.add_argument("--rounds", type=int, default=101, help="rounds a net (default 101)")
    parser.add_argument("--slice", type=float, default=0.05, help="seconds a contestant gets a round (default 0.05)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the tables")
    parsed = parser.parse_args()
    if parsed.rounds < 1 or parsed.slice <= 0.0:
        parser.error("--rounds must be at least 1 and --slice above 0")
    return parsed


def main() -> None:
    options = arguments()
    say: Callable[..., None] = (lambda *_: None) if options.json else print
    say(f"A row every {EVERY} steps; median [lower quartile, upper quartile] over {options.rounds} rounds; one thread")
    results = {}
    with threadpool_limits(1):
        for case in cases():
            results[case.name] = measure(case, options.rounds, options.slice)
            if not options.json:
                show(case.name, results[case.name])
    if options.json:
        print(json.dumps({"every": EVERY, "rounds": options.rounds, "nets": results}, indent=2))


if __name__ == "__main__":
    main()
