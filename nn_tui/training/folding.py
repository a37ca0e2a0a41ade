"""Cross-validation: a table's rows tested on in turn, each fold a run of its own."""

import time
from collections.abc import Callable

import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from nn_tui.data.errors import DataError
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.kinds import CSV
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.choosing import choice_of
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.problems.suitability import check_suits
from nn_tui.training.run.session import Session, Stop
from nn_tui.training.run.table_loading import load_folds
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.summary import Summary, summarize


class Folds(msgspec.Struct, frozen=True, kw_only=True):
    """What the folds came to.

    Attributes:
        folds: each fold's summary; it is tested on the rows that the others train on.
        metric: what is compared, "test.accuracy", where a class is rare "test.balanced_accuracy", or "test.r2".
        mean: over the folds.
        spread: the standard deviation between them (of a sample: n − 1).
    """

    folds: tuple[Summary, ...]
    metric: str
    mean: float
    spread: float


def run_folds(
    scenario: Scenario,
    count: int,
    *,
    stop: Stop | None = None,
    threads: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> Folds:
    """Runs a table's scenario once a fold.

    Args:
        scenario: of a table; its own division is not used, but for the validation share.
        count: how many folds, at least 2.
        stop: ends each run before the scenario does.
        threads: of the linear-algebra library.
        should_stop: asked before each step.

    Raises:
        ScenarioError: for another kind of data, or a table that cannot be divided so.
    """
    if scenario.data.kind != CSV.name:
        raise ScenarioError(f"only a table has folds, and {scenario.data.kind} is none", key="data.kind")
    summaries: list[Summary] = []
    metrics: list[str] = []
    with threadpool_limits(threads):
        try:
            for dataset in load_folds(scenario.data, scenario.training, count):
                check_suits(scenario, dataset)
                metrics.append(choice_of(dataset).metric)
                trainer = Trainer(scenario, NetworkProblem(dataset))
                session = Session(trainer, stop=stop)
                started = time.perf_counter()
                session.run(should_stop)
                summaries.append(summarize(session, time.perf_counter() - started))
                if summaries[-1].status == "interrupted":
                    break
        except DataError as error:
            raise ScenarioError(str(error), key=f"data.{error.key}" if error.key else "data") from error
    # One for all: a class that is rare in one fold's rows is hardly less so in the others'.
    quality = "balanced_accuracy" if "balanced_accuracy" in metrics else metrics[0]
    scores = np.array([summary.test[quality] for summary in summaries if summary.test is not None])
    spread = float(scores.std(ddof=1)) if len(scores) > 1 else 0.0
    return Folds(folds=tuple(summaries), metric=f"test.{quality}", mean=float(scores.mean()), spread=spread)
