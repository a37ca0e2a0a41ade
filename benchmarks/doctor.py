"""What the doctor finds in drawn runs: how much it names, how often it is wrong, how far its first remedy goes.

    python benchmarks/doctor.py                        # two hundred runs, drawn from seed 1000 on
    python benchmarks/doctor.py --runs 40 --first 0    # those its thresholds were looked at with
    python benchmarks/doctor.py --only rate --budget 5
    python benchmarks/doctor.py --json rows.jsonl      # a row a run; what is there already is not run again

Each run is drawn over data (toys with little and much noise, and the catalog's tables), nets, optimizers, batch sizes
and epochs. Half are left as they are drawn; in the others one thing is put wrong. What a run could have come to is what
the same run without the fault, or a simple method, reaches on the same split. A drawn run counts as ill where it has
learned less than 85 % of that, by the metric and on the set that choose, and is further behind than the choice of that
set's examples moves (a standard error); the others count as healthy, whatever was put wrong in them.

- named: ill runs called ill, with a finding or a remedy among the first three that is about what was put wrong.
- false alarms: healthy runs called ill.
- near: ill runs whose first remedy comes within a tenth of what can be learned of what the run could have come to.
- harmful: first remedies that leave the run worse than it was.

The figures in docs/figures.md are of numbers 1124 to 1203, which no threshold was chosen by.
"""

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.baselines import baselines
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.patient import scale_of
from nn_tui.training.run.variant import DataSets, run_variant

Changes = dict[str, Any]

SHARE, NEAR, NOISY = 0.85, 0.1, 0.1


