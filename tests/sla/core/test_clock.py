import pytest

from sla.core.calendar import BusinessCalendar
from sla.core.clock import ClockResult, ClockRules
from tests.sla.core.clock_stories import (
    ALL,
    ALWAYS,
    HOUR,
    OFFICE,
    at,
    clocks,
    one,
    story,
)

# What is due, and when it is kept


def test_result_has_every_field_of_the_contract():
    events = story("5 09:00 created", "5 10:00 paused", "5 10:30 resumed")

    assert one(events, "resolution", 2 * HOUR, "5 12:00") == ClockResult(
        metric="resolution",
        cycle=1,
        started_at=at("5 09:00"),
        due_at=at("5 11:30"),
        stopped_at=None,
        paused_seconds=1800,
        elapsed_seconds=9000,
        breach_seconds=1800,
        state="running",
        target_seconds=7200,
    )


def test_target_used_exactly_is_met():
    events = story("5 09:00 created", "5 11:00 resolved")

    clock = one(events, "resolution", 2 * HOUR, "5 12:00")

    assert (clock.state, clock.breach_seconds) == ("met", 0)
    assert clock.due_at == at("5 11:00")


def test_target_passed_by_one_second_is_missed():
    events = story("5 09:00 created", "5 11:00:01 resolved")

    clock = one(events, "resolution", 2 * HOUR, "5 12:00")

    assert (clock.state, clock.breach_seconds) == ("missed", 1)
    assert clock.due_at == at("5 11:00")


def test_target_that_fills_the_day_is_due_at_the_next_opening():
    clock = one(story("5 09:00 created"), "resolution", 8 * HOUR, "5 10:00")

    assert clock.due_at == at("6 09:00")


def test_target_that_filled_the_day_is_met_all_night():
    events = story("5 09:00 created", "5 23:00 resolved")

    clock = one(events, "resolution", 8 * HOUR, "6 12:00")

    assert (clock.state, clock.elapsed_seconds) == ("met", 8 * HOUR)
    assert clock.due_at == at("6 09:00")


def test_due_skips_the_night_and_the_holiday():
    clock = one(story("6 16:00 created"), "resolution", 2 * HOUR, "6 16:10")

    assert clock.due_at == at("8 10:00")


def test_running_clock_past_due_keeps_running_with_the_due_that_passed():
    clock = one(story("5 09:00 created"), "resolution", HOUR, "5 15:00")

    assert clock.state == "running"
    assert clock.due_at == at("5 10:00")
    assert clock.breach_seconds == 5 * HOUR
    assert clock.stopped_at is None


def test_clock_without_target_is_measured_and_never_late():
    events = story("5 09:00 created", "6 09:00 resolved")

    clock = one(events, "resolution", None, "6 12:00")

    assert clock.elapsed_seconds == 8 * HOUR
    assert (clock.due_at, clock.breach_seconds, clock.state) == (None, 0, "met")
    assert clock.target_seconds is None


def test_target_of_zero_is_due_at_once_or_at_the_opening():
    inside = one(story("5 10:00 created"), "resolution", 0, "5 10:00")
    outside = one(story("5 18:00 created"), "resolution", 0, "5 19:00")

    assert (inside.due_at, inside.breach_seconds) == (at("5 10:00"), 0)
    assert (outside.due_at, outside.breach_seconds) == (at("6 09:00"), 0)


def test_fraction_of_a_second_in_a_target_changes_no_judgement():
    events = story("5 09:00 created", "5 10:00 resolved")

    assert one(events, "resolution", 3600.9, "5 12:00").state == "met"
    assert one(events, "resolution", 3599.9, "5 12:00").state == "missed"


def test_metric_without_entry_gives_no_result():
    events = story("5 09:00 created", "5 10:00 agent_reply")

    assert [c.metric for c in clocks(events, {"resolution": 1}, "5 11:00")] == [
        "resolution"
    ]
    assert clocks(events, {}, "5 11:00") == []


def test_results_come_in_the_order_of_metrics_then_cycles():
    events = story(
        "5 09:00 created",
        "5 10:00 agent_reply",
        "5 11:00 customer_reply",
        "5 12:00 agent_reply",
    )
    targets = dict.fromkeys(reversed(ALL), HOUR)

    assert [(c.metric, c.cycle) for c in clocks(events, targets, "5 13:00")] == [
        ("first_response", 1),
        ("next_reply", 1),
        ("next_reply", 2),
        ("periodic_update", 1),
        ("periodic_update", 2),
        ("resolution", 1),
    ]


# Pauses


def test_paused_clock_has_nothing_due():
    events = story("5 09:00 created", "5 10:00 paused")

    clock = one(events, "resolution", 2 * HOUR, "5 16:00")

    assert (clock.state, clock.due_at) == ("paused", None)
    assert (clock.elapsed_seconds, clock.paused_seconds) == (HOUR, 6 * HOUR)


