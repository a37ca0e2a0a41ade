"""IDX files, the format of MNIST and its relatives, read strictly.

A file is a magic number (two zero bytes, the type of its values, the number of dimensions), each dimension as four
bytes, the highest first, and the values, the last dimension fastest. Only unsigned bytes are read. Source: LeCun,
Cortes and Burges, "The MNIST database of handwritten digits", where the format is described.
"""

import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.shown import shown

Bytes = NDArray[np.uint8]

IMAGES, LABELS = 3, 1
"""Dimensions of a file of images (how many, rows, columns) and of one of labels (how many)."""

_UNSIGNED_BYTE = 0x08
_TYPES = {0x08: "bytes", 0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers"} | {
    0x0D: "32-bit floats",
    0x0E: "64-bit floats",
}
_CHUNK = 1 << 18
_MOST_FROM_ONE_BYTE = 1032
"""Deflate never makes more than this out of a byte: a header that promises more is refused before memory is taken."""


def read_idx(path: Path, dimensions: int) -> Bytes:
    """Reads a file of unsigned bytes, compressed with gzip or not.

    The content decides whether it is compressed, not the name. Values are decompressed straight into the array.

    Args:
        path: the file.
        dimensions: how many are expected: `IMAGES` or `LABELS`.

    Returns:
        The values in the file's own shape.

    Raises:
        DataError: naming the file, what was expected and what was found, for a file that cannot be read, is of another
            format or another number of dimensions, is empty, or is shorter or longer than its header says.
    """
    try:
        with path.open("rb") as file:
            compressed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            size = path.stat().st_size
            if compressed:
                return _read(_inflated(file), size * _MOST_FROM_ONE_BYTE, "at most ", dimensions)
            return _read(_plain(file), size, "", dimensions)
    except OSError as error:
        raise DataError(f"{shown(path)}: cannot be read ({error.strerror or error})") from error
    except zlib.error as error:
        raise DataError(f"{shown(path)}: is damaged: its gzip compression cannot be undone ({error})") from error
    except _WrongError as error:
        raise DataError(f"{shown(path)}: {error}") from None


class _WrongError(Exception):
    """What is wrong with the content, without the file's name."""


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _inflated(file: BinaryIO) -> Iterator[bytes]:
    """The content of a gzip file, in chunks; gzip's own checksum and length are checked by zlib."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for chunk in _plain(file):
        while chunk:
            if member.eof:
                # gzip files may follow each other in one; anything else behind the end is refused by zlib.
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield member.decompress(chunk, _CHUNK)
            while member.unconsumed_tail:
                yield member.decompress(member.unconsumed_tail, _CHUNK)
            chunk = member.unused_data
    if not member.eof:
        raise _WrongError("is cut short: its gzip compression has no end")


def _read(chunks: Iterator[bytes], most: int, bound: str, dimensions: int) -> Bytes:
    """Header and values.

    Args:
        chunks: the content.
        most: how long it can be, `bound` being "" if it is just so long.
        dimensions: as in `read_idx`.
    """
    head = b""
    size = 4 + 4 * dimensions
    for chunk in chunks:
        head += chunk
        if len(head) >= size:
            break
    _check_magic(head, dimensions)
    if len(head) < size:
        raise _WrongError(f"is cut short: expected a header of {size} bytes, found {len(head)}")
    shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, size, 4))
    count = math.prod(shape)
    if count == 0:
        raise _WrongError(f"holds nothing: its dimensions are {_times(shape)}")
    if size + count > most:
        raise _WrongError(
            f"is cut short: expected {_times(shape)} = {count:,} bytes after its header, found {bound}{most - size:,}"
        )
    return _filled(np.empty(count, np.uint8), head[size:], chunks, shape).reshape(shape)


def _filled(values: Bytes, first: bytes, chunks: Iterator[bytes], shape: tuple[int, ...]) -> Bytes:
    buffer = values.data
    filled = 0
    chunk: bytes | None = first
    while chunk is not None:
        fitting = min(len(chunk), len(buffer) - filled)
        buffer[filled : filled + fitting] = chunk[:fitting]
        filled += fitting
        if fitting < len(chunk):
            raise _WrongError(
                f"is too long: expected {_times(shape)} = {len(buffer):,} bytes after its header, found more"
            )
        chunk = next(chunks, None)
    if filled < len(buffer):
        raise _WrongError(
            f"is cut short: expected {_times(shape)} = {len(buffer):,} bytes after its header, found {filled:,}"
        )
    return values


def _check_magic(head: bytes, dimensions: int) -> None:
    expected = bytes((0, 0, _UNSIGNED_BYTE, dimensions))
    magic = head[:4]
    if magic == expected:
        return
    wanted = f"expected the magic number 0x{expected.hex()} of {_content(dimensions)}"
    if len(magic) == 4 and magic[:2] == b"\0\0" and magic[2] in _TYPES:
        what = _content(magic[3]) if magic[2] == _UNSIGNED_BYTE else f"{_TYPES[magic[2]]} in {magic[3]} dimensions"
        swapped = "; are images and labels swapped?" if {magic[3], dimensions} == {IMAGES, LABELS} else ""
        raise _WrongError(f"{wanted}, found 0x{magic.hex()} of {what}{swapped}")
    found = f"found 0x{magic.hex()}" if magic else "found an empty file"
    raise _WrongError(f"is not an IDX file: {wanted}, {found}")


def _content(dimensions: int) -> str:
    return {IMAGES: "images", LABELS: "labels"}.get(dimensions, f"bytes in {dimensions} dimensions")


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{length:,}" for length in shape)
