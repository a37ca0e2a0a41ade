"""Samples from a NumPy file. Arrays of objects, which would have to be unpickled, are refused."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.samples import MOST_SAMPLES, SampleLayout, Samples, check_file, coded_rows
from nn_tui.data.tables.cells import LARGEST
from nn_tui.numerals import numeral
from nn_tui.shown import shown

_MAGIC = b"\x93NUMPY"
_MOST_NUMBERS = 50_000_000


def read_npy(path: Path, layout: SampleLayout) -> Samples:
    """Samples from an array: (n, columns), or (columns,) for one sample.

    Pictures may also have the shape (n, rows, columns), or (rows, columns) for one. Pixels are 0 to 255 where they are
    integers, or whole numbers beyond 1 of whatever type, as many programs leave them; else 0 to 1.

    Raises:
        DataError: for a file that cannot be read, is damaged, or holds other than such numbers.
    """
    array = _loaded(path)
    if array.dtype.kind not in "fiub":
        raise DataError(f"{shown(path)}: holds {array.dtype}; expected numbers")
    if array.size == 0:
        raise DataError(f"{shown(path)}: holds no sample")
    rows = _rows(path, array, layout)
    if len(rows) > MOST_SAMPLES:
        raise DataError(f"{shown(path)}: {len(rows):,} samples are too many at a time (at most {MOST_SAMPLES:,})")
    notes: tuple[str, ...] = ()
    numbers = rows.astype(np.float64)
    if layout.image_shape:
        if array.dtype.kind in "iu" or (numbers.max() > 1.0 and (numbers == np.round(numbers)).all()):
            numbers /= 255.0
            notes = (f"{path.name}: pixels of 0 to 255 divided by 255",)
        if not ((numbers >= 0.0) & (numbers <= 1.0)).all():
            raise DataError(f"{shown(path)}: expected pixels from 0 to 1, or whole numbers from 0 to 255")
    usable = np.isfinite(numbers) & (np.abs(numbers) <= LARGEST)
    if not usable.all():
        sample, column = (int(place) for place in np.argwhere(~usable)[0])
        raise DataError(
            f"{shown(path)}: sample {sample}, column {column} (counted from 0) is {numbers[sample, column]:g}; "
            f"expected finite numbers up to {numeral(LARGEST)}"
        )
    if layout.coding is not None:
        numbers = coded_rows(numbers.astype(object), layout.coding)
    return Samples(tuple(f"{path.name}[{number}]" for number in range(len(numbers))), numbers, notes=notes)


def _loaded(path: Path) -> NDArray[np.generic]:
    check_file(path)
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise DataError(f"{shown(path)}: is not a NumPy file (numpy.save writes one)")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Mapped, so that a header that promises more than the file holds is found out before memory is taken.
            array: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise DataError(f"{shown(path)}: cannot be read: {error.strerror or error}") from None
    except DataError:
        raise
    except Exception as error:
        # The header is a Python literal; whatever goes wrong in reading one comes through.
        objects = "Python objects" in str(error) or "Object arrays" in str(error)
        problem = "holds Python objects, which are never unpickled here" if objects else "is damaged"
        raise DataError(f"{shown(path)}: {problem}; expected an array of numbers") from None
    if array.size > _MOST_NUMBERS:
        raise DataError(f"{shown(path)}: {array.size:,} numbers are too many (at most {_MOST_NUMBERS:,})")
    return array


def _rows(path: Path, array: NDArray[np.generic], layout: SampleLayout) -> NDArray[np.generic]:
    """The array as (n, columns)."""
    wanted = len(layout.columns)
    shape = array.shape
    if layout.image_shape in (shape, shape[1:]) or shape in ((wanted,), (len(array) if shape else 0, wanted)):
        return array.reshape(-1, wanted)
    if wanted == 1 and array.ndim == 1:
        return array.reshape(-1, 1)
    found = "×".join(str(length) for length in shape) or "a single number"
    raise DataError(f"{shown(path)}: has the shape {found}, but the model takes {layout.inputs}")