def test_clock_paused_when_overdue_keeps_the_due_that_passed():
    events = story("5 09:00 created", "5 12:00 paused")

    clock = one(events, "resolution", 2 * HOUR, "5 16:00")

    assert (clock.state, clock.due_at) == ("paused", at("5 11:00"))
    assert clock.breach_seconds == HOUR


def test_pause_over_night_and_holiday_counts_open_seconds_only():
    events = story("6 09:00 created", "6 16:59:30 paused", "8 09:00:15 resumed")

    clock = one(events, "resolution", 8 * HOUR, "8 10:00")

    assert clock.paused_seconds == 45
    assert clock.due_at == at("8 09:00:45")


def test_pause_is_not_lost_when_the_ticket_is_resolved_from_it():
    events = story("5 09:00 created", "5 10:00 paused", "6 12:00 resolved")

    clock = one(events, "resolution", 2 * HOUR, "6 13:00")

    assert (clock.state, clock.elapsed_seconds) == ("met", HOUR)
    assert clock.paused_seconds == 10 * HOUR
    assert clock.stopped_at == at("6 12:00")


def test_created_and_paused_at_one_instant_is_created_pending():
    events = story("5 09:00 created", "5 09:00 paused", "5 11:00 resumed")

    clock = one(events, "first_response", HOUR, "5 11:30")

    assert (clock.started_at, clock.due_at) == (at("5 09:00"), at("5 12:00"))
    assert (clock.elapsed_seconds, clock.paused_seconds) == (1800, 2 * HOUR)


def test_pause_set_twice_is_one_pause():
    events = story(
        ("5 09:00 created", "p2"),
        ("5 10:00 paused", "waiting on customer"),
        ("5 11:00 paused", "third party"),
        "5 12:00 resumed",
        "5 12:30 resumed",
    )

    clock = one(events, "resolution", 4 * HOUR, "5 13:00")

    assert (clock.elapsed_seconds, clock.paused_seconds) == (2 * HOUR, 2 * HOUR)


def test_pauses_do_not_stop_a_metric_that_the_rules_exclude():
    events = story("5 09:00 created", "5 09:30 paused")
    rules = ClockRules(not_paused=frozenset({"first_response"}))

    response, resolution = clocks(
        events, {"first_response": HOUR, "resolution": HOUR}, "5 11:00", rules
    )

    assert (response.state, response.due_at) == ("running", at("5 10:00"))
    assert (response.paused_seconds, response.breach_seconds) == (0, HOUR)
    assert (resolution.state, resolution.due_at) == ("paused", None)


def test_reply_while_paused_stops_the_clock():
    events = story("5 09:00 created", "5 09:30 paused", "5 15:00 agent_reply")

    clock = one(events, "first_response", HOUR, "5 16:00")

    assert (clock.state, clock.stopped_at) == ("met", at("5 15:00"))
    assert (clock.elapsed_seconds, clock.due_at) == (1800, at("5 15:30"))


# Priority and calendar


PER_PRIORITY = {"p1": HOUR, "p2": 4 * HOUR, "p3": None}


def test_first_priority_comes_with_the_creation():
    clock = one(story(("5 09:00 created", "p2")), "resolution", PER_PRIORITY, "5 10:00")

    assert clock.due_at == at("5 13:00")


def test_priority_change_keeps_start_elapsed_and_pauses():
    events = story(
        ("5 09:00 created", "p2"),
        "5 10:00 paused",
        "5 11:00 resumed",
        ("5 11:30 priority_changed", "p1"),
    )

    clock = one(events, "resolution", PER_PRIORITY, "5 12:00")

    assert clock.started_at == at("5 09:00")
    assert (clock.elapsed_seconds, clock.paused_seconds) == (2 * HOUR, HOUR)
    assert (clock.due_at, clock.breach_seconds) == (at("5 11:00"), HOUR)


def test_priority_change_inside_a_pause_keeps_the_pause():
    events = story(
        ("5 09:00 created", "p2"),
        ("5 10:00 paused", "waiting on customer"),
        ("5 11:00 priority_changed", "p1"),
        "5 12:00 resumed",
    )

    clock = one(events, "resolution", PER_PRIORITY, "5 12:30")

    assert (clock.elapsed_seconds, clock.paused_seconds) == (5400, 2 * HOUR)


def test_stopped_clock_is_judged_by_the_priority_at_its_stop():
    events = story(
        ("5 09:00 created", "p2"),
        "5 12:00 resolved",
        ("5 12:00 priority_changed", "p1"),
        ("5 13:00 priority_changed", "p1"),
    )

    clock = one(events, "resolution", PER_PRIORITY, "5 14:00")

    assert (clock.state, clock.target_seconds) == ("met", 4 * HOUR)


def test_answered_reply_is_judged_by_the_priority_at_the_resolution():
    events = story(
        ("5 09:00 created", "p2"),
        "5 12:00 resolved",
        ("5 13:00 priority_changed", "p1"),
    )

    clock = one(events, "first_response", PER_PRIORITY, "5 14:00")

    assert (clock.state, clock.target_seconds) == ("met", 4 * HOUR)


