"""The lanes of a race: one optimizer each, all from the same start."""

from msgspec import structs

from nn_tui.scenario.schema import Scenario, Training


def lane_names(training: Training) -> tuple[str, ...]:
    """What each lane is called: its optimizer's name, numbered from the second of the same name on."""
    names: list[str] = []
    for rule in training.race or (training.optimizer,):
        again = sum(name.rpartition("-")[0] == rule.name or name == rule.name for name in names)
        names.append(f"{rule.name}-{again + 1}" if again else rule.name)
    return tuple(names)


def lane_scenarios(scenario: Scenario) -> tuple[Scenario, ...]:
    """The scenario of each lane but the first, which is the scenario itself: the same but for the optimizer."""
    return tuple(
        structs.replace(scenario, training=structs.replace(scenario.training, optimizer=rule, race=()))
        for rule in scenario.training.race[1:]
    )
