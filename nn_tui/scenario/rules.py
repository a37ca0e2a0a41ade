"""What a scenario may not say, though each of its keys is right by itself."""

from itertools import pairwise

from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.errors import Place
from nn_tui.scenario.kinds import FASHION_SKETCH, TOYS
from nn_tui.scenario.schema import NetworkTable, Scenario, Training

MOST_WEIGHTS = 50_000_000


def check(scenario: Scenario, place: Place) -> None:
    """Checks data, network and training against each other; timeline and expectations are checked elsewhere.

    Raises:
        ScenarioError: for an impossible combination.
    """
    _check_split(scenario.data, place.at("data"))
    _check_batches(scenario, place)
    _check_init(scenario.network, place.at("network").at("init"))
    _check_size(scenario.network, place.at("network"))
    _check_decay(scenario.training, place.at("training"))


def split(data: Data) -> tuple[int, int] | None:
    """How many samples the training and test sets have, or None if only the data can tell."""
    validated = round(data.samples * data.validation_share)
    if data.kind == FASHION_SKETCH.name:
        assert data.test_samples is not None
        return data.samples - validated, data.test_samples
    if data.kind not in TOYS:
        return None
    tested = round(data.samples * data.test_share)
    return data.samples - tested - validated, tested


def _check_split(data: Data, place: Place) -> None:
    if data.test_share + data.validation_share >= 1:
        raise place.at("validation_share").error(
            f"{data.validation_share:g} beside a test share of {data.test_share:g} leaves nothing to train on"
        )
    parts = split(data) if data.kind in TOYS else None
    if parts is None:
        return
    for left, use in zip(parts, ("train on", "test on"), strict=True):
        # A share of 0 is how one asks for no test set.
        if left < 1 and data.test_share > 0:
            raise place.at("test_share").error(f"{data.test_share:g} of {data.samples} samples leaves none to {use}")


def _check_batches(scenario: Scenario, place: Place) -> None:
    """One sample alone has no spread to be normalized by."""
    training, network = scenario.training, scenario.network
    ways = {layer.normalization or network.normalization for layer in network.hidden} - {"none"}
    by_batch = sorted(way for way in ways if NORMALIZATIONS[way].over_samples)
    if not by_batch:
        return
    told = f"normalization by {by_batch[0]} needs more than one sample a step"
    if training.mode == "stochastic":
        raise place.at("training.mode").error(f"{told} (choose batch or mini-batch, or normalization layer)")
    if training.mode == "mini-batch" and training.batch_size == 1:
        raise place.at("training.batch_size").error(f"{told} (choose 2 or more, or normalization layer)")


def _check_init(network: NetworkTable, place: Place) -> None:
    low, high = (network.init.settings.get(key) for key in ("low", "high"))
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        raise place.at("low").error(f"{low:g} is above high, {high:g}")


def _check_size(network: NetworkTable, place: Place) -> None:
    units = [layer.units for layer in network.hidden]
    weights = sum(before * after for before, after in pairwise(units))
    if weights > MOST_WEIGHTS:
        raise place.at("hidden").error(
            f"{weights:,} weights between hidden layers are too many (at most {MOST_WEIGHTS:,})"
        )


def _check_decay(training: Training, place: Place) -> None:
    decay = training.optimizer.settings.get("weight_decay", 0.0)
    if training.optimizer.lr * decay >= 1:
        raise place.at("optimizer.weight_decay").error(
            f"{decay:g} at a rate of {training.optimizer.lr:g} takes each weight past zero at every step "
            "(rate × weight_decay must be below 1)"
        )
