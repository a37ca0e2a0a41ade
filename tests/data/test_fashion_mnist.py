"""FashionMNIST: where it is looked for, what its files must hold, and what becomes of them."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from nn_tui.data import fashion_mnist
from nn_tui.data.errors import DataError
from nn_tui.data.fashion_mnist import FILES
from nn_tui.data.images import CLASS_NAMES, Pictures, balanced, build_image_dataset
from nn_tui.data.splitting import Parts
from tests.data.idx_files import idx, write_set

WHOLE = Parts(np.arange(50), np.arange(0), np.arange(0))


def pictures(count: int, seed: int = 0) -> Pictures:
    draw = np.random.default_rng(seed)
    return Pictures(draw.integers(0, 256, (count, 28, 28), np.uint8), (np.arange(count) % 10).astype(np.uint8))


TRAIN, TEST = pictures(50), pictures(20, 1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, from which nothing is found and nothing can be fetched."""
    for name in (fashion_mnist.ENVIRONMENT, "KERAS_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setattr(fashion_mnist, "MIRRORS", ("http://127.0.0.1:1/",))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "home"


def found() -> Path:
    place = fashion_mnist.located()
    assert place is not None
    return place.folder


# -- where it is looked for ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_nothing_is_found_where_nothing_is() -> None:
    assert fashion_mnist.located() is None


@pytest.mark.usefixtures("home")
def test_the_folder_that_was_asked_for_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_set(fashion_mnist.cache_folder(), TRAIN, TEST)
    assert found() == fashion_mnist.cache_folder()
    write_set(tmp_path / "mine", TRAIN, TEST)
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "mine"))
    assert found() == tmp_path / "mine"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("below", ["FashionMNIST/raw", "fashion-mnist"])
def test_the_folder_that_was_asked_for_may_be_the_root_of_several(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, below: str
) -> None:
    write_set(tmp_path / "root" / below, TRAIN, TEST)
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "root"))
    assert found() == tmp_path / "root" / below


def test_what_torchvision_fetched_is_found(home: Path, tmp_path: Path) -> None:
    write_set(home / "data" / "FashionMNIST" / "raw", TRAIN, TEST)
    assert found() == home / "data" / "FashionMNIST" / "raw"
    write_set(tmp_path / "elsewhere" / "data" / "FashionMNIST" / "raw", TRAIN, TEST)
    assert found() == tmp_path / "elsewhere" / "data" / "FashionMNIST" / "raw"


def test_what_keras_fetched_is_found(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_set(home / ".keras" / "datasets" / "fashion-mnist", TRAIN, TEST)
    assert found() == home / ".keras" / "datasets" / "fashion-mnist"
    write_set(tmp_path / "k" / "datasets" / "fashion-mnist", TRAIN, TEST)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "k"))
    assert found() == tmp_path / "k" / "datasets" / "fashion-mnist"


@pytest.mark.usefixtures("home")
def test_a_folder_without_all_four_files_is_passed_over() -> None:
    write_set(fashion_mnist.cache_folder(), TRAIN, TEST)
    (fashion_mnist.cache_folder() / f"{FILES[3]}.gz").unlink()
    assert fashion_mnist.located() is None
    assert fashion_mnist.FoundFiles("cache", fashion_mnist.cache_folder()).missing == (FILES[3],)


@pytest.mark.usefixtures("home")
def test_an_incomplete_folder_that_was_asked_for_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_set(fashion_mnist.cache_folder(), TRAIN, TEST)
    write_set(tmp_path / "mine", TRAIN, TEST)
    (tmp_path / "mine" / f"{FILES[3]}.gz").unlink()
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "mine"))
    with pytest.raises(DataError, match=r"mine \(NN_TUI_DATA_DIR\): has no t10k-labels-idx1-ubyte\.gz; complete it"):
        fashion_mnist.located()


# -- what the files hold ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_set(tmp_path, TRAIN, TEST)
    return tmp_path


def refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        fashion_mnist.read(folder)
    return str(caught.value)


def test_compressed_and_plain_files_are_read_alike(folder: Path) -> None:
    for name in FILES[:2]:
        packed = folder / f"{name}.gz"
        (folder / name).write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    train, test = fashion_mnist.read(folder)
    assert np.array_equal(train.pixels, TRAIN.pixels)
    assert np.array_equal(train.labels, TRAIN.labels)
    assert np.array_equal(test.pixels, TEST.pixels)


def test_swapped_files_are_refused_by_name(folder: Path) -> None:
    images, labels = folder / f"{FILES[0]}.gz", folder / f"{FILES[1]}.gz"
    images.rename(folder / "aside")
    labels.rename(images)
    (folder / "aside").rename(labels)
    message = refused(folder)
    assert message.startswith(f"{images}: ")
    assert "are images and labels swapped?" in message


def test_labels_of_another_set_are_refused(folder: Path) -> None:
    labels = folder / f"{FILES[1]}.gz"
    labels.write_bytes((folder / f"{FILES[3]}.gz").read_bytes())
    assert refused(folder) == (f"{labels}: expected a label for each of the 50 images in {FILES[0]}.gz, found 20")


def test_a_label_beyond_the_classes_is_refused(folder: Path) -> None:
    numbers = TRAIN.labels.copy()
    numbers[7] = 11
    labels = folder / f"{FILES[1]}.gz"
    labels.write_bytes(idx(numbers))
    assert refused(folder) == f"{labels}: expected labels from 0 to 9, found 11 at image 7"


