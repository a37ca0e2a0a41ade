"""Messages arrive as they were sent, and what is not a message is refused."""

import asyncio
import io
from collections.abc import Callable

import pytest

from nn_tui.training.worker import wire
from nn_tui.training.worker.messages import Advance, Apply, Command, Crashed, Look, Open, Pause, Refused, Saved
from tests.training.worker.lab import xor

COMMANDS = (
    Open(run=7, scenario=xor()),
    Pause(),
    Advance(steps=3),
    Apply(values={"training.optimizer.lr": 0.5, "network.activation": "relu"}),
    Look(parts=("boundary",), columns=("train.loss",), grid=(10, 4)),
)


class Dripping(io.BytesIO):
    """A stream that gives one byte at a time, as a slow pipe may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 1))


def read_all(content: bytes, stream: type[io.BytesIO] = io.BytesIO) -> list[bytes]:
    source, found = stream(content), []
    while (message := wire.read(source)) is not None:
        found.append(message)
    return found


def receive_all(content: bytes) -> list[bytes]:
    async def receiving() -> list[bytes]:
        source, found = asyncio.StreamReader(limit=64), []
        source.feed_data(content)
        source.feed_eof()
        while (message := await wire.receive(source)) is not None:
            found.append(message)
        return found

    return asyncio.run(receiving())


READERS = pytest.mark.parametrize("read", [read_all, receive_all])
Read = Callable[[bytes], list[bytes]]


@pytest.mark.parametrize("read", [read_all, receive_all, lambda content: read_all(content, Dripping)])
def test_messages_arrive_in_order_and_whole(read: Read) -> None:
    content = b"".join(wire.pack(command) for command in COMMANDS)
    assert tuple(wire.command(message) for message in read(content)) == COMMANDS


@pytest.mark.parametrize("report", [Crashed(trace="…"), Saved(run=1, what="model", path="m", step=2, detail="all")])
def test_reports_arrive_too(report: Crashed | Saved) -> None:
    (content,) = read_all(wire.pack(report))
    assert wire.report(content) == report


@READERS
def test_a_stream_that_ends_between_messages_ends_well(read: Read) -> None:
    assert read(b"") == []


@READERS
@pytest.mark.parametrize("kept", [1, 3, 4, 5, 20])
def test_a_message_that_is_cut_short_is_refused(read: Read, kept: int) -> None:
    whole = wire.pack(COMMANDS[-1])
    with pytest.raises(wire.WireError, match=r"the stream ended in a message.*bytes in"):
        read(wire.pack(Pause()) + whole[:kept])


@READERS
def test_a_message_announced_as_too_long_is_refused_before_it_is_read(read: Read) -> None:
    with pytest.raises(wire.WireError, match="1,195,725,856 bytes was announced, more than the 33,554,432 allowed"):
        read(b"GET / HTTP/1.1\r\n")


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(wire.WireError, match=r"Crashed has 33,\d+,\d+ bytes, more than the 33,554,432 allowed"):
        wire.pack(Crashed(trace="x" * wire.LARGEST))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xc1",
        b"\x93\x01\x02",
        b"\x80",
        b"\x81\xa4type\xa5Dance",
        wire.pack(Advance(steps=1))[4:] + b"\x00",
        wire.pack(Refused(run=1, command="Open", key="", problem=""))[4:],
        b"\x91" * 5_000,
    ],
    ids=["empty", "no-msgpack", "cut", "no-type", "unknown-type", "with-a-rest", "a-report", "deep"],
)
def test_what_is_not_a_command_is_refused(content: bytes) -> None:
    with pytest.raises(wire.WireError, match=rf"a message of {len(content):,} bytes is not a command: \S"):
        wire.command(content)


def test_values_out_of_bounds_are_refused() -> None:
    unbounded: Command = Look(points=0)
    with pytest.raises(wire.WireError, match=r"points"):
        wire.command(wire.pack(unbounded)[4:])
