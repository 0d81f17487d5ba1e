from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from supportops.common import roles
from supportops.metrics import catalogue, segments, services
from supportops.metrics.models import DirtyDay
from supportops.metrics.registry import dimension, visibility_of
from supportops.metrics.scopes import Scope
from tests.factories.facts import NOW, random_world
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import CategoryFactory, open_ticket
from tickets import services as ticket_services
from tickets.metrics.queue import open_tickets
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def marked(kind):
    return sorted(set(DirtyDay.objects.filter(kind=kind).values_list("day", flat=True)))


@pytest.mark.parametrize("role", [roles.AGENT, roles.TEAM_LEAD, roles.EXECUTIVE, None])
def test_facts_are_seen_by_exactly_who_sees_the_tickets(role):
    world = random_world(seed=31)
    user = UserFactory(role=role, team=world.teams[0])
    Ticket.objects.filter(pk=world.tickets[0].pk).update(assignee=user)
    second = TeamFactory(lead=user)
    Ticket.objects.filter(pk=world.tickets[1].pk).update(team=second)
    services.mark_all()
    services.refresh(at=NOW)
    scope = Scope(
        date(2026, 1, 1), date(2026, 6, 1), visible=visibility_of(user), at=NOW
    )

    facts = set(scope.select("tickets")["ticket"].tolist())

    expected = set(tickets_visible_to(user).values_list("pk", flat=True))
    assert facts == expected
    open_seen = tickets_visible_to(user).filter(is_open=True)
    assert set(open_tickets(scope)) == set(open_seen)


@pytest.mark.parametrize("user", ["anonymous", "inactive"])
def test_facts_are_hidden_from_who_is_not_here(user):
    random_world(seed=32)
    viewer = AnonymousUser() if user == "anonymous" else UserFactory(is_active=False)
    visible = visibility_of(viewer)

    assert visible is not None
    assert (visible.agent, visible.teams) == (-1, frozenset())


def test_a_change_marks_the_days_the_ticket_counts_for(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        ticket = open_ticket(at=MONDAY, priority="P3")
    assert marked("tickets") == [MONDAY.date()]
    assert marked("resolutions") == []

    for days, status in ((1, "in-progress"), (2, "resolved"), (3, "reopened")):
        with django_capture_on_commit_callbacks(execute=True):
            ticket_services.change_status(
                ticket_id=ticket.pk,
                at=MONDAY + timedelta(days=days),
                actor=None,
                status=status,
            )

    # It is open again: the day it was resolved on must forget it.
    assert marked("resolutions") == [date(2026, 3, 4)]
    services.refresh(at=NOW)
    assert segments.load("resolutions", date(2026, 3, 1), date(2026, 3, 9)).size == 0


def test_messages_and_handoffs_of_a_real_ticket_are_counted(
    django_capture_on_commit_callbacks,
):
    first, second = UserFactory(), UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        ticket = open_ticket(at=MONDAY, priority="P3", assignee=first, level="L1")
        at = MONDAY + timedelta(hours=1)
        pk = ticket.pk
        ticket_services.reply(
            ticket_id=pk, at=at, actor=first, body="Hello", public=True
        )
        ticket_services.assign(ticket_id=pk, at=at, actor=None, assignee=None)
        ticket_services.assign(ticket_id=pk, at=at, actor=None, assignee=second)
        ticket_services.change_level(ticket_id=pk, at=at, actor=None, level="L2")
        for hours, status in ((2, "in-progress"), (3, "resolved")):
            ticket_services.change_status(
                ticket_id=pk,
                at=MONDAY + timedelta(hours=hours),
                actor=None,
                status=status,
            )
    services.refresh(at=NOW)
    scope = Scope(MONDAY.date(), MONDAY.date() + timedelta(days=1))

    values = {
        code: catalogue.get(code).compute(scope).value
        for code in (
            "agent_handoffs",
            "escalation_rate",
            "first_contact_resolution",
            "first_response_time",
            "resolution_time",
        )
    }

    assert values == {
        "agent_handoffs": 1,
        "escalation_rate": 1,
        "first_contact_resolution": 0,
        "first_response_time": 3600,
        "resolution_time": 10_800,
    }


def test_category_stands_for_its_subtree_and_only_for_itself_when_said_so():
    root = CategoryFactory(name="Billing")
    child = CategoryFactory(name="Invoices", parent=root)
    CategoryFactory(name="Billing plans")
    category = dimension("category")

    assert category.parse(str(root.pk)) == {root.pk, child.pk}
    assert category.parse(category.write_exactly(root.pk)) == {root.pk}
    assert category.parse("none") == {0}
    with pytest.raises(ValueError, match="999999"):
        category.parse("999999")


@pytest.mark.parametrize(
    "code", ["priority", "tier", "team", "agent", "category", "channel"]
)
def test_none_is_a_value_of_its_own_with_a_name(code):
    found = dimension(code)

    assert found.parse(found.write(0)) == {0}
    assert found.names([0])[0]


@pytest.mark.parametrize("value", ["", "-1", "1.5", "x", str(2**64)])
def test_an_id_that_cannot_be_is_refused(value):
    with pytest.raises(ValueError, match=r".*"):
        dimension("team").parse(value)


@pytest.mark.parametrize("names", [1, 3])
def test_names_take_one_query_whatever_their_number(names, django_assert_num_queries):
    users = UserFactory.create_batch(names)

    with django_assert_num_queries(1):
        found = dimension("agent").names([0, *(user.pk for user in users)])

    assert set(found) == {0, *(user.pk for user in users)}
