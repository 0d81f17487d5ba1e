import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core.attribution import (
    CAUSES,
    Handling,
    Ownership,
    attribute,
    ownership_of,
)
from sla.core.clock import METRICS, ClockEvent, ClockRules, run_clocks
from tests.sla.core.clock_stories import ALWAYS, HOUR, OFFICE, at, story


def owned(*lines):
    return [Ownership(at(start), at(end), cause) for start, end, cause in lines]


def hours(found):
    """``{cause: (counted, overdue, off the clock)}`` in hours, without empty causes."""
    shares = {
        cause: (
            share.counted_seconds / HOUR,
            share.overdue_seconds / HOUR,
            share.off_clock_seconds / HOUR,
        )
        for cause, share in found.shares.items()
    }
    return {cause: share for cause, share in shares.items() if any(share)}


def causes_of(events, target, now, ownership, **options):
    return attribute(
        events,
        {"resolution": target},
        OFFICE,
        at(now),
        metric="resolution",
        cycle=1,
        ownership=ownership,
        **options,
    )


def test_breach_is_attributed_to_its_causes():
    events = story(
        "5 09:00 created",
        ("5 13:00 paused", "waiting on customer"),
        "5 15:00 resumed",
        "6 11:00 resolved",
    )
    ownership = owned(
        ("5 09:00", "5 10:00", "unassigned"),
        ("5 10:00", "5 12:00", "wrong_queue"),
        ("5 12:00", "6 10:00", "agent"),
        ("6 10:00", "6 11:00", "other_department"),
    )

    found = causes_of(events, 6 * HOUR, "8 12:00", ownership)

    assert hours(found) == {
        "unassigned": (1, 0, 0),
        "wrong_queue": (2, 0, 0),
        # 12:00-13:00 and 15:00-17:00, then 09:00-10:00: the last hour is late.
        "agent": (4, 1, 0),
        "other_department": (1, 1, 0),
        "customer": (0, 0, 2),
        "calendar": (0, 0, 16),
    }
    assert found.result.breach_seconds == 2 * HOUR
    assert found.main_cause == "agent"
    assert found.shares["agent"].counted_minutes == 240


def test_time_that_nobody_owned_is_unassigned():
    ownership = owned(("5 10:00", "5 11:00", "agent"))

    found = causes_of(story("5 09:00 created"), HOUR, "5 12:00", ownership)

    assert hours(found) == {"unassigned": (2, 1, 0), "agent": (1, 1, 0)}


def test_pause_goes_to_the_cause_of_its_reason():
    events = story(
        "5 09:00 created",
        ("5 10:00 paused", "third party"),
        ("5 12:00 paused", "no answer"),
        "5 13:00 resumed",
    )

    found = causes_of(
        events,
        HOUR,
        "5 13:00",
        [],
        pause_causes={"third party": "other_department"},
    )

    assert hours(found) == {
        "unassigned": (1, 0, 0),
        "other_department": (0, 0, 2),
        "customer": (0, 0, 1),
    }


def test_paused_time_that_counts_is_still_the_customers():
    events = story("5 09:00 created", "5 10:00 paused", "5 12:00 resumed")
    rules = ClockRules(not_paused=frozenset({"resolution"}))
    ownership = owned(("5 09:00", "5 17:00", "agent"))

    found = causes_of(events, 2 * HOUR, "5 12:30", ownership, rules=rules)

    assert hours(found) == {"agent": (1.5, 0.5, 0), "customer": (2, 1, 0)}


def test_resolved_time_of_a_continued_cycle_stands_by_itself():
    events = story("5 09:00 created", "5 10:00 resolved", "5 12:00 reopened")
    rules = ClockRules(reopen="continue")

    found = causes_of(events, 8 * HOUR, "5 13:00", [], rules=rules)

    assert hours(found) == {"unassigned": (2, 0, 0), "resolved": (0, 0, 2)}


def test_main_cause_of_a_clock_that_counted_nothing_is_none():
    found = causes_of(story("5 18:00 created"), HOUR, "5 20:00", [])

    assert found.main_cause is None


def test_overlapping_spans_are_refused():
    spans = owned(("5 09:00", "5 11:00", "agent"), ("5 10:00", "5 12:00", "agent"))

    with pytest.raises(ValueError, match="overlap"):
        causes_of(story("5 09:00 created"), HOUR, "5 12:00", spans)


