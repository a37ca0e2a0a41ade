"""Rows by their content: 64-bit hashes that stay the same when a file is sorted or grows."""

import hashlib

import numpy as np

from nn_tui.data.splitting import Hashes, mixed
from nn_tui.floats import Floats

_BLOCK = 100_000
"""Numbers at a time: what is worked out of them stays in the processor's cache."""


def row_hashes(inputs: Floats, targets: Floats, class_names: tuple[str, ...]) -> Hashes:
    """One hash a row, shape (n,), of its inputs before any scaling and its targets.

    Each value's bits are mixed, multiplied by an odd number that is its column's, and added up modulo 2⁶⁴.

    Args:
        inputs: shape (n, inputs), NaN where a value is missing.
        targets: shape (n,) or (n, targets): values, or numbers of classes, which count by their names.
        class_names: empty in a regression.
    """
    answers = targets if targets.ndim == 2 else targets[:, np.newaxis]
    weights = mixed(np.arange(1, inputs.shape[1] + answers.shape[1] + 1, dtype=np.uint64)) | np.uint64(1)
    of_inputs, of_answers = weights[: inputs.shape[1]], weights[inputs.shape[1] :]
    named = np.array([_of_text(name) for name in class_names], np.uint64)
    hashes = np.empty(len(inputs), np.uint64)
    size = max(1, _BLOCK // inputs.shape[1])
    for start in range(0, len(inputs), size):
        rows = slice(start, start + size)
        bits = named[answers[rows].astype(np.intp)] if class_names else _bits(answers[rows])
        total = (_bits(inputs[rows]) * of_inputs).sum(axis=1, dtype=np.uint64)
        hashes[rows] = mixed(total + (mixed(bits) * of_answers).sum(axis=1, dtype=np.uint64))
    return hashes


def _bits(values: Floats) -> Hashes:
    # Zeros of either sign are equal, and so are values that are missing.
    plain = np.where(np.isnan(values), np.nan, values + 0.0)
    return mixed(plain.view(np.uint64))


def _of_text(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
