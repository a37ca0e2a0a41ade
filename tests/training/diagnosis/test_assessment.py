"""How good predictions are: the figures of each class, and their mean."""

import numpy as np
import pytest

from nn_tui.training.assessment import ClassQuality, assess_classes

NAMES = ("a", "b", "c", "d")


def figures(quality: ClassQuality) -> tuple[float | None, float | None, float | None]:
    return quality.precision, quality.recall, quality.f1


def test_figures_of_a_class_follow_from_the_confusion_matrix() -> None:
    assessment = assess_classes(np.array([0, 0, 1, 1, 0]), np.array([0, 1, 1, 1, 0]), NAMES[:2])
    assert assessment.confusion == ((2, 0), (1, 2))
    assert figures(assessment.classes[0]) == (pytest.approx(2 / 3), 1.0, pytest.approx(0.8))
    assert figures(assessment.mean) == (pytest.approx(5 / 6), pytest.approx(5 / 6), pytest.approx(0.8))


def test_what_nothing_is_known_of_is_undefined_and_not_in_the_mean() -> None:
    predicted, truth = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    assessment = assess_classes(predicted, truth, NAMES)
    # Of c there is no sample, though one is taken for it; of d there is nothing at all.
    assert figures(assessment.classes[2]) == (0.0, None, 0.0)
    assert figures(assessment.classes[3]) == (None, None, None)
    assert figures(assessment.mean) == (
        pytest.approx((1 / 2 + 1 + 0) / 3),
        pytest.approx((1 + 1 / 3) / 2),
        pytest.approx((2 / 3 + 1 / 2 + 0) / 3),
    )


def test_figures_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    draws = np.random.default_rng(3)
    for classes in ((0, 1, 2, 3), (0, 2, 3), (1, 2)):
        predicted, truth = draws.choice(classes, 40), draws.choice((0, 1, 2), 40)
        mean = assess_classes(predicted, truth, NAMES).mean
        expected = metrics.precision_recall_fscore_support(
            truth, predicted, labels=range(4), average="macro", zero_division=np.nan
        )
        assert figures(mean) == pytest.approx(expected[:3])
