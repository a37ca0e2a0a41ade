"""Files that appear whole or not at all, and leave nothing else behind, even where the program is killed.

Where the system has files without a name (Linux), what is written gets its name when it is whole. Elsewhere, and in the
moment in which it takes the place of what was there, it has a name that is recognized, and removed by whoever writes
there next.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from nn_tui.shown import shown

_ENDING = ".nn-tui-part"
_NEW = 0o666
"""Permissions of a new file, less the umask."""


class OutputError(OSError):
    """An output path that cannot be written; the message is for people."""


def check_writable(path: Path) -> None:
    """Refuses a path that could not be written, without touching what is there.

    Raises:
        OutputError: when the folder is missing or not writable, or what is there is no file that may be replaced.
    """
    target = real_path(path)
    folder = target.parent
    try:
        there = target.stat()
    except FileNotFoundError:
        if not folder.is_dir():
            raise OutputError(f"{shown(path)}: there is no folder {shown(folder)}") from None
    except OSError as error:
        raise OutputError(f"{shown(path)}: cannot be written there ({error.strerror})") from error
    else:
        if stat.S_ISDIR(there.st_mode):
            raise OutputError(f"{shown(path)}: is a folder; name a file")
        if not stat.S_ISREG(there.st_mode):
            # Such as /dev/null, which the finished file would take the place of.
            raise OutputError(f"{shown(path)}: is not an ordinary file, and would be replaced by one")
        if not os.access(target, os.W_OK):
            raise OutputError(f"{shown(path)}: exists and may not be written")
    try:
        descriptor, part = _opened(target)
        os.close(descriptor)
        if part is not None:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{shown(path)}: cannot be written there ({error.strerror})") from error


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when the `with` block ends well, and goes if it does not.

    A link stays a link: the file it points to is replaced. A file that was there passes on its permissions.

    Raises:
        OutputError: when it cannot be written; what was at `path` is then still there.
    """
    target = real_path(path)
    try:
        _remove_strays(target)
        descriptor, part = _opened(target)
    except OSError as error:
        raise OutputError(f"{shown(path)}: cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            _take_permissions(file.fileno(), part, target)
            yield file
            file.flush()
            if part is None:
                part = _linked(file.fileno(), target)
            if part is not None and os.name == "posix":
                # Before it is closed, and might be taken for a stray.
                part.replace(target)
                part = None
        if part is not None:
            part.replace(target)
    except OSError as error:
        raise OutputError(f"{shown(path)}: cannot be written ({error.strerror or error})") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Writes `content` to `path`, whole or not at all.

    Raises:
        OutputError: when it cannot be written; what was at `path` is then still there.
    """
    with replacing(path) as file:
        file.write(content)


def real_path(path: Path) -> Path:
    """Where a path leads, past all links.

    Raises:
        OutputError: when it can lead nowhere.
    """
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        raise OutputError(f"{str(path)!r}: cannot be the name of a file ({error})") from None
    except OSError as error:
        # The folder one stands in is gone.
        raise OutputError(f"{shown(path)}: cannot be written there ({error.strerror})") from None


def _opened(target: Path) -> tuple[int, Path | None]:
    """A new file to write to, and its name; None if it has none yet."""
    unnamed = getattr(os, "O_TMPFILE", None)
    if unnamed is not None and Path("/proc/self/fd").is_dir():
        # Not every file system can do this.
        with suppress(OSError):
            return os.open(target.parent, os.O_RDWR | unnamed, _NEW), None
    part = _part(target)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags, _NEW)
    _hold(descriptor)
    return descriptor, part


def _linked(descriptor: int, target: Path) -> Path | None:
    """Names a file that has no name: `target`, or, where that is taken, a name to replace it from."""
    with suppress(FileExistsError):
        _link(descriptor, target)
        return None
    _hold(descriptor)
    part = _part(target)
    _link(descriptor, part)
    return part


def _link(descriptor: int, name: Path) -> None:
    # A folder is given, though it does not matter, since only then Python has links followed.
    os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True)


def _take_permissions(descriptor: int, part: Path | None, target: Path) -> None:
    """Those of the file that is there; a new one has what the umask leaves."""
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(target.stat().st_mode)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        elif part is not None:
            part.chmod(mode)


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name[:50]}.{os.getpid()}-{os.urandom(4).hex()}{_ENDING}")


def _remove_strays(target: Path) -> None:
    """Removes what a program that was killed has left of this file."""
    named = re.compile(re.escape(f".{target.name[:50]}.") + r"\d+-[0-9a-f]{8}" + re.escape(_ENDING))
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if entry.name.endswith(_ENDING) and named.fullmatch(entry.name) and not _is_held(entry.path):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _hold(descriptor: int) -> None:
    """Marks a file as being written."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_held(path: str) -> bool:
    """Whether somebody is still writing it; on Windows such a file cannot be removed anyway."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
