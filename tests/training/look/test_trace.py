"""A trace's numbers follow from one another by the formulas they are shown with, and are those the run computes."""

import json
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.formulas import worked
from nn_tui.engine.losses import CLIP, LOSSES
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.look.formulas import network_formulas
from nn_tui.training.look.walk import TracedWeight, walk, walk_surface
from nn_tui.training.run.start import begin
from nn_tui.training.trace.network import trace_network
from nn_tui.training.trace.record import as_object
from nn_tui.training.trace.surface import trace_surface
from nn_tui.training.trace.tracing import trace_scenario
from tests.training import runs
from tests.training.look.test_formulas_by_hand import agrees

TIGHT = {"rtol": 1e-12, "atol": 1e-15}


@st.composite
def networks(draw):
    """Trainers of small float64 nets of every kind, some steps on their way."""
    # Behind layers of exponentials some of these nets would diverge.
    activations = st.sampled_from(sorted(ACTIVATIONS.keys() - {"exponential"}))
    batch_size = draw(st.sampled_from([1, 3, 16]))
    # By batch a batch of one sample is refused.
    normalizations = st.sampled_from(["none", "layer"] if batch_size == 1 else ["none", "batch", "layer"])
    layer = st.fixed_dictionaries(
        {
            "units": st.integers(1, 4),
            "activation": activations,
            "dropout": st.sampled_from([0.0, 0.4]),
            "normalization": normalizations,
        }
    )
    loss = draw(st.sampled_from(sorted(LOSSES)))
    # Of predictions of either sign there need be no sum above 0 to divide by.
    outputs = [name for name, output in OUTPUTS.items() if loss != "ce" or (output.lowest == 0.0 and name != "relu")]
    output = draw(st.sampled_from(outputs))
    task = "classes" if LOSSES[loss].of_classes else draw(st.sampled_from(["classes", "values"]))
    kind = "spiral" if task == "classes" else "plane"
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    trainer = runs.lane(
        data={"kind": kind, "samples": 20},
        network={"hidden": draw(st.lists(layer, min_size=0, max_size=3)), "output": output, "activation": "tanh"},
        training={
            "loss": loss,
            "class_weight": draw(st.sampled_from(["none", "balanced"])) if task == "classes" else "none",
            "dtype": "float64",
            "batch_size": batch_size,
            "seed": draw(st.integers(0, 50)),
            "optimizer": {"name": optimizer, "lr": 0.01},
            "regularization": {"l1": draw(st.sampled_from([0.0, 0.1])), "l2": draw(st.sampled_from([0.0, 0.2]))},
            "clip": {"norm": draw(st.sampled_from([0.0, 0.05])), "value": draw(st.sampled_from([0.0, 0.02]))},
        },
    )
    for _ in range(draw(st.integers(0, 4))):
        trainer.step()
    return trainer


@settings(deadline=None, max_examples=60)
@given(networks(), st.integers(0, 15))
def test_every_number_follows_from_the_others(trainer, sample):
    before = trainer.network.parameters.copy()
    trace = _as_json(trace_network(trainer, None if sample > 12 else sample))
    layers = [{key: _array(value) for key, value in layer.items()} for layer in trace["layers"]]
    read = _array(trace["inputs"])
    for place, layer in enumerate(layers):
        np.testing.assert_allclose(layer["input"], read, **TIGHT)
        np.testing.assert_allclose(layer["pre_activation"], layer["weight"] @ read + layer["bias"], **TIGHT)
        np.testing.assert_allclose(layer["output"], _function(layer), **TIGHT)
        np.testing.assert_allclose(layer["delta"], _delta(layer, layers[place + 1 :], trace, trainer), **TIGHT)
        np.testing.assert_allclose(layer["weight_gradient"], np.outer(layer["delta"], read), **TIGHT)
        np.testing.assert_allclose(layer["bias_gradient"], layer["delta"], **TIGHT)
        read = layer["output"]
    np.testing.assert_array_equal(trainer.network.parameters, before)
    _check_step(trainer, trace)


def _as_json(trace):
    return json.loads(msgspec.json.encode(as_object(trace)))


def _array(value):
    return np.array(value, np.float64) if isinstance(value, list) else value


def _function(layer):
    z = layer["pre_activation"] if layer["normalized"] is None else layer["normalized"]
    if layer["name"] != "output":
        value = ACTIVATIONS[layer["function"]](z)
        return value if layer["mask"] is None else value * layer["mask"]
    if layer["function"] == "softmax":
        return np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    return ACTIVATIONS[layer["function"]](z)


