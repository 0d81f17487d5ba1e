from datetime import timedelta
from decimal import Decimal

import pytest

from qa.core.scorecard import Check, Criterion, Section
from qa.core.scorecard import Scorecard as Card
from qa.models import (
    Answer,
    CalibrationItem,
    CalibrationSession,
    Certification,
    Participant,
    Pin,
    Review,
    ReviewEvent,
    RootCause,
    SampleItem,
)
from qa.services import drafting
from qa.signals import reviews_changed
from tests.factories.quality import CARD, agent, published_card, reviewer
from tests.factories.tickets import MONDAY_9AM
from tests.qa.sampled import sample_item, worked_ticket
from tickets import services as tickets

pytestmark = pytest.mark.django_db

AT = MONDAY_9AM + timedelta(days=2)
CHECKS = Criterion(
    "boxes",
    "Boxes",
    weight=0,
    kind="checklist",
    checks=(
        Check("greets", "Greets by name", "greeting"),
        Check("filed", "Filed", "categorised"),
        Check("solved", "Solved"),
    ),
)
WITH_BOXES = Card(
    sections=(*CARD.sections, Section("checklist", "Checklist", 0, (CHECKS,)))
)
WHOLE = [
    {"criterion": "solution", "level": "p4"},
    {"criterion": "tone", "level": "p2"},
]


@pytest.fixture(autouse=True)
def no_shipped_causes(db):
    RootCause.objects.all().delete()


def draft(card=CARD, **values):
    """A draft of a review from a draw, and who writes it."""
    writer = reviewer()
    item = sample_item(version=published_card(card), reviewed_by=writer, **values)
    return drafting.start_item(item_id=item.pk, reviewer=writer, at=AT), writer


def save(review, writer, *changes, seconds=0, revision=None):
    return drafting.save_answers(
        review_id=review.pk,
        reviewer=writer,
        revision=review.revision if revision is None else revision,
        changes=list(changes),
        seconds=seconds,
        at=AT,
    )


def submit(review, writer):
    return drafting.submit_review(
        review_id=review.pk, reviewer=writer, revision=review.revision, at=AT
    )


# Starting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "kind", "basis"),
    [
        ("RANDOM", "ASSIGNED", "RANDOM"),
        ("RULE", "ASSIGNED", "TARGETED"),
        ("OVERLAP", "OVERLAP", "TARGETED"),
        ("GOLD", "GOLD", "TARGETED"),
    ],
)
def test_start_item_opens_one_draft_of_its_kind(why, kind, basis):
    writer = reviewer()
    item = sample_item(why=why, reviewed_by=writer)

    review = drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)
    again = drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)

    assert again == review
    assert (review.kind, review.basis, review.state) == (kind, basis, "DRAFT")
    assert review.due_at == item.due_at
    assert review.agent == item.agent
    assert [event.kind for event in review.events.all()] == ["STARTED"]


def test_start_item_gives_a_ticket_that_nobody_has_to_who_asks():
    writer = reviewer()
    item = sample_item()

    drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)

    item.refresh_from_db()
    assert item.reviewer == writer


def test_start_item_refuses_another_reviewers_ticket_and_writes_nothing():
    item = sample_item(reviewed_by=reviewer())

    with pytest.raises(drafting.NotYours):
        drafting.start_item(item_id=item.pk, reviewer=reviewer(), at=AT)

    assert not Review.objects.exists()


def test_start_item_refuses_ones_own_work():
    item = sample_item()

    with pytest.raises(drafting.OwnWork):
        drafting.start_item(item_id=item.pk, reviewer=item.agent, at=AT)


def test_start_item_refuses_one_that_has_expired():
    writer = reviewer()
    item = sample_item(reviewed_by=writer, state="EXPIRED")

    with pytest.raises(drafting.ItemNotOpen):
        drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)


def test_start_item_refuses_a_scorecard_without_a_published_version():
    writer, version = reviewer(), published_card()
    item = sample_item(version=version, reviewed_by=writer)
    type(version).objects.filter(pk=version.pk).update(state="ARCHIVED")

    with pytest.raises(drafting.NothingPublished):
        drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)


