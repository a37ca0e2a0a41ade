"""Arguments of another type, from Python: each is refused in words, by its name, before anything is done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.data.errors import DataError
from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.replay import Outputs, Run
from tests.training.runs import scenario

ODD = (1.5, float("nan"), b"xor", {}, object(), np.array([1, 2]))


@pytest.fixture(scope="module")
def trained() -> Run:
    return nn_tui.replay("xor", {"epochs": 1})


def told(call: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    with pytest.raises((TypeError, ValueError)) as error:
        call(*arguments, **named)
    return str(error.value)


@pytest.mark.parametrize("odd", [*ODD, True, "3"], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    ("call", "names"),
    [
        (nn_tui.replay, ("resume", "init_from", "stop", "outputs", "every", "threads", "should_stop", "on_step")),
        (nn_tui.sweep, ("vary", "seeds", "points", "random", "workers", "cluster", "out", "on_trial")),
        (nn_tui.doctor, ("changes", "seeds", "processes")),
    ],
)
def test_arguments_of_another_type_are_refused_by_name(call: Any, names: tuple[str, ...], odd: Any) -> None:
    text = {"resume", "init_from", "cluster", "out"}
    mapping = {"vary", "changes"}
    numbers = {"seeds"} if isinstance(odd, np.ndarray) else set()
    for name in names:
        if (isinstance(odd, str) and name in text) or (isinstance(odd, dict) and name in mapping) or name in numbers:
            continue
        if callable(odd) and name in {"should_stop", "on_step", "on_trial"}:
            continue
        assert told(call, "xor", **{name: odd}).startswith(f"{name}: expected "), name


@pytest.mark.parametrize("odd", [*ODD, None, 3], ids=lambda value: type(value).__name__)
def test_what_is_no_scenario_and_no_path_is_refused(trained: Run, odd: Any) -> None:
    assert told(nn_tui.sweep, odd, {"lr": [0.1]}).startswith("scenario: expected a name, a path or a Scenario, found ")
    assert told(nn_tui.doctor, odd).startswith("scenario: expected a name, a path or a Scenario, found ")
    assert told(nn_tui.load, odd).startswith("path: expected a path, found ")
    assert told(trained.save, odd).startswith("path: expected a path, found ")
    assert odd is None or told(Outputs, odd).startswith("metrics: expected a path, found ")


def test_numbers_out_of_reach_are_refused() -> None:
    assert told(nn_tui.replay, "xor", threads=10**30) == (
        "threads: expected a whole number from 1 to 1024, found 1000000000000000000000000000000"
    )
    assert "workers: expected a whole number from 1 to 1024" in told(nn_tui.sweep, "xor", {"lr": [0.1]}, workers=-1)
    for budget in (0, -1, float("inf"), 10**400):
        assert told(nn_tui.doctor, "xor", budget=budget).startswith("budget: expected a number above 0, found ")


def test_seeds_and_values_come_from_anything_that_has_them() -> None:
    chosen = scenario(training={"epochs": 1})
    found = nn_tui.sweep(chosen, {"lr": np.array([0.1])}, seeds=iter([1, 2]), workers=1)  # type: ignore[arg-type]
    assert found.seeds == (1, 2)
    with pytest.raises(ScenarioError, match="vary: keys are text, found 3"):
        nn_tui.sweep(chosen, {3: [1]})  # type: ignore[dict-item]


def test_outputs_take_paths_as_text(tmp_path: Path) -> None:
    nn_tui.replay("xor", {"epochs": 1}, outputs=Outputs(model=str(tmp_path / "m.safetensors")))  # type: ignore[arg-type]
    assert nn_tui.load(str(tmp_path / "m.safetensors")).steps > 0


def test_a_doctor_takes_a_tables_target_from_its_changes(tmp_path: Path) -> None:
    rows = "".join(f"{n},{'pq'[n % 2]},{n % 7}\n" for n in range(40))
    (tmp_path / "t.csv").write_text(f"a,b,c\n{rows}")
    report = nn_tui.doctor(tmp_path / "t.csv", {"target": "b", "epochs": np.int64(2)}, budget=0.01)
    assert report.scenario


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ([[0.1, np.nan]], "inputs: row 0, column 'y': the value is missing"),
        ([[0.1, 0.2], [None, 0.2]], "inputs: row 1, column 'x': the value is missing"),
        (np.ma.array([[0.1, 0.2]], mask=[[False, True]]), "inputs: row 0, column 'y': the value is missing"),
        ([[np.inf, 0.1]], "inputs: row 0, column 'x': too large a number"),
        ([[1e300, 0.1]], "inputs: row 0, column 'x': too large a number"),
        ([[10**400, 0.1]], "found other values: int too large"),
        ([["a", "b"]], "found other values: could not convert"),
        ([[0.1, 0.2], [0.1]], "found rows of different lengths"),
        ([[1j, 0.2]], "found complex128"),
        (np.zeros((1, 2), "M8[D]"), "found datetime64[D]"),
        ({}, "found other values"),
    ],
)
def test_inputs_that_are_no_numbers_are_refused_and_not_given_a_class(trained: Run, inputs: Any, problem: str) -> None:
    for call in (trained.predict, trained.model.classify):
        with pytest.raises(DataError) as error:
            call(inputs)
        assert problem in str(error.value)


def test_no_rows_have_no_predictions(tmp_path: Path, trained: Run) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n" + "".join(f"{n},{'uv'[n % 2]},{'pq'[n % 2]}\n" for n in range(40)))
    coded = nn_tui.replay(tmp_path / "t.csv", {"epochs": 1})
    assert trained.predict(np.zeros((0, 2))).shape == coded.predict(np.zeros((0, 2))).shape == (0, 1)
    assert trained.model.classify(np.zeros((0, 2))) == coded.model.classify(np.zeros((0, 2), dtype=object)) == []


def test_a_column_that_a_frame_lacks_is_named(trained: Run) -> None:
    class Frame:
        columns = ("x", "z")

        def to_numpy(self) -> None: ...

    with pytest.raises(DataError, match="inputs: there is no column 'y'"):
        trained.predict(Frame())  # type: ignore[arg-type]
