"""Races and descents: every lane does what its optimizer alone would do, and going back brings all of them back."""

import json
from pathlib import Path

import numpy as np
import pytest

import nn_tui
from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import loads
from nn_tui.training.files.atomic import OutputError
from nn_tui.training.replay import Outputs
from nn_tui.training.run.session import Session, Status
from nn_tui.training.run.start import begin
from nn_tui.training.summary import digest

SURFACE = """\
title = "Down the ravine"

[data]
kind = "surface"
function = "{function}"
noise = {noise}

[training]
epochs = 60
mode = "{mode}"
race = [{race}]
"""

RULES = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]


def surface(
    function="ravine", noise=0.0, mode="batch", race='{ name = "sgd", lr = 0.05 }, { name = "adam", lr = 0.1 }'
):
    return loads(SURFACE.format(function=function, noise=noise, mode=mode, race=race))


def xor(race):
    return loads(
        f"""title = "Race"
[data]
kind = "xor"
samples = 60
[network]
hidden = [4, {{ units = 3, dropout = 0.2 }}]
[training]
epochs = 6
race = {json.dumps(race)}
"""
    )


def lane(run, name):
    return next(entry for entry in run.summary.race if entry.name == name)


def test_every_optimizer_of_a_race_ends_where_it_would_alone():
    race = nn_tui.replay(xor(RULES))
    for name in RULES:
        alone = nn_tui.replay(xor([name]))
        assert lane(race, name).scores == alone.summary.race[0].scores
        assert alone.summary.train["loss"] == lane(race, name).scores["loss"]


def test_a_race_of_one_is_the_run_without_a_race():
    plain = nn_tui.replay(xor([]), {"training.optimizer.name": "sgd", "training.optimizer.lr": 0.1})
    assert nn_tui.replay(xor(["sgd"])).summary.digest == plain.summary.digest


def test_every_optimizer_on_a_surface_ends_where_it_would_alone():
    race = nn_tui.replay(surface(race=", ".join(f'{{ name = "{name}", lr = 0.03 }}' for name in RULES)))
    for name in RULES:
        alone = nn_tui.replay(surface(race=f'{{ name = "{name}", lr = 0.03 }}'))
        assert lane(race, name).scores == alone.summary.race[0].scores


def test_the_same_optimizer_may_run_twice_at_two_rates():
    run = nn_tui.replay(surface(race='{ name = "sgd", lr = 0.001 }, { name = "sgd", lr = 0.05 }'))
    assert [entry.name for entry in run.summary.race] == ["sgd", "sgd-2"]
    assert lane(run, "sgd-2").scores["loss"] < lane(run, "sgd").scores["loss"]


def test_a_lane_that_diverges_stays_where_it_was_while_the_others_go_on():
    run = nn_tui.replay(surface(race='{ name = "sgd", lr = 9.0 }, { name = "adam", lr = 0.3 }'))
    assert run.summary.status == "finished"
    first, second = run.summary.race
    assert first.diverged_at is not None
    assert np.isfinite(first.scores["x"])
    assert second.diverged_at is None
    assert second.scores["distance"] < 0.1


def test_a_race_has_diverged_when_all_its_lanes_have():
    run = nn_tui.replay(surface(race='{ name = "sgd", lr = 9.0 }, { name = "sgd", lr = 50.0 }'))
    assert run.summary.status == "diverged"
    assert "the surface" in (run.summary.divergence or "")


def test_a_network_that_diverges_leaves_the_race_to_the_others():
    sines = {"data.kind": "sine", "training.race": [{"name": "sgd", "lr": 500.0}, {"name": "adam", "lr": 0.01}]}
    run = nn_tui.replay(xor(["sgd"]), {**sines, "network.activation": "relu", "network.init": "he"})
    assert run.summary.status == "finished"
    assert run.summary.race[0].diverged_at is not None
    assert run.summary.race[1].diverged_at is None
    assert run.summary.steps == 6 * 3


