"""A file is written whole or not at all, and a path that cannot be written is refused beforehand."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nn_tui.training.files.atomic import OutputError, check_writable, replacing, write_atomically
from tests.patience import PATIENCE

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links as on POSIX")
not_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")


def refusal(path: Path) -> str:
    with pytest.raises(OutputError) as caught:
        check_writable(path)
    return str(caught.value)


def write_half(path: Path, error: BaseException) -> None:
    with replacing(path) as file:
        file.write(b"half")
        raise error


def test_what_was_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    for content in (b"first", b"second, longer", b""):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_failure_half_way_leaves_what_was_there_and_no_scraps(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("as it was")
    with pytest.raises(OutputError if error is OSError else error):
        write_half(path, error("disk full"))
    assert path.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [path]


KILLED_WITHIN = """\
import os, signal, sys
from pathlib import Path
from nn_tui.training.files import atomic

path, moment = Path(sys.argv[1]), sys.argv[2]
if "named" in moment:
    vars(os).pop("O_TMPFILE", None)
if "replacing" in moment:
    Path.replace = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
with atomic.replacing(path) as file:
    file.write(b"half" * 10_000)
    file.flush()
    if "writing" in moment:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
@pytest.mark.parametrize("moment", ["writing", "writing named", "replacing", "replacing named"])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_kill_leaves_what_was_there_and_the_next_write_clears_up(tmp_path: Path, moment: str, is_there: bool) -> None:
    path = tmp_path / "model.safetensors"
    if is_there:
        path.write_text("as it was")
    if moment == "replacing" and not is_there:
        pytest.skip("a new file is not replaced")
    command = [sys.executable, "-c", KILLED_WITHIN, str(path), moment]
    assert subprocess.run(command, check=False, timeout=PATIENCE).returncode == -signal.SIGKILL
    assert path.read_text() == "as it was" if is_there else not path.exists()
    if moment == "writing" and hasattr(os, "O_TMPFILE"):
        assert list(tmp_path.iterdir()) == [path] * is_there
    write_atomically(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_what_another_program_is_writing_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "model.safetensors"
    with replacing(path) as first:
        first.write(b"first")
        write_atomically(path, b"second")
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_relative_path_stays_where_it_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomically(Path("here.txt"), b"x")
    assert (tmp_path / "here.txt").read_bytes() == b"x"


@posix
def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_atomically(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@posix
def test_a_private_file_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "private"
    path.touch(mode=0o600)
    write_atomically(path, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link, target = tmp_path / "link", tmp_path / "folder" / "target"
    link.symlink_to(target)
    for content in (b"first", b"second"):
        check_writable(link)
        write_atomically(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content


def test_checking_touches_nothing(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("as it was")
    check_writable(old)
    check_writable(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_text() == "as it was"


def test_folders_and_missing_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    missing = tmp_path / "no" / "such"
    assert refusal(tmp_path) == f"{tmp_path}: is a folder; name a file"
    assert refusal(missing / "m.bin") == f"{missing / 'm.bin'}: there is no folder {missing}"
    assert refusal(tmp_path / "file" / "m.bin").startswith(f"{tmp_path / 'file' / 'm.bin'}: cannot be written there (")
    assert "File name too long" in refusal(tmp_path / ("x" * 300))
    assert refusal(Path("a\0b")) == "'a\\x00b': cannot be the name of a file (embedded null byte)"


@posix
def test_a_device_is_not_replaced_by_a_file() -> None:
    assert refusal(Path("/dev/null")) == "/dev/null: is not an ordinary file, and would be replaced by one"


@posix
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "cannot be written there" in refusal(tmp_path / "a")


@posix
def test_a_folder_that_is_gone_from_under_ones_feet_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert refusal(Path("m.bin")) == "m.bin: cannot be written there (No such file or directory)"


@not_root
def test_what_may_not_be_written_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.touch(mode=0o400)
    assert refusal(locked) == f"{locked}: exists and may not be written"
    tmp_path.chmod(0o500)
    try:
        assert refusal(tmp_path / "new").startswith(f"{tmp_path / 'new'}: cannot be written there (")
        with pytest.raises(OutputError, match="cannot be written"):
            write_atomically(tmp_path / "new", b"x")
    finally:
        tmp_path.chmod(0o700)
