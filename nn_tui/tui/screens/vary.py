"""What a sweep is to vary, asked for as the shell takes it."""

import shlex
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.sweep.interface import asked
from nn_tui.training.sweep.plan import Plan
from nn_tui.training.sweep.shape import written
from nn_tui.training.sweep.space import Axis, parse_axes
from nn_tui.tui.dialogs.dialog import Box, Dialog

_EXAMPLE = "lr=1e-4..1:log"
_ASKED_ABOUT = 2_000
"""Trials from which on Enter is to be pressed twice."""


class VaryScreen(Dialog[Plan]):
    """Ends with a sweep, that can be run as far as can be told at once."""

    def __init__(self, scenario: Scenario) -> None:
        """
        Args:
            scenario: what is varied; what its table `[sweep]` says is proposed.
        """
        super().__init__()
        self._scenario = scenario
        self._confirmed = ""

    def compose(self) -> ComposeResult:
        with Box("Sweep", "tab other line · enter run it · esc close"):
            yield Static("Vary", classes="label -short")
            yield Input(_proposed(self._scenario), compact=True, id="varied")
            yield Static("Seeds: how many, or which", classes="label -short")
            yield Input(str(self._scenario.sweep.get("seeds", 1)).strip("[]"), compact=True, id="seeds")
            yield Static("", classes="problem", markup=False)
            yield Static(
                "A range has both its ends: lr=1e-4..1:log, or :9 for nine points. A list has its values: "
                "network.activation=relu,tanh. Several go beside each other. The trials run beside the lab, at low "
                "priority.",
                classes="label -long",
                markup=False,
            )

    def on_mount(self) -> None:
        self.query_one("#varied").focus()

    @on(Input.Submitted)
    def _take(self) -> None:
        try:
            plan = self._plan()
        except ScenarioError as error:
            # Where it comes from is called as at the shell, and here it stands above.
            self.complain(str(ScenarioError(error.problem, key=error.key)))
            return
        said = f"These are {plan.trials:,} trials; enter once more runs them."
        if plan.trials >= _ASKED_ABOUT and self._confirmed != said:
            self._confirmed = said
            self.complain(said)
            return
        self.dismiss(plan)

    def _plan(self) -> Plan:
        varied, seeds = (self.query_one(f"#{name}", Input).value for name in ("varied", "seeds"))
        axes = parse_axes(varied, source="vary")
        if not axes:
            raise ScenarioError(f"name what to vary, such as {_EXAMPLE}")
        return _unsettled(self._scenario, axes, _seeds(seeds))


def _unsettled(scenario: Scenario, axes: tuple[Axis, ...] | None = None, seeds: int | list[int] | None = None) -> Plan:
    """What is asked for, before anything is read or made ready, which may take longer than a key may wait."""
    return asked(scenario, axes, seeds=seeds, points=None, random=None, metric=None, stop_sick=None, settle=False)


def _seeds(text: str) -> int | list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 19 for part in parts):
        raise ScenarioError(f"expected how many, such as 5, or which, such as 3,7, found {text!r}", key="seeds")
    return int(parts[0]) if len(parts) == 1 else [int(part) for part in parts]


def _proposed(scenario: Scenario) -> str:
    """What the scenario's table says, as one would type it; the rate where it says nothing that can be."""
    try:
        table = _unsettled(scenario)
    except ScenarioError:
        return _EXAMPLE
    return shlex.join(map(_typed, table.axes)) if table.axes else _EXAMPLE


def _typed(axis: Axis) -> str:
    if axis.low is not None and axis.high is not None:
        return f"{axis.key}={axis.low:g}..{axis.high:g}:{axis.scale}:{len(axis.values)}"
    return f"{axis.key}={','.join(_listed(axis.values))}"


def _listed(values: Sequence[object]) -> list[str]:
    return [written(value) for value in values]
