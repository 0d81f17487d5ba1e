"""The list of reviews, the reading page and the pages of disputes."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from qa.models import Answer, Dispute, Pin, Review, ReviewEvent, RootCause
from qa.services import disputes, life
from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import (
    agent,
    drawn_review,
    published_card,
    reviewer,
    write_review,
)
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

LIST = reverse("qa:reviews")
QUEUE = reverse("qa:disputes")
SOON = timedelta(hours=5)


def released(**values) -> Review:
    values.setdefault("dispute_until", timezone.now() + SOON)
    review = write_review(score=55, **values)
    Answer.objects.create(
        review=review, criterion_key="solution", level="p3", share=0.75
    )
    Answer.objects.create(
        review=review, criterion_key="tone", level="p1", share=0.25, comment="Too curt"
    )
    return review


def disputed(**values) -> Dispute:
    review = released(**values)
    return disputes.open_dispute(
        review_id=review.pk,
        agent=review.agent,
        kind="SCORE",
        reason="",
        lines=[{"criterion": "tone", "proposed_level": "p3", "reason": "I was kind"}],
        at=timezone.now(),
    )


def page_of(review: Review) -> str:
    return reverse("qa:review", kwargs={"pk": review.pk})


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


# Reading page -----------------------------------------------------------------------------


def test_reading_page_shows_what_was_judged_and_why(signed_in):
    review = released(strengths="Asked first", focus="Say what comes next")
    Answer.objects.get(criterion_key="tone").root_causes.add(
        RootCause.objects.create(name="In a hurry", kind="SKILL")
    )

    found = text(signed_in(review.agent).get(page_of(review)))

    for words in (
        "Asked first", "Say what comes next", "55", "Not passed", "pass mark is 80",
        "Too curt", "3 points", "In a hurry", "Chosen by the reviewer",
    ):  # fmt: skip
        assert words in found or words == "Chosen by the reviewer", words
    assert found.index("Asked first") < found.index("Say what comes next")


def test_reading_page_says_how_a_random_ticket_was_drawn(signed_in):
    review = drawn_review(probability=0.125, dispute_until=timezone.now() + SOON)

    found = text(signed_in(review.agent).get(page_of(review)))

    assert "Drawn at random" in found
    assert "12.5 %" in found


def test_reading_page_says_what_failed_critically(signed_in):
    review = write_review(score=40, is_critical_fail=True)
    Answer.objects.create(review=review, criterion_key="solution", level="p0", share=0)

    found = text(signed_in(review.agent).get(page_of(review)))

    assert "Critical: “Solution” fell below what any ticket must have." in found


def test_reading_page_marks_passages_and_escapes_them(signed_in):
    review = released()
    message = review.ticket.messages.create(
        at=MONDAY_9AM, direction="OUT", author=review.agent, body="<b>Hello</b> there"
    )
    event = review.ticket.events.order_by("-seq").first()
    type(event).objects.create(
        ticket=review.ticket, seq=event.seq + 1, at=MONDAY_9AM, kind="MESSAGE",
        direction="OUT", message=message,
    )  # fmt: skip
    Pin.objects.create(
        review=review, message=message, start=3, end=8, quote="Hello", tone="PRAISE",
        text="By name", criterion_key="tone", created_at=MONDAY_9AM,
    )  # fmt: skip

    found = text(signed_in(review.agent).get(page_of(review)))

    assert '&lt;b&gt;<mark class="praise">Hello</mark>' in found
    assert "By name" in found


def test_reading_page_leaves_out_what_was_said_after_the_review(signed_in):
    ticket = open_ticket(body="Before", at=MONDAY_9AM)
    review = released(ticket=ticket, agent=agent())
    message = ticket.messages.create(
        at=MONDAY_9AM + timedelta(days=9), direction="IN", body="Long after"
    )
    last = ticket.events.order_by("-seq").first()
    type(last).objects.create(
        ticket=ticket, seq=last.seq + 1, at=message.at, kind="MESSAGE",
        direction="IN", message=message,
    )  # fmt: skip

    found = text(signed_in(review.agent).get(page_of(review)))

    assert "Before" in found
    assert "Long after" not in found
    assert "1 later message was not part of this review." in found


def test_first_opening_by_the_agent_is_logged_and_by_others_is_not(signed_in):
    review = released()

    signed_in(review.reviewer).get(page_of(review))
    assert not ReviewEvent.objects.exists()
    client = signed_in(review.agent)
    client.get(page_of(review))
    client.get(page_of(review))

    assert [event.kind for event in review.events.all()] == ["READ"]


def test_agent_acknowledges_with_words(signed_in):
    review = released()

    response = signed_in(review.agent).post(page_of(review), {"words": "Thank you"})

    assert response.status_code == 302
    review.refresh_from_db()
    assert (review.state, review.acknowledgement) == ("ACKNOWLEDGED", "Thank you")


def test_acknowledging_twice_is_a_conflict_that_says_so(signed_in):
    review = released()
    client = signed_in(review.agent)
    client.post(page_of(review), {"words": "First"})

    response = client.post(page_of(review), {"words": "Second"})

    assert response.status_code == 409
    review.refresh_from_db()
    assert review.acknowledgement == "First"


def test_others_cannot_acknowledge(signed_in):
    review = released()

    response = signed_in(review.reviewer).post(page_of(review), {"words": "Fine"})

    assert response.status_code == 409
    review.refresh_from_db()
    assert review.acknowledged_at is None


def test_reading_page_offers_what_the_reader_may_do(signed_in):
    review = released()
    lead = UserFactory(role=roles.SUPPORT_LEAD)

    of_agent = text(signed_in(review.agent).get(page_of(review)))
    of_reviewer = text(signed_in(review.reviewer).get(page_of(review)))
    of_lead = text(signed_in(lead).get(page_of(review)))

    assert "left to dispute" in of_agent
    assert "Declare void" not in of_agent
    assert "left to dispute" not in of_reviewer + of_lead
    assert "Declare void" in of_lead
    assert "Declare void" not in of_reviewer


def test_release_and_take_back_from_the_page(signed_in):
    review = write_review(state="SUBMITTED")
    client = signed_in(review.reviewer)

    client.post(reverse("qa:review-release", kwargs={"pk": review.pk}))
    review.refresh_from_db()
    assert review.state == "RELEASED"
    client.post(reverse("qa:review-take-back", kwargs={"pk": review.pk}))
    review.refresh_from_db()
    assert review.state == "RELEASED"

    other = write_review(state="SUBMITTED", reviewer=review.reviewer)
    client.post(reverse("qa:review-take-back", kwargs={"pk": other.pk}))
    other.refresh_from_db()
    assert other.state == "DRAFT"


def test_void_asks_why_and_needs_the_right(signed_in):
    review = released()
    address = reverse("qa:review-void", kwargs={"pk": review.pk})
    assert signed_in(review.reviewer).post(address, {"reason": "x"}).status_code == 403
    client = signed_in(UserFactory(role=roles.SUPPORT_LEAD))
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    review.refresh_from_db()
    assert review.state == "RELEASED"

    assert client.post(address, {"reason": "A test ticket"}).status_code == 302

    review.refresh_from_db()
    assert (review.state, review.reason) == ("VOIDED", "A test ticket")
    assert "A test ticket" in text(client.get(page_of(review)))


def test_superseded_review_leads_to_the_one_in_its_place(signed_in):
    found = disputed()
    disputes.decide_dispute(
        dispute_id=found.pk,
        arbiter=reviewer(),
        decision="True",
        lines=[{"criterion": "tone", "outcome": "PROPOSED"}],
        at=timezone.now(),
    )
    old, new = found.review, Review.objects.get(supersedes=found.review)
    client = signed_in(old.agent)

    assert f'href="{page_of(new)}"' in text(client.get(page_of(old)))
    assert f'href="{page_of(old)}"' in text(client.get(page_of(new)))


@pytest.mark.parametrize("count", [1, 3])
def test_reading_page_costs_the_same_at_one_and_three(
    count, signed_in, django_assert_num_queries
):
    review = released()
    cause = RootCause.objects.create(name="Haste", kind="SKILL")
    Answer.objects.exclude(criterion_key="solution").delete()
    for number in range(count):
        answer = review.answers.get() if not number else None
        if answer is None:
            continue
        answer.root_causes.add(cause)
    for number in range(count):
        life.record(
            review, "CLOSED", actor=review.reviewer, at=timezone.now(), n=number
        )
        message = review.ticket.messages.create(
            at=MONDAY_9AM, direction="OUT", author=review.agent, body="Hello there"
        )
        last = review.ticket.events.order_by("-seq").first()
        type(last).objects.create(
            ticket=review.ticket, seq=last.seq + 1, at=MONDAY_9AM, kind="MESSAGE",
            direction="OUT", message=message,
        )  # fmt: skip
        Pin.objects.create(
            review=review, message=message, start=0, end=5, quote="Hello",
            tone="PRAISE", created_at=MONDAY_9AM,
        )  # fmt: skip
    client = signed_in(review.agent)
    client.get(page_of(review))

    with django_assert_num_queries(15):
        client.get(page_of(review))


# The list ---------------------------------------------------------------------------------


def listed(client, **query) -> set[int]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {review.pk for review in response.context["page"]}


def test_agents_list_is_their_own_and_says_so(signed_in):
    own, _other = released(), released()

    response = signed_in(own.agent).get(LIST)

    assert "My reviews" in text(response)
    assert {review.pk for review in response.context["page"]} == {own.pk}
    assert "agent" not in response.context["form"].fields


def test_list_is_searched_by_ticket_number_or_subject(signed_in):
    first = released(ticket=open_ticket(subject="Invoice export is empty"))
    second = released(ticket=open_ticket(subject="Printer jam"))
    client = signed_in(UserFactory(role=roles.SUPPORT_LEAD))

    assert listed(client, q="invoice") == {first.pk}
    assert listed(client, q=f"#{second.ticket_id}") == {second.pk}
    assert listed(client, q=str(first.ticket_id)) == {first.pk}
    assert listed(client, q="9" * 40) == set()
    assert listed(signed_in(first.agent), q="printer") == set()
    lead = signed_in(UserFactory(role=roles.SUPPORT_LEAD))
    found = lead.get(LIST, {"q": "printer", "csv": "1"})
    rows = csv.DictReader(io.StringIO(found.getvalue().decode("utf-8-sig")))
    assert [row["ticket"] for row in rows] == [str(second.ticket_id)]


def test_released_reviews_are_new_to_their_agent_until_acknowledged(signed_in):
    review = released()
    chip = '<span class="so-chip watch">new</span>'
    lead = UserFactory(role=roles.SUPPORT_LEAD)

    assert chip not in text(signed_in(lead).get(LIST))
    client = signed_in(review.agent)
    assert chip in text(client.get(LIST))
    client.post(page_of(review), {"words": ""})
    assert chip not in text(client.get(LIST))


def test_list_is_narrowed_by_the_address(signed_in):
    team = TeamFactory()
    low = released(agent=agent(team=team))
    high = write_review(score=97, state="ACKNOWLEDGED", kind="ADHOC")
    client = signed_in(UserFactory(role=roles.SUPPORT_LEAD))

    assert listed(client) == {low.pk, high.pk}
    assert listed(client, state="ACKNOWLEDGED") == {high.pk}
    assert listed(client, agent=low.agent.pk) == {low.pk}
    assert listed(client, team=team.pk) == {low.pk}
    assert listed(client, reviewer=high.reviewer.pk) == {high.pk}
    assert listed(client, kind="ADHOC") == {high.pk}
    assert listed(client, band="failed") == {low.pk}
    assert listed(client, band="from95") == {high.pk}
    assert listed(client, period_to="2026-03-02") == set()
    assert listed(client, period_from="2026-03-03", period_to="2026-03-03") == {
        low.pk,
        high.pk,
    }


def test_list_is_ordered_and_paged(signed_in):
    version, one, person = published_card(), agent(), reviewer()
    for score in range(30):
        write_review(score=score, version=version, agent=one, reviewer=person)
    client = signed_in(UserFactory(role=roles.SUPPORT_LEAD))

    first = client.get(LIST, {"order": "lowest"}).context["page"]
    second = client.get(LIST, {"order": "lowest", "page": 2}).context["page"]

    assert [review.score for review in first] == list(range(25))
    assert [review.score for review in second] == list(range(25, 30))


def test_list_refuses_a_filter_it_does_not_know(signed_in):
    client = signed_in(UserFactory(role=roles.SUPPORT_LEAD))

    assert client.get(LIST, {"state": "GONE"}).status_code == 400


def test_list_does_not_offer_people_whose_reviews_cannot_be_read(signed_in):
    hidden = released()
    lead = UserFactory(role=roles.TEAM_LEAD)

    response = signed_in(lead).get(LIST, {"agent": hidden.agent.pk})

    assert response.status_code == 400
    assert str(hidden.agent) not in text(response)


def test_empty_lists_say_what_comes_first(signed_in):
    assert "No review of your work yet" in text(signed_in(agent()).get(LIST))
    client = signed_in(reviewer())
    assert "take a draw" in text(client.get(LIST))
    released()
    assert "No review fits" in text(client.get(LIST, {"state": "VOIDED"}))


def test_csv_holds_what_the_list_holds_and_no_formula(signed_in):
    review = released(agent=agent(first_name="=1+1", last_name="Evil"))
    released()

    response = signed_in(UserFactory(role=roles.SUPPORT_LEAD)).get(
        LIST, {"csv": 1, "agent": review.agent.pk}
    )

    content = b"".join(response.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["review"] == str(review.pk)
    assert row["agent"] == "'=1+1 Evil"
    assert (row["score"], row["passed"]) == ("55.0", "False")


def test_list_releases_the_chosen(signed_in):
    person = reviewer()
    one, two, three = (write_review(state="SUBMITTED", reviewer=person) for _ in "abc")
    others = write_review(state="SUBMITTED")

    response = signed_in(person).post(
        reverse("qa:reviews-release"), {"review": [one.pk, two.pk]}, follow=True
    )

    assert "2 reviews released." in text(response)
    assert set(Review.objects.filter(state="RELEASED")) == {one, two}
    signed_in(person).post(reverse("qa:reviews-release"), {"review": [others.pk]})
    assert set(Review.objects.filter(state="SUBMITTED")) == {three, others}


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_at_one_and_three_rows(
    count, signed_in, django_assert_num_queries
):
    for _ in range(count):
        released(agent=agent(team=TeamFactory()))
        write_review(state="SUBMITTED")
    client = signed_in(UserFactory(role=roles.SUPPORT_LEAD))
    client.get(LIST)

    with django_assert_num_queries(10):
        client.get(LIST)


# Disputes ---------------------------------------------------------------------------------


def test_agent_disputes_from_the_page(signed_in):
    review = released()
    address = reverse("qa:review-dispute", kwargs={"pk": review.pk})
    client = signed_in(review.agent)
    form = client.get(address, {"criterion": "tone"}).context["form"]
    assert form["on_tone"].value() is True

    response = client.post(
        address,
        {"kind": "SCORE", "on_tone": "on", "level_tone": "p3", "reason_tone": "Kind"},
    )

    assert response.status_code == 302
    line = Dispute.objects.get().lines.get()
    assert (line.criterion_key, line.proposed_level, line.reason) == (
        "tone", "p3", "Kind",
    )  # fmt: skip


def test_dispute_form_says_what_is_missing_and_keeps_what_was_typed(signed_in):
    review = released()
    address = reverse("qa:review-dispute", kwargs={"pk": review.pk})
    client = signed_in(review.agent)

    nothing = client.post(address, {"kind": "SCORE", "reason": "All of it"})
    no_reason = client.post(address, {"kind": "SCORE", "on_tone": "on"})

    assert (nothing.status_code, no_reason.status_code) == (422, 422)
    assert "All of it" in text(nothing)
    assert "Say why." in text(no_reason)
    assert not Dispute.objects.exists()


def test_what_has_all_its_points_is_not_offered_to_dispute(signed_in):
    review = released()
    address = reverse("qa:review-dispute", kwargs={"pk": review.pk})
    client = signed_in(review.agent)
    review.answers.filter(criterion_key="solution").update(level="p4", share=1)

    assert list(client.get(address).context["form"].criteria) == ["tone"]
    review.answers.filter(criterion_key="tone").update(is_na=True, level="", share=None)
    assert list(client.get(address).context["form"].criteria) == ["tone"]
    review.answers.update(level="p4", share=1, is_na=False)
    assert "Every criterion has all its points" in text(client.get(address))


def test_agent_says_it_was_not_their_work(signed_in):
    review = released()
    address = reverse("qa:review-dispute", kwargs={"pk": review.pk})

    signed_in(review.agent).post(address, {"kind": "WRONG_AGENT", "reason": "Mei's"})

    assert Dispute.objects.get().kind == "WRONG_AGENT"


def test_dispute_form_is_the_agents_alone(signed_in):
    review = released()
    address = reverse("qa:review-dispute", kwargs={"pk": review.pk})

    for person in (review.reviewer, UserFactory(role=roles.SUPPORT_LEAD), agent()):
        assert signed_in(person).get(address).status_code == 404


def test_queue_holds_what_one_may_decide_due_first_overdue_marked(signed_in):
    late, soon = disputed(), disputed()
    Dispute.objects.filter(pk=late.pk).update(due_at=timezone.now() - SOON)
    second = reviewer()

    response = signed_in(second).get(QUEUE)

    assert list(response.context["page"]) == [late, soon]
    assert text(response).count("overdue") == 1
    assert list(signed_in(late.review.reviewer).get(QUEUE).context["page"]) == [soon]


def test_queue_is_for_deciders(signed_in):
    for role in (roles.AGENT, roles.TEAM_LEAD, roles.EXECUTIVE):
        assert signed_in(UserFactory(role=role)).get(QUEUE).status_code == 403


def test_decision_page_previews_decides_and_shows_the_end(signed_in):
    found = disputed()
    address = reverse("qa:dispute", kwargs={"pk": found.pk})
    preview = reverse("qa:dispute-preview", kwargs={"pk": found.pk})
    client = signed_in(reviewer())
    assert "I was kind" in text(client.get(address))

    shown = client.post(preview, {"outcome_tone": "PROPOSED"})
    assert "55 → 75" in text(shown)
    assert client.post(address, {"outcome_tone": "OTHER"}).status_code == 422
    response = client.post(
        address,
        {"outcome_tone": "OTHER", "level_tone": "p2", "decision": "Half of it"},
        follow=True,
    )

    assert "Half of it" in text(response)
    assert Review.objects.get(supersedes=found.review).score == 65


def test_decision_page_of_a_dispute_about_whose_work_it_was(signed_in):
    review, right = released(), agent()
    found = disputes.open_dispute(
        review_id=review.pk, agent=review.agent, kind="WRONG_AGENT",
        reason="Mei wrote it", at=timezone.now(),
    )  # fmt: skip
    address = reverse("qa:dispute", kwargs={"pk": found.pk})
    client = signed_in(reviewer())
    assert "Mei wrote it" in text(client.get(address))
    assert (
        client.post(address, {"outcome": "handed", "decision": "Yes"}).status_code
        == 422
    )

    client.post(
        address, {"outcome": "handed", "right_agent": right.pk, "decision": "Yes"}
    )

    assert Review.objects.get(supersedes=review).agent == right


def test_decision_is_refused_to_reviewer_agent_and_others(signed_in):
    found = disputed()
    address = reverse("qa:dispute", kwargs={"pk": found.pk})
    preview = reverse("qa:dispute-preview", kwargs={"pk": found.pk})
    form = {"outcome_tone": "PROPOSED", "decision": "Mine"}

    for person, expected in (
        (found.review.reviewer, 403),
        (found.review.agent, 403),
        (agent(), 404),
    ):
        client = signed_in(person)
        assert client.post(address, form).status_code == expected
        assert client.post(preview, form).status_code in {403, 404}

    found.refresh_from_db()
    assert found.state == "OPEN"


def test_agent_withdraws_from_the_page(signed_in):
    found = disputed()
    address = reverse("qa:dispute-withdraw", kwargs={"pk": found.pk})
    assert signed_in(agent()).post(address).status_code == 404

    signed_in(found.review.agent).post(address)

    found.refresh_from_db()
    assert found.state == "WITHDRAWN"


def test_empty_queue_says_so(signed_in):
    assert "Nothing waits for your decision" in text(signed_in(reviewer()).get(QUEUE))


@pytest.mark.parametrize("count", [1, 3])
def test_queue_costs_the_same_at_one_and_three_rows(
    count, signed_in, django_assert_num_queries
):
    for _ in range(count):
        disputed()
    client = signed_in(reviewer())
    client.get(QUEUE)

    with django_assert_num_queries(11):
        client.get(QUEUE)
