"""Files that are written whole or not at all."""

import os
import stat
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
        OutputError: when the folder is missing or not writable, or what is there is no file that may be replaced.
    """
    target = _target(path)
    folder = target.parent
    try:
        there = target.stat()
    except FileNotFoundError:
        if not folder.is_dir():
            raise OutputError(f"{path}: there is no folder {folder}") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written there ({error.strerror})") from error
    else:
        if stat.S_ISDIR(there.st_mode):
            raise OutputError(f"{path}: is a folder; name a file")
        if not stat.S_ISREG(there.st_mode):
            # Such as /dev/null, which the finished file would take the place of.
            raise OutputError(f"{path}: is not an ordinary file, and would be replaced by one")
        if not os.access(target, os.W_OK):
            raise OutputError(f"{path}: exists and may not be written")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=_prefix(target)):
            pass
    except OSError as error:
        raise OutputError(f"{path}: cannot be written there ({error.strerror})") from error


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A temporary file beside `path` that takes its place when the `with` block ends well, and goes if it does not.

    A link stays a link: the file it points to is replaced. A file that was there passes on its permissions.

    Raises:
        OutputError: when it cannot be written; what was at `path` is then still there.
    """
    target = _target(path)
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        temporary.chmod(_permissions(target))
        temporary.replace(target)
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


def _target(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        raise OutputError(f"{str(path)!r}: cannot be the name of a file ({error})") from None
    except OSError as error:
        # The folder one stands in is gone.
        raise OutputError(f"{path}: cannot be written there ({error.strerror})") from None


def _prefix(target: Path) -> str:
    return f".{target.name[:50]}."


def _permissions(target: Path) -> int:
    """Of the file that is there, or else what the umask leaves to a new one."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