@dataclass(frozen=True)
class Fault:
    """Something put wrong.

    Attributes:
        changes: made to a sound scenario, by a generator's draw.
        kinds: findings that name it.
        keys: what a remedy that is about it changes.
    """

    changes: Callable[[np.random.Generator, Scenario], Changes]
    kinds: frozenset[str]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A drawn run: with its fault, and as it would be without."""

    name: str
    fault: str
    scenario: Scenario
    sound: Scenario


def sound(draw: np.random.Generator) -> tuple[str, Changes]:
    """A net that suits its data, at an ordinary rate, and the scenario that its data come from."""
    name = str(draw.choice(["xor", "circle", "gauss", "moons", "spiral", "line", "plane", "sine", "iris", "diabetes"]))
    activation, init = [("tanh", "xavier"), ("relu", "he"), ("elu", "he"), ("gelu", "he"), ("silu", "he")][
        int(draw.integers(5))
    ]
    optimizer, low, high = [("adam", 0.004, 0.03), ("rmsprop", 0.003, 0.015), ("momentum", 0.1, 0.4)][
        int(draw.integers(3))
    ]
    changes: Changes = {
        "network.hidden": [int(draw.integers(8, 33))] * int(draw.integers(1, 4)),
        "network.activation": activation,
        "network.init": init,
        "training.optimizer.name": optimizer,
        "training.optimizer.lr": float(np.round(np.exp(draw.uniform(np.log(low), np.log(high))), 5)),
        "training.mode": "mini-batch",
        "training.batch_size": int(draw.choice([8, 16, 32])),
        "training.epochs": int(draw.integers(60, 121)),
        "training.regularization.l2": 0.0,
        "training.loss": "auto",
        "network.output": "auto",
        "training.seed": int(draw.integers(1_000_000)),
    }
    if name not in ("iris", "diabetes"):
        changes["data.samples"] = int(draw.integers(200, 501))
        changes["data.noise"] = float(draw.choice([0.02, 0.1, 0.3]))
    return name, changes


def _deep(draw: np.random.Generator, activation: str, init: str) -> Changes:
    return {
        "network.hidden": [int(draw.integers(6, 17))] * int(draw.integers(7, 12)),
        "network.activation": activation,
        "network.init": init,
    }


def _times(factors: tuple[float, ...], draw: np.random.Generator, scenario: Scenario) -> Changes:
    factor = float(draw.choice(factors)) * float(draw.uniform(0.7, 1.4))
    return {"training.optimizer.lr": float(f"{scenario.training.optimizer.lr * factor:.3g}")}


_RATE = ("training.optimizer", "training.clip", "training.schedule")
_FLOW = ("network.", *_RATE)

FAULTS: dict[str, Fault] = {
    "rate too low": Fault(
        partial(_times, (1e-3, 1e-4)), frozenset({"rate-too-low", "too-few-epochs"}), (*_RATE, "training.epochs")
    ),
    "rate too high": Fault(
        partial(_times, (100.0, 1_000.0)),
        frozenset({"rate-too-high", "diverged", "exploding", "dead-units", "saturation"}),
        _RATE,
    ),
    "symmetry": Fault(
        lambda draw, _: {"network.init": "zeros", "network.activation": str(draw.choice(["tanh", "sigmoid"]))},
        frozenset({"symmetry"}),
        ("network.init",),
    ),
    "vanishing": Fault(
        lambda draw, _: _deep(draw, "sigmoid", "xavier"),
        frozenset({"vanishing", "signal-at-start", "unsuitable-activation", "unsuitable-depth"}),
        _FLOW,
    ),
    "exploding": Fault(
        lambda draw, _: _deep(draw, "relu", "normal") | {"training.optimizer.name": "sgd"},
        frozenset({"exploding", "diverged", "signal-at-start", "unsuitable-initializer", "dead-units"}),
        _FLOW,
    ),
    "underfitting": Fault(
        lambda draw, _: {"network.hidden": [] if draw.random() < 0.5 else [1]},
        frozenset({"underfitting"}),
        ("network.hidden",),
    ),
    "penalty": Fault(
        lambda draw, _: {"training.regularization.l2": float(draw.choice([0.3, 1.0]))},
        frozenset({"underfitting"}),
        ("training.regularization",),
    ),
    "too few epochs": Fault(
        lambda _draw, _: {"training.epochs": 2, "training.batch_size": 64},
        frozenset({"too-few-epochs", "rate-too-low", "batch-size"}),
        ("training.epochs", "training.batch_size", *_RATE),
    ),
    "wrong loss": Fault(
        lambda _draw, _: {"network.output": "relu"},
        frozenset({"unsuitable-output"}),
        ("network.output", "training.loss"),
    ),
    "saturation": Fault(
        lambda _draw, _: {"network.init": {"name": "normal", "std": 6.0}, "network.activation": "tanh"},
        frozenset({"saturation", "saturated-at-start", "unsuitable-initializer", "initial-loss", "exploding"}),
        ("network.init", "network.activation", *_RATE),
    ),
}
"""What is put wrong, by name."""


def drawn(number: int) -> Drawn:
    """The run of a number: every second one is left as it is."""
    draw = np.random.default_rng((77, number))
    name, changes = sound(draw)
    well = overrides.apply(load(catalogue.find(name)), changes)
    if number % 2 == 0:
        return Drawn(f"{number} {name}", "", well, well)
    fault = list(FAULTS)[number // 2 % len(FAULTS)]
    try:
        ill = overrides.apply(well, FAULTS[fault].changes(draw, well))
    except ScenarioError:
        return Drawn(f"{number} {name}", "", well, well)
    return Drawn(f"{number} {name}", fault, ill, well)


@dataclass(frozen=True)
class Judged:
    """A run with what was said of it."""

    number: int
    name: str
    fault: str
    noisy: bool
    verdict: str
    said: tuple[str, ...]
    value: float
    attainable: float
    after: float
    changes: Changes
    work: float
    ill: bool
    named: bool
    near: bool
    harmful: bool

    def line(self) -> str:
        """For people, where something is wrong."""
        said = ", ".join(self.said) or "–"
        return (
            f"{self.name} ({self.fault or 'sound'}): {self.verdict}, {said}; {self.value:.3f}, with the first remedy "
            f"{self.after:.3f}, of {self.attainable:.3f}"
        )


def judge(number: int, budget: float) -> Judged:
    """Draws a run and has it examined."""
    with threadpool_limits(1):
        case = drawn(number)
        report = visit(case.scenario, file=case.name, budget=budget)
        data_sets = DataSets()
        twin = run_variant(case.sound, data_sets=data_sets)
        dataset = data_sets.of(case.sound)
        simple = [entry.value for entry in baselines(dataset, case.sound.training.seed)]
    attainable, ignorant = max(twin.chosen, *simple), simple[0]
    value = report.score.value if report.score.value is not None else -1.0
    learnable = max(attainable - ignorant, 1e-9)
    is_ill = value < attainable - max((1.0 - SHARE) * learnable, scale_of(dataset).noise(attainable))
    found = [finding for finding in report.findings if finding.ill][:3] if report.verdict == "ill" else []
    first = next((remedy for finding in found for remedy in finding.remedies), None)
    fault = FAULTS.get(case.fault)
    named = bool(found) and (
        fault is None
        or any(finding.kind in fault.kinds for finding in found)
        or any(key.startswith(fault.keys) for finding in found for remedy in finding.remedies for key in remedy.changes)
    )
    after = -1.0 if first is None or first.after is None else first.after
    return Judged(
        number=number,
        name=case.name,
        fault=case.fault,
        noisy=(case.scenario.data.noise or 0.0) >= NOISY or bool(case.scenario.data.path),
        verdict=report.verdict,
        said=tuple(finding.kind for finding in report.findings if finding.ill),
        value=value,
        attainable=attainable,
        after=after,
        changes=report.prescription.changes if report.prescription else {},
        work=report.work,
        ill=is_ill,
        named=named,
        near=after >= attainable - NEAR * learnable,
        harmful=first is not None and after < value,
    )


def judged(numbers: range, only: str, budget: float, processes: int, known: set[int]) -> Iterator[Judged]:
    """Every run whose fault's name holds `only`, but for those that are known."""
    wanted = [number for number in numbers if only in (drawn(number).fault or "sound") and number not in known]
    if processes == 1:
        yield from (judge(number, budget) for number in wanted)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(partial(judge, budget=budget), wanted)


