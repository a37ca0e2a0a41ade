"""What the ending of an output file's name promises."""

from pathlib import Path

from nn_tui.shown import shown
from nn_tui.training.files.atomic import OutputError

_METRICS = (".jsonl", ".csv")
_OTHER_TABLES = (".json", ".jsonl", ".parquet", ".xlsx", ".toml", ".safetensors")
_OTHER_MODELS = (".pt", ".pth", ".ckpt", ".pkl", ".h5", ".keras", ".onnx", ".npz")


def check_metrics_ending(path: Path) -> None:
    """Refuses a metrics path whose ending does not name a format.

    Raises:
        OutputError: for an ending other than .jsonl and .csv, or one of these without a name.
    """
    if path.name.lower() in _METRICS:
        raise OutputError(f"{shown(path)}: is an ending alone; put a name before it")
    if path.suffix.lower() not in _METRICS:
        raise OutputError(f"{shown(path)}: the ending says the format; use .jsonl or .csv")


def check_trials_ending(path: Path) -> None:
    """Refuses a path for a sweep's trials whose ending names a format that they are not written in.

    Raises:
        OutputError: for such an ending.
    """
    if path.suffix.lower() in _OTHER_TABLES:
        raise OutputError(f"{shown(path)}: trials are written as CSV; name it {shown(path.with_suffix('.csv').name)}")


def check_model_ending(path: Path) -> None:
    """Refuses a model path whose ending names a format that models are not written in.

    Raises:
        OutputError: for such an ending.
    """
    if path.suffix.lower() in _OTHER_MODELS:
        other = path.with_suffix(".safetensors").name
        raise OutputError(f"{shown(path)}: models are written as safetensors, which PyTorch reads; name it {other}")
