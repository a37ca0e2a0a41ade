"""Fills a trace from a network in training. It computes on a copy: looking changes nothing of the run."""

import math

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.clipping import clip_norm, clip_value
from nn_tui.engine.network import Batch, Network
from nn_tui.engine.normalization import EPSILON
from nn_tui.engine.optimizers import OPTIMIZERS, Optimizer
from nn_tui.engine.passes import Pass
from nn_tui.engine.probes import layer_names
from nn_tui.engine.workspace import Workspace
from nn_tui.scenario.schema import Clip
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.trace.record import (
    BatchTrace,
    Gradients,
    LayerTrace,
    NormalizationTrace,
    OptimizerTrace,
    Trace,
)


def trace_network(trainer: NetworkLane, sample: int | None = None) -> Trace:
    """Walks one training example through the network, as the step to come sees it.

    Args:
        trainer: at any step.
        sample: which training example, counted from 0; the batch's first if left out. One that is not in the batch
            is walked through as in prediction: without dropout, as a batch of its own.

    Raises:
        IndexError: for an example there is not.
    """
    with np.errstate(all="ignore"):
        return _traced(trainer, sample)


def _traced(trainer: NetworkLane, sample: int | None) -> Trace:
    batch, rows = trainer.next_batch()
    sample = int(rows[0]) if sample is None else sample
    if not 0 <= sample < len(trainer.train):
        raise IndexError(f"there is no training example {sample}, only 0 to {len(trainer.train) - 1}")
    network = trainer.network.copy()
    loss = network.loss_and_gradient(batch)
    places = np.flatnonzero(rows == sample)
    place = int(places[0]) if places.size else None
    step = _batch_trace(network, batch, loss, place, trainer.scenario.training.clip)
    optimizer = _optimizer_trace(trainer, network, step.clipped)
    one = batch
    if place is None:
        targets = np.ascontiguousarray(trainer.train.targets[:, sample : sample + 1])
        one = Batch(trainer.train.inputs[sample : sample + 1], targets)
        network.loss_and_gradient(one)
    gradient = loss_gradient(network, one)
    layers = _layers(network, one, place or 0, gradient[:, place or 0])
    return Trace(
        step=trainer.steps,
        sample=sample,
        inputs=layers[0].input,
        layers=layers,
        target=one.targets[:, place or 0].copy(),
        loss=_own_loss(network, one, place or 0),
        loss_gradient=gradient[:, place or 0].copy(),
        fused=network.is_fused,
        batch=step,
        optimizer=optimizer,
    )


def loss_gradient(network: Network, batch: Batch) -> Array:
    """∂L/∂ŷ, shape (outputs, n), after a training pass over the batch; not finite where ŷ has reached the end of what
    a cross-entropy is defined for."""
    slope: Array
    predicted, targets = network.last_pass(batch.inputs.shape[0]).work.prediction, batch.targets
    work = Workspace(network.outputs, predicted.shape[1], network.dtype)
    if batch.weights is not None:
        work = work.weighted(batch.weights)
    if not network.is_fused:
        slope = np.empty_like(predicted)
        network.loss.function(predicted, targets, slope, work)
        return slope
    if not network.loss.fused_needs_one_hot:
        slope = (predicted - targets) / (predicted * (1.0 - predicted)) / work.elements
        return slope
    return np.where(targets == 0.0, 0.0, -targets / predicted / work.samples).astype(network.dtype)


def _own_loss(network: Network, batch: Batch, place: int) -> float:
    """The loss of one sample of the batch alone, at the logits it has there."""
    logits = np.ascontiguousarray(network.last_pass(batch.inputs.shape[0]).pre_activations[-1][:, place : place + 1])
    targets = np.ascontiguousarray(batch.targets[:, place : place + 1])
    work = Workspace(network.outputs, 1, network.dtype)
    return network.loss_from_logits(logits, targets, np.empty_like(logits), work)


def _layers(network: Network, batch: Batch, place: int, gradient: Array) -> tuple[LayerTrace, ...]:
    samples = batch.inputs.shape[0]
    passed = network.last_pass(samples)
    pre_activations, deltas, sums = passed.pre_activations, passed.deltas, passed.sums
    masks = passed.masks if batch.dropout_key is not None else [None] * len(network.layers)
    below, layers = batch.inputs[place, :-1], []
    for index, (name, layer) in enumerate(zip(layer_names(len(network.layers)), network.layers, strict=True)):
        z, delta = pre_activations[index][:, place].copy(), deltas[index][:, place].copy()
        whole = masks[index]
        mask = None if whole is None else whole[:, place].copy()
        if layer.activation is None:
            output, slope = passed.work.prediction[:, place].copy(), None
            output_gradient, normalization = gradient.copy(), None
        else:
            output, slope = layer.activation(z), layer.activation.derivative(z)
            above = network.layers[index + 1]
            output_gradient = above.weight.T @ deltas[index + 1][:, place]
            normalization = _normalization(network, passed, index, place, whole)
            if mask is not None:
                output *= mask
        layers.append(
            LayerTrace(
                name=name,
                function=(layer.activation or network.output).name,
                input=below.copy(),
                weight=layer.weight.copy(),
                bias=layer.bias.copy(),
                pre_activation=sums[index][:, place].copy(),
                normalized=None if layer.normalization is None else z,
                normalization=normalization,
                mask=mask,
                output=output,
                slope=slope,
                output_gradient=output_gradient,
                delta=delta,
                weight_gradient=np.outer(delta, below),
                bias_gradient=delta.copy(),
            )
        )
        below = output
    return tuple(layers)


