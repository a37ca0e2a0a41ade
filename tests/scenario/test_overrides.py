"""What `--set`, options and forms change, and what they say when they cannot."""

from pathlib import Path

import pytest

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply, parse_assignment
from nn_tui.scenario.schema import Layer, Scenario
from tests.scenario.scenarios import xor


def with_set(*assignments: str, scenario: Scenario | None = None) -> Scenario:
    return apply(scenario or xor(), dict(parse_assignment(text) for text in assignments))


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("training.optimizer.lr=0.1", "training.optimizer.lr", 0.1),
        (" epochs = 5 ", "epochs", 5),
        ("loss=mse", "loss", "mse"),
        ('loss="mse"', "loss", "mse"),
        ("hidden=[8, 8]", "hidden", [8, 8]),
        ("optimizer={name='sgd', lr=1}", "optimizer", {"name": "sgd", "lr": 1}),
        ("header=true", "header", True),
        ("title=a = b", "title", "a = b"),
        ("title=", "title", ""),
        ("title=[oops", "title", "[oops"),
        ("title=" + "[" * 3000, "title", "[" * 3000),
        ("lr=1\nepochs=3", "lr", "1\nepochs=3"),
    ],
)
def test_an_assignment_is_read_as_toml_or_else_as_text(text: str, key: str, value: object) -> None:
    assert parse_assignment(text) == (key, value)


@pytest.mark.parametrize("text", ["lr", "=3", "", " = "])
def test_what_is_no_assignment_is_told(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"^--set: expected KEY=VALUE, found '"):
        parse_assignment(text)


@pytest.mark.parametrize("key", ["training.optimizer.lr", "optimizer.lr", "lr"])
def test_a_key_can_be_named_by_its_end(key: str) -> None:
    assert with_set(f"{key}=0.25").training.optimizer.lr == 0.25


