"""Each part of a frame against the same thing computed plainly."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.network import with_ones
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.floats import Floats
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.look.activation import activation_view
from nn_tui.training.look.answer import answer
from nn_tui.training.look.histograms import MOST_VALUES, histogram, layer_histograms
from nn_tui.training.look.parts import Histogram, Map
from nn_tui.training.look.plane import CURVE_POINTS, Plane, predictions
from nn_tui.training.look.schedule import schedule_curve
from nn_tui.training.look.series import series
from nn_tui.training.look.tested import MOST_IMAGES, confusion, images, try_out
from nn_tui.training.look.weights import first_weights, network_weights
from nn_tui.training.run.history import History
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.trace.network import trace_network
from nn_tui.training.worker.opening import raw_examples
from tests.training.runs import trainer_of


def trained(
    data: dict[str, Any], steps: int = 30, hidden: Any = (5, 4), loss: str = "auto", **network: Any
) -> NetworkLane:
    scenario = from_mapping(
        {
            "title": "seen",
            "data": data,
            "network": {"hidden": list(hidden), **network},
            "training": {"seed": 4, "loss": loss},
        }
    )
    trainer = trainer_of(scenario).lead
    for _ in range(steps):
        trainer.step()
    return trainer


def plane_of(trainer: NetworkLane) -> Plane:
    raw = raw_examples(trainer.scenario, trainer.dataset)
    assert raw is not None
    return Plane(trainer.dataset, raw.coordinates, raw.targets)


def places(found: Map) -> Floats:
    """Raw inputs of a map's cells, top row first, one after the other."""
    width, height = (found.x[1] - found.x[0]) / found.columns, (found.y[1] - found.y[0]) / found.rows
    return np.array(
        [
            (found.x[0] + (column + 0.5) * width, found.y[1] - (row + 0.5) * height)
            for row in range(found.rows)
            for column in range(found.columns)
        ]
    )


def levels(content: bytes) -> NDArray[np.float32]:
    return np.frombuffer(content, "<f4")


# -- maps ----------------------------------------------------------------------------------------------------------


BINARY_LOSSES = pytest.mark.parametrize("loss", ["bce", "ce"])
"""With one output, and with one for each class."""


@BINARY_LOSSES
def test_of_two_classes_a_map_holds_the_probability_of_class_1(loss: str) -> None:
    trainer = trained({"kind": "circle", "features": ["x2", "y", "siny"], "scaling": "standard"}, loss=loss)
    found = plane_of(trainer).boundary(trainer.network, (13, 7))
    expected = trainer.network.predict(trainer.dataset.transform(places(found)))[:, -1]
    np.testing.assert_allclose(levels(found.values), expected, rtol=1e-5)
    assert (found.columns, found.rows, found.low, found.high) == (13, 7, 0.0, 1.0)


def test_of_a_regression_a_map_holds_values_in_the_targets_own_units() -> None:
    trainer = trained({"kind": "gauss-surface", "scaling": "standard"})
    plane = plane_of(trainer)
    found = plane.boundary(trainer.network, (20, 30))
    scaled = trainer.network.predict(trainer.dataset.transform(places(found)))
    expected = trainer.dataset.target_scaling.undo(scaled.astype(np.float64))[:, 0]
    np.testing.assert_allclose(levels(found.values), expected, rtol=1e-4, atol=1e-5)
    raw = raw_examples(trainer.scenario, trainer.dataset)
    assert raw is not None
    assert (found.low, found.high) == (raw.targets.min(), raw.targets.max())


def test_of_several_classes_a_map_holds_the_winner_and_the_doubt_about_it(tmp_path: Any) -> None:
    path = tmp_path / "three.csv"
    rows = "\n".join(f"{i % 7},{i * i % 11},{'abc'[i % 3]}" for i in range(60))
    path.write_text(f"a,b,class\n{rows}\n")
    trainer = trained({"kind": "csv", "path": str(path), "target": "class", "scaling": "minmax"})
    found = plane_of(trainer).boundary(trainer.network, (9, 9))
    probability = trainer.network.predict(trainer.dataset.transform(places(found)))
    expected = probability.argmax(axis=1) + (1 - probability.max(axis=1)) / 2
    np.testing.assert_allclose(levels(found.values), expected, rtol=1e-5)
    assert found.high == 3.0


