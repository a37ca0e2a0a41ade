"""Models, and what they are given: samples, rows to go on with."""

import json
import random
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.training.files import model_file, tensor_file
from tests.robustness.inputs.trial import BOUND, SCENARIO, TABLE, Trial, once
from tests.robustness.mutations import altered, document, mutated
from tests.shell.programs import FAST, nn


def make_model(path: Path) -> None:
    (path.parent / "whole.csv").write_text(TABLE)
    (path.parent / "whole.toml").write_text(SCENARIO.format(path="whole.csv"))
    assert nn("replay", path.parent / "whole.toml", "--quiet", "--save", path).exit_code == 0


def _asked_of_model(chance: random.Random, path: Path) -> Trial:
    return chance.choice(
        [
            ("predict", path, "0"),
            ("predict", path),
            ("predict", path, "0.1,2,x"),
            ("export", path, "--to", "pytorch"),
            ("replay", "--resume", path, "--epochs", 2, "--quiet"),
            ("replay", "moons", "--init-from", path, *BOUND, "--quiet"),
            ("predict", path, "0-3", "--json"),
        ]
    )


def model(chance: random.Random, folder: Path) -> Trial:
    whole = once(folder / "whole.safetensors", make_model)
    path = folder / "m.safetensors"
    path.write_bytes(mutated(chance, whole.read_bytes()))
    return _asked_of_model(chance, path)


def signed(path: Path, header: Any, tensors: bytes) -> None:
    """Writes a model with its right checksum, whatever its header says; what has none is written as it is."""
    for _ in range(2):
        packed = json.dumps(header).encode("utf-8", "replace")
        path.write_bytes(len(packed).to_bytes(8, "little") + packed + tensors)
        try:
            header["__metadata__"][model_file._CHECKSUM] = model_file._checksum(tensor_file.read(path))
        except Exception:
            # It cannot be read so far; the program is to say so.
            return


def parts_of(path: Path) -> tuple[dict[str, Any], bytes]:
    """A model's header and its tensors."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + size]), content[8 + size :]


def description(chance: random.Random, folder: Path) -> Trial:
    """A model that is whole by its checksum, and says what makes no sense."""
    whole = once(folder / "whole.safetensors", make_model)
    header, tensors = parts_of(whole)
    metadata = header["__metadata__"]
    match chance.randrange(8):
        case 0:
            header = altered(chance, header)
        case 1:
            metadata["nn_tui.scenario"] = document(altered(chance, tomllib.loads(metadata["nn_tui.scenario"])))
        case 2:
            tensors = mutated(chance, tensors)
        case _:
            key = chance.choice(["nn_tui", "nn_tui", "nn_tui.snapshot"])
            metadata[key] = json.dumps(altered(chance, json.loads(metadata[key])))
    path = folder / "d.safetensors"
    signed(path, header, tensors)
    return _asked_of_model(chance, path)


def samples(chance: random.Random, folder: Path) -> Trial:
    whole = once(folder / "whole.safetensors", make_model)
    once(folder / "whole.npy", lambda path: np.save(path, np.zeros((4, 3), np.float32)))
    name = chance.choice(["whole.csv", "whole.npy"])
    path = folder / f"p{Path(name).suffix}"
    path.write_bytes(mutated(chance, (folder / name).read_bytes()))
    return "predict", whole, path


def metrics(chance: random.Random, folder: Path) -> Trial:
    """Rows that a resumed run is to go on with."""
    fast = once(folder / "fast.toml", lambda path: path.write_text(FAST))
    ending = chance.choice(["csv", "jsonl"])
    rows, model = folder / f"whole-rows.{ending}", folder / f"rows-{ending}.safetensors"
    if not model.exists():
        assert nn("replay", fast, "--epochs", 2, "--quiet", "--metrics", rows, "--save", model).exit_code == 0
    path = folder / f"rows.{ending}"
    path.write_bytes(mutated(chance, rows.read_bytes()))
    return "replay", "--resume", model, "--epochs", 3, "--quiet", "--metrics", path
