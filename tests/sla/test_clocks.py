from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from sla.models import SlaAlert, SlaClock
from sla.selectors.clocks import (
    clocks_of_ticket,
    next_promises,
    promises_due,
    used_shares,
)
from sla.services import clocks
from sla.services.clock_rows import ClockValues
from supportops.metrics.models import DirtyDay
from tests.factories import sla as make
from tests.factories.people import UserFactory
from tickets import services
from tickets.models import Status, Ticket

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVERY_ROW = {"first_response": 3600, "next_reply": 7200, "resolution": 28_800}
TARGETS = {"P1": {**EVERY_ROW, "first_response": 900}, "P2": EVERY_ROW, "": EVERY_ROW}


def after(**span):
    return MONDAY + timedelta(**span)


def opened(**values):
    values = {"at": MONDAY, "actor": None, "subject": "Printer", **values}
    return services.open_ticket(**values)


def clock(ticket, metric="resolution", cycle=1):
    return SlaClock.objects.get(ticket=ticket, metric=metric, cycle=cycle)


def rows(ticket):
    return list(
        SlaClock.objects.filter(ticket=ticket)
        .order_by("metric", "cycle")
        .values_list("pk", "computed_at", *ClockValues._fields)
    )


def test_ticket_without_a_policy_has_clocks_that_only_measure():
    ticket = opened(priority="P2")

    counts = clocks.recompute([ticket.pk], after(hours=2))

    assert counts["created"] == 3
    found = clock(ticket)
    assert (found.target_seconds, found.due_at, found.is_kept) == (None, None, None)
    assert (found.state, found.elapsed_seconds) == ("running", 7200)
    assert Ticket.objects.get(pk=ticket.pk).next_due_at is None


def test_recompute_sets_due_and_the_tickets_next_promise():
    version = make.published(targets=TARGETS)
    ticket = opened(priority="P2")

    clocks.recompute([ticket.pk], MONDAY)

    found = clock(ticket, "first_response")
    assert found.policy_version == version
    assert (found.target_seconds, found.due_at) == (3600, after(hours=1))
    assert found.next_alert_at == after(minutes=30)
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == after(hours=1)


def test_recompute_twice_changes_nothing_even_later():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2")
    clocks.recompute([ticket.pk], MONDAY)
    before = rows(ticket)
    DirtyDay.objects.all().delete()

    counts = clocks.recompute([ticket.pk, ticket.pk], after(minutes=20))

    assert counts == {
        "tickets": 1, "created": 0, "updated": 0, "unchanged": 2, "removed": 0
    }  # fmt: skip
    assert rows(ticket) == before
    assert not DirtyDay.objects.exists()


def test_unknown_tickets_are_passed_over():
    assert clocks.recompute([987654], MONDAY)["tickets"] == 0


def test_pause_is_counted_to_the_second():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2")
    services.pause_clocks(
        ticket_id=ticket.pk,
        at=after(seconds=101),
        actor=None,
        kind="THIRD_PARTY",
        reason="Waiting for the vendor",
    )
    clocks.recompute([ticket.pk], after(seconds=200))
    paused = clock(ticket)
    assert (paused.state, paused.due_at, paused.next_alert_at) == ("paused", None, None)

    services.resume_clocks(ticket_id=ticket.pk, at=after(seconds=1234), actor=None)
    clocks.recompute([ticket.pk], after(hours=1))

    found = clock(ticket)
    assert found.paused_seconds == 1133
    assert found.due_at == after(seconds=28_800 + 1133)


def test_paused_then_resolved_keeps_the_pause():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2", status="assigned")
    move(ticket, after(hours=1), "waiting")
    move(ticket, after(hours=20), "resolved")

    clocks.recompute([ticket.pk], after(hours=21))

    found = clock(ticket)
    assert (found.state, found.elapsed_seconds, found.paused_seconds) == (
        "met",
        3600,
        19 * 3600,
    )
    assert (found.judged_at, found.is_kept) == (after(hours=20), True)


def test_late_resolution_is_judged_when_it_came_due():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2", status="assigned")
    move(ticket, after(hours=30), "resolved")

    clocks.recompute([ticket.pk], after(hours=31))

    found = clock(ticket)
    assert (found.state, found.breach_seconds) == ("missed", 22 * 3600)
    assert (found.judged_at, found.is_kept) == (after(hours=8), False)
    assert DirtyDay.objects.filter(kind="promises", day=MONDAY.date()).exists()