def test_unknown_causes_are_refused():
    events = story("5 09:00 created", ("5 10:00 paused", "strike"))

    with pytest.raises(ValueError, match="unknown cause 'weather'"):
        causes_of(events, HOUR, "5 12:00", owned(("5 09:00", "5 10:00", "weather")))
    with pytest.raises(ValueError, match="unknown cause 'union'"):
        causes_of(events, HOUR, "5 12:00", [], pause_causes={"strike": "union"})


def test_cycle_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no cycle 1 of resolution"):
        causes_of([], HOUR, "5 12:00", [])


def changes(*lines):
    return [Handling(at(moment), queue, who) for moment, queue, who in lines]


def test_ownership_of_a_ticket_that_was_passed_around():
    spans = ownership_of(
        changes(
            ("5 09:00", "", ""),
            ("5 10:00", "billing", "mia"),
            ("5 11:00", "engineering", "raj"),
            ("5 12:00", "network", ""),
            ("5 13:00", "network", "lea"),
        ),
        until=at("5 15:00"),
        other_departments=frozenset({"engineering"}),
    )

    assert spans == owned(
        ("5 09:00", "5 10:00", "unassigned"),
        ("5 10:00", "5 11:00", "wrong_queue"),
        ("5 11:00", "5 12:00", "other_department"),
        ("5 12:00", "5 13:00", "unassigned"),
        ("5 13:00", "5 15:00", "agent"),
    )


def test_ticket_left_with_another_department_belonged_in_the_queue_before():
    spans = ownership_of(
        changes(("5 09:00", "network", "lea"), ("5 10:00", "engineering", "raj")),
        until=at("5 11:00"),
        other_departments=frozenset({"engineering"}),
    )

    assert [span.cause for span in spans] == ["agent", "other_department"]


def test_right_queue_may_be_told():
    spans = ownership_of(
        changes(("5 09:00", "network", "lea"), ("5 10:00", "billing", "mia")),
        until=at("5 11:00"),
        right_queue="network",
    )

    assert [span.cause for span in spans] == ["agent", "wrong_queue"]


def test_later_change_at_one_instant_holds_and_changes_after_the_end_do_not():
    spans = ownership_of(
        changes(
            ("5 09:00", "billing", ""),
            ("5 09:00", "network", "lea"),
            ("5 12:00", "billing", "mia"),
        ),
        until=at("5 11:00"),
    )

    assert spans == owned(("5 09:00", "5 11:00", "agent"))


def test_ticket_that_nobody_ever_held_has_no_spans():
    assert ownership_of([], until=at("5 11:00")) == []


START = at("5 00:00")
MOMENTS = st.integers(0, 9 * 86_400)
KINDS = st.sampled_from(
    ["agent_reply", "customer_reply", "paused", "resumed", "resolved", "reopened"]
)
CHANGES = st.lists(
    st.tuples(
        MOMENTS, st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["", "x"])
    ),
    max_size=6,
)


@given(
    st.lists(st.tuples(MOMENTS, KINDS), max_size=10),
    CHANGES,
    MOMENTS,
    st.integers(0, 40 * HOUR),
    st.frozensets(st.sampled_from(METRICS)),
)
def test_causes_add_up_to_the_clock(moments, moves, after, target, not_paused):
    events = [ClockEvent(START, "created", "p1")]
    events += [ClockEvent(START + moment, kind, "p2") for moment, kind in moments]
    events.append(ClockEvent(START + after // 2, "priority_changed", "p2"))
    calendars = {"": OFFICE, "p2": ALWAYS}
    rules = ClockRules(not_paused=not_paused)
    now = START + after
    targets = dict.fromkeys(METRICS, target)
    ownership = ownership_of(
        [Handling(START + moment, queue, who) for moment, queue, who in moves],
        until=now,
        other_departments=frozenset({"c"}),
    )

    for clock in run_clocks(events, targets, calendars, now, rules):
        found = attribute(
            events,
            targets,
            calendars,
            now,
            metric=clock.metric,
            cycle=clock.cycle,
            ownership=ownership,
            rules=rules,
        )
        shares = found.shares.values()
        end = now if clock.stopped_at is None else clock.stopped_at
        counted = sum(share.counted_seconds for share in shares)
        off = {cause: found.shares[cause].off_clock_seconds for cause in CAUSES}
        assert found.result == clock
        assert counted == clock.elapsed_seconds
        assert sum(share.overdue_seconds for share in shares) == clock.breach_seconds
        assert counted + sum(off.values()) == end - clock.started_at
        assert sum(off.values()) - off["calendar"] == clock.paused_seconds
