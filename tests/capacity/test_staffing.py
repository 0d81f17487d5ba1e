"""Need, planned people and what they give: the reads of staffing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sla.models import CalendarInterval
from tests.factories.capacity import (
    MONDAY,
    make_queue,
    plan_staff,
    published_forecast,
)
from tests.factories.people import UserFactory
from tests.factories.sla import business_hours
from workforce.capacity.core.overlays import Change
from workforce.capacity.models import (
    Assumptions,
    DayVolume,
    ForecastDay,
    PlannedStaff,
    Queue,
)
from workforce.capacity.selectors import staffing
from workforce.capacity.selectors.staffing.assumptions import saved_changes
from workforce.capacity.selectors.staffing.demand import demand_of
from workforce.capacity.selectors.staffing.grid import week_grid
from workforce.capacity.selectors.staffing.lists import joined
from workforce.capacity.selectors.staffing.local_times import local_times
from workforce.capacity.selectors.staffing.overview import overview, totals
from workforce.capacity.selectors.staffing.picture import (
    Span,
    needs_of,
    sources_of,
    typical_week,
    week_of,
)
from workforce.capacity.selectors.staffing.promises import (
    effects,
    people_a_day,
    promises,
    simple_equation,
)
from workforce.capacity.services.staffing import save_assumptions

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
WEEKDAYS = [400, 350, 350, 330, 300, 0, 0]


def phone(totals_by_day=WEEKDAYS, weeks=1, **fields):
    queue = make_queue(**fields)
    published_forecast(queue, list(totals_by_day) * weeks)
    return queue


def mail(totals_by_day=WEEKDAYS, *, hours=True, weeks=2, first=MONDAY, **assumed):
    """Return a queue of e-mails with twelve minutes of work and eight hours for each."""
    calendar = None
    if hours:
        calendar = business_hours(name=f"Mail {Queue.objects.count()}")
    queue = make_queue(handling="DEFERRED", channel="email", calendar=calendar)
    values = {"target_seconds": 8 * 3600, "handle_seconds": 720, **assumed}
    Assumptions.objects.filter(queue=queue).update(**values)
    published_forecast(queue, list(totals_by_day) * weeks, first=first)
    return queue


# Need -------------------------------------------------------------------------------------


def test_requirement_is_erlang_before_and_after_rounding():
    need = staffing.requirement_of(phone(), MONDAY, MONDAY + WEEK)

    # 25 calls of 300 s in 30 min are 4.1667 Erlangs: 6 people give 69 %, 7 give 86 %.
    assert need.load[0] == pytest.approx(4.1667, abs=1e-4)
    assert need.agents[0] == 7
    assert 6 < need.exact[0] < 7
    assert need.careful[0] > need.exact[0]


def test_requirement_sums_paid_hours_to_full_time_people():
    need = staffing.requirement_of(phone(), MONDAY, MONDAY + WEEK)

    at_work = float((need.exact * 0.5).sum())
    assert need.paid_hours == pytest.approx(at_work / 0.75)
    assert need.fte == pytest.approx(at_work / 0.75 / 40)
    assert sum(day.paid_hours for day in need.days) == pytest.approx(need.paid_hours)


def test_zero_volume_needs_nobody():
    need = staffing.requirement_of(phone([0] * 7), MONDAY, MONDAY + WEEK)

    assert need.fte == 0
    assert need.peak is None
    assert simple_equation(need) is None


def test_a_queue_without_a_forecast_has_an_empty_need():
    need = staffing.requirement_of(make_queue(), MONDAY, MONDAY + WEEK)

    assert need.is_empty
    assert need.fte is None
    assert need.forecast is None


def test_days_outside_the_forecast_do_not_thin_full_time_people():
    queue = phone([400] * 7)
    inside = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)
    beyond = staffing.requirement_of(queue, MONDAY, MONDAY + 2 * WEEK)

    assert beyond.covered_days == 7
    assert beyond.fte == pytest.approx(inside.fte)


def test_several_chats_at_once_take_fewer_people():
    queue = make_queue(handling="CHAT", channel="chat")
    published_forecast(queue, [400] * 5)
    one = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)
    given = replace(one.given, concurrency=3, slowdown=0.1)
    three = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK, assumptions=given)

    assert three.fte < one.fte


def test_an_overlay_moves_its_days_only():
    queue = phone([400] * 7)
    change = Change("Outage", 300, MONDAY, MONDAY)
    plain = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)
    need = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK, overlay=change)

    assert need.days[0].volume == pytest.approx(1600)
    assert need.days[1].volume == pytest.approx(400)
    assert need.days[1].paid_hours == pytest.approx(plain.days[1].paid_hours)
    before, after = staffing.overlay_fte(queue, change, MONDAY, MONDAY + WEEK)
    assert before == pytest.approx(plain.fte)
    assert after == pytest.approx(need.fte)


def test_the_handle_time_is_measured_where_it_is_known():
    queue = phone()
    assert staffing.assumptions_of(queue, MONDAY).handle_seconds == 300
    DayVolume.objects.create(
        queue=queue, day=MONDAY - timedelta(days=3), timed=10, handle_seconds=4000
    )

    assert staffing.assumptions_of(queue, MONDAY).handle_seconds == 400
    assert (
        staffing.requirement_of(queue, MONDAY, MONDAY + WEEK).given.handle_seconds
        == 400
    )


# Time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sunday", "intervals"), [(date(2026, 3, 29), 46), (date(2026, 10, 25), 50)]
)
def test_a_day_on_which_clocks_change_has_its_own_length(sunday, intervals):
    queue = make_queue(time_zone="Europe/Berlin")
    planned = staffing.planned_of(
        queue, sunday, sunday + timedelta(days=1), shrinkage=0
    )

    assert len(planned.starts) == intervals
    assert not planned.on_floor.any()


def test_planned_people_follow_the_wall_clock_over_a_change():
    queue = make_queue(time_zone="Europe/Berlin")
    plan_staff(queue, 4, weekdays=[5, 6], hours=(9, 17))
    saturday = date(2026, 3, 28)
    planned = staffing.planned_of(
        queue, saturday, saturday + timedelta(days=2), shrinkage=0
    )

    present = planned.starts[planned.on_floor > 0]
    assert len(present) == 32
    assert present[16] - present[0] == 23 * 3600


def test_local_times_of_the_hour_that_comes_twice():
    starts = np.array([1792886400 + 3600 * hour for hour in range(4)])
    times = local_times(starts, ZoneInfo("Europe/Berlin"))

    assert times.minutes.tolist() == [120, 120, 180, 240]
    assert set(times.weekdays.tolist()) == {6}
    grid = week_grid(times, {"people": np.array([2.0, 4.0, 1.0, 1.0])})
    assert grid.cells["people"][0, 6] == 3.0


def test_a_queue_round_the_clock_has_every_interval():
    queue = make_queue()
    published_forecast(queue, [480] * 7, opens=time(0), intervals=48)

    need = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)

    assert len(need.exact) == 336


def test_a_typical_week_is_the_mean_of_four():
    queue = make_queue()
    published_forecast(
        queue, [100] * 7 + [200] * 7 + [300] * 7 + [400] * 7, first=MONDAY + WEEK
    )
    span = typical_week(MONDAY + timedelta(days=2))
    source = sources_of([queue], span)[queue.pk]

    assert span.start == MONDAY + WEEK
    assert source.demand.mean.sum() == pytest.approx(7 * 250)


# Planned people ---------------------------------------------------------------------------


def test_planned_people_lose_what_shrinkage_takes():
    queue = phone()
    plan_staff(queue, 8)

    staffed = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    assert staffed.on_floor[0] == 8
    assert staffed.available[0] == 6
    assert staffed.fte == 8
    assert staffed.gap[0] == pytest.approx(6 - staffed.need.exact[0])


def test_a_block_counts_on_its_valid_days_only():
    queue = phone([400] * 14)
    plan_staff(queue, 8)
    PlannedStaff.objects.update(valid_until=MONDAY + timedelta(days=1))

    staffed = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    here = staffed.need.times.days - staffed.need.times.days[0]
    assert staffed.on_floor[here == 1].all()
    assert not staffed.on_floor[here == 2].any()
    assert staffed.floor_hours == 2 * 8 * 8


def test_a_block_that_covers_half_an_interval_counts_half():
    queue = phone()
    PlannedStaff.objects.create(
        queue=queue, weekday=0, starts_minute=9 * 60 + 15, ends_minute=10 * 60, people=4
    )

    staffed = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    assert staffed.on_floor[:3].tolist() == [2, 4, 0]


def test_less_than_half_of_the_need_is_a_coverage_gap():
    queue = phone()
    plan_staff(queue, 8, hours=(9, 15))
    plan_staff(queue, 2, hours=(15, 17), name="Evening")

    staffed = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    assert staffed.uncovered_hours == 5 * 2
    assert staffed.largest_gaps(1)[0].available == 1.5
    assert staffed.worst.short == pytest.approx(staffed.need.exact[0] - 1.5)


def test_planned_people_give_a_service_level_and_an_occupancy():
    queue = phone()
    plan_staff(queue, 8)
    few = staffing.gaps(queue, MONDAY, MONDAY + WEEK)
    PlannedStaff.objects.update(people=12)
    many = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    assert 0.5 < few.mean_service_level < many.mean_service_level < 1
    assert few.mean_occupancy > many.mean_occupancy


# Work that can wait -----------------------------------------------------------------------


def test_deferred_work_is_spread_over_the_staffed_hours():
    queue = mail()
    need = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)

    assert need.is_feasible
    assert not need.exact[need.hours == 0].any()
    # 1,730 e-mails of 12 minutes; what waits on Sunday night is done in the next week.
    assert need.work.sum() + need.waiting[-1] == pytest.approx(1730 * 720)
    # People are on e-mails for four fifths of their time.
    assert float(need.exact @ need.hours) == pytest.approx(need.work.sum() / 3600 / 0.8)


def test_a_longer_deadline_asks_for_fewer_people_at_once():
    queue = mail()
    source = sources_of([queue], Span(MONDAY, MONDAY + WEEK))[queue.pk]
    need = source.need(staffing.assumptions_of(queue, MONDAY))

    peaks = [promise.peak for promise in promises(source, need)]

    assert peaks == sorted(peaks, reverse=True)
    assert peaks[0] > peaks[-1]


def test_deferred_work_that_people_do_in_time_has_no_gap():
    queue = mail()
    plan_staff(queue, 30)
    enough = staffing.gaps(queue, MONDAY, MONDAY + WEEK)
    PlannedStaff.objects.update(people=5)
    too_few = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    assert enough.mean_service_level == pytest.approx(1)
    assert enough.worst is None
    assert too_few.mean_service_level < 0.5
    assert too_few.worst is not None
    assert (enough.mean_hours_late, enough.left_late) == (None, 0)
    assert 0 < too_few.mean_hours_late <= too_few.most_hours_late
    assert too_few.left_late > 0


def test_planned_people_begin_with_what_was_really_open():
    queue = mail([0] * 7)
    plan_staff(queue, 5)
    before = DayVolume.objects.filter(queue=queue)
    assert staffing.gaps(queue, MONDAY, MONDAY + WEEK).mean_service_level is None
    day = MONDAY - timedelta(days=1)
    before.filter(day=day).delete()
    DayVolume.objects.create(queue=queue, day=day, backlog=100)

    # 20 hours of work that five people do in the first of the week.
    staffed = staffing.gaps(queue, MONDAY, MONDAY + WEEK)

    assert staffed.mean_service_level == pytest.approx(1)
    assert staffed.left_late == 0
    assert float(staffed.weights.sum()) == pytest.approx(100 * 720)


@pytest.mark.parametrize("days_later", [0, 2, 4])
def test_a_list_of_queues_says_of_a_week_what_the_queue_s_own_page_says(days_later):
    queue = mail([120, 40, 40, 40, 40, 0, 0], weeks=5, first=MONDAY - 2 * WEEK)
    plan_staff(queue, 1)
    for day in range(-10, days_later):
        DayVolume.objects.update_or_create(
            queue=queue,
            day=MONDAY + timedelta(days=day),
            defaults={"backlog": 30 + day},
        )

    (line,) = overview([queue], MONDAY + timedelta(days=days_later))

    for listed, start in ((line.now, MONDAY), (line.coming, MONDAY + WEEK)):
        own = staffing.gaps(
            queue, start, start + WEEK, at=MONDAY + timedelta(days=days_later)
        )
        assert 0 < own.need.fte == pytest.approx(listed.need.fte)
        assert own.fte == listed.fte
        assert 0 < own.mean_hours_late == pytest.approx(listed.mean_hours_late)
        assert own.worst.place == listed.worst.place


def test_a_backlog_from_before_is_worked_off():
    queue = mail([0] * 7)
    DayVolume.objects.create(queue=queue, day=MONDAY - timedelta(days=1), backlog=100)

    need = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)

    assert need.work.sum() == pytest.approx(100 * 720)
    assert need.waiting[-1] == pytest.approx(0, abs=1e-6)


def test_a_typical_week_of_deferred_work_repeats():
    queue = mail(weeks=6)
    source = sources_of([queue], typical_week(MONDAY))[queue.pk]
    need = source.need(staffing.assumptions_of(queue, MONDAY))

    assert need.work.sum() == pytest.approx(need.arriving.sum(), rel=0.02)


def test_hours_that_never_open_are_not_feasible():
    queue = mail()
    CalendarInterval.objects.filter(calendar=queue.calendar).delete()

    need = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)

    assert need.work.sum() == 0
    assert need.waiting[-1] > 0


# Promises ---------------------------------------------------------------------------------


def test_a_higher_service_level_costs_more_people():
    queue = phone()
    source = sources_of([queue], week_of(MONDAY))[queue.pk]
    need = source.need(staffing.assumptions_of(queue, MONDAY))

    found = promises(source, need)

    people = [promise.fte for promise in found]
    assert people == sorted(people)
    assert [promise.level for promise in found if promise.is_chosen] == [0.8]
    names = [effect.name for effect in effects(source, need)]
    assert {"volume", "handle_seconds", "shrinkage", "service_level"} <= set(names)


def test_effects_of_deferred_work_move_with_the_work():
    queue = mail(weeks=6)
    source = sources_of([queue], typical_week(MONDAY))[queue.pk]
    need = source.need(staffing.assumptions_of(queue, MONDAY))

    found = {effect.name: effect for effect in effects(source, need)}

    assert found["volume"].fte_high == pytest.approx(1.1 * need.fte, rel=1e-6)
    assert found["handle_seconds"].fte_low == pytest.approx(0.9 * need.fte, rel=0.02)


def test_the_simple_equation_gives_the_numbers_of_its_source():
    queue = phone([500] * 5 + [0, 0])
    Assumptions.objects.filter(queue=queue).update(handle_seconds=1200)
    need = staffing.requirement_of(queue, MONDAY, MONDAY + WEEK)

    equation = simple_equation(need)

    assert equation.work_minutes == pytest.approx(10_000)
    assert equation.minutes_per_agent == pytest.approx(360)
    assert equation.agents == 28
    assert people_a_day(need) > equation.exact


# Many queues ------------------------------------------------------------------------------


def test_overview_adds_up_before_rounding():
    queues = [phone([100] * 14) for _ in range(3)]

    lines = overview(queues, MONDAY)

    assert totals(lines).now == pytest.approx(3 * lines[0].now.need.fte)
    assert totals(lines).coming == pytest.approx(totals(lines).now)


@pytest.mark.parametrize("count", [1, 3])
def test_overview_reads_any_number_of_queues_at_once(count, django_assert_num_queries):
    queues = [phone([100] * 14) for _ in range(count)]
    queues += [mail(hours=False) for _ in range(count)]

    with django_assert_num_queries(7):
        overview(queues, MONDAY)


def test_queues_searched_for_together_need_what_each_needs_alone():
    queues = [
        phone([400] * 7),
        phone([90] * 7),
        phone([700] * 7, handling="CHAT", channel="chat"),
        mail([60] * 14),
    ]
    for queue, patience, level in zip(
        queues, (None, 60, 120), (80, 80, 90), strict=False
    ):
        Assumptions.objects.filter(queue=queue).update(
            patience_seconds=patience, service_level=Decimal(level) / 100
        )
    sources = sources_of(queues, week_of(MONDAY))
    given = {queue.pk: staffing.assumptions_of(queue, MONDAY) for queue in queues}

    together = needs_of(sources, given)

    for queue in queues:
        alone = sources[queue.pk].need(given[queue.pk])
        found = together[queue.pk]
        assert found.exact == pytest.approx(alone.exact, abs=1e-6)
        assert found.careful == pytest.approx(alone.careful, abs=1e-6)
        assert found.agents.tolist() == alone.agents.tolist()
        assert alone.exact.any()


def test_intervals_are_read_as_they_are_stored():
    queue = phone([400, 0, 350])
    rows = ForecastDay.objects.filter(forecast__queue=queue).order_by("day")
    held = [row.intervals for row in rows]

    demand = demand_of([queue], MONDAY, MONDAY + WEEK)[queue.pk]

    assert demand.times.starts.tolist() == [
        each for day in held for each in day["starts"]
    ]
    assert demand.mean.tolist() == [each for day in held for each in day["mean"]]


def test_lists_of_intervals_are_put_behind_one_another():
    found = joined(["[1, 2.5]", "[]", "[3]"])

    assert found.values == [1, 2.5, 3]
    assert found.counts == [2, 0, 1]


def test_fte_needed_is_given_by_month_and_says_what_it_covers():
    queue = make_queue()
    published_forecast(queue, [400] * 40, first=date(2026, 3, 1))
    other = make_queue()

    needed = staffing.fte_needed(
        [queue.pk, other.pk], [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
    )

    assert needed.fte[0, 0] == pytest.approx(needed.fte[0, 1])
    assert np.isnan(needed.fte[0, 2])
    assert needed.covered[0].tolist() == [1.0, 0.3, 0.0]
    assert np.isnan(needed.fte[1]).all()
    assert needed.total[0] == pytest.approx(needed.fte[0, 0])


def test_saved_changes_name_who_and_what():
    queue, ada = make_queue(), UserFactory()
    save_assumptions(
        queue_id=queue.pk, values={"handle_seconds": 360}, actor=ada,
        at=datetime(2036, 3, 2, 9, tzinfo=UTC), reason="Longer calls",
    )  # fmt: skip
    (change,) = saved_changes(Assumptions.objects.get(queue=queue))

    assert (change.by, change.reason) == (str(ada), "Longer calls")
    assert change.fields == [("handle_seconds", 300, 360)]
