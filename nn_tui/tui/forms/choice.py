"""A field with a few possible texts: ↑↓ go through them, Enter opens the list."""

from typing import Any

from nn_tui.tui.forms.row import Row

SWITCH = {"yes": True, "no": False}


class ChoiceRow(Row):
    """One of a field's choices."""

    @property
    def opens(self) -> str:
        return "▾"

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen, as it is shown."""
        return tuple(SWITCH) if self.entry.field.type == "boolean" else self.entry.field.choices

    def written(self, value: Any) -> str:
        if self.entry.field.type == "boolean":
            return {True: "yes", False: "no"}.get(value, "auto")
        # Only a layer's activation can be without a value of its own.
        return "as network" if value is None else str(value)

    def wanted(self, option: str) -> object:
        """The value of a choice as it is shown."""
        return SWITCH[option] if self.entry.field.type == "boolean" else option

    def nudged(self, value: Any, up: bool) -> object:
        shown, options = self.written(value), self.options
        # The list reads downwards: ↓ is the next one in it.
        at = options.index(shown) + (-1 if up else 1) if shown in options else 0
        return self.wanted(options[at % len(options)])

    def action_edit(self) -> None:
        """Opens the list of choices."""
        from nn_tui.tui.dialogs.choose import Choose

        key = self.entry.field.key
        self.app.push_screen(Choose(self.options, (self.written(self.value),), self.region, key=key), self._take)

    def _take(self, chosen: tuple[str, ...] | None) -> None:
        if chosen and chosen[0] != self.written(self.value):
            self.want(self.wanted(chosen[0]))


class NamesRow(ChoiceRow):
    """Any of a field's choices, at least one."""

    def written(self, value: Any) -> str:
        return " ".join(value or ())

    def nudged(self, value: Any, up: bool) -> object:  # noqa: ARG002
        return value

    def action_edit(self) -> None:
        """Opens the list of choices, to mark some of them."""
        from nn_tui.tui.dialogs.choose import Choose

        self.app.push_screen(Choose(self.options, tuple(self.value or ()), self.region, several=True), self._take)

    def _take(self, chosen: tuple[str, ...] | None) -> None:
        if chosen is not None and list(chosen) != list(self.value or ()):
            self.want(list(chosen))
