"""What the golden values are values of: the cases that `make_golden.py` runs in PyTorch and `test_parity.py` in ours.

Every activation with every loss and every optimizer, each loss behind its usual output; then the other outputs a loss
may stand behind. All start from the same weights and take full-batch steps on the same samples.
"""

from pathlib import Path
from typing import NamedTuple

GOLDEN = Path(__file__).with_name("golden.npz")

INPUTS, HIDDEN, OUTPUTS, SAMPLES = 2, (3, 2), 2, 8
STEPS = (1, 200)
"""Parameters are compared after so many steps."""

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "identity")
USUAL_OUTPUT = {
    "mse": "identity",
    "mae": "identity",
    "rmse": "identity",
    "huber": "identity",
    "bce": "sigmoid",
    "ce": "softmax",
}
OTHER_OUTPUTS = [(loss, output) for loss in ("mse", "mae", "rmse", "huber") for output in ("sigmoid", "softmax")]
SETTINGS = {
    "sgd": {},
    "momentum": {"beta": 0.9},
    "nesterov": {"beta": 0.9},
    "adagrad": {"epsilon": 1e-10},
    "rmsprop": {"beta": 0.99, "epsilon": 1e-8},
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
}
RATES = {"sgd": 0.1, "momentum": 0.1, "nesterov": 0.1, "adagrad": 0.02, "rmsprop": 0.002, "adam": 0.01, "adamw": 0.01}
"""Low enough that no path amplifies rounding. At 0.05 and 0.01 AdaGrad and RMSprop overshoot on some such nets: two
float64 runs of PyTorch's own that start a rounding apart end more than 0.001 apart there. `rounding.py` shows it for
each, and that every single step is PyTorch's all the same."""


class Case(NamedTuple):
    """One run."""

    activation: str
    loss: str
    output: str
    optimizer: str

    @property
    def name(self) -> str:
        return "-".join(self)


CASES = [
    *(
        Case(activation, loss, output, optimizer)
        for activation in ACTIVATIONS
        for loss, output in USUAL_OUTPUT.items()
        for optimizer in SETTINGS
    ),
    *(Case("tanh", loss, output, optimizer) for loss, output in OTHER_OUTPUTS for optimizer in ("sgd", "adam")),
]
