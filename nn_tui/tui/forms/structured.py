"""A field whose value may be a list or a table: written as TOML has it, or plainly where that is clear."""

import tomllib
from typing import Any

from nn_tui.scenario.writing import inline
from nn_tui.tui.forms.number import TextRow

STRUCTURED = ("target", "columns", "coding", "split")
"""Types of fields that are written so."""


class StructuredRow(TextRow):
    """Names with commas between them, `["id", 3]`, `{ size = "order" }`."""

    def written(self, value: Any) -> str:
        if value is None:
            return "–"
        if isinstance(value, str | int):
            return str(value)
        if isinstance(value, tuple | list) and all(isinstance(one, str) and one.isidentifier() for one in value):
            return ", ".join(value) or "–"
        return inline(_plain(value)) if value else "–"

    def read(self, text: str) -> object:
        empty: dict[str, object] = {"columns": [], "coding": {}}
        if text in ("", "–"):
            return empty.get(self.entry.field.type, text)
        if text[0] in "[{":
            try:
                return tomllib.loads(f"value = {text}")["value"]
            except (ValueError, RecursionError):
                return text
        names = [_column(part.strip()) for part in text.split(",") if part.strip()]
        if self.entry.field.type == "columns":
            return names
        return text if self.entry.field.type != "target" else names if len(names) > 1 else _column(text)


def _column(text: str) -> str | int:
    return int(text) if text.isdecimal() and len(text) < 10 else text.strip("\"'")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
