"""A weight set by hand: recorded, replayed exactly, refused where there is none."""

import json

import jsonschema
import pytest

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.json_schema import json_schema
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import loads
from nn_tui.scenario.schema import HandWeight
from nn_tui.scenario.writing import dumps
from nn_tui.training.run.session import Status
from tests.training import runs

WEIGHT = HandWeight(layer=2, unit=3, input=1, value=0.5)
BIAS = HandWeight(layer=3, unit=1, value=-0.25)


def again(session):
    """The recording of a session, written as TOML, read and run to its end."""
    return runs.replayed(loads(dumps(session.scenario_so_far())))


def test_it_is_set_and_the_optimizers_state_stays():
    session = runs.session(training={"optimizer": {"name": "adam", "lr": 0.01}})
    runs.steps(session, 5)
    network, state = session.trainer.lead.network, session.trainer.lead.optimizer.state["m"].copy()
    session.set_weights([WEIGHT, BIAS])
    assert network.layers[1].weight[2, 0] == 0.5
    assert network.layers[2].bias[0] == -0.25
    assert (session.trainer.lead.optimizer.state["m"] == state).all()


def test_in_a_race_every_net_has_it_and_a_recording_replays_it():
    session = runs.session(training={"race": ["sgd", {"name": "adam", "lr": 0.01}]})
    runs.steps(session, 5)
    session.set_weights([WEIGHT])
    assert [lane.network.layers[1].weight[2, 0] for lane in session.trainer.lanes] == [0.5, 0.5]
    runs.steps(session, 3)
    assert runs.digest_of(again(session)) == runs.digest_of(session)


@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_recording_replays_it_bit_for_bit(after):
    session = runs.session(training={"optimizer": {"name": "adam", "lr": 0.01}})
    runs.steps(session, 5)
    session.set_weights([WEIGHT])
    runs.steps(session, after)
    assert runs.digest_of(again(session)) == runs.digest_of(session)


def test_it_comes_again_after_a_way_back_past_it_and_not_after_one_before_it():
    session = runs.session()
    runs.steps(session, 5)
    session.set_weights([WEIGHT])
    runs.steps(session, 10)
    there = runs.digest_of(session)
    runs.steps(session, 10)
    session.rewind(15)
    assert runs.digest_of(session) == there
    session.rewind(3)
    assert not session.applied


def test_the_json_schema_and_the_reader_agree_on_it():
    session = runs.session()
    session.set_weights([WEIGHT, BIAS])
    runs.steps(session, 2)
    recorded = session.scenario_so_far()
    assert recorded.timeline[0].weights == (WEIGHT, BIAS)
    jsonschema.validate(json.loads(json.dumps(to_mapping(recorded))), json_schema())
    assert loads(dumps(recorded)) == recorded


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({}, "timeline.1: expected exactly one of set and weights, found neither"),
        (
            {"set": {"training.epochs": 9}, "weights": [{"layer": 1, "unit": 1, "value": 0}]},
            "timeline.1: expected exactly one of set and weights, found both",
        ),
        ({"weights": [{"layer": 4, "unit": 1, "value": 0}]}, "weights.1.layer: there is no layer 4, only 3"),
        ({"weights": [{"layer": 2, "unit": 6, "value": 0}]}, "weights.1.unit: layer 2 has no unit 6, only 5"),
        ({"weights": [{"layer": 2, "unit": 1, "input": 7, "value": 0}]}, "input: a unit of layer 2 reads no input 7"),
        ({"weights": [{"layer": 1, "unit": 1, "input": 3, "value": 0}]}, "input: a unit of layer 1 reads no input 3"),
        ({"weights": [{"layer": 3, "unit": 2, "value": 0}]}, "unit: the output layer has no unit 2, only 1"),
        ({"weights": [{"layer": 1, "unit": 1, "input": 1}]}, "value: missing"),
        ({"weights": [{"layer": 1, "unit": 1, "value": float("nan")}]}, "value: "),
    ],
)
def test_a_weight_there_is_not_is_refused_before_anything_is_trained(entry, said):
    with pytest.raises(ScenarioError) as refused:
        runs.trainer(timeline=[{"step": 2, **entry}])
    assert said in str(refused.value)


def test_by_hand_too_and_on_a_run_that_has_ended():
    session = runs.session(training={"epochs": 1})
    with pytest.raises(ScenarioError, match="there is no layer 4"):
        session.set_weights([WEIGHT, HandWeight(layer=4, unit=1, value=0.0)])
    assert session.trainer.lead.network.layers[1].weight[2, 0] != 0.5
    session.run()
    assert session.status is Status.FINISHED
    with pytest.raises(ScenarioError, match="the run has ended"):
        session.set_weights([WEIGHT])
