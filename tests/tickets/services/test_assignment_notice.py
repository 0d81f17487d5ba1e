import pytest

from supportops.notifications.models import Notification
from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services


@pytest.mark.django_db
def test_assign_tells_the_person_who_got_the_ticket():
    lead, agent = UserFactory(), UserFactory()
    ticket = open_ticket()

    services.assign(
        ticket_id=ticket.pk, at=MONDAY_9AM, actor=lead, assignee=agent, reason="API"
    )

    notice = Notification.objects.get()
    assert (notice.recipient, notice.kind) == (agent, "TICKET_ASSIGNED")
    assert notice.title == f"Ticket #{ticket.pk} was given to you"
    assert notice.url.endswith(f"/tickets/ticket/{ticket.pk}/change/")


@pytest.mark.django_db
def test_taking_a_ticket_oneself_tells_nobody():
    agent = UserFactory()
    ticket = open_ticket()

    services.assign(ticket_id=ticket.pk, at=MONDAY_9AM, actor=agent, assignee=agent)

    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_a_pause_ends_with_the_resolution_and_can_be_made_again_after_it():
    agent = UserFactory()
    ticket = open_ticket(assignee=agent, status="in-progress", priority="P3")
    change = {"ticket_id": ticket.pk, "at": MONDAY_9AM, "actor": agent}
    services.pause_clocks(**change, kind="THIRD_PARTY", reason="bank")
    services.change_status(**change, status="resolved")
    services.change_status(**change, status="reopened")

    services.pause_clocks(**change, kind="THIRD_PARTY", reason="bank again")

    assert ticket.events.latest("seq").reason == "bank again"
