"""FashionMNIST: where its files are looked for, and what they must hold.

Source: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms";
MIT license. A part of it in the same format will do, too: no number of images is assumed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs

from nn_tui.data.errors import DataError
from nn_tui.data.fetching import Progress, RemoteFile, fetch
from nn_tui.data.idx import IMAGES, LABELS, read_idx
from nn_tui.data.images import CLASS_NAMES, Pictures
from nn_tui.shown import shown
from nn_tui.user_path import user_path

NAME = "fashion-mnist"
ENVIRONMENT = "NN_TUI_DATA_DIR"
FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
SHAPE = (28, 28)

MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)
"""The authors' repository, the address in their README (torchvision's too), and the one Keras fetches from."""

REMOTE_FILES = (
    RemoteFile(f"{FILES[0]}.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    RemoteFile(f"{FILES[1]}.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
    RemoteFile(f"{FILES[2]}.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
    RemoteFile(f"{FILES[3]}.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
)
"""Sizes and hashes as TensorFlow Datasets has them (url_checksums/fashion_mnist.txt); Flux.jl has the same."""

WAYS_ON = (
    f"run `nn-tui data fetch {NAME}` where there is a connection, set {ENVIRONMENT} to a folder that has its four "
    "files, or take the scenario fashion-sketch, whose pictures are drawn by code"
)


@dataclass(frozen=True)
class FoundFiles:
    """A folder the files are looked for in.

    Attributes:
        whose: why there, for people.
        folder: its path.
    """

    whose: str
    folder: Path

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of the files are not there, compressed or not."""
        return tuple(name for name in FILES if _file(self.folder, name) is None)


def cache_folder() -> Path:
    """Where fetched files are kept."""
    return platformdirs.user_cache_path("nn-tui", appauthor=False) / NAME


def places() -> list[FoundFiles]:
    """Where the files are looked for, in order."""
    return list(_places())


def _places() -> Iterator[FoundFiles]:
    if chosen := os.environ.get(ENVIRONMENT):
        for below in ("", NAME, "FashionMNIST/raw"):
            yield FoundFiles(ENVIRONMENT, user_path(chosen) / below)
    yield FoundFiles("cache", cache_folder())
    torchvision = Path("data/FashionMNIST/raw")
    yield FoundFiles("torchvision", Path.cwd() / torchvision)
    try:
        home = Path.home()
    except RuntimeError:
        return
    yield FoundFiles("torchvision", home / torchvision)
    yield FoundFiles("Keras", Path(os.environ.get("KERAS_HOME", home / ".keras")) / "datasets" / NAME)


def located() -> FoundFiles | None:
    """The first place that has all four files, or None.

    Raises:
        DataError: when the folder that was asked for has only some of them: that is no reason to look elsewhere.
    """
    _check_chosen()
    for place in _places():
        missing = place.missing
        if not missing:
            return place
        if place.whose == ENVIRONMENT and len(missing) < len(FILES):
            names = " and no ".join(f"{name}.gz" for name in missing)
            raise DataError(f"{place.folder} ({ENVIRONMENT}): has no {names}; complete it, or {WAYS_ON}")
    return None


def _check_chosen() -> None:
    """Refuses a folder that was asked for and has none of the files."""
    chosen = os.environ.get(ENVIRONMENT)
    if not chosen:
        return
    folder = user_path(chosen)
    if any(len(place.missing) < len(FILES) for place in _places() if place.whose == ENVIRONMENT):
        return
    if not folder.is_dir():
        raise DataError(f"{ENVIRONMENT} is '{shown(chosen)}': there is no such folder; set it to where the files are")
    near = (folder.parent, *sorted(path for path in folder.iterdir() if path.is_dir())[:100])
    found = next((path for path in near if len(FoundFiles("", path).missing) < len(FILES)), None)
    meant = f"; did you mean '{shown(found)}'?" if found is not None else ""
    raise DataError(f"{ENVIRONMENT} is '{shown(chosen)}': has none of the files of {NAME} in it{meant}")


def fetched(progress: Progress | None = None, folder: Path | None = None) -> FoundFiles:
    """Fetches what the cache does not have yet.

    Args:
        progress: called as bytes arrive.
        folder: another place than the cache to keep the files in.

    Raises:
        DataError: with what went wrong and the ways on, when a file cannot be fetched or kept.
    """
    place = FoundFiles("cache", folder or cache_folder())
    try:
        fetch(REMOTE_FILES, MIRRORS, place.folder, progress=progress)
    except DataError as error:
        raise DataError(f"{NAME}: {error}. Three ways on: {WAYS_ON}") from error
    return place


def _file(folder: Path, name: str) -> Path | None:
    # The compressed file comes first: it has a checksum.
    for path in (folder / f"{name}.gz", folder / name):
        try:
            if path.is_file():
                return path
        except OSError:
            return None
    return None


def sizes(folder: Path) -> tuple[int, int]:
    """How many training and test images a folder has, by its labels.

    Raises:
        DataError: as `read`.
    """
    train, test = (len(read_idx(_existing(folder, name), LABELS)) for name in (FILES[1], FILES[3]))
    return train, test


def read(folder: Path) -> tuple[Pictures, Pictures]:
    """Reads the training and the test set.

    Args:
        folder: has the four files.

    Raises:
        DataError: naming the file that is missing, damaged, or not what its name says.
    """
    return _read_part(folder, FILES[0], FILES[1]), _read_part(folder, FILES[2], FILES[3])


def _read_part(folder: Path, images_name: str, labels_name: str) -> Pictures:
    images_path, labels_path = _existing(folder, images_name), _existing(folder, labels_name)
    pixels, labels = read_idx(images_path, IMAGES), read_idx(labels_path, LABELS)
    if pixels.shape[1:] != SHAPE:
        found = " × ".join(map(str, pixels.shape[1:]))
        raise DataError(f"{images_path}: expected images of {SHAPE[0]} × {SHAPE[1]} pixels, found {found}")
    if len(pixels) != len(labels):
        raise DataError(
            f"{labels_path}: expected a label for each of the {len(pixels):,} images in {images_path.name}, "
            f"found {len(labels):,}"
        )
    if (highest := int(labels.max())) >= len(CLASS_NAMES):
        row = int(np.argmax(labels))
        raise DataError(
            f"{labels_path}: expected labels from 0 to {len(CLASS_NAMES) - 1}, found {highest} at image {row}"
        )
    return Pictures(pixels, labels)


def _existing(folder: Path, name: str) -> Path:
    path = _file(folder, name)
    if path is None:
        raise DataError(f"{folder}: has no {name}.gz")
    return path
