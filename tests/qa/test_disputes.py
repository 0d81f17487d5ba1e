"""Disputes from opening to decision: who may, until when, and what becomes of the score."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from qa.core.scorecard import Check, Criterion, Section
from qa.core.scorecard import Scorecard as Card
from qa.models import Answer, Dispute, Pin, Review, RootCause
from qa.selectors.dispute_figures import economics
from qa.selectors.disputes import deciders_of, disputes_to_decide, disputes_visible_to
from qa.selectors.reviews import reviews_visible_to
from qa.services import disputes as services
from qa.services.review_refusals import ReasonMissing
from supportops.common import roles
from supportops.notifications.models import Kind, Notification
from tests.factories.people import UserFactory
from tests.factories.quality import (
    agent,
    levels,
    published_card,
    reviewer,
    write_review,
)
from tests.factories.tickets import MONDAY_9AM

pytestmark = pytest.mark.django_db

NOON = MONDAY_9AM + timedelta(days=1, hours=3)
DEADLINE = NOON + timedelta(hours=72)
TONE = {"criterion": "tone", "proposed_level": "p3", "reason": "I was kind"}


def released(**values) -> Review:
    """60 % of the points from solution (3 of 4), 40 % from tone (1 of 4): 55."""
    review = write_review(score=55, dispute_until=DEADLINE, **values)
    Answer.objects.create(
        review=review, criterion_key="solution", level="p3", share=0.75
    )
    Answer.objects.create(
        review=review, criterion_key="tone", level="p1", share=0.25, comment="Curt"
    )
    return review


def dispute(review: Review, *lines, at=NOON, by=None, **values) -> Dispute:
    return services.open_dispute(
        review_id=review.pk,
        agent=by or review.agent,
        kind=values.pop("kind", "SCORE"),
        reason=values.pop("reason", ""),
        lines=lines or (TONE,),
        at=at,
    )


def decide(found: Dispute, *lines, by=None, decision="Read again", **values) -> Dispute:
    return services.decide_dispute(
        dispute_id=found.pk,
        arbiter=by or reviewer(),
        decision=decision,
        lines=lines,
        at=NOON + timedelta(days=1),
        **values,
    )


def ruling(outcome: str, level: str = "", criterion: str = "tone") -> dict:
    return {"criterion": criterion, "outcome": outcome, "final_level": level}


# Opening ----------------------------------------------------------------------------------


def test_open_dispute_keeps_what_the_agent_says_and_when_it_is_due():
    review = released()

    found = dispute(review)

    review.refresh_from_db()
    assert review.state == "DISPUTED"
    assert found.due_at == NOON + timedelta(days=5)
    line = found.lines.get()
    assert (line.criterion_key, line.proposed_level) == ("tone", "p3")
    assert line.reason == "I was kind"
    event = review.events.get()
    assert (event.kind, event.actor) == ("DISPUTED", review.agent)


def test_open_dispute_is_possible_until_the_deadline_and_not_at_it():
    review = released()

    with pytest.raises(services.TooLate):
        dispute(review, at=DEADLINE)
    assert not Dispute.objects.exists()

    dispute(review, at=DEADLINE - timedelta(seconds=1))


def test_open_dispute_after_acknowledging():
    review = released(acknowledged_at=NOON)
    Review.objects.update(state="ACKNOWLEDGED")

    dispute(review)

    assert Dispute.objects.count() == 1


def test_open_dispute_is_refused_to_everybody_but_the_agent():
    review = released()

    for person in (review.reviewer, agent(), UserFactory(role=roles.SUPPORT_LEAD)):
        with pytest.raises(services.NotYours):
            dispute(review, by=person)

    assert not Dispute.objects.exists()


@pytest.mark.parametrize("state", ["SUBMITTED", "DISPUTED", "CLOSED", "VOIDED"])
def test_open_dispute_is_refused_of_a_review_that_is(state):
    review = released()
    Review.objects.update(state=state)

    with pytest.raises(services.WrongState):
        dispute(review)


@pytest.mark.parametrize(
    "line",
    [
        {"criterion": "speed", "reason": "Not asked"},
        {"criterion": "tone", "proposed_level": "p9", "reason": "No such level"},
        {"criterion": "tone", "proposed_level": "p1", "reason": "The same"},
        {"criterion": "solution", "proposed_level": "_na", "reason": "N/A not allowed"},
    ],
)
def test_open_dispute_refuses_what_the_scorecard_does_not_have(line):
    with pytest.raises(services.LineUnusable):
        dispute(released(), line)

    assert not Dispute.objects.exists()


def test_open_dispute_needs_a_criterion_once_and_a_reason():
    review = released()

    with pytest.raises(services.LineUnusable):
        services.open_dispute(
            review_id=review.pk, agent=review.agent, kind="SCORE", reason="All", at=NOON
        )
    with pytest.raises(services.LineUnusable):
        dispute(review, TONE, TONE)
    with pytest.raises(ReasonMissing):
        dispute(review, {"criterion": "tone", "reason": " "})
    with pytest.raises(ReasonMissing):
        dispute(review, kind="WRONG_AGENT")

    review.refresh_from_db()
    assert (review.state, Dispute.objects.count()) == ("RELEASED", 0)


def test_open_dispute_tells_deciders_but_neither_reviewer_nor_agent():
    review, second = released(), reviewer()
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    UserFactory(role=roles.TEAM_LEAD)

    found = dispute(review)

    told = Notification.objects.filter(kind=Kind.DISPUTE)
    assert {row.recipient for row in told} == {second, lead}
    assert {row.url for row in told} == {f"/quality/disputes/{found.pk}/"}


# Deciding ---------------------------------------------------------------------------------


def test_decision_to_keep_closes_the_review_as_it_is():
    review = released()

    found = decide(dispute(review), ruling("KEEP"))

    review.refresh_from_db()
    assert (found.state, review.state) == ("UPHELD", "CLOSED")
    assert (review.score, review.is_current) == (55, True)
    assert Review.objects.count() == 1


def test_decision_as_proposed_writes_a_new_review_by_the_arbiter():
    review, arbiter = released(strengths="Quick", focus="Warmth"), reviewer()
    message = review.ticket.messages.create(at=MONDAY_9AM, direction="IN", body="Hello")
    Pin.objects.create(
        review=review, message=message, start=0, end=5, quote="Hello",
        tone="ISSUE", created_at=NOON,
    )  # fmt: skip

    found = decide(dispute(review), ruling("PROPOSED"), by=arbiter)

    new = Review.objects.get(supersedes=review)
    review.refresh_from_db()
    # 60 × 3/4 + 40 × 3/4
    assert (found.state, new.score, new.raw_score, new.passed) == (
        "CHANGED",
        75,
        75,
        False,
    )
    assert (new.reviewer, new.agent, new.state) == (arbiter, review.agent, "RELEASED")
    assert (new.kind, new.basis, new.version) == ("ASSIGNED", "RANDOM", review.version)
    assert (new.strengths, new.focus, new.is_current) == ("Quick", "Warmth", True)
    assert (review.state, review.is_current, review.score) == ("CLOSED", False, 55)
    tone = new.answers.get(criterion_key="tone")
    assert (tone.level, tone.share, tone.comment) == ("p3", 0.75, "Curt")
    assert review.answers.get(criterion_key="tone").level == "p1"
    assert new.pins.get().quote == review.pins.get().quote == "Hello"
    assert list(review.events.values_list("kind", flat=True).order_by("pk")) == [
        "DISPUTED", "SUPERSEDED", "DECIDED",
    ]  # fmt: skip


def test_decision_counts_once_in_the_agents_score():
    review = released()

    decide(dispute(review), ruling("PROPOSED"))

    assert [each.score for each in Review.objects.counted()] == [75]


def test_decision_in_part_and_another_level_than_proposed():
    review = released()
    solution = {"criterion": "solution", "proposed_level": "p4", "reason": "It worked"}
    found = dispute(review, TONE, solution)

    found = decide(found, ruling("OTHER", "p2"), ruling("KEEP", criterion="solution"))

    new = Review.objects.get(supersedes=review)
    assert (found.state, new.score) == ("PARTLY", 65)
    outcomes = dict(found.lines.values_list("criterion_key", "outcome"))
    assert outcomes == {"tone": "OTHER", "solution": "KEEP"}
    assert found.lines.get(criterion_key="tone").final_level == "p2"


def test_decision_other_that_comes_to_the_same_is_counted_for_what_it_is():
    same, proposed = released(), released()

    kept = decide(dispute(same), ruling("OTHER", "p1"))
    given = decide(dispute(proposed), ruling("OTHER", "p3"))

    assert (kept.state, kept.lines.get().outcome) == ("UPHELD", "KEEP")
    assert (given.state, given.lines.get().outcome) == ("CHANGED", "PROPOSED")


def test_decision_that_a_criterion_does_not_apply_leaves_it_out():
    review = released()
    line = {"criterion": "tone", "proposed_level": "_na", "reason": "Only a form"}

    decide(dispute(review, line), ruling("PROPOSED"))

    new = Review.objects.get(supersedes=review)
    assert new.score == 75
    assert new.answers.get(criterion_key="tone").is_na


def test_decision_drops_the_causes_of_what_is_no_shortfall_any_more():
    review = released()
    cause = RootCause.objects.create(name="Haste", kind="SKILL")
    for answer in review.answers.all():
        answer.root_causes.add(cause)
    line = {"criterion": "tone", "proposed_level": "p4", "reason": "Kind"}

    decide(dispute(review, line), ruling("PROPOSED"))

    new = Review.objects.get(supersedes=review)
    assert not new.answers.get(criterion_key="tone").root_causes.exists()
    assert new.answers.get(criterion_key="solution").root_causes.get() == cause
    assert review.answers.get(criterion_key="tone").root_causes.get() == cause


def test_decision_may_end_a_critical_fail():
    review = write_review(score=40, dispute_until=DEADLINE, is_critical_fail=True)
    Answer.objects.create(review=review, criterion_key="solution", level="p0", share=0)
    Answer.objects.create(review=review, criterion_key="tone", level="p4", share=1)
    line = {"criterion": "solution", "proposed_level": "p4", "reason": "See reply 2"}

    decide(dispute(review, line), ruling("PROPOSED", criterion="solution"))

    new = Review.objects.get(supersedes=review)
    assert (new.score, new.passed, new.is_critical_fail) == (100, True, False)


def test_decision_on_a_checklist_ticks_boxes():
    boxes = tuple(Check(key, key) for key in ("named", "thanked"))
    checks = Criterion("form", "Form", 50, kind="checklist", checks=boxes)
    tone = Criterion("tone", "Tone", 50, levels=levels(4, 3, 2, 1, 0))
    card = Card(sections=(Section("all", "All", 1, (checks, tone)),))
    review = write_review(version=published_card(card), dispute_until=DEADLINE)
    Answer.objects.create(review=review, criterion_key="form", checked=["named"])
    Answer.objects.create(review=review, criterion_key="tone", level="p4")
    found = dispute(review, {"criterion": "form", "reason": "I thanked them"})

    decide(
        found,
        {"criterion": "form", "outcome": "OTHER", "checked": ["named", "thanked"]},
    )

    new = Review.objects.get(supersedes=review)
    assert new.score == 100
    assert new.answers.get(criterion_key="form").checked == ["named", "thanked"]
    assert found.lines.get().final_checked == ["named", "thanked"]


def test_decision_of_reviewer_or_agent_is_refused():
    review = released()
    found = dispute(review)

    for person in (review.reviewer, review.agent):
        with pytest.raises(services.ArbiterConcerned):
            decide(found, ruling("PROPOSED"), by=person)

    found.refresh_from_db()
    assert (found.state, found.arbiter, Review.objects.count()) == ("OPEN", None, 1)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (ruling("MAYBE"),),
        (ruling("OTHER"),),
        (ruling("OTHER", "p9"),),
        (ruling("KEEP"), ruling("KEEP")),
        (ruling("KEEP"), ruling("KEEP", criterion="solution")),
    ],
)
def test_decision_must_name_each_line_once_with_what_it_has(lines):
    review = released()
    found = dispute(review)

    with pytest.raises(services.LineUnusable):
        decide(found, *lines)

    found.refresh_from_db()
    review.refresh_from_db()
    assert (found.state, review.state, review.is_current) == ("OPEN", "DISPUTED", True)


def test_decision_as_proposed_needs_a_proposal_and_any_needs_a_reason():
    found = dispute(released(), {"criterion": "tone", "reason": "Kind"})

    with pytest.raises(services.LineUnusable):
        decide(found, ruling("PROPOSED"))
    with pytest.raises(ReasonMissing):
        decide(found, ruling("KEEP"), decision=" ")

    found.refresh_from_db()
    assert found.state == "OPEN"


def test_decision_tells_agent_and_reviewer_what_each_may_read():
    review = released()
    found = dispute(review)
    Notification.objects.all().delete()

    decide(found, ruling("PROPOSED"))

    new = Review.objects.get(supersedes=review)
    told = {row.recipient: row.url for row in Notification.objects.all()}
    assert told == {
        review.agent: f"/quality/reviews/{new.pk}/",
        review.reviewer: f"/quality/reviews/{review.pk}/",
    }


def test_decided_score_is_final():
    review = released()
    decide(dispute(review), ruling("PROPOSED"))
    new = Review.objects.get(supersedes=review)

    with pytest.raises(services.TooLate):
        dispute(new, at=NOON + timedelta(days=1))


# Whose work it was ------------------------------------------------------------------------


def wrong_agent(review: Review) -> Dispute:
    return services.open_dispute(
        review_id=review.pk,
        agent=review.agent,
        kind="WRONG_AGENT",
        reason="Mei wrote the reply",
        at=NOON,
    )


def test_review_is_handed_to_whose_work_it_was():
    review, right = released(), agent()

    found = decide(wrong_agent(review), right_agent=right)

    new = Review.objects.get(supersedes=review)
    review.refresh_from_db()
    assert (found.state, new.agent, new.reviewer) == ("CHANGED", right, review.reviewer)
    assert (new.score, new.state) == (55, "RELEASED")
    assert new.dispute_until == NOON + timedelta(days=4)
    assert (review.is_current, review.state) == (False, "CLOSED")
    assert new.answers.count() == 2
    assert [row.agent for row in Review.objects.counted()] == [right]
    assert Notification.objects.filter(recipient=right, kind=Kind.REVIEW_RELEASED)


def test_former_agent_does_not_read_whose_review_it_became():
    review, right = released(), agent()

    decide(wrong_agent(review), right_agent=right)

    assert list(reviews_visible_to(review.agent)) == [review]
    told = Notification.objects.filter(recipient=review.agent)
    assert {row.url for row in told} == {f"/quality/reviews/{review.pk}/"}


def test_review_is_void_when_nobody_can_say_whose_work_it_was():
    review = released()

    found = decide(wrong_agent(review), is_void=True)

    review.refresh_from_db()
    assert (found.state, review.state, review.reason) == (
        "CHANGED",
        "VOIDED",
        "Read again",
    )
    assert not reviews_visible_to(review.agent).exists()
    assert Notification.objects.get(recipient=review.agent).url == "/quality/reviews/"


def test_review_stays_when_it_was_the_agents_work():
    review = released()

    found = decide(wrong_agent(review))

    review.refresh_from_db()
    assert (found.state, review.state) == ("UPHELD", "CLOSED")


def test_review_is_not_handed_to_agent_reviewer_arbiter_or_automation():
    review, arbiter = released(), reviewer()
    found = wrong_agent(review)
    machine = UserFactory(is_automation=True)

    for person in (review.agent, review.reviewer, arbiter, machine):
        with pytest.raises(services.WrongPerson):
            decide(found, by=arbiter, right_agent=person)
    with pytest.raises(services.WrongPerson):
        decide(found, right_agent=agent(), is_void=True)

    found.refresh_from_db()
    assert (found.state, Review.objects.count()) == ("OPEN", 1)


# Withdrawing, reminding -------------------------------------------------------------------


def test_withdrawing_gives_the_review_back_and_it_may_be_disputed_again():
    review = released()
    found = dispute(review)

    services.withdraw_dispute(dispute_id=found.pk, agent=review.agent, at=NOON)

    found.refresh_from_db()
    review.refresh_from_db()
    assert (found.state, review.state) == ("WITHDRAWN", "RELEASED")
    assert dispute(review).pk != found.pk


def test_withdrawing_returns_an_acknowledged_review_to_that():
    review = released(acknowledged_at=NOON)
    found = dispute(review)

    services.withdraw_dispute(dispute_id=found.pk, agent=review.agent, at=NOON)

    review.refresh_from_db()
    assert review.state == "ACKNOWLEDGED"


def test_withdrawing_is_the_agents_and_only_while_open():
    review = released()
    found = dispute(review)
    with pytest.raises(services.NotYours):
        services.withdraw_dispute(dispute_id=found.pk, agent=reviewer(), at=NOON)
    decide(found, ruling("KEEP"))

    with pytest.raises(services.WrongState):
        services.withdraw_dispute(dispute_id=found.pk, agent=review.agent, at=NOON)


def test_reminder_is_sent_a_day_before_and_when_overdue_each_once():
    review, second = released(), reviewer()
    found = dispute(review)
    Notification.objects.all().delete()
    day = timedelta(days=1)

    assert (
        services.remind_of_disputes(at=found.due_at - day - timedelta(seconds=1)) == 0
    )
    assert services.remind_of_disputes(at=found.due_at - day) == 1
    assert services.remind_of_disputes(at=found.due_at - timedelta(hours=1)) == 0
    assert services.remind_of_disputes(at=found.due_at) == 1
    assert services.remind_of_disputes(at=found.due_at + day) == 0

    assert {row.recipient for row in Notification.objects.all()} == {second}


def test_reminder_is_not_sent_of_a_decided_dispute():
    found = dispute(released())
    decide(found, ruling("KEEP"))
    Notification.objects.all().delete()

    assert services.remind_of_disputes(at=found.due_at) == 0


# Who sees what ----------------------------------------------------------------------------


def test_dispute_is_decided_by_others_than_reviewer_and_agent():
    review, second = released(), reviewer()
    found = dispute(review)

    assert list(disputes_to_decide(second)) == [found]
    assert not disputes_to_decide(review.reviewer).exists()
    assert not disputes_to_decide(review.agent).exists()
    assert not disputes_to_decide(UserFactory(role=roles.TEAM_LEAD)).exists()
    assert deciders_of(found) == [second]


def test_dispute_is_seen_by_who_sees_the_review():
    review = released()
    found = dispute(review)

    for person in (review.agent, review.reviewer, UserFactory(role=roles.SUPPORT_LEAD)):
        assert list(disputes_visible_to(person)) == [found]
    for person in (agent(), UserFactory(role=roles.EXECUTIVE)):
        assert not disputes_visible_to(person).exists()


def test_dispute_is_hidden_from_who_is_still_to_score_the_ticket_blind():
    review, second = released(), reviewer()
    write_review(
        state="DRAFT",
        kind="OVERLAP",
        ticket=review.ticket,
        agent=review.agent,
        reviewer=second,
    )

    found = dispute(review)

    assert not disputes_to_decide(second).exists()
    assert deciders_of(found) == []
    assert not Notification.objects.filter(recipient=second).exists()


# Figures ----------------------------------------------------------------------------------


def test_overturn_rates_have_wilson_intervals():
    strict, version = reviewer(first_name="Sam", last_name="Strict"), published_card()
    for outcome in ("KEEP", "PROPOSED", "PROPOSED"):
        decide(dispute(released(reviewer=strict, version=version)), ruling(outcome))
    decide(wrong_agent(released(reviewer=strict, version=version)), is_void=True)
    dispute(released(reviewer=strict, version=version))

    found = economics(Dispute.objects.all())

    assert (found.whole.hits, found.whole.n) == (3, 4)
    (by_reviewer,) = found.by_reviewer
    assert (by_reviewer.name, by_reviewer.share.hits, by_reviewer.share.n) == (
        "Sam Strict", 2, 3,
    )  # fmt: skip
    # Wilson, 2 of 3: 0.2077 to 0.9385.
    assert by_reviewer.share.low == pytest.approx(0.2077, abs=1e-4)
    assert by_reviewer.share.high == pytest.approx(0.9385, abs=1e-4)
    (by_criterion,) = found.by_criterion
    assert (by_criterion.name, by_criterion.share.hits, by_criterion.share.n) == (
        "Tone", 2, 3,
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_overturn_rates_cost_the_same_at_one_and_three(
    count, django_assert_num_queries
):
    for _ in range(count):
        decide(dispute(released()), ruling("PROPOSED"))

    with django_assert_num_queries(4):
        economics(Dispute.objects.all())


def test_overturn_rates_of_nothing_are_no_figures():
    found = economics(Dispute.objects.all())

    assert (found.whole.value, found.whole.n) == (None, 0)
    assert (found.by_reviewer, found.by_criterion) == ([], [])


# Two at once ------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one():
    review = released()
    found = dispute(review)
    arbiters = [reviewer(), reviewer()]
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def run(arbiter, level) -> None:
        barrier.wait()
        try:
            decide(found, ruling("OTHER", level), by=arbiter)
            outcomes.append("decided")
        except services.WrongState:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip(arbiters, ("p2", "p4"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["decided", "refused"]
    found.refresh_from_db()
    current = Review.objects.get(is_current=True)
    assert (current.supersedes, current.reviewer) == (review, found.arbiter)
