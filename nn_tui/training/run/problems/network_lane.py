"""A network in training: its batches, scores and probes."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import PASS_SAMPLES, Batch
from nn_tui.engine.probes import FIRST_SAMPLES, LayerProbe, Noted, Probes, layer_names
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.lanes import LaneEntry
from nn_tui.scenario.schema import EarlyStop, HandWeight, Scenario
from nn_tui.training.run.choosing import further_metrics, quality
from nn_tui.training.run.class_weights import sample_weights
from nn_tui.training.run.data_summary import DataSummary, summarize_data
from nn_tui.training.run.early_stop import Best, check_early_stop, early_stop_part
from nn_tui.training.run.metrics import accuracy, r_squared
from nn_tui.training.run.problems.architecture import build_network, layer_specs, resolve_head
from nn_tui.training.run.problems.batches import BatchStream
from nn_tui.training.run.problems.examples import ExampleSets
from nn_tui.training.run.problems.hand_weights import place_of
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.row_plan import RowPlan, row_plan
from nn_tui.training.run.rows import NetworkRow, Score, network_columns
from nn_tui.training.run.state import DivergedError, LaneState
from nn_tui.training.run.work import Work, row_work, step_work

QUICK_SAMPLES = FIRST_SAMPLES
"""Examples of a quick score: of the training set those that a probe begins with."""


class WatchedTerms(NamedTuple):
    """The symbols of the optimizer's formula before a step, at the parameter with the largest gradient.

    Attributes:
        parameter: its place in the flat vector.
        values: as `Optimizer.terms` gives them.
    """

    parameter: int
    values: dict[str, float]


class NetworkLane(Lane):
    """A variant of a scenario whose problem is data.

    Attributes:
        dataset: what is learned from.
        network: at the present parameters.
        train, test: the examples; `test` may be empty.
        quality_name: "accuracy" or "r2".
        watched_terms: what the optimizer's formula was about in the last watched step, or None.
        best: the best parameters so far, where the scenario stops early.
    """

    def __init__(self, entry: LaneEntry, scenario: Scenario, dataset: Dataset, sets: ExampleSets) -> None:
        """
        Raises:
            ScenarioError: when loss, output or what it stops early by do not suit the data.
        """
        check_early_stop(scenario, dataset)
        self.dataset = dataset
        self._head = resolve_head(scenario, dataset.task, dataset.answers)
        self.network = build_network(scenario, self._head, len(dataset.feature_names))
        of_classes = dataset.task != "regression"
        self.quality_name = "accuracy" if of_classes else "r2"
        self._quality = accuracy if of_classes else r_squared
        self._sets = sets
        self.train, self.test = sets.train, sets.test
        self._stream = BatchStream(self.train.inputs, self.train.targets, scenario.training.seed)
        self._probes = Probes(self.network, sets.probe.inputs)
        self._noted: Noted | None = None
        self.best = Best()
        self.watched_terms: WatchedTerms | None = None
        super().__init__(entry, scenario, self.network)

    # -- steps ---------------------------------------------------------------------------------------------------

    def _open_pass(self) -> None:
        training = self.scenario.training
        self._stream.begin(training.mode, training.batch_size, self._pass_start)
        self.steps_per_epoch = self._stream.steps_per_pass

    def next_batch(self) -> tuple[Batch, np.ndarray[tuple[int], np.dtype[np.intp]]]:
        """What the step to come learns from, and which training examples, counted from 0, these are."""
        return self._batch(), self._stream.rows(self.position)

    def _batch(self) -> Batch:
        key = (self.scenario.training.seed, self.steps) if self._drops else None
        batch = self._stream.batch(self.position, key)
        if self._weights is None:
            return batch
        return batch._replace(weights=self._weights[self._stream.rows(self.position)])

    def _settle(self, batch: Batch) -> None:
        if self.network.statistics.size:
            self.network.last_pass(batch.inputs.shape[0]).follow()

    @property
    def vectors(self) -> tuple[Array, ...]:
        """The parameters, and the running means where there are any."""
        return tuple(self._arrays.values())

    @property
    def _arrays(self) -> dict[str, Array]:
        """What the network computes with."""
        own = {"parameters": self.network.parameters, "statistics": self.network.statistics}
        return {name: array for name, array in own.items() if array.size}

    def _copies(self) -> dict[str, Array]:
        return {name: array.copy() for name, array in self._arrays.items()}

    def _forget_watched(self) -> None:
        self._noted = None

    def _watch(self) -> None:
        self._noted = self._probes.note(self.network.gradient, self.network.parameters.copy())

    def _explain(self) -> None:
        index = int(np.abs(self.network.gradient).argmax())
        self.watched_terms = WatchedTerms(index, self.optimizer.terms(index, self.learning_rate))

    def _diverged(self, batch: Batch, loss: float) -> DivergedError:
        names = layer_names(len(self.network.layers))
        origin = self.network.first_non_finite(batch.inputs.shape[0])
        if origin is not None:
            return DivergedError(self.steps + 1, names[origin[0]], origin[1])
        if not math.isfinite(loss):
            return DivergedError(self.steps + 1, names[-1], "loss")
        largest = [float(np.abs(layer.augmented_gradient).max()) for layer in self.network.layers]
        return DivergedError(self.steps + 1, names[largest.index(max(largest))], "gradient norm")

    # -- stopping early ------------------------------------------------------------------------------------------

    def _end_pass(self) -> None:
        rule = self.scenario.training.early_stop
        if not rule.patience or self.divergence is not None:
            return
        if self.epoch >= rule.from_epoch:
            self._judge(rule)
        if self.is_over:
            self._put_best_back()

    def finish(self) -> None:
        """Puts the best parameters back, where the scenario stops early."""
        if self.scenario.training.early_stop.patience and self.divergence is None:
            self._put_best_back()

    def _judge(self, rule: EarlyStop) -> None:
        part, metric = self.judged_by
        score = self.score(part)
        assert score is not None
        value = score.loss if metric == "loss" else quality(self.network, self.dataset, part, metric)
        beaten = self.best.is_beaten(value, rule)
        self.best = Best(value, self.epoch, self.steps, 0, self._copies()) if beaten else self.best.without_this_epoch()
        self.has_stopped = self.best.stops(rule)

    @property
    def judged_by(self) -> tuple[str, str]:
        """The set of examples and the metric by which the scenario stops early."""
        rule = self.scenario.training.early_stop
        part = early_stop_part(rule, {name: len(examples) for name, examples in self._sets.whole.items()})
        assert part is not None
        return part, rule.metric.partition(".")[2]

    def _put_best_back(self) -> None:
        if self.best.arrays is not None and (self.has_stopped or self.scenario.training.early_stop.restore_at_end):
            for name, array in self._arrays.items():
                array[:] = self.best.arrays[name]
            self._forget_watched()

    def would_be_over(self, scenario: Scenario) -> bool:
        """Whether another scenario in force would end here."""
        rule = scenario.training.early_stop
        return super().would_be_over(scenario) or self.best.under(rule, self.scenario.training.early_stop).stops(rule)

    # -- looking -------------------------------------------------------------------------------------------------

    def score(self, part: str, quick: bool = False) -> Score | None:
        """How good the network is; None for an empty test set.

        Args:
            part: "train", "test" or "validation".
            quick: on a fixed sample of at most 256 examples instead of all.
        """
        with np.errstate(all="ignore"):
            return self._score(part, quick)

    def _score(self, part: str, quick: bool) -> Score | None:
        examples = self._sets.few[part] if quick else self._sets.whole[part]
        count = len(examples)
        if count == 0:
            return None
        inputs, targets = examples.inputs, examples.targets
        if count <= PASS_SAMPLES:
            loss, prediction = self.network.evaluate(inputs, targets)
            return Score(loss, self._quality(prediction, examples.truth), count)
        predictions, total = np.empty_like(targets), 0.0
        rooted = self.network.loss.rooted
        for start in range(0, count, PASS_SAMPLES):
            block = slice(start, start + PASS_SAMPLES)
            loss, prediction = self.network.evaluate(inputs[block], targets[:, block])
            predictions[:, block] = prediction
            # Means over blocks add up by their sizes; a root of a mean does only once it is squared again.
            total += (loss * loss if rooted else loss) * prediction.shape[1]
        mean = total / count
        return Score(math.sqrt(mean) if rooted else mean, self._quality(predictions, examples.truth), count)

    def probe(self) -> list[LayerProbe]:
        """Looks at every layer: at the last step's gradient and update if it was watched, else at the next batch's."""
        with np.errstate(all="ignore"):
            return self._probe(passed=False)

    def _probe(self, passed: bool) -> list[LayerProbe]:
        # `passed`: whether what the network saw last are the first of the probe set.
        noted, self._noted = self._noted, None
        if noted is None:
            self.network.loss_and_gradient(self._batch())
            noted, passed = self._probes.note(self.network.gradient), False
        return self._probes.look(noted, passed)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds."""
        return network_columns(len(self.network.layers), self.quality_name, "validation" in self._sets.whole)

    @property
    def score_names(self) -> tuple[str, ...]:
        """Loss and quality."""
        return ("loss", self.quality_name)

    def row(self, quick: bool = False) -> NetworkRow:
        """What is to be seen after this step.

        Args:
            quick: score at most 256 examples of each set instead of all.
        """
        with np.errstate(all="ignore"):
            test = self._score("test", quick)
            train = self._score("train", quick)
            validation = self._score("validation", quick) if "validation" in self._sets.whole else None
            # A look at so few begins with a pass over the very examples that were just scored.
            probes = self._probe(passed=quick or len(self.train) <= QUICK_SAMPLES)
        assert train is not None
        return NetworkRow(
            self.steps, self.progress, self.learning_rate, self.quality_name, train, test, probes, validation
        )

    def recalled(self, values: Sequence[float]) -> NetworkRow:
        """The row whose numbers, in the order of the columns, these are."""
        units = [layer.units for layer in self.network.layers]
        return NetworkRow.of_flat(values, units, self.quality_name, "validation" in self._sets.whole)

    def scores(self, quick: bool = False) -> dict[str, float]:
        """Loss and quality on the training set."""
        score = self.score("train", quick)
        assert score is not None
        return {"loss": score.loss, self.quality_name: score.quality}

    def loss_on(self, part: str) -> float:
        """The loss on all examples of a set that there is."""
        score = self.score(part)
        assert score is not None
        return score.loss

    def early_stop(self) -> dict[str, Any]:
        """`stopped_at`, `best_epoch` and `chosen_on` of a summary; None each where nothing stops it early."""
        if not self.scenario.training.early_stop.patience:
            return super().early_stop()
        return {
            "stopped_at": self.steps if self.has_stopped else None,
            "best_epoch": self.best.epoch or None,
            "chosen_on": self.judged_by[0],
        }

    def results(self) -> dict[str, dict[str, float]]:
        """Loss and quality on each set of examples there is; of a regression its errors in the targets' own units, of
        classes what tells of each one by itself."""
        found = {}
        for name in self._sets.whole:
            if (score := self.score(name)) is not None:
                errors = further_metrics(self.network, self.dataset, name)
                found[name] = {"loss": score.loss, self.quality_name: score.quality} | errors
        return found

    def data_summary(self) -> DataSummary:
        """What it learns from, in figures."""
        return summarize_data(self.dataset)

    @property
    def probe_targets(self) -> Array:
        """The targets (outputs, n) of `probe_inputs`."""
        return self._sets.probe.targets

    @property
    def probe_inputs(self) -> Array:
        """What units are probed on (n, features + 1): the training set, or a fixed sample of it."""
        return self._sets.probe.inputs

    @property
    def work(self) -> Work:
        """What steps and rows cost under the scenario in force."""
        others = [len(examples) for name, examples in self._sets.whole.items() if name != "train"]
        rows = (row_work(self.sizes, len(self.train), others, whole) for whole in (False, True))
        return Work(self.step_work, *rows)

    @property
    def step_work(self) -> float:
        """What a step costs, in seconds of work."""
        batch = math.ceil(len(self.train) / self.steps_per_epoch)
        return step_work(self.sizes, batch, len(self.optimizer.state))

    @property
    def sizes(self) -> list[int]:
        """The network's inputs, and the units of every layer."""
        return [self.network.inputs, *(layer.units for layer in self.network.layers)]

    @property
    def row_plan(self) -> RowPlan:
        """After which steps rows are due under the scenario in force."""
        steps = self.scenario.training.epochs * self.steps_per_epoch
        return row_plan(self.work, self.steps_per_epoch, min(steps, self.scenario.training.steps or steps))

    # -- changing, going back ------------------------------------------------------------------------------------

    def check(self, scenario: Scenario) -> None:
        """Refuses what needs another network.

        Raises:
            ScenarioError: for such a change.
        """
        old = self.scenario
        structure = (scenario.data, scenario.network.init, scenario.training.seed, scenario.training.dtype)
        layers, before = (
            [(spec.units, spec.normalization) for spec in layer_specs(one.network)] for one in (scenario, old)
        )
        if structure != (old.data, old.network.init, old.training.seed, old.training.dtype) or layers != before:
            raise ScenarioError(
                "data, layers, normalization, initializer, seed and dtype apply on reset, not to a running net"
            )
        head = resolve_head(scenario, self.dataset.task, self.dataset.answers)
        if head.units != self._head.units:
            raise ScenarioError(
                f"{head.loss} wants {head.units} output units, the running net has {self._head.units}; "
                "it applies on reset",
                key="training.loss",
            )
        check_early_stop(scenario, self.dataset)
        sample_weights(scenario.training.class_weight, self.dataset)

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields."""
        if scenario.training.optimizer.name != self.scenario.training.optimizer.name:
            self.watched_terms = None
        self.best = self.best.under(scenario.training.early_stop, self.scenario.training.early_stop)
        super().change(scenario)
        self.has_stopped = self.best.stops(scenario.training.early_stop)

    def check_weights(self, weights: Sequence[HandWeight]) -> None:
        """Refuses weights that the network does not have.

        Raises:
            ScenarioError: for one.
        """
        for weight in weights:
            place_of(weight, self.network)

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets weights and biases to values chosen by hand; the optimizer's state stays."""
        for weight in weights:
            self.network.parameters[place_of(weight, self.network)] = weight.value

    def _configure(self) -> None:
        super()._configure()
        self._head = resolve_head(self.scenario, self.dataset.task, self.dataset.answers)
        self.network.set_hidden(layer_specs(self.scenario.network))
        self.network.set_loss(self._head.loss, self._head.output)
        penalties = self.scenario.training.regularization
        self.network.set_regularization(penalties.l1, penalties.l2)
        self._drops = any(layer.dropout for layer in self.network.layers)
        self._weights = sample_weights(self.scenario.training.class_weight, self.dataset)

    def restore(self, scenario: Scenario, state: LaneState) -> None:
        """Goes to a state of this lane, or of another with the same structure."""
        self.best = state.best or Best()
        super().restore(scenario, state)
        for name, array in state.more.items():
            self._arrays[name][:] = array
        self.watched_terms = None
        self.has_stopped = self.best.stops(scenario.training.early_stop)

    def state(self) -> LaneState:
        """A copy of all it takes to go on from here."""
        more = {name: array for name, array in self._copies().items() if name != "parameters"}
        best = self.best if self.scenario.training.early_stop.patience else None
        return replace(super().state(), best=best, more=more)
