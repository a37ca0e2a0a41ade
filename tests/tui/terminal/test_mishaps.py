"""No key, no byte and no late message ends the lab."""

import asyncio
import gc
import os
import threading
import weakref
from typing import Any

import pytest
from textual import events
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.command import CommandPalette
from textual.drivers import linux_driver
from textual.message import Message
from textual.widgets import Input, OptionList

from nn_tui.scenario import catalogue
from nn_tui.tui.app import LabApp
from nn_tui.tui.commands import COMMANDS
from nn_tui.tui.screens.picker import PickerScreen
from nn_tui.tui.terminal import EveryByte, KeyDecoder
from tests.tui.fakes import FakeWorker, Lab, settle

SIZE = (80, 24)
WIDE = (120, 40)


async def test_a_highlight_that_comes_after_its_list_is_gone_is_passed_over() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("o")
        await pilot.pause()
        listed = lab.app.screen.query_one(OptionList)
        last = len(catalogue.names()) - 1
        late = OptionList.OptionHighlighted(listed, listed.get_option_at_index(last), last)
        chosen = OptionList.OptionSelected(listed, listed.get_option_at_index(last), last)
        await pilot.press(*"dead relu")
        await pilot.pause()
        about = str(lab.app.screen.query_one("#about").border_title)
        listed.post_message(late)
        await pilot.pause()
        assert lab.app.screen.query_one("#about").border_title == about
        listed.post_message(chosen)
        await pilot.pause()
        assert lab.app.screen is lab.screen


async def test_a_second_enter_does_not_take_the_lab_away() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        for key, kind in (("o", PickerScreen), ("ctrl+s", None), ("p", None)):
            await pilot.press(key)
            await pilot.pause()
            asking: Any = lab.app.screen
            assert asking is not lab.screen
            assert kind is None or isinstance(asking, kind)
            asking.dismiss(None)
            asking.dismiss(None)
            await pilot.pause()
            assert lab.app.screen is lab.screen


async def test_the_palette_opens_again_before_the_last_one_is_quite_gone() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        lab.app.action_command_palette()
        await pilot.pause()
        lab.app.pop_screen()
        lab.app.action_command_palette()
        lab.app.action_command_palette()
        await pilot.pause()
        assert CommandPalette.is_open(lab.app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert lab.app.screen is lab.screen


async def test_an_error_in_a_handler_is_told_once_and_the_lab_goes_on() -> None:
    lab = Lab()

    class Strange(Message):
        pass

    def on_strange(_message: Strange) -> None:
        raise KeyError("strange")

    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        for _ in range(3):
            lab.screen.call_later(on_strange, Strange())
            await pilot.pause()
        assert len(lab.app.mishaps) == 1
        assert "KeyError: 'strange' (test_mishaps.py, line" in lab.app.mishaps[0]
        assert sum("passed over" in notice.message for notice in lab.app._notifications) == 1
        await pilot.press("f")
        assert lab.screen.query_one("Drawer").has_class("-closed")


async def test_a_curve_that_cannot_be_drawn_is_told_and_the_next_one_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LabApp, "PAINTS_ASIDE", True)
    lab = Lab()

    def fail() -> None:
        raise ValueError("shapes (109,) (110,)")

    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        painter, drawn = lab.app.painter, threading.Event()
        assert painter is not None
        painter.paint("a curve", fail, lambda _: None, at_once=True)
        painter.paint("another", str, lambda _: drawn.set(), at_once=True)
        assert await asyncio.to_thread(drawn.wait, 60.0)
        await pilot.pause()
        assert "shapes (109,) (110,)" in lab.app.mishaps[0]
        assert any("passed over" in notice.message for notice in lab.app._notifications)


async def test_a_page_down_in_a_list_without_height_does_not_end_the_lab() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 4)) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press("pagedown", "pageup", "end", "escape", "escape")
        await pilot.pause()
        assert lab.app.screen is lab.screen
        await pilot.resize_terminal(*SIZE)
        await pilot.press("o", *"moons")
        assert lab.app.screen.query_one(Input).value == "moons"


