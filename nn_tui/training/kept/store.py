"""The kept runs: added, listed, had back, forgotten. Bounded: the oldest go first."""

import msgspec

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.training.kept.database import DamagedError, connected
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.files import Fingerprint, content_to_keep
from nn_tui.training.kept.index import Index, make_room
from nn_tui.training.kept.kept_line import COLUMNS, line_of, stored
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.kept.place import most_bytes
from nn_tui.training.kept.thin_history import ThinHistory


class Store(Index):
    """The file the runs are kept in, with all that is kept of them."""

    def add(self, kept: KeptRun) -> int:
        """Keeps a run, and returns its number; where there is no more room, the oldest are forgotten.

        Raises:
            KeptError: where it cannot be written.
        """
        tables = {file.sha256: content for file in kept.files if (content := content_to_keep(file)) is not None}
        limit = most_bytes()
        try:
            return self._add(kept, tables, limit)
        except DamagedError:
            return self._add(kept, tables, limit)

    def _add(self, kept: KeptRun, tables: dict[str, bytes], limit: int) -> int:
        contents = (
            dumps(kept.scenario),
            kept.cut_short,
            kept.version,
            msgspec.json.encode(kept.files).decode(),
            msgspec.json.encode(kept.summary),
            kept.history.pack(),
        )
        size = sum(len(part) for part in contents if isinstance(part, str | bytes)) + 1_000
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
            contents = connection.execute("SELECT * FROM contents WHERE id = ?", (number,)).fetchone()
            if row is None or contents is None:
                last = connection.execute("SELECT id FROM runs ORDER BY id DESC LIMIT 1").fetchone()
                raise self.missing(number, last)
        _, scenario, cut_short, version, files, summary, history = contents
        try:
            return KeptRun(
                line=line_of(row),
                scenario=loads(scenario, f"run {number}"),
                cut_short=bool(cut_short),
                version=version,
                files=msgspec.json.decode(files, type=tuple[Fingerprint, ...]),
                summary=msgspec.json.decode(summary),
                history=ThinHistory.unpack(history),
            )
        except (ScenarioError, msgspec.MsgspecError, ValueError) as error:
            raise KeptError(f"run {number} was kept by nn-tui {version} and cannot be read here: {error}") from error

    def table(self, sha256: str) -> bytes | None:
        """The compressed content of a table that was kept; None if it was not."""
        with self.transaction() as connection:
            row = connection.execute("SELECT content FROM tables WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else bytes(row[0])
