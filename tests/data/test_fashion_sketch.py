"""The drawn garments: what a learner would notice if they were not as they should be."""

import time

import numpy as np
import pytest

import nn_tui
from nn_tui.data.fashion_sketch import draw
from nn_tui.data.images import CLASS_NAMES


@pytest.fixture(scope="module")
def pictures():
    return draw(400, np.random.default_rng(3))


def test_pictures_have_fashion_mnists_format(pictures):
    assert pictures.pixels.shape == (400, 28, 28)
    assert pictures.pixels.dtype == pictures.labels.dtype == np.uint8


def test_every_class_is_drawn_equally_often(pictures):
    assert np.bincount(pictures.labels).tolist() == [40] * len(CLASS_NAMES)


def test_the_same_seed_draws_the_same_pictures():
    one, again, other = (draw(30, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.pixels, again.pixels)
    assert not np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 23])
def test_any_number_of_pictures_can_be_drawn(count):
    assert draw(count, np.random.default_rng(0)).pixels.shape == (count, 28, 28)


def test_no_two_pictures_are_alike(pictures):
    assert len({picture.tobytes() for picture in pictures.pixels}) == 400


def test_garments_fill_a_good_part_of_a_black_picture(pictures):
    painted = (pictures.pixels > 20).mean(axis=(1, 2))
    assert painted.min() > 0.03
    assert painted.max() < 0.9
    assert np.median(pictures.pixels[:, 0, 0]) == 0


def test_garments_of_one_class_differ_in_place_size_and_tone(pictures):
    trousers = pictures.pixels[pictures.labels == CLASS_NAMES.index("Trouser")].astype(float)
    weight = trousers.sum(axis=(1, 2))
    columns = (trousers.sum(axis=1) * np.arange(28)).sum(axis=1) / weight
    area = (trousers > 20).mean(axis=(1, 2))
    brightest = np.array([np.percentile(picture[picture > 20], 60) for picture in trousers])
    assert columns.std() > 0.8
    assert area.std() > 0.02
    assert brightest.std() > 20


def test_shoes_look_left_and_right(pictures):
    boots = pictures.pixels[pictures.labels == CLASS_NAMES.index("Ankle boot")].astype(float)
    # The toe is low: over it the upper half of the picture is empty.
    shaft = (boots[:, :14].sum(axis=1) * (np.arange(28) - 13.5)).sum(axis=1)
    assert 8 <= (shaft > 0).sum() <= 32


def test_test_pictures_are_the_same_whatever_the_seed():
    changes = {"training.epochs": 1, "data.samples": 20, "data.test_samples": 20}
    one, other = (nn_tui.replay("fashion-sketch", changes | {"training.seed": seed}).dataset for seed in (1, 2))
    assert np.array_equal(one.test.inputs, other.test.inputs)
    assert not np.array_equal(one.train.inputs, other.train.inputs)


def test_a_trained_network_is_clearly_better_than_a_linear_classifier():
    deep = nn_tui.replay("fashion-sketch")
    linear = nn_tui.replay("fashion-sketch", {"network.hidden": []})
    assert deep.summary.passed
    assert deep.summary.test["accuracy"] >= linear.summary.test["accuracy"] + 0.06


def test_two_thousand_pictures_take_well_under_a_second():
    started = time.process_time()
    draw(2_000, np.random.default_rng(0))
    assert time.process_time() - started < 1.0


def test_a_picture_is_no_photograph():
    """The classes are FashionMNIST's; the data set's name says that the pictures are not."""
    changes = {"training.steps": 0, "data.samples": 10, "data.test_samples": 10}
    dataset = nn_tui.replay("fashion-sketch", changes).dataset
    assert dataset.name == "fashion-sketch"
    assert dataset.class_names == CLASS_NAMES
    assert dataset.image_shape == (28, 28)
