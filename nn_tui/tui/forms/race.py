"""The rivals of a race: a row each with its rule and rate, and one to add another."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from nn_tui.numerals import as_typed
from nn_tui.scenario import fields
from nn_tui.scenario.schema import OptimizerTable
from nn_tui.tui.forms.entries import FieldEntry
from nn_tui.tui.forms.number import NumberRow
from nn_tui.tui.forms.row import Row
from nn_tui.tui.forms.steps import stepped

_RULE, _RATE = (fields.table(OptimizerTable)[name] for name in ("name", "lr"))


class RivalRow(NumberRow):
    """One rival in short; its value is its rate, or a name if its rule is to be another.

    ↑↓ change the rate, digits write it, Enter opens the list of rules, + adds a rival after it, Delete takes it away.

    Attributes:
        number: which rival it is, from 1; the run's own optimizer is no rival.
        race: all optimizers of the race, as tables, the run's own first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "add", "add a rival", show=False),
        Binding("minus,delete,backspace", "remove_rival", "remove the rival", show=False),
    ]

    def __init__(self, entry: FieldEntry, widget_id: str | None = None) -> None:
        super().__init__(entry, widget_id)
        self.number = 1
        self.race: list[dict[str, Any]] = []

    @property
    def opens(self) -> str:
        return "▾"

    def written(self, value: Any) -> str:
        return "–" if value is None else f"{value['name']} {as_typed(value['lr'])}"

    def begins(self, character: str) -> bool:
        return character.isdigit() or character == "."

    def read(self, text: str) -> object:
        rate = super().read(text.rpartition(" ")[2])
        return {**self.value, "lr": rate}

    def want(self, value: object) -> None:
        super().want([*self.race[: self.number], value, *self.race[self.number + 1 :]])

    def nudged(self, value: Any, up: bool) -> object:
        return {**value, "lr": stepped(_RATE, value["lr"], up)}

    def action_edit(self, start: str | None = None) -> None:
        """Opens the list of rules; what is typed is a rate."""
        if start is not None:
            super().action_edit(start)
            return
        from nn_tui.tui.dialogs.choose import Choose

        key = "training.optimizer.name"
        self.app.push_screen(Choose(_RULE.choices, (self.value["name"],), self.region, key=key), self._take)

    def _take(self, chosen: tuple[str, ...] | None) -> None:
        # The rate and the settings of one rule do not suit another.
        if chosen and chosen[0] != self.value["name"]:
            self.want({"name": chosen[0]})

    def action_add(self) -> None:
        """Adds a rival like this one after it."""
        super().want([*self.race[: self.number + 1], self.value, *self.race[self.number + 1 :]])

    def action_remove_rival(self) -> None:
        """Takes the rival away."""
        super().want([*self.race[: self.number], *self.race[self.number + 1 :]])


class AddRivalRow(Row):
    """Adds a rival that the race does not have yet."""

    SHOWS_VALUE = False

    def __init__(self, entry: FieldEntry, widget_id: str | None = None) -> None:
        super().__init__(entry, widget_id)
        self.race: list[dict[str, Any]] = []

    def written(self, value: Any) -> str:
        return "" if value else "no rival"

    def action_edit(self) -> None:
        """Adds the first rule that does not run yet."""
        running = {rule["name"] for rule in self.race}
        name = next((rule for rule in _RULE.choices if rule not in running), _RULE.choices[0])
        self.want([*self.race, {"name": name}])