def test_running_past_due_is_judged_and_still_running():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2")

    clocks.recompute([ticket.pk], after(hours=9))

    found = clock(ticket)
    assert (found.state, found.judged_at, found.is_kept) == (
        "running",
        after(hours=8),
        False,
    )


def test_priority_change_keeps_the_row_its_start_and_its_alerts():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2")
    clocks.recompute([ticket.pk], MONDAY)
    first = clock(ticket, "first_response")
    SlaAlert.objects.create(
        clock=first, threshold=50, crossed_at=MONDAY, fired_at=MONDAY
    )

    services.change_priority(
        ticket_id=ticket.pk,
        at=after(minutes=1),
        actor=None,
        priority="P1",
        reason="VIP",
    )
    clocks.recompute([ticket.pk], after(minutes=1))

    found = clock(ticket, "first_response")
    assert (found.pk, found.started_at, found.target_seconds) == (first.pk, MONDAY, 900)
    assert found.due_at == after(minutes=15)
    assert found.next_alert_at == after(minutes=12)
    assert found.alerts.count() == 1


def test_policy_published_for_the_past_moves_targets_and_keeps_alerts():
    version = make.published(targets=TARGETS)
    ticket = opened(priority="P2")
    clocks.recompute([ticket.pk], MONDAY)
    first = clock(ticket, "first_response")
    SlaAlert.objects.create(
        clock=first, threshold=50, crossed_at=MONDAY, fired_at=MONDAY
    )
    faster = make.definition(targets={"P2": {**EVERY_ROW, "first_response": 1800}})
    second = make.publish(
        make.redefine(version.policy, faster),
        effective_from=MONDAY,
        at=after(minutes=5),
    )

    clocks.recompute([ticket.pk], after(minutes=5))

    found = clock(ticket, "first_response")
    assert (found.pk, found.policy_version_id) == (first.pk, second.pk)
    assert (found.due_at, found.watched_since) == (after(minutes=30), after(minutes=5))
    assert found.alerts.count() == 1


def test_ticket_keeps_the_version_that_was_in_force_when_it_was_created():
    version = make.published(targets=TARGETS)
    ticket = opened(priority="P2")
    slower = make.definition(targets={"P2": {"resolution": 999_999}})
    make.publish(
        make.redefine(version.policy, slower),
        effective_from=after(minutes=1),
        at=after(minutes=1),
    )

    clocks.recompute([ticket.pk], after(minutes=2))

    assert clock(ticket).policy_version == version


def test_reopening_starts_a_new_period_and_keeps_the_first():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2", status="assigned")
    move(ticket, after(hours=1), "resolved")
    move(ticket, after(hours=5), "reopened")

    clocks.recompute([ticket.pk], after(hours=6))

    assert clock(ticket, cycle=1).state == "met"
    second = clock(ticket, cycle=2)
    assert (second.started_at, second.due_at) == (after(hours=5), after(hours=13))


def test_merging_excludes_the_duplicate_and_keeps_the_originals_clock():
    make.published(targets=TARGETS)
    original = opened(priority="P2")
    duplicate = opened(priority="P2", at=after(minutes=10))
    clocks.recompute([original.pk, duplicate.pk], after(minutes=10))
    before = clock(original)

    services.merge_tickets(
        duplicate_id=duplicate.pk,
        into_id=original.pk,
        at=after(minutes=20),
        actor=None,
        reason="Same printer",
    )
    clocks.recompute([original.pk, duplicate.pk], after(minutes=20))

    found = clock(original)
    assert (found.started_at, found.due_at) == (before.started_at, before.due_at)
    gone = SlaClock.objects.filter(ticket=duplicate)
    assert set(gone.values_list("is_excluded", flat=True)) == {True}
    assert not gone.unfinished().exists()
    assert Ticket.objects.get(pk=duplicate.pk).next_due_at is None


def test_automation_does_not_answer():
    make.published(targets=TARGETS)
    robot = UserFactory(is_automation=True)
    ticket = opened(priority="P2")
    services.reply(
        ticket_id=ticket.pk,
        at=after(minutes=1),
        actor=robot,
        body="Got it",
        public=True,
    )

    clocks.recompute([ticket.pk], after(minutes=2))

    assert clock(ticket, "first_response").state == "running"


def test_cycles_that_the_log_no_longer_gives_are_removed():
    ticket = opened(priority="P2")
    clocks.recompute([ticket.pk], MONDAY)
    stale = SlaClock.objects.create(
        ticket=ticket,
        metric="resolution",
        cycle=7,
        state="met",
        started_at=MONDAY,
        stopped_at=MONDAY,
        elapsed_seconds=0,
        judged_at=MONDAY,
        is_kept=True,
        watched_since=MONDAY,
        computed_at=MONDAY,
    )

    counts = clocks.recompute([ticket.pk], MONDAY)

    assert counts["removed"] == 1
    assert not SlaClock.objects.filter(pk=stale.pk).exists()
    assert DirtyDay.objects.filter(kind="promises", day=MONDAY.date()).exists()


