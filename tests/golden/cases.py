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

ACTIVATIONS = (
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "exponential",
    "hard_sigmoid",
    "identity",
)
USUAL_OUTPUT = {
    "mse": "identity",
    "mae": "identity",
    "rmse": "identity",
    "huber": "identity",
    "bce": "sigmoid",
    "ce": "softmax",
}
OUTPUT_FUNCTIONS = ("identity", "sigmoid", "softmax", "relu", "tanh", "softplus", "exponential")
OTHER_OUTPUTS = [
    (loss, output) for loss, usual in USUAL_OUTPUT.items() for output in OUTPUT_FUNCTIONS if output != usual
]
CLIP = 1e-7
"""How near to 0 and 1 a cross-entropy takes predictions that it is not computed from the logits of."""
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

    @property
    def of_classes(self) -> bool:
        """Whether the targets are classes rather than values."""
        return self.loss in ("bce", "ce") or self.output != "identity"

    @property
    def output_bias(self) -> float:
        """Added to the output layer's biases at the start, so that predictions are neither clipped nor flat."""
        if self.output in ("softplus", "exponential"):
            return -1.0
        if self.output in (USUAL_OUTPUT[self.loss], "sigmoid", "softmax"):
            return 0.0
        # What is divided by its sum must not lose its sign on the way.
        return 2.0 if self.loss == "ce" else 0.7

    @property
    def scale(self) -> float:
        """What the weights are multiplied by at the start: exponentials of exponentials amplify every rounding."""
        return 0.125 if self.activation == "exponential" else 1.0


CASES = [
    *(
        Case(activation, loss, output, optimizer)
        for activation in ACTIVATIONS
        for loss, output in USUAL_OUTPUT.items()
        for optimizer in SETTINGS
    ),
    *(
        Case("tanh", loss, output, optimizer)
        for loss, output in OTHER_OUTPUTS
        for optimizer in ("sgd", "adam")
        # Adam takes predictions of either sign to sums below 0, which nn-tui does not divide by.
        if not (loss == "ce" and optimizer == "adam" and output in ("identity", "relu", "tanh"))
    ),
]
