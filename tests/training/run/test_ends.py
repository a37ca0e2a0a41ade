"""However a run was changed by hand, and gone back in, it is recorded, replayed and resumed to the same end."""

import random
from pathlib import Path
from typing import Any

import pytest

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping, loads
from nn_tui.scenario.writing import dumps
from nn_tui.training.replay import Outputs, replay
from nn_tui.training.run.session import Session, Status, Stop
from tests.training.runs import digest_of, replayed, trainer_of

CHANGES: dict[str, tuple[Any, ...]] = {
    "training.early_stop.patience": (0, 1, 2, 5, 50),
    "training.early_stop.metric": ("train.loss", "test.loss", "test.accuracy", "validation.loss"),
    "training.early_stop.from_epoch": (1, 4),
    "training.early_stop.restore_at_end": (False, True),
    "training.epochs": (1, 3, 8, 14, 22),
    "training.steps": (3, 20, 50, 84),
    "training.optimizer.lr": (0.01, 1.0),
    "training.optimizer.name": ("sgd", "adam", "momentum"),
    "training.batch_size": (8, 16, 64),
    "training.mode": ("batch", "mini-batch", "stochastic"),
    "network.activation": ("relu", "tanh"),
}


def begun(draw: random.Random) -> Session[Any]:
    return Session(
        trainer_of(
            from_mapping(
                {
                    "title": "changed",
                    "data": {"kind": "moons", "samples": 60, "validation_share": draw.choice((0.0, 0.2))},
                    "network": {"hidden": [4], "normalization": draw.choice(("none", "batch", "layer"))},
                    "training": {
                        "epochs": draw.randint(3, 20),
                        "batch_size": 16,
                        "optimizer": {"name": "adam", "lr": 0.05},
                        "early_stop": {"metric": "validation.loss", "patience": draw.choice((0, 2, 4, 30))},
                    },
                }
            )
        ),
        rewindable=True,
    )


@pytest.mark.parametrize("seed", range(6))
def test_changed_and_gone_back_in_at_random(seed: int, tmp_path: Path) -> None:
    draw, model = random.Random(seed), tmp_path / "m.safetensors"
    run = begun(draw)
    for _ in range(300):
        event = draw.random()
        if event < 0.08:
            key = draw.choice(list(CHANGES))
            try:
                run.change({key: draw.choice(CHANGES[key])})
            except ScenarioError:
                # One sample a step is nothing to normalize by.
                continue
        elif event < 0.11:
            run.rewind(draw.randint(0, run.trainer.steps))
        elif run.status is Status.RUNNING:
            run.advance()
        if draw.random() < 0.03:
            # However it stands, it is recorded as it stands.
            assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)
    run.run()
    whole = loads(dumps(run.whole_scenario()))
    again = replayed(whole)
    assert (again.trainer.steps, digest_of(again)) == (run.trainer.steps, digest_of(run))
    assert again.history.recent().tobytes() == run.history.recent().tobytes()
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)
    for _ in range(2):
        replay(whole, stop=Stop(steps=draw.randint(0, run.trainer.steps)), outputs=Outputs(model=model))
        assert replay(resume=model).summary.digest == digest_of(run)


def test_of_changes_at_the_end_one_that_lets_it_go_on_does_though_the_next_ends_it_again(tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    run = begun(random.Random(2))
    run.run()
    end = run.trainer.steps
    run.change({"training.epochs": 100, "training.early_stop.patience": 0})
    run.change({"training.epochs": 1})
    run.run()
    assert run.trainer.steps == end + 1
    run.change({"training.epochs": 40})
    run.run()
    whole = run.whole_scenario()
    assert digest_of(replayed(loads(dumps(whole)))) == digest_of(run)
    for step in (end, end + 1):
        replay(whole, stop=Stop(steps=step), outputs=Outputs(model=model))
        assert replay(resume=model).summary.digest == digest_of(run)
