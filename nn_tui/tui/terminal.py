"""The terminal's driver: Textual's, made to outlive whatever bytes a terminal sends."""

import codecs
import math
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual import constants
from textual.driver import Driver

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver as _UnixDriver
else:
    _UnixDriver = object

_OLD_REPORT = re.compile(rb"\x1b\[M(...)?", re.DOTALL)
"""A mouse report of X10: three bytes, each 32 and a number, so that beyond column 95 they are no UTF-8."""

_ESCAPED_KEY = re.compile(r"\x1b(?=[^\x1b\x7f\x08\t\[\]OPX^_Nfb\\])")
"""Escape before what begins no sequence, and is nothing that Alt is pressed with in a line of text."""

_ESCAPE, _PASTE = "\x1b[27u", "\x1b[200~"
"""Escape as a key that nothing need be waited for (kitty's keyboard protocol), and what begins a paste."""

_SOON = 0.8 * constants.ESCAPE_DELAY
"""Seconds after Escape in which Textual certainly waits for what comes after it."""

_NUMBERED = re.compile(r"\x1b\[[<?]?[\d:;]+[A-Za-z~]")


def every_byte(driver: type[Driver]) -> type[Driver]:
    """The driver that reads on whatever comes, in place of Textual's for a Unix terminal; any other as it is."""
    if sys.platform == "win32":
        # There characters come from the console.
        return driver
    from textual.drivers import linux_driver

    if driver is not linux_driver.LinuxDriver:
        return driver
    return type("EveryByteDriver", (EveryByte, driver), {})


class EveryByte(_UnixDriver):
    """Takes what is no UTF-8 for U+FFFD, and what makes no sense as a key for none.

    Textual's decoder is strict, and its parser trusts the numbers in a sequence; either ends the app (Textual #6456,
    #6668). A test says when this can go.
    """

    _is_switching = False
    """Whether the terminal is being taken or given back: a signal that comes meanwhile waits until that is done."""

    _wish: Literal["", "stop", "go on"] = ""

    def start_application_mode(self) -> None:
        self._switch(super().start_application_mode)

    def stop_application_mode(self) -> None:
        self._switch(super().stop_application_mode)

    def _sigtstp_application(self, *_arguments: object) -> None:
        self._wish = "stop"
        self._switch()

    def _sigcont_application(self, *_arguments: object) -> None:
        self._wish = "go on"
        self._switch()

    def _switch(self, first: Callable[[], None] | None = None) -> None:
        """Does something with the terminal, then what signals have asked for, the last of them alone."""
        if self._is_switching:
            if first is not None:
                first()
            return
        self._is_switching = True
        try:
            if first is not None:
                first()
            while self._wish:
                wish, self._wish = self._wish, ""
                if wish == "stop":
                    self._stop()
                else:
                    self._go_on()
        finally:
            self._is_switching = False

    @property
    def _is_up(self) -> bool:
        """Whether the app has the terminal."""
        return self._key_thread is not None and self._key_thread.is_alive()

    def _stop(self) -> None:
        if self._is_up:
            # Textual says so only where it was its own key that suspends.
            self._app._suspend_signal()
            self.suspend_application_mode()
            self._must_signal_resume = True
        # Who is called back on the way would stop for good.
        if not self._wish:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _go_on(self) -> None:
        if self._is_up:
            # It was stopped without being told. Textual would begin once more: with a second reader beside the first,
            # and with raw mode for the mode that the terminal had before.
            self.suspend_application_mode()
            self._must_signal_resume = True
        if self._must_signal_resume:
            self.resume_application_mode()

    def run_input_thread(self) -> None:
        from textual.drivers import linux_driver

        # A terminal that was closed and opened again around the app, as by tmux, has forgotten which reports to send.
        decoder = partial(KeyDecoder, on_old_report=self._enable_mouse_support)
        setattr(linux_driver, "getincrementaldecoder", lambda _encoding: decoder)  # noqa: B010
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except OSError:
                # The terminal is gone.
                return
            except Exception:
                # The parser has ended with its error; another one begins after what it could not read.
                continue


class KeyDecoder(codecs.IncrementalDecoder):
    """Decodes what a terminal sends, leaves mouse reports of X10 out, and never fails.

    Escape with another key soon after it comes as Alt with that key does, above all through tmux, and Textual takes it
    for that, or for the other key alone: here it is Escape and the key. What Alt itself sends with arrows, Backspace,
    Tab, f and b, by which one goes from word to word, stays.
    """

    def __init__(self, on_old_report: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            on_old_report: called when there was such a report.
            clock: in seconds.
        """
        super().__init__("replace")
        self._on_old_report = on_old_report
        self._clock = clock
        self._escape_at = -math.inf
        self._is_pasted = False
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = b""

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]
        """Decodes some bytes, which may end within a character or a report."""
        data, self._begun = self._begun + data, b""
        kept: list[bytes] = []
        end = 0
        for report in _OLD_REPORT.finditer(data):
            kept.append(data[end : report.start()])
            end = report.end()
            if report[1] is None and not final:
                # The rest of it comes with the next bytes.
                self._begun, end = data[report.start() :], len(data)
            else:
                self._on_old_report()
        return self._apart(_NUMBERED.sub(_possible, self._utf8.decode(b"".join([*kept, data[end:]]), final)))

    def _apart(self, text: str) -> str:
        """Has Escape before a key that it says nothing with come as a key of its own; what is pasted stays as it is."""
        if not text or constants.DISABLE_KITTY_KEY:
            return text
        is_soon = self._clock() - self._escape_at < _SOON
        if is_soon and not self._is_pasted and _ESCAPED_KEY.match("\x1b" + text):
            # Textual has Escape already, and waits for what comes after it.
            text = _ESCAPE.removeprefix("\x1b") + text
        parts = re.split("(\x1b\\[20[01]~)", text)
        for at, part in enumerate(parts):
            if at % 2:
                self._is_pasted = part == _PASTE
            elif not self._is_pasted:
                parts[at] = _ESCAPED_KEY.sub(_ESCAPE, part)
        self._escape_at = self._clock() if text.endswith("\x1b") and not self._is_pasted else -math.inf
        return "".join(parts)


def _possible(sequence: re.Match[str]) -> str:
    """A sequence whose numbers are those of characters, sizes or places; nothing for another."""
    numbers = [int(number[:8]) for number in re.findall(r"\d+", sequence[0])]
    is_possible = all(number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF for number in numbers)
    return sequence[0] if is_possible else ""
