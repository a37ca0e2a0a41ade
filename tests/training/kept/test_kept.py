"""The file of kept runs: what goes in comes out, it stays small, programs share it, damage is never in the way."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

import nn_tui
from nn_tui.scenario.errors import named
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.schema import Scenario
from nn_tui.training.files import kept_file
from nn_tui.training.given import given_scenario
from nn_tui.training.keeping import kept_of
from nn_tui.training.kept import database, room
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.files import fingerprints
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.kept.reference import kept_scenario
from nn_tui.training.kept.store import Store
from nn_tui.training.rerunning import run_again
from nn_tui.training.run.session import Stop
from tests.training.runs import scenario

TABLE = "x,y,label\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 2]}\n" for i in range(60))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    return Store()


def kept(chosen: Scenario | str = "", stop: Stop | None = None, **changes: object) -> KeptRun:
    """A short run, to be kept."""
    base = chosen or scenario(training={"epochs": 4})
    run = nn_tui.replay(base, changes or None, stop=stop)
    return kept_of(run, origin="replay", started=1.5, files=fingerprints(run.scenario))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def of_table(path: Path) -> Scenario:
    return apply(
        given_scenario("iris"),
        {"data.path": str(path), "data.target": "label", "training.epochs": 3, "data.header": True},
    )


@pytest.mark.parametrize("stop", [None, Stop(steps=7), Stop(epochs=2)], ids=["whole", "7 steps", "2 epochs"])
def test_a_kept_run_is_had_back_to_its_digest(store: Store, stop: Stop | None) -> None:
    timeline = [{"epoch": 2, "set": {"training.optimizer.lr": 0.05, "training.steps": 9}}]
    first = kept(scenario(training={"epochs": 4}, timeline=timeline), stop)
    number = store.add(first)
    found = store.get(number)
    assert found.line == structs.replace(first.line, id=number)
    assert found.summary == first.summary
    assert found.scenario == first.scenario
    np.testing.assert_allclose(found.history.minimum, first.history.minimum, rtol=1e-6)
    assert run_again(found, store).summary.digest == first.line.digest
    # Wherever a scenario may stand.
    again = nn_tui.replay(f"@{number}")
    assert again.summary.digest == first.line.digest
    assert again.summary.passed


@pytest.mark.parametrize("steps", [5, 20])
def test_a_run_that_would_stop_early_is_had_back_from_before_that(store: Store, steps: int) -> None:
    early = {"metric": "train.loss", "patience": 30}
    first = kept(scenario(training={"epochs": 40, "early_stop": early}), Stop(steps=steps))
    number = store.add(first)
    assert run_again(store.get(number), store).summary.digest == first.line.digest
    assert nn_tui.replay(kept_scenario(number, store)).summary.digest == first.line.digest


def test_a_diverged_run_is_had_back_as_one(store: Store) -> None:
    number = store.add(kept("rate-too-high"))
    again = run_again(store.get(number), store)
    assert again.summary.status == "diverged"
    assert again.summary.passed


def test_history_keeps_first_last_and_extremes(store: Store) -> None:
    run = nn_tui.replay(scenario(training={"epochs": 400, "batch_size": 8}), every=1)
    thin = store.get(store.add(kept_of(run, origin="lab", started=0.0, files=()))).history
    whole, loss = run.history.overview("train.loss"), thin.overview("train.loss")
    assert len(thin) <= 256
    assert loss.step[0] == 0
    assert np.nanmin(loss.minimum) == pytest.approx(np.nanmin(whole.minimum))
    assert np.nanmax(loss.maximum) == pytest.approx(np.nanmax(whole.maximum))


def test_a_table_that_went_or_changed_comes_out_of_the_store(store: Store, table: Path) -> None:
    first = kept(of_table(table))
    number = store.add(first)
    table.unlink()
    assert run_again(store.get(number), store).summary.digest == first.line.digest
    table.write_text(TABLE.replace("0,0,a", "0,5,b"))
    assert nn_tui.replay(f"@{number}").summary.digest == first.line.digest


def test_a_file_without_a_part_in_the_run_is_told(store: Store, table: Path) -> None:
    first = kept(of_table(table))
    odd = tuple(structs.replace(file, role="Data.path") for file in first.files)
    number = store.add(structs.replace(first, files=odd))
    with pytest.raises(KeptError, match=f"run {number} is damaged: .* nn-tui runs forget {number} takes it out"):
        kept_scenario(number, store)


def test_the_latest_are_kept_whatever_another_program_forgets_meanwhile(store: Store) -> None:
    one = kept()
    for _ in range(12):
        store.add(one)
    with ThreadPoolExecutor(4) as pool:
        pruned = [pool.submit(Store(store.path).keep_latest, 5) for _ in range(4)]
        pool.submit(Store(store.path).prune, 10**9).result()
        assert sum(one.result() for one in pruned) == 7
    assert [line.id for line in store.lines()] == [8, 9, 10, 11, 12]


def test_copies_of_tables_go_with_the_last_run(store: Store, table: Path) -> None:
    first = store.add(kept(of_table(table)))
    table.write_text("changed")
    kept_scenario(first, store)
    (copy,) = store.copies.iterdir()
    other = store.add(kept())
    store.forget([other])
    assert copy.exists()
    store.forget([first])
    assert not store.copies.exists()


def test_a_table_too_large_to_keep_is_refused_once_it_changed(
    store: Store, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_tui.training.kept.files.MOST_STORED", 10)
    number = store.add(kept(of_table(table)))
    assert nn_tui.replay(f"@{number}").summary.passed
    table.write_text(TABLE + "1,2,a\n")
    with pytest.raises(KeptError, match="has changed since the run"):
        run_again(store.get(number), store)
    table.unlink()
    with pytest.raises(KeptError, match="no longer there"):
        run_again(store.get(number), store)


def test_equal_tables_are_kept_once_and_go_with_the_last_run(store: Store, table: Path) -> None:
    numbers = [store.add(kept(of_table(table))) for _ in range(2)]
    digest = store.get(numbers[0]).files[0].sha256
    store.forget(numbers[:1])
    assert store.table(digest) is not None
    store.forget(numbers[1:])
    assert store.table(digest) is None


def test_several_programs_at_once(store: Store) -> None:
    run = kept()

    def add_some(_: int) -> list[int]:
        return [Store(store.path).add(run) for _ in range(8)]

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for found in pool.map(add_some, range(4)) for number in found]
    assert sorted(numbers) == list(range(1, 33))
    assert [line.id for line in store.lines()] == sorted(numbers)


def test_the_oldest_go_where_there_is_no_more_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = kept()
    store.add(run)
    monkeypatch.setenv(room.LIMIT_VARIABLE, str(3.5 * store.size() / 1e6))
    for _ in range(6):
        store.add(run)
    assert [line.id for line in store.lines()] == [5, 6, 7]
    assert store.size() <= room.most_bytes()
    # Even where one run alone is too large, the newest is kept.
    monkeypatch.setenv(room.LIMIT_VARIABLE, "0.0001")
    assert store.add(run) == 8
    assert [line.id for line in store.lines()] == [8]


@pytest.mark.parametrize("how", ["text", "cut", "page", "no tables", "name of a column"])
def test_a_damaged_file_is_set_aside(store: Store, how: str) -> None:
    said: list[str] = []
    run = kept()
    for _ in range(30):
        store.add(run)
    content = store.path.read_bytes()
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = store.path.read_bytes()
    match how:
        case "text":
            store.path.write_bytes(b"what is this?" * 100)
        case "cut":
            store.path.write_bytes(content[: len(content) // 3])
        case "page":
            store.path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
        case "name of a column":
            assert b"cut_short INTEGER" in content
            store.path.write_bytes(content.replace(b"cut_short INTEGER", b"cut_shor\xcd INTEGER"))
        case "no tables":
            with sqlite3.connect(store.path) as connection:
                connection.execute("DROP TABLE contents")
            connection.close()
    # What is found out on the way is told as well.
    with suppress(KeptError):
        Store(store.path, said.append).get(1)
    number = Store(store.path, said.append).add(run)
    assert store.get(number).line.digest == run.line.digest
    assert len(said) == 1
    assert "damaged" in said[0]
    aside = [path for path in store.path.parent.iterdir() if ".damaged-" in path.name]
    assert aside


@pytest.mark.parametrize(
    ("table", "column", "odd"),
    [
        ("runs", "train", '{"loss": "much"}'),
        ("runs", "steps", "many"),
        ("contents", "history", 1.5),
        ("contents", "summary", b"[]"),
        ("contents", "scenario", 7),
    ],
)
def test_a_row_that_holds_no_run_is_named_and_can_be_taken_out(
    store: Store, table: str, column: str, odd: object
) -> None:
    for _ in range(2):
        store.add(kept())
    with sqlite3.connect(store.path) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = 1", (odd,))
    connection.close()
    with pytest.raises(KeptError, match=r"run 1 .*cannot be read.*; nn-tui runs forget 1 takes it out"):
        store.get(1)
    if table == "runs":
        with pytest.raises(KeptError, match="nn-tui runs forget 1 takes it out"):
            store.lines()
    store.forget([1])
    assert [line.id for line in store.lines()] == [2]


def test_a_byte_that_is_no_text_costs_one_character(store: Store) -> None:
    store.add(kept())
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE runs SET title = CAST(x'62ff64' AS TEXT)")
    connection.close()
    assert [line.title for line in store.lines()] == ["b\ufffdd"]


def test_files_of_others_are_refused_and_stay(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sqlite"
    Store(newer).add(kept())
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    other, versioned = tmp_path / "other.sqlite", tmp_path / "versioned.sqlite"
    for number, path in enumerate((other, versioned)):
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE music (title TEXT)")
            # As many programs number theirs.
            connection.execute(f"PRAGMA user_version = {number}")
        connection.close()
    text = tmp_path / "scenario.toml"
    text.write_text("title = 'mine'")
    for path, problem in (
        (newer, "newer nn-tui"),
        (other, "another program"),
        (versioned, "another program"),
        (text, "is not a file of kept runs"),
    ):
        before = path.read_bytes()
        with pytest.raises(KeptError, match=problem):
            Store(path).add(kept())
        assert path.read_bytes() == before
        with pytest.raises(KeptError):
            Store(path).lines()
        assert path.read_bytes() == before
    with pytest.raises(KeptError, match="cannot be read or written"):
        Store(Path("/proc/nowhere/runs.sqlite")).add(kept())


def test_off_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, "off")
    with pytest.raises(KeptError, match="NN_TUI_RUNS is off"):
        given_scenario("@1")


def test_a_file_that_another_program_writes_for_long_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(kept())
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE runs SET title = 'x'")
        assert len(store.lines()) == 1
        with pytest.raises(KeptError, match="another program has been writing there"):
            store.add(kept())
    connection.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR | 3 << 8])
def test_a_full_disk_is_told_with_what_to_do(store: Store, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    store.add(kept())

    def refuse(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(KeptError, match=r"disk I/O error; make room on the disk, or name a file elsewhere in NN_TUI_"):
        store.lines()
    monkeypatch.setattr(database.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 4_000, 4_000))
    with pytest.raises(KeptError, match=r"its disk is full, with 4 kB left; make room on the disk"):
        store.add(kept())


def test_a_store_that_cannot_be_used_is_no_fault_of_the_scenario() -> None:
    with pytest.raises(KeptError, match=r"^the disk is full$"), named("xor"):
        raise KeptError("the disk is full")
