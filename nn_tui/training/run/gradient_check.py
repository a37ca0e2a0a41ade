"""A scenario's gradient, checked at its initial parameters on its first batch."""

from dataclasses import dataclass

import msgspec
import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.gradient_check import GradientCheck, check_gradient
from nn_tui.engine.network import Batch
from nn_tui.engine.probes import layer_names
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.architecture import Head, build_network, resolve_head, target_rows
from nn_tui.training.run.problems.batches import BatchStream

MOST_SAMPLES = 128
"""Samples of the batch, at most."""
ALL_PARAMETERS = 2_000
"""Up to so many parameters all are compared."""
MOST_PARAMETERS = 100
"""Beyond, so many of a layer, at most."""


@dataclass(frozen=True)
class ScenarioCheck:
    """What a check of a scenario found.

    Attributes:
        title: the scenario's.
        loss, output: what is minimized, and what the network's end is.
        l1, l2: the penalties.
        samples, of_samples: how many the batch has, and how many the scenario's own would have.
        names, functions: the layers' names, and their activations; of the last layer the output function.
        sampled: whether only a part of the parameters was compared.
        seed: what that part was drawn from.
        found: the check itself.
    """

    title: str
    loss: str
    output: str
    l1: float
    l2: float
    samples: int
    of_samples: int
    names: tuple[str, ...]
    functions: tuple[str, ...]
    sampled: bool
    seed: int
    found: GradientCheck


def check_scenario(scenario: Scenario) -> ScenarioCheck:
    """Builds the scenario's network in float64 and compares its gradient with differences, dropout off.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario, or a scenario without a network.
    """
    refusal = ScenarioError("a surface has no network whose gradient could be checked", key="data.kind")
    KINDS[scenario.data.kind].require("network", refusal)
    training = msgspec.structs.replace(scenario.training, dtype="float64")
    scenario = msgspec.structs.replace(scenario, training=training)
    dataset = load_dataset(scenario)
    head = resolve_head(scenario, dataset.task, dataset.answers)
    network = build_network(scenario, head, len(dataset.feature_names))
    penalties = training.regularization
    network.set_regularization(penalties.l1, penalties.l2)
    batch, whole = _first_batch(scenario, dataset, head)
    sampled = network.parameters.size > ALL_PARAMETERS
    with np.errstate(all="ignore"):
        found = check_gradient(network, batch, MOST_PARAMETERS if sampled else None, training.seed)
    hidden = [layer.activation.name for layer in network.layers if layer.activation is not None]
    return ScenarioCheck(
        title=scenario.title,
        loss=head.loss,
        output=head.output,
        l1=penalties.l1,
        l2=penalties.l2,
        samples=batch.inputs.shape[0],
        of_samples=whole,
        names=tuple(layer_names(len(network.layers))),
        functions=(*hidden, head.output),
        sampled=sampled,
        seed=training.seed,
        found=found,
    )


def _first_batch(scenario: Scenario, dataset: Dataset, head: Head) -> tuple[Batch, int]:
    """The first batch of training, cut to `MOST_SAMPLES`, and how many samples it had."""
    training, examples = scenario.training, dataset.train
    targets = target_rows(examples.targets, head, np.dtype(np.float64))
    stream = BatchStream(examples.inputs, targets, training.seed)
    stream.begin(training.mode, training.batch_size, 0)
    batch = stream.batch(0)
    cut = np.ascontiguousarray(batch.targets[:, :MOST_SAMPLES])
    return Batch(batch.inputs[:MOST_SAMPLES], cut), batch.inputs.shape[0]
