from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from sla.models import SlaAlert, SlaClock
from sla.services import alerts, clocks
from supportops.notifications.models import Notification
from tests.factories import sla as make
from tests.factories.people import TeamFactory, UserFactory
from tickets import services
from tickets.models import TicketEvent

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOURS_8 = {"resolution": 8 * 3600}
TARGETS = {"P2": HOURS_8, "": HOURS_8}


@pytest.fixture
def people():
    """An assignee, a team lead, a support lead and an executive."""
    lead = UserFactory(username="lead", role="Team lead")
    assignee = UserFactory(username="ana", role="Agent")
    UserFactory(username="head", role="Support lead")
    UserFactory(username="boss", role="Executive")
    return TeamFactory(lead=lead), assignee


def after(**span):
    return MONDAY + timedelta(**span)


def promised(people=(None, None), at=MONDAY, watched=True, **values):
    """A ticket with one running clock: 8 hours from ``at``, day and night."""
    team, assignee = people
    ticket = services.open_ticket(
        at=at, actor=None, subject="Printer", team=team, assignee=assignee, **values
    )
    if watched:
        clocks.recompute([ticket.pk], at)
    return ticket


def fired(ticket):
    return list(
        SlaAlert.objects.filter(clock__ticket=ticket)
        .order_by("threshold")
        .values_list("threshold", flat=True)
    )


def told():
    rows = Notification.objects.order_by("recipient__username", "pk")
    return list(rows.values_list("recipient__username", "kind", "title"))


def test_sweep_before_the_first_threshold_does_nothing():
    make.published(targets=TARGETS)
    ticket = promised()

    counts = alerts.sweep(at=after(hours=3, minutes=59))

    assert counts == {"tickets": 0, "alerts": 0, "told": 0, "escalated": 0}
    assert fired(ticket) == []


def test_half_is_recorded_for_the_queue_and_nobody_is_told(people):
    make.published(targets=TARGETS)
    ticket = promised(people)

    alerts.sweep(at=after(hours=4))

    alert = SlaAlert.objects.get(clock__ticket=ticket)
    assert (alert.threshold, alert.crossed_at) == (50, after(hours=4))
    assert alert.due_at == after(hours=8)
    assert told() == []
    assert SlaClock.objects.get(ticket=ticket, metric="resolution").next_alert_at == (
        after(hours=6, minutes=24)
    )


def test_each_threshold_tells_its_people_once(people):
    make.published(targets=TARGETS)
    ticket = promised(people)
    for minutes in range(0, 17 * 60, 10):
        alerts.sweep(at=after(minutes=minutes))

    number = ticket.pk
    assert fired(ticket) == [50, 80, 90, 100, 200]
    assert told() == [
        ("ana", "SLA_WARNING", f"80 % used: resolution of ticket #{number}"),
        (
            "boss",
            "SLA_BREACH",
            f"Twice the promised time: resolution of ticket #{number}",
        ),
        ("head", "SLA_BREACH", f"Missed: resolution of ticket #{number}"),
        ("lead", "SLA_WARNING", f"90 % used: resolution of ticket #{number}"),
    ]


def test_breach_is_judged_and_written_on_the_ticket(people):
    make.published(targets=TARGETS)
    ticket = promised(people)
    at = after(hours=8, seconds=1)

    counts = alerts.sweep(at=at)

    assert counts["escalated"] == 1
    clock = SlaClock.objects.get(ticket=ticket, metric="resolution")
    assert (clock.judged_at, clock.is_kept) == (after(hours=8), False)
    assert clock.next_alert_at == after(hours=16)
    event = TicketEvent.objects.get(ticket=ticket, kind="ESCALATION")
    assert (event.at, event.details["threshold"]) == (at, 100)


def test_exactly_at_the_deadline_nothing_is_missed_yet(people):
    make.published(targets=TARGETS)
    ticket = promised(people)

    alerts.sweep(at=after(hours=8))

    assert fired(ticket) == [50, 80, 90]
    assert SlaClock.objects.get(ticket=ticket, metric="resolution").is_kept is None


def test_backlog_fires_each_threshold_once_and_tells_each_person_once(people):
    make.published(targets=TARGETS)
    ticket = promised(people)

    first = alerts.sweep(at=after(days=4))
    second = alerts.sweep(at=after(days=4))

    assert (first["alerts"], first["told"], first["escalated"]) == (5, 4, 1)
    assert second == {"tickets": 0, "alerts": 0, "told": 0, "escalated": 0}
    assert fired(ticket) == [50, 80, 90, 100, 200]
    assert {title.split(":")[0] for _, _, title in told()} == {
        "Twice the promised time"
    }


def test_old_news_of_an_imported_history_is_recorded_and_told_to_nobody(people):
    make.published(targets=TARGETS)
    ticket = promised(people, watched=False)
    clocks.recompute([ticket.pk], after(days=30))

    counts = alerts.sweep(at=after(days=30))

    assert (counts["alerts"], counts["told"], counts["escalated"]) == (5, 0, 0)
    assert fired(ticket) == [50, 80, 90, 100, 200]
    assert not TicketEvent.objects.filter(kind="ESCALATION").exists()


def test_yesterdays_breach_of_an_imported_history_is_news(people):
    make.published(targets=TARGETS)
    promised(people, at=MONDAY, watched=False)
    at = after(hours=10)
    clocks.recompute(list(SlaClock.objects.values_list("ticket_id", flat=True)), at)
    clocks.recompute([t.ticket_id for t in TicketEvent.objects.all()[:1]], at)

    counts = alerts.sweep(at=at)

    assert (counts["told"], counts["escalated"]) == (3, 1)


