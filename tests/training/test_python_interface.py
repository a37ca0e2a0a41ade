"""`nn_tui.replay` from Python: what a run gives, and what is said of arguments that are wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.data.errors import DataError
from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.files.atomic import OutputError
from nn_tui.training.replay import Outputs
from tests.training.runs import scenario


def test_a_run_gives_history_network_and_summary() -> None:
    run = nn_tui.replay("xor", {"training.optimizer.name": "adam", "epochs": 30})
    assert run.summary.status == "finished"
    assert run.summary.epochs == run.history["epoch"][-1] == 30
    losses = run.history["train.loss"]
    assert losses.dtype == np.float64
    assert losses[-1] < losses[0]
    assert losses[-1] == pytest.approx(run.summary.train["loss"])
    assert run.network.predict(np.array([[0.5, -0.5], [0.5, 0.5]])).shape == (2, 1)
    assert run.scenario.training.epochs == 30
    assert isinstance(run, nn_tui.Run)


def test_the_network_takes_lists_and_says_what_shape_it_wants() -> None:
    network = nn_tui.replay("xor", {"training.steps": 3}).network
    assert network.predict([[0.5, -0.5]]) == network.predict(np.array([[0.5, -0.5]]))
    for wrong, found in (([0.5, -0.5], r"\(2,\)"), ([[0.5]], r"\(1, 1\)")):
        with pytest.raises(ValueError, match=rf"expected inputs of the shape \(n, 2\), found {found}"):
            network.predict(wrong)


def test_a_scenario_may_be_a_name_a_path_or_one(tmp_path: Path) -> None:
    from nn_tui.scenario.writing import dumps

    path = tmp_path / "mine.toml"
    path.write_text(dumps(scenario()))
    digests = {nn_tui.replay(given).summary.digest for given in (scenario(), path, str(path))}
    assert len(digests) == 1


def test_raw_inputs_are_mapped_and_scaled_and_predictions_scaled_back() -> None:
    run = nn_tui.replay("plane", {"data.scaling": "standard", "data.features": ["x", "y", "xy"], "epochs": 200})
    points = np.array([[0.5, 0.5], [-0.5, 0.1], [0.2, -0.9]])
    np.testing.assert_allclose(run.predict(points)[:, 0], points.mean(axis=1), atol=0.15)


def test_classes_come_as_probabilities() -> None:
    run = nn_tui.replay("iris")
    probabilities = run.predict([[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)
    assert probabilities.argmax(axis=1).tolist() == [0, 2]


def test_numpys_numbers_and_tables_can_be_given() -> None:
    rates = np.logspace(-3, -1, 3, dtype=np.float32)
    sizes = np.arange(2, 4)
    plain = nn_tui.replay("xor", {"lr": float(rates[1]), "hidden": [2, 3], "epochs": 2})
    ours = nn_tui.replay("xor", {"lr": rates[1], "network": {"hidden": sizes}, "training.epochs": np.int64(2)})
    listed = nn_tui.replay("xor", {"lr": rates[1], "hidden": [np.int32(2), {"units": np.int8(3)}], "epochs": 2})
    assert ours.summary.digest == plain.summary.digest == listed.summary.digest


def test_rows_come_as_often_as_is_asked_for_besides_the_scenarios_own() -> None:
    chosen = scenario(data={"samples": 4_000}, network={"hidden": [100, 100]}, training={"epochs": 2})
    run, plain = nn_tui.replay(chosen, every=50), nn_tui.replay(chosen)
    own = plain.history["step"].tolist()
    assert run.own_history["step"].tolist() == own
    assert run.history["step"].tolist() == sorted({*own, *range(0, run.summary.steps, 50)})
    assert run.summary.findings == plain.summary.findings


def test_a_caller_can_stop_a_run_and_look_at_each_step() -> None:
    seen: list[int] = []
    run = nn_tui.replay(
        scenario(), on_step=lambda session: seen.append(session.trainer.steps), should_stop=lambda: len(seen) == 7
    )
    assert seen == list(range(7))
    assert (run.summary.status, run.summary.steps) == ("interrupted", 7)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((), ValueError, "give a scenario, or a saved model to resume"),
        ((3,), TypeError, "scenario: expected a name, a path or a Scenario, found 3"),
        (({"title": "x"},), TypeError, "scenario: expected a name, a path or a Scenario, found a table"),
        (("xor", "epochs=3"), TypeError, 'changes: expected a mapping such as {"training.epochs": 5}, found the text'),
        (("xor", [("epochs", 3)]), TypeError, "found a list"),
        (("xorr",), ScenarioError, "no scenario 'xorr' in the catalog; did you mean 'xor'?"),
        (("no/such.toml",), ScenarioError, "'no/such.toml': no such file"),
        (("xor", {"lrr": 1}), ScenarioError, "changes: lrr: unknown key; did you mean 'training.optimizer.lr'?"),
        (("xor", {"lr": "fast"}), ScenarioError, "changes: training.optimizer.lr: expected a number above 0"),
        (("xor", {"lr": None}), ScenarioError, "changes: training.optimizer.lr: expected a number above 0"),
        (("xor", {"lr": np.nan}), ScenarioError, "found nan"),
        (("xor", {3: 4}), ScenarioError, "changes: keys are text, found 3"),
        (("xor", {"epochs": 2.5}), ScenarioError, "expected a whole number from 1 to 1000000000, found 2.5"),
    ],
)
def test_what_is_wrong_with_an_argument_is_told(arguments: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        nn_tui.replay(*arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("every", 0), ("every", -3), ("threads", 0)])
def test_numbers_below_1_are_refused(name: str, value: int) -> None:
    given: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"{name}: expected a whole number .*, found {value}"):
        nn_tui.replay("xor", **given)


def test_inputs_of_another_width_are_refused() -> None:
    run = nn_tui.replay("xor", {"epochs": 1})
    for wrong in ([[0.1, 0.2, 0.3]], [[0.1]], [0.1, 0.2], 3.0, [[[0.1, 0.2]]]):
        with pytest.raises(DataError):
            run.predict(wrong)


def test_an_output_that_cannot_be_written_is_refused_before_training(tmp_path: Path) -> None:
    outputs = Outputs(model=tmp_path / "no" / "model.safetensors")
    with pytest.raises(OutputError, match="there is no folder"):
        nn_tui.replay("xor", {"epochs": 1_000_000_000}, outputs=outputs)


def test_the_interface_is_typed_and_says_what_it_has() -> None:
    assert {"replay", "Run", "load", "Model"} <= set(dir(nn_tui))
    assert (Path(nn_tui.__file__).parent / "py.typed").exists()
    with pytest.raises(AttributeError, match="module 'nn_tui' has no attribute 'repaly'"):
        nn_tui.repaly  # noqa: B018
