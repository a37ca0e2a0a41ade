"""What keeps a point on a surface from its lowest point: one finding a lane at most, and none for a lane that arrives.

Two variables are so few that a remedy need not be guessed at: each was tried from the same start for as many steps,
and is named only if it ends lower. What is tried for a rate that is too high or too low, a range test says.
"""

from collections.abc import Iterable

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from nn_tui.numerals import in_full, numeral
from nn_tui.training.diagnosis import gradients, pace
from nn_tui.training.diagnosis.courses import ARRIVED, MOST_TRIED, LaneCourse, courses
from nn_tui.training.diagnosis.finding import LEAST_ROWS, Finding, Remedy
from nn_tui.training.diagnosis.rule import Rule
from nn_tui.training.diagnosis.trials.candidates import rounded
from nn_tui.training.diagnosis.trials.scale import FAR_BEHIND
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.session import Session

LEVEL = 0.1
TURNS = 0.5
UPHILL = 0.25
CLEARLY = 0.75
"""The share of what was left of the way down that a remedy leaves at most."""
LONG = 20.0
MOST_REMEDIES = 2

CLIMBS = Rule(
    pace.TOO_HIGH.kind,
    "a descent ends no higher than it began",
    pace.TOO_HIGH.source,
)
HOLLOW = Rule(
    "local-minimum",
    "a point that has come to rest in a hollow has found the lowest one",
    "Goodfellow et al. 2016, section 8.2.2",
)
SADDLE = Rule(
    "saddle",
    f"where the surface still falls away to a side, its slope is above {LEVEL:.0%} of the steepest on the way",
    "Dauphin et al. 2014; Goodfellow et al. 2016, section 8.2.3",
)
NOISY = Rule(
    pace.TOO_HIGH.kind,
    f"under noise a point that goes uphill at {UPHILL:.0%} of its last steps comes no lower at a lower rate, or "
    "at one that falls",
    "Goodfellow et al. 2016, section 8.3.1; Bottou 2012, section 4",
)
SWINGS = Rule(
    pace.TOO_HIGH.kind,
    f"a point on its way down turns back at fewer than {TURNS:.0%} of its last steps, and goes uphill at fewer than "
    f"{UPHILL:.0%}",
    "Goodfellow et al. 2016, section 8.2.1",
)
RAVINE = Rule(
    "ravine",
    f"a point on its way stands where the surface is at most {LONG:g} times as steep across as along",
    "Goodfellow et al. 2016, sections 4.2 and 8.2.1",
)
CREEPS = Rule(
    pace.TOO_LOW.kind,
    f"a point is within {ARRIVED:.0%} of the way of the lowest one at the end",
    pace.TOO_LOW.source,
)


def diagnose_descent(session: Session[SurfaceLane], most_tried: int = MOST_TRIED) -> tuple[Finding, ...]:
    """A finding for every lane that something keeps from the lowest point, in the order of the lanes.

    One that is on its way and has little of it left is not ill, and could gain.

    Args:
        session: as it stands.
        most_tried: steps of the way up to which remedies are tried.
    """
    return tuple(
        structs.replace(
            finding, tried=course.is_tried, ill=finding.numbers.get("left", 1.0) > FAR_BEHIND, lane=course.name
        )
        for course in courses(session, most_tried)
        if (finding := _finding(course)) is not None
    )


def _finding(course: LaneCourse) -> Finding | None:
    if course.diverged_at is not None:
        return _diverged(course)
    if len(course.at) < LEAST_ROWS or course.left(course.end) <= ARRIVED:
        return None
    checks = (_climbs, _hollow, _saddle, _noisy, _swings, _ravine, _creeps)
    return next((finding for check in checks if (finding := check(course)) is not None), None)


def _diverged(course: LaneCourse) -> Finding:
    step = course.diverged_at
    assert step is not None
    return gradients.DIVERGED.finding(
        title=f"{course.name} diverged at step {step:,}",
        since=step,
        evidence=f"Its steps led from a height of {numeral(course.start)} to {numeral(course.end)}, and the next one "
        f"out of the finite numbers, at a rate of {in_full(course.rule.lr)}.",
        numbers={"step": float(step), "start": course.start, "height": course.end, "rate": course.rule.lr},
        remedies=_helpful(course, _gentler(course)),
    )


