"""Which files are tables, by the endings of their names."""

TEXTS = (".csv", ".tsv", ".txt", ".tab", ".data")
ARCHIVE, PARQUET = ".npz", ".parquet"
SUFFIXES = (*TEXTS, *(f"{ending}.gz" for ending in TEXTS), ARCHIVE, PARQUET)
"""Endings of files that are taken for tables where they are named bare."""


def is_table(name: str) -> bool:
    """Whether a file's name is that of a table."""
    return name.lower().endswith(SUFFIXES)
