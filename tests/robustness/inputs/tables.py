"""Tables: text, packed text, archives, Parquet."""

import gzip
import io
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from tests.robustness.inputs.trial import BOUND, SCENARIO, TABLE, Trial
from tests.robustness.mutations import mutated


def asked_of_table(chance: random.Random, folder: Path, path: Path) -> Trial:
    (folder / "t.toml").write_text(SCENARIO.format(path=path.name))
    return chance.choice(
        [
            ("replay", folder / "t.toml", *BOUND, "--quiet"),
            ("data", "describe", path),
            ("data", "describe", path, "--json"),
            ("replay", path, "--target", chance.choice(("label", "a", "y", "1")), *BOUND),
        ]
    )


def table(chance: random.Random, folder: Path) -> Trial:
    path = folder / f"t.{chance.choice(('csv', 'tsv', 'txt'))}"
    content = mutated(chance, TABLE.encode())
    path.write_bytes(content if path.suffix == ".csv" else content.replace(b",", b"\t"))
    return asked_of_table(chance, folder, path)


def packed_table(chance: random.Random, folder: Path) -> Trial:
    path = folder / "t.csv.gz"
    if chance.random() < 0.5:
        path.write_bytes(mutated(chance, gzip.compress(TABLE.encode(), 1)))
    else:
        path.write_bytes(gzip.compress(mutated(chance, TABLE.encode()), 1))
    return asked_of_table(chance, folder, path)


def archive(chance: random.Random, folder: Path) -> Trial:
    arrays: dict[str, Any] = {"X": np.arange(48.0).reshape(24, 2), "y": np.arange(24) % 2}
    match chance.randrange(6):
        case 0:
            arrays["X"] = arrays["X"].astype(chance.choice(["i1", "f2", "c8", "S3", "U3", "M8[s]", "?", "V4", "O"]))
        case 1:
            arrays["y"] = chance.choice(
                [np.zeros((24, 3)), np.array(5), np.array(["a", "\x1b[31m"] * 12), np.zeros((2, 2, 2))]
            )
        case 2:
            arrays = {chance.choice(["x", "X", "Y", "\u202e"]): array for array in arrays.values()}
        case 3:
            arrays["X"][chance.randrange(24)] = chance.choice([np.nan, np.inf, 1e308])
    path = folder / "t.npz"
    file = io.BytesIO()
    with suppress(ValueError, TypeError):
        np.savez(file, **arrays)
    content = file.getvalue()
    path.write_bytes(mutated(chance, content) if chance.random() < 0.7 else content)
    return asked_of_table(chance, folder, path)


def parquet(chance: random.Random, folder: Path) -> Trial:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {"a": list(range(24)), "b": [n / 7 for n in range(24)], "label": ["yes", "no"] * 12}
    odd: list[Any] = [
        pa.array([[1]] * 24),
        pa.array([b"\xff"] * 24),
        pa.array([None] * 24),
        pa.array([10**18] * 24, pa.timestamp("ns")),
        pa.array(["\x1b[31m", "\u202e"] * 12).dictionary_encode(),
        pa.array([{"x": 1}] * 24),
        pa.array([2**63] * 24, pa.uint64()),
        pa.array([float("nan")] * 24),
        pa.array([1.5] * 24, pa.float16()),
        pa.array([True, None] * 12),
        pa.array([1] * 24, pa.duration("s")),
        pa.array(["a"] * 24, pa.large_string()),
        pa.array([2**62] * 24, pa.time64("us")),
        pa.array([-(2**31)] * 24, pa.date32()),
        pa.array([2**60] * 24, pa.timestamp("s", "Europe/Berlin")),
        pa.array(["x"] * 24, pa.string_view()),
        pa.array([-(10**17)] * 24, pa.timestamp("s")),
    ]
    if chance.random() < 0.6:
        columns[chance.choice(["a", "label", "\x1b]0;x\x07", "a.b", ""])] = chance.choice(odd)
    path = folder / "t.parquet"
    with suppress(pa.ArrowException, ValueError, TypeError):
        pq.write_table(pa.table(columns), path)
    if chance.random() < 0.7 and path.exists():
        path.write_bytes(mutated(chance, path.read_bytes()))
    return asked_of_table(chance, folder, path)
