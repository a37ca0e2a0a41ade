"""The kept runs by their lines: listed, forgotten, pruned. What is large is not read here."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nn_tui.shown import shown
from nn_tui.training.files.kept_file import OFF, VARIABLE, store_path
from nn_tui.training.kept.database import DamagedError, connected
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.kept_line import COLUMNS, KeptLine, line_of
from nn_tui.training.kept.room import most_bytes


class Index:
    """The file the runs are kept in; each method is one transaction of its own."""

    def __init__(self, path: Path | None = None, notify: Callable[[str], None] | None = None) -> None:
        """
        Args:
            path: the file; where it is by default if not given.
            notify: told of a damaged file that was set aside; if not given, who asked for that, else stderr.

        Raises:
            KeptError: where runs are not kept at all.
        """
        chosen = path or store_path()
        if chosen is None:
            raise KeptError(f"no runs are kept ({VARIABLE} is {OFF})")
        self.path = chosen
        self.notify = notify

    @contextmanager
    def transaction(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction.

        Args:
            writing: whether anything will be written.

        Raises:
            KeptError: where the file cannot be used.
        """
        try:
            with connected(self.path, self.notify, writing=writing) as connection:
                yield connection
        except DamagedError:
            raise KeptError(f"{shown(self.path)}: the file of kept runs was damaged; try again") from None

    def check(self) -> None:
        """Refuses a file that cannot be used, before anything is done whose result would have to be kept.

        Raises:
            KeptError: where it cannot be.
        """
        most_bytes()
        with self.transaction(writing=True):
            pass

    def lines(self, sweep: str | None = None) -> list[KeptLine]:
        """All kept runs, the oldest first.

        Args:
            sweep: only the trials of this one.
        """
        if not self.path.exists():
            return []
        condition, values = ("", ()) if sweep is None else ("WHERE sweep = ?", (sweep,))
        with self.transaction() as connection:
            rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM runs {condition} ORDER BY id", values)
            return [self._line(row) for row in rows.fetchall()]

    def _line(self, row: Sequence[Any]) -> KeptLine:
        try:
            return line_of(row)
        except ValueError as error:
            raise KeptError(
                f"run {row[0]} cannot be read in {shown(self.path)} ({error}); nn-tui runs forget {row[0]} takes it out"
            ) from None

    def missing(self, number: int, last: Sequence[int] | None) -> KeptError:
        """The error of a run that is not there; `last` is the row of the newest's number."""
        newest = f"; the newest is {last[0]}" if last else ", and none is kept"
        return KeptError(f"there is no run {number}{newest} (nn-tui runs lists them)")

    def forget(self, numbers: Iterable[int]) -> list[int]:
        """Forgets runs; returns the numbers of those that were there.

        Raises:
            KeptError: if one is not there; none is forgotten then.
        """
        wanted = sorted(set(numbers))
        with self.transaction(writing=True) as connection:
            for number in wanted:
                if not connection.execute("SELECT 1 FROM runs WHERE id = ?", (number,)).fetchone():
                    last = connection.execute("SELECT id FROM runs ORDER BY id DESC LIMIT 1").fetchone()
                    raise self.missing(number, last)
            _forget(connection, wanted)
        self._shrink()
        return wanted

    def prune(self, most: int) -> int:
        """Forgets the oldest runs until those left take at most so many bytes; returns how many went."""
        if not self.path.exists():
            return 0
        with self.transaction(writing=True) as connection:
            gone = make_room(connection, most, spare=None)
            connection.execute("DELETE FROM sweeps WHERE hash NOT IN (SELECT sweep FROM runs)")
        self._shrink()
        return gone

    def keep_latest(self, count: int) -> int:
        """Forgets all runs but the latest; returns how many went."""
        if not self.path.exists():
            return 0
        with self.transaction(writing=True) as connection:
            rows = connection.execute("SELECT id FROM runs ORDER BY id DESC LIMIT -1 OFFSET ?", (count,)).fetchall()
            _forget(connection, [number for (number,) in rows])
        self._shrink()
        return len(rows)

    def size(self) -> int:
        """Bytes that the runs and their tables take."""
        if not self.path.exists():
            return 0
        with self.transaction() as connection:
            return _size(connection)

    @property
    def copies(self) -> Path:
        """The folder for tables that are written out of the file, where they are no longer what they were."""
        return self.path.with_name(f"{self.path.name}.tables")

    def copy(self, sha256: str, suffix: str) -> Path:
        """The file in it for a table."""
        return self.copies / f"{sha256[:_NAMED]}{suffix}"

    def _shrink(self) -> None:
        """Gives the room of what was forgotten back to the disk."""
        with connected(self.path, self.notify) as connection:
            left = {row[0][:_NAMED] for row in connection.execute("SELECT sha256 FROM tables")}
            with suppress(OSError):
                for copy in self.copies.iterdir():
                    if copy.name.partition(".")[0] not in left:
                        copy.unlink()
                self.copies.rmdir()
            connection.execute("COMMIT")
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("BEGIN")


_NAMED = 16
"""Hexadecimal digits of a table's SHA-256 that its copy is called by."""


def _size(connection: sqlite3.Connection) -> int:
    runs, tables = (
        connection.execute(f"SELECT coalesce(sum({what}), 0) FROM {table}").fetchone()[0]
        for what, table in (("size", "runs"), ("length(content)", "tables"))
    )
    return int(runs) + int(tables)


def make_room(connection: sqlite3.Connection, most: int, spare: int | None) -> int:
    """Forgets the oldest runs beyond the limit, but never this one; returns how many."""
    gone = 0
    while (over := _size(connection) - most) > 0:
        chosen = []
        for number, size in connection.execute("SELECT id, CAST(size AS INTEGER) FROM runs ORDER BY id"):
            if over <= 0:
                break
            if number != spare:
                chosen.append(number)
                over -= size
        if not chosen:
            break
        _forget(connection, chosen)
        gone += len(chosen)
    return gone


def _forget(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    rows = [(number,) for number in numbers]
    sweeps = {row[0] for one in rows for row in connection.execute("SELECT sweep FROM runs WHERE id = ?", one)}
    connection.executemany("DELETE FROM runs WHERE id = ?", rows)
    for sweep in sweeps - {""}:
        # Without any of its runs what it came to is nothing that could be looked at, and would never go.
        if not connection.execute("SELECT 1 FROM runs WHERE sweep = ? LIMIT 1", (sweep,)).fetchone():
            connection.execute("DELETE FROM sweeps WHERE hash = ?", (sweep,))
    connection.execute("DELETE FROM tables WHERE sha256 NOT IN (SELECT sha256 FROM uses)")
