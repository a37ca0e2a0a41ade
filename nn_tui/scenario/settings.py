"""Settings of initializers, optimizers and schedules: names and defaults are the engine's, bounds are here."""

from msgspec import structs

from nn_tui.engine.initializers import DISTRIBUTIONS, FANS
from nn_tui.scenario.field import Field

_LONG = 1_000_000_000
_FAR = 1_000_000.0
_KNOWN = {
    field.key: field
    for field in (
        Field("beta", "number", "Share of the running mean kept at each step.", minimum=0, below=1),
        Field("beta1", "number", "Share of the gradient's running mean kept at each step.", minimum=0, below=1),
        Field("beta2", "number", "Share of the squared gradient's running mean kept at each step.", minimum=0, below=1),
        # Far below any useful one, and still above 0 in float32, where a division by 0 would end in NaN.
        Field("epsilon", "number", "Keeps the division finite.", minimum=1e-30, maximum=1),
        Field("weight_decay", "number", "Share of a weight lost at each step, per unit of rate.", minimum=0, maximum=1),
        Field("every", "integer", "Epochs between two drops of the rate.", minimum=1, maximum=_LONG),
        Field("decay", "number", "Factor on the rate at each drop, or each epoch.", above=0, maximum=1),
        Field("minimum", "number", "Share of the rate left at the last epoch.", minimum=0, maximum=1),
        Field("epochs", "integer", "Epochs until the whole rate is reached.", minimum=1, maximum=_LONG),
        Field("value", "number", "What every weight is.", minimum=-_FAR, maximum=_FAR),
        Field("low", "number", "The lowest weight there can be.", minimum=-_FAR, maximum=_FAR),
        Field("high", "number", "The highest weight there can be.", minimum=-_FAR, maximum=_FAR),
        Field("std", "number", "Standard deviation of the weights.", minimum=0, maximum=_FAR),
        Field("scale", "number", "What is divided by the number of units to give the variance.", above=0, maximum=_FAR),
        Field(
            "mode", "text", "Which units are counted: those read, those written, or their mean.", choices=tuple(FANS)
        ),
        Field("distribution", "text", "The weights' distribution.", choices=DISTRIBUTIONS),
        Field("start", "number", "Share of the rate at the start.", minimum=0, maximum=1),
    )
}


def setting(name: str, default: float | str, owners: tuple[str, ...], live: bool) -> Field:
    """The field of a setting.

    Args:
        name, default: as the engine's registry has them.
        owners: the initializers, optimizers or schedules that have it.
        live: whether it applies to the running net.
    """
    # A setting new to the engine works at once, only less strictly checked.
    kind = "text" if isinstance(default, str) else "number"
    known = _KNOWN.get(name) or Field(name, kind, f"Setting {name} of {', '.join(owners)}.")
    return structs.replace(known, default=default, live=live, only_for=owners)
