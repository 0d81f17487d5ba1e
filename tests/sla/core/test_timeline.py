from hypothesis import given
from hypothesis import strategies as st

from sla.core.calendar import BusinessCalendar
from sla.core.clock import ClockEvent, run_clocks
from sla.core.timeline import TicketRow, TimelineRules, read_timeline

ALWAYS = BusinessCalendar.always_open("UTC")
INTAKE = TimelineRules(intake=frozenset({"new", "triaged"}))
HOUR = 3600


def created(at=0, status="new", state="OPEN"):
    return TicketRow(at, "CREATED", "", status, state)


def status(at, source, target, state, actor=7):
    return TicketRow(at, "STATUS", source, target, state, "", actor)


def said(at, direction, actor=7):
    return TicketRow(at, "MESSAGE", "", "", "", direction, actor)


def kinds(rows, rules=INTAKE):
    return [event[:2] for event in read_timeline(rows, rules=rules).events]


def clock(rows, metric, now, target=8 * HOUR, rules=INTAKE):
    events = read_timeline(rows, rules=rules).events
    return run_clocks(events, {metric: target}, ALWAYS, now)[-1]


def test_priority_at_the_creation_is_the_initial_value():
    rows = [created(), TicketRow(0, "PRIORITY", "", "P2")]

    timeline = read_timeline(rows, rules=INTAKE)

    assert timeline.events == [ClockEvent(0, "created", "P2")]
    assert timeline.priority == "P2"


def test_priority_set_later_is_a_change_even_from_nothing():
    rows = [created(), TicketRow(60, "PRIORITY", "", "P2")]

    assert read_timeline(rows, rules=INTAKE).events == [
        ClockEvent(0, "created", ""),
        ClockEvent(60, "priority_changed", "P2"),
    ]


def test_priority_changed_at_the_instant_of_the_creation_is_a_change():
    rows = [
        created(),
        TicketRow(0, "PRIORITY", "", "P3"),
        TicketRow(0, "PRIORITY", "P3", "P1"),
    ]

    timeline = read_timeline(rows, rules=INTAKE)

    assert timeline.priority == "P1"
    assert [event.value for event in timeline.events] == ["P3", "P1"]


def test_ticket_without_a_created_row_has_no_events():
    assert read_timeline([said(5, "IN")], rules=INTAKE).events == []


def test_ticket_created_waiting_is_paused_at_once():
    rows = [created(status="waiting", state="WAITING")]

    assert read_timeline(rows, rules=INTAKE).events == [
        ClockEvent(0, "created", ""),
        ClockEvent(0, "paused", "waiting_on_customer"),
    ]


def test_ticket_created_closed_is_resolved_at_once():
    rows = [created(status="closed", state="CLOSED")]

    assert kinds(rows) == [(0, "created"), (0, "resolved")]


def test_messages_are_customer_and_agent_replies_and_notes_are_neither():
    rows = [created(), said(1, "IN"), said(2, "INTERNAL"), said(3, "OUT")]

    assert kinds(rows) == [(0, "created"), (1, "customer_reply"), (3, "agent_reply")]


def test_automation_neither_answers_nor_takes_charge():
    rules = TimelineRules(intake=frozenset({"new"}), automation=frozenset({9}))
    rows = [
        created(),
        said(1, "OUT", actor=9),
        status(2, "new", "assigned", "OPEN", actor=9),
        TicketRow(3, "ASSIGNEE", "", "Router", "", "", 9),
    ]

    assert kinds(rows, rules) == [(0, "created")]


def test_leaving_intake_takes_charge_and_moving_inside_it_does_not():
    rows = [
        created(),
        status(10, "new", "triaged", "OPEN"),
        status(20, "triaged", "assigned", "OPEN"),
    ]

    assert kinds(rows) == [(0, "created"), (20, "took_charge")]


def test_assignee_after_the_creation_takes_charge_and_clearing_does_not():
    rows = [
        created(),
        TicketRow(10, "ASSIGNEE", "", "Ana"),
        TicketRow(20, "ASSIGNEE", "Ana", ""),
    ]

    assert kinds(rows) == [(0, "created"), (10, "took_charge")]


def test_ticket_created_in_work_with_an_assignee_was_taken_charge_of():
    rows = [created(status="in-progress"), TicketRow(0, "ASSIGNEE", "", "Ana")]

    assert kinds(rows) == [(0, "created"), (0, "took_charge")]


def test_ticket_created_in_intake_with_an_assignee_was_not_taken_charge_of():
    rows = [created(), TicketRow(0, "ASSIGNEE", "", "Ana")]

    assert kinds(rows) == [(0, "created")]


def test_waiting_pauses_to_the_second_and_work_resumes():
    rows = [
        created(),
        status(101, "new", "waiting", "WAITING"),
        status(250, "waiting", "in-progress", "OPEN"),
    ]

    result = clock(rows, "resolution", now=1000)

    assert (result.paused_seconds, result.elapsed_seconds) == (149, 851)


def test_pause_on_is_the_policys_choice():
    rules = TimelineRules(pause_on=frozenset({"WAITING"}))
    rows = [created(), status(10, "new", "pending", "ON_HOLD")]

    assert kinds(rows, rules) == [(0, "created")]


