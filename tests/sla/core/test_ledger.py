from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core.calendar import BusinessCalendar
from sla.core.clock import METRICS, ClockEvent, ClockRules, run_clocks
from sla.core.ledger import MOST_ROWS, explain
from tests.sla.core.clock_stories import ALWAYS, HOUR, OFFICE, at, story

NAMED = BusinessCalendar(
    "UTC",
    {day: [(time(9), time(17))] for day in range(5)},
    holidays={date(2026, 1, 7): "Founders' day"},
    exceptions={date(2026, 1, 9): []},
)


def ledger(events, target, now, calendar=NAMED, rules=None):
    return explain(
        events,
        {"resolution": target},
        calendar,
        at(now),
        metric="resolution",
        cycle=1,
        rules=rules or ClockRules(),
    )


def lines(found):
    """Rows as ``(from, to, kind, reason, counted, sum, marks)``."""

    def moment(epoch):
        return datetime.fromtimestamp(epoch, UTC).strftime("%-d %H:%M")

    def marks(row):
        flags = {"due": row.is_due, "late": row.is_overdue, "ahead": row.is_projected}
        return " ".join(name for name, is_set in flags.items() if is_set)

    return [
        (
            moment(row.starts_at),
            moment(row.ends_at),
            row.kind,
            row.reason,
            row.counted_seconds / HOUR,
            row.running_seconds / HOUR,
            marks(row),
        )
        for row in found.rows
    ]


def test_running_clock_is_explained_up_to_its_deadline():
    events = story(
        "6 15:00 created",
        ("6 15:30 paused", "waiting on customer"),
        "6 16:30 resumed",
    )

    found = ledger(events, 2 * HOUR, "6 16:45")

    assert lines(found) == [
        ("6 15:00", "6 15:30", "open", "", 0.5, 0.5, ""),
        ("6 15:30", "6 16:30", "paused", "waiting on customer", 0, 0.5, ""),
        ("6 16:30", "6 16:45", "open", "", 0.25, 0.75, ""),
        ("6 16:45", "6 17:00", "open", "", 0.25, 1, "ahead"),
        ("6 17:00", "7 00:00", "closed", "outside hours", 0, 1, "ahead"),
        ("7 00:00", "8 00:00", "holiday", "Founders' day", 0, 1, "ahead"),
        ("8 00:00", "8 09:00", "closed", "outside hours", 0, 1, "ahead"),
        ("8 09:00", "8 10:00", "open", "", 1, 2, "due ahead"),
    ]
    assert found.result.due_at == at("8 10:00")
    assert found.total_seconds == 2 * HOUR


def test_clock_stopped_early_ends_at_its_stop():
    events = story("5 16:00 created", "6 10:00 resolved")

    found = ledger(events, 4 * HOUR, "8 12:00")

    assert lines(found) == [
        ("5 16:00", "5 17:00", "open", "", 1, 1, ""),
        ("5 17:00", "6 09:00", "closed", "outside hours", 0, 1, ""),
        ("6 09:00", "6 10:00", "open", "", 1, 2, ""),
    ]


def test_late_clock_has_its_deadline_marked_and_the_time_after_it():
    events = story("5 09:00 created", ("5 12:00 paused", ""), "5 13:00 resumed")

    found = ledger(events, 2 * HOUR, "5 14:00")

    assert lines(found) == [
        ("5 09:00", "5 11:00", "open", "", 2, 2, "due"),
        ("5 11:00", "5 12:00", "open", "", 1, 3, "late"),
        ("5 12:00", "5 13:00", "paused", "paused", 0, 3, "late"),
        ("5 13:00", "5 14:00", "open", "", 1, 4, "late"),
    ]


def test_weekend_and_a_day_closed_by_exception_are_told_apart():
    found = ledger(story("8 16:00 created"), 2 * HOUR, "8 16:00")

    assert lines(found)[1:4] == [
        ("8 17:00", "9 00:00", "closed", "outside hours", 0, 1, "ahead"),
        ("9 00:00", "10 00:00", "closed", "closed that day", 0, 1, "ahead"),
        ("10 00:00", "12 09:00", "closed", "outside hours", 0, 1, "ahead"),
    ]


