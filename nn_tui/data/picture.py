"""A picture from any image file as the small gray image a network was trained on; needs Pillow.

FashionMNIST was made of photos on a light ground in the same steps: gray, the longer edge resized, extended to a
square, and inverted, so that garments are light on black (Xiao et al. 2017).
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.samples import SampleLayout, Samples, check_file
from nn_tui.shown import shown

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")

_LONGEST_SIDE = 100_000
"""Pixels. What making a side smaller takes grows with it, however thin the picture is."""
_MOST_PIXELS = 20_000_000
"""Half a gigabyte while they are read."""

_LIGHT = 0.5


def read_picture(path: Path, layout: SampleLayout, invert: bool | None = None) -> Samples:
    """One sample from an image file, with notes on what was done to it.

    Args:
        path: an image of any size, in color or gray.
        layout: of a model that takes pictures.
        invert: whether to swap dark and light; None does it where the picture's edge is light.

    Raises:
        DataError: without Pillow, for a file that is no image, or a model that does not take pictures.
    """
    shape = layout.image_shape
    if shape is None:
        raise DataError(f"{shown(path)}: the model takes {layout.inputs}, not pictures")
    check_file(path)
    image = _opened(path)
    done = []
    if image.mode not in ("L", "1"):
        done.append("made gray")
    try:
        with np.errstate(all="ignore"):
            pixels = _gray(image)
    except (ValueError, OSError):
        # Such as LAB, which Pillow reads and does not convert.
        raise DataError(f"{shown(path)}: has colors ({image.mode}) that cannot be made gray; save it as RGB") from None
    if not np.isfinite(pixels).all():
        raise DataError(f"{shown(path)}: has pixels that are no finite numbers")
    if invert is None:
        edge = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
        invert = float(edge.mean()) > _LIGHT
        why = " (its edge is light, the model's pictures are on black)" if invert else ""
    else:
        why = ""
    if invert:
        pixels = 1.0 - pixels
        done.append(f"inverted{why}")
    if pixels.shape != shape:
        done.append(f"resized from {pixels.shape[1]}×{pixels.shape[0]} to {shape[1]}×{shape[0]}")
        pixels = _fitted(pixels, shape)
    notes = (f"{shown(path.name)}: {', '.join(done)}",) if done else ()
    return Samples((shown(path.name),), pixels.reshape(1, -1).astype(np.float64), notes=notes)


def _opened(path: Path) -> "Image":
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise DataError(
            f"{shown(path)}: reading pictures needs Pillow: python -m pip install 'nn-tui[images]'"
        ) from None
    try:
        with path.open("rb") as file, warnings.catch_warnings(), _libraries_silent():
            warnings.simplefilter("ignore")
            # A picture of so many pixels that it may be meant to fill the memory is a warning to Pillow.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file)
            if (pixels := image.width * image.height) > _MOST_PIXELS:
                raise DataError(f"{shown(path)}: has {pixels:,} pixels; at most {_MOST_PIXELS:,} are read")
            if (side := max(image.size)) > _LONGEST_SIDE:
                raise DataError(f"{shown(path)}: is {side:,} pixels long; at most {_LONGEST_SIDE:,} are read")
            image.load()
            return ImageOps.exif_transpose(image)
    except DataError:
        raise
    except OSError as error:
        problem = f"cannot be read: {error.strerror}" if error.strerror else "is not an image, or a damaged one"
        raise DataError(f"{shown(path)}: {problem}") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DataError(f"{shown(path)}: has too many pixels") from None
    except Exception:
        # Pillow's decoders let through whatever goes wrong inside them.
        raise DataError(f"{shown(path)}: is not an image, or a damaged one") from None


@contextmanager
def _libraries_silent() -> Iterator[None]:
    """Within its `with` block nothing is written to stderr: libtiff says there itself what it thinks of a file."""
    try:
        before = os.dup(2)
    except OSError:
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _gray(image: "Image") -> NDArray[np.float64]:
    """Gray values from 0 to 1; what is transparent is taken as white paper."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        return np.asarray(image, dtype=np.float64) / 65535.0
    if image.mode in ("I", "F"):
        values = np.asarray(image, dtype=np.float64)
        return np.clip(values / max(255.0, float(values.max())), 0.0, 1.0)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return np.asarray(image.convert("L"), dtype=np.float64) / 255.0


def _fitted(pixels: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[Any]:
    """Resized with its proportions kept, and centered on black."""
    from PIL import Image

    factor = min(shape[0] / pixels.shape[0], shape[1] / pixels.shape[1])
    rows, columns = (max(1, round(length * factor)) for length in pixels.shape)
    small = Image.fromarray(pixels.astype(np.float32)).resize((columns, rows), Image.Resampling.LANCZOS)
    fitted = np.zeros(shape)
    top, left = (shape[0] - rows) // 2, (shape[1] - columns) // 2
    fitted[top : top + rows, left : left + columns] = np.clip(np.asarray(small), 0.0, 1.0)
    return fitted
