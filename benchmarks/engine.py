"""Training steps per second: this engine beside PyTorch (eager) and scikit-learn, and how far it is from the floor.

    python -m pip install -e '.[bench]' && python benchmarks/engine.py

    python benchmarks/engine.py --markdown                       # the table of docs/figures.md

Everything runs in one process, on one thread, in turns: a round gives each contestant a slice of time, in an order
that rotates, and a ratio is taken within a round, so that a busy machine slows both sides of it. Time is the
processor's, which passes for nobody while others have it. Printed are medians over the rounds, with their quartiles. A
step is forward, loss, backward and update (see `contestants.py`); ours also makes sure that the gradient is finite.

The floor of a step is its bare matrix products and a copy of as many bytes as Adam must read and write: parameters and
two means, but no gradient, which need not be written to memory.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import platform
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from types import ModuleType
from typing import Any

import contestants
import numpy as np
from contestants import Net, Run
from threadpoolctl import threadpool_info, threadpool_limits

OURS, FLOOR = "nn-tui", "floor"
NETS = (
    Net((2, 4, 2), 200, full=True),
    Net((2, 8, 8, 2), 32),
    Net((784, 128, 64, 10), 64),
    Net((784, 512, 512, 10), 64),
    Net((784, 512, 512, 10), 1),
)
FLOOR_SIZE = 500_000
"""Parameters from which a net is also compared with the floor."""

NOTES = """\
Left out for all: drawing the mini-batch; every batch lies ready in memory.
scikit-learn's partial_fit checks its input in every call, and has one logistic output where there are two classes.
Figures: median [lower quartile, upper quartile] over the rounds."""

Build = Callable[[Net], Run]


def optional(name: str, title: str) -> ModuleType | None:
    """The module, or None and a line on stderr."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{title} is not installed: left out.", file=sys.stderr)
        return None


def entrants() -> tuple[dict[str, Build], dict[str, str]]:
    """Who takes part, by name, ours first; and the versions at work."""
    builds: dict[str, Build] = {OURS: contestants.ours}
    versions = {"Python": platform.python_version(), "NumPy": np.__version__}
    torch = optional("torch", "PyTorch")
    if torch is not None:
        torch.set_num_threads(1)
        builds["torch"] = contestants.pytorch(torch, fused=False)
        builds["torch fused"] = contestants.pytorch(torch, fused=True)
        versions["PyTorch"] = torch.__version__
    sklearn = optional("sklearn.neural_network", "scikit-learn")
    if sklearn is not None:
        builds["scikit-learn"] = contestants.scikit_learn
        versions["scikit-learn"] = importlib.import_module("sklearn").__version__
    # How fast NumPy multiplies matrices depends on which processor its BLAS takes this one for.
    kernels = [pool["architecture"] for pool in threadpool_info() if pool["internal_api"] == "openblas"]
    if kernels:
        versions["OpenBLAS with kernels for"] = kernels[0]
    return builds, versions


def check_same_work(builds: dict[str, Build], net: Net) -> None:
    """Stops if PyTorch, from our weights, does not reach our loss: then the steps would not be the same work."""
    ours = float(builds[OURS](net)(5))
    for name in ("torch", "torch fused"):
        if name in builds:
            theirs = float(builds[name](net)(5))
            if abs(ours - theirs) > 1e-3 * abs(ours):
                raise SystemExit(f"{net.name}: loss {ours} after five steps, but {theirs} with {name}")


