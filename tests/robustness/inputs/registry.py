"""All of them, by name."""

from tests.robustness.inputs import kept, models, pictures, scenarios, spoken, tables
from tests.robustness.inputs.trial import Case

INPUTS: dict[str, Case] = {
    "scenario": scenarios.scenario,
    "fields": scenarios.fields,
    "recording": scenarios.recording,
    "sweep": scenarios.sweep,
    "trials": scenarios.trials,
    "table": tables.table,
    "packed table": tables.packed_table,
    "archive": tables.archive,
    "parquet": tables.parquet,
    "picture": pictures.picture,
    "idx": pictures.idx,
    "model": models.model,
    "description": models.description,
    "samples": models.samples,
    "metrics": models.metrics,
    "store": kept.store,
    "kept": kept.kept,
    "settings": kept.settings,
    "arguments": spoken.arguments,
    "change": spoken.change,
    "message": spoken.message,
    "terminal": spoken.terminal,
}
NEEDS = {"parquet": "pyarrow", "picture": "PIL"}
"""Modules without which an input cannot be made."""