def main() -> None:
    """Prints what is wrong line by line, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--first", type=int, default=1_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--budget", type=float, default=10.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.runs)
    file = options.json
    text = file.read_text() if file is not None and file.exists() else ""
    rows = [msgspec.json.decode(line, type=Judged) for line in text.splitlines()]
    rows = [row for row in rows if row.number in numbers and options.only in (row.fault or "sound")]
    for row in judged(numbers, options.only, options.budget, options.processes, {row.number for row in rows}):
        rows.append(row)
        if file is not None:
            with file.open("ab") as rest:
                rest.write(msgspec.json.encode(row) + b"\n")
        if (not row.named or not row.near or row.harmful) if row.ill else row.verdict == "ill":
            print(row.line(), flush=True)
    print(f"nn-tui {version('nn-tui')}, budget {options.budget:g}, runs {numbers.start} to {numbers.stop - 1}")
    print("\n".join(figures(rows)))


def figures(rows: list[Judged]) -> Iterator[str]:
    """What was counted, in words."""
    ill, well = [row for row in rows if row.ill], [row for row in rows if not row.ill]
    noisy = [row for row in well if row.noisy]
    keys = [len(row.changes) for row in ill if row.changes]
    yield f"runs {len(rows)}: ill {len(ill)}, healthy {len(well)}, of these on noisy data {len(noisy)}"
    yield f"named {sum(row.named for row in ill)} of {len(ill)}"
    alarms = [sum(row.verdict == "ill" for row in part) for part in (well, noisy)]
    yield f"false alarms {alarms[0]} of {len(well)}, on noisy data {alarms[1]} of {len(noisy)}"
    yield f"first remedy near what could be had {sum(row.near for row in ill)} of {len(ill)}"
    yield f"harmful first remedies {sum(row.harmful for row in ill)} of {len(ill)}"
    yield f"keys of a prescription: median {np.median(keys) if keys else 0:g}"
    yield f"work of a visit: median {np.median([row.work for row in rows]):.1f} s of one core"


if __name__ == "__main__":
    main()
