"""What part of a long run trials are made on, so that a visit keeps to its budget."""

from dataclasses import dataclass

from msgspec import structs
from threadpoolctl import threadpool_limits

from nn_tui.engine.modes import MODES
from nn_tui.scenario.kinds import IMAGES
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.trials.candidates import Facts
from nn_tui.training.run.session import Stop
from nn_tui.training.run.variant import Outcome, planned_seconds, run_variant

FEWEST_TRIALS = 14
"""Runs of the whole scenario that a budget has to hold; else runs are made shorter."""
MOST_OF_BUDGET = 0.4
"""What running the scenario once as a whole may take of the budget, where trials are made on a part of it."""
FEWEST_IMAGES, FEWEST_TESTED = 600, 300


@dataclass(frozen=True)
class Share:
    """What trials are made on.

    Attributes:
        scenario: with fewer examples, where they can be drawn.
        stop: where each trial ends, or None at its own end.
        said: in words; "" for the whole run.
    """

    scenario: Scenario
    stop: Stop | None
    said: str


def share_of(scenario: Scenario, facts: Facts, budget: float) -> Share:
    """The share of its data and steps on which a budget holds enough trials."""
    planned = planned_seconds(scenario, facts.rows, facts.inputs, facts.outputs)
    allowed = budget / FEWEST_TRIALS
    if planned <= allowed:
        return Share(scenario, None, "")
    said, rows = [], facts.rows
    if scenario.data.kind in IMAGES and scenario.data.samples > FEWEST_IMAGES:
        data = scenario.data
        samples = max(FEWEST_IMAGES, round(data.samples * allowed / planned))
        tested = min(data.test_samples or 0, max(FEWEST_TESTED, samples // 2))
        said.append(f"{samples:,} of {data.samples:,} pictures")
        scenario = structs.replace(scenario, data=structs.replace(data, samples=samples, test_samples=tested))
        rows = samples
        planned = planned_seconds(scenario, rows, facts.inputs, facts.outputs)
    if planned <= allowed:
        return Share(scenario, None, " and ".join(said))
    # Whole epochs where there are several, so that shuffles and schedules are the run's own.
    training = scenario.training
    share = allowed / planned
    epochs = max(1, int(training.epochs * share))
    said.append(f"{epochs:,} of {training.epochs:,} epochs")
    if training.epochs * share >= 1.0:
        return Share(scenario, Stop(epochs=epochs), " and ".join(said))
    size = MODES[training.mode].size(training.batch_size, rows)
    steps = max(1, int(training.epochs * share * rows / size))
    said[-1] = f"{steps:,} steps of the first epoch"
    return Share(scenario, Stop(steps=steps, epochs=1), " and ".join(said))


def whole_run(scenario: Scenario, facts: Facts, budget: float) -> Outcome | None:
    """What the scenario comes to by its own end, if that is no more than a part of the budget."""
    planned = planned_seconds(scenario, facts.rows, facts.inputs, facts.outputs)
    if planned > MOST_OF_BUDGET * budget:
        return None
    with threadpool_limits(1):
        return run_variant(scenario)
