"""What a chart costs: the kit's pictures beside bare plotext with as many points, at three sizes, in one run.

    python benchmarks/charts.py

Each size is drawn by both in turns, the fastest of many rounds counts. A chart is what a panel draws of a long run: two
curves of four points a column, a log scale, ticks, and two marks. Bare plotext gets the same points and ticks and
builds its own text of them.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import plotext

from nn_tui.charts.curves import draw, plot_width
from nn_tui.charts.palette import palette
from nn_tui.charts.plot import Line, Moment, Plot
from nn_tui.charts.ticks import linear, logarithmic

SIZES = ((52, 14), (95, 20), (190, 40))
POINTS_A_COLUMN = 4


def curves(points: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Steps and losses of the training and the test set, of a run of ten thousand steps."""
    draws = np.random.default_rng(1)
    steps = np.linspace(0.0, 10_000.0, points)
    return [
        (steps, np.exp(-steps / reach + draws.normal(0.0, noise, points)))
        for reach, noise in ((3_000.0, 0.05), (5_000.0, 0.15))
    ]


def of_kit(size: tuple[int, int]) -> Callable[[], object]:
    """Draws with the kit, and makes of it what a terminal is sent."""
    colors = palette(True, "#10141b", "#d5dbe5", "#4fd6be")
    inks = (colors.train, colors.test)
    lines = [Line(x, y, ink) for (x, y), ink in zip(curves(POINTS_A_COLUMN * plot_width(size)), inks, strict=True)]
    plot = Plot(lines, log=True, moments=[Moment(2_500.0, "lr 0.1 → 0.01"), Moment(7_000.0, "optimizer adam")])
    return lambda: draw(plot, colors, size).lines()


def of_plotext(size: tuple[int, int]) -> Callable[[], object]:
    """Draws with nothing but plotext."""
    found = [(x.tolist(), np.log10(y).tolist()) for x, y in curves(POINTS_A_COLUMN * plot_width(size))]
    low, high = min(min(y) for _, y in found), max(max(y) for _, y in found)
    x_ticks, y_ticks = linear(0.0, 10_000.0, size[0] // 9), logarithmic(low, high, size[1] // 4)

    def build() -> object:
        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.theme("clear")
        plotext.plot_size(*size)
        plotext.xticks([at for at, _ in x_ticks], [label for _, label in x_ticks])
        plotext.yticks([at for at, _ in y_ticks], [label for _, label in y_ticks])
        for (x, y), color in zip(found, ((88, 166, 255), (255, 166, 87)), strict=True):
            plotext.plot(x, y, color=color, marker="braille")
        return plotext.build()

    return build


def fastest(ways: list[Callable[[], object]], rounds: int) -> list[float]:
    """Seconds of the fastest call of each, called in turns."""
    best = [float("inf")] * len(ways)
    for _ in range(rounds):
        for number, way in enumerate(ways):
            began = time.perf_counter()
            way()
            best[number] = min(best[number], time.perf_counter() - began)
    return best


def main() -> None:
    """Prints a line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30, help="how often each picture is drawn")
    rounds = parser.parse_args().rounds
    print(f"{'size':>8}  {'the kit':>9}  {'plotext':>9}  ratio")
    for size in SIZES:
        kit, bare = fastest([of_kit(size), of_plotext(size)], rounds)
        print(f"{size[0]:>4}×{size[1]:<3}  {1e3 * kit:6.1f} ms  {1e3 * bare:6.1f} ms  {kit / bare:5.2f}")


if __name__ == "__main__":
    main()
