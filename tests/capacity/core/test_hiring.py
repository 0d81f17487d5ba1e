"""Hiring: ramp, attrition, months, lead times, the fewest people that close a gap."""

import random
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from scipy.stats import poisson

from workforce.capacity.core import hiring
from workforce.capacity.core.hiring import (
    Cohort,
    LeadTime,
    Month,
    Team,
    add_months,
    effective,
    leavers_interval,
    load,
    project,
    split,
    suggest,
    timing,
    timing_for_full_load,
)

TODAY = date(2026, 3, 1)
GROWTH = LeadTime(3, 4)


def days(first, n):
    return np.arange(first, first + timedelta(days=n), dtype="datetime64[D]")


def flat(needed):
    return lambda starts: [needed] * len(starts)


def month(index, gap):
    """A month of 2026 from March in which ``gap`` people are missing."""
    start = add_months(TODAY, index)
    return Month(
        start, add_months(start, 1), gap, 0.0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0
    )  # fmt: skip


# Ramp -------------------------------------------------------------------------------------


def test_ramp_is_that_of_the_schedule_week_by_week():
    monday = date(2026, 3, 2)

    shares = load(days(monday, 63), monday, hiring.RAMP).reshape(9, 7)

    assert shares[:, 0].tolist() == [0, 0, 0.25, 0.5, 0.75, 0.75, 1, 1, 1]
    assert (shares == shares[:, :1]).all()


def test_nobody_carries_anything_before_joining():
    assert load(days(TODAY, 3), date(2026, 3, 3), (1.0,)).tolist() == [0, 0, 1]


def test_cohort_leaves_on_its_day():
    cohort = Cohort(4, date(2026, 3, 1), leaves_on=date(2026, 3, 3))

    assert effective(days(TODAY, 4), cohort, 0.0, (1.0,)).tolist() == [4, 4, 0, 0]


@pytest.mark.parametrize("ramp", [[0, 1.1], [-0.1], [0.5, 0.25]])
def test_ramp_that_falls_or_leaves_its_bounds_is_refused(ramp):
    with pytest.raises(ValueError, match=r"share|ramp"):
        hiring.checked_ramp(ramp)


# Months -----------------------------------------------------------------------------------


def test_new_people_count_by_their_ramp_averaged_over_the_days_of_each_month():
    team = Team(10, 0.0, (Cohort(2, date(2026, 4, 1)),))

    march, april, may, june = project(team, today=TODAY, months=4, need=flat(12))

    # April: 14 days at 0, 7 at ¼, 7 at ½, 2 at ¾ of 30; May: 5 + 7 at ¾, then 1… by hand.
    assert (march.have, march.gap) == (10, 2)
    assert april.hires == pytest.approx(2 * (7 * 0.25 + 7 * 0.5 + 2 * 0.75) / 30)
    assert may.hires == pytest.approx(2 * (12 * 0.75 + 19) / 31)
    assert june.hires == 2
    assert april.employed == 12
    assert april.have < april.employed


def test_new_people_are_never_counted_as_full_capacity_before_their_ramp_ends():
    joins = date(2026, 3, 10)
    team = Team(0, 0.0, (Cohort(5, joins),))

    for each in project(team, today=TODAY, months=3, need=flat(5)):
        full_from = joins + timedelta(days=42)
        if each.start < full_from:
            assert each.hires < 5 * 0.9
        else:
            assert each.hires == 5


def test_current_month_is_the_mean_of_the_days_left():
    team = Team(0, 0.0, (Cohort(1, date(2026, 3, 21)),), ramp=())

    (march,) = project(team, today=date(2026, 3, 12), months=1, need=flat(1))

    assert march.have == pytest.approx(11 / 20)


def test_attrition_leaves_its_share_after_a_year_and_wears_on_hires_too():
    team = Team(100, 0.30, (Cohort(10, date(2026, 3, 1)),), ramp=())

    months = project(team, today=TODAY, months=13, need=flat(1))

    # The mean of the thirteenth month lies around day 381 of 365.
    assert months[11].leavers == pytest.approx(30.0)
    assert months[12].now == pytest.approx(100 * 0.7 ** (380 / 365), rel=2e-3)
    assert months[12].hires == pytest.approx(10 * 0.7 ** (380 / 365), rel=2e-3)


