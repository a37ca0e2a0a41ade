"""Files fetched once and kept: from the first mirror that has them, checked, and in their place whole or not at all.

pooch and requests are imported once there is something to fetch: that takes longer than a short run.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from logging import WARNING
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from nn_tui.data.errors import DataError

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
"""How long a server may take to be reached, and to send the next piece."""

_CHUNK = 1 << 16
_ABANDONED_SECONDS = 3_600.0


@dataclass(frozen=True)
class RemoteFile:
    """A published file.

    Attributes:
        name: the same on every mirror, and where it is kept.
        size: its bytes.
        sha256: its SHA-256, in hexadecimal.
    """

    name: str
    size: int
    sha256: str


Progress: TypeAlias = Callable[[RemoteFile, int], None]
"""Called with a file and how many of its bytes are here."""


class FetchError(DataError):
    """A file no mirror gave; the message names each of them, with what went wrong."""


def fetch(
    files: Sequence[RemoteFile],
    mirrors: Sequence[str],
    folder: Path,
    *,
    timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    progress: Progress | None = None,
) -> None:
    """Sees to it that the folder has every file, with the right content.

    Files that are there already are only checked, so a fetch that was interrupted goes on where it stopped. A file
    whose content is wrong is fetched anew.

    Args:
        files: what to fetch.
        mirrors: addresses of folders that have them, which end in a slash; the first is asked first.
        folder: where they are kept; it is made if it is not there.
        timeout: as `CONNECT_SECONDS` and `READ_SECONDS`.
        progress: called as bytes arrive.

    Raises:
        FetchError: for the first file that no mirror gave. What was fetched before it stays.
        DataError: when the folder cannot be written.
    """
    order = list(mirrors)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            working = _fetch_one(file, order, folder, timeout, progress)
            # The mirror that answered is asked first from now on: one that does not takes its whole timeout.
            order.remove(working)
            order.insert(0, working)
        _tidy(folder)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error.strerror or error})") from error


def _fetch_one(
    file: RemoteFile, mirrors: Sequence[str], folder: Path, timeout: tuple[float, float], progress: Progress | None
) -> str:
    """Fetches a file; returns the mirror that gave it."""
    import requests

    failures = []
    for mirror in mirrors:
        try:
            _retrieve(file, mirror, folder, timeout, _Bar(file, progress))
        except (requests.RequestException, ValueError) as error:
            failures.append(f"{urlsplit(mirror).netloc} {_reason(error)}")
        else:
            if progress is not None:
                progress(file, file.size)
            return mirror
    raise FetchError(f"{file.name} could not be fetched: {'; '.join(failures)}")


def _retrieve(file: RemoteFile, mirror: str, folder: Path, timeout: tuple[float, float], bar: "_Bar") -> None:
    import pooch

    downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=timeout)
    # Pooch downloads into a temporary file, checks it, and only then moves it to its name.
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(WARNING)
    try:
        pooch.retrieve(mirror + file.name, f"sha256:{file.sha256}", fname=file.name, path=folder, downloader=downloader)
    finally:
        logger.setLevel(level)


class _Bar:
    """What pooch takes for a progress bar; its counts are of whole chunks."""

    def __init__(self, file: RemoteFile, progress: Progress | None) -> None:
        self.total = file.size
        self._file = file
        self._progress = progress
        self._done = 0

    def update(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._file, min(self._done, self._file.size))

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        """Nothing to close."""


def _reason(error: Exception) -> str:
    """What went wrong with one mirror, to follow its name."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answered {error.response.status_code} {error.response.reason}".rstrip()
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "did not answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "cut the connection"
    if isinstance(error, requests.ConnectionError):
        return "could not be reached"
    if isinstance(error, requests.RequestException):
        return f"failed ({error})"
    return "sent another file (its SHA-256 is not the published one)"


def _tidy(folder: Path) -> None:
    """Removes the temporary files of fetches that were killed outright."""
    for path in folder.glob("tmp*"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
                path.unlink()