@pytest.mark.parametrize(
    ("valid_until", "why", "refused"),
    [
        (None, "RANDOM", True),
        (AT - timedelta(seconds=1), "RANDOM", True),
        (AT + timedelta(days=1), "RANDOM", False),
        (None, "GOLD", False),
    ],
)
def test_start_item_asks_for_a_certificate_that_is_valid(valid_until, why, refused):
    writer, version = reviewer(), published_card()
    version.scorecard.requires_certificate = True
    version.scorecard.save()
    if valid_until:
        Certification.objects.create(
            scorecard=version.scorecard,
            reviewer=writer,
            granted_at=MONDAY_9AM,
            valid_until=valid_until,
        )
    item = sample_item(version=version, why=why, reviewed_by=writer)

    if refused:
        with pytest.raises(drafting.NotCertified):
            drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)
    else:
        assert drafting.start_item(item_id=item.pk, reviewer=writer, at=AT).pk

    assert Review.objects.exists() is not refused


def test_start_adhoc_opens_one_targeted_draft_due_in_two_days():
    writer, worked_by, version = reviewer(), agent(), published_card()
    ticket = worked_ticket(worked_by)
    asked = {
        "ticket_id": ticket.pk,
        "agent_id": worked_by.pk,
        "reviewer": writer,
        "scorecard_id": version.scorecard_id,
        "at": AT,
    }

    review = drafting.start_adhoc(**asked)

    assert drafting.start_adhoc(**asked) == review
    assert (review.kind, review.basis) == ("ADHOC", "TARGETED")
    assert review.due_at == AT + timedelta(hours=48)


def test_start_adhoc_keeps_self_reviews_and_others_apart():
    worked_by, version = agent(), published_card()
    ticket = worked_ticket(worked_by)
    asked = {"ticket_id": ticket.pk, "scorecard_id": version.scorecard_id, "at": AT}

    with pytest.raises(drafting.OwnWork):
        drafting.start_adhoc(agent_id=worked_by.pk, reviewer=worked_by, **asked)
    with pytest.raises(drafting.OwnWork):
        drafting.start_adhoc(
            agent_id=worked_by.pk, reviewer=reviewer(), kind="SELF", **asked
        )

    own = drafting.start_adhoc(
        agent_id=worked_by.pk, reviewer=worked_by, kind="SELF", **asked
    )
    assert own.reviewer == own.agent == worked_by


# Saving -----------------------------------------------------------------------------------


def test_save_answers_keeps_what_was_changed_and_counts_revisions():
    review, writer = draft()

    saved = save(
        review,
        writer,
        {"criterion": "solution", "level": "p3", "comment": "Nearly"},
        {"strengths": "Fast", "is_exemplary": True},
        seconds=40,
    )

    answer = review.answers.get(criterion_key="solution")
    assert (answer.level, answer.comment, answer.source) == ("p3", "Nearly", "HUMAN")
    assert (saved.revision, saved.strengths, saved.is_exemplary) == (1, "Fast", True)
    assert saved.active_seconds == 40


def test_save_answers_repeated_adds_no_time():
    review, writer = draft()
    saved = save(review, writer, seconds=40)

    again = save(saved, writer, seconds=40)

    assert again.active_seconds == 40


def test_save_answers_refuses_a_stale_page_and_tells_the_revision():
    review, writer = draft()
    save(review, writer, {"criterion": "tone", "level": "p4"})

    with pytest.raises(drafting.StaleReview) as refusal:
        save(review, writer, {"criterion": "tone", "level": "p0"}, revision=0)

    assert (refusal.value.code, refusal.value.revision) == ("stale_review", 1)
    assert review.answers.get().level == "p4"


@pytest.mark.parametrize(
    "change",
    [
        {"criterion": "absent", "level": "p4"},
        {"criterion": "tone", "level": "absent"},
        {"criterion": "tone", "checked": ["x"]},
        {"criterion": "solution", "is_na": True},
        {"criterion": "tone", "points": 4},
        {"criterion": "tone", "comment": 4},
        {"criterion": "tone", "comment": "x" * 10_001},
        {"criterion": "tone", "root_causes": [987]},
        {"score": 100},
        {},
    ],
)
def test_save_answers_refuses_what_the_scorecard_does_not_have(change):
    review, writer = draft()

    with pytest.raises(drafting.UnknownAnswer):
        save(review, writer, {"criterion": "solution", "level": "p4"}, change)

    assert not Answer.objects.exists()
    review.refresh_from_db()
    assert review.revision == 0


