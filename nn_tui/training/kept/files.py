"""The files a run reads: what they were when it ran, and whether they still are."""

import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from nn_tui.data import fashion_mnist
from nn_tui.scenario.data_table import FILES, Data
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import shown
from nn_tui.training.kept.errors import KeptError

MOST_STORED = 5_000_000
"""Bytes, compressed, up to which a table is kept with its run."""


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was.

    Attributes:
        role: the scenario's key that names it, "init" for initial weights, "images" for files that are found by
            themselves.
        path: absolute.
        sha256: of its bytes, in hexadecimal.
        size: bytes.
    """

    role: str
    path: str
    sha256: str
    size: int


def fingerprints(scenario: Scenario, init_from: Path | None = None) -> tuple[Fingerprint, ...]:
    """What the files a run reads are now; a file that cannot be read is left out.

    Args:
        scenario: of the run.
        init_from: weights it starts from, or None.

    Raises:
        KeptError: for weights in a file whose name cannot be kept.
    """
    files = [(f"data.{key}", path) for key, path in table_paths(scenario.data)]
    if init_from is not None:
        files.append(("init", _with_a_text_for_name(init_from.absolute())))
    if scenario.data.kind == fashion_mnist.NAME and (place := fashion_mnist.located()) is not None:
        files += [("images", path) for path in sorted(place.folder.glob("*ubyte*"))]
    return tuple(found for role, path in files if (found := _fingerprint(role, path)) is not None)


def _with_a_text_for_name(path: Path) -> Path:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise KeptError(f"{shown(path)}: a kept run cannot hold this name, which is not UTF-8; rename it") from None
    return path


def of_scenario(files: Iterable[Fingerprint], scenario: Scenario) -> tuple[Fingerprint, ...]:
    """Of several files those that a scenario reads."""
    tables = {(f"data.{key}", str(path)) for key, path in table_paths(scenario.data)}
    has_images = scenario.data.kind == fashion_mnist.NAME
    return tuple(file for file in files if (file.role, file.path) in tables or (file.role == "images" and has_images))


def table_paths(data: Data) -> Iterable[tuple[str, Path]]:
    """The keys of `data` that name tables, and the tables."""
    for key in FILES:
        if (value := getattr(data, key)) is not None:
            yield key, Path(value)


def _fingerprint(role: str, path: Path) -> Fingerprint | None:
    total, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
                size += len(block)
    except (OSError, ValueError):
        return None
    return Fingerprint(role=role, path=str(path), sha256=total.hexdigest(), size=size)


def content_to_keep(file: Fingerprint) -> bytes | None:
    """A table's bytes, compressed; None if they are too many, or no longer what they were."""
    if not file.role.startswith("data.") or file.size > 20 * MOST_STORED:
        return None
    try:
        content = Path(file.path).read_bytes()
    except (OSError, ValueError):
        return None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return None
    packed = zlib.compress(content, 6)
    return packed if len(packed) <= MOST_STORED else None


def check_unchanged(file: Fingerprint) -> None:
    """Refuses a file that is gone or has changed.

    Raises:
        KeptError: with what changed.
    """
    now = _fingerprint(file.role, Path(file.path))
    if now is None:
        raise KeptError(f"the run read {file.path}, which is no longer there (SHA-256 {file.sha256[:12]}…)")
    if now.sha256 != file.sha256:
        sizes = "" if now.size == file.size else f", {now.size:,} bytes now, {file.size:,} then"
        raise KeptError(
            f"{file.path} has changed since the run{sizes} (SHA-256 {now.sha256[:12]}… now, {file.sha256[:12]}… then); "
            "put the file back to have the run again"
        )