def test_unassigned_ticket_warns_the_team_lead(people):
    make.published(targets=TARGETS)
    promised((people[0], None))

    alerts.sweep(at=after(hours=6, minutes=30))

    assert [row[0] for row in told()] == ["lead"]


def test_ticket_of_nobody_warns_the_support_leads(people):
    make.published(targets=TARGETS)
    promised()

    alerts.sweep(at=after(hours=6, minutes=30))

    assert [row[0] for row in told()] == ["head"]


def test_paused_clock_alerts_only_what_it_crossed_before(people):
    make.published(targets=TARGETS)
    ticket = promised(people)
    services.pause_clocks(
        ticket_id=ticket.pk,
        at=after(hours=5),
        actor=None,
        kind="OTHER",
        reason="Strike",
    )
    clocks.recompute([ticket.pk], after(hours=5))

    alerts.sweep(at=after(days=3))

    assert fired(ticket) == [50]
    clock = SlaClock.objects.get(ticket=ticket, metric="resolution")
    assert (clock.state, clock.next_alert_at) == ("paused", None)


def test_resumed_clock_fires_the_next_threshold_later(people):
    make.published(targets=TARGETS)
    ticket = promised(people)
    services.pause_clocks(
        ticket_id=ticket.pk,
        at=after(hours=5),
        actor=None,
        kind="OTHER",
        reason="Strike",
    )
    services.resume_clocks(ticket_id=ticket.pk, at=after(hours=29), actor=None)
    clocks.recompute([ticket.pk], after(hours=29))

    alerts.sweep(at=after(hours=30, minutes=24))

    assert fired(ticket) == [50, 80]


def test_breach_that_no_sweep_saw_before_the_stop_is_still_told(people):
    make.published(targets=TARGETS)
    ticket = promised(people, status="assigned")
    services.change_status(
        ticket_id=ticket.pk, at=after(hours=9), actor=None, status="resolved"
    )
    clocks.recompute([ticket.pk], after(hours=9))

    counts = alerts.sweep(at=after(hours=10))

    assert (counts["alerts"], counts["escalated"]) == (4, 1)
    clock = SlaClock.objects.get(ticket=ticket, metric="resolution")
    assert (clock.state, clock.next_alert_at) == ("missed", None)


def test_warning_of_a_clock_that_was_met_meanwhile_is_not_told(people):
    make.published(targets=TARGETS)
    ticket = promised(people, status="assigned")
    services.change_status(
        ticket_id=ticket.pk, at=after(hours=7), actor=None, status="resolved"
    )
    clocks.recompute([ticket.pk], after(hours=7))

    alerts.sweep(at=after(hours=10))

    assert (fired(ticket), told()) == ([], [])


def test_lower_priority_does_not_fire_again_what_has_fired(people):
    slow = {"resolution": 80 * 3600}
    make.published(targets={"P2": HOURS_8, "P4": slow})
    ticket = promised(people, priority="P2")
    alerts.sweep(at=after(hours=6, minutes=30))
    services.change_priority(
        ticket_id=ticket.pk,
        at=after(hours=7),
        actor=None,
        priority="P4",
        reason="Minor",
    )
    clocks.recompute([ticket.pk], after(hours=7))

    alerts.sweep(at=after(hours=65))
    assert fired(ticket) == [50, 80]

    alerts.sweep(at=after(hours=72))
    assert fired(ticket) == [50, 80, 90]


def test_people_who_left_are_not_told(people):
    team, assignee = people
    assignee.is_active = False
    assignee.save(update_fields=["is_active"])
    make.published(targets=TARGETS)
    ticket = promised((team, None))
    type(ticket).objects.filter(pk=ticket.pk).update(assignee=assignee)

    alerts.sweep(at=after(hours=6, minutes=30))

    assert [row[0] for row in told()] == ["lead"]


def test_sweep_walks_every_batch():
    make.published(targets=TARGETS)
    tickets = [promised(at=after(seconds=n)) for n in range(7)]

    counts = alerts.sweep(at=after(hours=5), batch=2)

    assert (counts["tickets"], counts["alerts"]) == (7, 7)
    assert [fired(ticket) for ticket in tickets] == [[50]] * 7


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_query_count_does_not_grow_with_warnings(
    count, people, django_assert_num_queries
):
    make.published(targets=TARGETS)
    for _ in range(count):
        promised(people)
    Group.objects.get(name="Executive")

    with django_assert_num_queries(22):
        alerts.sweep(at=after(hours=6, minutes=30))

    assert Notification.objects.count() == count


def test_breach_of_a_ticket_changed_after_the_sweep_began_keeps_the_log_in_order(
    people,
):
    make.published(targets=TARGETS)
    ticket = promised(people)
    services.reply(
        ticket_id=ticket.pk, at=after(hours=9), actor=None, body="Soon", public=False
    )

    alerts.sweep(at=after(hours=8, minutes=30))

    events = list(TicketEvent.objects.filter(ticket=ticket).order_by("seq"))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert (events[-1].kind, events[-1].seq) == ("ESCALATION", len(events))
    ticket.refresh_from_db()
    assert (ticket.last_seq, ticket.updated_at) == (len(events), after(hours=9))


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_query_count_does_not_grow_with_breaches(
    count, people, django_assert_num_queries
):
    make.published(targets=TARGETS)
    for _ in range(count):
        promised(people)

    with django_assert_num_queries(28):
        alerts.sweep(at=after(hours=9))

    assert TicketEvent.objects.filter(kind="ESCALATION").count() == count
