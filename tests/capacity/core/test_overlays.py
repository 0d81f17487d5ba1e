"""Overlays: what they multiply, on which days, and what they refuse."""

from datetime import date

import numpy as np
import pytest

from workforce.capacity.core.overlays import Change, Expected, factors, with_overlay

DAYS = np.array(["2026-03-02", "2026-03-03", "2026-03-04"], "datetime64[D]")


def expected() -> Expected:
    return Expected(
        starts=np.array([0, 1800, 86400]),
        days=np.array(["2026-03-02", "2026-03-02", "2026-03-03"], "datetime64[D]"),
        mean=np.array([10.0, 20.0, 30.0]),
        low80=np.array([8.0, 16.0, 24.0]),
        high80=np.array([12.0, 24.0, 36.0]),
        low95=np.array([7.0, 14.0, 21.0]),
        high95=np.array([13.0, 26.0, 39.0]),
    )


def test_overlay_without_days_holds_for_all():
    assert factors(DAYS, [Change("Outage", 300)]).tolist() == [4.0, 4.0, 4.0]


def test_overlay_touches_its_days_only_both_ends_included():
    change = Change("Release", 50, date(2026, 3, 3), date(2026, 3, 3))

    assert factors(DAYS, [change]).tolist() == [1.0, 1.5, 1.0]


def test_overlay_with_one_end_is_open_on_the_other():
    assert factors(DAYS, [Change("From", 100, date(2026, 3, 3))]).tolist() == [1, 2, 2]
    assert factors(DAYS, [Change("To", 100, None, date(2026, 3, 3))]).tolist() == [
        2,
        2,
        1,
    ]


def test_overlays_that_meet_multiply():
    changes = [Change("Outage", 300), Change("Holiday", -50, date(2026, 3, 4))]

    assert factors(DAYS, changes).tolist() == [4.0, 4.0, 2.0]


def test_five_standard_overlays_give_their_volumes():
    day = DAYS[:1]
    found = [100 * factors(day, [Change("x", p)])[0] for p in (300, 50, 100, -50, 500)]

    assert found == [400.0, 150.0, 200.0, 50.0, 600.0]


def test_everything_may_be_taken_away_but_not_more():
    assert factors(DAYS, [Change("Closed", -100)]).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="more than 100"):
        Change("Impossible", -101)


def test_days_out_of_order_are_refused():
    with pytest.raises(ValueError, match="before the first"):
        Change("Wrong", 10, date(2026, 3, 3), date(2026, 3, 2))


def test_with_overlay_scales_means_and_ranges_of_the_days_touched():
    base = expected()
    laid = with_overlay(base, Change("Double", 100, date(2026, 3, 3)))

    assert laid.mean.tolist() == [10.0, 20.0, 60.0]
    assert laid.low95.tolist() == [7.0, 14.0, 42.0]
    assert laid.high80.tolist() == [12.0, 24.0, 72.0]
    assert base.mean.tolist() == [10.0, 20.0, 30.0]


def test_change_survives_being_stored():
    change = Change("Outage", 300.0, date(2026, 3, 3), None, key=7)

    assert Change.from_dict(change.as_dict()) == change


@pytest.mark.parametrize("percent", [float("nan"), float("inf")])
def test_change_that_is_not_a_number_is_refused(percent):
    with pytest.raises(ValueError, match="not a number"):
        Change("Outage", percent)