def test_band_of_have_lies_around_it():
    for each in project(Team(20, 0.4), today=TODAY, months=6, need=flat(20)):
        assert each.have_low <= each.have <= each.have_high
        assert each.leavers_low <= each.leavers <= each.leavers_high


@pytest.mark.parametrize("people", [1, 3, 5])
def test_band_of_a_small_team_holds_its_mean(people):
    for each in project(Team(people, 0.1), today=TODAY, months=3, need=flat(3)):
        assert each.have_low <= each.have <= each.have_high


def test_more_new_people_than_the_team_has_leave_nobody_not_less():
    team = Team(1, 0.0, joined=(Cohort(3, TODAY),))

    (march,) = project(team, today=TODAY, months=1, need=flat(1))

    assert march.now == 0
    assert march.have_low <= march.have <= march.have_high


def test_need_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        project(Team(5, 0.0), today=TODAY, months=1, need=flat(float("nan")))


def test_ramp_may_be_an_array():
    ramp = np.array([0.0, 0.5, 1.0])

    assert timing(TODAY, LeadTime(1, 2), ramp) == timing(
        TODAY, LeadTime(1, 2), (0, 0.5, 1)
    )


def test_need_that_is_not_known_has_no_gap():
    (march,) = project(Team(5, 0.0), today=TODAY, months=1, need=lambda starts: [None])

    assert march.gap is None


@pytest.mark.parametrize("attrition", [-0.1, 1.0])
def test_attrition_out_of_its_bounds_is_refused(attrition):
    with pytest.raises(ValueError, match="attrition"):
        project(Team(5, attrition), today=TODAY, months=1, need=flat(5))


@pytest.mark.parametrize("expected", [0, 0.1, 1, 7.3, 60, 499, 501, 2_000])
def test_leavers_interval_is_that_of_a_poisson_number(expected):
    low, high = leavers_interval(expected, 0.8)

    assert (low, high) == (poisson.ppf(0.1, expected), poisson.ppf(0.9, expected))


# Lead times -------------------------------------------------------------------------------


def test_timing_counts_back_from_the_first_day_at_work():
    found = timing(date(2026, 9, 30), LeadTime(2, 3.5))

    assert found.start_latest == date(2026, 7, 30)
    # Three months back, then half a month of 30.44 days.
    assert found.start_by == date(2026, 6, 15)
    assert found.full_on == date(2026, 11, 11)


def test_timing_for_full_load_takes_the_ramp_into_account():
    found = timing_for_full_load(date(2026, 5, 1), LeadTime(2, 3))

    # Six weeks of ramp before 1 May, then two to three months to find people.
    assert found.joins_on == date(2026, 3, 20)
    assert (found.start_by, found.start_latest) == (
        date(2025, 12, 20),
        date(2026, 1, 20),
    )
    assert found.urgency(date(2025, 12, 20)) == "LATER"
    assert found.urgency(date(2026, 1, 12)) == "NOW"
    assert found.urgency(date(2026, 1, 21)) == "OVERDUE"


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 1, 15), -1.5, date(2025, 11, 30)),
    ],
)
def test_months_are_added_within_the_month(day, months, moved):
    assert add_months(day, months) == moved


# Suggestion -------------------------------------------------------------------------------


def test_gap_is_closed_by_people_at_full_load_when_the_month_begins():
    months = [month(index, 0.0 if index < 6 else 2.4) for index in range(8)]

    found = suggest(Team(0, 0.0), months, today=TODAY, lead=GROWTH)

    (hire,) = found.hires
    assert (hire.people, hire.month) == (3, date(2026, 9, 1))
    assert hire.timing.joins_on == date(2026, 7, 21)
    assert hire.timing.full_on == date(2026, 9, 1)
    assert hire.needed_until is None
    assert found.open_months == ()


def test_months_too_near_stay_open_and_are_named():
    months = [month(index, 1.0) for index in range(6)]

    found = suggest(Team(0, 0.0), months, today=TODAY, lead=GROWTH)

    # Joining on 1 June at the earliest, at full load on 13 July: August is the first.
    assert found.open_months == tuple(date(2026, m, 1) for m in (3, 4, 5, 6, 7))
    assert [(h.people, h.month) for h in found.hires] == [(1, date(2026, 8, 1))]


