"""How fast sweeps are: several processes beside one, and beside joblib around scikit-learn's `MLPClassifier`.

    python benchmarks/sweep.py [--workers N] [--xor N] [--garments N]

Trials of xor (100 epochs) and of 784-128-64-10 on drawn garments (20 epochs). Each figure is a ratio of wall times
measured in turn in this one program, the pools' start included; scikit-learn's trials have the same layers, batch size,
number of epochs and examples, with adam as ours. It wants quiet processors: ours run at a lower priority.
"""

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import nn_tui
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.schema import Scenario
from nn_tui.training.given import given_scenario

ROUNDS = 2
RATES = (1e-3, 1e-1)


def seconds(work: Callable[[], object]) -> float:
    """The least wall time of a few."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def swept(scenario: Scenario, trials: int, workers: int) -> Callable[[], object]:
    """A sweep over so many rates."""
    rates = {"from": RATES[0], "to": RATES[1], "scale": "log", "points": trials}
    return lambda: nn_tui.sweep(scenario, {"lr": rates}, workers=workers)


def fitted(rate: float, settings: dict[str, Any], inputs: Any, targets: Any) -> float:
    """One of scikit-learn's trials, in a process of joblib's."""
    import warnings

    from sklearn.neural_network import MLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(MLPClassifier(learning_rate_init=rate, **settings).fit(inputs, targets).loss_)


def joined(scenario: Scenario, trials: int, workers: int) -> Callable[[], object]:
    """The same trials through joblib and scikit-learn, at equal work."""
    from joblib import Parallel, delayed

    run = nn_tui.replay(scenario, stop=None, changes={"training.steps": 0})
    inputs, targets = run.dataset.train.inputs[:, :-1], run.dataset.train.targets
    settings = {
        "hidden_layer_sizes": tuple(layer.units for layer in scenario.network.hidden),
        "activation": scenario.network.activation,
        "batch_size": scenario.training.batch_size,
        "max_iter": scenario.training.epochs,
        "n_iter_no_change": scenario.training.epochs + 1,
        "tol": 0.0,
        "alpha": 0.0,
    }
    rates = np.geomspace(*RATES, trials)
    return lambda: Parallel(workers)(delayed(fitted)(float(rate), settings, inputs, targets) for rate in rates)


def main() -> None:
    """Prints a line for each contest."""
    # Read by processes as they start: nothing is kept, and each has one thread.
    os.environ["NN_TUI_RUNS"] = "off"
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--xor", type=int, default=200, help="trials of xor")
    options.add_argument("--garments", type=int, default=50, help="trials of drawn garments")
    chosen = options.parse_args()
    xor = apply(given_scenario("xor"), {"training.epochs": 100, "training.optimizer": "adam"})
    garments = apply(
        given_scenario("fashion-sketch"),
        {"network.hidden": [128, 64], "network.activation": "relu", "training.optimizer": "adam"},
    )
    for title, scenario, trials in (("xor", xor, chosen.xor), ("784-128-64-10", garments, chosen.garments)):
        if not trials:
            continue
        one, many = (seconds(swept(scenario, trials, workers)) for workers in (1, chosen.workers))
        line = f"{title}: {trials} trials, {chosen.workers} processes {many:.1f} s, {one / many:.2f} times one process"
        try:
            other = seconds(joined(scenario, trials, chosen.workers))
            line += f", {other / many:.2f} times joblib with scikit-learn ({other:.1f} s)"
        except ImportError:
            line += "; scikit-learn is not installed"
        print(line, flush=True)


if __name__ == "__main__":
    main()