def seconds_per_step(build: Build, net: Net, steps: int) -> float:
    run = build(net)
    run(max(2, steps // 20))
    gc.collect()
    gc.disable()
    start = time.process_time()
    run(steps)
    elapsed = time.process_time() - start
    gc.enable()
    return elapsed / steps


def steps_for(build: Build, net: Net, seconds: float) -> int:
    """How many steps take about that long."""
    steps = 4
    while (each := seconds_per_step(build, net, steps)) * steps < seconds / 8:
        steps *= 2
    return max(1, round(seconds / each))


def measure(net: Net, builds: dict[str, Build], rounds: int, slice_seconds: float) -> dict[str, list[float]]:
    """Seconds per step, contestant by contestant, a number a round."""
    steps = {name: steps_for(build, net, slice_seconds) for name, build in builds.items()}
    names = list(builds)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            times[name].append(seconds_per_step(builds[name], net, steps[name]))
    return times


def spread(values: list[float]) -> dict[str, float]:
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return {"median": median(values), "lower": low, "upper": high}


def summarize(net: Net, times: dict[str, list[float]]) -> dict[str, Any]:
    """Steps a second of all, and how many times faster than each of the others we are."""
    ours, others = times[OURS], [name for name in times if name not in (OURS, FLOOR)]
    result: dict[str, Any] = {
        "net": net.name,
        "parameters": net.size,
        "steps_per_second": {name: spread([1.0 / t for t in times[name]]) for name in (OURS, *others)},
        "ours_over": {
            name: spread([theirs / mine for mine, theirs in zip(ours, times[name], strict=True)]) for name in others
        },
    }
    if FLOOR in times:
        result["time_over_floor"] = spread([mine / least for mine, least in zip(ours, times[FLOOR], strict=True)])
        result["floor_steps_per_second"] = spread([1.0 / t for t in times[FLOOR]])
    return result


def show(result: dict[str, Any]) -> None:
    print(f"\n{result['net']} ({result['parameters']:,} parameters)")
    for name, speed in result["steps_per_second"].items():
        line = f"  {name:<14}{speed['median']:>10,.0f} steps/s"
        if name in result["ours_over"]:
            line += "   ours/theirs " + ratio(result["ours_over"][name])
        print(line)
    if "time_over_floor" in result:
        speed = result["floor_steps_per_second"]["median"]
        print(f"  {FLOOR:<14}{speed:>10,.0f} steps/s   our time/floor " + ratio(result["time_over_floor"]))


def ratio(figures: dict[str, float]) -> str:
    return f"{figures['median']:6.2f}  [{figures['lower']:.2f}, {figures['upper']:.2f}]"


def markdown(results: list[dict[str, Any]], versions: dict[str, str]) -> str:
    """Our steps a second over those of each other, net by net, and over the floor's where it was measured."""
    torch = f"PyTorch {versions.get('PyTorch', '').partition('+')[0]} eager"
    told = {
        "torch": f"{torch}, Adam as it comes",
        "torch fused": f"{torch}, fused Adam",
        "scikit-learn": "scikit-learn's `partial_fit`",
    }
    rows = [
        ["`python benchmarks/engine.py`: our steps a second over", *(result["net"] for result in results)],
        ["---"] * (len(results) + 1),
    ]
    rows += [
        [told[name], *(quotient(result["ours_over"][name]["median"]) for result in results)]
        for name in results[0]["ours_over"]
    ]
    floors = [result.get("time_over_floor") for result in results]
    rows.append(["the floor", *("" if each is None else quotient(1.0 / each["median"]) for each in floors)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def quotient(value: float) -> str:
    """With two digits that count, or without decimals."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Training steps per second, beside PyTorch and scikit-learn.")
    parser.add_argument("--rounds", type=int, default=13, help="rounds a net (default 13)")
    parser.add_argument("--slice", type=float, default=0.15, help="seconds a contestant gets a round (default 0.15)")
    parser.add_argument("--nets", default="", help="only nets whose name holds this, such as 'batch 1' or 512")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the tables")
    parser.add_argument("--markdown", action="store_true", help="print the ratios as one table of Markdown")
    parsed = parser.parse_args()
    if parsed.rounds < 1 or parsed.slice <= 0.0:
        parser.error("--rounds must be at least 1 and --slice above 0")
    if not any(parsed.nets in net.name for net in NETS):
        parser.error("--nets matches none of: " + "; ".join(net.name for net in NETS))
    return parsed


def main() -> None:
    options = arguments()
    builds, versions = entrants()
    results = []
    quiet = options.json or options.markdown
    if not options.json:
        print(", ".join(f"{name} {version}" for name, version in versions.items()) + "; one thread, float32, Adam")
        print(NOTES)
    # Set here, once every library with a thread pool of its own has been loaded.
    with threadpool_limits(1):
        for net in (net for net in NETS if options.nets in net.name):
            check_same_work(builds, net)
            with_floor = {**builds, FLOOR: contestants.floor} if net.size >= FLOOR_SIZE else builds
            results.append(summarize(net, measure(net, with_floor, options.rounds, options.slice)))
            if not quiet:
                show(results[-1])
    if options.markdown:
        print(markdown(results, versions))
    if options.json:
        print(json.dumps({"versions": versions, "rounds": options.rounds, "nets": results}, indent=2))


if __name__ == "__main__":
    main()
