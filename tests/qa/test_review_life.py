"""Release, reading, acknowledgement, taking back, voiding, closing."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from qa.core.scorecard import Scorecard as Card
from qa.models import Answer, Review, ReviewEvent, SampleItem
from qa.services import disputes, life
from qa.signals import reviews_changed, reviews_released
from qa.tasks import reviews as tasks
from supportops.common import roles
from supportops.notifications.models import Kind, Notification
from tests.factories.calibration import calibration, write_sheet
from tests.factories.people import UserFactory
from tests.factories.quality import (
    CARD,
    agent,
    published_card,
    reviewer,
    write_review,
)
from tests.factories.tickets import MONDAY_9AM
from tests.qa.sampled import sample_item

pytestmark = pytest.mark.django_db

NOON = MONDAY_9AM + timedelta(days=1, hours=3)
HOURS = timedelta(hours=1)


def kinds(review: Review) -> list[str]:
    return list(review.events.order_by("pk").values_list("kind", flat=True))


def submitted(**values) -> Review:
    return write_review(state="SUBMITTED", **values)


def release(*reviews: Review, by=None, at=NOON) -> int:
    ids = [review.pk for review in reviews]
    return life.release_reviews(review_ids=ids, actor=by or reviews[0].reviewer, at=at)


@pytest.fixture
def heard():
    """What the two signals said, in order."""
    found: list[tuple[str, list[int]]] = []

    def on_released(review_ids, **_):
        found.append(("released", review_ids))

    def on_changed(review_ids, **_):
        found.append(("changed", review_ids))

    reviews_released.connect(on_released)
    reviews_changed.connect(on_changed)
    yield found
    reviews_released.disconnect(on_released)
    reviews_changed.disconnect(on_changed)


# Release ----------------------------------------------------------------------------------


def test_release_opens_the_review_to_its_agent_for_72_hours():
    review = submitted()

    assert release(review) == 1

    review.refresh_from_db()
    assert (review.state, review.released_at) == ("RELEASED", NOON)
    assert review.dispute_until == NOON + timedelta(hours=72)
    event = review.events.get()
    assert (event.kind, event.actor, event.at) == ("RELEASED", review.reviewer, NOON)


def test_release_counts_the_dispute_hours_of_the_scorecard():
    card = Card.from_dict({**CARD.to_dict(), "dispute_hours": 24})
    review = submitted(version=published_card(card))

    release(review)

    review.refresh_from_db()
    assert review.dispute_until == NOON + timedelta(hours=24)


def test_release_tells_the_agent_without_a_score():
    review = submitted(score=41)

    release(review)

    told = Notification.objects.get(kind=Kind.REVIEW_RELEASED)
    assert told.recipient == review.agent
    assert told.url == f"/quality/reviews/{review.pk}/"
    assert "41" not in told.title + told.body
    assert str(review.reviewer) not in told.title + told.body


def test_release_sends_both_signals_after_commit(
    heard, django_capture_on_commit_callbacks
):
    review = submitted()

    with django_capture_on_commit_callbacks(execute=True):
        release(review)
        assert heard == []

    assert heard == [("released", [review.pk]), ("changed", [review.pk])]


def test_release_passes_over_what_does_not_wait():
    waiting, draft = submitted(), write_review(state="DRAFT")
    overlap = submitted(kind="OVERLAP")
    lead = UserFactory(role=roles.SUPPORT_LEAD)

    assert release(waiting, draft, overlap, by=lead) == 1

    assert Review.objects.filter(state="RELEASED").get() == waiting


def test_release_of_somebody_elses_needs_the_right_to_void():
    review = submitted()

    with pytest.raises(life.NotYours):
        release(review, by=reviewer())
    review.refresh_from_db()
    assert (review.state, kinds(review)) == ("SUBMITTED", [])
    assert not Notification.objects.exists()

    assert release(review, by=UserFactory(role=roles.SUPPORT_LEAD)) == 1


def test_release_of_nothing_is_refused():
    with pytest.raises(life.NothingToRelease):
        release(write_review(state="RELEASED"))


# Taking back ------------------------------------------------------------------------------


def test_take_back_makes_it_a_draft_without_a_score():
    item = sample_item(reviewed_by=reviewer())
    review = submitted(
        ticket=item.ticket,
        agent=item.agent,
        reviewer=item.reviewer,
        sample_item=item,
    )
    SampleItem.objects.update(state=SampleItem.State.DONE)
    Answer.objects.create(review=review, criterion_key="tone", level="p4", share=1.0)

    life.take_back(review_id=review.pk, reviewer=review.reviewer, at=NOON)

    review.refresh_from_db()
    item.refresh_from_db()
    assert (review.state, review.score, review.passed) == ("DRAFT", None, None)
    assert (review.submitted_at, review.revision) == (None, 1)
    assert review.answers.get().share is None
    assert item.state == SampleItem.State.OPEN
    assert kinds(review) == ["REOPENED"]


def test_take_back_is_refused_to_others_and_after_release():
    review = submitted()
    with pytest.raises(life.NotYours):
        life.take_back(review_id=review.pk, reviewer=reviewer(), at=NOON)
    release(review)

    with pytest.raises(life.WrongState):
        life.take_back(review_id=review.pk, reviewer=review.reviewer, at=NOON)

    review.refresh_from_db()
    assert (review.state, review.revision) == ("RELEASED", 0)


@pytest.mark.parametrize("kind", ["OVERLAP", "GOLD"])
def test_take_back_of_a_blind_review_is_refused(kind):
    review = submitted(kind=kind)

    with pytest.raises(life.BlindReviewStays):
        life.take_back(review_id=review.pk, reviewer=review.reviewer, at=NOON)


def test_take_back_is_refused_once_somebody_else_has_judged_the_ticket():
    first = submitted()
    submitted(kind="OVERLAP", ticket=first.ticket, agent=first.agent)

    with pytest.raises(life.BlindReviewStays):
        life.take_back(review_id=first.pk, reviewer=first.reviewer, at=NOON)


# Reading and acknowledging ----------------------------------------------------------------


def test_first_reading_by_the_agent_is_noted_once():
    review = write_review()

    assert life.note_read(review_id=review.pk, agent=review.agent, at=NOON)
    assert not life.note_read(review_id=review.pk, agent=review.agent, at=NOON)
    assert not life.note_read(review_id=review.pk, agent=reviewer(), at=NOON)

    assert kinds(review) == ["READ"]


def test_acknowledge_keeps_the_agents_words():
    review = write_review()

    life.acknowledge_review(
        review_id=review.pk, agent=review.agent, words=" Fair. ", at=NOON
    )

    review.refresh_from_db()
    assert (review.state, review.acknowledged_at) == ("ACKNOWLEDGED", NOON)
    assert review.acknowledgement == "Fair."
    assert kinds(review) == ["ACKNOWLEDGED"]


def test_acknowledge_is_possible_after_closing():
    review = write_review(state="CLOSED")

    life.acknowledge_review(review_id=review.pk, agent=review.agent, words="", at=NOON)

    review.refresh_from_db()
    assert (review.state, review.acknowledged_at) == ("CLOSED", NOON)


def test_acknowledge_is_refused_to_others_and_twice():
    review = write_review()
    with pytest.raises(life.NotYours):
        life.acknowledge_review(
            review_id=review.pk, agent=review.reviewer, words="", at=NOON
        )
    life.acknowledge_review(review_id=review.pk, agent=review.agent, words="", at=NOON)

    with pytest.raises(life.WrongState):
        life.acknowledge_review(
            review_id=review.pk, agent=review.agent, words="Again", at=NOON
        )

    review.refresh_from_db()
    assert review.acknowledgement == ""


@pytest.mark.parametrize("state", ["SUBMITTED", "DISPUTED", "VOIDED"])
def test_acknowledge_is_refused_in(state):
    review = write_review(state=state)

    with pytest.raises(life.WrongState):
        life.acknowledge_review(
            review_id=review.pk, agent=review.agent, words="", at=NOON
        )


# Void -------------------------------------------------------------------------------------


def test_void_counts_for_nobody_and_is_told():
    review, lead = write_review(), UserFactory(role=roles.SUPPORT_LEAD)
    assert Review.objects.counted().get() == review

    life.void_review(review_id=review.pk, actor=lead, reason="Test ticket", at=NOON)

    review.refresh_from_db()
    assert (review.state, review.reason) == ("VOIDED", "Test ticket")
    assert not Review.objects.counted().exists()
    assert Notification.objects.get().recipient == review.agent
    assert kinds(review) == ["VOIDED"]


def test_void_needs_a_reason_another_agent_and_a_settled_review():
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    review, own = write_review(), write_review(agent=lead)
    disputed = write_review(state="DISPUTED")

    def void(which, reason="Wrong"):
        life.void_review(review_id=which.pk, actor=lead, reason=reason, at=NOON)

    with pytest.raises(life.ReasonMissing):
        void(review, " ")
    with pytest.raises(life.NotYours):
        void(own)
    with pytest.raises(life.WrongState):
        void(disputed)
    with pytest.raises(life.WrongState):
        void(write_review(state="DRAFT"))

    assert not Review.objects.filter(state="VOIDED").exists()
    assert not ReviewEvent.objects.exists()


def test_sheet_of_a_calibration_is_not_made_void_so_who_has_finished_has():
    session, lead = calibration(tickets=1), UserFactory(role=roles.SUPPORT_LEAD)
    person = session.participants.first().user
    sheet = write_sheet(session, 1, person, {"solution": "p3", "tone": "p3"})

    with pytest.raises(life.WrongState):
        life.void_review(review_id=sheet.pk, actor=lead, reason="Wrong", at=NOON)

    sheet.refresh_from_db()
    assert sheet.state == "SUBMITTED"
    assert session.participants.get(user=person).finished_at is not None
    assert not ReviewEvent.objects.filter(kind="VOIDED").exists()


def test_review_of_oneself_is_not_made_void():
    person, lead = agent(), UserFactory(role=roles.SUPPORT_LEAD)
    review = submitted(kind="SELF", reviewer=person, agent=person)

    with pytest.raises(life.WrongState):
        life.void_review(review_id=review.pk, actor=lead, reason="Wrong", at=NOON)

    review.refresh_from_db()
    assert review.state == "SUBMITTED"


# Closing ----------------------------------------------------------------------------------


def test_close_due_closes_at_the_deadline_and_not_a_second_before():
    review = write_review(dispute_until=NOON)

    assert life.close_due(at=NOON - timedelta(seconds=1)) == 0
    assert life.close_due(at=NOON) == 1
    assert life.close_due(at=NOON) == 0

    review.refresh_from_db()
    assert review.state == "CLOSED"
    event = review.events.get()
    assert (event.kind, event.actor) == ("CLOSED", None)


def test_close_due_leaves_disputed_reviews_open():
    review = write_review(state="DISPUTED", dispute_until=NOON)

    assert life.close_due(at=NOON + HOURS) == 0

    review.refresh_from_db()
    assert review.state == "DISPUTED"


def test_close_due_runs_by_schedule(settings):
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert schedule["qa-close-due"]["task"] == tasks.close_due.name
    assert schedule["qa-remind-of-disputes"]["task"] == tasks.remind_of_disputes.name
    review = write_review(dispute_until=NOON)

    assert tasks.close_due() == 1

    review.refresh_from_db()
    assert review.state == "CLOSED"


# The database -----------------------------------------------------------------------------


def test_an_event_is_never_changed():
    review = write_review()
    event = life.record(review, "READ", actor=review.agent, at=NOON)

    with pytest.raises(Error, match="append-only"), transaction.atomic():
        ReviewEvent.objects.filter(pk=event.pk).update(kind="CLOSED")

    event.refresh_from_db()
    assert event.kind == "READ"


def test_migration_of_events_can_be_undone(transactional_db):
    call_command("migrate", "qa", "0004", verbosity=0)
    call_command("migrate", "qa", verbosity=0)

    test_an_event_is_never_changed()


# Two at once ------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_acknowledging_and_disputing_at_once_leaves_one_consistent_story():
    review = write_review(dispute_until=NOON + HOURS)
    Answer.objects.create(review=review, criterion_key="tone", level="p1")
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def acknowledge() -> None:
        life.acknowledge_review(
            review_id=review.pk, agent=review.agent, words="", at=NOON
        )

    def dispute() -> None:
        disputes.open_dispute(
            review_id=review.pk,
            agent=review.agent,
            kind="SCORE",
            reason="",
            lines=[{"criterion": "tone", "reason": "I was kind"}],
            at=NOON,
        )

    def run(act) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append(act.__name__)
        except life.WrongState:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(act,)) for act in (acknowledge, dispute)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    review.refresh_from_db()
    assert review.state == "DISPUTED"
    if "refused" in outcomes:
        # The dispute came first.
        assert sorted(outcomes) == ["dispute", "refused"]
        assert review.acknowledged_at is None
        assert kinds(review) == ["DISPUTED"]
    else:
        assert review.acknowledged_at == NOON
        assert kinds(review) == ["ACKNOWLEDGED", "DISPUTED"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_release_once():
    review = submitted()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def run() -> None:
        barrier.wait()
        try:
            release(review)
            outcomes.append("released")
        except life.NothingToRelease:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "released"]
    assert kinds(review) == ["RELEASED"]
    assert Notification.objects.count() == 1