@np.errstate(all="ignore")
def _delta(layer, above, trace, trainer):
    if above:
        pulled = above[0]["weight"].T @ above[0]["delta"]
        np.testing.assert_allclose(layer["output_gradient"], pulled, **TIGHT)
        read = layer["pre_activation"] if layer["normalized"] is None else layer["normalized"]
        slope = ACTIVATIONS[layer["function"]].derivative(read)
        np.testing.assert_allclose(layer["slope"], slope, **TIGHT)
        slope = pulled * slope * (1.0 if layer["mask"] is None else layer["mask"])
        return slope if layer["normalized"] is None else _through_normalization(layer, slope)
    loss, output, target = trainer.network.loss, layer["output"], np.array(trace["target"])
    samples = 1 if trace["batch"]["place"] is None else trace["batch"]["counted"]
    n = samples if loss.name == "ce" else samples * target.size
    if trainer.network.is_fused:
        return (output - target) / n
    gradient, residual = np.array(trace["loss_gradient"]), output - target
    whole = trace["loss"] if trace["batch"]["place"] is None else trace["batch"]["loss"]
    expected = {
        "mse": 2.0 * residual,
        "mae": np.sign(residual),
        "rmse": residual / whole if whole else 0.0 * residual,
        "huber": np.clip(residual, -1.0, 1.0),
        "bce": _through(output, lambda p: (p - target) / (p * (1.0 - p))),
        "ce": _of_shares(output, _through(output / output.sum(), lambda q: -target / q)),
    }[loss.name]
    np.testing.assert_allclose(gradient, expected / n, **TIGHT)
    if layer["function"] == "softmax":
        return output * (gradient - output @ gradient)
    return gradient * ACTIVATIONS[layer["function"]].derivative(layer["pre_activation"])


