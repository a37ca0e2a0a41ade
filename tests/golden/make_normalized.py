"""Writes `normalized.npz`: PyTorch's BatchNorm1d and LayerNorm in training and after it. Run by hand, where torch is.

    python tests/golden/make_normalized.py

Parameters are in our order: every layer's [W b], then γ and β of those that are normalized; statistics likewise:
running mean and variance of those normalized by batch.
"""

import itertools
import platform
from itertools import pairwise

import numpy as np
import torch
from normalized_cases import BATCHES, CASES, GOLDEN, HIDDEN, INPUTS, OUTPUTS, RATE, STEPS, NormalizedCase

MODULES = {"batch": torch.nn.BatchNorm1d, "layer": torch.nn.LayerNorm}
ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def starting_point() -> dict[str, np.ndarray]:
    """Weights, γ and β of all hidden layers, and samples."""
    draw = np.random.default_rng(5)
    size = sum((n_in + 1) * n_out for n_in, n_out in pairwise((INPUTS, *HIDDEN, OUTPUTS)))
    return {
        "weights": draw.uniform(-0.8, 0.8, size),
        "scales": draw.uniform(0.5, 1.5, 2 * sum(HIDDEN)),
        "inputs": 1.0 + 2.0 * draw.standard_normal((sum(BATCHES), INPUTS)),
        "targets": draw.standard_normal((sum(BATCHES), OUTPUTS)),
    }


def model_of(case: NormalizedCase, start: dict[str, np.ndarray]) -> torch.nn.Sequential:
    modules: list[torch.nn.Module] = []
    place = scale = 0
    for index, (n_in, n_out) in enumerate(pairwise((INPUTS, *HIDDEN, OUTPUTS))):
        block = torch.tensor(start["weights"][place : place + n_out * (n_in + 1)].reshape(n_out, n_in + 1))
        place += block.numel()
        linear = torch.nn.Linear(n_in, n_out, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(block[:, :-1])
            linear.bias.copy_(block[:, -1])
        modules.append(linear)
        if index == len(HIDDEN):
            break
        own = torch.tensor(start["scales"][scale : scale + 2 * n_out].reshape(2, n_out))
        scale += 2 * n_out
        if case.ways[index] != "none":
            module = MODULES[case.ways[index]](n_out, dtype=torch.float64)
            with torch.no_grad():
                module.weight.copy_(own[0])
                module.bias.copy_(own[1])
            modules.append(module)
        modules.append(ACTIVATIONS[case.activation]())
    return torch.nn.Sequential(*modules)


def flat(model: torch.nn.Sequential) -> np.ndarray:
    linear = [module for module in model if isinstance(module, torch.nn.Linear)]
    blocks = [torch.cat([layer.weight, layer.bias[:, None]], dim=1).ravel() for layer in linear]
    blocks += [part for module in model if isinstance(module, tuple(MODULES.values())) for part in module.parameters()]
    return torch.cat(blocks).detach().numpy()


def statistics(model: torch.nn.Sequential) -> np.ndarray:
    parts = [
        part
        for module in model
        if isinstance(module, torch.nn.BatchNorm1d)
        for part in (module.running_mean, module.running_var)
    ]
    return torch.cat(parts).numpy() if parts else np.empty(0)


def run(case: NormalizedCase, start: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Parameters, statistics and predictions outside training after each of `STEPS`."""
    model = model_of(case, start)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets = torch.tensor(start["inputs"]), torch.tensor(start["targets"])
    ends = list(itertools.accumulate(BATCHES))
    batches = itertools.cycle([slice(end - size, end) for end, size in zip(ends, BATCHES, strict=True)])
    found = {}
    for number in range(1, max(STEPS) + 1):
        rows = next(batches)
        model.train()
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()
        if number in STEPS:
            model.eval()
            with torch.no_grad():
                predicted = model(inputs).numpy()
            ways = {"parameters": flat(model), "statistics": statistics(model), "predictions": predicted}
            found |= {f"{case.name}_{what}_{number}": array.copy() for what, array in ways.items()}
    return found


def main() -> None:
    torch.set_num_threads(1)
    start = starting_point()
    golden = dict(start)
    for case in CASES:
        golden |= run(case, start)
    np.savez_compressed(GOLDEN, torch=np.array(f"{torch.__version__}, {platform.machine()}"), **golden)
    print(f"{len(CASES)} cases, {GOLDEN.stat().st_size / 1024:.0f} KiB in {GOLDEN.name}")


if __name__ == "__main__":
    main()
