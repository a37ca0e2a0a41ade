"""Training steps per second in the lab's worker, watched, beside the same run headless; and how fast it answers.

    python benchmarks/worker.py

The worker trains flat out in a process of its own while this one pulls frames as the lab's overview does, 15 a second.
Headless is a session in this process that nobody looks at, with the rows that a replay records. The two take turns, and
a ratio is taken within a turn, so that a busy machine slows both sides of it. Printed are medians with their quartiles.

The first ratio is of steps a second by the clock, the second of steps a second of processor time (Linux only): with
other programs at work, the clock tells more of them than of us.

The delay is from a command's way into the pipe to the frame's end at this side of the other one.
"""

import argparse
import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.session import Session
from nn_tui.training.run.start import begin
from nn_tui.training.worker.client import WorkerClient
from nn_tui.training.worker.messages import Frame, Look, Open, Opened, Pause, Play, Report, Speed

FRAMES_PER_SECOND = 15


@dataclass(frozen=True)
class Net:
    """A net to train, far from its end."""

    name: str
    hidden: tuple[int, ...]
    activation: str
    data: dict[str, object]
    batch_size: int

    def scenario(self) -> Scenario:
        return from_mapping(
            {
                "title": self.name,
                "data": self.data,
                "network": {"hidden": list(self.hidden), "activation": self.activation},
                "training": {"epochs": 1_000_000, "batch_size": self.batch_size, "optimizer": {"lr": 1e-3}},
            }
        )


_IMAGES: dict[str, object] = {"kind": "fashion-sketch", "samples": 6_000, "test_samples": 1_000}
NETS = (
    Net("xor 2-4-4-1", (4, 4), "tanh", {"kind": "xor"}, 16),
    Net("784-128-64-10", (128, 64), "relu", _IMAGES, 64),
    Net("784-512-512-10", (512, 512), "relu", _IMAGES, 64),
)


def look(opened: Opened) -> Look:
    """What the lab's overview asks for."""
    gradients = tuple(f"{layer.name}.gradient_norm" for layer in opened.layers)
    dead = tuple(f"{layer.name}.dead_units" for layer in opened.layers)
    quality = (f"train.{opened.quality}", f"test.{opened.quality}")
    columns = ("train.loss", "test.loss", *quality, *gradients, *dead)
    return Look(parts=("boundary", "network", "confusion"), columns=columns, points=200, grid=(60, 48))


class Rate(NamedTuple):
    """Steps a second, by the clock and by the processor's time."""

    clock: float
    processor: float


def processor_seconds(pid: int) -> float:
    """What a process has used so far; NaN where the system does not tell."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return float("nan")
    user, system = content.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Headless:
    """The run without anybody looking."""

    def __init__(self, scenario: Scenario) -> None:
        self._session = Session(begin(scenario))

    def rate(self, seconds: float) -> Rate:
        """Steps a second."""
        session = self._session
        first, used, start = session.trainer.steps, processor_seconds(os.getpid()), time.perf_counter()
        while time.perf_counter() < start + seconds:
            for _ in range(20):
                session.advance()
        steps = session.trainer.steps - first
        return Rate(steps / (time.perf_counter() - start), steps / (processor_seconds(os.getpid()) - used))


class Watched:
    """The run in a worker, with frames pulled."""

    def __init__(self) -> None:
        self._reports: asyncio.Queue[Report] = asyncio.Queue()
        self._client = WorkerClient(self._reports.put_nowait, lambda gone: print(gone.reason, gone.errors))
        self._look = Look()
        self.delays: list[float] = []

    async def open(self, scenario: Scenario) -> None:
        await self._client.start()
        self._client.send(Open(run=1, scenario=scenario))
        opened = await self._reports.get()
        assert isinstance(opened, Opened), opened
        self._look = look(opened)
        self._client.send(Speed(steps_per_second=None))

    async def close(self) -> None:
        await self._client.close()

    async def _frame(self) -> Frame:
        self._client.send(self._look)
        frame = await self._reports.get()
        assert isinstance(frame, Frame), frame
        return frame

    async def rate(self, seconds: float) -> Rate:
        """Steps a second while frames are pulled."""
        pid = self._client.pid
        assert pid is not None
        self._client.send(Play())
        first, used = (await self._frame()).step, processor_seconds(pid)
        start = now = time.perf_counter()
        step = first
        while now < start + seconds:
            await asyncio.sleep(max(0.0, 1 / FRAMES_PER_SECOND - (time.perf_counter() - now)))
            now = time.perf_counter()
            step = (await self._frame()).step
            self.delays.append(time.perf_counter() - now)
        elapsed, used = time.perf_counter() - start, processor_seconds(pid) - used
        self._client.send(Pause())
        return Rate((step - first) / elapsed, (step - first) / used)


async def compare(net: Net, rounds: int, seconds: float) -> str:
    scenario = net.scenario()
    headless, watched = Headless(scenario), Watched()
    await watched.open(scenario)
    headless.rate(0.5), await watched.rate(0.5)
    watched.delays.clear()
    rates: list[tuple[Rate, Rate]] = []
    for number in range(rounds):
        if number % 2:
            ours, alone = await watched.rate(seconds), headless.rate(seconds)
        else:
            alone, ours = headless.rate(seconds), await watched.rate(seconds)
        rates.append((ours, alone))
    await watched.close()
    by_clock, by_processor = (_spread([ours[kind] / alone[kind] for ours, alone in rates]) for kind in (0, 1))
    ours, alone = (median(rate.clock for rate in side) for side in zip(*rates, strict=True))
    delay = sorted(watched.delays)
    return (
        f"{net.name:<16}{ours:>10,.0f}{alone:>10,.0f}   {by_clock:<24}{by_processor:<24}"
        f"{1e3 * median(delay):>12.1f}{1e3 * delay[int(0.99 * len(delay))]:>8.1f} ms"
    )


def _spread(ratios: list[float]) -> str:
    low, middle, high = quantiles(ratios, n=4)
    return f"{middle:.3f} [{low:.3f}, {high:.3f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn")
    parser.add_argument("--net", help="only nets whose name has this in it")
    chosen = parser.parse_args()
    print(f"{'':<16}{'steps a second':<23}{'ratio by the clock':<24}{'by processor time':<24}{'delay':>12}")
    print(f"{'':<16}{'watched':>10}{'headless':>10}{'':<51}{'median':>12}{'p99':>8}")
    with threadpool_limits(1):
        for net in NETS:
            if chosen.net is None or chosen.net in net.name:
                print(asyncio.run(compare(net, chosen.rounds, chosen.seconds)), flush=True)


if __name__ == "__main__":
    main()