def test_a_map_shows_every_example() -> None:
    trainer = trained({"kind": "moons", "noise": 0.4})
    plane = plane_of(trainer)
    raw = raw_examples(trainer.scenario, trainer.dataset)
    assert raw is not None
    for axis, (low, high) in enumerate((plane.x, plane.y)):
        assert low < raw.coordinates[:, axis].min() < raw.coordinates[:, axis].max() < high


def test_each_unit_has_a_map_of_its_own() -> None:
    trainer = trained({"kind": "xor"}, activation="relu")
    plane, network = plane_of(trainer), trainer.network
    for layer in (0, 1, 2):
        found = plane.unit_maps(network, (6, 5), layer)
        inputs = trainer.dataset.transform(places(found[0]))
        value = inputs.T
        for index in range(layer + 1):
            dense = network.layers[index]
            value = dense.weight @ value + dense.bias[:, np.newaxis]
            value = np.maximum(value, 0) if index < 2 else 1 / (1 + np.exp(-value))
        assert len(found) == network.layers[layer].units
        for unit, values in zip(found, value, strict=True):
            np.testing.assert_allclose(levels(unit.values), values, rtol=1e-4, atol=1e-6)
            assert unit.low == 0.0
            assert unit.high == pytest.approx(values.max() or 1.0, rel=1e-5)


def test_a_units_map_with_both_signs_keeps_0_in_the_middle() -> None:
    trainer = trained({"kind": "xor"})
    found = plane_of(trainer).unit_maps(trainer.network, (6, 5), 0)[0]
    assert found.low == -found.high


@pytest.mark.parametrize("count", [1, 255, 256, 257, 600])
def test_predictions_in_blocks_are_those_of_the_whole(count: int) -> None:
    trainer = trained({"kind": "xor", "samples": 1000, "test_share": 0.0})
    inputs = trainer.train.inputs[:count]
    np.testing.assert_allclose(
        predictions(trainer.network, inputs).T, trainer.network.predict(inputs[:, :-1]), rtol=1e-6
    )


def test_a_fitted_curve_is_in_the_targets_own_units() -> None:
    trainer = trained({"kind": "sine", "scaling": "standard"})
    curve = plane_of(trainer).curve(trainer.network)
    x, y = np.frombuffer(curve.x), np.frombuffer(curve.y)
    assert len(x) == CURVE_POINTS
    scaled = trainer.network.predict(trainer.dataset.transform(x[:, np.newaxis])).astype(np.float64)
    np.testing.assert_allclose(y, trainer.dataset.target_scaling.undo(scaled)[:, 0], rtol=1e-4, atol=1e-6)


# -- numbers -------------------------------------------------------------------------------------------------------


def test_a_histogram_counts_what_numpys_does() -> None:
    values = np.random.default_rng(1).normal(size=(70, 30))
    found = histogram(values, 25)
    counts, edges = np.histogram(values, 25)
    assert found == Histogram(low=edges[0], high=edges[-1], counts=tuple(counts.tolist()))


def test_values_beyond_a_histograms_ends_count_in_the_outermost_bins() -> None:
    assert histogram(np.array([-9.0, 0.1, 0.9, 3.0, np.inf, np.nan]), 2, (0.0, 1.0)).counts == (2, 2)


@pytest.mark.parametrize("values", [np.zeros((3, 2)), np.full(4, 2.0), np.full(2, np.nan), np.empty(0)])
def test_a_histogram_of_next_to_nothing_has_bins_all_the_same(values: Floats) -> None:
    found = histogram(values, 4)
    assert found.low < found.high
    assert sum(found.counts) == np.isfinite(values).sum()


def test_values_next_to_nothing_apart_are_told_apart() -> None:
    # As gradients in float64 that vanish through many layers.
    assert histogram(np.array([0.0, 1e-310, 2e-310]), 4).counts == (1, 0, 1, 1)


def test_a_very_large_array_is_counted_by_a_sample_evenly_spread_that_stands_for_all() -> None:
    found = histogram(np.linspace(0.0, 1.0, 5 * MOST_VALUES), 10)
    assert sum(found.counts) == pytest.approx(5 * MOST_VALUES, rel=1e-3)
    assert max(found.counts) - min(found.counts) <= 5


