"""A draw that can be repeated, and the share of agreement with its interval."""

import pytest

from qa.coaching.core.audits import agreement, drawn


def test_same_seed_draws_the_same_whatever_the_order():
    frame = list(range(100, 200))
    first = drawn(frame, size=10, seed=7, stream="response_sla")
    again = drawn(frame[::-1], size=10, seed=7, stream="response_sla")
    assert first == again
    assert len(set(first)) == 10
    assert set(first) <= set(frame)


def test_each_metric_has_a_draw_of_its_own():
    frame = list(range(100))
    one = drawn(frame, size=10, seed=7, stream="reopen_rate")
    other = drawn(frame, size=10, seed=7, stream="category")
    assert one != other


def test_small_frame_is_taken_whole():
    assert drawn([3, 1, 2], size=20, seed=1, stream="x") == [1, 2, 3]


def test_agreement_leaves_out_what_cannot_be_told():
    found = agreement(["AGREES"] * 9 + ["DIFFERS", "UNCLEAR", "", ""])
    assert (found.agrees, found.differs, found.unclear, found.waiting) == (9, 1, 1, 2)
    assert found.share == 0.9
    # Wilson's interval for 9 of 10.
    assert found.interval == pytest.approx((0.5958, 0.9821), abs=1e-4)


def test_agreement_without_a_verdict_claims_nothing():
    found = agreement(["", "UNCLEAR"])
    assert found.share is None
    assert found.interval is None
