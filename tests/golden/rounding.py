"""Is a path that leaves PyTorch's led astray by rounding, or by a formula? Run by hand, where torch is installed.

    python tests/golden/rounding.py

Takes the golden cases at rates at which AdaGrad and RMSprop overshoot, and for every path that leaves the bounds of
`test_parity.py` prints three differences, each the largest over all parameters:

    ours      from PyTorch's parameters after 200 steps
    an ulp    of PyTorch's parameters from its own: the farthest of eight runs that start each weight a rounding apart
    a step    from PyTorch's after one step from its own parameters and optimizer state, the largest of the 200

Were a formula another, the last would be far above rounding. If only rounding is amplified, the second is as large as
the first: which way such a path goes is nobody's to say.
"""

import numpy as np
import torch
from cases import CASES, HIDDEN, INPUTS, OUTPUTS, RATES, SETTINGS, STEPS, Case
from make_golden import flat, loss_of, model_at, run, starting_point, update_rule

from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.engine.optimizers import OPTIMIZERS, Optimizer

TOO_HIGH = {"adagrad": 0.05, "rmsprop": 0.01}
BOUNDS = {torch.float64: 1e-7, torch.float32: 1e-3}
LAST = max(STEPS)
NEIGHBORS = 8

STATE = {"adagrad": {"G": "sum"}, "rmsprop": {"E": "square_avg"}}
"""What PyTorch calls our optimizers' state."""

Start = dict[str, np.ndarray]


class Ours:
    """Our network, optimizer and batch of a case."""

    def __init__(self, case: Case, start: Start, dtype: torch.dtype) -> None:
        name = str(dtype).removeprefix("torch.")
        layers = [LayerSpec(units, case.activation) for units in HIDDEN]
        self.network = Network(INPUTS, layers, OUTPUTS, loss=case.loss, output=case.output, dtype=name)
        self.network.parameters[:] = case.scale * start["weights"]
        self.network.layers[-1].bias += case.output_bias
        targets = start["classes" if case.of_classes else "values"]
        inputs = with_ones(start["inputs"], self.network.dtype)
        self.batch = Batch(inputs, np.ascontiguousarray(targets.T.astype(name)))
        rule = OPTIMIZERS[case.optimizer]
        self.optimizer = rule(self.network.parameters, self.network.gradient, SETTINGS[case.optimizer])
        self.rate = RATES[case.optimizer]

    def step(self) -> np.ndarray:
        self.network.loss_and_gradient(self.batch)
        self.optimizer.step(self.rate)
        return self.network.parameters


def ours_after(case: Case, start: Start, dtype: torch.dtype) -> np.ndarray:
    ours = Ours(case, start, dtype)
    for _ in range(LAST):
        ours.step()
    return ours.network.parameters


def farthest_neighbor(case: Case, start: Start, dtype: torch.dtype, reached: np.ndarray) -> float:
    """How far PyTorch's own end comes to lie from `reached` if the initial weights are a rounding apart."""
    farthest = 0.0
    weights = start["weights"].astype(reached.dtype)
    for seed in range(NEIGHBORS):
        upwards = np.random.default_rng(seed).random(weights.size) < 0.5
        apart = np.nextafter(weights, np.where(upwards, np.inf, -np.inf).astype(weights.dtype))
        farthest = max(farthest, distance(run(case, start | {"weights": apart}, dtype)[-1], reached))
    return farthest


def largest_step_apart(case: Case, start: Start, dtype: torch.dtype) -> float:
    """How far a step of ours ends from PyTorch's, from PyTorch's state at each of its own steps."""
    ours, largest = Ours(case, start, dtype), 0.0
    model = model_at(case.scale * start["weights"], case.activation, dtype)
    with torch.no_grad():
        model[-1].bias += case.output_bias
    inputs = torch.tensor(start["inputs"], dtype=dtype)
    target = torch.tensor(start["classes" if case.of_classes else "values"], dtype=dtype)
    step = update_rule(case.optimizer, list(model.parameters()))
    for number in range(LAST):
        ours.network.parameters[:] = flat(model)
        if number:
            take_state(ours.optimizer, model, step.__self__)
        model.zero_grad()
        loss_of(case, model(inputs), target).backward()
        step()
        largest = max(largest, distance(ours.step(), flat(model)))
    return largest


def take_state(optimizer: Optimizer, model: torch.nn.Sequential, theirs: torch.optim.Optimizer) -> None:
    decays = optimizer._decays()
    for mine, name in STATE[optimizer.name].items():
        vectors = [theirs.state[parameter][name] for parameter in model.parameters()]
        blocks = [
            torch.cat([weight, bias[:, None]], dim=1) for weight, bias in zip(vectors[::2], vectors[1::2], strict=True)
        ]
        # Ours keeps a running mean as a sum.
        share = 1.0 - optimizer.settings[decays[mine]] if mine in decays else 1.0
        optimizer.state[mine][:] = np.concatenate([block.numpy().ravel() for block in blocks]) / share


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max())


def main() -> None:
    torch.set_num_threads(1)
    RATES.update(TOO_HIGH)
    start, largest, count = starting_point(), dict.fromkeys(BOUNDS, 0.0), 0
    print(f"{'case':44}{'ours':>9}{'an ulp':>9}{'a step':>9}")
    cases = [(case, dtype) for dtype in BOUNDS for case in CASES if case.optimizer in TOO_HIGH]
    for case, dtype in cases:
        reached = run(case, start, dtype)[-1]
        apart, step = distance(ours_after(case, start, dtype), reached), largest_step_apart(case, start, dtype)
        largest[dtype] = max(largest[dtype], step)
        if apart > BOUNDS[dtype]:
            count += 1
            name = f"{case.name} {str(dtype).removeprefix('torch.')}"
            print(f"{name:44}{apart:9.1e}{farthest_neighbor(case, start, dtype, reached):9.1e}{step:9.1e}")
    steps = ", ".join(f"{value:.1e} in {str(dtype).removeprefix('torch.')}" for dtype, value in largest.items())
    print(f"{count} of {len(cases)} paths leave the bounds; the largest single step apart of all: {steps}")


if __name__ == "__main__":
    main()