def test_images_of_another_size_are_refused(folder: Path) -> None:
    images = folder / f"{FILES[2]}.gz"
    images.write_bytes(idx(np.zeros((20, 32, 32), np.uint8)))
    assert refused(folder) == f"{images}: expected images of 28 × 28 pixels, found 32 × 32"


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / f"{FILES[2]}.gz").unlink()
    assert refused(folder) == f"{folder}: has no {FILES[2]}.gz"


@pytest.mark.usefixtures("home")
def test_offline_the_three_ways_on_are_named() -> None:
    with pytest.raises(DataError) as caught:
        fashion_mnist.fetched()
    message = str(caught.value)
    assert "train-images-idx3-ubyte.gz could not be fetched" in message
    for way in ("nn-tui data fetch", "NN_TUI_DATA_DIR", "fashion-sketch"):
        assert way in message
    assert list(fashion_mnist.cache_folder().iterdir()) == []


# -- subsets and examples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "sizes"), [(10, [1] * 10), (23, [3] * 3 + [2] * 7), (40, [4] * 10)])
def test_a_subset_has_as_many_of_each_class(count: int, sizes: list[int]) -> None:
    assert np.bincount(TRAIN.labels[balanced(TRAIN.labels, count)], minlength=10).tolist() == sizes


def test_a_class_that_has_too_few_gives_what_it_has() -> None:
    labels = np.array([0] * 10 + [1] * 2, np.uint8)
    assert np.bincount(labels[balanced(labels, 8)]).tolist() == [4, 2]


def test_a_subset_no_smaller_than_the_set_is_the_set() -> None:
    assert balanced(TRAIN.labels, 50) == balanced(TRAIN.labels, 99) == slice(None)


def test_a_subset_is_drawn_in_the_order_given() -> None:
    order = np.arange(50)[::-1]
    assert balanced(TRAIN.labels, 10, order).tolist() == list(range(40, 50))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pixels_run_from_0_to_1_in_the_runs_precision(dtype: str) -> None:
    dataset = build_image_dataset("x", TRAIN, TEST, WHOLE, class_names=CLASS_NAMES, scaling="none", dtype=dtype)
    assert dataset.train.inputs.dtype == dtype
    assert dataset.train.inputs.shape == (50, 785)
    assert np.array_equal(dataset.train.inputs[:, :-1], (TRAIN.pixels.reshape(50, -1) / 255.0).astype(dtype))
    assert (dataset.train.inputs[:, -1] == 1.0).all()
    assert dataset.test.targets.tolist() == TEST.labels.tolist()
    assert dataset.image_shape == (28, 28)


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
def test_scaled_images_are_what_new_ones_become(scaling: str) -> None:
    """Scaling in place gives the same numbers as scaling an image that comes later."""
    dataset = build_image_dataset("x", TRAIN, TEST, WHOLE, class_names=CLASS_NAMES, scaling=scaling, dtype="float32")
    raw = (TEST.pixels.reshape(20, -1) / 255.0).astype(np.float32)
    assert np.array_equal(dataset.transform(raw.astype(np.float64)).astype(np.float32), dataset.test.inputs[:, :-1])
    if scaling == "standard":
        inputs = dataset.train.inputs[:, :-1].astype(np.float64)
        assert np.allclose(inputs.mean(axis=0), 0.0, atol=1e-6)
        assert np.allclose(inputs.std(axis=0), 1.0, atol=1e-5)
    else:
        assert dataset.train.inputs[:, :-1].min() == 0.0
        assert dataset.train.inputs[:, :-1].max() == 1.0


def test_a_validation_set_is_taken_from_the_pictures_to_train_on() -> None:
    parts = Parts(np.arange(0, 50, 2), np.arange(1, 50, 2), np.arange(0))
    dataset = build_image_dataset("x", TRAIN, TEST, parts, class_names=CLASS_NAMES, scaling="none", dtype="float64")
    assert dataset.train.targets.tolist() == TRAIN.labels[::2].tolist()
    assert np.array_equal(dataset.validation.inputs[:, :-1], TRAIN.pixels[1::2].reshape(25, -1) / 255.0)
    assert len(dataset.test) == 20


def test_a_pixel_that_never_changes_survives_scaling() -> None:
    flat = Pictures(np.full((20, 28, 28), 7, np.uint8), TEST.labels)
    dataset = build_image_dataset("x", flat, TEST, WHOLE, class_names=CLASS_NAMES, scaling="standard", dtype="float32")
    assert np.isfinite(dataset.test.inputs).all()


# -- the real thing, where it is -------------------------------------------------------------------------------------


def test_the_real_images_are_read(fashion_mnist_folder: Path) -> None:
    train, test = fashion_mnist.read(fashion_mnist_folder)
    assert train.pixels.shape[1:] == test.pixels.shape[1:] == (28, 28)
    assert len(np.unique(train.labels)) == len(np.unique(test.labels)) == 10
    # A trouser is narrow and a bag is wide.
    dark = [(train.pixels[train.labels == label] > 40).any(axis=1).sum(axis=1).mean() for label in (1, 8)]
    assert dark[0] < dark[1]


def test_sizes_and_hashes_of_published_files_are_complete() -> None:
    assert [file.name for file in fashion_mnist.REMOTE_FILES] == [f"{name}.gz" for name in FILES]
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in fashion_mnist.REMOTE_FILES)
    assert sum(file.size for file in fashion_mnist.REMOTE_FILES) == 30_878_645
    assert all(mirror.endswith("/") for mirror in fashion_mnist.MIRRORS)