@pytest.mark.parametrize("mode", ["batch", "mini-batch", "stochastic"])
def test_noise_makes_stochastic_descent_wander_and_leaves_batch_descent_alone(mode):
    still, noisy = (nn_tui.replay(surface("bowl", noise, mode)).summary.digest for noise in (0.0, 1.0))
    assert (still == noisy) == (mode == "batch")


def test_a_larger_mini_batch_wanders_less():
    def wandering(size):
        run = nn_tui.replay(surface("bowl", 1.0, "mini-batch"), {"training.batch_size": size, "training.epochs": 400})
        return float(np.std(run.history["race.sgd.x"][-100:]))

    assert wandering(100) < 0.3 * wandering(1)


def _sessions():
    race = xor(["sgd", "adam", "rmsprop"])
    yield lambda: Session(begin(race), rewindable=True)
    noisy = surface(noise=0.3, mode="stochastic", race='{ name = "adam", lr = 0.1 }, { name = "momentum", lr = 0.05 }')
    yield lambda: Session(begin(noisy), rewindable=True)


@pytest.mark.parametrize("make", list(_sessions()), ids=["networks", "surface"])
def test_rewinding_brings_every_lane_back_and_the_way_on_is_the_same(make):
    session = make()
    trail = {}
    while session.advance():
        trail[session.trainer.steps] = digest(session.trainer.vectors)
    session.rewind(7)
    assert digest(session.trainer.vectors) == trail[7]
    session.run()
    assert session.status is Status.FINISHED
    again = make()
    again.run()
    assert digest(session.trainer.vectors) == digest(again.trainer.vectors)


@pytest.mark.parametrize("make", list(_sessions()), ids=["networks", "surface"])
def test_a_change_by_hand_moves_the_first_lane_and_replays_to_the_same_digest(make):
    session = make()
    for _ in range(5):
        session.advance()
    session.change({"training.optimizer.lr": 0.5, "training.clip.norm": 0.1})
    session.run()
    recorded = session.scenario_so_far()
    assert nn_tui.replay(recorded).summary.digest == digest(session.trainer.vectors)
    assert recorded.training.race[0].optimizer == recorded.training.optimizer


def test_a_recorded_descent_replays_to_its_digest(tmp_path: Path):
    file = tmp_path / "run.toml"
    first = nn_tui.replay(surface(noise=0.2, mode="mini-batch"), outputs=Outputs(record=file))
    again = nn_tui.replay(file)
    assert again.summary.digest == first.summary.digest
    assert again.summary.passed


def test_metrics_hold_the_path_of_every_optimizer(tmp_path: Path):
    file = tmp_path / "paths.jsonl"
    nn_tui.replay(surface(), outputs=Outputs(metrics=file))
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row["step"] for row in rows] == list(range(61))
    assert [entry["name"] for entry in rows[0]["race"]] == ["sgd", "adam"]
    assert (rows[0]["race"][0]["x"], rows[0]["race"][0]["y"]) == pytest.approx((-2.6, 0.8))
    table = tmp_path / "paths.csv"
    nn_tui.replay(surface(), outputs=Outputs(metrics=table))
    assert table.read_text().splitlines()[0].startswith("step,epoch,lr,train.loss,race.sgd.loss,race.sgd.x,race.sgd.y")


def test_a_surface_has_no_network_to_show_or_save(tmp_path: Path):
    run = nn_tui.replay(surface())
    with pytest.raises(ValueError, match="a surface has no network"):
        _ = run.network
    with pytest.raises(OutputError, match="no model to save"):
        nn_tui.replay(surface(), outputs=Outputs(model=tmp_path / "m.safetensors"))


REFUSED = [
    ('kind = "surface"\n', 'kind = "surface"\nsamples = 3\n', "data.samples: does not apply to surface"),
    ('"ravine"', '"ravin"', "unknown function 'ravin'; did you mean 'ravine'?"),
    ('function = "ravine"\n', "", "data.function: missing"),
    ("noise = 0.0\n", "noise = 0.0\nstart = [1]\n", "data.start: expected a list of two numbers"),
    ("[training]", "[network]\nhidden = [3]\n\n[training]", "network: a surface has no network"),
    ("epochs = 60", 'epochs = 60\nloss = "mse"', "training.loss: does not apply to a surface"),
    (
        "epochs = 60",
        'epochs = 60\noptimizer = { name = "adam" }',
        "training.optimizer: is not the first of training.race",
    ),
    ('"adam", lr = 0.1', '"adm", lr = 0.1', "training.race.2.name: unknown optimizer 'adm'"),
    ("race = [", 'race = ["sgd", "sgd", "sgd", "sgd", "sgd", "sgd", "sgd", ', "at most 8 entries"),
]


