"""Whose reviews each role reads: a table of roles, kinds and states, and every door."""

import pytest

from qa.models import Answer, Dispute, Pin, Review
from qa.selectors.reviews import events_visible_to, reviews_visible_to
from qa.services import life
from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import agent, reviewer, write_review
from tests.factories.tickets import MONDAY_9AM
from tests.qa.doors import (
    SCORE,
    SECRET,
    doors_to_dispute,
    doors_to_review,
    leaks,
    paths_to,
    read,
    send,
)

pytestmark = pytest.mark.django_db

STATES = [state for state, _label in Review.State.choices]
READABLE = {"RELEASED", "ACKNOWLEDGED", "DISPUTED", "CLOSED"}
FINISHED = READABLE | {"SUBMITTED"}
KEPT = FINISHED | {"VOIDED"}
NOTHING: set[str] = set()

# Who reads a review by its kind: the states in which they do. Reviewers of the review
# itself read theirs in every state. VOIDED here was submitted before.
TABLE = {
    "agent": {"counted": READABLE, "compared": NOTHING, "SELF": set(STATES)},
    "lead of the agent's team": {
        "counted": FINISHED,
        "compared": NOTHING,
        "SELF": NOTHING,
    },
    "lead of another team": {"counted": NOTHING, "compared": NOTHING, "SELF": NOTHING},
    "colleague": {"counted": NOTHING, "compared": NOTHING, "SELF": NOTHING},
    roles.QA_REVIEWER: {"counted": KEPT, "compared": KEPT, "SELF": NOTHING},
    roles.SUPPORT_LEAD: {"counted": KEPT, "compared": KEPT, "SELF": NOTHING},
    roles.ADMINISTRATOR: {"counted": KEPT, "compared": KEPT, "SELF": NOTHING},
    "superuser": {"counted": KEPT, "compared": KEPT, "SELF": NOTHING},
    roles.WORKFORCE_MANAGER: {"counted": NOTHING, "compared": NOTHING, "SELF": NOTHING},
    roles.EXECUTIVE: {"counted": NOTHING, "compared": NOTHING, "SELF": NOTHING},
    "without a role": {"counted": NOTHING, "compared": NOTHING, "SELF": NOTHING},
    "gone": {"counted": NOTHING, "compared": NOTHING, "SELF": NOTHING},
}
KINDS = {
    "counted": ["ASSIGNED", "ADHOC", "PEER"],
    "compared": ["OVERLAP", "GOLD"],
    "SELF": ["SELF"],
}


class World:
    """One agent in a team, and somebody of every kind around them."""

    def __init__(self) -> None:
        lead = UserFactory(role=roles.TEAM_LEAD)
        team = TeamFactory(lead=lead)
        self.agent = agent(team=team)
        other = UserFactory(role=roles.TEAM_LEAD)
        TeamFactory(lead=other)
        self.people = {
            "agent": self.agent,
            "lead of the agent's team": lead,
            "lead of another team": other,
            "colleague": agent(team=team),
            roles.QA_REVIEWER: reviewer(),
            roles.SUPPORT_LEAD: UserFactory(role=roles.SUPPORT_LEAD),
            roles.ADMINISTRATOR: UserFactory(role=roles.ADMINISTRATOR),
            "superuser": UserFactory(is_superuser=True),
            roles.WORKFORCE_MANAGER: UserFactory(role=roles.WORKFORCE_MANAGER),
            roles.EXECUTIVE: UserFactory(role=roles.EXECUTIVE),
            "without a role": UserFactory(),
            "gone": UserFactory(role=roles.SUPPORT_LEAD, is_active=False),
        }

    def review(self, kind: str, state: str) -> Review:
        by = {"reviewer": self.agent} if kind == "SELF" else {}
        review = write_review(agent=self.agent, kind=kind, state=state, **by)
        # A void one was readable before it was declared so.
        Review.objects.filter(pk=review.pk, state="VOIDED").update(
            released_at=review.submitted_at
        )
        return review


def sees(person, review: Review) -> bool:
    return reviews_visible_to(person).filter(pk=review.pk).exists()


@pytest.mark.parametrize("group", KINDS)
def test_table_of_roles_kinds_and_states(group):
    world = World()
    reviews = [world.review(kind, state) for kind in KINDS[group] for state in STATES]

    found = {
        who: {(r.kind, r.state) for r in reviews_visible_to(person) if r in reviews}
        for who, person in world.people.items()
    }

    expected = {
        who: {(kind, state) for kind in KINDS[group] for state in row[group]}
        for who, row in TABLE.items()
    }
    assert found == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", ["ASSIGNED", "OVERLAP", "GOLD", "PEER"])
def test_reviewers_read_what_they_have_written(kind, state):
    review = write_review(kind=kind, state=state)

    assert sees(review.reviewer, review)


@pytest.mark.parametrize(
    "role", [roles.QA_REVIEWER, roles.SUPPORT_LEAD, roles.ADMINISTRATOR]
)
def test_who_reads_all_reviews_reads_of_their_own_work_what_any_agent_does(role):
    person = UserFactory(role=role, team=TeamFactory())
    person.team.lead = person
    person.team.save()
    for kind in ("ASSIGNED", "OVERLAP", "GOLD"):
        for state in STATES:
            write_review(agent=person, kind=kind, state=state)

    found = {(review.kind, review.state) for review in reviews_visible_to(person)}

    assert found == {("ASSIGNED", state) for state in READABLE}


