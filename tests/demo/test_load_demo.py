from datetime import UTC, datetime, timedelta

import pytest

from sla.models import SlaClock
from supportops.demo import services
from supportops.demo.people import login_lines
from tests.factories.people import UserFactory
from tickets.core.projection import project
from tickets.models import Ticket, TicketEvent
from workforce.people.models import User

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)


def load(**options):
    return services.load_demo(
        until=UNTIL,
        at=UNTIL,
        say=lambda line: None,
        monthly=options.pop("monthly", 60),
        span=timedelta(days=options.pop("days", 40)),
    )


@pytest.mark.django_db
def test_load_demo_writes_tickets_whose_columns_follow_from_their_events():
    count = load()

    assert Ticket.objects.count() == count > 60
    for ticket in Ticket.objects.select_related("status").order_by("pk")[:25]:
        fold = project(list(ticket.events.order_by("seq")))
        assert (ticket.status.code, ticket.is_open) == (fold.status, fold.is_open)
        assert ticket.first_response_at == fold.first_response_at
        assert ticket.resolved_at == fold.resolved_at


@pytest.mark.django_db
def test_load_demo_gives_every_ticket_clocks_with_promises(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        load()

    tickets = Ticket.objects.count()
    assert SlaClock.objects.values("ticket").distinct().count() == tickets
    assert SlaClock.objects.filter(is_kept=True).exists()
    assert not SlaClock.objects.filter(
        metric="first_response", target_seconds=None
    ).exists()


@pytest.mark.django_db
def test_load_demo_gives_one_login_per_role():
    load(days=3)

    roles = [line.split("  ")[1] for line in login_lines()]
    assert roles == [
        "Support lead",
        "Team lead",
        "Agent",
        "QA reviewer",
        "Workforce manager",
        "Executive",
        "Administrator",
    ]
    for user in User.objects.filter(is_superuser=False):
        assert user.groups.count() == 1


@pytest.mark.django_db
def test_load_demo_refuses_a_database_in_use_and_writes_nothing():
    UserFactory()

    with pytest.raises(services.NotEmpty, match="already holds"):
        load()

    assert (Ticket.objects.count(), TicketEvent.objects.count()) == (0, 0)
