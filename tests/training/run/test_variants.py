"""A lane of a race may differ by any key of network and training, and does what that variant alone would do."""

import json
from typing import Any

import msgspec
import pytest

import nn_tui
from nn_tui.scenario import overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.json_schema import json_schema
from nn_tui.scenario.reading import loads
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.variants import lane_scenarios
from nn_tui.scenario.writing import dumps
from nn_tui.training.run.session import Session, Stop
from nn_tui.training.run.start import begin
from nn_tui.training.summary import digest

RACE: list[Any] = [
    {"network.activation": "tanh"},
    {"network.activation": "relu", "network.init": "he"},
    {"training.batch_size": 8},
    {"name": "adam", "lr": 0.01, "network.hidden": [8, {"units": 3, "dropout": 0.2}]},
    {"training.optimizer.lr": 0.5, "training.clip.norm": 0.1},
    "rmsprop",
]
NAMES = ["tanh", "relu", "batch_size", "hidden", "norm", "rmsprop"]


def scenario(race: list[Any] = RACE, **training: Any) -> Scenario:
    inline = json.dumps(race).replace('": ', '" = ')
    own = "".join(f"{key} = {json.dumps(value)}\n" for key, value in training.items())
    return loads(
        f"""title = "Variants"
[data]
kind = "xor"
samples = 60
[network]
hidden = [4, 3]
[training]
epochs = 6
optimizer = {{ name = "sgd", lr = 0.1 }}
race = {inline}
{own}"""
    )


def test_every_lane_ends_where_its_variant_alone_would() -> None:
    chosen = scenario()
    race = Session(begin(chosen))
    race.run()
    assert [lane.name for lane in race.trainer.lanes] == NAMES
    assert len({lane.network.parameters.tobytes() for lane in race.trainer.lanes}) == len(NAMES)
    for lane, own in zip(race.trainer.lanes, lane_scenarios(chosen), strict=True):
        alone = overrides.apply(msgspec.structs.replace(own, expect=()), {"training.race": []})
        run = Session(begin(alone), stop=Stop(steps=lane.steps))
        run.run()
        assert digest(run.trainer.vectors) == digest([lane.objective.parameters]), lane.name
        assert lane.steps == min(race.trainer.steps, lane.steps_per_epoch * 6)


def test_the_first_lane_is_the_runs_own() -> None:
    chosen = scenario([{"network.activation": "relu"}, "adam"])
    assert chosen.network.activation == "relu"
    with pytest.raises(ScenarioError, match=r"epochs: is not that of training\.race\.1, the first lane"):
        scenario([{"training.epochs": 3}, "adam"])


def test_written_and_read_it_is_the_same_race() -> None:
    chosen = scenario()
    assert loads(dumps(chosen)) == chosen
    assert nn_tui.replay(loads(dumps(chosen))).summary.digest == nn_tui.replay(chosen).summary.digest


def test_a_change_by_hand_reaches_every_lane_that_does_not_differ_by_it_and_replays() -> None:
    session = Session(begin(scenario()), rewindable=True)
    for _ in range(5):
        session.advance()
    session.change({"network.activation": "elu", "training.regularization.l2": 0.01, "training.optimizer.lr": 0.05})
    lanes = session.trainer.lanes
    found = [(lane.scenario.network.activation, lane.scenario.training.optimizer.lr) for lane in lanes]
    assert found == [("elu", 0.05), ("relu", 0.1), ("elu", 0.1), ("elu", 0.01), ("elu", 0.5), ("elu", 0.01)]
    assert all(lane.scenario.training.regularization.l2 == 0.01 for lane in lanes)
    session.run()
    end = digest(session.trainer.vectors)
    assert nn_tui.replay(loads(dumps(session.scenario_so_far()))).summary.digest == end
    session.rewind(7)
    session.run()
    assert digest(session.trainer.vectors) == end


