"""How a scenario's keys, values and choices are worded in messages."""

import datetime
from collections.abc import Iterable

from nn_tui.wording import LONGEST, did_you_mean, near_miss, quoted


def bare(name: str) -> str:
    """A key as it is written in a dotted path: quoted only where it must be."""
    plain = name.replace("-", "").replace("_", "")
    return name if plain.isascii() and plain.isalnum() and len(name) <= LONGEST else quoted(name)


def found(value: object) -> str:
    """What a value is, in plain words."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value) if value.bit_length() < 128 else f"a whole number of about {value.bit_length()} bits"
        case float():
            return repr(value)
        case str():
            return f"the text {quoted(value)}" if value else "an empty text"
        case dict():
            return "a table"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case datetime.date() | datetime.time():
            return "a date or time"
        case None:
            return "nothing"
        case _:
            return f"a value of type {type(value).__name__}"


def bare_path(key: str) -> str:
    """A dotted path whose parts are written as `bare` does."""
    return ".".join(bare(part) for part in key.split(".")) if len(key) <= LONGEST else quoted(key)


_ALSO_CALLED = {
    "learning_rate": "lr",
    "eta": "lr",
    "layers": "hidden",
    "neurons": "units",
    "cross_entropy": "ce",
    "crossentropy": "ce",
    "binary_cross_entropy": "bce",
    "binary_crossentropy": "bce",
    "batch": "batch_size",
    "bs": "batch_size",
    "crossentropyloss": "ce",
    "categorical_crossentropy": "ce",
    "sparse_categorical_crossentropy": "ce",
    "bceloss": "bce",
    "bcewithlogitsloss": "bce",
    "mseloss": "mse",
    "mean_squared_error": "mse",
    "l1loss": "mae",
    "mean_absolute_error": "mae",
    "huberloss": "huber",
    "smoothl1loss": "huber",
    "momentum": "beta",
    "kaiming": "he",
    "kaiming_normal": "he",
    "kaiming_uniform": "he_uniform",
    "glorot": "xavier",
    "glorot_uniform": "xavier",
    "glorot_normal": "xavier_normal",
    "xavier_uniform": "xavier",
    "swish": "silu",
    "optim": "optimizer",
    "optimiser": "optimizer",
    "scheduler": "schedule",
    "lr_schedule": "schedule",
    "clipping": "clip",
    "early_stopping": "early_stop",
    "earlystopping": "early_stop",
    "regularisation": "regularization",
    "normalisation": "normalization",
    "initializer": "init",
    "initialization": "init",
    "mnist": "fashion-mnist",
    "fashion_mnist": "fashion-mnist",
    "fashionmnist": "fashion-mnist",
    "two_moons": "moons",
    "make_moons": "moons",
    "circles": "circle",
    "make_circles": "circle",
    "blobs": "gauss",
    "make_blobs": "gauss",
    "table": "csv",
    "file": "csv",
    "linear": "identity",
    "leakyrelu": "leaky_relu",
}
"""What other programs and textbooks call things."""


def own_name(name: str) -> str:
    """What is called so elsewhere, by its name here; any other name as it is."""
    return _ALSO_CALLED.get(name.lower().replace("-", "_"), name)


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The name that was probably meant, or None if nothing is near."""
    names, short = list(right), wrong[:LONGEST]
    if own_name(short) in names:
        return own_name(short)
    if own_name(short) != short:
        # It is known what was meant, and there is no such thing here.
        return None
    return near_miss(short, names)


def unknown(noun: str, wrong: str, right: Iterable[str]) -> str:
    """`unknown optimizer 'adm'; did you mean 'adam'? (one of: sgd, …, adam)`."""
    names = list(right)
    return f"unknown {noun} {quoted(wrong)}{did_you_mean(nearest(wrong, names))} (one of: {', '.join(names)})"
