"""What the program keeps for itself: runs, settings."""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from tests.robustness.inputs.trial import SCENARIO, TABLE, Trial, once
from tests.robustness.mutations import ODD, altered, mutated
from tests.shell.programs import nn


def _asked_of_store(chance: random.Random) -> Trial:
    return chance.choice(
        [
            ("runs",),
            ("runs", "--trials", "--json"),
            ("runs", "show", 1),
            ("runs", "show", 2, "--plot"),
            ("runs", "replay", 1, "--quiet"),
            ("compare", "@1", "@2"),
            ("show", "@2"),
            ("runs", "--sort", "test.accuracy"),
            ("runs", "forget", 1),
            ("runs", "prune", "--to", "1kB"),
            ("compare", "@1", "@2", "--json"),
            ("replay", "@1", "--steps", 1, "--keep", "--quiet"),
            ("runs", "show", 1, "--json"),
            ("runs", "--scenario", "t", "--finding", "x", "--limit", 1),
            ("trace", "@1"),
            ("compare", "@1", "@2", "--plot"),
        ]
    )


def _make_store(path: Path) -> None:
    os.environ["NN_TUI_RUNS"] = str(path)
    (path.parent / "whole.csv").write_text(TABLE)
    (path.parent / "kept.toml").write_text(SCENARIO.format(path="whole.csv"))
    for name in ("kept.toml", "moons", "saddle"):
        scenario = path.parent / name if name.endswith("toml") else name
        assert nn("replay", scenario, "--steps", 20, "--keep", "--quiet").exit_code == 0
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _in_store(folder: Path) -> Path:
    """A copy of the whole store, in use for this case."""
    for left in folder.glob("runs.sqlite*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    path = folder / "runs.sqlite"
    shutil.copy(once(folder / "whole.sqlite", _make_store), path)
    os.environ["NN_TUI_RUNS"] = str(path)
    return path


def store(chance: random.Random, folder: Path) -> Trial:
    path = _in_store(folder)
    path.write_bytes(mutated(chance, path.read_bytes()))
    return _asked_of_store(chance)


def kept(chance: random.Random, folder: Path) -> Trial:
    """A database that is whole, with values that make no sense."""
    path = _in_store(folder)
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(chance.randint(1, 3)):
            table = chance.choice(["runs", "contents", "contents", "tables"])
            column = chance.choice([row[1] for row in connection.execute(f"PRAGMA table_info({table})")])
            number, value = connection.execute(
                f"SELECT rowid, {column} FROM {table} ORDER BY random() LIMIT 1"
            ).fetchone()
            odd = _odd_value(chance, value)
            with suppress(sqlite3.IntegrityError, sqlite3.OperationalError):
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (odd, number))
        connection.commit()
    return _asked_of_store(chance)


def _odd_value(chance: random.Random, value: object) -> object:
    if isinstance(value, str) and chance.random() < 0.5:
        with suppress(ValueError):
            return json.dumps(altered(chance, json.loads(value)))
    if isinstance(value, str) and chance.random() < 0.5:
        return mutated(chance, value.encode()).decode("utf-8", "replace")
    if isinstance(value, bytes) and chance.random() < 0.8:
        return mutated(chance, value)
    odd = [item for item in ODD if isinstance(item, int | float | str) and item not in (2**63, "\ud800")]
    return chance.choice(odd)


def settings(chance: random.Random, folder: Path) -> Trial:
    from nn_tui.tui import settings

    os.environ["NN_TUI_CONFIG_DIR"] = str(folder / "settings")
    (folder / "settings").mkdir(exist_ok=True)
    whole = msgspec.to_builtins(settings.Settings(opened=("xor", "moons"), scenario="xor", tour=2))
    content = json.dumps(altered(chance, whole)).encode("utf-8", "replace")
    settings.path().write_bytes(content if chance.random() < 0.5 else mutated(chance, content))
    return settings.load
