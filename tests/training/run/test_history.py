"""What was recorded: the latest rows exactly, the whole run in bounded memory, no spike lost."""

import numpy as np
import pytest

from nn_tui.training.run.history import History, bytes_of

NAN = float("nan")


def filled(rows: int, every: int = 1, **sizes: int) -> History:
    """Rows of a step and a value that falls, with a spike at row 777 and a dip at row 888."""
    history = History(("step", "value"), **sizes)
    for number in range(rows):
        value = 100.0 if number == 777 else -100.0 if number == 888 else 1.0 / (1 + number)
        history.append((number * every, value))
    return history


def bytes_held(history: History) -> int:
    arrays = [array for value in vars(history).values() for array in (value if isinstance(value, list) else [value])]
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


def test_ten_million_steps_cost_what_ten_thousand_do() -> None:
    # A row every hundred steps, as long runs record them.
    short, long = filled(10_000), filled(100_000, every=100)
    assert long.last()["step"] == 9_999_900
    assert bytes_held(long) == bytes_held(short) < 250_000
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
    assert overview.last_step[-1] == rows - 1
    assert (overview.last_step[:-1] < overview.step[1:]).all()
    assert (overview.minimum <= overview.maximum).all()


@pytest.mark.parametrize("rows", [1_000, 10_000, 100_000])
def test_no_spike_is_ever_lost(rows: int) -> None:
    overview = filled(rows).overview("value")
    assert overview.maximum.max() == 100.0
    assert overview.minimum.min() == -100.0
    assert overview.maximum_step[overview.maximum.argmax()] == 777
    assert overview.minimum_step[overview.minimum.argmin()] == 888
    assert (overview.first[0], overview.last[-1]) == (1.0, 1.0 / rows)


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


def same(one: History, other: History) -> None:
    left, right = one.state(), other.state()
    np.testing.assert_array_equal(left.recent, right.recent)
    np.testing.assert_array_equal(left.buckets, right.buckets)
    assert (left.rows_per_bucket, left.rows_in_last, left.count) == (
        right.rows_per_bucket,
        right.rows_in_last,
        right.count,
    )


@pytest.mark.parametrize("rows", [50, 1_000, 3_000, 20_000])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.77, 0.99, 1.0])
def test_gone_back_it_is_what_it_was_and_goes_on_as_if_nothing_had_been(rows: int, share: float) -> None:
    history, back = filled(0), int(share * rows)
    marks = {}
    for number in range(rows):
        if number in (back // 2, back):
            marks[number] = history.mark()
        history.append((number, 100.0 if number == 777 else -100.0 if number == 888 else 1.0 / (1 + number)))
    for number in sorted(marks, reverse=True):
        history.go_back(marks[number])
        same(history, filled(number))
    for number in range(len(history), rows):
        history.append((number, 100.0 if number == 777 else -100.0 if number == 888 else 1.0 / (1 + number)))
    same(history, filled(rows))


@pytest.mark.parametrize("between", [3, 600, 3_000])
def test_a_mark_holds_whatever_is_recorded_after_going_back_beyond_it_and_in_another_history(between: int) -> None:
    history, others = filled(between), filled(0)
    early = history.mark()
    for number in range(between, 2 * between):
        history.append((number, 1.0 / (1 + number)))
    late, expected = history.mark(), history.state()
    history.go_back(early)
    for number in range(between, 3 * between):
        history.append((number, -float(number)))
    others.go_back(late)
    for number in range(2 * between, 4 * between):
        others.append((number, -float(number)))
    history.go_back(late)
    left = history.state()
    np.testing.assert_array_equal(left.recent, expected.recent)
    np.testing.assert_array_equal(left.buckets, expected.buckets)
    history.go_back(early)
    same(history, filled(between))


def test_places_in_one_history_share_most_of_their_rows() -> None:
    history = filled(4_000)
    marks = []
    for number in range(4_000, 4_050):
        history.append((number, float(number)))
        marks.append(history.mark())
        if number % 3 == 0:
            # As a change is taken back, and another is made.
            history.go_back(marks[-1])
    assert bytes_of(marks) < 4 * bytes_of(marks[-1:])


def test_kept_elsewhere_it_comes_back_and_goes_on() -> None:
    for rows in (5, 700, 9_000):
        history = History(("step", "value"))
        history.restore(filled(rows).state())
        same(history, filled(rows))
        whole = filled(rows)
        for number in range(rows, rows + 600):
            history.append((number, float(number)))
            whole.append((number, float(number)))
        same(history, whole)


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
