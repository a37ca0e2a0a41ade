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


_KEYS_CALLED = {
    "rate": "lr", "learningrate": "lr", "lrate": "lr",
    "optim": "optimizer", "optimiser": "optimizer", "scheduler": "schedule", "lr_schedule": "schedule",
    "clipping": "clip", "early_stopping": "early_stop", "earlystopping": "early_stop",
    "regularisation": "regularization", "normalisation": "normalization",
    "initializer": "init", "initialization": "init",
    "precision": "dtype",
    "dataset": "kind", "n_samples": "samples", "num_samples": "samples",
    "test_size": "test_share", "test_split": "test_share", "validation_size": "validation_share",
    "validation_split": "validation_share", "val_split": "validation_share", "val_size": "validation_share",
    "standardize": "scaling", "normalize": "scaling", "scaler": "scaling", "inputs": "features",
    "hidden_layers": "hidden", "n_layers": "hidden", "num_layers": "hidden", "depth": "hidden",
    "hidden_units": "units", "hidden_size": "units", "width": "units", "nodes": "units",
    "activation_function": "activation", "nonlinearity": "activation", "output_activation": "output",
    "last_activation": "output", "weight_init": "init",
    "kernel_initializer": "init", "batch_norm": "normalization", "batchnorm": "normalization",
    "layer_norm": "normalization", "layernorm": "normalization",
    "loss_function": "loss", "cost": "loss", "cost_function": "loss", "objective": "loss", "criterion": "loss",
    "loss_fn": "loss", "activation_fn": "activation", "hidden_layer_sizes": "hidden",
    "solver": "optimizer", "algorithm": "optimizer", "lr_scheduler": "schedule",
    "warmup": "schedule", "warm_up": "schedule", "warmup_steps": "schedule", "warmup_epochs": "schedule",
    "annealing": "schedule",
    "alpha": "lr", "learning_rate_init": "lr", "rho": "beta", "eps": "epsilon",
    "gamma": "decay", "step_size": "every", "min_lr": "minimum", "eta_min": "minimum",
    "tol": "min_gain", "validation_fraction": "validation_share", "test_fraction": "test_share",
    "n_iter": "epochs",
    "minibatch": "batch_size", "mini_batch": "batch_size", "minibatch_size": "batch_size",
    "n_epochs": "epochs", "num_epochs": "epochs", "iterations": "epochs", "max_iter": "epochs",
    "random_seed": "seed", "random_state": "seed", "rng": "seed",
    "max_norm": "norm", "clip_norm": "norm", "clip_grad_norm": "norm", "gradient_clipping": "norm",
    "gradient_clip": "norm", "grad_clip": "norm",
    "regularizer": "regularization", "kernel_regularizer": "regularization", "reg": "regularization",
    "penalty": "regularization", "l2_reg": "l2", "l1_reg": "l1",
    "lambda": "l2", "l2_penalty": "l2", "ridge": "l2", "l1_penalty": "l1", "lasso": "l1",
}  # fmt: skip
"""What keys are called elsewhere, and on the screen, beyond what `_ALSO_CALLED` has."""


def own_key(name: str) -> str:
    """The last part of the key that is called so elsewhere; any other name as it is."""
    return _KEYS_CALLED.get(name.lower().replace("-", "_")) or own_name(name)


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
