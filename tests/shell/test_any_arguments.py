"""Whatever options are put together, replay ends with a status and at most one message."""

import random
import re
from pathlib import Path

import pytest

from nn_tui.scenario import catalogue
from nn_tui.scenario.kinds import IMAGES
from nn_tui.scenario.reading import load
from tests.shell.programs import nn

CSV = "a,b,y\n" + "\n".join(f"{n % 3},{n * n % 7},{n % 5}.5" for n in range(12)) + "\n"
SETTINGS = (
    *("lr=0.1", "lr=1e6", "lr=nan", "lr=1e-300", "optimizer=adamw", "beta=0.999999", "epsilon=1e-30", "weight_decay=1"),
    *("hidden=[3]", "hidden=[]", "hidden.1.dropout=0.9", "dropout=0.5", "activation=relu", "init=zeros", "l1=1e6"),
    *(
        "loss=mse",
        "output=identity",
        "mode=batch",
        "batch_size=1",
        "dtype=float64",
        "clip.norm=1e-9",
        "schedule=cosine",
    ),
    *("kind=sine", "kind=csv", "kind=surface", "function=saddle", "data.path=mine.csv", "target=y", "target=0"),
    *("test_share=0", "scaling=minmax", 'features=["x"]', "samples=2", "samples=5", "noise=100", "epochs=3", "steps=2"),
    *("race=[]", 'race=["sgd"]', "seed=9", "title=x", "nonsense", "a=b", "="),
)
OPTIONS = {
    "--steps": ("0", "1", "3", "-1", "x"),
    "--epochs": ("1", "2", "0"),
    "--seed": ("0", "5", "-3"),
    "--metrics": ("rows.jsonl", "rows.csv", "rows.txt", "no/rows.csv"),
    "--every": ("1", "3", "0"),
    "--save": ("model.safetensors", ".", "no/model"),
    "--record": ("record.toml", "/dev/null"),
    "--resume": ("model.safetensors", "mine.csv"),
    "--init-from": ("model.safetensors", "none"),
    "--threads": ("1", "0"),
}
FLAGS = ("--json", "--plot", "--quiet", "--bogus", "extra")


def arguments(draw: random.Random, names: list[str]) -> list[str]:
    chosen = ["replay", draw.choice(names)]
    for _ in range(draw.randint(0, 4)):
        kind = draw.random()
        if kind < 0.5:
            chosen += ["--set", draw.choice(SETTINGS)]
        elif kind < 0.85:
            option = draw.choice(tuple(OPTIONS))
            chosen += [option, draw.choice(OPTIONS[option])]
        else:
            chosen.append(draw.choice(FLAGS))
    # Last, so that it holds whatever was said before: nothing here is about training for long.
    return [*chosen, "--steps", draw.choice("025")]


@pytest.mark.parametrize("seed", range(4))
def test_no_options_end_in_a_traceback(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text(CSV)
    draw = random.Random(seed)
    names = [name for name in catalogue.names() if load(catalogue.find(name)).data.kind not in IMAGES]
    statuses = set()
    for _ in range(60):
        chosen = arguments(draw, [*names, "record.toml", "nope"])
        result = nn(*chosen)
        statuses.add(result.exit_code)
        assert result.exception is None or isinstance(result.exception, SystemExit), chosen
        if result.exit_code == 2:
            assert result.stdout == "", chosen
            assert re.match(r"nn-tui: [^\n]+\n", result.stderr), chosen
        else:
            assert result.exit_code in (0, 1), chosen
            assert result.stderr == "", chosen
    assert statuses >= {0, 2}
