"""Nobody reads another's judgement before it is time, by whatever door they try."""

from datetime import timedelta

import pytest

from qa.models import (
    Answer,
    CalibrationItem,
    CalibrationSession,
    Participant,
    Review,
)
from qa.selectors.reviews import reviews_visible_to
from qa.services import life
from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tests.qa.doors import SCORE, SECRET, leaks
from tests.qa.sampled import sample_item

pytestmark = pytest.mark.django_db

NOON = MONDAY_9AM + timedelta(days=1)
BEFORE = ["SCORING", "CANCELLED"]
AFTER = ["REVEALED", "DECIDED", "CLOSED"]


class Round:
    """A calibration of one ticket: Ann and Bo score it, Fay leads."""

    def __init__(self, *, state="SCORING", reveal="ON_REVEAL") -> None:
        self.ann, self.bo, self.fay = reviewer(), reviewer(), reviewer()
        self.worked_by = agent()
        self.session = CalibrationSession.objects.create(
            title="March", version=published_card(), facilitator=self.fay,
            reveal=reveal, due_at=NOON, state="SCORING", created_by=self.fay,
            created_at=NOON,
        )  # fmt: skip
        self.item = CalibrationItem.objects.create(
            session=self.session,
            ticket=open_ticket(assignee=self.worked_by),
            agent=self.worked_by,
            position=1,
        )
        for person in (self.ann, self.bo):
            Participant.objects.create(session=self.session, user=person)
        CalibrationSession.objects.update(state=state)

    def scored_by(self, person, state="SUBMITTED") -> Review:
        review = write_review(
            kind="CALIBRATION", state=state, reviewer=person, agent=self.worked_by,
            ticket=self.item.ticket, version=self.session.version,
            calibration_item=self.item, strengths=SECRET, focus=SECRET, score=SCORE,
        )  # fmt: skip
        Answer.objects.create(
            review=review, criterion_key="tone", level="p1", comment=SECRET
        )
        life.record(review, "STARTED", actor=person, at=NOON)
        return review

    def finish(self, person) -> None:
        Participant.objects.filter(user=person).update(finished_at=NOON)

    def onlookers(self):
        """Everybody who could want to look, by a name for the message."""
        return {
            "participant": self.bo,
            "facilitator": self.fay,
            "agent": self.worked_by,
            **{role: UserFactory(role=role) for role in roles.ROLES},
            "superuser": UserFactory(is_superuser=True),
            "other reviewer": reviewer(),
        }


def sees(person, review: Review) -> bool:
    return reviews_visible_to(person).filter(pk=review.pk).exists()


# Calibration ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", BEFORE)
@pytest.mark.parametrize("reveal", ["ON_REVEAL", "ON_OWN_SUBMIT"])
def test_nobody_sees_anothers_calibration_before_it_is_opened(state, reveal):
    found = Round(state=state, reveal=reveal)
    review = found.scored_by(found.ann)

    seen = [name for name, person in found.onlookers().items() if sees(person, review)]

    assert seen == []
    assert sees(found.ann, review)


@pytest.mark.parametrize("state", AFTER)
def test_opened_calibration_is_read_by_those_who_took_part_and_all_readers(state):
    found = Round(state=state)
    review = found.scored_by(found.ann)

    seen = {name for name, person in found.onlookers().items() if sees(person, review)}

    assert seen == {
        "participant",
        "facilitator",
        roles.SUPPORT_LEAD,
        roles.QA_REVIEWER,
        roles.ADMINISTRATOR,
        "superuser",
        "other reviewer",
    }


@pytest.mark.parametrize("state", AFTER)
def test_drafts_of_an_opened_calibration_stay_their_writers(state):
    found = Round(state=state)
    review = found.scored_by(found.ann, state="DRAFT")

    assert not any(sees(person, review) for person in found.onlookers().values())


