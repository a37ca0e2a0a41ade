"""Randomness: a draw follows from seed, purpose and index, and from nothing else."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.engine.randomness import PURPOSES, generator

KEYS = st.tuples(st.integers(0, 2**40), st.sampled_from(sorted(PURPOSES)), st.integers(0, 2**31))


@given(key=KEYS)
def test_the_same_key_draws_the_same_whatever_was_drawn_before(key):
    first = generator(*key).standard_normal(4)
    generator(key[0], "dropout", 3).random(100)
    np.testing.assert_array_equal(generator(*key).standard_normal(4), first)


@given(one=KEYS, other=KEYS)
def test_different_keys_draw_differently(one, other):
    same = np.array_equal(generator(*one).random(4), generator(*other).random(4))
    assert same == (one == other)


def test_purposes_are_independent_of_each_other_and_of_their_neighbors():
    draws = [generator(7, purpose, index).standard_normal(4_000) for purpose in PURPOSES for index in (0, 1)]
    for one, other in itertools.combinations(draws, 2):
        # 4,000 independent pairs correlate by 1/√4000 = 0.016 at random.
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.08


def test_every_purpose_has_a_number_of_its_own():
    assert len(set(PURPOSES.values())) == len(PURPOSES)


def test_the_stream_of_a_key_is_fixed_for_good():
    # A scenario's digest rests on these numbers.
    np.testing.assert_allclose(
        generator(7, "shuffle", 3).random(2), [0.09219435298335676, 0.20140022786443912], rtol=1e-15
    )
