from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sla.core.local_hours import local_slots, week_counts

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
SUNDAY = 6


def epoch(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("moment", "zone", "weekday", "hour"),
    [
        ((2026, 3, 28, 23, 30), UTC, 5, 23),
        # Berlin, the night of 29 March 2026: 01:59 CET is followed by 03:00 CEST.
        ((2026, 3, 29, 0, 59, 59), BERLIN, SUNDAY, 1),
        ((2026, 3, 29, 1, 0), BERLIN, SUNDAY, 3),
        # The night of 25 October 2026: the hour from 02:00 happens twice.
        ((2026, 10, 25, 0, 30), BERLIN, SUNDAY, 2),
        ((2026, 10, 25, 1, 30), BERLIN, SUNDAY, 2),
        ((2026, 10, 25, 2, 0), BERLIN, SUNDAY, 3),
        # Half-hour offset: 18:29:59 UTC is still Friday, 18:30 is Saturday.
        ((2026, 5, 8, 18, 29, 59), KOLKATA, 4, 23),
        ((2026, 5, 8, 18, 30), KOLKATA, 5, 0),
    ],
)
def test_local_slots_follow_the_wall_clock(moment, zone, weekday, hour):
    assert local_slots(np.array([epoch(*moment)]), zone).tolist() == [
        24 * weekday + hour
    ]


def test_local_slots_agree_with_datetime_over_a_year():
    start = epoch(2026, 1, 1)
    moments = np.arange(start, start + 366 * 86400, 4321)

    slots = local_slots(moments, BERLIN)

    for moment, slot in zip(moments.tolist(), slots.tolist(), strict=True):
        local = datetime.fromtimestamp(moment, BERLIN)
        assert slot == 24 * local.weekday() + local.hour


def test_week_counts_sum_to_the_moments():
    counts = week_counts(np.array([0, 0, 167]))

    assert counts.shape == (7, 24)
    assert (counts[0, 0], counts[6, 23], counts.sum()) == (2, 1, 3)
