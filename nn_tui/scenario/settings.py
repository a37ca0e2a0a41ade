"""The settings of optimizers and schedules beyond the rate: names and defaults are the engine's, bounds are here."""

from dataclasses import replace

from nn_tui.scenario.field import Field

_LONG = 1_000_000_000
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
        Field("start", "number", "Share of the rate at the start.", minimum=0, maximum=1),
    )
}


def setting(name: str, default: float, owners: tuple[str, ...]) -> Field:
    """The field of a setting.

    Args:
        name, default: as the engine's registry has them.
        owners: the optimizers or schedules that have it.
    """
    # A setting new to the engine works at once, only less strictly checked.
    known = _KNOWN.get(name) or Field(name, "number", f"Setting {name} of {', '.join(owners)}.", minimum=0)
    return replace(known, default=default, live=True, only_for=owners)
