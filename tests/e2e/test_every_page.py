"""What every page owes: it fits a phone, breaks nothing, and can be read by all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.services import clocks
from supportops.common import roles
from supportops.metrics import services as metrics
from tests.e2e.looking import LAPTOP, PHONE, barriers, overflow
from tests.factories import sla as make
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import open_ticket
from tickets import services
from tickets.imports.models import ImportRun

REPORT = {
    "tickets": 20,
    "created": 20,
    "updated": 0,
    "unchanged": 0,
    "events": 60,
    "messages": 0,
    "rejected": 0,
    "seconds": 1,
    "facts": {
        "by_status": {"Resolved": 20},
        "by_priority": {"P1": 8, "P3": 12},
        "median_hours_to_resolve": 12.0,
        "reopens": 0,
        "tickets_reopened": 0,
        "first_at": "2026-03-02",
        "last_at": "2026-03-06",
    },
}


@pytest.fixture
def world(live_server) -> dict[str, Any]:
    """A week in which promises were kept, missed, and are still running."""
    now = timezone.now()
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    policy = make.published().policy
    make.redefine(policy, make.definition())
    team = TeamFactory(name="Frontline")
    opened = [
        open_ticket(
            at=now - timedelta(days=3 - index % 3, minutes=index),
            subject=f"The {index}th invoice shows a very long wrong amount",
            body="It says 1,204.00 and should say 1,024.00.",
            priority="P1" if index % 2 else "P2",
            team=team,
            assignee=lead,
        )
        for index in range(6)
    ]
    for ticket in opened[:4]:
        at = ticket.created_at + timedelta(minutes=30)
        services.reply(
            ticket_id=ticket.pk, at=at, actor=lead, body="We look.", public=True
        )
    clocks.recompute([ticket.pk for ticket in opened], now)
    metrics.refresh(at=now)
    run = ImportRun.objects.create(
        source="old-desk",
        file_name="tickets.csv",
        format="csv",
        state=ImportRun.State.DONE,
        report=REPORT,
        arrivals={"2026-03": 20},
        created_at=datetime(2026, 3, 9, tzinfo=UTC),
    )
    return {
        "lead": lead,
        "ticket": opened[0],
        "policy": policy,
        "calendar": make.business_hours(),
        "run": run,
    }


def pages(world: dict[str, Any]) -> Iterator[str]:
    yield reverse("admin:index")
    yield reverse("admin:tickets_ticket_changelist")
    yield reverse("admin:tickets_ticket_change", args=[world["ticket"].pk])
    yield reverse("sla:compliance")
    yield reverse("sla:promises")
    yield reverse("metrics:catalogue")
    yield reverse("admin:sla_policy_changelist")
    yield reverse("sla:policy", args=[world["policy"].pk])
    yield reverse("sla:policy-draft", args=[world["policy"].pk])
    yield reverse("sla:policy-publish", args=[world["policy"].pk])
    yield reverse("sla:calendar", args=[world["calendar"].pk])
    yield reverse("admin:ticket_imports_report", args=[world["run"].pk])
    yield reverse("admin:notifications_notification_changelist")
    yield reverse(
        "admin:tickets_organisation_change", args=[world["ticket"].organisation_id]
    )


def open_all(page: Page, world: dict[str, Any]) -> Iterator[str]:
    for address in pages(world):
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        page.wait_for_load_state("networkidle")
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_pages_fit_and_have_no_barriers(page: Page, sign_in, world, scheme) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    sign_in(page, world["lead"])

    found = {
        address: overflow(page) + barriers(page) for address in open_all(page, world)
    }

    assert found == {address: [] for address in found}


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_customers_read_the_promises_on_a_phone_without_login(
    page: Page, world
) -> None:
    page.goto(reverse("sla:public-sla"))
    expect(page.get_by_text("P1").first).to_be_visible()
    expect(page.get_by_text("15 min").first).to_be_visible()
    assert overflow(page) == []
    assert barriers(page) == []


def test_the_login_page_has_no_barriers(page: Page, live_server) -> None:
    page.goto(reverse("admin:login"))
    assert barriers(page) == []
