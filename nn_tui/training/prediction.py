"""What a model makes of samples: each with its answer, all together with how good the answers are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.samples import MOST_SAMPLES, Samples
from nn_tui.data.tables.reading import read_sheet
from nn_tui.data.tables.rows import row_hashes
from nn_tui.data.tables.selection import place_of
from nn_tui.data.tables.table import known_targets
from nn_tui.engine.arrays import Array
from nn_tui.floats import Floats
from nn_tui.scenario.errors import ScenarioError
from nn_tui.shown import shown
from nn_tui.training.assessment import ClassAssessment, ValueAssessment, assess_classes, assess_values
from nn_tui.training.files.model import Model, data_digest
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.table_loading import format_of, targets_of


class ClassPrediction(msgspec.Struct, frozen=True, kw_only=True, rename={"answer": "class"}):
    """The class of one sample.

    Attributes:
        sample: what it is called.
        answer: the likeliest class.
        probability: of that class; None where the output gives no probabilities.
        runner_up, runner_up_probability: the class after it.
        truth: the class it is of, or None if that is not known.
        scores: the output for every class, in the order of the model's classes.
    """

    sample: str
    answer: str
    probability: float | None
    runner_up: str
    runner_up_probability: float | None
    truth: str | None
    scores: tuple[float, ...]


class ValuePrediction(msgspec.Struct, frozen=True, kw_only=True):
    """The value of one sample, in the target's own units.

    Attributes:
        sample: what it is called.
        value: what is predicted; of several targets one each.
        truth: what it is, or None if that is not known.
    """

    sample: str
    value: float | tuple[float, ...]
    truth: float | tuple[float, ...] | None


class Predictions(msgspec.Struct, frozen=True, kw_only=True):
    """All answers.

    Attributes:
        scenario: the title of the model's scenario.
        steps: steps the model was trained for.
        target: what is predicted; of several targets a name each.
        class_names: in the order of `scores`; empty in a regression.
        samples: each answer.
        assessment: how good they are, on the samples whose truth is known; None without any.
    """

    scenario: str
    steps: int
    target: str | tuple[str, ...]
    class_names: tuple[str, ...]
    samples: tuple[ClassPrediction, ...] | tuple[ValuePrediction, ...]
    assessment: ClassAssessment | ValueAssessment | None


@dataclass(frozen=True)
class InputRows:
    """Samples as the network takes them.

    Attributes:
        names: what each is called.
        inputs: shape (n, features), mapped and scaled.
        targets: class numbers, or values in the targets' own units, shape (n, targets); NaN where unknown.
        picked: whether they are single samples of the test set: too few, and too much chosen, to judge a model by.
    """

    names: tuple[str, ...]
    inputs: Array
    targets: Floats
    picked: bool = False

    def rows(self, chosen: Sequence[int]) -> "InputRows":
        """Samples picked by number."""
        names = tuple(self.names[number] for number in chosen)
        return InputRows(names, self.inputs[chosen], self.targets[chosen], picked=True)


def batch_of(model: Model, samples: Samples) -> InputRows:
    """Raw samples made ready.

    Raises:
        DataError: for samples of another width than the model's.
    """
    if (count := len(samples.names)) > MOST_SAMPLES:
        raise DataError(f"{count:,} samples are too many at a time; at most {MOST_SAMPLES:,} are predicted")
    unknown = np.full((len(samples.names), len(model.target_names)), np.nan)
    inputs = model.prepare_coded(samples.inputs)
    return InputRows(samples.names, inputs, unknown if samples.targets is None else samples.targets)


def joined(batches: Sequence[InputRows]) -> InputRows:
    """One batch of several, in their order."""
    if len(batches) == 1:
        return batches[0]
    names = tuple(name for batch in batches for name in batch.names)
    return InputRows(
        names,
        np.concatenate([batch.inputs for batch in batches]),
        np.concatenate([batch.targets for batch in batches]),
        all(batch.picked for batch in batches),
    )


def own_test_set(model: Model, notes: list[str] | None = None) -> InputRows:
    """The test set of the model's own scenario.

    Of a table that has changed since, it is the very rows that were kept for testing, told by their content.

    Args:
        model: whose data they are.
        notes: takes what a person should know.

    Raises:
        ModelError: for data that cannot be read, are no longer those of the model, or have no test set.
    """
    notes = [] if notes is None else notes
    try:
        data = load_dataset(model.scenario)
    except ScenarioError as error:
        if model.test_hashes is None:
            raise ModelError(f"the test set of the model's scenario: {error}") from error
        return _kept_rows(model, notes)
    if model.data_digest and data_digest(data) != model.data_digest:
        return _kept_rows(model, notes)
    if (data.columns, data.features, data.class_names) != (model.columns, model.features, model.class_names):
        raise ModelError("the data of the model's scenario have other columns or classes now than it was trained on")
    if len(data.test) == 0:
        raise ModelError("the model's scenario keeps no test set (data.test_share is 0); name samples of another kind")
    targets = model.target_scaling.undo(data.test.targets.reshape(len(data.test), -1))
    # The last column is the ones that a bias multiplies, which the network adds by itself.
    inputs = data.test.inputs[:, :-1]
    return InputRows(_numbered(len(inputs)), inputs, targets)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"test {number}" for number in range(count))


def _kept_rows(model: Model, notes: list[str]) -> InputRows:
    """Those rows of a changed table that were kept for testing."""
    data, coding = model.scenario.data, model.coding
    changed = f"{data.test_path or data.path} has changed since the model was trained"
    if coding is None or model.test_hashes is None or data.path is None:
        raise ModelError(f"{changed}, and what its test set was is not in the model; name samples, or train it anew")
    path = Path(data.test_path or data.path)
    try:
        sheet = read_sheet(path, format_of(data), targets_of(data))
        places = [place_of(sheet, column.name if sheet.named else column.place, "path") for column in coding.columns]
        targets = [place_of(sheet, name, "target") for name in targets_of(data)]
        answers = np.column_stack([known_targets(sheet, place, model.class_names, "none") for place in targets])
        inputs = coding.encoded(sheet, places, "zeros")
    except DataError as error:
        told = str(error)
        # What cannot be read has not changed, and is named once.
        raise ModelError(f"{changed}: {told.removeprefix(f'{shown(path)}: ')}" if path.is_file() else told) from error
    known = np.flatnonzero(~np.isnan(answers).any(axis=1))
    hashes = row_hashes(inputs[known], answers[known], model.class_names)
    rows = known[np.isin(hashes, model.test_hashes)]
    if len(rows) == 0:
        raise ModelError(f"{changed}: none of the {len(model.test_hashes):,} rows kept for testing is in it any more")
    there = len(np.unique(hashes[np.isin(hashes, model.test_hashes)]))
    wanted = len(np.unique(model.test_hashes))
    notes.append(f"{changed}; tested on the {there:,} of {wanted:,} rows kept for testing that are still in it")
    coding.fill(inputs)
    return InputRows(_numbered(len(rows)), model.prepare_coded(inputs[rows]), answers[rows])


def predict(model: Model, batch: InputRows) -> Predictions:
    """The model's answers."""
    outputs = model.predict_prepared(batch.inputs)
    known = np.flatnonzero(~np.isnan(batch.targets).any(axis=1))
    answers: tuple[ClassPrediction, ...] | tuple[ValuePrediction, ...]
    assessment: ClassAssessment | ValueAssessment | None = None
    if model.task == "regression":
        values = outputs.astype(np.float64)
        is_known = np.zeros(len(values), dtype=bool)
        is_known[known] = True
        answers = tuple(
            ValuePrediction(sample=name, value=_plain(value), truth=_plain(truth) if there else None)
            for name, value, truth, there in zip(
                batch.names, values.tolist(), batch.targets.tolist(), is_known.tolist(), strict=True
            )
        )
        if len(known):
            assessment = assess_values(values[known], batch.targets[known])
    else:
        scores = model.class_scores(outputs)
        answers = _classes(model, batch, scores)
        if len(known):
            truth = batch.targets[known, 0].astype(np.intp)
            assessment = assess_classes(scores.argmax(axis=1)[known], truth, model.class_names)
    return Predictions(
        scenario=model.scenario.title,
        steps=model.steps,
        target=model.target_names[0] if len(model.target_names) == 1 else model.target_names,
        class_names=model.class_names,
        samples=answers,
        assessment=assessment,
    )


def _plain(values: list[float]) -> float | tuple[float, ...]:
    return values[0] if len(values) == 1 else tuple(values)


def _classes(model: Model, batch: InputRows, scores: Array) -> tuple[ClassPrediction, ...]:
    names, probable = model.class_names, model.gives_probabilities
    best = scores.argmax(axis=1)
    others = scores.copy()
    np.put_along_axis(others, best[:, np.newaxis], -np.inf, axis=1)
    second = others.argmax(axis=1)
    answers = []
    truths = batch.targets[:, 0].tolist()
    rows = zip(batch.names, scores.tolist(), best.tolist(), second.tolist(), truths, strict=True)
    for sample, row, first, next_best, truth in rows:
        answers.append(
            ClassPrediction(
                sample=sample,
                answer=names[first],
                probability=row[first] if probable else None,
                runner_up=names[next_best],
                runner_up_probability=row[next_best] if probable else None,
                truth=None if np.isnan(truth) else names[int(truth)],
                scores=tuple(row),
            )
        )
    return tuple(answers)
