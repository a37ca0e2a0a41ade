"""How good the proposals of find-rate are, and what --stop-sick costs and saves, on the catalog.

    python benchmarks/rates.py [SCENARIO…] [--workers N]
    python benchmarks/rates.py --json rows.jsonl       # a row a scenario and optimizer; what is there is not run again
    python benchmarks/rates.py --seeds 5 --searches 1  # fewer than ten of each; one search needs no second sweep
    python benchmarks/rates.py --steadiness            # searches alone: how far their proposals are from each other

For each scenario that can be trained, shortened so that all of it takes some twenty minutes of two cores, and for sgd,
momentum and adam:

- A fine sweep over the rate (four to the decade, ten seeds that the searches have not) says which is best, by its own
  metric and by the loss; a second one, of as many other seeds, how far a sweep agrees with itself.
- Ten searches, each from other seeds: by how much the proposals differ from the best, and from each other.
- A coarser sweep (two to the decade, two seeds) with and without --stop-sick: whether the same rate wins, and the steps
  saved, first looks counted.
"""

import argparse
import math
import os
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

import nn_tui
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.schema import Scenario
from nn_tui.training.given import given_scenario
from nn_tui.training.rates.search import find_rate
from nn_tui.training.sweep.sweeping import SweepResult

EPOCHS = {
    "plane": 30,
    "momentum": 150,
    "iris": 30,
    "gauss": 20,
    "xor": 25,
    "sine": 40,
    "moons": 25,
    "diabetes": 20,
    "circle": 25,
    "mode-mini-batch": 30,
    "line": 60,
    "adagrad": 60,
    "mode-batch": 60,
    "plateau-cured": 150,
    "and": 25,
    "or": 25,
    "exploding-cured": 150,
    "tiny-batch-cured": 30,
    "unscaled-features-cured": 20,
    "vanishing-cured": 20,
    "sine-l2": 25,
    "zero-init-cured": 20,
    "adam": 25,
    "gauss-surface": 15,
}
OPTIMIZERS = ("sgd", "momentum", "adam")
FINE = {"from": 1e-3, "to": 31.6, "scale": "log", "points": 19}
COARSE = {"from": 3.16e-4, "to": 100.0, "scale": "log", "points": 12}
FIRST, AGAIN = 1000, 2000
"""Of the seeds of the fine sweeps."""
APART = 100
"""Between the first seeds of two searches."""
NEAR, SAME, STABLE = 3.0, 1.5, 2.0


class Row(msgspec.Struct, frozen=True):
    """What came of a scenario with an optimizer.

    Attributes:
        name, optimizer: which.
        proposed: by each search, the first from the scenario's own seed; infinite where there was none.
        best, best_by_loss: by the fine sweep.
        as_good: whose metric is within a standard error of the best one's.
        again: the best of the second fine sweep; None where it was left out.
        same: whether the same rate wins with --stop-sick.
        saved: the share of the steps.
    """

    name: str
    optimizer: str
    proposed: list[float]
    best: float
    best_by_loss: float
    as_good: list[float]
    again: float | None
    same: bool
    saved: float

    def line(self) -> str:
        """For people."""
        rate = self.proposed[0]
        return (
            f"{self.name:24} {self.optimizer:9} proposed {rate:<8.3g} best {self.best:<8.3g} "
            f"{factor(rate, self.best):5.1f} times off, {self.from_good(rate):4.1f} from what is as good; stop-sick: "
            f"{'same' if self.same else 'ANOTHER'} winner, {self.saved:.0%} of the steps saved"
        )

    def from_good(self, rate: float) -> float:
        """By how much a rate differs from the nearest that is as good as the best."""
        return min(factor(rate, good) for good in self.as_good)


def made(name: str, optimizer: str) -> Scenario:
    """A scenario to try."""
    return apply(given_scenario(name), {"training.epochs": EPOCHS[name], "training.optimizer": optimizer})


def swept(scenario: Scenario, rates: dict[str, Any], workers: int, **more: Any) -> SweepResult:
    """A sweep over rates."""
    return nn_tui.sweep(scenario, {"lr": rates}, workers=workers, **more)


def best_rate(result: SweepResult) -> float:
    """What won."""
    assert result.best is not None
    return float(result.best.changes["training.optimizer.lr"])


def best_by_loss(result: SweepResult) -> float:
    """The rate with the least mean loss, on the set that chooses."""
    losses: dict[float, list[float]] = {}
    for trial in result.trials:
        loss = math.inf if trial.status == "diverged" else trial.loss
        losses.setdefault(float(trial.changes["training.optimizer.lr"]), []).append(loss)
    return min(losses, key=lambda rate: math.fsum(losses[rate]))


def as_good(result: SweepResult) -> list[float]:
    """The rates whose mean is within a standard error of the best one's."""
    best = result.ranking[0]
    assert best.mean is not None
    error = (best.spread or 0.0) / math.sqrt(best.n)
    near = [one for one in result.ranking if one.mean is not None and abs(one.mean - best.mean) <= error]
    return [float(one.changes["training.optimizer.lr"]) for one in near]


def factor(rate: float, other: float) -> float:
    """By how much rates differ."""
    return max(rate / other, other / rate)


