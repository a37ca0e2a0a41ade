"""IDX files: what is right is read, and what is not is refused by name, with what was expected and found."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.data.errors import DataError
from nn_tui.data.idx import IMAGES, LABELS, read_idx
from tests.data.idx_files import idx

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
NUMBERS = np.arange(7, dtype=np.uint8)


def written(folder: Path, content: bytes, name: str = "some-file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path, dimensions: int = IMAGES) -> str:
    with pytest.raises(DataError) as caught:
        read_idx(path, dimensions)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(("values", "dimensions"), [(PIXELS, IMAGES), (NUMBERS, LABELS)], ids=["images", "labels"])
def test_a_file_is_read_as_it_was_written(tmp_path, pack, values, dimensions) -> None:
    read = read_idx(written(tmp_path, pack(idx(values))), dimensions)
    assert read.dtype == np.uint8
    assert np.array_equal(read, values)


def test_a_file_larger_than_a_chunk_is_read_whole(tmp_path) -> None:
    values = np.random.default_rng(1).integers(0, 4, (1_500, 28, 28), np.uint8)
    assert np.array_equal(read_idx(written(tmp_path, gzip.compress(idx(values), 1)), IMAGES), values)


def test_content_and_not_the_name_says_whether_a_file_is_compressed(tmp_path) -> None:
    assert np.array_equal(read_idx(written(tmp_path, idx(NUMBERS), "labels.gz"), LABELS), NUMBERS)
    assert np.array_equal(read_idx(written(tmp_path, gzip.compress(idx(NUMBERS)), "labels"), LABELS), NUMBERS)


def test_gzip_files_that_follow_each_other_are_one(tmp_path) -> None:
    content = idx(PIXELS)
    path = written(tmp_path, gzip.compress(content[:30]) + gzip.compress(content[30:]))
    assert np.array_equal(read_idx(path, IMAGES), PIXELS)


def test_a_truncated_file_is_refused(tmp_path) -> None:
    assert refused(written(tmp_path, idx(PIXELS)[:-1])) == (
        "is cut short: expected 5 × 4 × 3 = 60 bytes after its header, found 59"
    )


def test_a_truncated_file_is_refused_inside_gzip(tmp_path) -> None:
    assert refused(written(tmp_path, gzip.compress(idx(PIXELS)[:-10]))) == (
        "is cut short: expected 5 × 4 × 3 = 60 bytes after its header, found 50"
    )


def test_a_padded_file_is_refused(tmp_path) -> None:
    wanted = "is too long: expected 5 × 4 × 3 = 60 bytes after its header, found more"
    assert refused(written(tmp_path, idx(PIXELS) + b"\0")) == wanted
    assert refused(written(tmp_path, gzip.compress(idx(PIXELS) + b"\0"))) == wanted


def test_images_given_as_labels_are_refused(tmp_path) -> None:
    assert refused(written(tmp_path, idx(PIXELS)), LABELS) == (
        "expected the magic number 0x00000801 of labels, found 0x00000803 of images; are images and labels swapped?"
    )


def test_labels_given_as_images_are_refused(tmp_path) -> None:
    assert refused(written(tmp_path, gzip.compress(idx(NUMBERS)))) == (
        "expected the magic number 0x00000803 of images, found 0x00000801 of labels; are images and labels swapped?"
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "found an empty file"),
        (b"\x00\x00\x08", "found 0x000008"),
        (b"\x89PNG\r\n\x1a\n and so on", "found 0x89504e47"),
        (b"hello, world", "found 0x68656c6c"),
        (gzip.compress(b"hello, world"), "found 0x68656c6c"),
        (gzip.compress(b""), "found an empty file"),
        (idx(PIXELS)[::-1], "found 0x"),
    ],
    ids=["empty", "three-bytes", "png", "text", "packed-text", "packed-nothing", "backwards"],
)
def test_a_foreign_file_is_refused(tmp_path, content: bytes, found: str) -> None:
    message = refused(written(tmp_path, content))
    assert message.startswith("is not an IDX file: expected the magic number 0x00000803 of images, ")
    assert found in message


def test_other_types_and_dimensions_are_named(tmp_path) -> None:
    floats = bytes((0, 0, 0x0D, 3)) + bytes(20)
    assert refused(written(tmp_path, floats)).endswith("found 0x00000d03 of 32-bit floats in 3 dimensions")
    flat = idx(PIXELS.reshape(5, 12))
    assert refused(written(tmp_path, flat)).endswith("found 0x00000802 of bytes in 2 dimensions")


def test_a_header_cut_short_is_refused(tmp_path) -> None:
    assert refused(written(tmp_path, idx(PIXELS)[:9])) == "is cut short: expected a header of 16 bytes, found 9"


def test_an_empty_set_is_refused(tmp_path) -> None:
    assert refused(written(tmp_path, idx(PIXELS[:0]))) == "holds nothing: its dimensions are 0 × 4 × 3"


def test_a_header_that_promises_the_world_takes_no_memory(tmp_path) -> None:
    promise = idx(PIXELS)[:4] + b"\xff" * 12
    for content in (promise + bytes(60), gzip.compress(promise + bytes(60))):
        message = refused(written(tmp_path, content))
        assert message.startswith("is cut short: expected 4,294,967,295 × 4,294,967,295 × 4,294,967,295 = ")


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 20])
def test_a_truncated_gzip_file_is_refused(tmp_path, cut: int) -> None:
    assert refused(written(tmp_path, gzip.compress(idx(PIXELS))[:-cut])).startswith("is cut short: ")


def test_a_damaged_gzip_file_is_refused(tmp_path) -> None:
    content = bytearray(gzip.compress(idx(PIXELS)))
    content[-6] ^= 1
    assert "gzip compression cannot be undone" in refused(written(tmp_path, bytes(content)))


def test_bytes_behind_a_gzip_file_are_refused(tmp_path) -> None:
    assert "gzip compression cannot be undone" in refused(written(tmp_path, gzip.compress(idx(PIXELS)) + b"padding"))


def test_what_cannot_be_read_is_refused(tmp_path) -> None:
    assert refused(tmp_path) == "cannot be read (Is a directory)"
    assert refused(tmp_path / "nothing") == "cannot be read (No such file or directory)"


CONTENTS = st.sampled_from([idx(PIXELS), gzip.compress(idx(PIXELS), mtime=0), idx(NUMBERS)])
EDITS = st.lists(
    st.tuples(st.sampled_from(["put", "cut", "add"]), st.integers(0, 90), st.binary(min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
)


@given(content=CONTENTS, edits=EDITS)
def test_a_changed_file_is_read_strictly_or_refused_in_one_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, edits: list[tuple[str, int, bytes]]
) -> None:
    for kind, place, piece in edits:
        at = min(place, len(content))
        if kind == "put":
            content = content[:at] + piece + content[at + len(piece) :]
        elif kind == "cut":
            content = content[:at] + content[at + len(piece) :]
        else:
            content = content[:at] + piece + content[at:]
    path = written(tmp_path_factory.getbasetemp(), content, "mutated")
    complaint, values = "", PIXELS
    try:
        values = read_idx(path, IMAGES)
    except DataError as error:
        complaint = str(error)
    if complaint:
        assert complaint.startswith(f"{path}: ")
    else:
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        assert plain == idx(values)


@given(content=st.binary(max_size=200))
def test_arbitrary_bytes_never_end_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    for pack in (bytes, gzip.compress):
        path = written(tmp_path_factory.getbasetemp(), pack(content), "arbitrary")
        for dimensions in (IMAGES, LABELS):
            with pytest.raises(DataError):
                read_idx(path, dimensions)
