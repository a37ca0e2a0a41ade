"""What the lab remembers between its starts: theme, panels, last scenario."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from nn_tui.training.files.atomic import OutputError, write_atomically

FOLDER_VARIABLE = "NN_TUI_CONFIG_DIR"
"""An environment variable that names another folder than the platform's."""

_LARGEST = 1_000_000

_MOST_OPENED = 500
"""Scenarios of which it is remembered that they were opened."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered.

    Attributes:
        theme: by name.
        shown, hidden: views asked for or sent away, by name.
        forms: whether the forms are in sight.
        scenario: the one open last: a name in the catalog or an absolute path; empty before the first start.
        opened: all that were ever opened, by name.
        on_tour, tour: whether the tour is on, and how many of its stops are behind.
        knows_hint: whether the hint for the first run has done its work.
        knows_kept: whether it has been said that runs are kept.
    """

    theme: str = "lab-dark"
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    forms: bool = True
    scenario: str = ""
    opened: tuple[str, ...] = ()
    on_tour: bool = False
    tour: int = 0
    knows_hint: bool = False
    knows_kept: bool = False


class Memory:
    """The settings, as they change.

    Attributes:
        settings: as they are now.
        tell: is told what went wrong with keeping them.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell
        self._told = ""
        remembered = load()
        self.settings = remembered.settings
        if remembered.notice:
            tell(remembered.notice)

    def keep(self, **changes: Any) -> None:
        """Keeps settings, by their names, for the next start."""
        changed = msgspec.structs.replace(self.settings, **changes)
        if changed != self.settings:
            self.settings = changed
            problem = save(changed)
            if problem and problem != self._told:
                # A full disk is told of once, and not with every key; again once it has been mended in between.
                self.tell(problem)
            self._told = problem

    def keep_opened(self, scenario: str) -> None:
        """Keeps which scenario, by name, was opened last, and that it was opened at all."""
        ever = dict.fromkeys((*self.settings.opened, scenario))
        self.keep(scenario=scenario, opened=tuple(ever)[-_MOST_OPENED:])


class Remembered(msgspec.Struct, frozen=True):
    """The settings, and what has to be said about them; empty if nothing."""

    settings: Settings
    notice: str = ""


def path() -> Path:
    """Where the settings are kept."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return Path(folder) / "settings.json"
    from platformdirs import user_config_path

    return user_config_path("nn-tui", appauthor=False) / "settings.json"


def load() -> Remembered:
    """The settings of the last time. A damaged file is set aside, and the defaults are used."""
    file = path()
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST)
        return Remembered(msgspec.json.decode(content, type=Settings))
    except FileNotFoundError:
        return Remembered(Settings())
    except OSError as error:
        return Remembered(Settings(), f"The settings could not be read ({error.strerror}): {file}")
    except (msgspec.MsgspecError, ValueError) as error:
        return Remembered(Settings(), _set_aside(file, str(error)))


def _set_aside(file: Path, reason: str) -> str:
    aside = file.with_name(f"{file.name}.damaged")
    try:
        file.replace(aside)
    except OSError:
        return f"The settings are damaged ({reason}) and are not used: {file}"
    return f"The settings were damaged ({reason}); they were set aside as {aside}"


def save(settings: Settings) -> str:
    """Writes the settings, whole or not at all; returns what went wrong, empty if nothing did."""
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
    except OutputError as error:
        return f"The settings could not be kept: {error}"
    except OSError as error:
        return f"The settings could not be kept ({error.strerror}): {file}"
    return ""
