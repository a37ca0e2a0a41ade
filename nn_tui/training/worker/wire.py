"""Messages on a byte stream: each is its length, four bytes, big end first, and that many bytes of msgpack.

Nothing is guessed: a message that is cut short, too long, or not one of those expected is an error that says so.
"""

import struct
from typing import TYPE_CHECKING, Protocol

import msgspec

from nn_tui.training.worker.messages import Command, Report

if TYPE_CHECKING:
    from asyncio import StreamReader

LARGEST = 32 << 20
"""Bytes of a message. The largest frames, with many maps and images, stay well below a tenth of it."""

_LENGTH = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()
_commands = msgspec.msgpack.Decoder(Command)
_reports = msgspec.msgpack.Decoder(Report)


class WireError(ValueError):
    """Bytes that are not the messages agreed on."""


class Stream(Protocol):
    """A blocking stream, such as a raw file on a pipe."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes, as soon as there are any; none at the end."""
        ...


def pack(message: Command | Report) -> bytes:
    """A message as it goes over the wire.

    Raises:
        WireError: for one longer than `LARGEST`.
    """
    content = _encoder.encode(message)
    if len(content) > LARGEST:
        raise WireError(f"{type(message).__name__} has {len(content):,} bytes, more than the {LARGEST:,} allowed")
    return _LENGTH.pack(len(content)) + content


def read(stream: Stream) -> bytes | None:
    """The next message's content from a blocking stream; None where the stream ends between messages.

    Raises:
        WireError: for a message that is cut short or too long; the stream is of no more use then.
    """
    head = _read_exactly(stream, _LENGTH.size)
    if not head:
        return None
    length = _length(head)
    content = _read_exactly(stream, length)
    if len(content) < length:
        raise _cut(len(content), length)
    return content


def _read_exactly(stream: Stream, size: int) -> bytes:
    """So many bytes, or fewer where the stream ends."""
    parts, missing = [], size
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


async def receive(stream: "StreamReader") -> bytes | None:
    """As `read`, from asyncio's stream."""
    # The worker reads blocking streams only, and starts sooner without asyncio.
    from asyncio import IncompleteReadError

    try:
        head = await stream.readexactly(_LENGTH.size)
    except IncompleteReadError as error:
        if error.partial:
            raise _cut_head(error.partial) from None
        return None
    length = _length(head)
    try:
        return await stream.readexactly(length)
    except IncompleteReadError as error:
        raise _cut(len(error.partial), length) from None


def _length(head: bytes) -> int:
    if len(head) < _LENGTH.size:
        raise _cut_head(head)
    length: int = _LENGTH.unpack(head)[0]
    if length > LARGEST:
        raise WireError(f"a message of {length:,} bytes was announced, more than the {LARGEST:,} allowed")
    return length


def _cut_head(head: bytes) -> WireError:
    return WireError(f"the stream ended in a message's length, {len(head)} of {_LENGTH.size} bytes in")


def _cut(found: int, length: int) -> WireError:
    return WireError(f"the stream ended in a message, {found:,} of {length:,} bytes in")


def command(content: bytes) -> Command:
    """The command that a message's content is.

    Raises:
        WireError: if it is none; what comes after it on the stream is not affected.
    """
    try:
        decoded: Command = _commands.decode(content)
    except _UNREADABLE as error:
        raise _odd(content, "a command", error) from None
    return decoded


def report(content: bytes) -> Report:
    """The report that a message's content is.

    Raises:
        WireError: if it is none.
    """
    try:
        decoded: Report = _reports.decode(content)
    except _UNREADABLE as error:
        raise _odd(content, "a report", error) from None
    return decoded


_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)


def _odd(content: bytes, wanted: str, error: Exception) -> WireError:
    return WireError(f"a message of {len(content):,} bytes is not {wanted}: {error}")
