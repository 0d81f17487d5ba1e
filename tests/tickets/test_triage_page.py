import pytest
from django.urls import reverse

from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import open_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

AT_RISK = {"outage": "no", "revenue_or_data": "yes"}


def page(ticket) -> str:
    return reverse("admin:tickets_triage", args=[ticket.pk])


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def ticket():
    return open_ticket()


def sign_in(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


def test_the_proposal_is_shown_before_anything_is_written(client, ticket):
    sign_in(client, roles.AGENT)

    response = client.post(
        page(ticket),
        {**AT_RISK, "users_affected": "ALL", "impairment": "MAJOR", "step": "propose"},
    )

    text = response.content.decode()
    assert response.status_code == 200
    assert "P2 High" in text
    assert "SEV2 High" in text
    assert "no outage, revenue or data at risk → P2" in text
    assert fresh(ticket).last_seq == 1


def test_an_agent_applies_the_proposal(client, ticket):
    agent = sign_in(client, roles.AGENT)

    response = client.post(
        page(ticket),
        {**AT_RISK, "users_affected": "", "impairment": "", "step": "apply"},
    )

    assert response.url == reverse("admin:tickets_ticket_change", args=[ticket.pk])
    assert fresh(ticket).priority == "P2"
    assert fresh(ticket).status.code == "triaged"
    assert set(ticket.events.filter(seq__gt=1).values_list("actor", flat=True)) == {
        agent.pk
    }


def test_an_agent_may_not_override_the_proposal(client, ticket):
    sign_in(client, roles.AGENT)

    shown = client.get(page(ticket))
    client.post(
        page(ticket), {**AT_RISK, "priority": "P1", "reason": "x", "step": "apply"}
    )

    assert "Another priority" not in shown.content.decode()
    assert fresh(ticket).priority == "P2"


def test_a_team_lead_overrides_the_proposal_with_a_reason(client, ticket):
    sign_in(client, roles.TEAM_LEAD)
    form = {**AT_RISK, "priority": "P1", "step": "apply"}

    refused = client.post(page(ticket), form)
    assert refused.status_code == 422
    assert "Triage proposes P2" in refused.content.decode()
    assert fresh(ticket).last_seq == 1

    client.post(page(ticket), {**form, "reason": "Press is calling"})
    assert fresh(ticket).priority == "P1"


def test_an_unanswered_question_is_named(client, ticket):
    sign_in(client, roles.AGENT)

    response = client.post(page(ticket), {"outage": "no", "step": "apply"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["revenue_or_data"]
    assert fresh(ticket).last_seq == 1


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (roles.AGENT, 200),
        (roles.TEAM_LEAD, 200),
        (roles.SUPPORT_LEAD, 200),
        (roles.ADMINISTRATOR, 200),
        (roles.QA_REVIEWER, 403),
        (roles.WORKFORCE_MANAGER, 403),
        (roles.EXECUTIVE, 403),
    ],
)
def test_triage_is_for_those_who_work_tickets(client, ticket, role, code):
    sign_in(client, role)

    assert client.get(page(ticket)).status_code == code


def test_a_ticket_that_one_may_not_see_is_not_found(client):
    elsewhere = open_ticket(team=TeamFactory())
    sign_in(client, roles.AGENT)

    assert client.get(page(elsewhere)).status_code == 404
    posted = client.post(page(elsewhere), {**AT_RISK, "step": "apply"})
    assert posted.status_code == 404
    assert fresh(elsewhere).priority == ""


def test_signing_in_comes_first(client, ticket):
    assert "login" in client.get(page(ticket)).url
