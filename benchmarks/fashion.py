"""Seconds per epoch on FashionMNIST's 60,000 images, beside PyTorch, and how long reading them takes.

    python -m pip install -e '.[bench]' && python benchmarks/fashion.py

The scenario `fashion-mnist` (784-512-512-10, batches of 64, Adam) is trained by nn-tui and twice by PyTorch in eager
mode, from the same weights, on one thread: once with its ordinary DataLoader, as in its quickstart, and once with
tensors that lie in memory and are shuffled by hand. Everything runs in one process, in turns: an epoch is cut into
slices of so many steps, and in each round every contestant takes one, in an order that rotates. A ratio is taken
within a round, so that a busy machine slows both sides of it.

Reading goes over the data set's four .gz files, beside a bare gzip decompression of the same files.

Where FashionMNIST is not on this machine, as many pictures are drawn by code and written in its format.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
import torch
from contestants import as_sequential
from threadpoolctl import threadpool_limits

from nn_tui.data import fashion_mnist, fashion_sketch
from nn_tui.data.dataset import Dataset
from nn_tui.data.images import Pictures
from nn_tui.engine.randomness import generator
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.trainer import Trainer

OURS, LOADER, MEMORY = "nn-tui", "torch, DataLoader", "torch, in memory"
BATCH = 64
LEARNING_RATE = 0.001

Steps = Iterator[Any]
"""Takes a training step each time it is asked for the next."""


# -- the contestants -------------------------------------------------------------------------------------------------


def ours(trainer: NetworkLane) -> Steps:
    while True:
        yield trainer.step()


def pytorch(model: torch.nn.Module, batches: Callable[[], Iterator[tuple[torch.Tensor, torch.Tensor]]]) -> Steps:
    """The quickstart's loop, with Adam; `batches` gives those of an epoch."""
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    while True:
        for inputs, targets in batches():
            loss = loss_of(model(inputs), targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            yield loss


def tensors(dataset: Dataset, part: str) -> tuple[torch.Tensor, torch.Tensor]:
    examples = dataset.train if part == "train" else dataset.test
    inputs = np.ascontiguousarray(examples.inputs[:, :-1])
    return torch.from_numpy(inputs), torch.from_numpy(examples.targets.astype(np.int64))


def in_memory(inputs: torch.Tensor, targets: torch.Tensor) -> Callable[[], Iterator[tuple[torch.Tensor, torch.Tensor]]]:
    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        order = torch.randperm(len(inputs))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            yield inputs[rows], targets[rows]

    return batches


def by_loader(inputs: torch.Tensor, targets: torch.Tensor) -> Callable[[], Iterator[tuple[torch.Tensor, torch.Tensor]]]:
    dataset = torch.utils.data.TensorDataset(inputs, targets)
    loader = torch.utils.data.DataLoader(dataset, batch_size=BATCH, shuffle=True)
    return lambda: iter(loader)


# -- the data --------------------------------------------------------------------------------------------------------


def write_drawn(folder: Path, count: int) -> None:
    """Pictures drawn by code as FashionMNIST's four files: `count` to train on, a sixth of it to test on."""
    train = fashion_sketch.draw(count, generator(0, "data"))
    test = fashion_sketch.draw(count // 6, generator(0, "test-pictures"))
    for name, values in zip(fashion_mnist.FILES, (*train, *test), strict=True):
        shape = b"".join(length.to_bytes(4, "big") for length in values.shape)
        content = bytes((0, 0, 8, values.ndim)) + shape + values.tobytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, 6))


def provide(folder: Path, count: int) -> str:
    """Points the program at FashionMNIST, or at drawn pictures; returns what they are."""
    place = fashion_mnist.located()
    if place is not None and fashion_mnist.sizes(place.folder)[0] >= count:
        return f"FashionMNIST from {place.folder}"
    write_drawn(folder, count)
    os.environ[fashion_mnist.ENVIRONMENT] = str(folder)
    return "pictures drawn by code, in FashionMNIST's format"


# -- measuring -------------------------------------------------------------------------------------------------------


def in_turns(contestants: dict[str, Steps], steps: int, slices: int) -> dict[str, list[float]]:
    """Seconds each contestant took for `steps` steps, a number a round."""
    names = list(contestants)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(slices):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            started = time.perf_counter()
            for _ in itertools.islice(contestants[name], steps):
                pass
            times[name].append(time.perf_counter() - started)
    return times


def spread(values: list[float]) -> dict[str, float]:
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return {"median": median(values), "lower": low, "upper": high}