def test_overrides_follow_the_first_lane_and_single_ones() -> None:
    chosen = overrides.apply(scenario(), {"network.activation": "gelu", "race.hidden.lr": 0.02})
    assert chosen.training.race[0].variant == {"network.activation": "gelu"}
    assert chosen.training.race[3].lr == 0.02
    assert chosen.training.race[3].variant == scenario().training.race[3].variant
    other = overrides.apply(chosen, {"training.race": [{"network.activation": "relu"}, "adam"]})
    assert other.network.activation == "relu"
    assert nn_tui.replay(other, {"training.steps": 3}).summary.race[1].name == "adam"


@pytest.mark.parametrize(
    ("lane", "message"),
    [
        ({"network.activatoin": "relu"}, r"race\.2\.network\.activatoin: unknown key; did you mean"),
        ({"network.activation": "relo"}, "unknown activation 'relo'; did you mean 'relu'"),
        ({"training.dtype": "float64"}, "is the whole race's, not a lane's"),
        ({"training.race": []}, "is the whole race's, not a lane's"),
        ({"network.hidden": [0]}, "race.2"),
        ({"data.samples": 5}, "unknown key"),
    ],
)
def test_what_a_lane_cannot_differ_by_is_refused(lane: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        scenario([{"training.optimizer.name": "sgd", "training.optimizer.lr": 0.1}, lane])


def test_the_json_schema_knows_lanes() -> None:
    race = json_schema()["properties"]["training"]["properties"]["race"]
    assert any("patternProperties" in choice and "properties" not in choice for choice in race["items"]["anyOf"])


@pytest.mark.parametrize(
    ("race", "rates"),
    [
        ([{"network.activation": "tanh"}, {"network.activation": "relu"}], [0.03, 0.03]),
        ([{"training.optimizer.lr": 0.3}, {"training.optimizer.lr": 0.1}], [0.3, 0.1]),
        ([{}, {"training.optimizer.lr": 0.1}], [0.03, 0.1]),
        ([{"training.optimizer.beta1": 0.5}, {"network.activation": "relu"}], [0.03, 0.03]),
    ],
)
def test_a_lane_that_names_no_optimizer_has_the_runs_own_but_for_what_it_changes(
    race: list[Any], rates: list[float]
) -> None:
    given = 'title = "T"\ndata = { kind = "xor" }\ntraining.optimizer = { name = "adam", lr = 0.03 }\n'
    written = loads(given)
    chosen = overrides.apply(written, {"training.race": race})
    assert [(rule.name, rule.lr) for rule in chosen.training.race] == [("adam", rate) for rate in rates]
    inline = json.dumps(race).replace('": ', '" = ')
    if "training.optimizer.lr" not in race[0] and "training.optimizer.beta1" not in race[0]:
        assert loads(f"{given}training.race = {inline}\n") == chosen
    assert loads(dumps(chosen)) == chosen


@pytest.mark.parametrize(
    "keys", [("training.race", "training.optimizer.lr"), ("training.optimizer.lr", "training.race")]
)
def test_a_race_and_the_rate_of_its_first_lane_are_set_together_in_any_order(keys: tuple[str, str]) -> None:
    values = {"training.race": ["sgd", {"network.activation": "relu"}], "training.optimizer.lr": 0.7}
    chosen = overrides.apply(scenario([]), {key: values[key] for key in keys})
    assert [(rule.name, rule.lr) for rule in chosen.training.race] == [("sgd", 0.7), ("sgd", 0.7)]
    assert chosen.training.optimizer.lr == 0.7


def test_a_setting_that_the_other_lanes_optimizer_lacks_is_told() -> None:
    with pytest.raises(ScenarioError, match="sgd has no beta"):
        overrides.apply(scenario([]), {"training.race": ["sgd", {"training.optimizer.beta": 0.5}]})


@pytest.mark.parametrize("race", [[5], [None, "sgd"], [["sgd"]], ["sdg"], "sgd", 5])
def test_what_is_no_race_is_refused_with_a_rate_beside_it_too(race: Any) -> None:
    for changes in ({"training.race": race}, {"training.race": race, "training.optimizer.lr": 0.7}):
        with pytest.raises(ScenarioError, match=r"training\.(race|optimizer\.name)"):
            overrides.apply(scenario([]), changes)
