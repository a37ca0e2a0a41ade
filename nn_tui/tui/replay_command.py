"""The command that gives a run's parameters again at the shell."""

import shlex

from nn_tui.scenario import overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.plain import differences, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import inline


def replay_command(
    name: str, original: Scenario, started: Scenario, steps: int | None, resumed: bool = False
) -> str | None:
    """`nn-tui replay xor --set training.seed=8 --steps 336`.

    Args:
        name: of the scenario in the catalog, or its path, or that of a saved model.
        original: as it stands there.
        started: as the run began.
        steps: where the run is to stop; None for its own end.
        resumed: whether it goes on from a saved model.

    Returns:
        The command, or None if no `--set` can say what was changed.
    """
    changes = {
        key: value
        for key, value in differences(to_mapping(original), to_mapping(started)).items()
        if key not in ("timeline", "expect")
    }
    try:
        if changes and to_mapping(overrides.apply(original, changes)) != to_mapping(started):
            return None
    except ScenarioError:
        return None
    words = ["nn-tui", "replay", *(["--resume"] if resumed else []), name]
    for key, value in changes.items():
        words += ["--set", f"{key}={value if isinstance(value, str) else inline(value)}"]
    if steps is not None:
        words += ["--steps", str(steps)]
    return shlex.join(words)
