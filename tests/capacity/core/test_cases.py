"""Many cases in one call equal the requirement of each."""

from dataclasses import replace

import numpy as np
import pytest

from workforce.capacity.core.cases import Case, full_time, people_of
from workforce.capacity.core.staffing import Assumptions, requirement

DAY = 90 * np.exp(-(((np.arange(48) - 26) / 8) ** 2))
PHONE = Assumptions(patience_seconds=180, max_occupancy=0.85, shrinkage=0.3)
CASES = [
    Case(DAY, PHONE),
    Case(2 * DAY, replace(PHONE, definition="WAITED")),
    Case(DAY[:10], replace(PHONE, service_level=0.95, patience_seconds=None)),
    Case(np.tile(DAY, 7), replace(PHONE, handle_seconds=200)),
    Case(DAY, replace(PHONE, concurrency=3, slowdown=0.1)),
]


@pytest.mark.parametrize("handling", ["LIVE", "CHAT"])
def test_cases_equal_requirements(handling):
    found = people_of(CASES, minutes=30, handling=handling)
    hours = full_time(CASES, minutes=30, handling=handling, weeks=2)
    for case, exact, fte in zip(CASES, found, hours, strict=True):
        alone = requirement(
            case.volumes, minutes=30, handling=handling, assumptions=case.given
        )
        assert exact == pytest.approx(alone.exact, rel=1e-7, abs=1e-7)
        assert fte == pytest.approx(alone.fte(40, 2), rel=1e-7)


def test_no_weeks_are_refused():
    with pytest.raises(ValueError, match="weeks must be above 0"):
        full_time(CASES, minutes=30, handling="LIVE", weeks=0)