def test_save_answers_of_a_level_ends_not_applicable_and_back():
    review, writer = draft()

    saved = save(review, writer, {"criterion": "tone", "is_na": True})
    answer = review.answers.get()
    assert (answer.is_na, answer.level) == (True, "")

    saved = save(saved, writer, {"criterion": "tone", "level": "p1"})
    answer.refresh_from_db()
    assert (answer.is_na, answer.level) == (False, "p1")

    save(saved, writer, {"criterion": "tone", "level": ""})
    answer.refresh_from_db()
    assert (answer.is_na, answer.level) == (False, "")


def test_save_answers_offers_root_causes_at_their_criterion_only():
    here = RootCause.objects.create(
        name="Guessed", kind="KNOWLEDGE", criterion_key="tone"
    )
    gone = RootCause.objects.create(name="Old", kind="TOOL", is_active=False)
    review, writer = draft()

    save(review, writer, {"criterion": "tone", "root_causes": [here.pk]})

    assert list(review.answers.get().root_causes.all()) == [here]
    for criterion, cause in (("solution", here), ("tone", gone)):
        with pytest.raises(drafting.UnknownAnswer):
            save(
                review,
                writer,
                {"criterion": criterion, "root_causes": [cause.pk]},
                revision=1,
            )


def test_only_the_reviewer_writes_a_draft():
    review, _writer = draft()
    other = reviewer()

    with pytest.raises(drafting.NotYours):
        save(review, other, {"criterion": "tone", "level": "p4"})
    with pytest.raises(drafting.NotYours):
        submit(review, other)
    with pytest.raises(drafting.NotYours):
        drafting.skip_review(review_id=review.pk, reviewer=other, reason="x", at=AT)

    assert not Answer.objects.exists()


# What rules ticked ------------------------------------------------------------------------


def test_a_draft_starts_with_what_rules_found_and_why():
    review, _writer = draft(WITH_BOXES)

    answer = review.answers.get()

    assert (answer.checked, answer.source) == (["greets"], "RULE")
    greets, filed = answer.evidence["greets"], answer.evidence["filed"]
    assert (greets["found"], greets["reason"]) == (True, "by_name")
    message_id, start, end = greets["spans"][0]
    reply = review.ticket.messages.get(pk=message_id)
    assert reply.body[start:end] == "Hi Marta"
    assert (filed["found"], filed["reason"]) == (False, "no_category")
    assert "solved" not in answer.evidence


def test_boxes_are_the_rules_until_each_was_confirmed():
    review, writer = draft(WITH_BOXES)

    saved = save(review, writer, {"criterion": "boxes", "seen": ["greets"]})
    assert review.answers.get().source == "RULE"

    save(saved, writer, {"criterion": "boxes", "seen": ["filed"]})
    assert review.answers.get().source == "CONFIRMED"


def test_a_corrected_box_is_the_reviewers_and_what_the_rule_said_stays():
    review, writer = draft(WITH_BOXES)

    saved = save(review, writer, {"criterion": "boxes", "checked": ["solved"]})
    save(saved, writer, {"criterion": "boxes", "seen": ["filed"]})

    answer = review.answers.get()
    assert (answer.checked, answer.source) == (["solved"], "HUMAN")
    assert answer.evidence["greets"]["found"] is True
    assert answer.evidence["greets"]["seen"] is True


def test_submitting_confirms_nothing():
    review, writer = draft(WITH_BOXES)

    submit(save(review, writer, *WHOLE), writer)

    assert review.answers.get(criterion_key="boxes").source == "RULE"


# Pins -------------------------------------------------------------------------------------


def pin(review, writer, message, **values):
    asked = {"start": 0, "end": 8, "tone": "PRAISE", "text": "", "criterion_key": ""}
    return drafting.add_pin(
        review_id=review.pk,
        reviewer=writer,
        message_id=message.pk,
        at=AT,
        **{**asked, **values},
    )


