"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class OutputError(OSError):
    """An output path that cannot be written; the message is for people."""


def check_writable(path: Path) -> None:
    """Refuses a path that `write_atomically` could not write, without touching what is there.

    Raises:
        OutputError: when the folder is missing or not writable, or the path is a folder.
    """
    folder = path.absolute().parent
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file")
    if not folder.is_dir():
        raise OutputError(f"{path}: there is no folder {folder}")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{path.name[:50]}."):
            pass
    except OSError as error:
        raise OutputError(f"{path}: cannot be written there ({error.strerror})") from error
    if path.exists() and not os.access(path, os.W_OK):
        raise OutputError(f"{path}: exists and may not be written")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A temporary file beside `path` that takes its place when the `with` block ends well, and goes if it does not.

    Raises:
        OutputError: when it cannot be written; what was at `path` is then still there.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name[:50]}.")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Writes `content` to `path`, whole or not at all.

    Raises:
        OutputError: when it cannot be written; what was at `path` is then still there.
    """
    with replacing(path) as file:
        file.write(content)