@pytest.mark.parametrize("priority", ["p3", "p9", None])
def test_priority_without_promise_is_measured_only(priority):
    events = story(("5 09:00 created", "p1"), ("5 09:30 priority_changed", priority))

    clock = one(events, "resolution", PER_PRIORITY, "5 12:00")

    assert clock.elapsed_seconds == 3 * HOUR
    assert (clock.due_at, clock.breach_seconds, clock.state) == (None, 0, "running")


def test_each_stretch_is_counted_on_the_calendar_of_its_priority():
    events = story(("5 16:00 created", "p2"), ("5 20:00 priority_changed", "p1"))
    calendars = {"": OFFICE, "p1": ALWAYS}

    clock = one(events, "resolution", 4 * HOUR, "5 22:00", calendar=calendars)

    # One office hour until 17:00, nothing until 20:00, then round the clock.
    assert clock.elapsed_seconds == 3 * HOUR
    assert clock.due_at == at("5 23:00")


def test_priority_that_loses_its_calendar_goes_on_in_office_hours():
    events = story(("5 20:00 created", "p1"), ("5 22:00 priority_changed", "p2"))
    calendars = {"": OFFICE, "p1": ALWAYS}

    clock = one(events, "resolution", 4 * HOUR, "5 23:00", calendar=calendars)

    assert (clock.elapsed_seconds, clock.due_at) == (2 * HOUR, at("6 11:00"))


def test_missing_calendar_is_refused():
    with pytest.raises(ValueError, match="no calendar for priority 'p2'"):
        one(
            story(("5 09:00 created", "p2")),
            "resolution",
            HOUR,
            "5 10:00",
            calendar={"p1": ALWAYS},
        )


# The event list


def test_events_of_one_instant_keep_their_order():
    opened_last = story("5 09:00 created", "5 10:00 paused", "5 10:00 resumed")
    paused_last = story("5 09:00 created", "5 10:00 resumed", "5 10:00 paused")

    assert one(opened_last, "resolution", HOUR, "5 12:00").state == "running"
    assert one(paused_last, "resolution", HOUR, "5 12:00").state == "paused"


def test_events_may_come_in_any_order():
    events = story(
        "5 09:00 created", "5 10:00 agent_reply", "5 11:00 paused", "5 12:00 resumed"
    )
    targets = dict.fromkeys(ALL, HOUR)

    assert clocks(events[::-1], targets, "5 13:00") == clocks(
        events, targets, "5 13:00"
    )


def test_what_is_dated_before_the_creation_happens_at_it():
    events = story("5 08:59 agent_reply", "5 10:00 created")

    clock = one(events, "first_response", HOUR, "5 11:00")

    assert (clock.started_at, clock.stopped_at) == (at("5 10:00"), at("5 10:00"))
    assert (clock.elapsed_seconds, clock.state) == (0, "met")


def test_cycle_never_starts_before_the_creation():
    events = story("5 08:58 agent_reply", "5 08:59 customer_reply", "5 09:00 created")
    targets = dict.fromkeys(("next_reply", "periodic_update"), HOUR)

    assert [
        (clock.metric, clock.started_at, clock.stopped_at)
        for clock in clocks(events, targets, "5 10:00")
    ] == [
        ("next_reply", at("5 09:00"), at("5 09:00")),
        ("next_reply", at("5 09:00"), None),
        ("periodic_update", at("5 09:00"), None),
    ]


def test_events_after_now_have_not_happened():
    events = story("5 09:00 created", "5 10:00 resolved")

    clock = one(events, "resolution", 2 * HOUR, "5 09:30")

    assert (clock.state, clock.elapsed_seconds) == ("running", 1800)


def test_no_clock_runs_before_or_without_a_creation():
    assert clocks(story("5 09:00 created"), {"resolution": HOUR}, "5 08:00") == []
    assert clocks(story("5 09:00 agent_reply"), {"resolution": HOUR}, "5 10:00") == []
    assert clocks([], {"resolution": HOUR}, "5 10:00") == []


def test_unknown_events_tell_the_clocks_nothing():
    events = story("5 09:00 created", "5 09:30 tagged", "5 09:40 survey_sent")

    assert one(events, "resolution", HOUR, "5 10:00") == one(
        events[:1], "resolution", HOUR, "5 10:00"
    )


# Refusals


def test_unknown_metric_is_refused():
    with pytest.raises(ValueError, match=r"unknown metrics: \['time_to_own'\]"):
        clocks(story("5 09:00 created"), {"time_to_own": HOUR}, "5 10:00")


def test_negative_target_is_refused():
    with pytest.raises(ValueError, match=r"target of resolution .* -60"):
        one(story("5 09:00 created"), "resolution", -60, "5 10:00")


def test_calendar_that_never_opens_is_refused_when_a_deadline_is_asked():
    never = BusinessCalendar("UTC", {})
    events = story("5 09:00 created")

    with pytest.raises(ValueError, match="open"):
        one(events, "resolution", HOUR, "5 10:00", calendar=never)
    assert one(events, "resolution", None, "5 10:00", calendar=never).due_at is None
