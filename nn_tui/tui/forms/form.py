"""A panel of fields: of the data, the network or the training."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from nn_tui.scenario.lanes import lane_rules
from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.choice import ChoiceRow, NamesRow
from nn_tui.tui.forms.entries import FieldEntry, entries, layer_entries
from nn_tui.tui.forms.layers import AddLayerRow, LayerRow, RemoveLayerRow, as_table
from nn_tui.tui.forms.number import NumberRow, PointRow, TextRow
from nn_tui.tui.forms.race import AddRivalRow, RivalRow
from nn_tui.tui.forms.row import Row, row_id
from nn_tui.tui.forms.structured import STRUCTURED, StructuredRow
from nn_tui.tui.palette import palette_of

TITLES = {"data": "Data", "network": "Network", "training": "Training"}


class _Place(msgspec.Struct, frozen=True):
    """A row that is to be there.

    Attributes:
        kind: of row.
        entry: what it is a field of.
        suffix: what its id has beyond the field's.
        layer: the layer, or the rival, it stands for, from 1, if it stands for one.
    """

    kind: type[Row]
    entry: FieldEntry
    suffix: str = ""
    layer: int = 0

    @property
    def id(self) -> str:
        return row_id(self.entry.field.key) + self.suffix

    def make(self) -> Row:
        row = self.kind(self.entry, self.id)
        if isinstance(row, LayerRow | RemoveLayerRow | RivalRow):
            row.number = self.layer
        return row


class Form(Vertical):
    """The fields of a group; `show` brings it in line with a draft."""

    def __init__(self, group: str) -> None:
        super().__init__(id=f"{group}-form", classes="form")
        self.group = group
        self.border_title = TITLES[group]
        self._is_unfolded = False
        self._unfolded_layers: set[int] = set()
        self._draft: Draft | None = None
        self._fold = FoldRow()

    def compose(self) -> Iterator[Widget]:
        yield self._fold

    @property
    def rows(self) -> list[Row]:
        """The fields in sight, from top to bottom."""
        return [row for row in self.query_children(Row) if row.is_attached]

    def show(self, draft: Draft) -> None:
        """Adds and removes rows where the scenario has other fields than before, and shows every value."""
        self._draft = draft
        kept = {row.id: row for row in self.query_children(Row)}
        before: Widget | None = None
        wanted: set[str | None] = set()
        for place in self._places(draft):
            row = kept.get(place.id)
            if row is None:
                row = place.make()
                self.mount(row, after=before) if before is not None else self.mount(row, before=0)
            row.entry = place.entry
            wanted.add(row.id)
            self._fill(row, draft)
            before = row
        # A surface has no network.
        self.display = bool(wanted)
        for row in self.query_children(Row):
            if row.id not in wanted:
                row.remove()

    def _fill(self, row: Row, draft: Draft) -> None:
        key = row.entry.field.key
        value = draft.value(key)
        if isinstance(row, LayerRow):
            row.all_layers = [as_table(layer) for layer in value]
            row.is_unfolded = row.number in self._unfolded_layers
            value = row.all_layers[row.number - 1]
        if isinstance(row, RivalRow | AddRivalRow):
            row.race = [*lane_rules(value, draft.value("training.optimizer"))]
            value = row.race[row.number] if isinstance(row, RivalRow) else value
        row.show(value, draft.is_pending(key))

    def _places(self, draft: Draft) -> Iterator[_Place]:
        listed = entries(self.group, draft.next)
        folded = [entry for entry in listed if entry.is_folded]
        for entry in listed:
            if entry.is_folded and not self._is_unfolded:
                continue
            if entry.field.type == "layers":
                yield from self._layers(entry, len(draft.value(entry.field.key)))
            elif entry.field.type == "rules":
                yield from _rivals(entry, len(draft.value(entry.field.key)) - 1)
            else:
                yield _Place(_row_kind(entry), entry)
        self._fold.count(len(folded), self._is_unfolded)

    def _layers(self, entry: FieldEntry, count: int) -> Iterator[_Place]:
        for number in range(1, count + 1):
            named = FieldEntry(entry.field, f"layer {number}", False)
            yield _Place(LayerRow, named, f"-{number}", number)
            if number in self._unfolded_layers:
                for part in layer_entries(number):
                    indented = FieldEntry(part.field, f"  {part.label}", part.is_folded)
                    yield _Place(_row_kind(part), indented)
                removing = FieldEntry(entry.field, "  − remove", False)
                yield _Place(RemoveLayerRow, removing, f"-{number}-remove", number)
        yield _Place(AddLayerRow, FieldEntry(entry.field, "+ layer", False), "-add")

    def refuse(self, key: str, problem: str) -> bool:
        """Shows what is wrong with a field below it, if it is here and in sight."""
        for row in self.rows:
            if row.entry.field.key == key:
                row.refuse(problem)
                # The forms may be put away.
                return all(node.display for node in row.ancestors_with_self if isinstance(node, Widget))
        return False

    def reveal(self, key: str) -> bool:
        """Brings a field of this form into sight, unfolding what it is folded away in; returns whether it is here."""
        if self._draft is None:
            return False
        for entry in entries(self.group, self._draft.next):
            if entry.field.key == key:
                if entry.is_folded and not self._is_unfolded:
                    self._is_unfolded = True
                    self.show(self._draft)
                return True
        return False

    def forgive(self) -> None:
        """Takes away what was said to be wrong."""
        for row in self.rows:
            row.refuse("")

    def on_fold_row_toggled(self, event: "FoldRow.Toggled") -> None:
        event.stop()
        self._is_unfolded = not self._is_unfolded
        if self._draft is not None:
            self.show(self._draft)

    @on(LayerRow.Unfolded)
    def _unfold_layer(self, event: LayerRow.Unfolded) -> None:
        event.stop()
        self._unfolded_layers ^= {event.number}
        if self._draft is not None:
            self.show(self._draft)


def _rivals(entry: FieldEntry, count: int) -> Iterator[_Place]:
    for number in range(1, count + 1):
        yield _Place(RivalRow, FieldEntry(entry.field, f"rival {number}", entry.is_folded), f"-{number}", number)
    yield _Place(AddRivalRow, FieldEntry(entry.field, "+ rival", entry.is_folded), "-add")


def _row_kind(entry: FieldEntry) -> type[Row]:
    field = entry.field
    if field.type == "point":
        return PointRow
    if field.type == "names":
        return NamesRow
    if field.type in STRUCTURED:
        return StructuredRow
    if field.type == "boolean" or field.choices:
        return ChoiceRow
    return NumberRow if field.type in ("integer", "number") else TextRow


class FoldRow(Widget, can_focus=True):
    """Says how many more fields there are; a click or Enter shows or hides them."""

    class Toggled(Message):
        """The rest of the fields is to be shown, or hidden."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "unfold", "more", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._is_unfolded = False

    def count(self, count: int, is_unfolded: bool) -> None:
        """How many fields are folded away, or were."""
        self.display = count > 0
        self._count, self._is_unfolded = count, is_unfolded
        self.refresh()

    def render(self) -> Content:
        palette = palette_of(self.app)
        text = "▴ fewer" if self._is_unfolded else f"▾ {self._count} more"
        return Content.styled(text, palette.text.hex if self.has_focus else palette.muted.hex)

    def action_unfold(self) -> None:
        """Shows or hides them."""
        self.post_message(self.Toggled())

    def on_click(self) -> None:
        self.action_unfold()