def proposals(scenario: Scenario, searches: int) -> list[float]:
    """Of so many searches, the first from the scenario's own seed; infinite where there was none."""
    own = scenario.training.seed
    found = [find_rate(apply(scenario, {"training.seed": own + APART * number})).rate for number in range(searches)]
    return [math.inf if rate is None else rate for rate in found]


def steadiness(names: list[str], searches: int) -> None:
    """Prints how far the proposals of a scenario and an optimizer are from their median, and what that comes to."""
    away, worst = list[float](), list[float]()
    for name in names:
        for optimizer in OPTIMIZERS:
            found = proposals(made(name, optimizer), searches)
            median = float(np.median(found))
            away += [factor(rate, median) for rate in found]
            worst.append(max(away[-searches:]))
            told = " ".join(f"{rate:g}" for rate in sorted(found))
            print(f"{name:24} {optimizer:9} {worst[-1]:5.2f} times off at most: {told}", flush=True)
    for held, what in ((away, "proposals"), (worst, "scenarios with their optimizers, in all searches")):
        near = sum(one <= STABLE for one in held)
        print(f"within a factor of 2 of the median: {near} of {len(held)} {what} ({near / len(held):.0%})")


def row_of(name: str, optimizer: str, count: int, searches: int, workers: int) -> Row:
    """All of it for one scenario and optimizer."""
    scenario = made(name, optimizer)
    fine = swept(scenario, FINE, workers, seeds=list(range(FIRST, FIRST + count)))
    again = swept(scenario, FINE, workers, seeds=list(range(AGAIN, AGAIN + count))) if searches > 1 else None
    proposed = proposals(scenario, searches)
    whole, saving = (
        swept(scenario, COARSE, workers, seeds=[FIRST, FIRST + 1], stop_sick=sick) for sick in (False, True)
    )
    return Row(
        name=name,
        optimizer=optimizer,
        proposed=proposed,
        best=best_rate(fine),
        best_by_loss=best_by_loss(fine),
        as_good=as_good(fine),
        again=None if again is None else best_rate(again),
        same=best_rate(whole) == best_rate(saving),
        saved=1.0 - saving.steps / whole.steps,
    )


def figures(rows: list[Row]) -> list[str]:
    """What was counted, in words."""
    count, pairs = len(rows), [(row, rate) for row in rows for rate in row.proposed]

    def share(held: list[bool]) -> str:
        return f"{sum(held)} of {len(held)} ({np.mean(held):.0%})"

    first = [row.proposed[0] for row in rows]
    said = [
        f"{count} scenarios with their optimizers, {len(pairs)} searches",
        "first search within a factor of 3 of the best: by the sweep's metric "
        f"{share([factor(rate, row.best) <= NEAR for row, rate in zip(rows, first, strict=True)])}, by the loss "
        f"{share([factor(rate, row.best_by_loss) <= NEAR for row, rate in zip(rows, first, strict=True)])}",
        f"all searches: by the sweep's metric {share([factor(rate, row.best) <= NEAR for row, rate in pairs])}, by the "
        f"loss {share([factor(rate, row.best_by_loss) <= NEAR for row, rate in pairs])}, as good as the best "
        f"{share([row.from_good(rate) <= SAME for row, rate in pairs])}",
    ]
    agreed = [factor(row.again, row.best) <= NEAR for row in rows if row.again is not None]
    if agreed:
        said.append(f"a second sweep's best within a factor of 3 of the first one's: {share(agreed)}")
        medians = [(row, float(np.median(row.proposed))) for row in rows]
        away = [factor(rate, median) for row, median in medians for rate in row.proposed]
        said.append(
            f"proposals within a factor of 2 of their median: {share([one <= STABLE for one in away])}; a factor of "
            f"{np.percentile(away, 90):.2f} holds nine of ten"
        )
    saved = sum(row.saved for row in rows) / count
    return [
        *said,
        f"with --stop-sick the same winner in {share([row.same for row in rows])}, {saved:.0%} of the steps saved",
    ]


def main() -> None:
    """Prints a line for each scenario and optimizer, and what they come to."""
    os.environ["NN_TUI_RUNS"] = "off"
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scenarios", nargs="*", default=list(EPOCHS), help="of those that are tried")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--searches", type=int, default=10)
    options.add_argument("--steadiness", action="store_true", help="no sweeps")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    if chosen.steadiness:
        steadiness(chosen.scenarios, chosen.searches)
        return
    file = chosen.json
    text = file.read_text() if file is not None and file.exists() else ""
    rows = [msgspec.json.decode(line, type=Row) for line in text.splitlines()]
    rows = [row for row in rows if row.name in chosen.scenarios]
    known = {(row.name, row.optimizer) for row in rows}
    for name in chosen.scenarios:
        for optimizer in OPTIMIZERS:
            if (name, optimizer) not in known:
                rows.append(row_of(name, optimizer, chosen.seeds, chosen.searches, chosen.workers))
                print(rows[-1].line(), flush=True)
                if file is not None:
                    with file.open("ab") as rest:
                        rest.write(msgspec.json.encode(rows[-1]) + b"\n")
    print("\n".join(figures(rows)))


if __name__ == "__main__":
    main()
