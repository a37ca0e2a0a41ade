"""One run's network, optimizer and place in the data: takes a step, evaluates, probes, changes, goes back."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.engine.clipping import clip_norm, clip_value
from nn_tui.engine.network import PASS_SAMPLES, Batch
from nn_tui.engine.optimizers import OPTIMIZERS, Optimizer
from nn_tui.engine.probes import FIRST_SAMPLES, PROBE_SAMPLES, LayerProbe, Noted, Probes, layer_names
from nn_tui.engine.randomness import generator
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.run.architecture import build_network, layer_specs, resolve_head, target_rows
from nn_tui.training.run.batches import BatchStream
from nn_tui.training.run.examples import Examples
from nn_tui.training.run.hand_weights import place_of
from nn_tui.training.run.metrics import accuracy, r_squared
from nn_tui.training.run.recording import NetworkRow, Row, Score, network_columns
from nn_tui.training.run.row_plan import RowPlan, row_plan
from nn_tui.training.run.state import DivergedError, StateError, TrainerState
from nn_tui.training.run.work import Work, row_work, step_work


class WatchedTerms(NamedTuple):
    """The symbols of the optimizer's formula before a step, at the parameter with the largest gradient.

    Attributes:
        parameter: its place in the flat vector.
        values: as `Optimizer.terms` gives them.
    """

    parameter: int
    values: dict[str, float]


class Trainer:
    """Takes steps. Knows no clock, records nothing; `Session` does.

    Attributes:
        scenario: as changed so far.
        dataset: what is learned from.
        network: at the present parameters.
        train, test: the examples; `test` may be empty.
        steps: steps taken.
        epoch: passes completed.
        position: steps taken in the present pass.
        quality_name: "accuracy" or "r2".
        diverged_at: the step it could not take, in a race that goes on without it; else None.
        explains: whether watched steps keep their terms.
        watched_terms: what the optimizer's formula was about in the last watched step, or None.
    """

    def __init__(self, scenario: Scenario, dataset: Dataset) -> None:
        """
        Raises:
            ScenarioError: when loss or output do not suit the data.
        """
        self.scenario = scenario
        self.dataset = dataset
        head = resolve_head(scenario, dataset.task, dataset.answers)
        self._head = head
        self.network = build_network(scenario, head, len(dataset.feature_names))
        dtype = self.network.dtype
        of_classes = dataset.task != "regression"
        self.quality_name = "accuracy" if of_classes else "r2"
        self._quality = accuracy if of_classes else r_squared
        self.train, self.test = (
            Examples(part.inputs, target_rows(part.targets, head, dtype), of_classes=of_classes)
            for part in (dataset.train, dataset.test)
        )
        seed = scenario.training.seed
        self._stream = BatchStream(self.train.inputs, self.train.targets, seed)
        self._probe_rows = _probe_rows(len(self.train), seed)
        # The first rows of the probe set stand for the training set where a quick look must do.
        self._probe_inputs = self.train.inputs[self._probe_rows]
        self._probe_targets = np.ascontiguousarray(self.train.targets[:, self._probe_rows])
        few = slice(QUICK_SAMPLES)
        self._few = {
            "train": Examples(self._probe_inputs[few], self._probe_targets[:, few], of_classes=of_classes),
            "test": Examples(self.test.inputs[few], self.test.targets[:, few], of_classes=of_classes),
        }
        self._probes = Probes(self.network, self._probe_inputs)
        self.steps = self.epoch = self.position = 0
        self.diverged_at: int | None = None
        self._pass_start = 0
        self._noted: Noted | None = None
        self.explains = True
        self.watched_terms: WatchedTerms | None = None
        self.optimizer = self._fresh_optimizer()
        self._configure()
        self._begin_pass()

    # -- steps ---------------------------------------------------------------------------------------------------

    def step(self, watch: bool = False) -> float:
        """Takes one step.

        Args:
            watch: keep what `probe` needs to tell the step's gradient and update.

        Returns:
            The loss of the step's batch, before the step.

        Raises:
            DivergedError: when loss or gradient are not finite; nothing has changed then.
        """
        network = self.network
        gradient = network.gradient
        # A step that cannot be taken must not pass off as the one that was watched before.
        self._noted = None
        with np.errstate(all="ignore"):
            batch = self._batch()
            loss = network.loss_and_gradient(batch)
            square = float(gradient.dot(gradient))
            if not (math.isfinite(loss) and math.isfinite(square)):
                raise self._diverged(batch, loss)
            if watch:
                self._noted = self._probes.note(gradient, network.parameters.copy())
            if self._clips:
                self._clip(math.sqrt(square))
            if watch and self.explains:
                self.watched_terms = self._terms()
            self.optimizer.step(self.learning_rate)
        self.stand_by()
        return loss

    def stand_by(self) -> None:
        """Counts a step, by itself without taking it: what a lane of a race does that has diverged."""
        self.steps += 1
        self.position += 1
        if self.position == self._stream.steps_per_pass:
            self.epoch += 1
            self._begin_pass()

    def _terms(self) -> WatchedTerms:
        index = int(np.abs(self.network.gradient).argmax())
        return WatchedTerms(index, self.optimizer.terms(index, self.learning_rate))

    def next_batch(self) -> tuple[Batch, np.ndarray[tuple[int], np.dtype[np.intp]]]:
        """What the step to come learns from, and which training examples, counted from 0, these are."""
        return self._batch(), self._stream.rows(self.position)

    def _batch(self) -> Batch:
        key = (self.scenario.training.seed, self.steps) if self._drops else None
        return self._stream.batch(self.position, key)

    def _begin_pass(self) -> None:
        self.position = 0
        self._pass_start = self.steps
        training = self.scenario.training
        self._stream.begin(training.mode, training.batch_size, self._pass_start)

    def _clip(self, norm: float) -> None:
        clip = self.scenario.training.clip
        if clip.norm:
            clip_norm(self.network.gradient, clip.norm, norm)
        if clip.value:
            clip_value(self.network.gradient, clip.value)

    def _diverged(self, batch: Batch, loss: float) -> DivergedError:
        names = layer_names(len(self.network.layers))
        origin = self.network.first_non_finite(batch.inputs.shape[0])
        if origin is not None:
            return DivergedError(self.steps + 1, names[origin[0]], origin[1])
        if not math.isfinite(loss):
            return DivergedError(self.steps + 1, names[-1], "loss")
        largest = [float(np.abs(layer.augmented_gradient).max()) for layer in self.network.layers]
        return DivergedError(self.steps + 1, names[largest.index(max(largest))], "gradient norm")

    @property
    def learning_rate(self) -> float:
        """The rate of the next step: the optimizer's, times the schedule's factor."""
        lr = self.scenario.training.optimizer.lr
        if self._schedule is None:
            return lr
        return lr * self._schedule.factor(self.progress, self.scenario.training.epochs)

    @property
    def progress(self) -> float:
        """Epochs done, with the share of the present one."""
        return self.epoch + self.position / self._stream.steps_per_pass

    @property
    def steps_per_epoch(self) -> int:
        """Steps of a pass over the training set, in the present mode."""
        return self._stream.steps_per_pass

    @property
    def work(self) -> Work:
        """What steps and rows cost under the scenario in force."""
        weights, trained, tested = self.network.parameters.size, len(self.train), len(self.test)
        batch = math.ceil(trained / self.steps_per_epoch)
        return Work(
            step_work(weights, batch, len(self.optimizer.state)),
            row_work(weights, trained, tested, whole=False),
            row_work(weights, trained, tested, whole=True),
        )

    @property
    def row_plan(self) -> RowPlan:
        """After which steps rows are due under the scenario in force."""
        training = self.scenario.training
        steps = training.epochs * self.steps_per_epoch
        return row_plan(self.work, self.steps_per_epoch, min(steps, training.steps or steps))

    # -- looking -------------------------------------------------------------------------------------------------

    def score(self, part: str, quick: bool = False) -> Score | None:
        """How good the network is; None for an empty test set.

        Args:
            part: "train" or "test".
            quick: on a fixed sample of at most 256 examples instead of all.
        """
        with np.errstate(all="ignore"):
            return self._score(part, quick)

    def _score(self, part: str, quick: bool) -> Score | None:
        examples = self.train if part == "train" else self.test
        count = len(examples)
        if count == 0:
            return None
        if quick and count > QUICK_SAMPLES:
            examples, count = self._few[part], QUICK_SAMPLES
        inputs, targets = examples.inputs, examples.targets
        if count <= PASS_SAMPLES:
            loss, prediction = self.network.evaluate(inputs, targets)
            return Score(loss, self._quality(prediction, examples.truth), count)
        predictions, total = np.empty_like(targets), 0.0
        rooted = self.network.loss.name == "rmse"
        for start in range(0, count, PASS_SAMPLES):
            block = slice(start, start + PASS_SAMPLES)
            loss, prediction = self.network.evaluate(inputs[block], targets[:, block])
            predictions[:, block] = prediction
            # Means over blocks add up by their sizes; a root of a mean does only once it is squared again.
            total += (loss * loss if rooted else loss) * prediction.shape[1]
        mean = total / count
        return Score(math.sqrt(mean) if rooted else mean, self._quality(predictions, examples.truth), count)

    def probe(self, passed: bool = False) -> list[LayerProbe]:
        """Looks at every layer: at the gradient and update of the last step if it was watched, else at the gradient
        of the batch that comes next.

        Args:
            passed: whether what the network saw last are the first of the probe set.
        """
        with np.errstate(all="ignore"):
            return self._probe(passed)

    def _probe(self, passed: bool) -> list[LayerProbe]:
        noted, self._noted = self._noted, None
        if noted is None:
            self.network.loss_and_gradient(self._batch())
            noted, passed = self._probes.note(self.network.gradient), False
        return self._probes.look(noted, passed)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds."""
        return network_columns(len(self.network.layers), self.quality_name)

    def row(self, quick: bool = False) -> Row:
        """What is to be seen after this step.

        Args:
            quick: score at most 256 examples instead of all.
        """
        return self.network_row(quick)

    def network_row(self, quick: bool = False) -> NetworkRow:
        """What is to be seen of this one network."""
        with np.errstate(all="ignore"):
            test = self._score("test", quick)
            train = self._score("train", quick)
            # A look at so few begins with a pass over the very examples that were just scored.
            probes = self._probe(passed=quick or len(self.train) <= QUICK_SAMPLES)
        assert train is not None
        return NetworkRow(self.steps, self.progress, self.learning_rate, self.quality_name, train, test, probes)

    def recalled(self, values: Sequence[float]) -> Row:
        """The row whose numbers, in the order of the columns, these are."""
        return self.recalled_network(values)

    def recalled_network(self, values: Sequence[float]) -> NetworkRow:
        """The row of this one network whose numbers these are."""
        return NetworkRow.of_flat(values, [layer.units for layer in self.network.layers], self.quality_name)

    @property
    def vectors(self) -> tuple[Array, ...]:
        """The parameters that a digest is of."""
        return (self.network.parameters,)

    @property
    def probe_targets(self) -> Array:
        """The targets (outputs, n) of `probe_inputs`."""
        return self._probe_targets

    @property
    def probe_inputs(self) -> Array:
        """What units are probed on (n, features + 1): the training set, or a fixed sample of it."""
        return self._probe_inputs

    # -- changing ------------------------------------------------------------------------------------------------

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields.

        A new optimizer starts with fresh state, a new mode or batch size a fresh pass.

        Raises:
            ScenarioError: for a change that needs another network; nothing has changed then.
        """
        old = self.scenario
        structure = (scenario.data, scenario.network.init, scenario.training.seed, scenario.training.dtype)
        if structure != (old.data, old.network.init, old.training.seed, old.training.dtype) or [
            layer.units for layer in scenario.network.hidden
        ] != [layer.units for layer in old.network.hidden]:
            raise ScenarioError("data, layers, initializer, seed and dtype apply on reset, not to a running net")
        head = resolve_head(scenario, self.dataset.task, self.dataset.answers)
        if head.units != self._head.units:
            raise ScenarioError(
                f"{head.loss} wants {head.units} output units, the running net has {self._head.units}; "
                "it applies on reset",
                key="training.loss",
            )
        self.scenario = scenario
        self._head = head
        if scenario.training.optimizer.name != old.training.optimizer.name:
            self.optimizer = self._fresh_optimizer()
            self.watched_terms = None
        self._configure()
        batching = (scenario.training.mode, scenario.training.batch_size)
        if batching != (old.training.mode, old.training.batch_size):
            self._begin_pass()

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets weights and biases to values chosen by hand; the optimizer's state stays.

        Raises:
            ScenarioError: for one there is not; nothing has changed then.
        """
        places = [place_of(weight, self.network) for weight in weights]
        for place, weight in zip(places, weights, strict=True):
            self.network.parameters[place] = weight.value

    def _fresh_optimizer(self) -> Optimizer:
        chosen = self.scenario.training.optimizer
        return OPTIMIZERS[chosen.name](self.network.parameters, self.network.gradient, dict(chosen.settings))

    def _configure(self) -> None:
        """Brings network and optimizer in line with the scenario."""
        training = self.scenario.training
        self.network.set_hidden(layer_specs(self.scenario.network))
        self.network.set_loss(self._head.loss, self._head.output)
        self.network.set_regularization(training.regularization.l1, training.regularization.l2)
        self.optimizer.configure(dict(training.optimizer.settings))
        schedule = training.schedule
        self._schedule = None if schedule.name == "constant" else SCHEDULES[schedule.name](**schedule.settings)
        self._clips = bool(training.clip.norm or training.clip.value)
        self._drops = any(layer.dropout for layer in self.network.layers)

    # -- going back ----------------------------------------------------------------------------------------------

    def state(self) -> TrainerState:
        """A copy of all it takes to go on from here."""
        return TrainerState(
            scenario=self.scenario,
            steps=self.steps,
            epoch=self.epoch,
            position=self.position,
            pass_start=self._pass_start,
            parameters=self.network.parameters.copy(),
            optimizer_steps=self.optimizer.steps,
            optimizer_state={name: vector.copy() for name, vector in self.optimizer.state.items()},
            diverged_at=self.diverged_at,
        )

    def restore(self, state: TrainerState) -> None:
        """Goes to a state of this run, or of another with the same structure.

        Raises:
            StateError: for one of another network, or at a step its pass does not have; the trainer is of no use then.
        """
        if state.parameters.shape != self.network.parameters.shape:
            raise StateError(
                f"{state.parameters.size} parameters, where the network has {self.network.parameters.size}"
            )
        self.scenario = state.scenario
        self._head = resolve_head(state.scenario, self.dataset.task, self.dataset.answers)
        self.network.parameters[:] = state.parameters
        self.optimizer = self._fresh_optimizer()
        self.optimizer.steps = state.optimizer_steps
        for name, vector in state.optimizer_state.items():
            self.optimizer.state[name][:] = vector
        self._configure()
        self.steps, self.epoch, self.diverged_at = state.steps, state.epoch, state.diverged_at
        training = state.scenario.training
        self._stream.begin(training.mode, training.batch_size, state.pass_start)
        if not 0 <= state.position < self._stream.steps_per_pass:
            raise StateError(f"step {state.position + 1} of a pass, which has {self._stream.steps_per_pass}")
        self._pass_start, self.position = state.pass_start, state.position
        self._noted = self.watched_terms = None


QUICK_SAMPLES = FIRST_SAMPLES
"""Examples of a quick score: of the training set those that a probe begins with."""


def _probe_rows(samples: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Which training examples units are probed on: all of them, or a fixed sample."""
    rows = generator(seed, "probe").permutation(samples)[:PROBE_SAMPLES]
    return np.sort(rows) if samples <= QUICK_SAMPLES else rows
