"""How good the proposals of find-rate are, and what --stop-sick costs and saves, on the catalogue.

    python benchmarks/rates.py [SCENARIO…] [--workers N]

For each scenario that can be trained, shortened so that all of it takes some twenty minutes of two cores, and for sgd,
momentum and adam: a fine sweep over the rate (four to the decade, ten seeds that the search has not) says which is
best, by the sweep's own metric; then the factor by which the proposal differs, and whether it is as good by what the
seeds move. A coarser sweep (two to the decade, two seeds) with and without --stop-sick: whether the same rate wins, and
the steps saved, first looks counted.
"""

import argparse
import math
import os
from typing import Any

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
SEEDS = range(1000, 1010)


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


def main() -> None:
    """Prints a line for each scenario and optimizer, and what they come to."""
    os.environ["NN_TUI_RUNS"] = "off"
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("scenarios", nargs="*", default=list(EPOCHS), help="of those that are tried")
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    near = within = same = tried = 0
    saved = 0.0
    for name in chosen.scenarios:
        for optimizer in OPTIMIZERS:
            scenario = made(name, optimizer)
            fine = swept(scenario, FINE, chosen.workers, seeds=list(SEEDS))
            found = find_rate(scenario)
            whole, saving = (
                swept(scenario, COARSE, chosen.workers, seeds=[1000, 1001], stop_sick=sick) for sick in (False, True)
            )
            tried += 1
            off = math.inf if found.rate is None else factor(found.rate, best_rate(fine))
            good = min(math.inf if found.rate is None else factor(found.rate, rate) for rate in as_good(fine))
            near, within = near + (off <= 3.0), within + (good <= 1.5)
            wins, less = best_rate(whole) == best_rate(saving), 1.0 - saving.steps / whole.steps
            same, saved = same + wins, saved + less
            print(
                f"{name:24} {optimizer:9} proposed {found.rate:<8} best {best_rate(fine):<8.3g} {off:5.1f} times off, "
                f"{good:4.1f} from what is as good; stop-sick: {'same' if wins else 'ANOTHER'} winner, "
                f"{less:.0%} of the steps saved",
                flush=True,
            )
    print(
        f"{tried} sweeps: proposals within a factor of 3 in {near}, as good as the best in {within}; with --stop-sick "
        f"the same winner in {same}, {saved / tried:.0%} of the steps saved"
    )


if __name__ == "__main__":
    main()
