"""The lanes of a race: one optimizer each, all from the same start."""

from collections.abc import Sequence

from msgspec import structs

from nn_tui.scenario.schema import Scenario, Training


def lane_names(training: Training) -> tuple[str, ...]:
    """What each lane is called: its optimizer's name, numbered from the second of the same name on."""
    return numbered([rule.name for rule in training.race or (training.optimizer,)])


def numbered(optimizers: Sequence[str]) -> tuple[str, ...]:
    """The names of lanes with these optimizers."""
    counts = [optimizers[: place + 1].count(name) for place, name in enumerate(optimizers)]
    return tuple(f"{name}-{count}" if count > 1 else name for name, count in zip(optimizers, counts, strict=True))


def lane_scenarios(scenario: Scenario) -> tuple[Scenario, ...]:
    """The scenario of each lane: the first is the scenario itself, the others differ from it by their optimizer."""
    return (
        scenario,
        *(
            structs.replace(scenario, training=structs.replace(scenario.training, optimizer=rule, race=()))
            for rule in scenario.training.race[1:]
        ),
    )