def test_the_topmost_key_of_a_name_is_meant() -> None:
    changed = with_set("epochs=7", "activation=relu")
    assert changed.training.epochs == 7
    assert changed.network.activation == "relu"


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("name=adam", "name: could be any of: network.init.name, training.optimizer.name, training.schedule.name"),
        ("lrr=1", "lrr: unknown key; did you mean 'training.optimizer.lr'?"),
        (
            "training.optimiser.name=adam",
            "training.optimiser.name: unknown key; did you mean 'training.optimizer.name'?",
        ),
        ("training.lr=1", "training.lr: unknown key; did you mean 'training.optimizer.lr'?"),
        ("training.learning_rate=1", "training.learning_rate: unknown key; did you mean 'training.optimizer.lr'?"),
        ("epoch=1", "epoch: unknown key; did you mean 'training.epochs'?"),
        ("precision=float64", "precision: unknown key; did you mean 'training.dtype'?"),
        ("rate=1", "rate: unknown key; did you mean 'training.optimizer.lr'?"),
        ("loss_function=mse", "loss_function: unknown key; did you mean 'training.loss'?"),
        ("activation-function=relu", "activation-function: unknown key; did you mean 'network.activation'?"),
        ("scheduler=cosine", "scheduler: unknown key; did you mean 'training.schedule'?"),
        ("gamma=0.9", "gamma: unknown key; did you mean 'training.schedule.decay'?"),
        ("alpha=0.1", "alpha: unknown key; did you mean 'training.optimizer.lr'?"),
        ("warmup=5", "warmup: unknown key; did you mean 'training.schedule'?"),
        ("regularizer=l2", "regularizer: unknown key; did you mean 'training.regularization'?"),
        ("step_size=30", "step_size: unknown key; did you mean 'training.schedule.every'?"),
        ("eps=1e-7", "eps: unknown key; did you mean 'training.optimizer.epsilon'?"),
        ("grad_clip=1", "grad_clip: unknown key; did you mean 'training.clip.norm'?"),
        ("Normalize=standard", "Normalize: unknown key; did you mean 'data.scaling'?"),
        ("no.such.thing.at.all=1", "no.such.thing.at.all: unknown key"),
        ("clip=1", "clip: is a table; set one of its keys: training.clip.norm, training.clip.value"),
        ("expect=[]", "expect: is written in the scenario's file, not set"),
        ("timeline.1.epoch=3", "timeline.1.epoch: is written in the scenario's file, not set"),
        ("hidden.3.dropout=0.5", "network.hidden.3.dropout: there is no hidden layer 3, only 2"),
        (
            "hidden.0.dropout=0.5",
            "hidden.0.dropout: expected a layer's number, counted from 1, in place of N: network.hidden.N.dropout",
        ),
        ("units=3", "units: expected a layer's number, counted from 1, in place of N: network.hidden.N.units"),
        ("seed=1.5", "training.seed: expected a whole number from 0 to 9223372036854775807, found 1.5"),
        ("lr=fast", "training.optimizer.lr: expected a number above 0 and at most 1000000, found the text 'fast'"),
        ("decay=1.5", "training.schedule.decay: expected a number above 0 and at most 1, found 1.5"),
        ("beta1=0.5", "training.optimizer.beta1: momentum has no beta1; it belongs to: adam, adamw"),
        ("\udcff=1", "'\\xff': unknown key"),
        ("title=\udcff", "title: the character U+DCFF is not allowed here, found '\\xff'"),
    ],
)
def test_what_cannot_be_set_is_told_with_its_key(assignment: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_set(assignment)
    assert str(caught.value) == f"--set: {message}"


def test_layers_are_counted_from_1() -> None:
    changed = with_set("network.hidden.1.dropout=0.25", "hidden.2.activation=elu", "hidden.2.units=9")
    assert changed.network.hidden == (Layer(units=4, dropout=0.25), Layer(units=9, activation="elu", dropout=0.1))


def test_new_layers_can_be_changed_in_the_same_breath_in_any_order() -> None:
    changed = with_set("hidden.3.dropout=0.5", "hidden=[2, 2, 2]")
    assert changed.network.hidden == (Layer(units=2), Layer(units=2), Layer(units=2, dropout=0.5))


def test_a_table_sets_the_keys_it_holds_and_leaves_the_others() -> None:
    changed = apply(xor(), {"training": {"epochs": 9, "optimizer": {"lr": 0.5}}})
    assert (changed.training.epochs, changed.training.batch_size) == (9, 8)
    assert changed.training.optimizer.settings == {"beta": 0.8}


def test_a_new_optimizer_keeps_the_rate_and_what_it_shares() -> None:
    assert with_set("optimizer=nesterov").training.optimizer.settings == {"beta": 0.8}
    adam = with_set("training.optimizer.name=adam").training.optimizer
    assert adam.lr == 0.1
    assert adam.settings == {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}


def test_the_old_optimizers_defaults_do_not_follow_to_the_new_one() -> None:
    default_beta = xor((", beta = 0.8", ""))
    # Momentum's beta of 0.9 was not chosen by anyone, so rmsprop starts with its own 0.99.
    assert with_set("optimizer=rmsprop", scenario=default_beta).training.optimizer.settings["beta"] == 0.99
    assert with_set("optimizer=rmsprop").training.optimizer.settings["beta"] == 0.8


def test_a_new_schedule_drops_what_only_the_old_one_had() -> None:
    assert with_set("schedule=cosine").training.schedule.settings == {"minimum": 0.0}
    assert with_set("schedule=constant").training.schedule.settings == {}


def test_a_new_kind_of_data_takes_what_follows_with_it() -> None:
    changed = with_set("kind=sine")
    assert changed.data.features == ("x",)
    assert changed.training.loss == "mse"
    assert changed.expect == ()
    assert changed.timeline == xor().timeline


def test_a_new_kind_of_the_same_task_keeps_expectations_and_features() -> None:
    scenario = xor(("samples = 40", 'samples = 40\nfeatures = ["x2", "y2"]'))
    changed = with_set("kind=circle", scenario=scenario)
    assert changed.data.features == ("x2", "y2")
    assert changed.expect == scenario.expect


def test_fewer_epochs_drop_timeline_entries_that_would_come_too_late() -> None:
    assert with_set("epochs=2").timeline == ()
    assert with_set("epochs=3").timeline == xor().timeline


def test_a_csv_path_is_relative_to_the_shell_and_written_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    changed = apply(
        xor(('loss = "bce"\n', ""), ("samples = 40\n", "")), {"kind": "csv", "path": "mine.csv", "target": "y"}
    )
    assert changed.data.path == str(tmp_path / "mine.csv")


def test_a_digest_is_expected_of_the_scenario_as_it_stands_only() -> None:
    digest = '[[expect]]\nmetric = "digest"\nequals = "sha256:' + "0" * 64 + '"\n[[expect]]'
    scenario = xor(("[[expect]]", digest))
    assert with_set("seed=0", scenario=scenario) == scenario
    assert [entry.metric for entry in with_set("seed=1", scenario=scenario).expect] == ["test.accuracy"]


# -- single lanes of a race ------------------------------------------------------------------------------------------


def racing() -> Scenario:
    """Momentum, which is the scenario's own optimizer, against sgd and another momentum."""
    return with_set('race=["momentum", "sgd", {name = "momentum", lr = 0.5}]')


@pytest.mark.parametrize("lane", ["training.race.sgd", "race.sgd", "training.race.1", "race.1"])
def test_a_lane_goes_by_its_name_or_its_place_from_0(lane: str) -> None:
    changed = with_set(f"{lane}.lr=0.25", scenario=racing())
    assert [rule.lr for rule in changed.training.race] == [0.1, 0.25, 0.5]
    assert changed.training.optimizer == racing().training.optimizer


def test_lanes_of_one_optimizer_are_told_apart_by_number() -> None:
    changed = with_set("race.momentum-2.beta=0.5", scenario=racing())
    assert [rule.settings.get("beta") for rule in changed.training.race] == [0.9, None, 0.5]


def test_the_first_lane_is_the_runs_own_optimizer() -> None:
    changed = with_set("race.0.lr=0.7", scenario=racing())
    assert changed.training.optimizer == changed.training.race[0].optimizer
    assert changed.training.optimizer.lr == 0.7


def test_a_lane_gets_another_optimizer_and_keeps_its_rate() -> None:
    assert with_set("race.2=adam", scenario=racing()) == with_set("race.2.name=adam", scenario=racing())
    changed = with_set("race.2=adam", "race.2.beta1=0.5", scenario=racing())
    assert (changed.training.race[2].name, changed.training.race[2].lr) == ("adam", 0.5)
    assert changed.training.race[2].settings["beta1"] == 0.5


def test_a_lane_of_a_race_set_in_the_same_breath_can_be_changed() -> None:
    changed = with_set("race.adam.lr=0.3", 'race=["sgd", "adam"]')
    assert [(rule.name, rule.lr) for rule in changed.training.race] == [("sgd", 0.1), ("adam", 0.3)]


LANES = "(by name, or counted from 0: 0 momentum, 1 sgd, 2 momentum-2)"


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("race.3.lr=1", f"training.race.3.lr: there is no '3' in the race {LANES}"),
        ("race.sdg.lr=1", f"training.race.sdg.lr: there is no 'sdg' in the race; did you mean 'sgd'? {LANES}"),
        ("race.1.lr=-1", "training.race.1.lr: expected a number above 0 and at most 1000000, found -1"),
        ("race.sgd.rate=1", "training.race.sgd.rate: unknown key; did you mean 'lr'? (allowed here: name, lr)"),
        ("race.sgd.beta=0.5", "training.race.sgd.beta: sgd has no beta; it belongs to: momentum, nesterov, rmsprop"),
        (
            "race.sgd=adm",
            "training.race.sgd.name: unknown optimizer 'adm'; did you mean 'adam'? "
            "(one of: sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)",
        ),
    ],
)
def test_what_no_lane_can_take_is_told_as_it_was_typed(assignment: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_set(assignment, scenario=racing())
    assert str(caught.value) == f"--set: {message}"


def test_without_a_race_there_is_no_lane_to_change() -> None:
    with pytest.raises(
        ScenarioError, match=r"training\.race\.1\.lr: there is no race; training\.optimizer is the only"
    ):
        with_set("race.1.lr=0.5")


@pytest.mark.parametrize(
    ("assignments", "init"),
    [
        (["init=he"], {"name": "he"}),
        (["network.init.name=normal"], {"name": "normal", "std": 1.0}),
        (['network.init={ name = "normal", std = 0.05 }'], {"name": "normal", "std": 0.05}),
        (["init=uniform", "low=-1", "high=2"], {"name": "uniform", "low": -1.0, "high": 2.0}),
        (["init=variance_scaling", "network.init.mode=fan_out"], {"scale": 1.0, "mode": "fan_out"}),
    ],
)
def test_an_initializer_is_a_name_or_a_table(assignments: list[str], init: dict[str, object]) -> None:
    changed = with_set(*assignments).network.init
    assert {"name": changed.name, **changed.settings}.items() >= init.items()
    again = apply(with_set(*assignments), {"training.seed": 3})
    assert again.network.init == changed


def test_what_an_initializer_does_not_have_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"network\.init\.std: he has no std; it belongs to: normal"):
        with_set('network.init={ name = "he", std = 0.05 }')
    with pytest.raises(ScenarioError, match=r"network\.init\.low: 2 is above high, 1"):
        with_set("init=uniform", "low=2", "high=1")
