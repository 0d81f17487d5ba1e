from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sla.services import clocks, policies
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sla import NEW_YEAR, draft
from tests.factories.tickets import open_ticket
from tickets.models import Ticket

LIST = "/admin/tickets/ticket/"
OPEN = f"{LIST}?is_open__exact=1"


@pytest.fixture
def lead(client):
    user = UserFactory(role="Support lead")
    client.force_login(user)
    return user


def promise(tickets):
    """Publish a policy for everything and give these tickets their clocks."""
    version = draft()
    policies.publish_policy(
        version_id=version.pk,
        actor=None,
        at=NEW_YEAR,
        effective_from=NEW_YEAR,
        reason="test",
    )
    clocks.recompute([ticket.pk for ticket in tickets], timezone.now())


def shown(response):
    return [ticket.pk for ticket in response.context["cl"].result_list]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_ticket_list_query_count_does_not_grow_with_rows(
    client, lead, rows, django_assert_num_queries
):
    tickets = [open_ticket(priority="P1", actor=lead) for _ in range(rows)]
    promise(tickets)
    client.get(OPEN)

    with django_assert_num_queries(11):
        response = client.get(OPEN)

    assert sorted(shown(response)) == sorted(ticket.pk for ticket in tickets)
    assert "First response" in response.content.decode()


@pytest.mark.django_db
def test_ticket_list_leads_to_open_tickets_first(client, lead):
    response = client.get(LIST)

    assert response.status_code == 302
    assert response.url == OPEN


@pytest.mark.django_db
def test_ticket_list_sorts_by_the_next_promise_and_puts_the_rest_last(client, lead):
    now = timezone.now()
    later, none, sooner = (open_ticket() for _ in range(3))
    Ticket.objects.filter(pk=later.pk).update(next_due_at=now + timedelta(hours=5))
    Ticket.objects.filter(pk=sooner.pk).update(next_due_at=now - timedelta(hours=1))

    assert shown(client.get(OPEN)) == [sooner.pk, later.pk, none.pk]


@pytest.mark.django_db
def test_ready_made_views_answer_their_question(client, lead):
    now = timezone.now()
    mine = open_ticket(assignee=lead, priority="P3")
    urgent = open_ticket(priority="P1")
    Ticket.objects.filter(pk=urgent.pk).update(next_due_at=now + timedelta(minutes=30))
    Ticket.objects.filter(pk=mine.pk).update(next_due_at=now - timedelta(minutes=1))

    def view(name):
        return shown(client.get(f"{LIST}?view={name}"))

    assert view("mine") == [mine.pk]
    assert view("unassigned") == [urgent.pk]
    assert view("urgent") == [urgent.pk]
    assert view("hour") == [urgent.pk]
    assert view("past") == [mine.pk]
    assert view("waiting") == []
    assert view("stale") == [mine.pk, urgent.pk]


@pytest.mark.django_db
def test_search_finds_a_number_and_the_words_of_a_subject(client, lead):
    first = open_ticket(subject="Charged twice in March")
    open_ticket(subject="Cannot sign in")

    def search(words):
        return shown(client.get(OPEN, {"is_open__exact": "1", "q": words}))

    assert search(f"#{first.pk}") == [first.pk]
    assert search("march TWICE") == [first.pk]
    assert search("march login") == []


@pytest.mark.django_db
def test_agent_sees_only_the_tickets_of_the_own_team(client):
    team, other = TeamFactory(), TeamFactory()
    client.force_login(UserFactory(role="Agent", team=team))
    own = open_ticket(team=team)
    open_ticket(team=other)

    assert shown(client.get(OPEN)) == [own.pk]


@pytest.mark.django_db
def test_take_selected_gives_tickets_to_me_and_counts_before_the_filter_changes(
    client, lead
):
    tickets = [open_ticket() for _ in range(2)]

    response = client.post(
        f"{LIST}?view=unassigned",
        {"action": "take_selected", "_selected_action": [t.pk for t in tickets]},
        follow=True,
    )

    assert "2 tickets are now yours." in response.content.decode()
    assert Ticket.objects.filter(assignee=lead).count() == 2


@pytest.mark.django_db
def test_reader_cannot_take_tickets(client):
    client.force_login(UserFactory(role="Executive"))
    ticket = open_ticket()

    client.post(OPEN, {"action": "take_selected", "_selected_action": [ticket.pk]})

    ticket.refresh_from_db()
    assert ticket.assignee is None


@pytest.mark.django_db
def test_tickets_cannot_be_deleted_from_the_list(client, lead):
    ticket = open_ticket()

    response = client.post(reverse("admin:tickets_ticket_delete", args=[ticket.pk]))

    assert response.status_code == 403
    assert Ticket.objects.filter(pk=ticket.pk).exists()
