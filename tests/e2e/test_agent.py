"""An agent's path: what comes next, an answer, a pause, and all of it by keyboard."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.services import clocks
from supportops.common import roles
from tests.factories import sla as make
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import open_ticket
from workforce.people.models import User

LIST = reverse("admin:tickets_ticket_changelist")


@pytest.fixture
def agent(live_server) -> User:
    return UserFactory(role=roles.AGENT)


@pytest.fixture
def tickets(agent) -> None:
    """An urgent and a less urgent ticket of the agent's, the latter opened first."""
    now = timezone.now()
    team = TeamFactory()
    targets = {
        "P1": {"first_response": 3_600, "resolution": 14_400},
        "P2": {"first_response": 7_200, "resolution": 28_800},
    }
    make.published(targets=targets)
    opened = [
        open_ticket(
            at=now - timedelta(minutes=20 + 10 * number),
            subject=subject,
            body="It stopped this morning.",
            priority=priority,
            assignee=agent,
            team=team,
        )
        for number, (subject, priority) in enumerate(
            [("Cannot print", "P1"), ("Slow report", "P2")]
        )
    ]
    clocks.recompute([ticket.pk for ticket in opened], now)


def test_answer_the_next_ticket_and_wait_for_the_customer(
    page: Page, sign_in, agent, tickets
) -> None:
    sign_in(page, agent)
    page.goto("/admin/")
    next_ticket = page.locator(".so-table tbody tr").first
    expect(next_ticket).to_contain_text("Cannot print")
    next_ticket.get_by_role("link").first.click()
    promises = page.locator("section", has=page.get_by_role("heading", name="Promises"))
    expect(promises.last).to_contain_text("First response")

    page.get_by_label("Message").fill("Which printer is it?")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator(".so-message.out")).to_contain_text("Which printer is it?")
    expect(promises.last.get_by_text("met", exact=True)).to_be_visible()

    status = page.locator("details.so-action", has_text="Change status")
    status.locator("summary").click()
    status.get_by_label("Status").select_option(label="Waiting on customer")
    status.get_by_label("Reason").fill("Asked for the model")
    status.get_by_role("button", name="Change status").click()
    expect(page.locator("header .so-chip").first).to_have_text("Waiting on customer")
    expect(promises.last.get_by_text("paused").first).to_be_visible()
    page.locator(".so-events summary").last.click()
    expect(page.get_by_text("Asked for the model")).to_be_visible()


def test_get_about_by_keyboard(page: Page, sign_in, agent, tickets) -> None:
    sign_in(page, agent)
    page.goto("/admin/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    expect(keys).to_contain_text("Tickets")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.keyboard.type("gt")
    expect(page).to_have_url(re.compile(LIST))
    page.wait_for_load_state()
    page.keyboard.press("/")
    page.keyboard.type("report")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("Slow report")


@pytest.mark.parametrize("letter", "htcpmn")
def test_every_letter_leads_to_a_page(page: Page, sign_in, live_server, letter) -> None:
    sign_in(page, UserFactory(role=roles.SUPPORT_LEAD))
    # A page where no field takes the focus, and with it the keys.
    page.goto(reverse("admin:people_team_changelist"))
    with page.expect_navigation() as navigation:
        # In one go: the keys belong together for 1.5 s, which a busy machine can take
        # between two calls.
        page.keyboard.type(f"g{letter}")
    assert navigation.value.status == 200