def _climbs(course: LaneCourse) -> Finding | None:
    if course.end <= course.start:
        return None
    return CLIMBS.finding(
        title=f"{course.name} climbs: its rate is too high",
        since=_since(course, course.heights > course.start),
        evidence=f"It set out from a height of {numeral(course.start)} and is at {numeral(course.end)}, at a rate of "
        f"{in_full(course.rule.lr)}.",
        numbers={"start": course.start, "height": course.end, "rate": course.rule.lr},
        remedies=_helpful(course, _gentler(course)),
    )


def _hollow(course: LaneCourse) -> Finding | None:
    if not course.rests:
        return None
    x, y = course.places[-1].tolist()
    return HOLLOW.finding(
        title=f"{course.name} rests in a hollow that is not the lowest",
        since=_since(course, course.slopes <= LEVEL * course.steepest),
        evidence=f"Around ({numeral(x)}, {numeral(y)}) the surface rises to all sides, from a height of "
        f"{numeral(course.end, 4)}; the lowest point is at {numeral(course.lowest, 4)}.",
        numbers={"height": course.end, "lowest": course.lowest, "slope": float(course.slopes[-1])},
        remedies=_helpful(course, _carried_on(course)),
    )


def _saddle(course: LaneCourse) -> Finding | None:
    low, high = course.curvatures
    steepest, slope = course.steepest, float(course.slopes[-1])
    if low >= 0.0 or slope > LEVEL * steepest:
        return None
    x, y = course.places[-1].tolist()
    shape = (
        f"rises along one direction (curvature {numeral(high, 2)}) and falls along another"
        if high > 0.0
        else "falls away"
    )
    return SADDLE.finding(
        title=f"{course.name} is held up " + ("at a saddle" if high > 0.0 else "where it is all but level"),
        since=_since(course, course.slopes <= LEVEL * steepest),
        evidence=f"Around ({numeral(x)}, {numeral(y)}) the slope is {numeral(slope, 2)}, where it was "
        f"{numeral(steepest, 2)} at its steepest, and the surface {shape} ({numeral(low, 2)}).",
        numbers={"slope": slope, "steepest": steepest, "low_curvature": low, "high_curvature": high},
        remedies=_helpful(course, _carried_on(course)),
    )


def _noisy(course: LaneCourse) -> Finding | None:
    noise, climbs = course.scenario.data.noise, course.climbs
    if not noise or climbs < UPHILL:
        return None
    calmer = _helpful(course, _calmer(course))
    if course.is_tried and not calmer:
        return None
    return NOISY.finding(
        title=f"{course.name} is kept up by the noise: its rate is too high for it",
        since=int(course.at[course.last.start]),
        evidence=f"It goes uphill at {climbs:.0%} of {course.last_steps}, at a rate of {in_full(course.rule.lr)} "
        f"under noise of {in_full(noise)}; {course.left(course.end):.1%} of the way down are left.",
        numbers={"uphill": climbs, "noise": noise, "left": course.left(course.end), "rate": course.rule.lr},
        remedies=calmer,
    )


def _swings(course: LaneCourse) -> Finding | None:
    turns, climbs = course.turns, course.climbs
    # Noise leads back as often as on, whatever the rate.
    if course.scenario.data.noise or (turns < TURNS and climbs < UPHILL):
        return None
    said = f"turns back at {turns:.0%}" if turns >= TURNS else f"goes uphill at {climbs:.0%}"
    return SWINGS.finding(
        title=f"{course.name} swings from side to side",
        since=int(course.at[course.last.start]),
        evidence=f"It {said} of {course.last_steps}, at a rate of {in_full(course.rule.lr)}; "
        f"{course.left(course.end):.1%} of the way down are left.",
        numbers={"turns": turns, "uphill": climbs, "left": course.left(course.end), "rate": course.rule.lr},
        remedies=_helpful(course, _gentler(course)),
    )