def test_each_layers_weights_gradients_and_activations_are_counted() -> None:
    trainer = trained({"kind": "xor"})
    found = layer_histograms(trainer.network, trainer.probe_inputs, trainer.next_batch()[0])
    outputs = [*trainer.network.hidden_activations(trainer.probe_inputs)]
    for layer, dense in zip(found, trainer.network.layers, strict=True):
        assert layer.weights == histogram(dense.weight)
        assert layer.gradients == histogram(dense.augmented_gradient)
    assert [layer.activations for layer in found[:-1]] == [histogram(output) for output in outputs]


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_an_activation_is_shown_with_its_slope_and_its_layers_pre_activations(name: str) -> None:
    trainer = trained({"kind": "xor"}, activation=name)
    view = activation_view(trainer.network, trainer.probe_inputs, 0)
    x, value, slope = (np.frombuffer(part) for part in (view.x, view.value, view.derivative))
    np.testing.assert_allclose(value, ACTIVATIONS[name](x))
    # Apart from kinks, and to within what a difference over the distance of two points is off by.
    smooth = (np.abs(x) > 0.1) & (np.abs(np.abs(x) - 3.0) > 0.1)
    np.testing.assert_allclose(slope[smooth], np.gradient(value, x)[smooth], rtol=0.05, atol=0.02)
    layer = trainer.network.layers[0]
    z = layer.weight @ trainer.probe_inputs[:, :-1].T + layer.bias[:, np.newaxis]
    assert view.pre_activations == histogram(z, len(view.pre_activations.counts), (x[0], x[-1]))
    assert view.saturated_share == trainer.probe()[0].saturated_share


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_an_activation_is_saturated_outwards_of_where_its_output_counts_as_such(name: str) -> None:
    trainer = trained({"kind": "xor"}, activation=name)
    view = activation_view(trainer.network, trainer.probe_inputs, 0)
    x, value = np.frombuffer(view.x), np.frombuffer(view.value)
    below, above = ACTIVATIONS[name].saturates_below, ACTIVATIONS[name].saturates_above
    expected = np.zeros(len(x), bool)
    if below is not None:
        expected |= value <= below
    if above is not None:
        expected |= value >= above
    shown = np.zeros(len(x), bool)
    if view.saturated_below is not None:
        shown |= x <= view.saturated_below
    if view.saturated_above is not None:
        shown |= x >= view.saturated_above
    np.testing.assert_array_equal(shown, expected)


@pytest.mark.parametrize(
    ("kind", "loss", "output", "shape"),
    [
        ("xor", "bce", "sigmoid", "sigmoid"),
        ("xor", "ce", "softmax", "sigmoid"),
        ("line", "mse", "identity", "identity"),
    ],
)
def test_the_output_layer_shows_its_output_function(kind: str, loss: str, output: str, shape: str) -> None:
    trainer = trained({"kind": kind}, loss=loss)
    view = activation_view(trainer.network, trainer.probe_inputs, 2)
    assert view.name == output
    x = np.frombuffer(view.x)
    np.testing.assert_allclose(np.frombuffer(view.value), ACTIVATIONS[shape](x))


def test_every_weight_of_a_small_network_is_shown_and_how_active_its_units_are() -> None:
    trainer = trained({"kind": "xor"})
    found = network_weights(trainer.network, trainer.probe_inputs, trainer.next_batch()[0])
    assert found is not None
    hidden = trainer.network.hidden_activations(trainer.probe_inputs)
    for index, layer in enumerate(trainer.network.layers):
        np.testing.assert_array_equal(levels(found.weights[index]).reshape(layer.weight.shape), layer.weight)
        np.testing.assert_array_equal(levels(found.biases[index]), layer.bias)
    for activity, output in zip(found.activity[:-1], hidden, strict=True):
        np.testing.assert_allclose(levels(activity), np.abs(output).mean(axis=1), rtol=1e-5)


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_what_units_give_at_a_place_is_what_they_give_of_it_and_not_of_pixels_around(normalization: str) -> None:
    trainer = trained({"kind": "xor"}, hidden=[{"units": 5, "normalization": normalization}, 3])
    place = np.array([[0.31, -0.47]])
    inputs = with_ones(trainer.dataset.transform(place), trainer.network.dtype)
    wanted = [*trainer.network.hidden_activations(inputs), trainer.network.predict(inputs[:, :-1]).T]
    for layer, outputs in enumerate(wanted):
        told = answer(trainer.network, trainer.dataset, place.astype("<f8").tobytes(), layer)
        assert told is not None
        np.testing.assert_allclose(np.frombuffer(told.units), outputs[:, 0], rtol=1e-6)