def _through_normalization(layer, pulled):
    """δ from what pulls at what the normalization gives, all of whose numbers follow from one another."""
    own = {key: _array(value) for key, value in layer["normalization"].items()}
    spread = np.sqrt(own["variance"] + own["epsilon"])
    standard = (layer["pre_activation"] - own["mean"]) / spread
    np.testing.assert_allclose(own["standard"], standard, **TIGHT)
    np.testing.assert_allclose(layer["normalized"], own["gamma"] * standard + own["beta"], **TIGHT)
    np.testing.assert_allclose(own["output_gradient"], pulled, **TIGHT)
    if own["over"] == "layer":
        np.testing.assert_allclose(own["mean"], layer["pre_activation"].mean(), **TIGHT)
        np.testing.assert_allclose(own["variance"], layer["pre_activation"].var(), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(own["pulled"], (own["gamma"] * pulled).mean(), **TIGHT)
        np.testing.assert_allclose(own["pulled_along"], (own["gamma"] * pulled * standard).mean(), **TIGHT)
    return (own["gamma"] * pulled - own["pulled"] - standard * own["pulled_along"]) / spread


def _through(prediction, slope):
    """A cross-entropy's slope at predictions that are clipped, and flat where they are."""
    clipped = np.clip(prediction, CLIP, 1.0 - CLIP)
    return np.where(clipped == prediction, slope(clipped), 0.0)


def _of_shares(output, slope):
    return (slope - slope @ (output / output.sum())) / output.sum()


def _check_step(trainer, trace):
    """The step that the trace foretells is the one that is taken, and follows from the optimizer's formula."""
    batch, optimizer, network = trace["batch"], trace["optimizer"], trainer.network
    before = network.parameters.copy()
    trainer.step()
    flat = [np.column_stack([part["weight"], part["bias"]]).ravel() for part in optimizer["update"]]
    whole = np.concatenate(flat)
    np.testing.assert_allclose((network.parameters - before)[: whole.size], whole, **TIGHT)
    formula = OPTIMIZERS[optimizer["name"]].formula
    whole = np.concatenate([np.column_stack([part["weight"], part["bias"]]).ravel() for part in batch["gradient"]])
    penalty = np.concatenate([np.column_stack([part["weight"], part["bias"]]).ravel() for part in batch["penalty"]])
    if not network.normalizes:
        assert batch["norm"] == pytest.approx(float(np.linalg.norm(whole + penalty)), rel=1e-12)
    clip, clipped = trainer.scenario.training.clip, whole + penalty
    if clip.norm and batch["norm"] > clip.norm:
        clipped *= clip.norm / batch["norm"]
    if clip.value:
        clipped = np.clip(clipped, -clip.value, clip.value)
    handed = np.concatenate(
        [np.column_stack([part["weight"], part["bias"]]).ravel() for part in optimizer["terms"]["g"]]
    )
    np.testing.assert_allclose(handed, clipped, **TIGHT)
    for number in range(0, whole.size, max(1, whole.size // 5)):
        terms = {
            name: value
            if isinstance(value, float)
            else float(np.concatenate([np.column_stack([p["weight"], p["bias"]]).ravel() for p in value])[number])
            for name, value in optimizer["terms"].items()
        }
        assert worked(formula, terms)[-1].value == pytest.approx(
            float(network.parameters[number]), rel=1e-11, abs=1e-14
        )


def test_the_shares_of_a_batchs_samples_add_up_to_its_gradient():
    trainer = runs.lane(training={"dtype": "float64", "batch_size": 5})
    _, rows = trainer.next_batch()
    traces = [trace_network(trainer, int(row)) for row in rows]
    for index, whole in enumerate(traces[0].batch.gradient):
        shares = sum(trace.layers[index].weight_gradient for trace in traces)
        np.testing.assert_allclose(shares, whole.weight, **TIGHT)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_the_norm_of_a_gradient_and_its_clipping_follow_from_all_that_is_given_of_it(normalization):
    trainer = runs.lane(
        network={"normalization": normalization}, training={"dtype": "float64", "clip": {"norm": 0.01, "value": 0.002}}
    )
    trace = trace_network(trainer)
    batch = trace.batch
    whole, clipped, update, g = (
        np.concatenate([part.ravel() for layer in parts for part in given(layer)])
        for parts in (batch.whole, batch.clipped, trace.optimizer.update, trace.optimizer.terms["g"])
    )
    assert whole.size == update.size == trainer.network.parameters.size
    np.testing.assert_allclose(batch.norm, np.linalg.norm(whole), **TIGHT)
    np.testing.assert_allclose(clipped, np.clip(whole * (0.01 / batch.norm), -0.002, 0.002), **TIGHT)
    np.testing.assert_allclose(g, clipped, **TIGHT)


def given(layer):
    """All numbers of one layer."""
    return [part for part in (layer.weight, layer.bias, layer.gamma, layer.beta) if part is not None]


def test_a_batchs_normalization_is_of_the_sums_of_its_samples():
    trainer = runs.lane(network={"normalization": "batch"}, training={"dtype": "float64", "batch_size": 5})
    for _ in range(3):
        trainer.step()
    _, rows = trainer.next_batch()
    layers = [[trace_network(trainer, int(row)).layers[index] for row in rows] for index in (0, 1)]
    for samples in layers:
        sums = np.array([layer.pre_activation for layer in samples])
        pulled = np.array([layer.normalization.gamma * layer.normalization.output_gradient for layer in samples])
        standard = np.array([layer.normalization.standard for layer in samples])
        for layer in samples:
            own = layer.normalization
            assert (own.name, own.over) == ("batch", "batch")
            np.testing.assert_allclose(own.mean, sums.mean(axis=0), **TIGHT)
            np.testing.assert_allclose(own.variance, sums.var(axis=0), rtol=1e-11)
            np.testing.assert_allclose(own.pulled, pulled.mean(axis=0), **TIGHT)
            np.testing.assert_allclose(own.pulled_along, (pulled * standard).mean(axis=0), **TIGHT)
    trace = trace_network(trainer, int(rows[0]))
    shown = {line.symbol: line for formula in walk(trace, TracedWeight(0, 0, 0), "bce") for line in formula.lines}
    for symbol in ("ẑ", "h", "a", "r = ∂L/∂h", "δ"):
        assert agrees(shown[symbol].numbers, shown[symbol].result), shown[symbol]
    outside = next(row for row in range(len(trainer.train)) if row not in rows)
    assert trace_network(trainer, outside).layers[0].normalization.over == "running means"


def test_a_sample_outside_the_batch_is_traced_as_in_prediction():
    trainer = runs.lane(network={"hidden": [{"units": 6, "dropout": 0.5}]}, training={"batch_size": 2})
    _, rows = trainer.next_batch()
    outside = next(row for row in range(len(trainer.train)) if row not in rows)
    trace = trace_network(trainer, outside)
    assert trace.batch.place is None
    assert trace.layers[0].mask is None
    predicted = trainer.network.predict(trainer.train.inputs[outside : outside + 1, :-1])
    np.testing.assert_allclose(trace.layers[-1].output, predicted[0], rtol=1e-6)


@pytest.mark.parametrize("output", ["auto", "sigmoid", "softplus", "exponential"])
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_the_walk_of_any_weight_shows_the_traces_own_numbers(loss, output):
    trainer = runs.lane(
        network={"hidden": [7, 6], "activation": "gelu", "output": output}, training={"loss": loss, "dtype": "float64"}
    )
    trace = trace_network(trainer)
    for layer, shape in enumerate(part.weight.shape for part in trace.layers):
        for read in (0, None):
            place = TracedWeight(layer, shape[0] - 1, read)
            shown = {line.symbol: line for formula in walk(trace, place, loss) for line in formula.lines}
            assert shown["δ"].value == float(trace.layers[layer].delta[-1])
            gradient = shown["∂L/∂b" if read is None else "∂L/∂w"]
            assert gradient.numbers
            after = trace.optimizer.update[layer]
            moved = after.bias[-1] if read is None else after.weight[-1, read]
            before = trace.layers[layer].bias[-1] if read is None else trace.layers[layer].weight[-1, read]
            assert shown["θ"].value == pytest.approx(float(before + moved))


@pytest.mark.parametrize("normalization", ["none", "batch"])
@pytest.mark.parametrize(("loss", "output"), [("mse", "sigmoid"), ("mse", "softmax"), ("bce", "auto"), ("ce", "relu")])
def test_a_letter_in_a_formula_is_said_to_be_the_slope_it_is_where_that_is_computed(loss, output, normalization):
    hidden = [{"units": 3, "dropout": 0.5, "normalization": normalization}]
    trainer = runs.lane(network={"hidden": hidden, "output": output}, training={"loss": loss, "batch_size": 8})
    trace = trace_network(trainer)
    for layer in (0, 1):
        lines = [line for formula in walk(trace, TracedWeight(layer, 0, 0), loss) for line in formula.lines]
        for letter in "dr":
            used = any(re.search(rf"\b{letter}\b", line.formula) for line in lines)
            told = [line.symbol for line in lines if line.symbol.startswith(f"{letter} = ∂L/∂")]
            assert len(told) == 1 if used else len(told) <= 1, (letter, told)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("penalties", [{"l2": 0.01}, {"l1": 0.003, "l2": 0.01}])
def test_a_gradient_is_said_to_be_clipped_only_where_it_is(dtype, penalties):
    for limit in (None, 1e-3):
        trainer = runs.lane(
            training={"dtype": dtype, "regularization": penalties, "clip": {"norm": limit} if limit else {}}
        )
        trainer.step()
        trace = trace_network(trainer)
        for number, layer in enumerate(trace.layers):
            units, inputs = layer.weight.shape
            for unit, read in np.ndindex(units, inputs):
                parts = walk(trace, TracedWeight(number, unit, read), "bce")
                said = any("clipped" in line.formula for part in parts for line in part.lines)
                assert said == (limit is not None and trace.batch.whole[number].weight[unit, read] != 0.0)


def test_a_cross_entropy_of_values_is_worked_out_as_the_engine_does(tmp_path):
    rows = np.random.default_rng(1).uniform(0.1, 2.0, (40, 4))
    np.savetxt(tmp_path / "two.csv", rows, delimiter=",", header="a,b,y,z", comments="")
    data = {"kind": "csv", "path": str(tmp_path / "two.csv"), "target": ["y", "z"], "task": "regression"}
    trainer = runs.trainer_of(
        from_mapping(
            {
                "title": "two values",
                "data": data | {"target_scaling": "none"},
                "network": {"output": "softmax"},
                "training": {"loss": "ce", "dtype": "float64"},
            }
        )
    ).lead
    trace = trace_network(trainer)
    for unit in (0, 1):
        lines = {line.symbol: line for part in walk(trace, TracedWeight(2, unit, 0), "ce") for line in part.lines}
        assert lines["δ"].value == pytest.approx(float(trace.layers[-1].delta[unit]), rel=1e-9)
        shares = -trace.target * np.log(trace.layers[-1].output)
        assert lines["ℓ"].value == pytest.approx(float(shares[unit]), rel=1e-6)
    assert "class" not in network_formulas(trainer, 0)[1].about


@pytest.mark.parametrize("name", sorted(SURFACES))
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_on_a_surface_the_partial_derivatives_move_the_point(name, optimizer):
    descent = begin(
        from_mapping(
            {
                "title": "a surface",
                "data": {"kind": "surface", "function": name, "noise": 0.3},
                "training": {"dtype": "float64", "optimizer": {"name": optimizer, "lr": 0.001}, "clip": {"norm": 0.5}},
            }
        )
    )
    descent.step()
    trace = trace_surface(descent.lead)
    x, y = trace.inputs
    np.testing.assert_allclose(trace.loss_gradient, SURFACES[name].gradient(x, y), **TIGHT)
    for line in (line for formula in walk_surface(trace)[:2] for line in formula.lines):
        assert agrees(line.numbers, line.result), line
    descent.step()
    np.testing.assert_allclose(descent.lead.objective.parameters, trace.inputs + trace.optimizer["update"], **TIGHT)
    for axis, formula in enumerate(walk_surface(trace)[2:]):
        assert formula.lines[-1].value == pytest.approx(float(descent.lead.objective.parameters[axis]))
        assert formula.lines[-1].numbers


def test_a_step_the_run_does_not_reach_is_refused():
    with pytest.raises(ScenarioError, match="ends after 60 steps"):
        trace_scenario(runs.scenario(), 61)
    with pytest.raises(ScenarioError, match="no training example 40, only 0 to 39"):
        trace_scenario(runs.scenario(), 0, 40)
