"""The hidden layers: a row each that unfolds to its fields, and one to add another."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from nn_tui.tui.forms.entries import FieldEntry
from nn_tui.tui.forms.row import Row

_FIRST_UNITS = 4


class LayerRow(Row):
    """One layer in short; its value is a table with `units` and what else there is to say.

    ↑↓ change the number of units, Enter unfolds the rest, + adds a layer after it, Delete takes it away.

    Attributes:
        number: which layer it is, from 1.
        all_layers: all of them, as tables.
        is_unfolded: whether its fields are shown below it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "add", "add a layer", show=False),
        Binding("minus,delete,backspace", "remove_layer", "remove the layer", show=False),
    ]

    class Unfolded(Message):
        """A layer's fields are to be shown, or put away."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, entry: FieldEntry, widget_id: str | None = None) -> None:
        super().__init__(entry, widget_id)
        self.number = 1
        self.all_layers: list[Any] = []
        self.is_unfolded = False

    def written(self, value: Any) -> str:
        if value is None:
            return "–"
        dropout = f" −{value['dropout']:.0%}" if value.get("dropout") else ""
        return " ".join(part for part in (f"{value['units']}", value.get("activation") or "") if part) + dropout

    @property
    def opens(self) -> str:
        return "▾" if self.is_unfolded else "▸"

    def action_edit(self) -> None:
        """Unfolds its fields, or folds them."""
        self.post_message(self.Unfolded(self.number))

    def nudged(self, value: Any, up: bool) -> object:
        return {**value, "units": value["units"] + (1 if up else -1)}

    def want(self, value: object) -> None:
        self._want([*self.all_layers[: self.number - 1], value, *self.all_layers[self.number :]])

    def action_add(self) -> None:
        """Adds a layer like this one after it."""
        self._want([*self.all_layers[: self.number], self.value, *self.all_layers[self.number :]])

    def action_remove_layer(self) -> None:
        """Takes the layer away."""
        self._want([*self.all_layers[: self.number - 1], *self.all_layers[self.number :]])

    def _want(self, layers: list[Any]) -> None:
        super().want([plain_layer(layer) for layer in layers])


class AddLayerRow(Row):
    """Adds a layer before the output."""

    SHOWS_VALUE = False

    def written(self, value: Any) -> str:
        return "" if value else "no hidden layer"

    def action_edit(self) -> None:
        """Adds one like the last."""
        layers = list(self.value or [])
        last = as_table(layers[-1]) if layers else {"units": _FIRST_UNITS}
        self.want([plain_layer(layer) for layer in [*layers, last]])


class RemoveLayerRow(Row):
    """Takes an unfolded layer away."""

    SHOWS_VALUE = False

    def __init__(self, entry: FieldEntry, widget_id: str | None = None) -> None:
        super().__init__(entry, widget_id)
        self.number = 1

    def written(self, value: Any) -> str:  # noqa: ARG002
        return ""

    def action_edit(self) -> None:
        """Takes the layer away."""
        layers = list(self.value or [])
        self.want([plain_layer(layer) for layer in [*layers[: self.number - 1], *layers[self.number :]]])


def as_table(layer: Any) -> dict[str, Any]:
    """A layer as a table, however it was written."""
    return {"units": layer} if isinstance(layer, int) else dict(layer)


def plain_layer(layer: Any) -> Any:
    """A layer as a scenario writes it: a bare number of units where there is no more to say."""
    table = {key: value for key, value in as_table(layer).items() if key == "units" or value not in (None, 0.0)}
    return table["units"] if len(table) == 1 else table
