"""What was recorded: the latest rows exactly, the whole run in bounded memory, no spike lost."""

import numpy as np
import pytest

from nn_tui.training.run.history import History

NAN = float("nan")


def filled(rows: int, every: int = 1, **sizes: int) -> History:
    """Rows of a step and a value that falls, with a spike at row 777 and a dip at row 888."""
    history = History(("step", "value"), **sizes)
    for number in range(rows):
        value = 100.0 if number == 777 else -100.0 if number == 888 else 1.0 / (1 + number)
        history.append((number * every, value))
    return history


def bytes_held(history: History) -> int:
    return sum(value.nbytes for value in vars(history).values() if isinstance(value, np.ndarray))


def test_ten_million_steps_cost_what_ten_thousand_do() -> None:
    # A row every hundred steps, as long runs record them.
    short, long = filled(10_000), filled(100_000, every=100)
    assert long.last()["step"] == 9_999_900
    assert bytes_held(long) == bytes_held(short) < 200_000
    assert len(long["value"]) == len(short["value"]) == 4_096


def test_a_short_run_costs_little() -> None:
    assert bytes_held(filled(10)) < 5_000


def test_the_latest_rows_are_exact() -> None:
    history = filled(10_000)
    assert history["step"].tolist() == list(range(10_000 - 4_096, 10_000))
    assert history.last() == {"step": 9_999.0, "value": 1.0 / 10_000}
    assert len(history) == history.count == 10_000


@pytest.mark.parametrize("rows", [1, 2, 63, 64, 65, 1_023, 1_024, 1_025, 2_048, 2_049, 5_000, 50_000])
def test_the_overview_spans_the_whole_run_in_order(rows: int) -> None:
    overview = filled(rows).overview("value")
    assert overview.step[0] == 0
    assert (np.diff(overview.step) > 0).all()
    assert min(rows, 512) <= len(overview.step) <= 1_024
    assert overview.step[-1] >= rows - 1 - rows / 256
    assert (overview.minimum <= overview.maximum).all()


@pytest.mark.parametrize("rows", [1_000, 10_000, 100_000])
def test_no_spike_is_ever_lost(rows: int) -> None:
    overview = filled(rows).overview("value")
    assert overview.maximum.max() == 100.0
    assert overview.minimum.min() == -100.0
    assert abs(overview.step[overview.maximum.argmax()] - 777) <= rows / 256


def test_the_overview_is_exact_while_it_has_room() -> None:
    overview = filled(1_000).overview("value")
    np.testing.assert_array_equal(overview.minimum, overview.maximum)
    np.testing.assert_array_equal(overview.step, np.arange(1_000))


def test_what_was_not_measured_hides_nothing_that_was() -> None:
    history = History(("step", "test"), buckets=4)
    for step in range(100):
        history.append((step, 5.0 if step == 50 else NAN))
    overview = history.overview("test")
    assert np.nanmax(overview.maximum) == 5.0
    assert np.isnan(overview.maximum).any()


@pytest.mark.parametrize("rows", [50, 1_000, 3_000, 20_000])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.99, 1.0])
def test_what_came_later_is_forgotten(rows: int, share: float) -> None:
    history, step = filled(rows), int(share * (rows - 1))
    history.forget_after(step)
    overview = history.overview("value")
    assert (history["step"] <= step).all()
    assert (overview.step <= step).all()
    kept = [*range(max(0, rows - 4_096), step + 1)]
    assert history["step"].tolist() == kept
    assert (history.last() == {}) is (not kept)
    # A bucket that reaches beyond the step goes as a whole, but for rows that are kept exactly.
    assert len(overview.step) == 0 or overview.step[-1] >= step - rows / 256 - 1


@pytest.mark.parametrize("rows", [50, 3_000, 20_000])
def test_going_on_after_forgetting_is_as_if_nothing_had_happened(rows: int) -> None:
    history, step = filled(rows), rows // 2
    history.forget_after(step)
    for number in range(step + 1, rows):
        history.append((number, 1.0))
    overview = history.overview("value")
    assert history["step"].tolist()[-1] == rows - 1
    assert (np.diff(overview.step) > 0).all()
    assert (np.diff(history["step"]) == 1).all()
    if rows == 20_000:
        assert overview.maximum.max() == 100.0


def test_forgetting_everything_starts_anew() -> None:
    history = filled(100)
    history.forget_after(-1)
    assert len(history) == 0
    assert history.last() == {}
    history.append((0, 1.0))
    assert history.last() == {"step": 0.0, "value": 1.0}
    assert len(history) == 1


def test_a_column_that_is_not_there_is_told_with_the_likely_one() -> None:
    history = History(("step", "train.loss", "test.loss"))
    with pytest.raises(KeyError, match=r"no column 'train\.los'; did you mean 'train\.loss'\?"):
        history["train.los"]
    with pytest.raises(KeyError, match=r"no column 'tset\.loss'; did you mean 'test\.loss'\?"):
        history.overview("tset.loss")
    with pytest.raises(ValueError, match="first column is the step"):
        History(("value", "step"))


def test_what_is_handed_out_is_a_copy() -> None:
    history = filled(10)
    history["value"][:] = 0
    history.recent()[:] = 0
    history.overview("value").maximum[:] = 0
    assert history["value"][0] == 1.0
    assert history.overview("value").maximum[0] == 1.0