def test_peak_is_marked_as_needed_only_for_a_while():
    gaps = [0, 0, 0, 0, 0, 1, 3, 1, 1]
    months = [month(index, float(gap)) for index, gap in enumerate(gaps)]

    found = suggest(Team(0, 0.0), months, today=TODAY, lead=GROWTH)

    assert [(h.people, h.month, h.needed_until) for h in found.hires] == [
        (1, date(2026, 8, 1), None),
        (2, date(2026, 9, 1), date(2026, 10, 1)),
    ]


def test_people_lost_to_attrition_are_no_peak():
    months = [month(index, 20.0 + index) for index in range(8)]

    found = suggest(Team(0, 0.6), months, today=TODAY, lead=GROWTH)

    assert len(found.hires) == 3
    assert {hire.needed_until for hire in found.hires} == {None}


@pytest.mark.parametrize("seed", range(20))
def test_people_needed_for_a_while_are_needed_until_then_and_not_after(seed):
    source = random.Random(seed)
    team = Team(0, source.choice([0.0, 0.4]))
    months = [month(i, round(source.uniform(-1, 4), 2)) for i in range(2, 8)]

    found = suggest(team, months, today=TODAY, lead=LeadTime(1, 2))

    for now in months:
        if now.start in found.open_months:
            continue
        there = sum(
            hire.people * share_left(team, month_of(hire, months), now)
            for hire in found.hires
            if hire.month <= now.start
            and (hire.needed_until is None or now.start < hire.needed_until)
        )
        assert there >= now.gap - 1e-9


def month_of(hire, months):
    return next(each for each in months if each.start == hire.month)


def test_nothing_is_suggested_where_nothing_is_missing_or_known():
    months = [month(0, -1.0), month(7, None)]

    assert suggest(Team(9, 0.3), months, today=TODAY, lead=GROWTH).people == 0


def brute_force(team, months, first):
    """Return the smallest number over every way to hire up to four people a month.

    Written against the rule, not against the code: a hire for a month is at full load on
    its first day, counts from then on, and loses ``attrition`` a year since joining.
    """
    reachable = [m for m in months if m.start - timedelta(days=42) >= first]
    best = None
    for counts in product(range(5), repeat=len(reachable)):
        if best is not None and sum(counts) >= best:
            continue
        if all(
            sum(
                number * share_left(team, of, now)
                for number, of in zip(counts, reachable, strict=True)
                if of.start <= now.start
            )
            >= now.gap - 1e-9
            for now in reachable
        ):
            best = sum(counts)
    return best


def share_left(team, of, now):
    joined = of.start - timedelta(days=42)
    each = [
        (1 - team.attrition) ** (((now.start - joined).days + day) / 365)
        for day in range((now.end - now.start).days)
    ]
    return sum(each) / len(each)


@pytest.mark.parametrize("seed", range(60))
def test_suggestion_is_the_smallest_by_trying_every_way(seed):
    source = random.Random(seed)
    team = Team(0, source.choice([0.0, 0.3, 0.6]))
    first = date(2026, 4, 1)
    months = [month(i, round(source.uniform(-1, 3.2), 2)) for i in range(2, 6)]

    found = suggest(team, months, today=TODAY, lead=LeadTime(1, 2))

    assert found.people == brute_force(team, months, first)


# Levels -----------------------------------------------------------------------------------


def test_people_are_split_by_the_shares_of_the_levels():
    ratios = hiring.STAGES["BLUEPRINT"]

    assert split(20, ratios) == {"L1": 13, "L2": 6, "L3": 1}
    assert split(1, ratios) == {"L1": 1, "L2": 0, "L3": 0}


def test_people_go_where_the_team_is_short_of_its_shares():
    now = {"L1": 8, "L2": 1, "L3": 1}

    assert split(3, hiring.STAGES["EARLY"], now) == {"L1": 0, "L2": 2, "L3": 1}


@pytest.mark.parametrize("people", range(30))
def test_split_gives_everybody_a_level(people):
    assert sum(split(people, hiring.STAGES["SCALE"]).values()) == people


def test_ratios_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="add up"):
        split(1, {"L1": 0.6, "L2": 0.3})


def test_ratios_of_each_stage_add_up():
    for ratios in hiring.STAGES.values():
        assert sum(hiring.checked_ratios(ratios).values()) == pytest.approx(1)