def _ravine(course: LaneCourse) -> Finding | None:
    low, high = course.curvatures
    if low <= 0.0 or high < LONG * low:
        return None
    return RAVINE.finding(
        title=f"{course.name} creeps along a ravine",
        since=0,
        evidence=f"Where it is the surface is {high / low:,.0f} times as steep across as along, so that a rate which "
        f"suits one way does not suit the other; {course.left(course.end):.1%} of the way down are left after "
        f"{course.steps:,} steps.",
        numbers={"condition": high / low, "left": course.left(course.end), "rate": course.rule.lr},
        remedies=_helpful(course, _bolder(course)),
    )


def _creeps(course: LaneCourse) -> Finding | None:
    return CREEPS.finding(
        title=f"{course.name} creeps: its rate is too low",
        since=0,
        evidence=f"In {course.steps:,} steps it has come down from {numeral(course.start)} to {numeral(course.end)} "
        f"and goes straight on; {course.left(course.end):.1%} of the way are left.",
        numbers={"left": course.left(course.end), "height": course.end, "rate": course.rule.lr},
        remedies=_helpful(course, _bolder(course)),
    )


def _since(course: LaneCourse, holds: NDArray[np.bool_]) -> int:
    """The step from which on a condition, an entry a row, has held without a break."""
    broken = np.flatnonzero(~holds)
    return int(course.at[broken[-1] + 1 if len(broken) else 0])


# -- remedies --------------------------------------------------------------------------------------------------------


def _gentler(course: LaneCourse) -> list[tuple[str, dict[str, object]]]:
    slower = [_rate(course, rate) for rate in course.rates if rate < course.rule.lr]
    return [*slower, ("the gradient clipped to norm 1", {"training.clip.norm": 1.0})]


def _calmer(course: LaneCourse) -> list[tuple[str, dict[str, object]]]:
    return [*_gentler(course)[:-1], ("a cosine rate", {"training.schedule.name": "cosine"})]


def _bolder(course: LaneCourse) -> list[tuple[str, dict[str, object]]]:
    return [*(_rate(course, rate) for rate in course.rates if rate > course.rule.lr), *_other_rules(course)]


def _carried_on(course: LaneCourse) -> list[tuple[str, dict[str, object]]]:
    """For a point that rests: what gets it away is more speed than suits, of which a range test knows nothing."""
    return [*(_rate(course, rounded(factor * course.rule.lr)) for factor in (2.0, 3.0, 10.0)), *_other_rules(course)]


def _other_rules(course: LaneCourse) -> list[tuple[str, dict[str, object]]]:
    rules = (("momentum", 10.0 * course.rule.lr), ("adam", 0.1))
    return [_rule(course, name, lr) for name, lr in rules if name != course.rule.name]


def _rate(course: LaneCourse, after: float) -> tuple[str, dict[str, object]]:
    return f"a rate of {in_full(after)} instead of {in_full(course.rule.lr)}", {f"{course.key}.lr": after}


def _rule(course: LaneCourse, name: str, lr: float) -> tuple[str, dict[str, object]]:
    after = float(f"{lr:.3g}")
    return f"{name} at a rate of {in_full(after)}", {f"{course.key}.name": name, f"{course.key}.lr": after}


def _helpful(course: LaneCourse, choices: Iterable[tuple[str, dict[str, object]]]) -> tuple[Remedy, ...]:
    """Those that end clearly lower, the lowest first, each with the height it ends at."""
    tried = []
    for text, changes in choices:
        height = course.tried(changes)
        if height is not None and course.left(height) < CLEARLY * course.left(course.end):
            before = None if course.diverged_at is not None else course.end
            gain = Remedy(text=text, changes=changes, live=False, metric="height", before=before, after=height, seeds=1)
            tried.append((height, gain))
    tried.sort(key=lambda entry: entry[0])
    return tuple(remedy for _, remedy in tried[:MOST_REMEDIES])
