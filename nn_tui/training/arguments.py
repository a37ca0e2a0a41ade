"""What Python callers pass: of another type, it is refused in words before anything is done."""

import math
import operator
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.wording import found


def whole_number(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """A whole number, Python's or NumPy's.

    Raises:
        TypeError: for a value of another type.
        ValueError: for one that is less than `least`, or more than `most`.
    """
    span = f"of at least {least}" if most is None else f"from {least} to {most}"
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected a whole number {span}, found {found(value)}")
    if value < least or (most is not None and value > most):
        raise ValueError(f"{name}: expected a whole number {span}, found {found(operator.index(value))}")
    return operator.index(value)


def positive(name: str, value: Any) -> float:
    """A finite number above 0, Python's or NumPy's.

    Raises:
        TypeError: for a value of another type.
        ValueError: for one that is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name}: expected a number above 0, found {found(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not 0.0 < number < math.inf:
        raise ValueError(f"{name}: expected a number above 0, found {found(value)}")
    return number


def path_of(name: str, value: Any) -> Path:
    """A path, given as text or as an object that stands for one.

    Raises:
        TypeError: for a value of another type; bytes are one.
    """
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise TypeError(f"{name}: expected a path, found {found(value)}")
    return Path(path)


def plain(value: Any) -> Any:
    """NumPy's numbers and arrays, at any depth, as Python's own: what sweeps over `np.logspace` and the like give."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def check_scenario(value: Any) -> None:
    """Refuses what no scenario can be had of.

    Raises:
        TypeError: for such a value.
    """
    check_type("scenario", value, (str, Path, Scenario), "a name, a path or a Scenario")


def check_changes(value: Any) -> None:
    """Refuses what is neither a mapping nor None.

    Raises:
        TypeError: for such a value.
    """
    check_mapping("changes", value, '{"training.epochs": 5}')


def check_mapping(name: str, value: Any, example: str) -> None:
    """Refuses what is neither a mapping nor None.

    Raises:
        TypeError: for such a value.
    """
    if value is not None and not isinstance(value, Mapping):
        raise TypeError(f"{name}: expected a mapping such as {example}, found {found(value)}")


def check_type(name: str, value: Any, wanted: type | tuple[type, ...], called: str) -> None:
    """Refuses what is not of a type.

    Raises:
        TypeError: for such a value.
    """
    if not isinstance(value, wanted):
        raise TypeError(f"{name}: expected {called}, found {found(value)}")


def check_called(**functions: Callable[..., Any] | None) -> None:
    """Refuses what is neither to be called nor None.

    Raises:
        TypeError: for such a value, by its name.
    """
    for name, value in functions.items():
        if value is not None and not callable(value):
            raise TypeError(f"{name}: expected a function, found {found(value)}")
