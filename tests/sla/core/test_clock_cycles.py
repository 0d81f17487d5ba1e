"""When each metric's cycles start and stop."""

import pytest

from sla.core.clock import ClockEvent, ClockRules
from tests.sla.core.clock_stories import ALL, HOUR, at, clocks, cycles, one, story

# First response


def test_first_response_runs_once():
    events = story(
        "5 09:00 created",
        "5 10:00 agent_reply",
        "5 11:00 customer_reply",
        "5 12:00 agent_reply",
    )

    assert cycles(events, "first_response", "5 13:00") == [
        (at("5 09:00"), at("5 10:00"), HOUR, "met")
    ]


@pytest.mark.parametrize(
    ("kinds", "stopped_at"),
    [
        ({"agent_reply"}, "5 12:00"),
        ({"took_charge"}, "5 10:00"),
        ({"agent_reply", "took_charge"}, "5 10:00"),
    ],
)
def test_what_counts_as_first_response_is_the_policys_choice(kinds, stopped_at):
    events = story("5 09:00 created", "5 10:00 took_charge", "5 12:00 agent_reply")
    rules = ClockRules(first_response=frozenset(kinds))

    clock = one(events, "first_response", HOUR, "5 13:00", rules)

    assert clock.stopped_at == at(stopped_at)


# Next reply


def test_next_reply_runs_from_the_oldest_unanswered_contact():
    events = story(
        "5 09:00 created",
        "5 10:00 agent_reply",
        "5 11:00 customer_reply",
        "5 12:00 customer_reply",
        "5 14:00 agent_reply",
    )

    assert cycles(events, "next_reply", "5 15:00") == [
        (at("5 09:00"), at("5 10:00"), HOUR, "met"),
        (at("5 11:00"), at("5 14:00"), 3 * HOUR, "missed"),
    ]


def test_next_reply_may_leave_what_the_first_response_answers_out():
    events = story(
        "5 09:00 created",
        "5 09:00 customer_reply",
        "5 09:30 customer_reply",
        "5 10:00 agent_reply",
        "5 11:00 customer_reply",
    )
    rules = ClockRules(next_reply_from_creation=False)

    assert cycles(events, "next_reply", "5 12:00", rules) == [
        (at("5 11:00"), None, HOUR, "running")
    ]


def test_second_agent_reply_in_a_row_starts_no_reply_clock():
    events = story("5 09:00 created", "5 10:00 agent_reply", "5 11:00 agent_reply")

    assert len(cycles(events, "next_reply", "5 12:00")) == 1


def test_contact_during_a_pause_starts_a_paused_clock():
    events = story(
        "5 09:00 created",
        "5 10:00 agent_reply",
        "5 10:00 paused",
        "5 11:00 customer_reply",
    )

    clock = clocks(events, {"next_reply": HOUR}, "5 12:00")[1]

    assert (clock.started_at, clock.state) == (at("5 11:00"), "paused")
    assert (clock.elapsed_seconds, clock.paused_seconds) == (0, HOUR)


# Periodic update


def test_periodic_update_runs_from_reply_to_reply_until_resolved():
    events = story(
        "5 09:00 created",
        "5 10:00 agent_reply",
        "5 13:00 agent_reply",
        "5 14:00 resolved",
    )

    assert cycles(events, "periodic_update", "5 16:00") == [
        (at("5 10:00"), at("5 13:00"), 3 * HOUR, "missed"),
        (at("5 13:00"), at("5 14:00"), HOUR, "met"),
    ]


def test_periodic_update_waits_for_the_first_reply():
    assert cycles(story("5 09:00 created"), "periodic_update", "5 16:00") == []


def test_periodic_update_starts_again_at_the_reopening():
    answered = story(
        "5 09:00 created",
        "5 10:00 agent_reply",
        "5 11:00 resolved",
        "5 14:00 reopened",
    )
    never_answered = story("5 09:00 created", "5 11:00 resolved", "5 14:00 reopened")

    assert cycles(answered, "periodic_update", "5 15:00") == [
        (at("5 10:00"), at("5 11:00"), HOUR, "met"),
        (at("5 14:00"), None, HOUR, "running"),
    ]
    assert cycles(never_answered, "periodic_update", "5 15:00") == []


# Resolved, reopened, closed


def test_reopening_starts_a_new_resolution_cycle():
    events = story(
        "5 09:00 created",
        "5 10:00 resolved",
        "5 12:00 reopened",
        "5 16:00 closed",
    )

    assert cycles(events, "resolution", "6 12:00") == [
        (at("5 09:00"), at("5 10:00"), HOUR, "met"),
        (at("5 12:00"), at("5 16:00"), 4 * HOUR, "missed"),
    ]


