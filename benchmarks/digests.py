"""The digest of every scenario, here and in another checkout of nn-tui, side by side.

    python benchmarks/digests.py                                 # the catalog
    python benchmarks/digests.py xor my/folder other.toml        # these scenarios, and every .toml file of a folder
    python benchmarks/digests.py --against ../nn-tui-before      # and whether another checkout gives the same

A digest is a SHA-256 of the parameters at a run's end, so that a table of them says whether a change of the program has
changed what it computes. Each run has one thread. A scenario that a checkout refuses stands there as "refused". The
exit status is 1 where a digest differs, or a scenario that the other checkout runs is refused here.
"""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]

REPLAY = """
import json, sys
import nn_tui
try:
    print(json.dumps(nn_tui.replay(sys.argv[1]).summary.digest))
except Exception as error:
    print(json.dumps(None))
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
"""


def digest(checkout: Path, scenario: str) -> str | None:
    """The digest that a checkout's program gives for a scenario; None where it refuses it."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", REPLAY, scenario],
        env=os.environ | {"PYTHONPATH": str(checkout), "OPENBLAS_NUM_THREADS": "1", "NN_TUI_RUNS": "off"},
        capture_output=True,
        text=True,
        check=False,
    )
    found: str | None = json.loads(done.stdout.splitlines()[-1]) if done.stdout else None
    return found


def asked_for(words: list[str]) -> list[str]:
    """The scenarios that words name: each itself, or the files of a folder; without words the whole catalogue."""
    if not words:
        return sorted(path.stem for path in (HERE / "scenarios").glob("*.toml"))
    paths = [(word, Path(word)) for word in words]
    return [
        str(scenario)
        for word, path in paths
        for scenario in (sorted(path.resolve().glob("*.toml")) if path.is_dir() else [word])
    ]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    scenarios = asked_for(options.scenarios)
    checkouts = [HERE, *([options.against.resolve()] if options.against else [])]
    with ThreadPoolExecutor(options.jobs) as pool:
        found = {
            scenario: [pool.submit(digest, checkout, scenario) for checkout in checkouts] for scenario in scenarios
        }
        differing = 0
        for scenario, futures in found.items():
            digests = [future.result() for future in futures]
            differs = digests[0] != digests[-1] and digests[-1] is not None
            differing += differs
            shown = "  ".join((value or "refused").removeprefix("sha256:")[:16].ljust(16) for value in digests)
            print(f"{Path(scenario).stem:52}  {shown}  {'DIFFERS' if differs else ''}".rstrip(), flush=True)
    if options.against:
        print(f"{len(scenarios)} scenarios, {differing} differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
