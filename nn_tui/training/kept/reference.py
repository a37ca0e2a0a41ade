"""A kept run's scenario, with the files that the run read."""

import re
import zlib
from pathlib import Path

from msgspec import structs

from nn_tui.scenario.data_table import FILES
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import shown
from nn_tui.training.files.atomic import write_atomically
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.files import Fingerprint, check_unchanged, fingerprints
from nn_tui.training.kept.kept_run import KeptRun, replaying
from nn_tui.training.kept.store import Store

_REFERENCE = re.compile(r"@([0-9]{1,18})")


def referred(text: str) -> int | None:
    """The number of the kept run that `@12` stands for; None for other text."""
    found = _REFERENCE.fullmatch(text)
    return None if found is None else int(found[1])


def kept_scenario(number: int, store: Store | None = None) -> Scenario:
    """The scenario that replays to a kept run's digest.

    Raises:
        KeptError: for a run that is not there, or one whose files have changed.
    """
    store = store or Store()
    kept = store.get(number)
    scenario, init_from = with_files(store, kept, replaying(kept))
    if init_from is not None:
        raise KeptError(
            f"run {number} began with the weights of {init_from}, which no scenario holds; "
            f"nn-tui runs replay {number} has it again"
        )
    return scenario


def kept_course(number: int, store: Store | None = None) -> tuple[Scenario, int]:
    """A kept run's scenario to its own end, and the step the run came to.

    Raises:
        KeptError: as for `kept_scenario`.
    """
    store = store or Store()
    kept = store.get(number)
    kept_scenario(number, store)
    return with_files(store, kept, kept.scenario)[0], kept.line.steps


def with_files(store: Store, kept: KeptRun, scenario: Scenario) -> tuple[Scenario, Path | None]:
    """A scenario of a kept run reading what the run read, and the file of its initial weights, if it had one.

    A table that is gone or has changed is written out of the store, beside it.

    Raises:
        KeptError: for a file that is gone or has changed and was not kept.
    """
    init_from = None
    images = {Path(file.path).name: file for file in fingerprints(scenario) if file.role == "images"}
    for file in kept.files:
        if file.role == "init":
            check_unchanged(file)
            init_from = Path(file.path)
        elif file.role == "images":
            _check_image(file, images)
        else:
            key = file.role.removeprefix("data.")
            if key not in FILES:
                raise KeptError(
                    f"run {kept.line.id} is damaged: it does not say what it took from {shown(file.path)}; "
                    f"nn-tui runs forget {kept.line.id} takes it out"
                )
            data = structs.replace(scenario.data, **{key: str(_table(store, file))})
            scenario = structs.replace(scenario, data=data)
    return scenario, init_from


def _check_image(file: Fingerprint, now: dict[str, Fingerprint]) -> None:
    found = now.get(Path(file.path).name)
    if found is None or found.sha256 != file.sha256:
        check_unchanged(file)


def _table(store: Store, file: Fingerprint) -> Path:
    path = Path(file.path)
    try:
        check_unchanged(file)
        return path
    except KeptError:
        content = store.table(file.sha256)
        if content is None:
            raise
    copy = store.copy(file.sha256, path.suffix)
    try:
        copy.parent.mkdir(exist_ok=True)
        write_atomically(copy, zlib.decompress(content))
    except (OSError, zlib.error) as error:
        raise KeptError(f"{copy}: the run's table cannot be written there ({error})") from error
    return copy
