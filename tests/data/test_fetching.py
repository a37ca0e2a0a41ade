"""Fetching files, from a server on this machine that behaves well or badly."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.fetching import FetchError, RemoteFile, fetch
from tests.web import Server, serving

CONTENT = bytes(range(256)) * 1_000
OTHER = b"something else"
FAST = (5.0, 5.0)


def published(name: str, content: bytes = CONTENT) -> RemoteFile:
    return RemoteFile(name, len(content), hashlib.sha256(content).hexdigest())


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_file_is_fetched_and_kept(server: Server, tmp_path: Path) -> None:
    server.send("/a/one", CONTENT)
    server.send("/a/two", OTHER)
    fetch([published("one"), published("two", OTHER)], [f"{server.address}/a/"], tmp_path / "new" / "cache")
    assert contents(tmp_path / "new" / "cache") == {"one": CONTENT, "two": OTHER}


def test_what_is_there_already_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    server.send("/one", CONTENT)
    server.send("/two", OTHER)
    files = [published("one"), published("two", OTHER)]
    fetch(files, [f"{server.address}/"], tmp_path)
    fetch(files, [f"{server.address}/"], tmp_path)
    assert server.asked == ["/one", "/two"]


def test_a_damaged_file_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.send("/one", CONTENT)
    (tmp_path / "one").write_bytes(OTHER)
    fetch([published("one")], [f"{server.address}/"], tmp_path)
    assert contents(tmp_path) == {"one": CONTENT}


def test_a_wrong_file_is_refused_and_not_kept(server: Server, tmp_path: Path) -> None:
    server.send("/one", OTHER)
    with pytest.raises(FetchError, match=r"one could not be fetched: 127\.0\.0\.1:\d+ sent another file \(its SHA-256"):
        fetch([published("one")], [f"{server.address}/"], tmp_path)
    assert contents(tmp_path) == {}


def test_a_wrong_file_does_not_replace_the_one_that_is_there(server: Server, tmp_path: Path) -> None:
    server.send("/one", OTHER)
    (tmp_path / "one").write_bytes(b"damaged")
    with pytest.raises(FetchError):
        fetch([published("one")], [f"{server.address}/"], tmp_path)
    assert contents(tmp_path) == {"one": b"damaged"}


def test_a_cut_connection_leaves_nothing_half_written(server: Server, tmp_path: Path) -> None:
    server.send("/one", CONTENT, part=70_000)
    with pytest.raises(FetchError, match="cut the connection"):
        fetch([published("one")], [f"{server.address}/"], tmp_path)
    assert contents(tmp_path) == {}


def test_a_fetch_goes_on_where_it_was_cut_when_it_is_run_again(server: Server, tmp_path: Path) -> None:
    files = [published("one"), published("two", OTHER)]
    server.send("/one", CONTENT)
    server.send("/two", OTHER, part=3)
    with pytest.raises(FetchError, match="two could not be fetched"):
        fetch(files, [f"{server.address}/"], tmp_path)
    assert contents(tmp_path) == {"one": CONTENT}
    server.send("/two", OTHER)
    fetch(files, [f"{server.address}/"], tmp_path)
    assert contents(tmp_path) == {"one": CONTENT, "two": OTHER}
    assert server.asked == ["/one", "/two", "/two"]


def test_a_mirror_without_the_file_gives_way_to_the_next(server: Server, tmp_path: Path) -> None:
    server.send("/b/one", CONTENT)
    server.send("/b/two", OTHER)
    mirrors = [f"{server.address}/a/", f"{server.address}/b/"]
    fetch([published("one"), published("two", OTHER)], mirrors, tmp_path)
    # Once a mirror has answered, the one that did not is not asked again.
    assert server.asked == ["/a/one", "/b/one", "/b/two"]


def test_a_wrong_file_on_one_mirror_gives_way_to_the_next(server: Server, tmp_path: Path) -> None:
    server.send("/a/one", OTHER)
    server.send("/b/one", CONTENT)
    fetch([published("one")], [f"{server.address}/a/", f"{server.address}/b/"], tmp_path)
    assert contents(tmp_path) == {"one": CONTENT}


def test_a_server_that_stops_answering_is_given_up(server: Server, tmp_path: Path) -> None:
    server.stall("/one", CONTENT)
    with pytest.raises(FetchError, match="did not answer in time"):
        fetch([published("one")], [f"{server.address}/"], tmp_path, timeout=(1.0, 0.05))
    assert contents(tmp_path) == {}


def test_every_mirror_is_named_with_what_went_wrong(server: Server, tmp_path: Path) -> None:
    server.send("/b/one", OTHER)
    mirrors = [f"{server.address}/a/", f"{server.address}/b/", "http://127.0.0.1:1/"]
    with pytest.raises(FetchError) as caught:
        fetch([published("one")], mirrors, tmp_path, timeout=FAST)
    message = str(caught.value)
    assert "answered 404 Not Found; " in message
    assert "sent another file" in message
    assert message.endswith("127.0.0.1:1 could not be reached")


def test_progress_is_told_up_to_the_whole_file(server: Server, tmp_path: Path) -> None:
    server.send("/one", CONTENT)
    told: list[int] = []
    fetch([published("one")], [f"{server.address}/"], tmp_path, progress=lambda _, done: told.append(done))
    assert len(told) > 3
    assert told[-1] == len(CONTENT)
    assert max(told) == len(CONTENT)


def test_ctrl_c_leaves_nothing_half_written(server: Server, tmp_path: Path) -> None:
    server.send("/one", CONTENT)

    def stop(_: RemoteFile, done: int) -> None:
        if done >= 65_536:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch([published("one")], [f"{server.address}/"], tmp_path, progress=stop)
    assert contents(tmp_path) == {}


def test_what_a_killed_fetch_left_behind_is_cleared_away(server: Server, tmp_path: Path) -> None:
    server.send("/one", CONTENT)
    for name, hours in (("tmpold", 2), ("tmpnew", 0), ("kept", 2)):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (0, (tmp_path / name).stat().st_mtime - 3_600 * hours))
    fetch([published("one")], [f"{server.address}/"], tmp_path)
    assert set(contents(tmp_path)) == {"one", "tmpnew", "kept"}


def test_a_folder_that_cannot_be_made_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataError, match=r"file/cache: cannot be written \([A-Z][a-z ]+\)$"):
        fetch([published("one")], [f"{server.address}/"], tmp_path / "file" / "cache")
    assert server.asked == []


def test_nothing_is_printed(server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    server.send("/one", CONTENT)
    fetch([published("one")], [f"{server.address}/"], tmp_path)
    assert capfd.readouterr() == ("", "")