class Pipe:
    """A driver that reads from a pipe what a terminal would send."""

    def __init__(self, kind: type[Any], sent: bytes) -> None:
        self.messages: list[Message] = []
        self.driver = kind.__new__(kind)
        self.driver.fileno, self.writing = os.pipe()
        self.driver._debug = False
        self.driver.exit_event = threading.Event()
        self.driver._in_band_window_resize = False
        self.driver._mouse = False
        self.driver.process_message = self._take
        os.write(self.writing, sent)
        os.set_blocking(self.driver.fileno, False)

    def _take(self, message: Message) -> None:
        self.messages.append(message)
        if isinstance(message, events.Key) and message.key == "q":
            self.driver.exit_event.set()

    def read(self) -> list[str]:
        """The keys up to `q`."""
        before = linux_driver.getincrementaldecoder  # type: ignore[attr-defined]
        try:
            self.driver.run_input_thread()
        finally:
            linux_driver.getincrementaldecoder = before  # type: ignore[attr-defined]
            os.close(self.writing)
            os.close(self.driver.fileno)
        return [message.key for message in self.messages if isinstance(message, events.Key)]


class Guarded(EveryByte, linux_driver.LinuxDriver):  # type: ignore[misc]
    """The lab's driver."""


@pytest.mark.parametrize(
    "sent",
    [b"\xe9aq", b"\x1b[M \xc8\x30aq", b"\xff\xfe\xc3aq", b"\x1b[1114112uaq", b"\x1b[99999999999uaq"],
    ids=["latin-1", "mouse", "no-utf-8", "no-character", "overflow"],
)  # fmt: skip
def test_whatever_a_terminal_sends_the_keys_after_it_arrive(sent: bytes) -> None:
    keys = Pipe(Guarded, sent).read()
    assert keys[-1] == "q"
    assert "a" in keys or b"u" in sent


def test_textual_still_needs_the_guard() -> None:
    """When this fails, Textual reads bytes that are no UTF-8: `EveryByte` and `KeyDecoder` can go (Textual #6456)."""
    with pytest.raises(UnicodeDecodeError):
        Pipe(linux_driver.LinuxDriver, b"\xe9aq").read()


def test_old_mouse_reports_are_left_out_however_they_are_cut() -> None:
    sent = b"a\x1b[M \xc8\x30b\x1b[M\xc3\xbc\xb0c\xc3\xbc"
    for cut in range(len(sent) + 1):
        reports: list[None] = []
        decoder = KeyDecoder(lambda reports=reports: reports.append(None))  # type: ignore[misc]
        text = decoder.decode(sent[:cut]) + decoder.decode(sent[cut:], final=True)
        # Cut within the three bytes that begin a report, it is Textual's parser that finds and drops it.
        if not sent[:cut].endswith((b"\x1b", b"\x1b[")):
            assert text == "abcü"
            assert len(reports) == 2


ESCAPED = [
    (["\x1br"], ["escape", "r"]),
    (["\x1b", "r"], ["escape", "r"]),
    (["\x1bomoons"], ["escape", "o", "m", "o", "o", "n", "s"]),
    (["\x1br\x1bo"], ["escape", "r", "escape", "o"]),
    (["\x1b\x1b", "?"], ["escape", "escape", "question_mark"]),
    (["\x1b\r"], ["escape", "enter"]),
    (["\x1b ", "\x1b1"], ["escape", "space", "escape", "1"]),
    (["\x1bR"], ["escape", "R"]),
    (["\x1b"], ["escape"]),
    # What is a key by itself, however it is cut, and Alt with what it is pressed with in a line of text.
    (["\x1b[A", "\x1b", "[A"], ["up", "up"]),
    (["\x1bOP\x1b[3~"], ["f1", "delete"]),
    (["\x1bf\x1bb\x1b\x7f"], ["ctrl+right", "ctrl+left", "ctrl+w"]),
    (["\x1b[1;3D"], ["alt+left"]),
]


@pytest.mark.parametrize(("reads", "keys"), ESCAPED, ids=lambda one: repr(one)[1:-1])
def test_escape_and_a_key_soon_after_it_are_two_keys(reads: list[str], keys: list[str]) -> None:
    decoder, parser = KeyDecoder(lambda: None, clock=lambda: 1.0), XTermParser()
    found = [event for read in reads for event in parser.feed(decoder.decode(read.encode()))]
    # The input is at its end: what Textual waits for does not come.
    found += parser.feed("")
    assert [event.key for event in found if isinstance(event, events.Key)] == keys


