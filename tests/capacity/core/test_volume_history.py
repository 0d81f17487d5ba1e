"""A regular series out of the intervals that have a row."""

from datetime import date

import numpy as np

from workforce.capacity.core.volumes.history import (
    calendar_pattern,
    dense_series,
    observed_pattern,
)

MONDAY = date(2026, 3, 2)


def clock(*texts):
    return np.array(texts, dtype="datetime64[s]")


def test_calendar_pattern_opens_a_slot_that_is_open_in_part():
    pattern = calendar_pattern([(0, 9 * 60 + 10, 10 * 60 + 5)], 30)
    assert np.argwhere(pattern).tolist() == [[0, 18], [0, 19], [0, 20]]


def test_observed_pattern_leaves_out_slots_of_zeros():
    pattern = observed_pattern(
        clock("2026-03-02T09:00", "2026-03-03T10:30"), np.array([2.0, 0.0]), 30
    )
    assert np.argwhere(pattern).tolist() == [[0, 18]]


def test_dense_series_adds_zeros_only_to_known_days():
    pattern = calendar_pattern([(0, 540, 600), (1, 540, 600)], 30)
    stamps, offered = dense_series(
        "UTC", clock("2026-03-02T09:30"), np.array([4.0]), [MONDAY], pattern
    )
    assert [str(t) for t in stamps] == ["2026-03-02T09:00:00", "2026-03-02T09:30:00"]
    assert offered.tolist() == [0, 4]


def test_dense_series_gives_no_zero_to_a_time_that_clocks_jump_over():
    pattern = calendar_pattern([(6, 60, 240)], 60)
    stamps, _offered = dense_series(
        "Europe/Berlin", clock(), np.empty(0), [date(2026, 3, 29)], pattern
    )
    assert [str(t)[11:13] for t in stamps] == ["01", "03"]


def test_dense_series_keeps_both_hours_when_clocks_go_back():
    twice = clock("2026-10-25T02:00", "2026-10-25T02:00")
    pattern = calendar_pattern([(6, 120, 240)], 60)
    stamps, offered = dense_series(
        "Europe/Berlin", twice, np.array([1.0, 2.0]), [date(2026, 10, 25)], pattern
    )
    assert offered.tolist() == [1, 2, 0]
    assert len(set(stamps.tolist())) == 2