def test_a_pin_quotes_its_passage_and_counts_as_a_change():
    review, writer = draft()
    reply = review.ticket.messages.get(direction="OUT")

    pinned = pin(review, writer, reply, criterion_key="tone", text="Warm")

    review.refresh_from_db()
    assert (pinned.quote, pinned.criterion_key) == ("Hi Marta", "tone")
    assert review.revision == 1

    drafting.change_pin(
        pin_id=pinned.pk,
        reviewer=writer,
        tone="ISSUE",
        text="Cold",
        criterion_key="",
        at=AT,
    )
    pinned.refresh_from_db()
    assert (pinned.tone, pinned.text, pinned.criterion_key) == ("ISSUE", "Cold", "")

    drafting.remove_pin(pin_id=pinned.pk, reviewer=writer, at=AT)
    assert not Pin.objects.exists()


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"end": 10_000}, drafting.PassageUnknown),
        ({"start": 8}, drafting.PassageUnknown),
        ({"start": -1}, drafting.PassageUnknown),
        ({"tone": "ANGRY"}, drafting.UnknownAnswer),
        ({"criterion_key": "absent"}, drafting.UnknownAnswer),
    ],
)
def test_a_pin_needs_a_passage_a_tone_and_a_known_criterion(values, refusal):
    review, writer = draft()
    reply = review.ticket.messages.get(direction="OUT")

    with pytest.raises(refusal):
        pin(review, writer, reply, **values)

    assert not Pin.objects.exists()


def test_what_a_customer_wrote_is_noted_and_never_praise():
    review, writer = draft()
    asked = review.ticket.messages.filter(direction="IN").first()

    with pytest.raises(drafting.UnknownAnswer):
        pin(review, writer, asked, tone="PRAISE")
    assert not Pin.objects.exists()

    noted = pin(review, writer, asked, tone="NOTE")
    with pytest.raises(drafting.UnknownAnswer):
        drafting.change_pin(
            pin_id=noted.pk,
            reviewer=writer,
            tone="PRAISE",
            text="",
            criterion_key="",
            at=AT,
        )
    noted.refresh_from_db()
    assert noted.tone == "NOTE"


def test_the_same_pin_sent_again_is_not_doubled():
    review, writer = draft()
    reply = review.ticket.messages.get(direction="OUT")

    assert pin(review, writer, reply) == pin(review, writer, reply)

    review.refresh_from_db()
    assert (Pin.objects.count(), review.revision) == (1, 1)


def test_a_pin_stays_in_its_own_conversation():
    review, writer = draft()
    elsewhere = worked_ticket(agent()).messages.first()

    with pytest.raises(drafting.PassageUnknown):
        pin(review, writer, elsewhere)


# Submitting -------------------------------------------------------------------------------


