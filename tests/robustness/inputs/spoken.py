"""What is said to the program: arguments, messages between its processes, keys."""

import io
import os
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

from nn_tui.training.worker import messages, wire
from tests.robustness.inputs.trial import BOUND, Trial
from tests.robustness.mutations import mutated

_WORDS = (
    *("xor", "saddle", "@1", "nothing", "--json", "--plot", "--quiet", "--steps", "1", "0", "-1", "--epochs", "--seed"),
    *(
        "--set",
        "lr=0.1",
        "hidden=[4]",
        "race=['sgd', 'adam']",
        "init={name='normal', std=1}",
        "epochs=1",
        "--sample",
        "--layer",
    ),
    *(
        "99",
        "--unit",
        "--input",
        "--step",
        "--sort",
        "id",
        "--limit",
        "--to",
        "pytorch",
        "/dev/null",
        "",
        ".",
        "--target",
        "-",
    ),
    *(
        "--every",
        "--threads",
        "1e9",
        "nan",
        "--folds",
        "2",
        "--",
        "--help",
        "--metric",
        "--random",
        "--points",
        "x" * 300,
    ),
)
_COMMANDS: tuple[tuple[object, ...], ...] = (
    ("show",),
    ("trace",),
    ("runs",),
    ("runs", "show"),
    ("compare",),
    ("predict",),
    ("export",),
    ("gradcheck",),
    ("list",),
    ("data", "where"),
    ("data", "describe"),
    ("runs", "forget"),
    ("runs", "prune"),
    ("replay", "xor", *BOUND, "--quiet"),
    ("schema",),
)


def arguments(chance: random.Random, folder: Path) -> Trial:
    """Words that are known in an order that is none, some of them mutated."""
    os.environ["NN_TUI_RUNS"] = str(folder / "none.sqlite")
    words = [chance.choice(_WORDS) for _ in range(chance.randint(0, 6))]
    words = [
        os.fsdecode(mutated(chance, word.encode(), 2).replace(b"\0", b"")) if chance.random() < 0.3 else word
        for word in words
    ]
    return *chance.choice(_COMMANDS), *words


def change(chance: random.Random, folder: Path) -> Trial:
    keys = (
        b"lr=0.1",
        b"hidden=[4, 4]",
        b"optimizer=adam",
        b"race=['sgd', 'adam']",
        b"init={name='normal', std=1}",
        b"race.adam.lr=0.1",
    )
    text = os.fsdecode(mutated(chance, chance.choice(keys)).replace(b"\0", b""))
    return "replay", "xor", *BOUND, "--quiet", "--set", text, "--record", folder / "r.toml"


_COMMAND_MESSAGES: tuple[Any, ...] = (
    messages.Play(),
    messages.Pause(),
    messages.Advance(steps=3),
    messages.Rewind(step=1),
    messages.Apply(values={"training.optimizer.lr": 0.1}),
    messages.Speed(steps_per_second=5.0),
    messages.Save(what="model", path="/nowhere/m.safetensors"),
    messages.Undo(run=2),
    messages.Redo(run=3),
)


def message(chance: random.Random, folder: Path) -> Trial:  # noqa: ARG001
    """What app and worker tell each other, as bytes."""
    content = mutated(chance, wire.pack(chance.choice(_COMMAND_MESSAGES)))

    def read() -> None:
        with suppress(wire.WireError):
            while (found := wire.read(stream)) is not None:
                for decode in (wire.command, wire.report):
                    with suppress(wire.WireError):
                        decode(found)

    stream = io.BytesIO(content)
    return read


def terminal(chance: random.Random, folder: Path) -> Trial:  # noqa: ARG001
    """What a terminal sends, cut anywhere."""
    from textual._xterm_parser import XTermParser

    from nn_tui.tui.terminal import KeyDecoder

    whole = chance.choice(_SENT)
    content = mutated(chance, whole * chance.randint(1, 3))
    cuts = sorted(chance.randrange(len(content) + 1) for _ in range(3))

    def read() -> None:
        decoder, parser = KeyDecoder(lambda: None), XTermParser()
        for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
            try:
                for _ in parser.feed(decoder.decode(content[begin:end])):
                    pass
            except Exception:
                # As in the driver, another parser goes on after what it could not read.
                parser = XTermParser()

    return read


_SENT = (
    "aé快\x1b[A".encode(),
    b"\x1b[<0;10;20M\x1b[<0;10;20m",
    b"\x1b[M !!\x1b[M \xc8\x30",
    b"\x1b[200~pasted\x1b[201~",
    b"\x1b[1;5A\x1bOP",
    b"\x1b[97;5u",
    b"\x1b[?2026;2$y",
    b"\x1b[I\x1b[O",
    b"\x1b]11;rgb:0/0/0\x07",
    b"\x1b[8;40;120t\x1b[48;40;120;800;1200t",
    b"\x1bP>|x\x1b\\",
)
