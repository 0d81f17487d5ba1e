import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.search.ranking import best_first, fused


@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.5]), max_size=30),
    st.integers(1, 40),
)
def test_best_first_equals_sorting_all(values, limit):
    expected = sorted(
        (place for place, value in enumerate(values) if value > 0),
        key=lambda place: (-values[place], place),
    )
    found = best_first(np.array(values, dtype=np.float32), limit)
    assert found.tolist() == expected[:limit]


def test_words_and_likeness_are_joined_on_one_scale():
    scores = np.array([4.0, 2.0, 0.0, 0.0], np.float32)
    likeness = np.array([0.2, 0.8, 0.6, 0.4], np.float32)
    # The mean is 0.5, the best 0.8: 0.6 is a third of the way, too little by itself.
    assert fused(scores, likeness, None).tolist() == pytest.approx([1.0, 1.5, 0, 0])


def test_like_enough_is_found_without_a_word():
    scores = np.zeros(3, np.float32)
    likeness = np.array([0.1, 0.7, 0.6], np.float32)
    found = fused(scores, likeness, None)
    assert best_first(found, 5).tolist() == [1, 2]


def test_only_those_that_take_part_set_the_scale():
    scores = np.array([1.0, 0.0, 0.0], np.float32)
    likeness = np.array([0.1, 0.9, 0.3], np.float32)
    within = np.array([True, False, True])
    assert fused(scores, likeness, within).tolist() == pytest.approx([1.0, 0.0, 1.0])
    assert fused(scores, likeness, np.zeros(3, bool)).tolist() == [0, 0, 0]
