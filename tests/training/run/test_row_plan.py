"""Which rows a run has follows from sizes and step numbers: all of the first, and later ones that cost little."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from nn_tui.scenario.reading import loads
from nn_tui.training.run.row_plan import EVEN_WORK, FIRST_WORK, MOST_SHARE, RowPlan, row_plan
from nn_tui.training.run.start import begin
from nn_tui.training.run.work import Work
from tests.training.runs import trainer

WIDE: dict[str, Any] = {"data": {"samples": 5_000}, "network": {"hidden": [300, 300]}}
TINY, LARGE = Work(2.5e-5, 1.25e-4, 1.3e-4), Work(6e-4, 8e-3, 2e-2)


def recorded(plan: RowPlan, steps_per_epoch: int, epochs: int) -> list[int]:
    return [
        step
        for step in range(1, steps_per_epoch * epochs + 1)
        if plan.due(step, (step - 1) % steps_per_epoch + 1, steps_per_epoch, (step - 1) // steps_per_epoch + 1)
    ]


@pytest.mark.parametrize("work", [TINY, LARGE])
@pytest.mark.parametrize(("steps_per_epoch", "epochs"), [(1, 60), (9, 300), (1, 50_000), (938, 10), (20_000, 3)])
def test_the_first_steps_are_all_recorded_and_later_ones_cost_little(
    work: Work, steps_per_epoch: int, epochs: int
) -> None:
    steps = steps_per_epoch * epochs
    plan = row_plan(work, steps_per_epoch, steps)
    row = work.whole_row if plan.whole else work.row
    assert plan.first == pytest.approx(FIRST_WORK / (work.step + row), abs=1)
    rows = recorded(plan, steps_per_epoch, epochs)
    assert rows[: min(plan.first, steps)] == list(range(1, min(plan.first, steps) + 1))
    later = [step for step in rows if step > plan.first]
    # Beyond the share there are only those that a short run is seen by: a hundred cheap ones, or twenty.
    assert len(later) * row <= MOST_SHARE * steps * work.step + max(EVEN_WORK, 21 * row)
    # Roughly even: an epoch may not divide by the distance.
    gaps = [after - before for before, after in pairwise(later)]
    assert not gaps or max(gaps) <= 2 * max(min(gaps), 1) + steps_per_epoch


def test_a_short_run_is_seen_to_take_its_course_however_dear_its_rows_are() -> None:
    assert len(recorded(row_plan(LARGE, 94, 1_880), 94, 20)) >= 20
    assert len(recorded(row_plan(TINY, 9, 2_700), 9, 300)) >= 200


def test_a_large_networks_rows_are_farther_apart_the_smaller_its_steps_are() -> None:
    shares = [
        (work.row / work.step)
        for size in (512, 64, 8)
        for work in [trainer(training={"batch_size": size}, **WIDE).work]
    ]
    assert shares == sorted(shares)
    assert shares[0] < 5.0 < shares[-1]


def test_the_update_of_every_parameter_counts_where_a_step_sees_one_sample_only() -> None:
    steps = [
        trainer(training={"batch_size": 1, "optimizer": {"name": name, "lr": 0.01}}, **WIDE).work.step
        for name in ("sgd", "momentum", "adam")
    ]
    assert steps == sorted(steps)
    assert steps[-1] > 2 * steps[0]


def test_rows_score_whole_sets_where_that_is_cheap() -> None:
    assert trainer(data={"samples": 1_000}).row_plan.whole
    assert not trainer(data={"samples": 20_000}, network={"hidden": [300, 300]}).row_plan.whole


def test_a_row_that_scores_a_few_examples_of_a_sorted_test_file_is_of_all_its_classes(tmp_path: Path) -> None:
    rows = "".join(f"{number % 7},{number},{'no' if number < 2_400 else 'yes'}\n" for number in range(3_000))
    (tmp_path / "sorted.csv").write_text(f"a,b,y\n{rows}")
    table = f'path = "{tmp_path / "sorted.csv"}"\ntest_path = "{tmp_path / "sorted.csv"}"'
    # Whatever comes in, the answer is the large class: right of 80 %.
    text = f'title = "t"\n[data]\nkind = "csv"\n{table}\ntarget = "y"\n[network]\nhidden = []\ninit = "zeros"\n'
    lane = begin(loads(text)).lead
    quick, whole = lane.score("test", quick=True), lane.score("test")
    assert quick is not None
    assert whole is not None
    assert quick.samples == 256
    assert quick.quality == pytest.approx(whole.quality, abs=0.01)
