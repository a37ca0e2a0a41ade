"""nn-tui: a training simulator for neural networks in the terminal.

    import nn_tui
    run = nn_tui.replay("xor", {"training.optimizer.name": "adam"})
    run.summary.test, run.history["train.loss"], run.network.predict(x)

    run.save("xor.safetensors")
    model = nn_tui.load("xor.safetensors")
    model.predict([[0.5, -0.5]]), model.class_names

    best = nn_tui.sweep("xor", {"lr": "1e-3..1:log"}, seeds=3).best

Nothing heavy is imported before it is asked for.
"""

import importlib
from typing import TYPE_CHECKING, Any

from nn_tui.version import __version__

if TYPE_CHECKING:
    from nn_tui.training.diagnosis.doctor import doctor
    from nn_tui.training.files.model import Model
    from nn_tui.training.files.model_file import load_model as load
    from nn_tui.training.replay import Run, replay
    from nn_tui.training.sweep.interface import sweep

__all__ = ["Model", "Run", "__version__", "doctor", "load", "replay", "sweep"]


_HOMES = {
    "Model": ("files.model", "Model"),
    "Run": ("replay", "Run"),
    "doctor": ("diagnosis.doctor", "doctor"),
    "load": ("files.model_file", "load_model"),
    "replay": ("replay", "replay"),
    "sweep": ("sweep.interface", "sweep"),
}
"""Where each name comes from: the module below `nn_tui.training`, and what it is called there."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        module, attribute = _HOMES[name]
        return getattr(importlib.import_module(f"nn_tui.training.{module}"), attribute)
    raise AttributeError(f"module 'nn_tui' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
