"""Whether the learning rate suits: too high, too low, or nothing moves at all."""

import numpy as np

from nn_tui.numerals import in_full, numeral
from nn_tui.training.diagnosis.evidence import Evidence
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule

RISEN = 1.2
SWING = 0.08
TURNS = 0.5
TINY_UPDATE = 2e-4
SLOW_FALL = 0.4

TOO_HIGH = Rule(
    "rate-too-high",
    f"while the task is not learned, the training loss neither keeps swinging by more than {SWING:.0%} from row to row "
    f"nor ends {in_full(RISEN)} times above its lowest median of five rows",
    "Goodfellow et al. 2016, section 11.4.1; Bengio 2012, section 3.1.1",
)
TOO_LOW = Rule(
    "rate-too-low",
    f"a loss that still falls steadily has fallen by more than {SLOW_FALL:.0%}, or updates are above "
    f"{in_full(TINY_UPDATE)} of the weights",
    "Goodfellow et al. 2016, section 11.4.1; Bottou 2012, section 5",
)


def rate_too_high(evidence: Evidence) -> Finding | None:
    """The loss swings or rises instead of settling."""
    if not evidence.enough or evidence.learned or evidence.status == "diverged":
        return None
    losses = evidence.whole["train.loss"]
    losses = losses[np.isfinite(losses)]
    if len(losses) < 8:
        return None
    late = losses[-max(8, len(losses) // 2) :]
    changes = np.diff(late)
    level = float(np.median(late))
    turns = float(np.mean(np.sign(changes[1:]) != np.sign(changes[:-1])))
    swing = float(np.median(np.abs(changes))) / max(level, 1e-12)
    lowest = float(_smoothed(losses).min())
    rise = level / max(lowest, 1e-12)
    swings = turns >= TURNS and swing >= SWING
    rises = rise >= RISEN and level >= 0.9 * evidence.first_loss
    if not (swings or rises):
        return None
    said = (
        f"The training loss turns at {turns:.0%} of the rows and moves {swing:.0%} of its level each time"
        if swings
        else f"The training loss is {numeral(level)}, {_times(rise)} its lowest median of five rows; "
        f"it began at {numeral(evidence.first_loss)}"
    )
    return TOO_HIGH.finding(
        title="The rate is too high: the loss " + ("swings" if swings else "rises"),
        since=int(evidence.whole["step"][int(np.nanargmin(evidence.whole["train.loss"]))]),
        evidence=f"{said}, at a rate of {in_full(evidence.scenario.training.optimizer.lr)}.",
        numbers={"turns": turns, "swing": swing, "rise": rise, "rate": evidence.scenario.training.optimizer.lr},
    )


def _times(ratio: float) -> str:
    return f"{ratio:,.1f} times" if ratio < 10_000 else f"{numeral(ratio, 2)} times"


def _smoothed(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A running median of five, so that one lucky row is no minimum."""
    if len(values) < 5:
        return values
    return np.median(np.lib.stride_tricks.sliding_window_view(values, 5), axis=1)


def rate_too_low(evidence: Evidence) -> Finding | None:
    """The loss falls, steadily and far too slowly, and the weights hardly move."""
    if not evidence.enough or evidence.learned or evidence.blocked or evidence.status == "diverged":
        return None
    losses = evidence.whole["train.loss"]
    if not np.isfinite(losses).all():
        return None
    fallen = 1.0 - float(losses[-1]) / max(float(losses[0]), 1e-12)
    half = len(losses) // 2
    late_fall = float(losses[half] - losses[-1])
    early_fall = float(losses[0] - losses[half])
    steady = late_fall > 0.0 and late_fall >= 0.3 * early_fall
    moves = max(evidence.typical(f"{layer.name}.update_ratio") for layer in evidence.layers)
    if not (0.0 <= fallen < SLOW_FALL and steady and 0.0 < moves < TINY_UPDATE):
        return None
    return TOO_LOW.finding(
        title="The rate is too low",
        since=int(evidence.whole["step"][0]),
        evidence=f"In {evidence.last_step:,} steps the training loss has fallen by {fallen:.1%} and is still falling; "
        f"a typical step changes no layer's weights by more than {numeral(moves, 2)} of their norm.",
        numbers={"fallen": fallen, "update_ratio": moves, "rate": evidence.scenario.training.optimizer.lr},
    )
