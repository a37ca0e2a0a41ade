"""No text from a file is obeyed on any screen: neither markup nor control characters."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.messages import Opened, Report
from nn_tui.tui.screens.table import TableScreen
from nn_tui.tui.screens.worker_gone import WorkerGoneScreen
from tests.shell.programs import nn
from tests.shell.test_unobeyed import HOSTILE, MARKUP, RAW, TEXT
from tests.tui.fakes import FakeWorker, Lab, settle


class HostileLab(Lab):
    """Its data, its undo and its findings have names that would be obeyed."""

    def _make(self, on_report: Callable[[Report], None], on_exit: Callable[[WorkerExit], None]) -> FakeWorker:
        def report(told: Report) -> None:
            if isinstance(told, Opened):
                names = {name: (MARKUP,) * len(getattr(told, name)) for name in ("feature_names", "target_names")}
                told = structs.replace(told, class_names=(MARKUP, f"no{TEXT}")[: len(told.class_names)], **names)
            on_report(told)

        worker = super()._make(report, on_exit)
        worker.parts = {"undo": HOSTILE, "redo": HOSTILE}
        return worker


def check_drawn(lab: Lab) -> None:
    """Nothing on screen is obeyed, by the terminal or by a click."""
    assert not RAW.search(drawn(lab).replace("\n", ""))
    segments = (segment for strip in lab.app.screen._compositor.render_strips() for segment in strip)
    assert not any("app.quit" in str(segment.style.meta) for segment in segments if segment.style is not None)


def drawn(lab: Lab) -> str:
    """All the text that is on screen."""
    strips = lab.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


_SCREENS = (
    *((), ("i",), ("o",), ("question_mark",), ("ctrl+s",), ("ctrl+p",), ("f",), ("p",), ("k",), ("t",), ("d",), ("j",)),
    *(("c",), ("y",), ("T",), ("u",), ("f1",)),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_screen_shows_the_texts_of_a_scenario(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep_hostile(tmp_path / "runs.sqlite", monkeypatch)
    path, text = tmp_path / "mine.toml", json.dumps(TEXT)
    path.write_text(f'title = {text}\nsummary = {text}\nlesson = {text}\n[data]\nkind = "xor"\n')
    lab = HostileLab(str(path))
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        for keys in _SCREENS if size == (120, 40) else ((), ("i",), ("o",), ("k",)):
            await pilot.press(*keys)
            await pilot.pause()
            check_drawn(lab)
            if keys == ("i",):
                assert MARKUP in drawn(lab)
                await pilot.click(offset=(size[0] // 2, 2))
            if keys == ("o",):
                lab.app.screen.query_one("Input").value = str(path)  # type: ignore[attr-defined]
                await pilot.pause()
                assert size == (80, 24) or "[@click=app.quit]T[/]" in drawn(lab)
            while lab.app.screen is not lab.screen:
                await pilot.press("escape")
                await pilot.pause()
        for _ in range(2):
            lab.worker.die()
            await settle(pilot, lab)
            await settle(pilot, lab)
        assert isinstance(lab.app.screen, WorkerGoneScreen)
        check_drawn(lab)
        assert lab.app.is_running


def _keep_hostile(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_TUI_RUNS", str(path))
    assert nn("replay", "xor", "--steps", 1, "--quiet", "--keep").exit_code == 0
    with sqlite3.connect(path) as connection:
        for column in ("title", "name", "origin", "status", "digest"):
            connection.execute(f"UPDATE runs SET {column} = ?", (HOSTILE,))
        connection.execute("UPDATE runs SET findings = ?", (json.dumps([HOSTILE]),))
    connection.close()


async def test_columns_and_categories_of_a_table_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "h[@click=app.quit].csv"
    path.write_text("a[@click=app.quit]b[/],b [/kg],c[red]x\n" + "0.1,r[/b]ed,yes\n0.2,bl[red]ue,n[/b]o\n" * 8)
    lab = Lab(str(path))
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await settle(pilot, lab)
        assert isinstance(lab.app.screen, TableScreen)
        assert "b [/kg]" in drawn(lab)
        for key in ("down", "down", "right", "space", "enter"):
            await pilot.press(key)
            await pilot.pause()
            check_drawn(lab)


async def test_what_is_pasted_and_notified_is_shown() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        lab.screen.notify(HOSTILE, title=HOSTILE, markup=False)
        await pilot.press("o")
        await pilot.pause()
        lab.app.screen.query_one("Input").value = f"{HOSTILE}.toml"  # type: ignore[attr-defined]
        await pilot.pause()
        assert MARKUP in drawn(lab)
        assert not RAW.search(drawn(lab).replace("\n", ""))
