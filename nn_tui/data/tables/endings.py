"""Which files are tables, by the endings of their names."""

TEXTS = (".csv", ".tsv", ".txt", ".tab", ".data")
ARCHIVE, PARQUET = ".npz", ".parquet"
SUFFIXES = (*TEXTS, *(f"{ending}.gz" for ending in TEXTS), ARCHIVE, PARQUET)
"""Endings of files that are taken for tables where they are named bare."""

_SHEETS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
_PACKED = (".zip", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".tgz")
_OTHERS = (
    *(".json", ".jsonl", ".ndjson", ".xml", ".html", ".arff", ".npy", ".pkl", ".pickle", ".h5", ".hdf5", ".mat"),
    *(".feather", ".arrow", ".orc", ".avro", ".sav", ".dta", ".sas7bdat", ".rds", ".rdata", ".sqlite", ".db"),
)


def what_else(name: str) -> str:
    """What a file is by its ending that is no table read here, and what to do; empty for other endings."""
    low = name.lower()
    if low.endswith(_SHEETS):
        return "is a spreadsheet; save the sheet as CSV"
    if low.endswith(_PACKED):
        return "is packed; unpack it (what gzip has packed, .csv.gz, is read as it is)"
    return "is not read; save the table as CSV, .npz or .parquet" if low.endswith(_OTHERS) else ""


def is_table(name: str) -> bool:
    """Whether a file's name is that of a table."""
    return name.lower().endswith(SUFFIXES)
