"""`nn-tui data`: what a person sees, and what a script gets."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nn_tui.cli import cli
from nn_tui.data import fashion_mnist, fashion_sketch
from nn_tui.data.fetching import RemoteFile
from nn_tui.engine.randomness import generator
from tests.data.idx_files import write_set
from tests.web import Server, serving


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without any data."""
    for name in (fashion_mnist.ENVIRONMENT, "KERAS_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "home"


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that has a small data set of the right format, taken for FashionMNIST's own."""
    write_set(
        tmp_path / "published",
        fashion_sketch.draw(60, generator(0, "data")),
        fashion_sketch.draw(20, generator(0, "test-pictures")),
    )
    contents = {path.name: path.read_bytes() for path in (tmp_path / "published").iterdir()}
    files = [
        RemoteFile(file.name, len(contents[file.name]), hashlib.sha256(contents[file.name]).hexdigest())
        for file in fashion_mnist.REMOTE_FILES
    ]
    with serving() as server:
        for name, content in contents.items():
            server.send(f"/good/{name}", content)
        monkeypatch.setattr(fashion_mnist, "REMOTE_FILES", tuple(files))
        monkeypatch.setattr(fashion_mnist, "MIRRORS", (f"{server.address}/gone/", f"{server.address}/good/"))
        yield server


@pytest.mark.usefixtures("published")
def test_fetch_puts_the_data_set_into_the_cache_and_says_where() -> None:
    result = run("data", "fetch")
    assert result.exit_code == 0
    assert result.stdout == f"fashion-mnist is in {fashion_mnist.cache_folder()}\n"
    assert run("data", "where").stdout.strip() == str(fashion_mnist.cache_folder())
    assert run("data", "fetch", "fashion-mnist", "--quiet").stdout == ""


def test_fetching_again_fetches_nothing(published: Server) -> None:
    run("data", "fetch")
    asked = len(published.asked)
    assert run("data", "fetch").exit_code == 0
    assert len(published.asked) == asked


@pytest.mark.usefixtures("published")
def test_a_replay_fetches_what_it_needs() -> None:
    result = run(
        "replay", "fashion-sketch", "--set", "data.kind=fashion-mnist", "--set", "samples=40", "--epochs", "1", "--json"
    )
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["steps"] == 2


def test_offline_a_replay_ends_with_one_message_that_names_three_ways_on() -> None:
    result = run("replay", "fashion-sketch", "--set", "data.kind=fashion-mnist")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    for words in ("could not be reached", "nn-tui data fetch", "NN_TUI_DATA_DIR", "fashion-sketch"):
        assert words in result.stderr


def test_offline_fetch_says_why_it_failed() -> None:
    result = run("data", "fetch")
    assert result.exit_code == 2
    assert result.stderr.startswith("nn-tui: fashion-mnist: train-images-idx3-ubyte.gz could not be fetched: ")


def test_where_names_the_ways_on_when_nothing_is_there() -> None:
    result = run("data", "where")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nn-tui data fetch" in result.stderr


def test_where_all_shows_every_place_and_which_is_read(home: Path) -> None:
    folder = home / ".keras" / "datasets" / "fashion-mnist"
    write_set(folder, fashion_sketch.draw(10, generator(0, "data")), fashion_sketch.draw(10, generator(1, "data")))
    result = run("data", "where", "--all")
    assert result.exit_code == 0
    assert result.stdout.count("not there") == 3
    assert result.stdout.count("read from here") == 1


def test_list_shows_every_kind_of_data_and_what_has_to_be_fetched(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = run("data", "list")
    assert shown.exit_code == 0
    assert "fashion-sketch" in shown.stdout
    assert "not FashionMNIST" in shown.stdout
    lines = {line["name"]: line for line in json.loads(run("data", "list", "--json").stdout)}
    assert {"xor", "csv", "fashion-mnist", "fashion-sketch"} <= lines.keys()
    assert not lines["fashion-mnist"]["ready"]
    assert lines["fashion-sketch"]["ready"]
    assert all(line["summary"] for line in lines.values())
    write_set(
        tmp_path / "d", fashion_sketch.draw(30, generator(0, "data")), fashion_sketch.draw(10, generator(1, "data"))
    )
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "d"))
    line = next(line for line in json.loads(run("data", "list", "--json").stdout) if line["name"] == "fashion-mnist")
    assert line["ready"]
    assert (line["folder"], line["train_samples"], line["test_samples"]) == (str(tmp_path / "d"), 30, 10)


@pytest.mark.parametrize("command", ["fetch", "where"])
@pytest.mark.parametrize(
    ("name", "words"),
    [("spiral", "made by code"), ("csv", "data.path"), ("fashion-mnits", "did you mean 'fashion-mnist'?")],
)
def test_a_name_that_is_not_fetched_is_refused(command: str, name: str, words: str) -> None:
    result = run("data", command, name)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("published")
def test_a_damaged_file_in_the_cache_is_fetched_anew() -> None:
    run("data", "fetch")
    labels = fashion_mnist.cache_folder() / "train-labels-idx1-ubyte.gz"
    whole = labels.read_bytes()
    labels.write_bytes(whole[:-5])
    result = run("replay", "fashion-sketch", "--set", "data.kind=fashion-mnist")
    assert result.exit_code == 2
    assert "(`nn-tui data fetch` fetches it anew)" in result.stderr
    assert run("data", "fetch").exit_code == 0
    assert labels.read_bytes() == whole


@pytest.mark.usefixtures("published")
def test_a_replay_says_when_there_are_fewer_images_than_it_asks_for() -> None:
    changes = ("--set", "data.kind=fashion-mnist", "--epochs", "1")
    asked = run("replay", "fashion-sketch", "--set", "samples=3000", *changes).stdout
    assert "trained on all 60 images there are; the scenario takes up to 3,000" in asked
    assert "images there are" not in run("replay", "fashion-sketch", "--set", "samples=60", *changes).stdout


def test_a_damaged_file_is_named_by_a_replay(tmp_path: Path, monkeypatch) -> None:
    pictures = fashion_sketch.draw(10, generator(0, "data"))
    write_set(tmp_path / "d", pictures, pictures)
    images = tmp_path / "d" / "t10k-images-idx3-ubyte.gz"
    images.write_bytes(images.read_bytes()[:-9])
    monkeypatch.setenv(fashion_mnist.ENVIRONMENT, str(tmp_path / "d"))
    result = run("replay", "fashion-sketch", "--set", "data.kind=fashion-mnist")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"nn-tui: fashion-sketch: data: {images}: is cut short")
