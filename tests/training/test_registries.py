"""Adding an activation, output, loss, initializer, normalization, optimizer, schedule, mode or
surface is adding one object."""

import subprocess
import sys

PROGRAM = """
import math
from dataclasses import dataclass, replace
from typing import ClassVar
import numpy as np
from nn_tui.engine.activations import ACTIVATIONS, Activation
from nn_tui.engine.initializers import INITIALIZERS, Initializer
from nn_tui.engine.losses import LOSSES, Loss
from nn_tui.engine.modes import MODES
from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.engine.optimizers import OPTIMIZERS, SGD
from nn_tui.engine.outputs import OUTPUTS, from_activation
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.engine.surfaces import SURFACES, Surface

def hardtanh(z, a):
    np.clip(z, -1.0, 1.0, out=a)

def hardtanh_backward(z, _a, delta, _scratch):
    delta *= np.abs(z) < 1.0

ACTIVATIONS["hardtanh"] = Activation(
    "hardtanh", "max(−1, min(1, x))", "1 if |x| < 1 else 0", "Flat beyond 1.", hardtanh, hardtanh_backward,
    saturates_below=-1.0, saturates_above=1.0, pytorch="nn.Hardtanh()",
)
OUTPUTS["bent"] = replace(
    from_activation(ACTIVATIONS["hardtanh"], "Between −1 and 1.", pytorch="nn.functional.hardtanh({})"), name="bent"
)

def quartic(prediction, targets, delta, work):
    np.subtract(prediction, targets, delta)
    value = float((delta**4).ravel().dot(work.element_mean))
    np.multiply(4.0 * delta**3, work.element_share, delta)
    return value

LOSSES["quartic"] = Loss("quartic", "(y − ŷ)^4", "1/n Σ (y − ŷ)^4", "4/n (ŷ − y)^3", "Large misses alone.", quartic)
INITIALIZERS["halves"] = Initializer(
    "halves", "w = ±std", "Two values.",
    lambda n_in, n_out, own, source: float(own["std"]) * np.sign(source.normal(size=(n_out, n_in))), {"std": 0.5},
)

class Signed(SGD):
    "Steps of one size."
    name = "signed"
    formula = "θ ← θ − η·g/|g|"
    default_lr = 0.01
    defaults: ClassVar = {"calm": 1.0}

    def _update(self, lr):
        for theta, g, _ in self._blocks:
            theta -= lr * self.settings["calm"] * np.sign(g)

OPTIMIZERS["signed"] = Signed

@dataclass(frozen=True)
class Halving:
    "Half the rate every epoch."
    name: ClassVar = "halving"
    formula: ClassVar = "η / 2^epoch"
    pytorch: ClassVar = "0.5 ** epoch"
    defaults: ClassVar = {}

    def factor(self, epoch, epochs):
        return 0.5**epoch

SCHEDULES["halving"] = Halving
MODES["pairs"] = replace(MODES["mini-batch"], name="pairs", size=lambda _batch_size, samples: min(2, samples))
NORMALIZATIONS["plain"] = replace(NORMALIZATIONS["layer"], name="plain")
SURFACES["trough"] = Surface(
    "trough", "a trough with a flat floor", "max(0, |x| − 1)² + y²",
    ("2·max(0, |x| − 1)·sign(x)", "2·y"),
    lambda x, y: np.maximum(0.0, np.abs(x) - 1.0) ** 2 + y * y,
    lambda x, y: (2.0 * np.maximum(0.0, np.abs(x) - 1.0) * np.sign(x), 2.0 * y),
    start=(1.8, 1.5), minima=((0.0, 0.0),),
)

import json, sys
from pathlib import Path
import nn_tui
from nn_tui.engine.gradient_check import check_gradient
from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.scenario.lessons import explained
from nn_tui.scenario.fields import find
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.json_schema import json_schema
from nn_tui.training.files.model_file import load_model
from nn_tui.training.files.pytorch_script import pytorch_script
from nn_tui.training.diagnosis.checks import check
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.look.formulas import network_formulas, point_formulas
from nn_tui.training.look.schedule import schedule_curve
from nn_tui.training.look.walk import TracedWeight, walk
from nn_tui.training.trace.network import trace_network
from nn_tui.training.run.start import begin
from nn_tui.training.replay import Outputs

folder = Path(sys.argv[1])
told = {
    "network.activation": "hardtanh", "network.output": "bent", "network.init.name": "halves",
    "training.loss": "quartic", "training.optimizer.name": "signed", "training.schedule.name": "halving",
    "training.mode": "pairs", "network.normalization": "plain",
}
written = json.dumps(json_schema())
for key, name in told.items():
    path = folder / f"{name}.safetensors"
    run = nn_tui.replay("xor", {key: name, "training.epochs": 3}, outputs=Outputs(model=path))
    assert run.summary.status == "finished", key
    assert name in find(key).choices and f'"{name}"' in written, key
    help = explained.choice(key, name)
    assert help.formula and help.summary, key
    try:
        script = pytorch_script(load_model(path), path.name, beside=True)
        compile(script, name, "exec")
        assert name not in ("quartic", "signed"), script
    except ModelError as error:
        assert "no counterpart of the" in str(error) and name in str(error), error

def scenario(**tables):
    return from_mapping({"title": "own", **tables})

everything = scenario(
    data={"kind": "xor"},
    network={"hidden": [4], "activation": "hardtanh", "init": {"name": "halves", "std": 9.0}, "output": "bent"},
    training={
        "loss": "quartic", "optimizer": {"name": "signed"}, "schedule": {"name": "halving"}, "mode": "pairs",
    },
)
lane = begin(everything).lead
suspects = {finding.kind: finding for finding in check(lane)}
assert "hardtanh" in suspects["saturated-at-start"].evidence, suspects
assert "quartic" in suspects["unsuitable-loss"].evidence, suspects
for _ in range(3):
    lane.step(watch=True)
panel = {formula.subject: formula for formula in network_formulas(lane, 0)}
assert {subject: formula.name for subject, formula in panel.items()} == {
    "activation": "hardtanh", "loss": "quartic", "mode": "pairs", "optimizer": "signed"
}, panel
assert all(line.result and line.result != "NaN" for line in panel["activation"].lines), panel
z = lane.network.last_pass(1).pre_activations[0][0, 0]
assert panel["activation"].lines[0].value == max(-1.0, min(1.0, z))
walked = walk(trace_network(lane), TracedWeight(1, 0, 0), "quartic")
lines = {line.symbol: line for formula in walked for line in formula.lines}
assert "min(1, " in lines["ŷ"].numbers and lines["θ"].numbers, lines
assert schedule_curve(everything.training).y

normalized = begin(scenario(data={"kind": "xor"}, network={"hidden": [4], "normalization": "plain"})).lead
for part in walk(trace_network(normalized), TracedWeight(0, 0, 0), "bce"):
    assert part.lines
descent = nn_tui.replay(scenario(data={"kind": "surface", "function": "trough"}, training={"epochs": 80}))
assert descent.summary.status == "finished", descent.summary
assert find("data.function").choices[-1] == "trough" and '"trough"' in written
assert explained.choice("data.function", "trough").summary == "A trough with a flat floor."
point = begin(descent.scenario).lead
point.step(watch=True)
assert [formula.subject for formula in point_formulas(point)] == ["optimizer", "optimizer"]

everything = nn_tui.replay("xor", {**told, "training.epochs": 3})
assert everything.summary.steps == 3 * math.ceil(len(everything.dataset.train) / 2), everything.summary.steps
network = Network(2, [LayerSpec(3, "hardtanh")], 1, loss="quartic", output="bent", dtype="float64")
network.initialize("halves", 0, {"std": 0.2})
draw = np.random.default_rng(1)
batch = Batch(with_ones(draw.standard_normal((5, 2)), network.dtype), draw.uniform(-1.0, 1.0, (1, 5)))
assert check_gradient(network, batch).relative_error < 1e-6
print("all there")
"""


def test_one_object_of_each_kind_is_trained_written_exported_or_refused(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "all there" in done.stdout