def test_submit_review_writes_the_score_once(django_capture_on_commit_callbacks):
    review, writer = draft()
    told = []

    def hear(sender, review_ids, at, **_):
        told.append((review_ids, at))

    reviews_changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        done = submit(save(review, writer, *WHOLE), writer)
    reviews_changed.disconnect(hear)

    # 60 % of 4/4 and 40 % of 2/4.
    assert (done.raw_score, done.score, done.passed) == (
        Decimal("80.00"),
        Decimal("80.00"),
        True,
    )
    assert (done.state, done.submitted_at, done.is_critical_fail) == (
        "SUBMITTED",
        AT,
        False,
    )
    assert dict(review.answers.values_list("criterion_key", "share")) == {
        "solution": 1.0,
        "tone": 0.5,
    }
    assert review.sample_item.state == "OPEN"  # as it was read
    assert SampleItem.objects.get().state == "DONE"
    kinds = list(ReviewEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["STARTED", "SUBMITTED"]
    assert told == [([review.pk], AT)]
    with pytest.raises(drafting.AlreadySubmitted):
        save(done, writer, {"criterion": "tone", "level": "p4"})
    with pytest.raises(drafting.AlreadySubmitted):
        submit(done, writer)


def test_submit_review_names_what_is_missing_and_writes_nothing():
    RootCause.objects.create(name="Guessed", kind="KNOWLEDGE")
    review, writer = draft()
    saved = save(review, writer, {"criterion": "solution", "level": "p1"})

    with pytest.raises(drafting.Unfinished, match="Solution, Tone") as refusal:
        submit(saved, writer)

    assert refusal.value.missing == [
        {"criterion": "solution", "what": "comment"},
        {"criterion": "solution", "what": "root_cause"},
        {"criterion": "tone", "what": "answer"},
    ]
    review.refresh_from_db()
    assert (review.state, review.score) == ("DRAFT", None)
    assert SampleItem.objects.get().state == "OPEN"


def test_submit_review_of_a_critical_failure_says_so():
    review, writer = draft()
    saved = save(
        review,
        writer,
        {"criterion": "solution", "level": "p0", "comment": "Wrong account"},
        {"criterion": "tone", "level": "p4"},
    )

    done = submit(saved, writer)

    assert (done.score, done.passed, done.is_critical_fail) == (
        Decimal("40.00"),
        False,
        True,
    )


def test_submit_review_refuses_a_stale_page():
    review, writer = draft()
    save(review, writer, *WHOLE)

    with pytest.raises(drafting.StaleReview):
        drafting.submit_review(review_id=review.pk, reviewer=writer, revision=0, at=AT)

    review.refresh_from_db()
    assert review.state == "DRAFT"


# Skipping ---------------------------------------------------------------------------------


def test_skip_review_needs_a_reason():
    review, writer = draft()

    with pytest.raises(drafting.ReasonMissing):
        drafting.skip_review(review_id=review.pk, reviewer=writer, reason=" ", at=AT)

    review.refresh_from_db()
    assert review.state == "DRAFT"


def test_skip_review_replaces_the_drawn_ticket():
    review, writer = draft()

    drafting.skip_review(
        review_id=review.pk, reviewer=writer, reason="In Finnish", at=AT
    )

    review.refresh_from_db()
    item = SampleItem.objects.get(pk=review.sample_item_id)
    assert (review.state, review.reason) == ("SKIPPED", "In Finnish")
    assert (item.state, item.reason) == ("REPLACED", "In Finnish")
    with pytest.raises(drafting.NotADraft):
        save(review, writer, revision=review.revision)


# Calibration ------------------------------------------------------------------------------


def calibration(*, state="SCORING", **values):
    worked_by, writer = agent(), reviewer()
    session = CalibrationSession.objects.create(
        title="March",
        version=published_card(),
        facilitator=writer,
        due_at=AT,
        created_by=writer,
        created_at=MONDAY_9AM,
        started_at=MONDAY_9AM,
        state=state,
        **values,
    )
    Participant.objects.create(session=session, user=writer)
    ticket = worked_ticket(worked_by)
    item = CalibrationItem.objects.create(
        session=session,
        ticket=ticket,
        agent=worked_by,
        position=1,
        last_seq=ticket.last_seq,
    )
    return session, item, writer


def test_start_calibration_opens_one_sheet_a_participant():
    session, item, writer = calibration()

    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)

    assert drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT) == review
    assert (review.kind, review.version) == ("CALIBRATION", session.version)
    with pytest.raises(drafting.NotAParticipant):
        drafting.start_calibration(item_id=item.pk, reviewer=reviewer(), at=AT)


def test_a_calibration_that_is_open_takes_no_more_answers():
    _session, item, writer = calibration()
    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)
    CalibrationSession.objects.update(state="REVEALED")

    with pytest.raises(drafting.ScoringOver):
        save(review, writer, *WHOLE)
    with pytest.raises(drafting.ScoringOver):
        submit(review, writer)
    with pytest.raises(drafting.ScoringOver):
        drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)

    assert not Answer.objects.exists()


def test_the_last_sheet_of_a_participant_finishes_their_part():
    _session, item, writer = calibration()
    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)

    submit(save(review, writer, *WHOLE), writer)

    assert Participant.objects.get().finished_at == AT


def test_a_calibration_is_not_skipped():
    _session, item, writer = calibration()
    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)

    with pytest.raises(drafting.NotSkippable):
        drafting.skip_review(review_id=review.pk, reviewer=writer, reason="x", at=AT)


def test_a_pin_reaches_no_message_after_the_frozen_conversation():
    _session, item, writer = calibration()
    tickets.reply(
        ticket_id=item.ticket_id,
        at=AT,
        actor=item.agent,
        body="Later words.",
        public=True,
    )
    later = item.ticket.messages.get(body="Later words.")
    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)

    with pytest.raises(drafting.PassageUnknown):
        pin(review, writer, later)