def test_hours_around_a_dated_opening_are_outside_hours():
    short_day = BusinessCalendar(
        "UTC", {}, exceptions={date(2026, 1, 13): [(time(10), time(12))]}
    )

    found = ledger(story("13 08:00 created"), HOUR, "13 08:00", short_day)

    assert lines(found)[0][:4] == ("13 08:00", "13 10:00", "closed", "outside hours")


def test_paused_clock_ends_now_with_nothing_due():
    events = story("5 09:00 created", ("5 10:00 paused", "third party"))

    found = ledger(events, 2 * HOUR, "6 10:00")

    assert lines(found) == [
        ("5 09:00", "5 10:00", "open", "", 1, 1, ""),
        ("5 10:00", "6 10:00", "paused", "third party", 0, 1, ""),
    ]
    assert found.rows[1].open_seconds == found.result.paused_seconds == 8 * HOUR


def test_pause_whose_reason_changes_has_two_rows():
    events = story(
        "5 09:00 created",
        ("5 10:00 paused", "waiting on customer"),
        ("5 11:00 paused", "third party"),
        "5 12:00 resumed",
    )

    found = ledger(events, 2 * HOUR, "5 12:00")

    assert [row.reason for row in found.rows] == [
        "",
        "waiting on customer",
        "third party",
        "",
    ]


def test_priority_change_inside_a_pause_keeps_its_reason_and_its_row():
    events = story(
        ("5 09:00 created", "p2"),
        ("5 10:00 paused", "third party"),
        ("5 11:00 priority_changed", "p1"),
        "5 12:00 resumed",
    )

    found = ledger(events, None, "5 12:00")

    assert lines(found) == [
        ("5 09:00", "5 10:00", "open", "", 1, 1, ""),
        ("5 10:00", "5 12:00", "paused", "third party", 0, 1, ""),
    ]


def test_resolved_time_of_a_reopened_reply_clock_is_a_pause():
    events = story("5 09:00 created", "5 10:00 resolved", "5 12:00 reopened")

    found = explain(
        events,
        {"first_response": 2 * HOUR},
        OFFICE,
        at("5 12:00"),
        metric="first_response",
        cycle=1,
    )

    assert lines(found)[1][:4] == ("5 10:00", "5 12:00", "paused", "resolved")
    assert found.rows[-1].ends_at == at("5 13:00")


def test_exact_fit_is_due_where_the_night_ends():
    found = ledger(story("5 09:00 created"), 8 * HOUR, "5 09:00")

    assert lines(found) == [
        ("5 09:00", "5 17:00", "open", "", 8, 8, "ahead"),
        ("5 17:00", "6 09:00", "closed", "outside hours", 0, 8, "due ahead"),
    ]


def test_target_of_zero_has_its_deadline_before_the_first_overdue_row():
    found = ledger(story("5 09:00 created"), 0, "5 10:00")

    assert lines(found) == [
        ("5 09:00", "5 09:00", "open", "", 0, 0, "due"),
        ("5 09:00", "5 10:00", "open", "", 1, 1, "late"),
    ]


def test_round_the_clock_hours_are_one_row():
    found = ledger(story("5 09:00 created"), 100 * HOUR, "5 09:00", ALWAYS)

    assert len(found.rows) == 1


def test_priority_change_cuts_no_row():
    events = story(("5 09:00 created", "p2"), ("5 10:00 priority_changed", "p1"))

    found = ledger(events, None, "5 12:00")

    assert lines(found) == [("5 09:00", "5 12:00", "open", "", 3, 3, "")]


def test_holidays_are_those_of_the_calendars_zone():
    tokyo = BusinessCalendar(
        "Asia/Tokyo",
        {day: [(time(9), time(17))] for day in range(5)},
        holidays={date(2026, 1, 7): "Nanakusa"},
    )

    found = ledger(story("6 07:00 created"), 2 * HOUR, "6 07:00", tokyo)

    assert [(row[0], row[1], row[3]) for row in lines(found)] == [
        ("6 07:00", "6 08:00", ""),
        ("6 08:00", "6 15:00", "outside hours"),
        ("6 15:00", "7 15:00", "Nanakusa"),
        ("7 15:00", "8 00:00", "outside hours"),
        ("8 00:00", "8 01:00", ""),
    ]


