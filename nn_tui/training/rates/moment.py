"""A search for a rate on its way, as the lab sees it."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.rates.attempt import Attempt, End, one_by_one
from nn_tui.training.rates.choice import SHARED, shared_mean
from nn_tui.training.rates.search import RateFound, find_rate


class RateMoment(msgspec.Struct, frozen=True, kw_only=True):
    """How far a search has come.

    Attributes:
        share: of the work that is done.
        tried: rates, ascending, and of each the mean loss over the seeds that every rate is tried with, once it has
            been tried with these; None where a seed diverged.
        found: what it came to; None before its end.
        problem: why it cannot be made, for people; empty otherwise.
    """

    share: float = 0.0
    tried: tuple[tuple[float, float | None], ...] = ()
    found: RateFound | None = None
    problem: str = ""


def followed_search(scenario: Scenario, tell: Callable[[RateMoment], None]) -> None:
    """Searches a rate, and tells after every run how far that has come."""
    ends: dict[float, list[End]] = {}
    share = 0.0

    def make(attempts: Sequence[Attempt]) -> Iterable[End]:
        for attempt, end in zip(attempts, one_by_one(attempts), strict=True):
            ends.setdefault(attempt.scenario.training.optimizer.lr, []).append(end)
            tell(RateMoment(share=share, tried=_means(ends)))
            yield end

    def note(done: float) -> None:
        nonlocal share
        share = done

    try:
        found = find_rate(scenario, attempts=make, on_share=note)
    except ScenarioError as error:
        tell(RateMoment(problem=str(error)))
    else:
        tell(RateMoment(share=1.0, tried=_means(ends), found=found))


def _means(ends: dict[float, list[End]]) -> tuple[tuple[float, float | None], ...]:
    return tuple((rate, shared_mean(made)) for rate, made in sorted(ends.items()) if len(made) >= SHARED)
