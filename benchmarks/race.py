"""A race of five optimizers on a surface: how many frames a second the worker gives, the view draws, the lab plays.

    python benchmarks/race.py

Needs Linux. Measured are

- the worker's frames a second with the surface in each, asked for one after the other while the race runs flat out;
- how long the view takes to draw a surface of 60 by 24 and of 118 by 36 cells, five paths of 300 points on it;
- the frames a second that arrive, and that are drawn, in a lab in a pseudo-terminal of 120 by 40, at 60 steps a second,
  and the processor time that each takes the lab: with other programs at work, the clock tells more of them than of us.

Printed are medians with their quartiles.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from lab import Terminal, figures

from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.worker.client import WorkerClient
from nn_tui.training.worker.messages import Frame, Look, Open, Opened, Play, Report, Speed

RACE = """title = "five in a valley"
data = { kind = "surface", function = "rosenbrock" }
[training]
epochs = 1000000
speed = 60
race = [
    { name = "sgd", lr = 0.0005 }, { name = "momentum", lr = 0.001 }, { name = "adagrad", lr = 0.05 },
    { name = "rmsprop", lr = 0.001 }, { name = "adam", lr = 0.005 },
]
"""
SIZES = ((60, 24), (118, 36))
SHOWN = 60


def look(opened: Opened) -> Look:
    """What the lab asks for of a race on a surface."""
    columns = tuple(f"race.{name}.loss" for name in opened.lanes)
    return Look(parts=("surface", "formulas", "findings"), columns=columns, points=300, grid=(54, 42))


async def frames_a_second(scenario: Scenario, rounds: int, seconds: float) -> tuple[list[float], Opened, Frame]:
    """The worker's, asked for without a pause; with a frame for the view to draw."""
    reports: asyncio.Queue[Report] = asyncio.Queue()
    client = WorkerClient(reports.put_nowait, lambda gone: print(gone.reason, gone.errors))
    await client.start()
    client.send(Open(run=1, scenario=scenario))
    opened = await reports.get()
    assert isinstance(opened, Opened), opened
    wanted = look(opened)
    client.send(Speed(steps_per_second=None))
    client.send(Play())
    rates = []
    for _ in range(rounds + 1):
        count, began = 0, time.perf_counter()
        while time.perf_counter() < began + seconds:
            client.send(wanted)
            frame = await reports.get()
            assert isinstance(frame, Frame), frame
            count += 1
        rates.append(count / (time.perf_counter() - began))
    await client.close()
    return rates[1:], opened, frame


async def drawing(opened: Opened, frame: Frame, size: tuple[int, int], times: int) -> list[float]:
    """Milliseconds to draw the surface at a size, border aside."""
    from textual.app import App, ComposeResult

    from nn_tui.tui.panels.maps.surface import SurfacePanel

    class Alone(App[None]):
        def compose(self) -> ComposeResult:
            yield SurfacePanel()

    app = Alone()
    async with app.run_test(size=size):
        view = app.query_one(SurfacePanel)
        view.opened = opened
        assert frame.surface is not None
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            view.paint(frame.surface, view.palette, app.size)
            taken.append(1000 * (time.perf_counter() - began))
    return taken


def inside(path: str, report: Path) -> None:
    """The lab itself, watched from inside: run by this benchmark in its pseudo-terminal."""
    from nn_tui.training.worker.launch import launch

    launched = launch()
    from nn_tui.tui.app import LabApp
    from nn_tui.tui.conversation import Conversation
    from nn_tui.tui.panels.maps.surface import SurfacePanel

    frames: list[tuple[float, float]] = []
    drawn: list[float] = []
    take, paint = Conversation._take, SurfacePanel.paint

    def noted(self: Conversation, message: Any) -> None:
        if isinstance(message, Frame) and message.status == "running":
            frames.append((time.perf_counter(), time.process_time()))
        take(self, message)

    def counted(self: SurfacePanel, *arguments: Any) -> Any:
        drawn.append(time.perf_counter())
        return paint(self, *arguments)

    Conversation._take, SurfacePanel.paint = noted, counted  # type: ignore[method-assign]
    LabApp(path, launched).run()
    report.write_text(json.dumps({"frames": frames, "drawn": drawn}))


def playing(path: Path, folder: Path, rounds: int, seconds: float) -> tuple[list[float], list[float], list[float]]:
    """Frames a second that come, and that are drawn, in the lab, and its milliseconds of processor time for each."""
    came, drawn, used = [], [], []
    for number in range(rounds):
        report = folder / f"{number}.json"
        terminal = Terminal([sys.executable, __file__, "--inside", str(path), str(report)], folder)
        terminal.wait_for("ready", "Rosenbrock")
        terminal.press(" ")
        terminal.drain(seconds + 1.0)
        terminal.close()
        seen = json.loads(report.read_text())
        first = seen["frames"][0][0] + 0.5
        frames = [frame for frame in seen["frames"] if first <= frame[0] < first + seconds]
        span = frames[-1][0] - frames[0][0]
        came.append((len(frames) - 1) / span)
        drawn.append(sum(frames[0][0] < moment <= frames[-1][0] for moment in seen["drawn"]) / span)
        used.append(1000 * (frames[-1][1] - frames[0][1]) / (len(frames) - 1))
    return came, drawn, used


def main() -> None:
    parser = argparse.ArgumentParser(description="Five optimizers on a surface, as fast as they can be seen.")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each measurement (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each turn (default 3)")
    parser.add_argument("--inside", nargs=2, metavar=("SCENARIO", "REPORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options.inside[0], Path(options.inside[1]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = folder / "race.toml"
        path.write_text(RACE)
        rates, opened, frame = asyncio.run(frames_a_second(load(path), options.rounds, options.seconds))
        print(f"worker, flat out, frames a second      {figures(rates)}")
        for size in SIZES:
            taken = asyncio.run(drawing(opened, frame, size, 100 * options.rounds))
            print(f"drawing {size[0]:>3} × {size[1]} cells, milliseconds   {figures(taken)}")
        came, drawn, used = playing(path, folder, options.rounds, options.seconds)
        print(f"lab at {SHOWN} steps/s, frames a second     {figures(came)}")
        print(f"lab at {SHOWN} steps/s, redraws a second    {figures(drawn)}")
        print(f"  its processor's milliseconds a frame {figures(used)}")


if __name__ == "__main__":
    main()
