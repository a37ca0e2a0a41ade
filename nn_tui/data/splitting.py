"""Which examples are learned from, which choose between runs, which judge."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.wording import counted

Shares = NDArray[np.floating[Any]]
Indices = NDArray[np.intp]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Parts:
    """Row numbers, shape (n,) each; all but `train` may be empty.

    Attributes:
        train: to learn from.
        validation: to choose by: when to stop, which settings.
        test: to judge by.
    """

    train: Indices
    validation: Indices
    test: Indices


def split(
    count: int,
    test_share: float,
    validation_share: float,
    generator: np.random.Generator,
    strata: Indices | None = None,
) -> Parts:
    """Divides examples by chance, each part in shuffled order. The test set does not depend on the validation share.

    Args:
        count: examples in all.
        test_share, validation_share: shares of them kept aside, each rounded to whole examples.
        generator: draws the order.
        strata: class numbers, shape (count,): each class is split by the same shares, to within one example, and keeps
            one for training.

    Raises:
        DataError: when nothing is left to train on, or a share above 0 comes to no example.
    """
    order = generator.permutation(count)
    tested, validated = round(count * test_share), round(count * validation_share)
    if strata is None:
        parts = Parts(order[tested + validated :], order[tested : tested + validated], order[:tested])
    else:
        parts = _stratified(order, strata, (test_share, validation_share), (tested, validated))
    _check(parts, count, test_share, validation_share)
    return parts


def split_by_content(hashes: Hashes, test_share: float, validation_share: float, seed: int) -> Parts:
    """Divides examples by what is in them: equal rows are on one side, whatever else the file holds and in what order.

    Args:
        hashes: of the rows, shape (n,).
        test_share, validation_share: shares of them kept aside, to within chance.
        seed: of the run.

    Raises:
        DataError: where a part that is asked for comes to no example.
    """
    places = mixed(hashes ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)) / 2.0**64
    use = np.where(places < test_share, 2, np.where(places < test_share + validation_share, 1, 0))
    # In the order of what is in them, so that a run does not depend on how the file is sorted.
    order = np.argsort(hashes, kind="stable")
    parts = Parts(*(order[use[order] == number] for number in range(3)))
    _check(parts, len(hashes), test_share, validation_share)
    return parts


def folds_by_content(hashes: Hashes, strata: Indices, count: int, seed: int) -> Indices:
    """Which of `count` folds each row is tested in, shape (n,): classes by even shares, equal rows together.

    Where no rows are equal, folds differ by at most one row, in all and of each class.

    Args:
        hashes: of the rows, shape (n,).
        strata: class numbers, shape (n,); all the same in a regression.
        count: how many folds.
        seed: of the run.

    Raises:
        DataError: for fewer different rows of a class than there are folds.
    """
    fold = np.empty(len(hashes), np.intp)
    start = 0
    labels = np.unique(strata)
    for label in labels:
        rows = np.flatnonzero(strata == label)
        different, places = np.unique(hashes[rows], return_inverse=True)
        if len(different) < count:
            whose = "a class has" if len(labels) > 1 else "the data have"
            rows_found = counted(len(different), "different row")
            raise DataError(f"{count} folds are too many: {whose} only {rows_found}")
        order = np.argsort(mixed(different ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)), kind="stable")
        rank = np.empty(len(different), np.intp)
        # Each class goes on where the last one ended, or the first folds would have one row more of every class.
        rank[order] = np.arange(start, start + len(different))
        fold[rows] = rank[places] % count
        start += len(different)
    return fold


def split_by_order(count: int, test_share: float, validation_share: float) -> Parts:
    """The last examples are for testing, those before them for validation.

    Raises:
        DataError: as `split`.
    """
    rows = np.arange(count)
    tested, validated = round(count * test_share), round(count * validation_share)
    first, second = count - tested - validated, count - tested
    parts = Parts(rows[:first], rows[first:second], rows[second:])
    _check(parts, count, test_share, validation_share)
    return parts


def mixed(values: Hashes) -> Hashes:
    """64-bit numbers shuffled so that each bit depends on all: the finalizer of SplitMix64 (Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _stratified(order: Indices, strata: Indices, shares: tuple[float, float], totals: tuple[int, int]) -> Parts:
    labels, sizes = np.unique(strata, return_counts=True)
    for_test = _quotas(sizes * shares[0], sizes - 1, totals[0])
    for_validation = _quotas(sizes * shares[1], sizes - 1 - for_test, totals[1])
    use = np.zeros(len(order), dtype=np.intp)
    for label, first, second in zip(labels, for_test, for_validation, strict=True):
        rows = order[strata[order] == label]
        use[rows[: first + second]] = 1
        use[rows[:first]] = 2
    train, validation, test = (order[use[order] == number] for number in range(3))
    return Parts(train, validation, test)


def _quotas(exact: Shares, room: Indices, total: int) -> Indices:
    """How many of each class are taken: its share rounded down, and one more where the rest is largest."""
    quotas: Indices = np.minimum(np.floor(exact).astype(np.intp), room)
    by_rest = [index for index in np.argsort(quotas - exact, kind="stable") if quotas[index] < room[index]]
    quotas[by_rest[: max(0, total - int(quotas.sum()))]] += 1
    return quotas


def _check(parts: Parts, count: int, test_share: float, validation_share: float) -> None:
    shares = (("test", test_share, parts.test), ("validation", validation_share, parts.validation))
    for name, share, rows in shares:
        if share > 0.0 and len(rows) == 0:
            use = "test" if name == "test" else "validate"
            raise DataError(f"a {name} share of {share:g} leaves none of {count} samples to {use} on", f"{name}_share")
    if len(parts.train) == 0:
        words = f"a test share of {test_share:g}"
        words += f" and a validation share of {validation_share:g} leave" if validation_share else " leaves"
        key = "validation_share" if validation_share else "test_share"
        raise DataError(f"{words} none of {count} samples to train on", key)