def test_pause_is_not_lost_when_a_paused_ticket_is_resolved():
    rows = [
        created(),
        status(100, "new", "waiting", "WAITING"),
        status(400, "waiting", "resolved", "RESOLVED"),
    ]

    result = clock(rows, "resolution", now=1000)

    assert (result.stopped_at, result.elapsed_seconds, result.paused_seconds) == (
        400,
        100,
        300,
    )


def test_manual_pause_inside_a_status_pause_ends_with_the_longer_of_both():
    rows = [
        created(),
        status(100, "new", "waiting", "WAITING"),
        TicketRow(200, "PAUSED", "", "THIRD_PARTY"),
        status(300, "waiting", "in-progress", "OPEN"),
        TicketRow(400, "RESUMED"),
    ]

    assert [e for e in read_timeline(rows, rules=INTAKE).events if e.at >= 100] == [
        ClockEvent(100, "took_charge"),
        ClockEvent(100, "paused", "waiting_on_customer"),
        ClockEvent(200, "paused", "THIRD_PARTY"),
        ClockEvent(300, "paused", "THIRD_PARTY"),
        ClockEvent(400, "resumed"),
    ]
    assert clock(rows, "resolution", now=1000).paused_seconds == 300


def test_manual_pauses_count_only_when_the_policy_says_so():
    rules = TimelineRules(manual_pauses=False)
    rows = [created(), TicketRow(10, "PAUSED", "", "OTHER"), TicketRow(20, "RESUMED")]

    assert kinds(rows, rules) == [(0, "created")]


def test_second_followup_without_an_answer_pauses_until_the_customer_writes():
    rules = TimelineRules(pause_after_followups=2)
    rows = [
        created(),
        said(100, "OUT"),
        said(200, "OUT"),
        said(300, "OUT"),
        said(900, "IN"),
        said(950, "OUT"),
    ]

    result = clock(rows, "resolution", now=1000, rules=rules)

    assert (300, "paused") in kinds(rows, rules)
    assert (900, "resumed") in kinds(rows, rules)
    assert result.paused_seconds == 600


def test_one_followup_does_not_pause():
    rules = TimelineRules(pause_after_followups=2)
    rows = [created(), said(100, "OUT"), said(200, "OUT")]

    assert clock(rows, "resolution", now=1000, rules=rules).paused_seconds == 0


def test_leaving_ended_reopens_and_starts_a_new_period():
    rows = [
        created(),
        status(100, "new", "resolved", "RESOLVED"),
        status(200, "resolved", "closed", "CLOSED"),
        status(500, "closed", "reopened", "OPEN"),
    ]

    result = clock(rows, "resolution", now=600)

    assert (result.cycle, result.started_at, result.elapsed_seconds) == (2, 500, 100)


def test_ticket_reopened_into_waiting_is_paused():
    rows = [
        created(),
        status(100, "new", "resolved", "RESOLVED"),
        status(500, "resolved", "waiting", "WAITING"),
    ]

    assert kinds(rows)[-2:] == [(500, "reopened"), (500, "paused")]


def test_resolution_ends_a_manual_pause_for_good():
    rows = [
        created(),
        TicketRow(50, "PAUSED", "", "PRODUCT_BUG"),
        status(100, "new", "resolved", "RESOLVED"),
        status(500, "resolved", "reopened", "OPEN"),
    ]

    result = clock(rows, "resolution", now=600)

    assert (result.state, result.paused_seconds) == ("running", 0)


def test_out_of_scope_and_duplicate_are_excluded_with_the_reason():
    assert read_timeline([created()], outcome="DUPLICATE").excluded == "DUPLICATE"
    assert read_timeline([created()], outcome="OUT_OF_SCOPE").excluded == "OUT_OF_SCOPE"
    assert read_timeline([created()], outcome="SOLVED").excluded == ""


@st.composite
def histories(draw):
    rows, at = [created()], 0
    state = "OPEN"
    for _ in range(draw(st.integers(0, 12))):
        at += draw(st.integers(0, 500))
        kind = draw(st.sampled_from(["MESSAGE", "STATUS", "PAUSED", "RESUMED"]))
        if kind == "MESSAGE":
            rows.append(said(at, draw(st.sampled_from(["IN", "OUT", "INTERNAL"]))))
        elif kind == "STATUS":
            state = draw(
                st.sampled_from(["OPEN", "WAITING", "ON_HOLD", "RESOLVED", "CLOSED"])
            )
            rows.append(status(at, "x", state.lower(), state))
        else:
            rows.append(TicketRow(at, kind, "", "OTHER"))
    return rows, state, at


@given(histories(), st.sampled_from([None, 1, 2]))
def test_final_clock_state_follows_from_the_last_status_and_open_pauses(
    story, followups
):
    rows, state, at = story
    rules = TimelineRules(pause_after_followups=followups)

    result = clock(rows, "resolution", now=at + 100, rules=rules)

    if state in {"RESOLVED", "CLOSED"}:
        assert result.state in {"met", "missed"}
    elif state != "OPEN":
        assert result.state == "paused"
    assert result.elapsed_seconds + result.paused_seconds == (
        (result.stopped_at if result.stopped_at is not None else at + 100)
        - result.started_at
    )


@given(histories())
def test_pauses_and_ends_alternate(story):
    paused = False
    for event in read_timeline(story[0], rules=INTAKE).events:
        if event.kind == "resumed":
            assert paused
            paused = False
        elif event.kind == "paused":
            paused = True
        elif event.kind in {"resolved", "closed", "reopened"}:
            paused = False
