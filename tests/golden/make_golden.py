"""Writes `golden.npz`: what PyTorch makes of every case in `cases.py`. Run by hand; the tests need no PyTorch.

    python -m pip install torch && python tests/golden/make_golden.py

Networks, losses, gradients and the optimizers sgd, adagrad, rmsprop, adam and adamw are PyTorch's own, in its default
form (no fused or foreach variant). Two optimizers are not as PyTorch has them; the formulas followed here are those of
the course notes, applied by hand to PyTorch's gradients:

    momentum   v ← β·v + (1 − β)·g, from v = 0;   θ ← θ − η·v
    nesterov   v ← β·v + (1 − β)·g, from v = 0;   θ ← θ − η·(β·v + (1 − β)·g)

(`torch.optim.SGD(momentum=β)` sums, v ← β·v + g; with `dampening=1 − β` it averages, but from v = g.)
"""

import platform
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from cases import CASES, CLIP, GOLDEN, HIDDEN, INPUTS, OUTPUTS, RATES, SAMPLES, SETTINGS, STEPS, Case
from torch.nn import functional


class Exponential(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.exp(x)


ACTIVATIONS = {
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "leaky_relu": torch.nn.LeakyReLU,
    "elu": torch.nn.ELU,
    "selu": torch.nn.SELU,
    "gelu": torch.nn.GELU,
    "silu": torch.nn.SiLU,
    "softplus": torch.nn.Softplus,
    "exponential": Exponential,
    "hard_sigmoid": torch.nn.Hardsigmoid,
    "identity": torch.nn.Identity,
}
OUTPUT_FUNCTIONS = {
    "identity": lambda logits: logits,
    "sigmoid": torch.sigmoid,
    "softmax": lambda logits: torch.softmax(logits, dim=1),
    "relu": torch.relu,
    "tanh": torch.tanh,
    "softplus": functional.softplus,
    "exponential": torch.exp,
}
ELEMENT_WISE = {
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "rmse": lambda prediction, target: torch.sqrt(functional.mse_loss(prediction, target)),
    "huber": functional.huber_loss,
}
FROM_LOGITS = {
    ("bce", "sigmoid"): functional.binary_cross_entropy_with_logits,
    ("ce", "softmax"): functional.cross_entropy,
}

Parameters = Sequence[torch.nn.Parameter]


def loss_of(case: Case, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    if (case.loss, case.output) in FROM_LOGITS:
        return FROM_LOGITS[case.loss, case.output](logits, target)
    prediction = OUTPUT_FUNCTIONS[case.output](logits)
    if case.loss == "bce":
        return functional.binary_cross_entropy(prediction.clamp(CLIP, 1.0 - CLIP), target)
    if case.loss == "ce":
        shares = (prediction / prediction.sum(dim=1, keepdim=True)).clamp(CLIP, 1.0 - CLIP)
        return -(target * shares.log()).sum(dim=1).mean()
    return ELEMENT_WISE[case.loss](prediction, target)


def update_rule(name: str, parameters: Parameters) -> Callable[[], object]:
    """What takes a step from the parameters' gradients."""
    rate, settings = RATES[name], SETTINGS[name]
    if name in ("momentum", "nesterov"):
        return running_mean(parameters, rate, settings["beta"], looks_ahead=name == "nesterov")
    if name == "sgd":
        optimizer: torch.optim.Optimizer = torch.optim.SGD(parameters, lr=rate, foreach=False)
    elif name == "adagrad":
        optimizer = torch.optim.Adagrad(parameters, lr=rate, eps=settings["epsilon"], foreach=False)
    elif name == "rmsprop":
        choice = {"alpha": settings["beta"], "eps": settings["epsilon"]}
        optimizer = torch.optim.RMSprop(parameters, lr=rate, foreach=False, **choice)
    else:
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
        betas = (settings["beta1"], settings["beta2"])
        decay = settings.get("weight_decay", 0.0)
        optimizer = kind(parameters, lr=rate, betas=betas, eps=settings["epsilon"], weight_decay=decay, foreach=False)
    return optimizer.step


def running_mean(parameters: Parameters, rate: float, beta: float, looks_ahead: bool) -> Callable[[], object]:
    means = [torch.zeros_like(parameter) for parameter in parameters]

    def step() -> None:
        with torch.no_grad():
            for parameter, v in zip(parameters, means, strict=True):
                g = parameter.grad
                v.copy_(beta * v + (1.0 - beta) * g)
                parameter -= rate * (beta * v + (1.0 - beta) * g if looks_ahead else v)

    return step


def model_at(weights: np.ndarray, activation: str, dtype: torch.dtype) -> torch.nn.Sequential:
    """The network at the flat weights: every layer's [W b], row by row, one layer after the other."""
    widths, start, modules = (INPUTS, *HIDDEN, OUTPUTS), 0, []
    for n_in, n_out in pairwise(widths):
        block = torch.tensor(weights[start : start + n_out * (n_in + 1)].reshape(n_out, n_in + 1), dtype=dtype)
        start += block.numel()
        linear = torch.nn.Linear(n_in, n_out, dtype=dtype)
        with torch.no_grad():
            linear.weight.copy_(block[:, :-1])
            linear.bias.copy_(block[:, -1])
        modules += [linear, ACTIVATIONS[activation]()]
    return torch.nn.Sequential(*modules[:-1])


def flat(model: torch.nn.Sequential) -> np.ndarray:
    layers = [module for module in model if isinstance(module, torch.nn.Linear)]
    blocks = [torch.cat([layer.weight, layer.bias[:, None]], dim=1).detach().numpy().ravel() for layer in layers]
    return np.concatenate(blocks)


def run(case: Case, start: dict[str, np.ndarray], dtype: torch.dtype) -> list[np.ndarray]:
    """The parameters after each of `STEPS`."""
    model = model_at(case.scale * start["weights"], case.activation, dtype)
    with torch.no_grad():
        model[-1].bias += case.output_bias
    inputs = torch.tensor(start["inputs"], dtype=dtype)
    target = torch.tensor(start["classes" if case.of_classes else "values"], dtype=dtype)
    step, reached = update_rule(case.optimizer, list(model.parameters())), []
    for number in range(1, max(STEPS) + 1):
        model.zero_grad()
        loss_of(case, model(inputs), target).backward()
        step()
        if number in STEPS:
            reached.append(flat(model))
    return reached


def starting_point() -> dict[str, np.ndarray]:
    """Weights, samples and targets, of few enough digits that float32 and float64 start alike."""
    draw = np.random.default_rng(3)
    widths = (INPUTS, *HIDDEN, OUTPUTS)
    size = sum((n_in + 1) * n_out for n_in, n_out in pairwise(widths))
    inputs = draw.standard_normal((SAMPLES, INPUTS))
    angle = inputs @ draw.standard_normal((INPUTS, OUTPUTS))
    return {
        "weights": draw.uniform(-0.8, 0.8, size).astype(np.float32),
        "inputs": inputs.astype(np.float32),
        "values": (np.sin(angle) + 0.3 * draw.standard_normal(angle.shape)).astype(np.float32),
        "classes": np.eye(OUTPUTS, dtype=np.float32)[np.arange(SAMPLES) % OUTPUTS],
    }


def main() -> None:
    torch.set_num_threads(1)
    golden = starting_point()
    start = dict(golden)
    for dtype in (torch.float64, torch.float32):
        runs = [run(case, start, dtype) for case in CASES]
        for place, steps in enumerate(STEPS):
            golden[f"{str(dtype).removeprefix('torch.')}_after_{steps}"] = np.array(
                [reached[place] for reached in runs]
            )
    names = np.array([case.name for case in CASES])
    np.savez_compressed(GOLDEN, names=names, torch=np.array(f"{torch.__version__}, {platform.machine()}"), **golden)
    print(f"{len(CASES)} cases, {GOLDEN.stat().st_size / 1024:.0f} KiB in {GOLDEN.name}")


if __name__ == "__main__":
    main()