def test_reopening_may_continue_the_old_cycle_with_the_resolved_time_taken_off():
    events = story("5 09:00 created", "5 10:00 resolved", "5 12:00 reopened")
    rules = ClockRules(reopen="continue")

    clock = one(events, "resolution", 2 * HOUR, "5 12:30", rules)

    assert (clock.cycle, clock.started_at) == (1, at("5 09:00"))
    assert (clock.elapsed_seconds, clock.paused_seconds) == (5400, 2 * HOUR)
    assert (clock.state, clock.due_at) == ("running", at("5 13:00"))


def test_continued_cycle_stops_at_the_last_resolution():
    events = story(
        "5 09:00 created",
        "5 10:00 resolved",
        "5 12:00 reopened",
        "5 12:30 resolved",
        "5 13:00 closed",
    )
    rules = ClockRules(reopen="continue")

    clock = one(events, "resolution", 2 * HOUR, "6 12:00", rules)

    assert (clock.state, clock.stopped_at) == ("met", at("5 12:30"))
    assert (clock.elapsed_seconds, clock.paused_seconds) == (5400, 2 * HOUR)


@pytest.mark.parametrize("metric", ["first_response", "next_reply"])
def test_resolution_answers_open_reply_clocks(metric):
    events = story("5 09:00 created", "5 10:00 resolved")

    assert cycles(events, metric, "6 12:00") == [
        (at("5 09:00"), at("5 10:00"), HOUR, "met")
    ]


@pytest.mark.parametrize("metric", ["first_response", "next_reply"])
def test_reopening_lets_reply_clocks_go_on_without_the_resolved_time(metric):
    events = story("5 09:00 created", "5 10:00 resolved", "5 12:00 reopened")

    clock = one(events, metric, 2 * HOUR, "5 12:30")

    assert (clock.cycle, clock.state, clock.due_at) == (1, "running", at("5 13:00"))
    assert (clock.elapsed_seconds, clock.paused_seconds) == (5400, 2 * HOUR)


def test_reply_to_a_resolved_ticket_stands_when_it_is_reopened():
    events = story(
        "5 09:00 created",
        "5 10:00 resolved",
        "5 11:00 agent_reply",
        "5 12:00 reopened",
    )

    assert cycles(events, "first_response", "5 16:00") == [
        (at("5 09:00"), at("5 10:00"), HOUR, "met")
    ]


def test_customer_who_writes_to_a_resolved_ticket_waits_from_its_reopening():
    events = story(
        "5 09:00 created",
        "5 09:30 agent_reply",
        "5 10:00 resolved",
        "5 11:00 customer_reply",
        "5 12:00 reopened",
    )

    assert len(cycles(events[:-1], "next_reply", "5 16:00")) == 1
    assert cycles(events, "next_reply", "5 13:00")[1] == (
        at("5 12:00"),
        None,
        HOUR,
        "running",
    )


def test_customer_answered_while_resolved_does_not_wait_after_reopening():
    events = story(
        "5 09:00 created",
        "5 09:30 agent_reply",
        "5 10:00 resolved",
        "5 11:00 customer_reply",
        "5 11:30 agent_reply",
        "5 12:00 reopened",
    )

    assert len(cycles(events, "next_reply", "5 13:00")) == 1


@pytest.mark.parametrize("second", ["resolved", "closed", "paused", "resumed"])
def test_resolved_ticket_is_moved_by_nothing_but_a_reopening(second):
    events = story("5 09:00 created", "5 10:00 resolved")
    targets = dict.fromkeys(ALL, HOUR)

    assert clocks(
        [*events, ClockEvent(at("5 12:00"), second)], targets, "6 10:00"
    ) == clocks(events, targets, "6 10:00")


def test_pause_before_the_resolution_is_over_after_the_reopening():
    events = story(
        "5 09:00 created", "5 09:30 paused", "5 10:00 resolved", "5 12:00 reopened"
    )

    assert one(events, "first_response", HOUR, "5 12:10").state == "running"


def test_reopening_an_open_ticket_changes_nothing():
    events = story("5 09:00 created", "5 10:00 paused")
    targets = dict.fromkeys(ALL, HOUR)

    assert clocks(
        [*events, ClockEvent(at("5 11:00"), "reopened")], targets, "5 12:00"
    ) == clocks(events, targets, "5 12:00")
