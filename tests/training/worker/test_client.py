"""The app's end of a worker: reports arrive, a death is noticed, and nothing is left behind."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nn_tui.training.worker import wire
from nn_tui.training.worker.client import WorkerClient, WorkerExit
from nn_tui.training.worker.launch import Launched, launch
from nn_tui.training.worker.messages import Advance, Crashed, Frame, Look, Open, Opened, Play, Refused, Report, Speed
from tests.patience import PATIENCE
from tests.training.worker.lab import xor


class App:
    """Stands for the lab: keeps what the client calls it with."""

    def __init__(self, launched: Launched | None = None) -> None:
        self.reports: asyncio.Queue[Report] = asyncio.Queue()
        self.exits: asyncio.Queue[WorkerExit] = asyncio.Queue()
        self.client = WorkerClient(self.reports.put_nowait, self.exits.put_nowait, launched)

    async def report(self) -> Report:
        return await asyncio.wait_for(self.reports.get(), PATIENCE)

    async def exit(self) -> WorkerExit:
        return await asyncio.wait_for(self.exits.get(), PATIENCE)

    async def open(self, **more: str | None) -> None:
        self.client.send(Open(run=1, scenario=xor(epochs=10_000_000), **more))
        report = await self.report()
        assert isinstance(report, Opened), report

    async def look(self) -> Frame:
        self.client.send(Look())
        report = await self.report()
        assert isinstance(report, Frame), report
        return report


@asynccontextmanager
async def running(launched: Launched | None = None) -> AsyncIterator[App]:
    app = App(launched)
    await app.client.start()
    yield app
    await app.client.close()


def is_gone(pid: int) -> bool:
    """Whether a process has ended and was waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_commands_reach_the_worker_and_reports_the_app() -> None:
    async with running() as app:
        await app.open()
        app.client.send(Advance(steps=3))
        assert (await app.look()).step == 3


async def test_a_process_started_before_the_event_loop_is_taken_over() -> None:
    launched = launch()
    async with running(launched) as app:
        assert app.client.pid == launched.process.pid
        await app.open()


async def test_closing_ends_the_process_in_the_middle_of_training() -> None:
    async with running() as app:
        await app.open()
        pid = app.client.pid
        assert pid is not None
        app.client.send(Speed(steps_per_second=None))
        app.client.send(Play())
        await app.look()
    assert is_gone(pid)
    assert app.exits.empty()
    assert app.client.pid is None


async def test_closing_ends_a_process_that_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_tui.training.worker.client._PATIENCE", 0.05)
    async with running() as app:
        pid = app.client.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert is_gone(pid)


async def test_a_client_that_was_never_started_closes_too() -> None:
    await App().client.close()
    launched = launch()
    await App(launched).client.close()
    assert is_gone(launched.process.pid)


async def test_closing_twice_is_closing() -> None:
    async with running() as app:
        await app.client.close()


async def test_a_killed_worker_is_noticed_with_its_reason_and_another_takes_over() -> None:
    async with running() as app:
        await app.open()
        app.client.send(Advance(steps=5))
        while app.client.snapshot is None:
            await app.look()
        first = app.client.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        gone = await app.exit()
        assert (gone.reason, gone.code) == ("the training process was killed by SIGKILL", -9)
        assert is_gone(first)
        app.client.send(Look())
        await app.client.start()
        assert app.client.pid != first
        await app.open(resume=app.client.snapshot)
        snapshot = Path(app.client.snapshot or "")
        assert snapshot.exists()
    assert not snapshot.exists()


async def test_a_worker_that_cannot_make_sense_of_its_input_says_so_as_it_ends() -> None:
    async with running() as app:
        assert app.client._writer is not None
        app.client._writer.write(b"\xff\xff\xff\xff")
        assert isinstance(await app.report(), Crashed)
        gone = await app.exit()
        assert (gone.code, gone.reason) == (1, "the training process ended with exit code 1")
        assert "4,294,967,295 bytes was announced" in gone.errors


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (wire.pack(Crashed(trace="…"))[:-1], "the stream ended in a message"),
        (b"\x00\x00\x00\x03abc", "is not a report"),
        (b"Traceback (most recent call last)", "more than the 33,554,432 allowed"),
    ],
    ids=["cut", "garbled", "text"],
)
async def test_a_worker_that_talks_nonsense_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: bytes, words: str
) -> None:
    (tmp_path / "said").write_bytes(written)
    # Cut is what a worker is killed in the middle of.
    ending = "kill -9 $$" if words.startswith("the stream") else "cat >/dev/null"
    script = tmp_path / "babbler"
    script.write_text(f"#!/bin/sh\ncat '{tmp_path}/said'\n{ending}\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))
    async with running() as app:
        gone = await app.exit()
        assert words in gone.reason
        assert app.client.pid is None


async def test_refusals_are_reports_like_any_other() -> None:
    async with running() as app:
        app.client.send(Play())
        report = await app.report()
        assert isinstance(report, Refused)
        assert report.command == "Play"


def test_an_event_loop_that_ends_without_closing_ends_the_worker() -> None:
    launched = launch()

    async def careless() -> None:
        app = App(launched)
        await app.client.start()
        await app.open()

    asyncio.run(careless())
    assert launched.process.wait(PATIENCE) == 0
    launched.errors.close()


async def test_an_error_in_what_a_report_is_used_for_does_not_end_the_reading_of_the_next() -> None:
    mishaps: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: mishaps.append(context["exception"]))
    async with running() as app:
        await app.open()
        put, app.client._on_report = app.client._on_report, lambda _report: [][0]
        app.client.send(Look())
        while not mishaps:
            await asyncio.sleep(0)
        app.client._on_report = put
        assert (await app.look()).step == 0
    assert isinstance(mishaps[0], IndexError)
