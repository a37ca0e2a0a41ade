"""The lab under random keys, clicks and sizes: `python -m tests.robustness.monkey [EVENTS] [SEED]`.

It holds if the lab is still there, takes keys, and nothing of ours was raised. What Textual itself raises is passed
over by the lab, and counted.
"""

import asyncio
import os
import random
import sys
import tempfile
import traceback
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from textual.errors import NoWidget
from textual.events import Key
from textual.pilot import OutOfBounds

from tests.tui.fakes import Lab, settle
from tests.tui.rest import OF_TEXTUAL, at_rest

_BURST = 5
_SIZES = ((20, 5), (40, 12), (60, 20), (80, 4), (80, 24), (120, 40), (200, 60), (250, 80))
_KEYS = (
    *("space", "n", "e", "r", "s", "left", "right", "home", "m", "c", "l", "w", "full_stop", "comma", "z", "p", "f"),
    *("o", "y", "question_mark", "ctrl+p", "ctrl+s", "tab", "shift+tab", "up", "down", "enter", "escape", "escape"),
    *("pageup", "pagedown", "end", "plus", "minus", "backspace", "delete", "u", "g", "d", "v", "x", "t", "j", "1", "5"),
    *("9", "i", "k", "T", "U", "shift+left"),
    *("0", "full_stop", "slash", "left_square_bracket", "right_square_bracket", "backslash", "ctrl+a", "f1", "é", "快"),
)


async def monkey(events: int, seed: int) -> tuple[list[str], int]:
    """Plays; returns what of ours was raised, and how often Textual raised by itself."""
    chance = random.Random(seed)
    raised: list[BaseException] = []
    lab = Lab(chance.choice(["xor", "moons", "bowl", "iris", "dying-relu", "race-spiral"]))
    handle = lab.app._handle_exception
    lab.app._handle_exception = lambda error: (raised.append(error), handle(error))[1]  # type: ignore[method-assign,return-value]
    # To leave is a command of the palette and of the toolbar: it works, and is not what is tried here.
    leave = lab.app.exit
    lab.app.exit = lambda *_, **__: None  # type: ignore[method-assign]
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        for number in range(events):
            match chance.randrange(12):
                case 0:
                    await pilot.resize_terminal(*chance.choice(_SIZES))
                case 1 | 2:
                    width, height = lab.app.size
                    place = chance.randrange(max(1, width)), chance.randrange(max(1, height))
                    try:
                        await pilot.click(offset=place)
                    except (OutOfBounds, NoWidget):
                        # Between two screens nothing is there to be clicked.
                        continue
                    except Exception as error:
                        # Of a click Pilot raises here what in a terminal comes to the app.
                        raised.append(error)
                case 3 if number % 7 == 0:
                    lab.worker.die()
                case _:
                    key = chance.choice(_KEYS)
                    lab.app.post_message(Key(key, {"space": " "}.get(key, key if len(key) == 1 else None)))
            if number % _BURST == 0:
                # Not after every one: a message may find things changed that came before it.
                await pilot.pause()
            assert lab.app.is_running, f"it ended at event {number}"
        await pilot.pause()
        for _ in range(20):
            if lab.app.screen is lab.screen:
                break
            await pilot.press("escape")
            await pilot.pause()
        lab.app.screen.set_focus(None)
        lab.app.exit = leave  # type: ignore[method-assign]
    told = [(error, _where(error)) for error in raised]
    return [f"seed {seed}: {error!r} in {where}" for error, where in told if where], sum(not where for _, where in told)


def _where(error: BaseException) -> str:
    """The last place of ours that an error came through; empty where it is all Textual's."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "nn_tui" in Path(frame.filename).parts]
    ours = [frame for frame in frames if Path(frame.filename).name != "mishaps.py"]
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""


def main() -> None:
    """Prints what went wrong, a hundred events at a time, each from its own seed."""
    events, seed = (int(text) for text in (*sys.argv[1:], *("2000", "0")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for wait in OF_TEXTUAL:
            stack.enter_context(patch(wait, at_rest))
        os.environ |= {"NN_TUI_CONFIG_DIR": folder, "NN_TUI_RUNS": "off"}
        os.chdir(folder)
        problems, passed_over = [], 0
        for number in range(max(1, events // 100)):
            found, others = asyncio.run(monkey(100, seed + number))
            problems += found
            passed_over += others
            print(*found, sep="\n", end="\n" if found else "", flush=True)
    told = f"{len(problems)} errors of ours, {passed_over} of Textual passed over"
    print(f"{events:,} events, {told}")


if __name__ == "__main__":
    main()
