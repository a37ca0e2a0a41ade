"""The kept runs: added, listed, had back, forgotten. Bounded: the oldest go first."""

import sqlite3
from collections.abc import Callable

import msgspec

from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.training.kept.database import DamagedError, connected
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.files import Fingerprint, content_to_keep
from nn_tui.training.kept.index import Index, make_room
from nn_tui.training.kept.kept_line import COLUMNS, line_of, stored
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.kept.room import most_bytes
from nn_tui.training.kept.thin_history import ThinHistory


class _Contents(msgspec.Struct, frozen=True):
    """A row of the table `contents`."""

    id: int
    scenario: str
    cut_short: int
    version: str
    files: str
    summary: bytes
    history: bytes


class _Finding(msgspec.Struct, frozen=True):
    title: str
    ill: bool


class _Summary(msgspec.Struct, frozen=True):
    """What is read out of a summary; the rest of it is only handed on."""

    findings: tuple[_Finding, ...]


class Store(Index):
    """The file the runs are kept in, with all that is kept of them."""

    def add(self, kept: KeptRun, beside: Callable[[sqlite3.Connection, int], None] | None = None) -> int:
        """Keeps a run, and returns its number; where there is no more room, the oldest are forgotten.

        Args:
            kept: the run.
            beside: keeps what belongs to it, by its number, in the same transaction: both are there, or neither.

        Raises:
            KeptError: where it cannot be written.
        """
        tables = {file.sha256: content for file in kept.files if (content := content_to_keep(file)) is not None}
        limit = most_bytes()
        try:
            return self._add(kept, tables, limit, beside)
        except DamagedError:
            return self._add(kept, tables, limit, beside)

    def _add(
        self,
        kept: KeptRun,
        tables: dict[str, bytes],
        limit: int,
        beside: Callable[[sqlite3.Connection, int], None] | None,
    ) -> int:
        contents = (
            dumps(kept.scenario),
            kept.cut_short,
            kept.version,
            msgspec.json.encode(kept.files).decode(),
            msgspec.json.encode(kept.summary),
            kept.history.pack(),
        )
        # A trial's result stands beside its run.
        besides = 2_000 if kept.line.sweep else 1_000
        size = sum(len(part) for part in contents if isinstance(part, str | bytes)) + besides
        with connected(self.path, self.notify) as connection:
            cursor = connection.execute(
                f"INSERT INTO runs ({', '.join(COLUMNS[1:])}, size) VALUES ({', '.join('?' * len(COLUMNS))})",
                (*stored(kept.line), size),
            )
            number = cursor.lastrowid
            assert number is not None
            connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?, ?)", (number, *contents))
            for sha256, content in tables.items():
                connection.execute("INSERT OR IGNORE INTO tables VALUES (?, ?)", (sha256, content))
                connection.execute("INSERT INTO uses VALUES (?, ?)", (number, sha256))
            make_room(connection, limit, spare=number)
            if beside is not None:
                beside(connection, number)
        return number

    def get(self, number: int) -> KeptRun:
        """A run by its number.

        Raises:
            KeptError: if there is none, or it cannot be read.
        """
        if not self.path.exists():
            raise self.missing(number, [])
        with self.transaction() as connection:
            row = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM runs WHERE id = ?", (number,)).fetchone()
            parts = ", ".join(_Contents.__struct_fields__)
            contents = connection.execute(f"SELECT {parts} FROM contents WHERE id = ?", (number,)).fetchone()
            if row is None or contents is None:
                last = connection.execute("SELECT id FROM runs ORDER BY id DESC LIMIT 1").fetchone()
                raise self.missing(number, last)
        try:
            content = msgspec.convert(dict(zip(_Contents.__struct_fields__, contents, strict=True)), _Contents)
            msgspec.json.decode(content.summary, type=_Summary)
            return KeptRun(
                line=line_of(row),
                scenario=loads(content.scenario, f"run {number}"),
                cut_short=bool(content.cut_short),
                version=content.version,
                files=msgspec.json.decode(content.files, type=tuple[Fingerprint, ...]),
                summary=msgspec.json.decode(content.summary),
                history=ThinHistory.unpack(content.history),
            )
        except ValueError as error:
            raise KeptError(
                f"run {number} was kept by nn-tui {contents[3]} and cannot be read here: {error}; "
                f"nn-tui runs forget {number} takes it out"
            ) from error

    def table(self, sha256: str) -> bytes | None:
        """The compressed content of a table that was kept; None if it was not."""
        with self.transaction() as connection:
            row = connection.execute("SELECT content FROM tables WHERE sha256 = ?", (sha256,)).fetchone()
        return row[0] if row is not None and isinstance(row[0], bytes) else None
