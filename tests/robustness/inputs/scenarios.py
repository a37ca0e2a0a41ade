"""Scenario files: from the catalog, recorded, with a table of a sweep, and the trials of one."""

import os
import random
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from tests.robustness.inputs.trial import BOUND, Trial, once
from tests.robustness.mutations import altered, document, mutated
from tests.shell.programs import FAST

_SWEEP = """title = "s"
data = { kind = "xor", samples = 20 }
training = { epochs = 1 }
[sweep]
seeds = 1
metric = "train.loss"
stop_sick = false
[sweep.vary]
"training.optimizer.lr" = { from = 0.001, to = 0.1, scale = "log", points = 2 }
"network.activation" = ["relu"]
"""


def _names() -> list[str]:
    return [name for name in catalogue.names() if "mnist" not in name and "sketch" not in name]


def _asked_of_scenario(chance: random.Random, path: Path) -> Trial:
    return chance.choice(
        [
            ("replay", path, *BOUND, "--quiet"),
            ("show", path),
            ("show", path),
            ("show", path),
            ("gradcheck", path),
            ("trace", path, "--step", 1),
            ("replay", path, *BOUND, "--json"),
        ]
    )


def scenario(chance: random.Random, folder: Path) -> Trial:
    path = folder / "s.toml"
    path.write_bytes(mutated(chance, (catalogue.folder() / f"{chance.choice(_names())}.toml").read_bytes()))
    return _asked_of_scenario(chance, path)


def fields(chance: random.Random, folder: Path) -> Trial:
    """A scenario that is TOML, with values that make no sense."""
    table = tomllib.loads((catalogue.folder() / f"{chance.choice(_names())}.toml").read_text(encoding="utf-8"))
    path = folder / "f.toml"
    path.write_text(document(altered(chance, table)), encoding="utf-8")
    return _asked_of_scenario(chance, path)


def recording(chance: random.Random, folder: Path) -> Trial:
    """What a session has written: changes by hand, steps, weights."""
    table = tomllib.loads(FAST) | {
        "timeline": [
            {"epoch": 1, "set": {"training.optimizer.lr": 0.02, "network.activation": "relu"}},
            {"step": 5, "set": {"training.batch_size": 8}},
            {"step": 7, "weights": [{"layer": 1, "unit": 2, "input": 1, "value": 0.5}]},
        ],
        "expect": [{"metric": "test.accuracy", "at_least": 0.0}, {"finding": "dead-units", "absent": True}],
    }
    path = folder / "recording.toml"
    path.write_text(document(altered(chance, table)), encoding="utf-8")
    return chance.choice([("replay", path, "--epochs", 3, "--quiet"), ("show", path), ("trace", path, "--step", 8)])


def sweep(chance: random.Random, folder: Path) -> Trial:
    """The table [sweep]; trials run in processes of their own, so that only the plan is tried here."""
    from nn_tui.training.sweep.interface import asked
    from nn_tui.training.sweep.space import parse_axis

    path = folder / "sweep.toml"
    if chance.random() < 0.3:
        path.write_bytes(mutated(chance, _SWEEP.encode()))
    else:
        table = tomllib.loads(_SWEEP)
        path.write_text(document(table | {"sweep": altered(chance, table["sweep"])}), encoding="utf-8")
    text = os.fsdecode(
        mutated(chance, chance.choice((b"lr=1e-4..1:log", b"activation=relu,tanh", b"batch_size=8..64")))
    )
    if chance.random() < 0.5:
        return "show", path

    def plan() -> None:
        unsaid: dict[str, Any] = dict.fromkeys(("seeds", "points", "random", "metric", "stop_sick"))
        with suppress(ValueError):
            asked(load(path), None, **unsaid)
        with suppress(ValueError):
            asked(
                load(once(folder / "fast.toml", lambda made: made.write_text(FAST))),
                (parse_axis(text, None),),
                **unsaid,
            )

    return plan


def trials(chance: random.Random, folder: Path) -> Trial:
    """The table of a sweep's trials, which the same sweep goes on from."""
    from nn_tui.training.sweep.interface import asked
    from nn_tui.training.sweep.progress import TrialTable
    from nn_tui.training.sweep.result import TrialResult

    path = folder / "trials.csv"
    path.unlink(missing_ok=True)
    scenario = load(once(folder / "sweep.toml", lambda made: made.write_text(_SWEEP)))
    plan = asked(scenario, None, seeds=2, **dict.fromkeys(("points", "random", "metric", "stop_sick")))  # type: ignore[arg-type]
    common = TrialResult(
        number=0,
        combination=0,
        changes={},
        seed=0,
        status="finished",
        value=0.5,
        train={"loss": 0.5},
        validation=None,
        test={"loss": None},
        steps=3,
        digest="sha256:0",
        seconds=0.1,
        stopped=False,
        run=0,
        error="",
    )
    results = [msgspec.structs.replace(common, **msgspec.structs.asdict(trial)) for trial in plan.each_trial()]
    table = TrialTable(path, plan, reads_back=True)
    for result in results[:2]:
        table.add(result, None)
    path.write_bytes(mutated(chance, path.read_bytes()))

    def go_on() -> None:
        again = TrialTable(path, plan, reads_back=True)
        again.add(results[3], None)
        assert TrialTable(path, plan, reads_back=True).done()[-1:] == results[3:]

    return go_on