def test_long_ledger_folds_its_middle_and_keeps_the_sum():
    found = ledger(story("5 09:00 created"), 2000 * HOUR, "5 10:00")

    assert len(found.rows) == MOST_ROWS
    [fold] = [row for row in found.rows if row.kind == "folded"]
    assert fold.reason == f"{fold.days} more days"
    assert fold.starts_at == datetime(2026, 3, 13, 17, tzinfo=UTC).timestamp()
    assert fold.ends_at == datetime(2026, 10, 14, 17, tzinfo=UTC).timestamp()
    assert fold.days == 215
    assert sum(row.counted_seconds for row in found.rows) == 2000 * HOUR
    assert found.rows[-1].is_due


def test_folding_never_hides_the_deadline():
    now = int(datetime(2029, 1, 5, tzinfo=UTC).timestamp())
    found = explain(
        story("5 09:00 created"),
        {"resolution": 1200 * HOUR},
        NAMED,
        now,
        metric="resolution",
        cycle=1,
    )

    assert len(found.rows) == MOST_ROWS
    assert [row.is_overdue for row in found.rows if row.kind == "folded"] == [
        False,
        True,
    ]
    [due] = [row for row in found.rows if row.is_due]
    assert (due.kind, due.running_seconds) == ("closed", 1200 * HOUR)


@pytest.mark.parametrize(("metric", "cycle"), [("resolution", 2), ("resolution", 0)])
def test_cycle_that_is_not_there_is_refused(metric, cycle):
    with pytest.raises(ValueError, match=f"no cycle {cycle} of resolution"):
        explain(
            story("5 09:00 created"),
            {"resolution": HOUR},
            OFFICE,
            at("5 10:00"),
            metric=metric,
            cycle=cycle,
        )


def test_ticket_not_created_yet_is_refused():
    with pytest.raises(ValueError, match="the ticket has 0"):
        ledger(story("5 09:00 created"), HOUR, "5 08:00")


KINDS = (
    "customer_reply",
    "agent_reply",
    "paused",
    "resumed",
    "resolved",
    "reopened",
    "priority_changed",
)
BERLIN = BusinessCalendar(
    "Europe/Berlin",
    {day: [(time(1), time(4)), (time(9), time(0))] for day in range(7)},
    holidays=[date(2026, 3, 31)],
)
# A fortnight around the night in which Berlin's clocks skip an hour.
MARCH = int(datetime(2026, 3, 23, tzinfo=UTC).timestamp())
MOMENTS = st.integers(0, 14 * 86_400)
EVENTS = st.lists(st.tuples(MOMENTS, st.sampled_from(KINDS)), max_size=10)
TARGETS = st.one_of(st.none(), st.integers(0, 90 * HOUR))


@given(EVENTS, MOMENTS, TARGETS, st.booleans())
def test_ledger_adds_up_to_the_clock(moments, after, target, is_mixed):
    calendar = {"": BERLIN, "p1": ALWAYS} if is_mixed else BERLIN
    events = [ClockEvent(MARCH, "created")]
    events += [ClockEvent(MARCH + moment, kind, "p1") for moment, kind in moments]
    targets = dict.fromkeys(METRICS, target)
    now = MARCH + after

    for clock in run_clocks(events, targets, calendar, now):
        found = explain(
            events, targets, calendar, now, metric=clock.metric, cycle=clock.cycle
        )
        assert found.result == clock
        adds_up(found, now)


def adds_up(found, now):
    clock, rows = found.result, found.rows
    ends_at = now if clock.stopped_at is None else clock.stopped_at
    if clock.state == "running" and clock.due_at is not None:
        ends_at = max(now, clock.due_at)
    assert [row.ends_at for row in rows[:-1]] == [row.starts_at for row in rows[1:]]
    if rows:
        assert (rows[0].starts_at, rows[-1].ends_at) == (clock.started_at, ends_at)
    actual = [row for row in rows if not row.is_projected]
    assert sum(row.counted_seconds for row in actual) == clock.elapsed_seconds
    pauses = [row.open_seconds for row in actual if row.kind == "paused"]
    assert sum(pauses) == clock.paused_seconds
    late = [row.counted_seconds for row in rows if row.is_overdue]
    assert sum(late) == clock.breach_seconds
    due = [row.running_seconds for row in rows if row.is_due]
    assert due in ([], [clock.target_seconds])
    if clock.breach_seconds or (clock.state == "running" and clock.due_at is not None):
        assert due == [clock.target_seconds]
    for earlier, later in pairwise(rows):
        assert later.running_seconds == earlier.running_seconds + later.counted_seconds