def test_escape_that_has_acted_is_no_part_of_the_key_after_it_and_what_is_pasted_stays() -> None:
    times = iter([1.0, 1.0, 9.0, *[9.0] * 20])
    decoder = KeyDecoder(lambda: None, clock=lambda: next(times))
    assert decoder.decode(b"\x1b") == "\x1b"
    assert decoder.decode(b"r") == "r"
    pasted = [b"\x1b[200~a\x1br\x1b", b"r\x1b[201~", b"\x1br"]
    assert [decoder.decode(read) for read in pasted] == ["\x1b[200~a\x1br\x1b", "r\x1b[201~", "\x1b[27ur"]


async def test_a_screen_that_was_closed_takes_its_lines_with_it() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("question_mark")
        await pilot.pause()
        lines = [weakref.ref(widget._styles_cache) for widget in lab.app.screen.walk_children()]
        await pilot.press("escape")
        await settle(pilot, lab)
        # The next screen takes its place in what the app itself remembers of the last one.
        await pilot.press("o", "escape")
        await settle(pilot, lab)
        gc.collect()
        assert [cache() for cache in lines if cache() is not None] == []
        assert not hasattr(StylesCache.get_inner_outer, "__wrapped__"), "Textual's own would keep them"


async def test_what_comes_after_a_screen_was_closed_is_no_mishap() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        await pilot.press("o")
        await pilot.pause()
        picker = lab.app.screen
        assert isinstance(picker, PickerScreen)
        picker.call_later(picker.query_one, "#gone")
        await pilot.pause()
        assert len(lab.app.mishaps) == 1
        picker.dismiss(None)
        picker.call_later(picker.query_one, "#gone-again")
        await settle(pilot, lab)
        assert len(lab.app.mishaps) == 1


@pytest.mark.parametrize("size", [SIZE, WIDE])
async def test_every_key_does_or_says_something_before_there_is_a_run(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    # A worker that has not come up yet, as on a machine that is busy, or whose data takes long to load.
    monkeypatch.setattr(FakeWorker, "_answer", lambda *_: None)
    monkeypatch.setattr(LabApp, "copy_to_clipboard", lambda *_: None)
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in (*keys, *"1234567890"):
            if key not in ("q", "ctrl+q", "ctrl+c", "ctrl+z"):
                await pilot.press(key)
                await pilot.pause()
            while lab.app.screen is not lab.screen:
                await pilot.press("escape")
                await pilot.pause()
            lab.screen.set_focus(None)
        await pilot.press("t")
        await pilot.pause()
        assert any("no run to look at yet" in notice.message for notice in lab.app._notifications)


async def test_a_page_up_in_a_list_that_has_not_been_drawn_is_no_mishap() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        listed = OptionList("a", "b")
        await lab.screen.mount(listed)
        listed.highlighted = 1
        listed._lines.clear()
        listed._index_to_line.clear()
        listed.action_page_up()
        listed.action_page_down()
        await pilot.pause()
        assert not lab.app.mishaps


async def test_a_click_beside_the_palette_and_a_key_that_leaves_it_take_no_other_screen_away() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+p")
        palette = lab.app.screen
        assert isinstance(palette, CommandPalette)
        palette._action_escape()
        palette._action_escape()
        await settle(pilot, lab)
        assert lab.app.screen is lab.screen
        assert not lab.app.mishaps


async def test_a_terminal_of_any_size_is_drawn_on_as_far_as_that_can_be_done() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.app.post_message(events.Resize.from_dimensions((65_535, 65_535), None))
        await pilot.pause()
        assert lab.app.size == (1_000, 500)
        assert lab.screen.size == (1_000, 500)


def test_what_goes_wrong_in_a_lab_that_is_left_before_it_has_come_up_is_of_no_concern() -> None:
    app = Lab().app
    app.outlive_mishaps()
    # A signal may come at any moment.
    app.leave(143)
    app.exit(return_code=143)
    app._handle_exception(KeyError("#body"))
    assert app.return_code == 143
    assert not app._exit_renderables
    assert not app.mishaps


async def test_a_click_on_what_is_gone_and_still_to_be_seen_is_no_mishap() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        lab.app.outlive_mishaps()
        status = lab.screen.query_one("StatusLine")
        around, status._parent = status._parent, None
        place = status.region.offset
        for kind in (events.MouseDown, events.MouseUp):
            lab.screen._forward_event(kind(None, place.x, place.y, 0, 0, 1, False, False, False, place.x, place.y))
        await pilot.pause()
        status._parent = around
        assert not lab.app.mishaps