@pytest.mark.parametrize("steps", [0, 7])
def test_a_weights_gradient_is_that_of_the_step_to_come_whatever_else_was_looked_at(steps: int) -> None:
    trainer = trained({"kind": "xor"}, steps=steps)
    wanted = trace_network(trainer).batch.gradient
    for also in (lambda: None, lambda: layer_histograms(trainer.network, trainer.probe_inputs, other_batch(trainer))):
        also()
        found = network_weights(trainer.network, trainer.probe_inputs, trainer.next_batch()[0])
        assert found is not None
        for told, layer in zip(found.gradients, wanted, strict=True):
            whole = np.column_stack((layer.weight, layer.bias))
            np.testing.assert_allclose(levels(told).reshape(whole.shape), whole, rtol=1e-5, atol=1e-9)


def other_batch(trainer: Any) -> Any:
    batch = trainer.next_batch()[0]
    return batch._replace(inputs=np.ascontiguousarray(batch.inputs[::-1]))


def test_a_large_network_is_not_drawn_unit_by_unit() -> None:
    trainer = trained({"kind": "xor"}, steps=0, hidden=[33])
    assert network_weights(trainer.network, trainer.probe_inputs, trainer.next_batch()[0]) is None


def test_looking_changes_no_parameter() -> None:
    watched, alone = (trained({"kind": "xor"}, activation="relu") for _ in range(2))
    plane = plane_of(watched)
    for _ in range(20):
        plane.boundary(watched.network, (40, 30))
        plane.unit_maps(watched.network, (10, 10), 1)
        layer_histograms(watched.network, watched.probe_inputs, watched.next_batch()[0])
        activation_view(watched.network, watched.probe_inputs, 0)
        network_weights(watched.network, watched.probe_inputs, watched.next_batch()[0])
        try_out(watched.network, watched.dataset, 1e6)
        watched.step()
        alone.step()
    np.testing.assert_array_equal(watched.network.parameters, alone.network.parameters)


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_the_learning_rate_is_shown_from_the_first_to_the_last_epoch(name: str) -> None:
    training = from_mapping(
        {
            "title": "rates",
            "data": {"kind": "xor"},
            "training": {"epochs": 50, "optimizer": {"lr": 0.5}, "schedule": {"name": name}},
        }
    ).training
    curve = schedule_curve(training)
    x, y = np.frombuffer(curve.x), np.frombuffer(curve.y)
    schedule = SCHEDULES[name](**training.schedule.settings)
    assert (x[0], x[-1]) == (0.0, 50.0)
    assert y.tolist() == [0.5 * schedule.factor(epoch, 50) for epoch in x]


# -- examples ------------------------------------------------------------------------------------------------------


@BINARY_LOSSES
def test_confusion_counts_every_example_of_the_test_set(loss: str) -> None:
    trainer = trained({"kind": "spiral"}, loss=loss)
    tested = try_out(trainer.network, trainer.dataset, 1e9)
    found = confusion(tested, 2)
    predicted = trainer.network.predict(trainer.dataset.test.inputs[:, :-1])
    classes = predicted.argmax(axis=1) if loss == "ce" else predicted[:, 0] > 0.5
    for target in (0, 1):
        for guess in (0, 1):
            assert found[target][guess] == ((trainer.dataset.test.targets == target) & (classes == guess)).sum()


def test_without_a_test_set_the_training_set_is_looked_at() -> None:
    trainer = trained({"kind": "xor", "test_share": 0.0})
    assert np.sum(confusion(try_out(trainer.network, trainer.dataset, 1e9), 2)) == 200


@pytest.fixture(scope="module")
def sketches() -> NetworkLane:
    return trained(
        {"kind": "fashion-sketch", "samples": 300, "test_samples": 600, "scaling": "standard"}, hidden=[20], steps=40
    )


