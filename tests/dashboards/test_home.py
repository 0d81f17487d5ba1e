from datetime import timedelta

import pytest
from django.utils import timezone

from sla.services import policies
from supportops.common.templatetags.times import exact
from supportops.dashboards.home import Tile
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sla import NEW_YEAR, draft
from tests.factories.tickets import open_ticket
from tickets.models import Ticket

HOME = "/admin/"


def tiles(response):
    return {str(tile.label): tile.count for tile in response.context["tiles"]}


@pytest.mark.django_db
def test_support_lead_sees_what_is_due_and_who_has_nothing(client):
    client.force_login(UserFactory(role="Support lead"))
    now = timezone.now()
    soon, late = open_ticket(priority="P1"), open_ticket(priority="P4")
    Ticket.objects.filter(pk=soon.pk).update(next_due_at=now + timedelta(minutes=20))
    Ticket.objects.filter(pk=late.pk).update(next_due_at=now - timedelta(minutes=20))

    response = client.get(HOME)

    assert tiles(response) == {
        "Due within the hour": 1,
        "Past due now": 1,
        "Promises missed today": 0,
        "P1 and P2 without assignee": 1,
        "Open longer than 24 h": 2,
    }
    assert [row["ticket"].pk for row in response.context["due_next"]] == [
        late.pk,
        soon.pk,
    ]
    assert {item["metric"].code for item in response.context["figures"]} >= {
        "response_sla",
        "ticket_volume",
    }


@pytest.mark.django_db
def test_agent_sees_own_tickets_only(client):
    agent = UserFactory(role="Agent", team=TeamFactory())
    client.force_login(agent)
    mine = open_ticket(assignee=agent)
    open_ticket(team=agent.team)
    Ticket.objects.update(next_due_at=timezone.now() + timedelta(hours=2))

    response = client.get(HOME)

    assert tiles(response)["My open tickets"] == 1
    assert [row["ticket"].pk for row in response.context["due_next"]] == [mine.pk]
    assert response.context["figures"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "offered"), [("Agent", True), ("Executive", False)])
def test_home_without_anything_due_leads_workers_to_what_nobody_has(
    client, role, offered
):
    client.force_login(UserFactory(role=role))
    open_ticket()

    text = client.get(HOME).content.decode()

    assert "Nothing is due" in text
    assert ("?view=unassigned" in text.partition("Nothing is due")[2]) is offered


@pytest.mark.django_db
def test_reviewer_reads_every_ticket_and_is_not_asked_to_work_on_them(client):
    client.force_login(UserFactory(role="QA reviewer"))
    open_ticket(team=TeamFactory())

    response = client.get(HOME)

    assert tiles(response) == {
        "Open tickets": 1,
        "Past due now": 0,
        "Resolved in the last 7 days": 0,
    }


@pytest.mark.django_db
def test_what_changed_says_from_when_it_is_in_force(client):
    client.force_login(UserFactory(role="Support lead"))
    policies.publish_policy(
        version_id=draft().pk,
        actor=None,
        at=NEW_YEAR,
        effective_from=NEW_YEAR + timedelta(days=30, hours=9),
        reason="Shorter hours.",
    )

    text = client.get(HOME).content.decode()

    assert f"in force from {exact(NEW_YEAR + timedelta(days=30, hours=9))}" in text


def test_counts_have_separators_and_stop_at_the_cap():
    assert [Tile("", count, "").shown for count in (999, 1000)] == ["999", "1,000+"]


@pytest.mark.django_db
def test_home_without_tickets_says_what_to_do_first(client):
    client.force_login(UserFactory(role="Support lead"))

    text = client.get(HOME).content.decode()

    assert "No tickets yet" in text
    assert "Import a ticket history" in text


@pytest.mark.django_db
def test_home_without_a_role_says_whom_to_ask(client):
    client.force_login(UserFactory())

    text = client.get(HOME).content.decode()

    assert "Ask an administrator" in text
    assert "Due next" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_home_query_count_does_not_grow_with_rows(
    client, rows, django_assert_num_queries
):
    client.force_login(UserFactory(role="Support lead"))
    for _ in range(rows):
        open_ticket(priority="P2")
    Ticket.objects.update(next_due_at=timezone.now() + timedelta(hours=2))
    client.get(HOME)

    with django_assert_num_queries(46):
        response = client.get(HOME)

    assert len(response.context["due_next"]) == rows
