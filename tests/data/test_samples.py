"""Samples from files: what pictures become, and that no damaged file ends in anything but one message."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_tui.data.errors import DataError
from nn_tui.data.npy import read_npy
from nn_tui.data.picture import read_picture
from nn_tui.data.samples import SampleLayout, Samples, is_row, read_row, read_table

SQUARE = SampleLayout(("a", "b", "c", "d"), ("t",), ("x", "y", "1"), image_shape=(2, 2))
PICTURES = SampleLayout(tuple(map(str, range(784))), ("class",), ("x", "y"), image_shape=(28, 28))


# -- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1,2", "-0.5", "1e-3,+2", "1,abc", ".5"])
def test_numbers_with_commas_are_a_row(text: str) -> None:
    assert is_row(text)


@pytest.mark.parametrize("text", ["a.csv", "a,b.csv", "dir/1,2.npy", "shirt.png", "blouse"])
def test_names_of_files_are_not(text: str) -> None:
    assert not is_row(text)


def test_classes_that_are_numbers_are_found_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c,d,t\n1,2,3,4,1.0\n1,2,3,4,y\n")
    targets = read_table(tmp_path / "t.csv", SQUARE).targets
    assert targets is not None
    assert targets.tolist() == [[2.0], [1.0]]


def test_a_target_by_place_stands_where_it_did_in_the_models_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,1,2,3,4\n")
    samples = read_table(
        tmp_path / "t.csv", SampleLayout(SQUARE.columns, ("column 0",), ("x", "y"), target_places=(0,))
    )
    assert samples.inputs.tolist() == [[1.0, 2.0, 3.0, 4.0]]
    assert samples.targets is not None
    assert samples.targets.tolist() == [[0.0]]


def test_a_quote_that_is_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"a,b,c,d\n1,2,3,4\n')
    with pytest.raises(DataError, match="line 1: a quote that begins in this row is never closed"):
        read_table(tmp_path / "t.csv", SQUARE)


# -- pictures --------------------------------------------------------------------------------------------------------


def drawn(mode: str, ground: Any, garment: Any, size: tuple[int, int] = (28, 28)) -> Any:
    """An image with a bar down its middle."""
    image_module = pytest.importorskip("PIL.Image")
    image = image_module.new(mode, size, ground)
    image.paste(garment, (size[0] // 3, 0, 2 * size[0] // 3, size[1]))
    return image


def middle_and_edge(image: Any, path: Path, **options: Any) -> tuple[float, float, Samples]:
    image.save(path)
    samples = read_picture(path, PICTURES, **options)
    pixels = samples.inputs.reshape(28, 28)
    return float(pixels[14, 14]), float(pixels[14, 0]), samples


@pytest.mark.parametrize(
    ("mode", "ground", "garment"),
    [
        ("L", 255, 0),
        ("RGB", (255, 255, 255), (0, 0, 0)),
        ("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)),
        ("LA", (0, 0), (0, 255)),
        ("1", 1, 0),
        ("P", 1, 0),
        ("I;16", 65535, 0),
    ],
)
def test_a_dark_garment_on_paper_becomes_light_on_black(mode: str, ground: Any, garment: Any, tmp_path: Path) -> None:
    image = drawn(mode, ground, garment)
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 255, 255])
    middle, edge, samples = middle_and_edge(image, tmp_path / "p.png")
    assert (middle, edge) == (1.0, 0.0)
    assert "inverted" in samples.notes[0]


def test_what_is_light_on_black_already_is_left_alone(tmp_path: Path) -> None:
    middle, edge, samples = middle_and_edge(drawn("L", 0, 200), tmp_path / "p.png")
    assert (middle, edge) == (200 / 255, 0.0)
    assert samples.notes == ()


def test_inverting_can_be_asked_for_and_forbidden(tmp_path: Path) -> None:
    assert middle_and_edge(drawn("L", 0, 255), tmp_path / "p.png", invert=True)[:2] == (0.0, 1.0)
    assert middle_and_edge(drawn("L", 255, 0), tmp_path / "p.png", invert=False)[:2] == (0.0, 1.0)


def test_proportions_are_kept_and_the_rest_is_black(tmp_path: Path) -> None:
    pixels = middle_and_edge(drawn("L", 90, 255, (50, 100)), tmp_path / "p.png")[2].inputs.reshape(28, 28)
    assert pixels[:, :7].max() == pixels[:, 21:].max() == 0.0
    assert pixels[:, 7:21].min() > 0.2


def test_pixels_that_may_be_meant_to_fill_the_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn("L", 0, 255).save(tmp_path / "p.png")
    monkeypatch.setattr(pytest.importorskip("PIL.Image"), "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(DataError, match="too many pixels"):
        read_picture(tmp_path / "p.png", PICTURES)


# -- files that are damaged ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "read"), [("p.npy", read_npy), ("p.png", read_picture), ("p.csv", read_table)])
def test_pipes_and_folders_are_not_waited_for(
    name: str, read: Callable[[Path, SampleLayout], Samples], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(DataError, match="is not a file"):
        read(tmp_path / name, SQUARE)
    with pytest.raises(DataError, match=r"is not a file|is a folder"):
        read(tmp_path, SQUARE)
    with pytest.raises(DataError, match="no such file"):
        read(tmp_path / "none", SQUARE)


def image_bytes(mode: str, form: str) -> bytes:
    image_module = pytest.importorskip("PIL.Image")
    color = np.random.default_rng(0).integers(0, 255, (9, 7, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    image_module.fromarray(color).convert(mode).save(buffer, form)
    return buffer.getvalue()


def array_bytes() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(8.0).reshape(2, 4) / 8)
    return buffer.getvalue()


FORMS: list[tuple[Callable[[], bytes], Callable[[Path, SampleLayout], Samples]]] = [
    (lambda: image_bytes("RGBA", "PNG"), read_picture),
    (lambda: image_bytes("P", "GIF"), read_picture),
    (lambda: image_bytes("L", "TIFF"), read_picture),
    (array_bytes, read_npy),
    (lambda: b"a,b,c,d,t\n1,2,3,4,x\n5,6,7,8,y\n", read_table),
]


@pytest.mark.parametrize(("whole", "read"), FORMS, ids=["png", "gif", "tiff", "npy", "csv"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_to_a_file_ends_in_a_traceback(
    whole: Callable[[], bytes], read: Callable[[Path, SampleLayout], Samples], tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(whole())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 12))
        content[place : place + gone] = data.draw(
            st.sampled_from([b"", b"9", b"(", b"-", b"1e999", b"nan", b"\0", b'"', b","])
        )
    (tmp_path / "m").write_bytes(content)
    try:
        samples = read(tmp_path / "m", SQUARE)
    except DataError as error:
        message = str(error)
    else:
        message = ""
        assert samples.inputs.shape == (len(samples.names), 4)
        assert np.isfinite(samples.inputs).all()
    assert "\n" not in message


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="0123456789.,-+e xna", min_size=1, max_size=20))
def test_any_row_is_numbers_or_refused(text: str) -> None:
    try:
        values = read_row(text, SQUARE).inputs
    except DataError:
        return
    assert values.shape == (1, 4)
