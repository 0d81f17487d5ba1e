"""Nominations, voices, awards by the lower end, thanks."""

from datetime import timedelta

import pytest

from qa.coaching.models import Recognition, Vote
from qa.coaching.selectors import recognition as selectors
from qa.coaching.services import recognition
from qa.coaching.services.refusals import AwardRefused, NotYours, ReasonMissing
from qa.models import Review
from tests.factories import coaching as make
from tests.factories import quality
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db
Kind = Recognition.Kind


def nominated(people, *, agent=None, actor=None, at=make.AT):
    ticket = open_ticket(assignee=agent or people.agent)
    return recognition.nominate_ticket(
        number=ticket.pk,
        text="Calm and exact",
        actor=actor or people.support_lead,
        at=at,
    )


def test_nomination_is_for_the_week_and_for_who_works_the_ticket():
    people = make.floor()
    row = nominated(people, at=make.on(3))
    assert (row.agent, row.period_start) == (people.agent, make.DAY)


def test_nomination_of_ones_own_ticket_or_an_unseen_one_is_refused():
    people = make.floor()
    own = open_ticket(assignee=people.agent)
    with pytest.raises(AwardRefused):
        recognition.nominate_ticket(
            number=own.pk, text="Me", actor=people.agent, at=make.AT
        )
    with pytest.raises(AwardRefused):
        recognition.nominate_ticket(
            number=own.pk, text="Good", actor=people.other_lead, at=make.AT
        )
    assert Recognition.objects.count() == 0


def test_ticket_is_nominated_once_a_week():
    people = make.floor()
    row = nominated(people)
    with pytest.raises(AwardRefused):
        recognition.nominate_ticket(
            number=row.ticket_id, text="Again", actor=people.support_lead, at=make.AT
        )
    assert Recognition.objects.count() == 1


def test_review_worth_showing_is_nominated_with_the_reviewers_words():
    people = make.floor()
    review = quality.write_review(
        agent=people.agent,
        is_exemplary=True,
        strengths="Found the cause",
        at=make.AT,
    )
    plain = quality.write_review(agent=people.agent, at=make.AT)
    row = recognition.nominate_review(
        review_id=review.pk, text="", actor=people.lead, at=make.AT
    )
    assert (row.ticket, row.text) == (review.ticket, "Found the cause")
    for refused in (plain, review):
        with pytest.raises(AwardRefused):
            recognition.nominate_review(
                review_id=refused.pk, text="x", actor=people.lead, at=make.AT
            )


def test_one_voice_a_person_a_week_and_it_moves():
    people = make.floor()
    first, second = nominated(people), nominated(people)
    for target in (first, first, second):
        recognition.vote(recognition_id=target.pk, user=people.peer, at=make.AT)
    assert [vote.recognition for vote in Vote.objects.all()] == [second]


def test_nobody_votes_for_their_own_ticket():
    people = make.floor()
    row = nominated(people)
    with pytest.raises(AwardRefused):
        recognition.vote(recognition_id=row.pk, user=people.agent, at=make.AT)
    assert Vote.objects.count() == 0


def test_ticket_with_most_voices_is_awarded_once_and_by_few():
    people = make.floor()
    first, second = nominated(people), nominated(people, agent=people.peer)
    recognition.vote(recognition_id=second.pk, user=people.lead, at=make.AT)
    how = {"at": make.AT, "actor": people.support_lead}
    with pytest.raises(NotYours):
        recognition.award_ticket(
            recognition_id=second.pk, actor=people.lead, at=make.AT
        )
    with pytest.raises(AwardRefused, match="more voices"):
        recognition.award_ticket(recognition_id=first.pk, **how)
    done = recognition.award_ticket(recognition_id=second.pk, **how)
    assert (done.state, done.facts) == ("AWARDED", {"voices": 1})
    with pytest.raises(AwardRefused):
        recognition.award_ticket(recognition_id=first.pk, **how)
    with pytest.raises(AwardRefused, match="decided"):
        recognition.vote(recognition_id=first.pk, user=people.peer, at=make.AT)


