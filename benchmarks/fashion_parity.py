"""Whether training here comes to what training in PyTorch comes to: test accuracy over ten seeds, side by side.

    python -m pip install -e '.[bench]' && python benchmarks/fashion_parity.py

Each seed trains the scenario `fashion-mnist-small` three times: here; in PyTorch from the same initial weights on the
same batches in the same order; and in PyTorch from initial weights and batches that PyTorch draws itself. Network,
initializer (by distribution, in the third), batch size, optimizer and data are the same for all three.

The means are to differ by less than one standard deviation over the seeds. Exit status: 0 if they do, 1 if not.

FashionMNIST is taken from where the program finds it; without it, the drawings of `fashion-sketch` stand in, and the
output says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from statistics import mean, stdev
from typing import Any

import numpy as np
import torch
from contestants import as_sequential
from threadpoolctl import threadpool_limits

from nn_tui.data import fashion_mnist
from nn_tui.data.dataset import Dataset
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.batches import BatchStream
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.trainer import Trainer

OURS, SAME, OWN = "nn-tui", "torch, same start and batches", "torch, its own draws"
SCENARIO = "fashion-mnist-small"

Tensors = tuple[torch.Tensor, torch.Tensor]


def ours(trainer: NetworkLane) -> float:
    """Trains to the scenario's end; the test accuracy."""
    while trainer.epoch < trainer.scenario.training.epochs:
        trainer.step()
    score = trainer.score("test")
    assert score is not None
    return score.quality


def same_batches(trainer: NetworkLane) -> Callable[[int], Iterator[Tensors]]:
    """The batches our trainer draws in an epoch, as PyTorch takes them."""
    training = trainer.scenario.training
    stream = BatchStream(trainer.train.inputs, trainer.train.targets, training.seed)

    def epoch(number: int) -> Iterator[Tensors]:
        stream.begin(training.mode, training.batch_size, number * stream.steps_per_pass)
        for position in range(stream.steps_per_pass):
            batch = stream.batch(position)
            inputs = torch.from_numpy(np.ascontiguousarray(batch.inputs[:, :-1]))
            yield inputs, torch.from_numpy(batch.targets.argmax(axis=0))

    return epoch


def own_batches(dataset: Dataset, size: int) -> Callable[[int], Iterator[Tensors]]:
    inputs = torch.from_numpy(np.ascontiguousarray(dataset.train.inputs[:, :-1]))
    targets = torch.from_numpy(dataset.train.targets.astype(np.int64))
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, targets), batch_size=size, shuffle=True)
    return lambda _: iter(loader)


def drawn_anew(model: torch.nn.Module) -> torch.nn.Module:
    """The model with weights that PyTorch draws, from the distribution of our `he`."""
    for layer in model:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            torch.nn.init.zeros_(layer.bias)
    return model


def theirs(
    model: torch.nn.Module, scenario: Scenario, batches: Callable[[int], Iterator[Tensors]], dataset: Dataset
) -> float:
    """Trains as the scenario says; the test accuracy."""
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=scenario.training.optimizer.lr)
    for epoch in range(scenario.training.epochs):
        for inputs, targets in batches(epoch):
            optimizer.zero_grad()
            loss_of(model(inputs), targets).backward()
            optimizer.step()
    inputs = torch.from_numpy(np.ascontiguousarray(dataset.test.inputs[:, :-1]))
    with torch.no_grad():
        predicted = model(inputs).argmax(1).numpy()
    return float((predicted == dataset.test.targets).mean())


def trained(scenario: Scenario, seed: int) -> dict[str, float]:
    """Test accuracy of each, for one seed."""
    seeded = overrides.apply(scenario, {"training.seed": seed})
    dataset = load_dataset(seeded)
    trainer = Trainer(seeded, NetworkProblem(dataset)).lead
    torch.manual_seed(seed)
    start, fresh = as_sequential(torch, trainer.network), drawn_anew(as_sequential(torch, trainer.network))
    own = own_batches(dataset, seeded.training.batch_size)
    return {
        SAME: theirs(start, seeded, same_batches(trainer), dataset),
        OWN: theirs(fresh, seeded, own, dataset),
        OURS: ours(trainer),
    }


def summarize(runs: list[dict[str, float]]) -> dict[str, Any]:
    accuracies = {name: [run[name] for run in runs] for name in (OURS, SAME, OWN)}
    return {
        name: {
            "accuracies": values,
            "mean": mean(values),
            "deviation": stdev(values),
            "difference": mean(accuracies[OURS]) - mean(values),
            "allowed": min(stdev(accuracies[OURS]), stdev(values)),
        }
        for name, values in accuracies.items()
    }


def show(source: str, result: dict[str, Any], seeds: int) -> None:
    print(f"{SCENARIO} on {source}: test accuracy over {seeds} seeds")
    for name, figures in result.items():
        line = f"  {name:<30}{figures['mean']:.4f} ± {figures['deviation']:.4f}"
        if name != OURS:
            line += f"   ours − theirs {figures['difference']:+.4f}, one deviation is {figures['allowed']:.4f}"
        print(line)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Test accuracy over several seeds, beside PyTorch.")
    parser.add_argument("--seeds", type=int, default=10, help="how many seeds (default 10)")
    parser.add_argument("--epochs", type=int, help="epochs of each run (default: the scenario's)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parsed = parser.parse_args()
    if parsed.seeds < 2 or (parsed.epochs is not None and parsed.epochs < 1):
        parser.error("--seeds must be at least 2 and --epochs at least 1")
    return parsed


def main() -> None:
    options = arguments()
    place = fashion_mnist.located()
    changes: dict[str, Any] = {} if place is not None else {"data.kind": "fashion-sketch"}
    if options.epochs is not None:
        changes["training.epochs"] = options.epochs
    scenario = overrides.apply(load(catalogue.find(SCENARIO)), changes)
    source = f"FashionMNIST from {place.folder}" if place is not None else "fashion-sketch: drawings, not FashionMNIST"
    torch.set_num_threads(1)
    with threadpool_limits(1):
        result = summarize([trained(scenario, seed) for seed in range(options.seeds)])
    if options.json:
        print(json.dumps({"source": source, "seeds": options.seeds, "results": result}, indent=2))
    else:
        show(source, result, options.seeds)
    sys.exit(0 if all(abs(figures["difference"]) < figures["allowed"] for figures in result.values()) else 1)


if __name__ == "__main__":
    main()