def test_images_are_shown_as_they_were_before_scaling(sketches: NetworkLane) -> None:
    plain = load_dataset(
        from_mapping(
            {
                "title": "plain",
                "data": {"kind": "fashion-sketch", "samples": 300, "test_samples": 600},
                "training": {"seed": 4},
            }
        )
    )
    found = images(try_out(sketches.network, sketches.dataset, 1e12), sketches.dataset)
    assert len(found.samples) == MOST_IMAGES
    for sample in found.samples:
        gray = plain.test.inputs[sample.index, :-1] * 255
        np.testing.assert_allclose(np.frombuffer(sample.pixels, np.uint8), gray, atol=0.5)
        assert sample.target == plain.test.targets[sample.index]


def test_the_worst_mistakes_are_those_where_the_truth_was_thought_least_likely(sketches: NetworkLane) -> None:
    found = images(try_out(sketches.network, sketches.dataset, 1e12), sketches.dataset)
    probability = sketches.network.predict(sketches.dataset.test.inputs[:, :-1])
    targets = sketches.dataset.test.targets.astype(int)
    wrong = np.flatnonzero(probability.argmax(axis=1) != targets)
    of_truth = probability[wrong, targets[wrong]]
    assert (found.wrong, found.total) == (len(wrong), 600)
    assert [mistake.index for mistake in found.mistakes] == wrong[np.argsort(of_truth)][:MOST_IMAGES].tolist()
    for mistake in found.mistakes:
        assert mistake.probability == pytest.approx(probability[mistake.index].max(), rel=1e-5)
        assert mistake.predicted == probability[mistake.index].argmax() != mistake.target


def test_of_a_large_test_set_some_are_looked_at_and_the_same_images_shown(sketches: NetworkLane) -> None:
    few = images(try_out(sketches.network, sketches.dataset, 1.0), sketches.dataset)
    every = images(try_out(sketches.network, sketches.dataset, 1e12), sketches.dataset)
    assert 256 <= few.total < 300
    assert [sample.index for sample in few.samples] == [sample.index for sample in every.samples]


def test_the_first_layers_weights_are_its_units_pictures(sketches: NetworkLane) -> None:
    found = levels(first_weights(sketches.network)).reshape(20, 784)
    np.testing.assert_array_equal(found, sketches.network.layers[0].weight)


# -- series --------------------------------------------------------------------------------------------------------


def history(rows: int) -> History:
    recorded = History(["step", "loss", "never"], recent_rows=100, buckets=32)
    for step in range(rows):
        recorded.append([float(step), float((step * 37) % 101), float("nan")])
    return recorded


def test_a_short_history_is_shown_row_by_row() -> None:
    found = series(history(50), ["loss", "never", "unknown"], 60, False)
    assert list(found) == ["loss"]
    assert np.frombuffer(found["loss"].step).tolist() == list(range(50))
    assert np.frombuffer(found["loss"].value).tolist() == [float((step * 37) % 101) for step in range(50)]


@pytest.mark.parametrize("points", [8, 40, 400])
def test_a_long_history_is_a_line_through_the_ends_and_extremes_of_every_stretch(points: int) -> None:
    found = series(history(5000), ["loss"], points, False)["loss"]
    step, value = np.frombuffer(found.step), np.frombuffer(found.value)
    values = (np.arange(5000) * 37) % 101
    assert len(step) == len(value) <= points
    assert (np.diff(step) > 0).all()
    assert (step[0], step[-1]) == (0.0, 4999.0)
    assert value.tolist() == values[step.astype(int)].tolist()
    assert (value.min(), value.max()) == (values.min(), values.max())
    if points == 40:
        for start in range(0, 5000, 500):
            part = value[(step >= start) & (step < start + 500)]
            assert (part.min(), part.max()) == (0, 100)


def test_a_gap_stays_a_gap_and_infinity_stays_on_the_line() -> None:
    recorded = History(["step", "loss"])
    for number in range(1000):
        recorded.append([number, float("nan") if 300 <= number < 600 else float("inf") if number == 800 else 1.0])
    found = series(recorded, ["loss"], 40, False)["loss"]
    step, value = np.frombuffer(found.step), np.frombuffer(found.value)
    assert np.isnan(value[(step >= 300) & (step < 600)]).all()
    assert np.isinf(value[step == 800]).all()
    assert (step == 800).any()


def test_recent_series_are_the_latest_rows() -> None:
    found = series(history(5000), ["loss"], 10, True)["loss"]
    assert np.frombuffer(found.step).tolist() == list(range(4990, 5000))