def reviews_of(agent, count, score, reviewer, version):
    """Reviews a day apart in February, the month before the tests' present."""
    for place in range(count):
        quality.write_review(
            agent=agent,
            score=score + (place % 3),
            reviewer=reviewer,
            version=version,
            at=make.on(-20 + place % 15),
        )


def test_top_performer_is_who_can_claim_most_not_who_was_lucky():
    people = make.floor()
    version, reviewer = quality.published_card(), quality.reviewer()
    reviews_of(people.agent, 12, 90, reviewer, version)
    reviews_of(people.peer, 4, 96, reviewer, version)
    other = quality.agent(team=people.team)
    reviews_of(other, 12, 70, reviewer, version)
    row = recognition.award_best(
        kind=Kind.TOP_PERFORMER, text="", actor=people.support_lead, at=make.AT
    )
    assert row.agent == people.agent
    assert (row.facts["n"], row.period_start.isoformat()) == (12, "2026-02-01")
    assert row.facts["low"] < row.facts["value"] < row.facts["high"]
    with pytest.raises(AwardRefused, match="already"):
        recognition.award_best(
            kind=Kind.TOP_PERFORMER, text="", actor=people.support_lead, at=make.AT
        )


def test_nobody_is_named_without_enough_random_reviews():
    people = make.floor()
    version, reviewer = quality.published_card(), quality.reviewer()
    reviews_of(people.agent, 4, 95, reviewer, version)
    Review.objects.update(basis=Review.Basis.RANDOM)
    with pytest.raises(AwardRefused, match="5 reviews"):
        recognition.award_best(
            kind=Kind.TOP_PERFORMER, text="", actor=people.support_lead, at=make.AT
        )
    assert Recognition.objects.count() == 0


def test_quarter_before_is_the_champions():
    period = selectors.last_complete(Kind.QUALITY_CHAMPION, make.DAY)
    assert (period.start.isoformat(), period.last.isoformat()) == (
        "2025-10-01",
        "2025-12-31",
    )


def test_shout_out_is_on_the_wall_and_never_for_oneself():
    people = make.floor()
    with pytest.raises(AwardRefused):
        recognition.shout_out(
            agent_id=people.peer.pk, text="Me", actor=people.peer, at=make.AT
        )
    with pytest.raises(ReasonMissing):
        recognition.shout_out(
            agent_id=people.agent.pk, text=" ", actor=people.peer, at=make.AT
        )
    row = recognition.shout_out(
        agent_id=people.agent.pk, text="Took my shift", actor=people.peer, at=make.AT
    )
    assert list(selectors.wall(make.DAY)) == [row]


def test_taking_back_is_for_the_writer_and_an_award_stays():
    people = make.floor()
    thanks = recognition.shout_out(
        agent_id=people.agent.pk, text="Thanks", actor=people.peer, at=make.AT
    )
    with pytest.raises(NotYours):
        recognition.withdraw(recognition_id=thanks.pk, actor=people.lead)
    recognition.withdraw(recognition_id=thanks.pk, actor=people.peer)
    assert not selectors.wall(make.DAY).exists()
    row = nominated(people)
    recognition.award_ticket(
        recognition_id=row.pk, actor=people.support_lead, at=make.AT
    )
    with pytest.raises(AwardRefused):
        recognition.withdraw(recognition_id=row.pk, actor=people.support_lead)


@pytest.mark.parametrize("count", [1, 3])
def test_wall_asks_the_same_number_of_times(count, django_assert_num_queries):
    people = make.floor()
    for _ in range(count):
        recognition.shout_out(
            agent_id=people.agent.pk, text="Thanks", actor=people.peer, at=make.AT
        )
        nominated(people)
    with django_assert_num_queries(2):
        for row in selectors.wall(make.DAY + timedelta(days=1)):
            assert str(row.agent)
            assert str(row.nominated_by)
        for row in selectors.nominations(people.peer, make.DAY):
            assert str(row.agent)
            assert str(row.ticket)
