"""Tensors and text in a safetensors file: https://huggingface.co/docs/safetensors. Nothing here ever unpickles.

The library's own writer puts the header's texts in another order each time; the same run should give the same bytes, so
the few lines of writing are here. Reading goes through the library, which checks lengths, offsets and overlaps.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize

from nn_tui.engine.arrays import Array
from nn_tui.shown import shown
from nn_tui.wording import quoted

LONGEST_HEADER = 100_000_000
"""Bytes: the library refuses to read more."""

LARGEST_FILE = 500_000_000
"""Bytes of a file that is read; a network of a hundred million weights takes 400 million."""

MOST_TENSORS = 10_000

_ENTRY = re.compile(rb'"data_offsets"\s*:')
_BEGINNING = 64
_ALIGNMENT = 8
_DTYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
_NAMES = {np.dtype(np.float32): "F32", np.dtype(np.float64): "F64"}


class ModelError(ValueError):
    """A model that cannot be read, or not be used for what was asked; the message is for people."""


@dataclass(frozen=True)
class TensorFile:
    """What a file holds.

    Attributes:
        tensors: by name, of any floating dtype.
        metadata: texts by key.
    """

    tensors: dict[str, Array]
    metadata: dict[str, str]


def encode(tensors: Mapping[str, Array], metadata: Mapping[str, str]) -> bytes:
    """The file's bytes: the same for the same content.

    Args:
        tensors: float32 or float64, of one dtype.
        metadata: with all names and shapes below `LONGEST_HEADER` bytes.
    """
    header: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))}
    blocks, start = [], 0
    for name in sorted(tensors):
        tensor = tensors[name]
        block = tensor.astype(tensor.dtype.newbyteorder("<"), copy=False).tobytes()
        end = start + len(block)
        header[name] = {"dtype": _NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
        blocks.append(block)
        start = end
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return b"".join((len(text).to_bytes(8, "little"), text, *blocks))


def read(path: Path) -> TensorFile:
    """Reads a file.

    Raises:
        ModelError: for one that cannot be read, is not a safetensors file, is damaged, or holds other than floats.
    """
    content = _content(path)
    _check_header(path, content[8 : 8 + int.from_bytes(content[:8], "little")])
    try:
        entries = deserialize(content)  # type: ignore[no-untyped-call]
        metadata = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")]).get("__metadata__") or {}
    except (SafetensorError, ValueError, RecursionError) as error:
        raise ModelError(f"{shown(path)}: {_what_it_is(content, error)}") from None
    # How many batches PyTorch's BatchNorm has seen is no float, and nothing here is computed from it.
    floats = [(name, entry) for name, entry in entries if name.rpartition(".")[2] != "num_batches_tracked"]
    return TensorFile({name: _array(path, name, entry) for name, entry in floats}, metadata)


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ModelError(f"{shown(path)}: is not a file; name a model.safetensors")
        with path.open("rb") as file:
            begun = file.read(_BEGINNING)
            if not _may_be_read(begun):
                return begun
            if (size := os.fstat(file.fileno()).st_size) > LARGEST_FILE:
                raise ModelError(f"{shown(path)}: has {size:,} bytes; at most {LARGEST_FILE:,} are read")
            return begun + file.read()
    except FileNotFoundError:
        raise ModelError(f"{shown(path)}: there is no such file") from None
    except (OSError, ValueError) as error:
        # A NUL in a path is a ValueError, everything else an OSError with words of its own.
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"{shown(path)}: cannot be read ({reason})") from None


def _may_be_read(begun: bytes) -> bool:
    """Whether a file that begins so may be one; what is none need not be read to its end."""
    return len(begun) > 8 and begun[8:9] == b"{" and int.from_bytes(begun[:8], "little") <= LONGEST_HEADER


def _check_header(path: Path, header: bytes) -> None:
    count = sum(1 for _ in _ENTRY.finditer(header))
    if count > MOST_TENSORS:
        raise ModelError(f"{shown(path)}: holds {count:,} tensors; at most {MOST_TENSORS:,} are read")


def _what_it_is(content: bytes, error: Exception) -> str:
    if not content:
        return "the file is empty"
    if content.startswith((b"PK\x03\x04", b"\x80")):
        return (
            "looks like a pickle (.pt, .pth), which may run code and is never read here; "
            "in PyTorch: safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
        )
    length = int.from_bytes(content[:8], "little")
    if len(content) > 8 and content[8:9] == b"{" and length < LONGEST_HEADER:
        return f"a damaged safetensors file ({str(error).removeprefix('Error while deserializing: ')})"
    return "not a safetensors file"


def _array(path: Path, name: str, entry: Mapping[str, object]) -> Array:
    dtype, data, shape = str(entry["dtype"]), entry["data"], entry["shape"]
    assert isinstance(data, bytearray | bytes)
    assert isinstance(shape, list)
    if dtype == "BF16":
        # The upper half of a float32's bits.
        bits: NDArray[np.uint32] = np.frombuffer(data, "<u2").astype(np.uint32) << np.uint32(16)
        return bits.view(np.float32).reshape(shape)
    if dtype not in _DTYPES:
        raise ModelError(f"{shown(path)}: {quoted(name)} holds {dtype}; expected floats (F32, F64, F16 or BF16)")
    numbers: Array = np.frombuffer(data, _DTYPES[dtype]).reshape(shape)
    return numbers.astype(numbers.dtype.newbyteorder("="), copy=False)
