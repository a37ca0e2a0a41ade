"""No text from a file is obeyed on any screen: neither markup nor control characters."""

import json
from pathlib import Path

import pytest

from nn_tui.tui.screens.worker_gone import WorkerGoneScreen
from tests.shell.test_unobeyed import HOSTILE, MARKUP, RAW, TEXT
from tests.tui.fakes import Lab, settle


def drawn(lab: Lab) -> str:
    """All the text that is on screen."""
    strips = lab.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_every_screen_shows_the_texts_of_a_scenario(tmp_path: Path, size: tuple[int, int]) -> None:
    path, text = tmp_path / "mine.toml", json.dumps(TEXT)
    path.write_text(f'title = {text}\nsummary = {text}\nlesson = {text}\n[data]\nkind = "xor"\n')
    lab = Lab(str(path))
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        for keys in ((), ("i",), ("o",), ("question_mark",), ("ctrl+s",), ("ctrl+p",), ("f",), ("p",)):
            await pilot.press(*keys)
            await pilot.pause()
            assert not RAW.search(drawn(lab).replace("\n", ""))
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
        assert not RAW.search(drawn(lab).replace("\n", ""))
        assert lab.app.is_running


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