@pytest.mark.parametrize(("old", "new", "message"), REFUSED, ids=[message for *_, message in REFUSED])
def test_what_a_surface_cannot_have_is_refused_in_one_message(old, new, message):
    text = SURFACE.format(
        function="ravine", noise=0.0, mode="batch", race='{ name = "sgd", lr = 0.05 }, { name = "adam", lr = 0.1 }'
    )
    assert old in text
    with pytest.raises(ScenarioError) as refusal:
        loads(text.replace(old, new))
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_new_race_is_not_held_to_what_was_expected_of_the_optimizers_it_leaves_out():
    text = SURFACE.format(function="bowl", noise=0.0, mode="batch", race='"sgd", "adam"')
    for name, metric in (("sgd", "loss"), ("adam", "loss"), ("adam", "distance")):
        text += f'[[expect]]\nmetric = "race.{name}.{metric}"\nat_most = 9\n'
    for changes, kept in (
        ({"training.race": ["adam"]}, ["race.adam.loss", "race.adam.distance"]),
        ({"training.race": [{"name": "sgd", "lr": 0.5}]}, ["race.sgd.loss"]),
        ({"training.race": []}, ["race.sgd.loss"]),
        ({"training.optimizer.name": "momentum"}, ["race.adam.loss", "race.adam.distance"]),
        ({"training.optimizer.lr": 0.5}, ["race.sgd.loss", "race.adam.loss", "race.adam.distance"]),
    ):
        assert [entry.metric for entry in nn_tui.replay(loads(text), changes).scenario.expect] == kept
    with pytest.raises(ScenarioError, match=r"training\.race: expected .*found 5"):
        nn_tui.replay(loads(text), {"training.race": 5})
    assert nn_tui.replay("race-spiral", {"training.race": [], "training.steps": 1}).scenario.expect == ()


def test_another_surface_has_another_place_to_start_unless_one_was_chosen():
    run = nn_tui.replay(surface("bowl"), {"data.function": "beale", "training.steps": 0})
    assert run.scenario.data.start == SURFACES["beale"].start
    chosen = nn_tui.replay(surface("bowl"), {"data.start": [0.5, 0.5], "training.steps": 0}).scenario
    assert nn_tui.replay(chosen, {"data.function": "beale"}).scenario.data.start == (0.5, 0.5)


def test_expectations_of_a_race_are_checked_against_its_lanes():
    text = SURFACE.format(function="bowl", noise=0.0, mode="batch", race='"sgd"')
    wrong = {
        "race.adm.loss": "there is no 'adm' in the race \\(sgd\\)",
        "race.sgd.accuracy": "a surface has no race.sgd.accuracy",
        "test.loss": "a surface has no test.loss",
    }
    for metric, message in wrong.items():
        with pytest.raises(ScenarioError, match=message):
            loads(f'{text}[[expect]]\nmetric = "{metric}"\nat_least = 0.1\n')
    with pytest.raises(ScenarioError, match="there is no race"):
        loads('title = "No race"\n[data]\nkind = "xor"\n' + '[[expect]]\nmetric = "race.adam.loss"\nat_most = 1\n')
    run = nn_tui.replay(loads(f'{text}[[expect]]\nmetric = "race.sgd.distance"\nat_most = 0.1\n'))
    assert run.summary.passed


def test_a_scenario_can_be_turned_into_a_surface_and_back():
    run = nn_tui.replay("xor", {"data.kind": "surface", "data.function": "bowl", "training.epochs": 5})
    assert run.summary.race[0].name == "adam"
    assert nn_tui.replay(run.scenario, {"data.kind": "circle"}).network.layers
