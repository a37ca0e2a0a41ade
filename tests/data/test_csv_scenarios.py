"""A person's own table, from a scenario file to a trained network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn_tui
from nn_tui.scenario import catalogue
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import load
from nn_tui.scenario.writing import dumps
from nn_tui.training.replay import Outputs
from tests.data.tables import read_csv

SCENARIO = """
title = "My own table"
[data]
kind = "csv"
path = "data/table.csv"
target = "t"
scaling = "standard"
[network]
hidden = [3]
[training]
epochs = 3
"""
CLASSES = "x,y,t\n" + "".join(f"{n},{n % 5},{'big' if n > 9 else 'small'}\n" for n in range(20))
NUMBERS = "x,y,t\n" + "".join(f"{n},{n % 5},{n / 8}\n" for n in range(20))


@pytest.fixture
def scenario(tmp_path):
    """A scenario's file, its table in a folder beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "table.csv").write_text(CLASSES)
    (tmp_path / "mine.toml").write_text(SCENARIO)
    return tmp_path / "mine.toml"


def table(scenario, content):
    (scenario.parent / "data" / "table.csv").write_text(content)


def refused(scenario, content, extra, problem):
    table(scenario, content)
    scenario.write_text(SCENARIO + extra)
    with pytest.raises(ScenarioError) as caught:
        nn_tui.replay(scenario)
    assert str(caught.value).startswith(f"{scenario}: {problem}")
    assert str(caught.value).isprintable()


# -- the way there -------------------------------------------------------------------------------------------------


def test_a_table_of_classes_is_learned_and_new_rows_are_classified(scenario):
    run = nn_tui.replay(scenario, {"training.epochs": 200, "training.optimizer.name": "adam", "lr": 0.03})
    assert run.dataset.class_names == ("big", "small")
    assert run.summary.train["accuracy"] == 1.0
    probability = run.predict([[19.0, 4.0], [0.0, 0.0]])
    assert probability[0, 0] < 0.5 < probability[1, 0]


def test_a_table_of_numbers_is_learned_and_predicted_in_its_own_units(scenario):
    table(scenario, NUMBERS)
    run = nn_tui.replay(scenario, {"training.epochs": 400, "training.optimizer.name": "adam", "lr": 0.02})
    assert run.summary.train["r2"] > 0.98
    assert run.predict([[8.0, 3.0]]) == pytest.approx(1.0, abs=0.15)


@pytest.mark.usefixtures("scenario")
def test_a_path_is_taken_from_the_scenarios_folder(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert nn_tui.replay("../mine.toml").summary.status == "finished"


def test_a_path_given_from_outside_is_taken_from_the_current_folder(scenario, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "numbers.csv").write_text(NUMBERS)
    monkeypatch.chdir(tmp_path / "here")
    run = nn_tui.replay(scenario, {"data.path": "numbers.csv"})
    assert "r2" in run.summary.train
    assert run.scenario.data.path == str(tmp_path / "here" / "numbers.csv")


def test_what_is_shown_replays_to_the_same_digest_from_anywhere(scenario, tmp_path):
    (tmp_path / "far").mkdir()
    shown = tmp_path / "far" / "shown.toml"
    shown.write_text(dumps(load(scenario)))
    assert nn_tui.replay(shown).summary.digest == nn_tui.replay(scenario).summary.digest


@pytest.mark.usefixtures("scenario")
def test_what_is_recorded_replays_to_the_same_digest_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "far").mkdir()
    record = tmp_path / "far" / "record.toml"
    monkeypatch.chdir(tmp_path)
    nn_tui.replay("mine.toml", {"data.path": "data/table.csv"}, outputs=Outputs(record=record))
    assert nn_tui.replay(record).summary.passed


def test_order_of_rows_matters_and_way_of_writing_does_not(scenario):
    plain = nn_tui.replay(scenario).summary.digest
    table(scenario, "\ufeff" + CLASSES.replace(",", " ;").replace(" ;big", ";big").replace("\n", "\r\n"))
    assert nn_tui.replay(scenario, {"data.target": 2}).summary.digest == plain


# -- data that do not suit the scenario ----------------------------------------------------------------------------


def test_a_table_that_cannot_be_read_is_refused_by_key_file_line_and_column(scenario):
    where = f"data.missing: {scenario.parent / 'data' / 'table.csv'}: line 3, column 'y': the value is missing"
    refused(scenario, "x,y,t\n1,2,a\n3,,b\n4,1,a\n5,6,b\n", "", where)


def test_an_unknown_target_is_refused_by_its_key(scenario):
    refused(
        scenario, CLASSES.replace("t", "T", 1), "", f"data.target: {scenario.parent / 'data' / 'table.csv'}: line 1"
    )


@pytest.mark.parametrize(
    ("content", "extra", "problem"),
    [
        (
            CLASSES,
            '[[expect]]\nmetric = "test.r2"\nat_least = 0.5\n',
            "expect.1.metric: there is no test.r2 here, only",
        ),
        (
            NUMBERS,
            '[[expect]]\nmetric = "train.accuracy"\nat_least = 0.5\n',
            "expect.1.metric: there is no train.accurac",
        ),
        (NUMBERS, 'class_weight = "balanced"\n', "training.class_weight: weighs classes"),
        (
            CLASSES,
            "class_weight = { pig = 2 }\n",
            "training.class_weight: there is no class 'pig'; did you mean 'big'?",
        ),
        (
            NUMBERS,
            '[[timeline]]\nepoch = 2\nset = { "training.class_weight" = "balanced" }\n',
            "timeline.1.set.training.class_weight: weighs classes",
        ),
        (
            CLASSES,
            '[[timeline]]\nepoch = 2\nset = { "training.loss" = "ce" }\n',
            "timeline.1.set: ce behind softmax wants 2 outputs, not 1, which only a reset can give",
        ),
    ],
)
def test_what_only_the_data_can_tell_is_refused_before_training(scenario, content, extra, problem):
    refused(scenario, content, extra, problem)


