"""The compiled horizon behind a calendar: growth, memory, threads and arrays."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import numpy as np
import pytest

from sla.core.calendar import BusinessCalendar
from tests.sla.core.calendar_samples import HOUR, at, epoch, office

# Horizon


def test_horizon_grows_both_ways_from_1900_to_2200() -> None:
    calendar = office("Europe/Berlin")
    assert (
        calendar.between_seconds(epoch("2026-03-02T00:00Z"), epoch("2026-03-09T00:00Z"))
        == 144_000
    )
    # 1900-01-01 was a Monday; to 2200-01-01 it is 109,573 days: 15,653 weeks, a Monday and a Tuesday.
    whole = calendar.between(at("1900-01-01T00:00+01:00"), at("2200-01-01T00:00+01:00"))
    assert whole == timedelta(hours=15_653 * 40 + 2 * 8)
    assert calendar.add(at("1900-01-01T00:00Z"), HOUR) == at("1900-01-01T10:00+01:00")
    assert calendar.add(at("2199-06-03T20:00Z"), HOUR) == at("2199-06-04T10:00+02:00")


def test_long_durations_reach_far() -> None:
    assert office().add(at("2026-01-05T09:00Z"), 40 * HOUR * 52 * 20) == at(
        "2045-12-11T09:00Z"
    )
    assert office().subtract(at("2045-12-08T17:00Z"), 40 * HOUR * 52 * 20) == at(
        "2026-01-02T17:00Z"
    )


def test_exact_fill_of_the_whole_horizon_lands_beyond_it() -> None:
    wide = office()
    wide.between_seconds(epoch("2000-01-01T00:00Z"), epoch("2050-01-01T00:00Z"))
    now = epoch("2026-03-06T12:00Z")
    calendar = office()
    calendar.add_seconds(now, 0)
    horizon = calendar._windows.horizon
    assert horizon is not None
    past = calendar.between_seconds(horizon.lo, now)
    future = calendar.between_seconds(now, horizon.hi)
    assert calendar.subtract_seconds(now, past) == wide.subtract_seconds(now, past)
    assert calendar.add_seconds(now, future) == wide.add_seconds(now, future)


def test_moments_outside_the_supported_years_are_refused() -> None:
    with pytest.raises(ValueError, match="1800 to 2499"):
        office().is_open(at("1500-01-01T00:00Z"))
    with pytest.raises(ValueError, match="1800 to 2499"):
        office().between_seconds(0, 1_767_225_600_000)  # milliseconds by mistake


def test_memory_of_a_live_calendar_stays_small() -> None:
    calendar = office()
    calendar.add_seconds(epoch("2026-03-06T12:00Z"), 3600)
    horizon = calendar._windows.horizon
    assert horizon is not None
    assert len(horizon.starts) < 1000
    assert sys.getsizeof(horizon.starts) + sys.getsizeof(horizon.before) < 20_000


def test_threads_share_a_calendar() -> None:
    calendar = office("Europe/Berlin")
    spans = [
        (epoch(f"{year}-01-01T00:00Z"), epoch(f"{year + 1}-01-01T00:00Z"))
        for year in range(1950, 2050)
    ]
    expected = [office("Europe/Berlin").between_seconds(*span) for span in spans]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda span: calendar.between_seconds(*span), spans[::-1])
        )
    assert found[::-1] == expected


# Arrays


def test_arrays_broadcast_and_accept_nothing() -> None:
    calendar, start = office(), epoch("2026-03-06T16:00Z")
    due = calendar.add_many([start, start + 86_400], 7200)
    assert due.tolist() == [epoch("2026-03-09T10:00Z"), epoch("2026-03-09T11:00Z")]
    assert due.dtype == np.int64
    spans = calendar.between_many([start, start], [start + 60, start - 60])
    assert (spans.tolist(), spans.dtype) == ([60.0, 0.0], np.float64)
    assert (
        calendar.between_many([], []).shape == calendar.add_many([], []).shape == (0,)
    )
    assert calendar.add_many([start], [59.6]).tolist() == [start + 60]


@pytest.mark.parametrize(
    "starts", [[1.5], np.array(["2026-01-01"], dtype="M8[s]"), ["x"]]
)
def test_arrays_refuse_instants_that_are_no_integers(starts: object) -> None:
    with pytest.raises(ValueError, match="whole epoch seconds"):
        office().between_many(starts, [1])


def test_arrays_refuse_more_than_one_dimension() -> None:
    with pytest.raises(ValueError, match=r"\(1, 2\)"):
        office().between_many([[1, 2]], [3])


def test_arrays_with_crowded_windows_agree_with_scalars() -> None:
    minutes = [(time(9, minute), time(9, minute, 30)) for minute in range(60)]
    calendar = BusinessCalendar("UTC", {0: minutes})
    start = epoch("2026-03-09T08:59:00Z")
    starts = np.arange(start, start + 4000, 7)
    expected = [calendar.add_seconds(int(second), 100) for second in starts]
    assert calendar.add_many(starts, 100).tolist() == expected