def test_conditions_by_tag_are_read():
    make.published(targets=TARGETS, conditions={"tag": ["vip"]})
    plain = opened(priority="P2")
    tagged = opened(priority="P2", tags=["vip"])

    clocks.recompute([plain.pk, tagged.pk], MONDAY)

    assert clock(plain).target_seconds is None
    assert clock(tagged).target_seconds == 28_800


@pytest.mark.parametrize("count", [1, 3])
def test_recompute_query_count_does_not_grow(count, django_assert_num_queries):
    make.published(targets=TARGETS)
    ids = [opened(priority="P2").pk for _ in range(count)]
    clocks.recompute(ids, MONDAY)

    # vocabulary 3, savepoint 2, lock, events, facts, clocks, alerts
    with django_assert_num_queries(10):
        clocks.recompute(ids, after(minutes=1))


def test_every_stored_moment_survives_the_round_trip():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2", at=MONDAY + timedelta(microseconds=250_000))

    clocks.recompute([ticket.pk], after(seconds=1))

    found = clock(ticket)
    assert found.started_at == MONDAY
    assert found.computed_at == after(seconds=1)


# Pages ------------------------------------------------------------------------------


def test_clocks_of_ticket_explains_each_clock_up_to_now():
    make.published(targets=TARGETS)
    ticket = opened(priority="P2")
    clocks.recompute([ticket.pk], MONDAY)

    first, second = clocks_of_ticket(ticket=ticket, at=after(minutes=15))

    assert (first.clock.metric, second.clock.metric) == ("first_response", "resolution")
    assert first.share == 0.25
    assert first.clock.elapsed_seconds == 900
    assert first.ledger.rows[-1].ends_at == int(after(hours=1).timestamp())
    assert first.ledger.total_seconds == 3600


def test_clocks_of_ticket_shows_a_stale_row_without_a_ledger():
    ticket = opened(priority="P2")
    clocks.recompute([ticket.pk], MONDAY)
    SlaClock.objects.filter(ticket=ticket, metric="resolution").update(cycle=9)

    entries = clocks_of_ticket(ticket=ticket, at=MONDAY)

    assert [e.ledger is None for e in entries if e.clock.cycle == 9] == [True]


@pytest.mark.parametrize("count", [1, 3])
def test_next_promises_is_one_query_for_any_number(count, django_assert_num_queries):
    make.published(targets=TARGETS)
    ids = [opened(priority="P2").pk for _ in range(count)]
    clocks.recompute(ids, MONDAY)

    with django_assert_num_queries(1):
        found = next_promises(ids)

    assert {pk: c.metric for pk, c in found.items()} == dict.fromkeys(
        ids, "first_response"
    )


def test_used_shares_count_on_business_hours():
    office = make.business_hours()
    make.published(targets=TARGETS, calendar=str(office.pk))
    ticket = opened(priority="P2", at=MONDAY + timedelta(hours=8, minutes=45))
    clocks.recompute([ticket.pk], ticket.created_at)
    found = clock(ticket, "first_response")

    shares = used_shares([found], MONDAY + timedelta(hours=20))

    assert shares == {found.pk: 0.25}


def test_promises_due_lists_the_longest_overdue_first():
    make.published(targets=TARGETS)
    late = opened(priority="P2")
    later = opened(priority="P2", at=after(minutes=5))
    clocks.recompute([late.pk, later.pk], after(minutes=5))

    due = promises_due(tickets=Ticket.objects.all(), until=after(hours=2))

    assert list(due.values_list("ticket_id", flat=True)) == [late.pk, later.pk]


def move(ticket, at, status):
    """Write a status row as an import would, whatever moves are allowed."""
    ticket.refresh_from_db()
    target = Status.objects.get(code=status)
    ended = target.category in {"RESOLVED", "CLOSED"}
    ticket.events.create(
        seq=ticket.last_seq + 1,
        at=at,
        kind="STATUS",
        from_value=ticket.status.code,
        to_value=status,
        state=target.category,
    )
    Ticket.objects.filter(pk=ticket.pk).update(
        last_seq=F("last_seq") + 1,
        status=target,
        state=target.category,
        is_open=not ended,
        updated_at=at,
    )
