from datetime import UTC, datetime, timedelta

import pytest

from sla.services import alerts, clocks
from tests.factories import sla as make
from tests.factories.people import TeamFactory, UserFactory
from tickets import services

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALERTS = "/admin/sla/slaalert/"
CLOCKS = "/admin/sla/slaclock/"


def warned(count=1, **values):
    """Tickets whose only promise is half used up."""
    tickets = [
        services.open_ticket(at=MONDAY, actor=None, subject=f"Printer {n}", **values)
        for n in range(count)
    ]
    clocks.recompute([ticket.pk for ticket in tickets], MONDAY)
    alerts.sweep(at=MONDAY + timedelta(hours=5))
    return tickets


@pytest.fixture
def promised():
    return make.published(targets={"": {"resolution": 8 * 3600}})


@pytest.mark.parametrize("page", [ALERTS, CLOCKS])
def test_team_lead_sees_rows_of_visible_tickets_only(client, promised, page):
    lead = UserFactory(role="Team lead", team=TeamFactory())
    [mine] = warned(team=lead.team)
    warned(team=TeamFactory())
    client.force_login(lead)

    rows = client.get(page).context["cl"].result_list

    seen = {getattr(row, "ticket_id", None) or row.clock.ticket_id for row in rows}
    assert seen == {mine.pk}


@pytest.mark.parametrize("page", [ALERTS, CLOCKS])
def test_support_lead_sees_rows_of_every_ticket(client, promised, page):
    tickets = warned(2, team=TeamFactory())
    client.force_login(UserFactory(role="Support lead"))

    rows = client.get(page).context["cl"].result_list

    seen = {getattr(row, "ticket_id", None) or row.clock.ticket_id for row in rows}
    assert seen == {ticket.pk for ticket in tickets}


@pytest.mark.parametrize("page", [ALERTS, CLOCKS])
def test_person_without_a_role_is_refused(client, page):
    client.force_login(UserFactory())

    assert client.get(page).status_code == 403


def test_agent_sees_clocks_and_not_what_managers_are_told(client):
    client.force_login(UserFactory(role="Agent"))

    assert client.get(CLOCKS).status_code == 200
    assert client.get(ALERTS).status_code == 403


@pytest.mark.parametrize("page", [ALERTS + "add/", CLOCKS + "add/"])
def test_nobody_writes_alerts_or_clocks_by_hand(client, page):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(page).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [(ALERTS, 4), (CLOCKS, 3)])
def test_changelist_query_count_does_not_grow(
    client, promised, page, queries, count, django_assert_num_queries
):
    warned(count)
    client.force_login(UserFactory(is_superuser=True))
    client.get(page)

    with django_assert_num_queries(queries):
        assert client.get(page).status_code == 200
