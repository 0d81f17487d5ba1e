"""A calibration of three reviewers from its draft to the end, blind until opened."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from qa.models import CalibrationSession, Review
from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card
from tests.qa.sampled import worked_ticket

SECRET = "The cause was found in the third reply."


@pytest.fixture
def lead(live_server):
    return UserFactory(first_name="Nora", last_name="Lead", role=roles.SUPPORT_LEAD)


@pytest.fixture
def reviewers(live_server):
    return [
        UserFactory(first_name=name, last_name="Reviewer", role=roles.QA_REVIEWER)
        for name in ("Mei", "David", "Priya")
    ]


@pytest.fixture
def ticket(live_server):
    return worked_ticket(agent())


def saved(page: Page) -> None:
    expect(page.locator("#room-saved")).to_have_attribute("data-status", "saved")


def draft_and_start(page: Page, ticket, reviewers) -> None:
    page.goto(reverse("qa:calibrations"))
    page.get_by_role("link", name="Start with three tickets").click()
    page.get_by_label("Title").fill("Refunds in March")
    page.get_by_label("Scorecard", exact=True).select_option(label="Work, version 1")
    page.get_by_label("By number").fill(f"#{ticket.pk}")
    page.get_by_role("button", name="Add", exact=True).first.click()
    expect(page.get_by_text(ticket.subject)).to_be_visible()
    for person in reviewers:
        page.get_by_label(str(person)).check()
    page.get_by_role("button", name="Save and start scoring").click()
    expect(page.get_by_text("Scoring has started")).to_be_visible()


def score_by_keyboard(page: Page, ticket, solution: str, comment: str = "") -> None:
    page.get_by_role("button", name=f"Score ticket {ticket.pk}").press("Enter")
    expect(page.locator("#room-title")).to_contain_text(f"#{ticket.pk}")
    page.keyboard.press(solution)
    if comment:
        page.keyboard.press("c")
        page.keyboard.type(comment)
        page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("4")
    saved(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#room-title")).to_have_count(0)


def test_three_reviewers_from_draft_to_closed(
    page: Page, sign_in, lead, reviewers, ticket
) -> None:
    published_card(name="Work")
    sign_in(page, lead)
    draft_and_start(page, ticket, reviewers)
    session = CalibrationSession.objects.get()
    room = reverse("qa:calibration", args=[session.pk])

    # Each scores on their own; nobody, the facilitator included, reads the others.
    for place, person in enumerate(reviewers):
        sign_in(page, person)
        page.goto(room)
        expect(page.get_by_role("heading", name="Your sheets")).to_be_visible()
        expect(page.get_by_text(SECRET)).to_have_count(0)
        expect(page.get_by_text("70.00")).to_have_count(0)
        expect(page.get_by_text("All in", exact=True)).to_have_count(place)
        score_by_keyboard(
            page, ticket, "2" if place == 0 else "4", "" if place else SECRET
        )
        sign_in(page, lead)
        page.goto(room)
        expect(page.get_by_text(SECRET)).to_have_count(0)
        expect(page.get_by_text("70.00")).to_have_count(0)
    assert Review.objects.filter(kind="CALIBRATION", state="SUBMITTED").count() == 3

    page.get_by_role("button", name="Open the scores").click()
    expect(page.get_by_text("Where sheets differ")).to_be_visible()
    cell = page.get_by_role("link", name=f"Solution, ticket {ticket.pk}: 30.0 points")
    cell.press("Enter")
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.get_by_label("Agreed").select_option(label="3 points")
    page.get_by_label("Reason").fill("Found, but late.")
    page.get_by_role("button", name="Record the decision").press("Enter")
    expect(page.get_by_text("1 of 1 decided")).to_be_visible()
    page.get_by_role("button", name="Finish the decisions").click()
    minutes = page.get_by_label("Text, until the calibration is closed")
    minutes.fill(minutes.input_value() + "\nNext time: four tickets.")
    page.get_by_role("button", name="Save and close the calibration").click()
    expect(page.get_by_text("nothing of it changes any more")).to_be_visible()

    session.refresh_from_db()
    assert session.state == CalibrationSession.State.CLOSED
    assert session.closed_at <= timezone.now()
    assert session.minutes.endswith("Next time: four tickets.")
    assert session.statistics["tickets"][0]["range"] == 30.0
    page.goto(reverse("qa:calibration-minutes", args=[session.pk]))
    expect(page.get_by_text("Next time: four tickets.")).to_be_visible()
