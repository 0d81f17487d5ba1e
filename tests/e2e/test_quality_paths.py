"""An agent on a phone, and a coach: from a released score to an acknowledged talk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from qa.coaching.models import CoachingSession
from qa.models import Dispute, Review
from qa.services.history import append_reviews
from qa.services.life import release_reviews
from tests.e2e import quality_world as quality
from tests.e2e.looking import LAPTOP, PHONE, overflow
from workforce.people.models import User

NOTIFICATIONS = reverse("admin:notifications_notification_changelist")
FAIR = quality.BEST | {"communication": "good"}
"""95 of 100 points."""


@pytest.fixture
def who(live_server) -> quality.People:
    return quality.people()


def released(who: quality.People, *all_levels: dict[str, str]) -> list[Review]:
    """Release a review for each of these answers, as its reviewer."""
    now = timezone.now()
    at = now - timedelta(hours=2)
    reviews = append_reviews(
        [
            quality.past_review(
                quality.worked_ticket(who.agent, at),
                who.reviewer,
                at,
                levels,
                released_at=None,
            )
            for levels in all_levels
        ],
        at=now,
    )
    ids = [review.pk for review in reviews]
    release_reviews(review_ids=ids, actor=who.reviewer, at=now)
    return reviews


def follow(page: Page, words: str) -> None:
    """Open the notification that begins with these words."""
    page.goto(NOTIFICATIONS)
    assert overflow(page) == []
    page.get_by_role("button", name=words).click()


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_agent_disputes_one_review_and_acknowledges_another(
    page: Page, sign_in, who
) -> None:
    doubtful, fair = released(who, FAIR, quality.BEST)
    sign_in(page, who.agent)

    follow(page, f"Your work on ticket #{doubtful.ticket_id} was reviewed")
    expect(page.get_by_text("Found the cause at once.")).to_be_visible()
    expect(page.get_by_role("link", name="Dispute this")).to_have_count(1)
    page.get_by_role("link", name="Dispute this").click()
    expect(page.get_by_label("Communication")).to_be_checked()
    expect(page.get_by_text("Solution quality")).to_have_count(0)
    page.get_by_label("It should be").first.select_option(label="Excellent (25)")
    page.get_by_label("Why").first.fill("She thanked me for how warm I was.")
    assert overflow(page) == []
    page.get_by_role("button", name="Dispute", exact=True).click()
    expect(page.get_by_text("A second reviewer decides").first).to_be_visible()
    line = Dispute.objects.get(review=doubtful).lines.get()
    assert (line.criterion_key, line.proposed_level) == ("communication", "excellent")

    follow(page, f"Your work on ticket #{fair.ticket_id} was reviewed")
    page.get_by_text("Add your own words").click()
    page.get_by_label("Your words").fill("Thank you.")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("Acknowledged", exact=True).first).to_be_visible()
    fair.refresh_from_db()
    assert fair.state == Review.State.ACKNOWLEDGED
    assert fair.acknowledgement == "Thank you."


def enter(page: Page, sign_in, person: User, size: dict[str, int]) -> None:
    page.context.clear_cookies()
    page.set_viewport_size(size)
    sign_in(page, person)


def test_low_score_leads_to_a_talk_that_the_agent_acknowledges(
    page: Page, sign_in, who
) -> None:
    released(who, quality.WEAK)
    talk = CoachingSession.objects.get(agent=who.agent)

    enter(page, sign_in, who.team_lead, LAPTOP)
    page.goto(reverse("coaching:board"))
    expect(page.get_by_text("low score", exact=True)).to_be_visible()
    page.get_by_role("link", name=str(who.agent)).first.click()
    page.get_by_role("link", name="Prepare").click()
    expect(page.get_by_label("What").first).to_have_value("Found the cause at once.")
    page.get_by_label("The one focus").fill("Name the next step")
    page.get_by_label("Notes for both").fill("We read two replies aloud.")
    page.get_by_label("My own notes").fill("He was tired.")
    page.get_by_role("button", name="Save, it is prepared").click()
    page.get_by_role("button", name="We have talked").click()
    expect(page.get_by_text("Held", exact=True).first).to_be_visible()

    enter(page, sign_in, who.agent, PHONE)
    follow(page, "Please read and acknowledge what you talked about")
    expect(page.get_by_text("We read two replies aloud.")).to_be_visible()
    expect(page.get_by_text("He was tired.")).to_have_count(0)
    assert overflow(page) == []
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("Acknowledged", exact=True).first).to_be_visible()
    talk.refresh_from_db()
    assert talk.state == CoachingSession.State.ACKNOWLEDGED