def test_own_last_answer_opens_the_others_where_the_session_says_so():
    found = Round(reveal="ON_OWN_SUBMIT")
    of_ann, of_bo = found.scored_by(found.ann), found.scored_by(found.bo)
    assert not sees(found.bo, of_ann)

    found.finish(found.bo)

    assert sees(found.bo, of_ann)
    assert not sees(found.ann, of_bo)
    assert not sees(found.fay, of_ann)


def test_own_last_answer_opens_nothing_where_the_facilitator_does():
    found = Round(reveal="ON_REVEAL")
    of_ann = found.scored_by(found.ann)

    found.finish(found.bo)

    assert not sees(found.bo, of_ann)


def test_drafts_are_not_opened_by_ones_own_last_answer():
    found = Round(reveal="ON_OWN_SUBMIT")
    of_ann = found.scored_by(found.ann, state="DRAFT")

    found.finish(found.bo)

    assert not sees(found.bo, of_ann)


def test_calibration_is_blind_to_what_was_found_on_the_ticket_before():
    found = Round()
    earlier = write_review(ticket=found.item.ticket, agent=found.worked_by)

    assert not sees(found.bo, earlier)
    assert sees(found.fay, earlier)
    found.finish(found.bo)
    assert sees(found.bo, earlier)


def test_missing_participant_reads_along_once_it_is_opened():
    found = Round(state="REVEALED")
    of_ann = found.scored_by(found.ann)
    found.scored_by(found.bo, state="DRAFT")

    assert sees(found.bo, of_ann)


@pytest.mark.parametrize(
    "who",
    [
        "participant",
        "facilitator",
        "agent",
        "Support lead",
        "Administrator",
        "superuser",
    ],
)
def test_no_door_leads_to_anothers_calibration(who):
    found = Round()
    review = found.scored_by(found.ann)

    assert leaks(found.onlookers()[who], review) == []


def test_doors_do_lead_to_an_opened_calibration():
    """What proves that the test above looks where something could be seen."""
    found = Round(state="REVEALED")
    review = found.scored_by(found.ann)

    paths = " ".join(leaks(found.fay, review))

    for door in ("/quality/reviews/", "csv=1", "/admin/qa/review/", "/api/v1/reviews/"):
        assert door in paths


# Second reviews ---------------------------------------------------------------------------


def first_review(ticket, worked_by) -> Review:
    return write_review(ticket=ticket, agent=worked_by, strengths=SECRET, score=SCORE)


def test_second_reviewer_is_blind_while_the_item_is_open():
    second = reviewer()
    item = sample_item(why="OVERLAP", reviewed_by=second)
    first = first_review(item.ticket, item.agent)
    assert not sees(second, first)
    assert leaks(second, first) == []

    item.state = item.State.DONE
    item.save()

    assert sees(second, first)


def test_second_reviewer_is_blind_while_a_draft_is_open():
    second = reviewer()
    first = first_review(open_ticket(), agent())
    draft = write_review(
        state="DRAFT", kind="OVERLAP", ticket=first.ticket, agent=first.agent,
        reviewer=second,
    )  # fmt: skip
    assert not sees(second, first)
    assert sees(second, draft)
    assert not sees(first.reviewer, draft)

    Review.objects.filter(pk=draft.pk).update(state="SUBMITTED", submitted_at=NOON)

    assert sees(second, first)


def test_team_lead_who_scores_a_ticket_is_blind_too():
    lead = UserFactory(role=roles.TEAM_LEAD)
    worked_by = agent()
    worked_by.team = team_of(lead)
    worked_by.save()
    item = sample_item(why="OVERLAP", agent=worked_by, reviewed_by=lead)
    first = first_review(item.ticket, worked_by)

    assert not sees(lead, first)
    item.delete()
    assert sees(lead, first)


def test_blindness_covers_the_ticket_and_not_the_agent():
    second = reviewer()
    item = sample_item(why="OVERLAP", reviewed_by=second)
    elsewhere = write_review(agent=item.agent)

    assert sees(second, elsewhere)


def team_of(lead):
    return TeamFactory(lead=lead)