def _normalization(
    network: Network, passed: Pass, index: int, place: int, mask: Array | None
) -> NormalizationTrace | None:
    """What the normalization of a hidden layer did in a pass there and back, for one of its samples."""
    layer, kept = network.layers[index], passed.normalized[index]
    if layer.normalization is None or kept is None:
        return None
    assert layer.activation is not None
    gradient = network.layers[index + 1].weight.T @ passed.deltas[index + 1]
    gradient *= layer.activation.derivative(passed.pre_activations[index])
    if mask is not None:
        gradient *= mask
    way, gamma, standard = layer.normalization.way, layer.normalization.gamma, kept.normalized
    axis = 1 if way.over_samples else 0
    along = [(part * kept.own).mean(axis, keepdims=True) for part in (gamma * gradient, gamma * gradient * standard)]
    parts = (*layer.normalization.used(kept), gamma, layer.normalization.beta, standard, gradient, *along)
    columns = [np.broadcast_to(part, standard.shape)[:, place].copy() for part in parts]
    mean, variance, *rest = columns
    over = "running means" if not kept.own else "batch" if way.over_samples else "layer"
    return NormalizationTrace(way.name, over, mean, variance, EPSILON, *rest)


def _batch_trace(network: Network, batch: Batch, loss: float, place: int | None, clip: Clip) -> BatchTrace:
    """What becomes of the gradient that the network holds, which is the batch's with penalties."""
    whole = network.gradient.copy()
    weights = network.parameters * network.is_weight
    penalty = network.l2 * weights + network.l1 * np.sign(weights)
    norm = math.sqrt(float(whole.dot(whole)))
    clipped = whole.copy()
    if clip.norm:
        clip_norm(clipped, clip.norm, norm)
    if clip.value:
        clip_value(clipped, clip.value)
    if network.l1 or network.l2:
        network.set_regularization(0.0, 0.0)
        network.loss_and_gradient(batch)
    counts: Array = np.ones(batch.inputs.shape[0]) if batch.weights is None else batch.weights
    return BatchTrace(
        counted=float(counts.sum() / counts[place or 0]) if counts[place or 0] else math.inf,
        size=batch.inputs.shape[0],
        place=place,
        loss=loss,
        gradient=by_layer(network, network.gradient),
        penalty=by_layer(network, penalty),
        whole=by_layer(network, whole),
        norm=norm,
        clipped=by_layer(network, clipped),
    )


def _optimizer_trace(trainer: NetworkLane, network: Network, clipped: tuple[Gradients, ...]) -> OptimizerTrace:
    used, rate = trainer.optimizer, trainer.learning_rate
    before = trainer.network.parameters
    after, gradient = before.copy(), _flat(network, clipped)
    twin = OPTIMIZERS[used.name](after, gradient, dict(used.settings))
    twin.steps = used.steps
    for name, vector in used.state.items():
        twin.state[name][:] = vector
    vectors = {**twin.moments(), "θ": before.copy(), "g": gradient.copy()}
    terms: dict[str, float | tuple[Gradients, ...]] = dict(_scalars(twin, rate))
    twin.step(rate)
    terms |= {name: by_layer(network, vector) for name, vector in vectors.items()}
    return OptimizerTrace(name=used.name, lr=rate, terms=terms, update=by_layer(network, after - before))


def _scalars(optimizer: Optimizer, rate: float) -> dict[str, float]:
    """The symbols that stand for the same number at every parameter."""
    return {name: v for name, v in optimizer.terms(0, rate).items() if name not in (*optimizer.state_names, "θ", "g")}


def by_layer(network: Network, vector: Array) -> tuple[Gradients, ...]:
    """A flat vector of the network's size as one array a layer, in new arrays."""
    parts, start = [], 0
    for layer in network.layers:
        block = vector[start : start + layer.augmented.size].reshape(layer.augmented.shape)
        start += layer.augmented.size
        own = vector[layer.tail].reshape(2, -1).copy() if layer.normalization is not None else (None, None)
        parts.append(Gradients(block[:, :-1].copy(), block[:, -1].copy(), *own))
    return tuple(parts)


def _flat(network: Network, parts: tuple[Gradients, ...]) -> Array:
    vector = np.empty_like(network.parameters)
    start = 0
    for layer, part in zip(network.layers, parts, strict=True):
        block = vector[start : start + layer.augmented.size].reshape(layer.augmented.shape)
        block[:, :-1], block[:, -1] = part.weight, part.bias
        if part.gamma is not None and part.beta is not None:
            vector[layer.tail] = np.concatenate([part.gamma, part.beta])
        start += layer.augmented.size
    return vector