def test_an_expectation_of_a_test_without_a_test_set_is_refused(scenario):
    scenario.write_text(
        SCENARIO.replace('"t"', '"t"\ntest_share = 0') + '[[expect]]\nmetric = "test.accuracy"\nat_least = 0.5\n'
    )
    with pytest.raises(ScenarioError, match=r"expect\.1\.metric: there is no test set .*, only train\.accuracy"):
        nn_tui.replay(scenario)


def test_without_a_test_set_nothing_is_expected_of_it():
    run = nn_tui.replay("iris", {"data.test_share": 0})
    assert run.summary.test is None
    assert [result.metric for result in run.summary.expectations] == ["train.accuracy"]
    assert run.summary.passed


def test_a_regression_behind_a_softmax_predicts_one_number_and_learns_nothing(scenario):
    table(scenario, NUMBERS)
    run = nn_tui.replay(scenario, {"network.output": "softmax"})
    first, second = run.predict([[0.0, 0.0], [5.0, 2.0]]).tolist()
    assert first == second
    assert (
        run.summary.digest
        == nn_tui.replay(scenario, {"network.output": "softmax", "training.epochs": 1}).summary.digest
    )


def test_the_message_says_how_the_task_was_found(scenario):
    refused(scenario, NUMBERS, 'class_weight = "balanced"\n', "training.class_weight: weighs classes")
    with pytest.raises(ScenarioError, match=r"is a regression, as data.task = auto takes it\)$"):
        nn_tui.replay(scenario)


def test_a_share_that_leaves_no_test_is_refused_by_its_key(scenario):
    table(scenario, "x,t\n1,2.5\n2,3.5\n")
    with pytest.raises(
        ScenarioError, match=r"mine.toml: data.test_share: a test share of 0.1 leaves none of 2 samples to test on$"
    ):
        nn_tui.replay(scenario, {"data.test_share": 0.1})


def test_more_weights_than_the_program_allows_are_refused_once_the_columns_are_known(scenario):
    wide = 4000
    names, row = ",".join(f"c{n}" for n in range(wide)), ",".join(["{n}"] * wide)
    table(scenario, f"{names},t\n" + "".join(f"{row.format(n=n)},{n / 3}\n" for n in range(4)))
    with pytest.raises(
        ScenarioError, match=r"mine.toml: network.hidden: with 4,000 inputs and 1 output the network has 50,"
    ):
        nn_tui.replay(scenario, {"network.hidden": [4096, 4096, 4096, 256]})


# -- extremes ------------------------------------------------------------------------------------------------------

EXTREME = st.sampled_from(["0", "1", "-1", "3e38", "-3e38", "1e-300", "-5e-324", "1e-40", "2", "0.1", "1e10"])


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.tuples(EXTREME, EXTREME, EXTREME), min_size=2, max_size=8),
    st.sampled_from(["none", "standard", "minmax"]),
    st.sampled_from(["auto", "classification", "regression"]),
    st.sampled_from([0.0, 0.3, 0.5]),
)
def test_extreme_numbers_end_in_a_run_or_in_one_message(tmp_path_factory, rows, scaling, task, share):
    folder = tmp_path_factory.mktemp("extremes", numbered=True)
    (folder / "table.csv").write_text("x,y,t\n" + "".join(",".join(row) + "\n" for row in rows))
    text = SCENARIO.replace("data/", "").replace('"standard"', f'"{scaling}"')
    (folder / "mine.toml").write_text(text)
    try:
        run = nn_tui.replay(folder / "mine.toml", {"data.task": task, "data.test_share": share, "training.epochs": 2})
    except ScenarioError:
        return
    assert run.summary.status in ("finished", "diverged")
    assert np.isfinite(run.network.parameters).all()


# -- what comes with the program -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["iris", "diabetes"])
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 11])
def test_a_scenario_on_real_data_reaches_what_it_promises_whatever_the_seed(name, seed):
    run = nn_tui.replay(name, {"training.seed": seed})
    assert run.summary.expectations
    assert [result for result in run.summary.expectations if not result.met] == []


def shipped(name, target):
    return read_csv(catalogue.folder() / f"{name}.csv", target, None, "auto")


def test_iris_is_fishers():
    iris = shipped("iris", "species")
    assert iris.class_names == ("setosa", "versicolor", "virginica")
    assert np.bincount(iris.targets.astype(int)).tolist() == [50, 50, 50]
    assert np.allclose(iris.inputs.mean(axis=0), [5.843333, 3.057333, 3.758, 1.199333])


def test_diabetes_is_as_it_was_measured():
    diabetes = shipped("diabetes", "progression")
    assert diabetes.task == "regression"
    assert diabetes.inputs.shape == (442, 10)
    assert diabetes.targets.mean() == pytest.approx(152.1335, abs=1e-4)
    assert diabetes.inputs[:, 0].mean() == pytest.approx(48.5181, abs=1e-4)


def test_the_files_are_what_scikit_learn_carries():
    datasets = pytest.importorskip("sklearn.datasets")
    for ours, original in (
        (shipped("iris", "species"), datasets.load_iris()),
        (shipped("diabetes", "progression"), datasets.load_diabetes(scaled=False)),
    ):
        assert np.array_equal(ours.inputs, original.data)
        assert np.array_equal(ours.targets, original.target)
