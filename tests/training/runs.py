"""Small runs for tests."""

from typing import Any

from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.summary import digest


def scenario(**parts: Any) -> Scenario:
    """A spiral of 40 samples to train on in batches of 16, three steps an epoch, for 20 epochs.

    Args:
        parts: further keys of the tables "data", "network" and "training", and the lists "timeline" and "expect".
    """
    data = {"kind": "spiral", "samples": 50, "test_share": 0.2} | parts.get("data", {})
    network = {"hidden": [6, 5], "activation": "relu"} | parts.get("network", {})
    training = {"epochs": 20, "batch_size": 16, "seed": 3} | parts.get("training", {})
    return from_mapping(
        {
            "title": "a small run",
            "data": data,
            "network": network,
            "training": training,
            "timeline": parts.get("timeline", []),
            "expect": parts.get("expect", []),
        }
    )


def trainer(**parts: Any) -> Trainer[NetworkLane]:
    """At the first step of such a scenario."""
    return trainer_of(scenario(**parts))


def lane(**parts: Any) -> NetworkLane:
    """The only lane of such a scenario."""
    return trainer(**parts).lead


def trainer_of(chosen: Scenario) -> Trainer[NetworkLane]:
    """A scenario with a network, at its first step."""
    return Trainer(chosen, NetworkProblem(load_dataset(chosen)))


def session(**parts: Any) -> Session[NetworkLane]:
    """A session of such a scenario that can be rewound."""
    return Session(trainer(**parts), rewindable=True)


def replayed(chosen: Scenario) -> Session[NetworkLane]:
    """A scenario, run to its end without looking."""
    run = Session(trainer_of(chosen))
    run.run()
    return run


def steps(run: Session[Any], count: int) -> None:
    """Takes that many steps."""
    for _ in range(count):
        run.advance()


def digest_of(run: Session[Any]) -> str:
    return digest(run.trainer.vectors)