def train(scenario: Scenario, slices: int, epochs: int) -> dict[str, Any]:
    """An epoch of all contestants: seconds, how many times ours they took, and what they came to."""
    dataset = load_dataset(scenario)
    trainer = Trainer(scenario, NetworkProblem(dataset)).lead
    inputs, targets = tensors(dataset, "train")
    models = {name: as_sequential(torch, trainer.network) for name in (LOADER, MEMORY)}
    contestants = {
        OURS: ours(trainer),
        LOADER: pytorch(models[LOADER], by_loader(inputs, targets)),
        MEMORY: pytorch(models[MEMORY], in_memory(inputs, targets)),
    }
    steps = -(-trainer.steps_per_epoch // slices)
    # The first steps build buffers and plans on every side.
    in_turns(contestants, 3, 1)
    times = in_turns(contestants, steps, slices * epochs)
    test_inputs, test_targets = tensors(dataset, "test")
    score = trainer.score("test")
    assert score is not None
    accuracies = {OURS: score.quality}
    with torch.no_grad():
        for name, model in models.items():
            accuracies[name] = float((model(test_inputs).argmax(1) == test_targets).float().mean())
    scale = trainer.steps_per_epoch / steps
    return {
        "images": len(dataset.train),
        "seconds_per_epoch": {name: spread([scale * t for t in taken]) for name, taken in times.items()},
        "theirs_over_ours": {
            name: spread([theirs / mine for mine, theirs in zip(times[OURS], times[name], strict=True)])
            for name in (LOADER, MEMORY)
        },
        "test_accuracy": accuracies,
    }


def read(folder: Path, rounds: int) -> dict[str, Any]:
    """Reading the data set, beside decompressing its files."""
    paths = [folder / f"{name}.gz" for name in fashion_mnist.FILES]
    if not all(path.exists() for path in paths):
        return {}

    def bare() -> list[bytes]:
        return [gzip.decompress(path.read_bytes()) for path in paths]

    def whole() -> tuple[Pictures, Pictures]:
        return fashion_mnist.read(folder)

    times: dict[str, list[float]] = {"read": [], "bare": []}
    for turn in range(rounds):
        for name, work in (("read", whole), ("bare", bare))[:: 1 if turn % 2 else -1]:
            started = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - started)
    ratios = [mine / least for mine, least in zip(times["read"], times["bare"], strict=True)]
    return {"seconds": spread(times["read"]), "over_bare_gzip": spread(ratios)}


# -- printing --------------------------------------------------------------------------------------------------------


def figures(values: dict[str, float]) -> str:
    return f"{values['median']:6.2f}  [{values['lower']:.2f}, {values['upper']:.2f}]"


def show(result: dict[str, Any]) -> None:
    trained, reading = result["training"], result["reading"]
    print(f"\n{result['source']}: an epoch over {trained['images']:,} images")
    for name, seconds in trained["seconds_per_epoch"].items():
        line = f"  {name:<18}{figures(seconds)} s"
        if name in trained["theirs_over_ours"]:
            line += f"   theirs/ours {figures(trained['theirs_over_ours'][name])}"
        print(f"{line}   test accuracy {trained['test_accuracy'][name]:.3f}")
    if reading:
        print(f"reading it  {figures(reading['seconds'])} s   over bare gzip {figures(reading['over_bare_gzip'])}")
    else:
        print("reading it  not compared: the files are not compressed")
    print("Figures: median [lower quartile, upper quartile] over the rounds.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Seconds per epoch on FashionMNIST, beside PyTorch.")
    parser.add_argument("--images", type=int, default=60_000, help="training images (default 60000)")
    parser.add_argument("--slices", type=int, default=8, help="rounds an epoch is cut into (default 8)")
    parser.add_argument("--epochs", type=int, default=1, help="epochs of each contestant (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="threads of both sides (default 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parsed = parser.parse_args()
    if min(parsed.slices, parsed.epochs, parsed.threads) < 1 or parsed.images < 60:
        parser.error("--slices, --epochs and --threads must be at least 1, --images at least 60")
    return parsed


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(options.threads):
        source = provide(Path(folder), options.images)
        scenario = overrides.apply(load(catalogue.find("fashion-mnist")), {"data.samples": options.images})
        place = fashion_mnist.located()
        assert place is not None
        result = {
            "source": source,
            "versions": {"NumPy": np.__version__, "PyTorch": torch.__version__},
            "threads": options.threads,
            "reading": read(place.folder, rounds=7),
            "training": train(scenario, options.slices, options.epochs),
        }
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)


if __name__ == "__main__":
    main()