def test_void_draft_of_another_is_nobodys_business():
    review = write_review(state="DRAFT")
    Review.objects.update(state="VOIDED")

    assert not sees(UserFactory(role=roles.SUPPORT_LEAD), review)


def test_superseded_review_stays_readable_for_its_agent():
    old = write_review(state="CLOSED", is_current=False)

    assert sees(old.agent, old)


def test_team_lead_of_today_reads_and_of_yesterday_does_not():
    before, now = UserFactory(role=roles.TEAM_LEAD), UserFactory(role=roles.TEAM_LEAD)
    mover = agent(team=TeamFactory(lead=before))
    review = write_review(agent=mover)

    mover.team = TeamFactory(lead=now)
    mover.save()

    assert sees(now, review)
    assert not sees(before, review)


def test_nobody_who_is_not_signed_in_reads_anything(client):
    from django.contrib.auth.models import AnonymousUser

    write_review()

    assert not reviews_visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_visible_reviews_are_one_query(count, django_assert_num_queries):
    for _ in range(count):
        write_review()
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    assert lead.has_perm("qa.view_all_reviews")

    with django_assert_num_queries(1):
        assert len(reviews_visible_to(lead)) == count


# Events -----------------------------------------------------------------------------------


def test_agent_reads_what_happened_since_the_release():
    review = write_review()
    for kind in ("STARTED", "SUBMITTED", "REOPENED", "SUBMITTED", "RELEASED", "READ"):
        life.record(review, kind, actor=review.reviewer, at=MONDAY_9AM)

    seen = [event.kind for event in events_visible_to(review.agent, review)]

    assert seen == ["RELEASED", "READ"]
    assert events_visible_to(review.reviewer, review).count() == 6
    assert not events_visible_to(agent(), review).exists()


# Doors ------------------------------------------------------------------------------------


def secret_review(**values) -> Review:
    texts = {"strengths": SECRET, "focus": SECRET, "reason": SECRET}
    review = write_review(**texts, score=SCORE, **values)
    answer = Answer.objects.create(
        review=review, criterion_key="tone", level="p1", comment=SECRET
    )
    message = review.ticket.messages.create(at=MONDAY_9AM, direction="IN", body="Hi")
    Pin.objects.create(
        review=review, message=message, start=0, end=2, quote=SECRET, text=SECRET,
        tone="ISSUE", created_at=MONDAY_9AM, criterion_key=answer.criterion_key,
    )  # fmt: skip
    return review


def with_dispute(review: Review) -> Dispute:
    return Dispute.objects.create(
        review=review, kind="SCORE", reason=SECRET, opened_by=review.agent,
        opened_at=MONDAY_9AM, due_at=MONDAY_9AM,
    )  # fmt: skip


def test_every_address_that_takes_a_review_is_known():
    """A new one joins the tests below by itself; here is what they must have at least."""
    names = {name for name, _key in [*doors_to_review(), *doors_to_dispute()]}

    assert names >= {
        "qa:review", "qa:review-release", "qa:review-take-back", "qa:review-void",
        "qa:review-dispute", "qa:dispute", "qa:dispute-preview", "qa:dispute-withdraw",
        "admin:qa_review_change", "admin:qa_review_history", "admin:qa_dispute_change",
        "api-review-detail", "api-review-release", "api-review-acknowledge",
        "api-review-dispute",
    }  # fmt: skip


@pytest.mark.parametrize("role", [None, roles.AGENT, roles.TEAM_LEAD, roles.EXECUTIVE])
def test_every_address_of_a_review_is_closed_to_strangers(role):
    review = secret_review(state="DISPUTED")
    with_dispute(review)
    stranger = UserFactory(role=role)

    for path in paths_to(review):
        status, content = read(stranger, path)
        assert SECRET not in content, path
        # The admin sends people home from what they cannot see.
        assert status in {403, 404, 405} or "/admin/" in path, (path, status)
        assert send(stranger, path) in {302, 403, 404, 405}, path

    review.refresh_from_db()
    assert (review.state, review.acknowledged_at) == ("DISPUTED", None)


@pytest.mark.parametrize("role", [None, roles.AGENT, roles.TEAM_LEAD, roles.EXECUTIVE])
def test_no_list_export_or_search_shows_strangers_a_review(role):
    review = secret_review(state="DISPUTED")
    with_dispute(review)

    assert leaks(UserFactory(role=role), review) == []


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("ASSIGNED", "DRAFT"),
        ("ASSIGNED", "SUBMITTED"),
        ("ASSIGNED", "VOIDED"),
        ("OVERLAP", "SUBMITTED"),
        ("GOLD", "SUBMITTED"),
    ],
)
def test_no_door_leads_agents_to_what_is_not_released_to_them(kind, state):
    review = secret_review(kind=kind, state=state)

    assert leaks(review.agent, review) == []


def test_doors_do_lead_agents_to_their_released_reviews():
    """What proves that the tests above look where something could be seen."""
    review = secret_review()

    paths = " ".join(leaks(review.agent, review))

    for door in ("/quality/reviews/", "csv=1", "/admin/qa/review/", "/api/v1/reviews/"):
        assert door in paths


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_door_leads_to_somebody_elses_draft(role):
    review = secret_review(state="DRAFT")

    assert leaks(UserFactory(role=role), review) == []
