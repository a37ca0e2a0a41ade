"""nn-tui: a training simulator for neural networks in the terminal.

    import nn_tui
    run = nn_tui.replay("xor", {"training.optimizer.name": "adam"})
    run.summary.test, run.history["train.loss"], run.network.predict(x)

Nothing heavy is imported before it is asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn_tui.training.replay import Run, replay

__all__ = ["Run", "replay"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in __all__:
        from nn_tui.training import replay as module

        return getattr(module, name)
    raise AttributeError(f"module 'nn_tui' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
