"""The SQLite file: opened, made, moved aside where it is damaged. Several programs use it at once."""

import errno
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from nn_tui.shown import shown
from nn_tui.training.files.kept_file import VARIABLE
from nn_tui.training.kept.damage import tell_damage
from nn_tui.training.kept.errors import KeptError

VERSION = 1
_APPLICATION = 0x6E6E7475
"""What SQLite's header says the file is for: "nntu"."""

_BUSY_SECONDS = 10.0
_ROOM = 1_000_000
"""Bytes: a disk with less left is as good as full."""
_OTHER_FILES = (".toml", ".csv", ".safetensors", ".jsonl", ".json", ".txt", ".py", ".md")
"""Endings of files that are never taken for a damaged store."""

_SCHEMA = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL, name TEXT NOT NULL, origin TEXT NOT NULL, status TEXT NOT NULL,
    started REAL NOT NULL, seconds REAL NOT NULL, steps INTEGER NOT NULL, epochs INTEGER NOT NULL,
    train TEXT NOT NULL, test TEXT, digest TEXT NOT NULL, findings TEXT NOT NULL, sweep TEXT NOT NULL,
    size INTEGER NOT NULL
);
CREATE INDEX runs_of_sweep ON runs (sweep, id);
CREATE INDEX runs_by_size ON runs (size);
CREATE TABLE contents (
    id INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    scenario TEXT NOT NULL, cut_short INTEGER NOT NULL, version TEXT NOT NULL, files TEXT NOT NULL,
    summary BLOB NOT NULL, history BLOB NOT NULL
);
CREATE TABLE tables (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE uses (
    id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, sha256 TEXT NOT NULL, PRIMARY KEY (id, sha256)
) WITHOUT ROWID;
CREATE TABLE sweeps (hash TEXT PRIMARY KEY, started REAL NOT NULL, described TEXT NOT NULL);
CREATE TABLE trials (
    sweep TEXT NOT NULL REFERENCES sweeps ON DELETE CASCADE, number INTEGER NOT NULL, trial TEXT NOT NULL,
    PRIMARY KEY (sweep, number)
) WITHOUT ROWID;
"""
"""A row of `runs` is small and there are many of them; what is large stands apart, so that a list reads little."""


class DamagedError(Exception):
    """The file is no database, or not whole."""


@contextmanager
def connected(
    path: Path, notify: Callable[[str], None] | None = None, *, writing: bool = True
) -> Iterator[sqlite3.Connection]:
    """A connection in whose `with` block one transaction is done, or nothing.

    A file that turns out to be damaged is set aside, here or by `Store`, and never in the way.

    Args:
        path: the file; it and its folder are made if need be.
        notify: told where a damaged file has gone; if not given, who asked for that, else stderr.
        writing: whether anything will be written, so that other programs that write wait from the start.

    Raises:
        KeptError: where it cannot be opened or written, or is of a newer program.
        DamagedError: where it was found out to be damaged within the block; it has been set aside then.
    """
    connection = _opened(path, notify)
    with closing(connection):
        try:
            connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            yield connection
            connection.execute("COMMIT")
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            with suppress(sqlite3.Error):
                connection.rollback()
            if not _is_damage(error):
                raise _unusable(path, error) from error
            connection.close()
            _set_aside(path, notify)
            raise DamagedError from error
        except BaseException:
            with suppress(sqlite3.Error):
                connection.rollback()
            raise


def _opened(path: Path, notify: Callable[[str], None] | None) -> sqlite3.Connection:
    for _ in range(2):
        try:
            return _ready(path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if not _is_damage(error):
                raise _unusable(path, error) from error
            _set_aside(path, notify)
        except (OSError, ValueError) as error:
            if isinstance(error, KeptError):
                raise
            raise _unusable(path, error) from error
    raise KeptError(f"{shown(path)}: the file of kept runs cannot be used")


def _ready(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # A byte that is damaged costs a character, and not the whole list.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        if _numbers(connection) != (VERSION, _APPLICATION):
            _make(connection, path)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _numbers(connection: sqlite3.Connection) -> tuple[int, int]:
    """The version of a database, and the program it is of: other programs' versions mean nothing."""
    version, application = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")
    )
    return version, application


def _make(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables, if no other program has in the meantime; a file that is not ours is left as it is."""
    if _is_empty(connection, path):
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection, path):
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _is_empty(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether there is nothing in a database yet.

    Raises:
        KeptError: if it is of a newer nn-tui, or of another program.
    """
    # First, since another program may be making them just now: who has them has the numbers, too.
    there: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    version, application = _numbers(connection)
    if version > VERSION and application == _APPLICATION:
        raise KeptError(f"{shown(path)}: these runs were kept by a newer nn-tui; update this one, or name another file")
    if there and application != _APPLICATION:
        raise KeptError(f"{shown(path)}: is a database of another program; name another file")
    return there == 0


def _is_damage(error: sqlite3.DatabaseError | UnicodeDecodeError) -> bool:
    if isinstance(error, UnicodeDecodeError):
        # Of texts what cannot be read is replaced: this was the name of a column.
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return True
    # Tables that are not as they must be.
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(("no such table", "no such column"))


def _unusable(path: Path, error: Exception) -> KeptError:
    reason = getattr(error, "strerror", None) or str(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        reason = f"another program has been writing there for {_BUSY_SECONDS:.0f} seconds; try again"
    elif code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) or getattr(error, "errno", None) == errno.ENOSPC:
        reason = _on_the_disk(path, reason)
    return KeptError(f"{shown(path)}: kept runs cannot be read or written there ({reason})")


def _on_the_disk(path: Path, reason: str) -> str:
    """What a disk that takes no more is called, and what to do; SQLite needs some room for itself even to read."""
    with suppress(OSError):
        free = shutil.disk_usage(path.parent).free
        if free < _ROOM:
            reason = f"its disk is full, with {free / 1e3:,.0f} kB left"
    return f"{reason}; make room on the disk, or name a file elsewhere in {VARIABLE}"


def _set_aside(path: Path, notify: Callable[[str], None] | None) -> None:
    """Gives a damaged file, and what SQLite has beside it, another name."""
    if path.suffix in _OTHER_FILES:
        raise KeptError(f"{shown(path)}: is not a file of kept runs; name another")
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
    except FileNotFoundError:
        # Another program was quicker.
        return
    except OSError as error:
        raise _unusable(path, error) from error
    message = f"{path}: the file of kept runs is damaged; it is now {aside.name}, and a new one is begun"
    (notify or tell_damage)(message)
