"""The life of a talk, and what plans one by itself."""

from datetime import timedelta

import pytest

from qa.coaching.models import CoachingSession, Goal
from qa.coaching.selectors import sessions as selectors
from qa.coaching.services import reminding, sessions
from qa.coaching.services.refusals import (
    ChangedMeanwhile,
    NotTheirCoach,
    NotYours,
    ReasonMissing,
    SessionAhead,
    Unfinished,
    WrongState,
)
from qa.models import Review
from qa.signals import reviews_released
from supportops.notifications.models import Notification
from tests.factories import coaching as make
from tests.factories import quality

pytestmark = pytest.mark.django_db
State = CoachingSession.State


def titles_of(person):
    rows = Notification.objects.filter(recipient=person).order_by("pk")
    return list(rows.values_list("title", flat=True))


# Planning ---------------------------------------------------------------------------------


def test_planned_talk_covers_30_days_and_tells_both():
    people = make.floor()
    session = make.planned(people, actor=people.lead)
    assert (session.period_start, session.period_end) == (make.day(-29), make.day(1))
    assert titles_of(people.lead) == [f"Talk with {people.agent} by 9 Mar 2026"]
    assert titles_of(people.agent) == [
        "A talk about your work takes place by 9 Mar 2026"
    ]


def test_planned_talk_keeps_the_score_with_n_interval_and_the_period_before():
    people = make.floor()
    version = quality.published_card()
    for score in (70, 80, 90):
        quality.write_review(
            agent=people.agent, score=score, at=make.on(-3), version=version
        )
    quality.write_review(agent=people.agent, score=60, at=make.on(-40), version=version)
    quality.write_review(
        agent=people.agent, score=10, at=make.on(-3), version=version, basis="TARGETED"
    )
    facts = make.planned(people).facts
    assert facts["score"]["value"] == 80
    assert facts["score"]["n"] == 3
    # 80 ± t(0.975, 2) · 10 / √3
    assert facts["score"]["low"] == pytest.approx(55.16, abs=0.01)
    assert facts["score"]["high"] == pytest.approx(100, abs=5)
    assert (facts["before"]["value"], facts["before"]["n"]) == (60, 1)
    assert facts["before"]["low"] is None
    assert (facts["targeted"]["value"], facts["targeted"]["n"]) == (10, 1)
    assert len(facts["reviews"]) == 4


def test_second_talk_is_refused_while_one_is_ahead():
    people = make.floor()
    make.planned(people)
    with pytest.raises(SessionAhead):
        make.planned(people, actor=people.lead)
    assert CoachingSession.objects.count() == 1


@pytest.mark.parametrize("who", ["other_lead", "peer", "agent"])
def test_only_who_coaches_the_agent_plans(who):
    people = make.floor()
    with pytest.raises(NotTheirCoach):
        make.planned(people, actor=getattr(people, who))
    assert CoachingSession.objects.count() == 0


def test_nobody_coaches_themselves():
    people = make.floor()
    with pytest.raises(NotTheirCoach):
        make.planned(people, actor=people.support_lead, coach=people.agent)
    assert CoachingSession.objects.count() == 0


# After a low score ------------------------------------------------------------------------


def release(*reviews):
    reviews_released.send(
        Review, review_ids=[review.pk for review in reviews], at=make.AT
    )


def test_failed_review_plans_a_talk_with_the_lead_within_a_week():
    people = make.floor()
    failed = quality.write_review(agent=people.agent, score=60, at=make.AT)
    release(failed)
    session = CoachingSession.objects.get()
    assert (session.agent, session.coach) == (people.agent, people.lead)
    assert session.because_of == failed
    assert session.due_on == make.day(7)


def test_passed_review_plans_nothing():
    people = make.floor()
    release(quality.write_review(agent=people.agent, score=80, at=make.AT))
    assert CoachingSession.objects.count() == 0


def test_failed_reviews_plan_once_and_the_same_news_again_nothing():
    people = make.floor()
    version = quality.published_card()
    reviews = [
        quality.write_review(
            agent=people.agent, score=score, at=make.AT, version=version
        )
        for score in (60, 50)
    ]
    release(*reviews)
    release(*reviews)
    session = CoachingSession.objects.get()
    assert session.because_of == reviews[1]
    session.state = State.CANCELLED
    session.save()
    release(*reviews)
    assert CoachingSession.objects.count() == 1


def test_agent_without_a_lead_waits_for_a_coach_and_support_leads_hear():
    people = make.floor()
    people.team.lead = None
    people.team.save()
    release(quality.write_review(agent=people.agent, score=60, at=make.AT))
    session = CoachingSession.objects.get()
    assert session.coach is None
    assert "Nobody coaches" in titles_of(people.support_lead)[0]
    taken = sessions.take_session(
        session_id=session.pk, actor=people.support_lead, at=make.AT
    )
    assert taken.coach == people.support_lead


def test_lead_who_fails_is_not_their_own_coach():
    people = make.floor()
    people.lead.team = people.team
    people.lead.save()
    release(quality.write_review(agent=people.lead, score=60, at=make.AT))
    assert CoachingSession.objects.get().coach is None


# Writing ----------------------------------------------------------------------------------


def test_saving_writes_points_and_goals_and_keeps_the_state():
    people = make.floor()
    session = make.saved(make.planned(people), people.lead, goals=(make.goal(),))
    assert session.state == State.PLANNED
    assert session.points.get().text == "Calm with angry customers"
    assert session.goals.get().target == 75


def test_save_over_somebody_elses_is_refused_and_writes_nothing():
    people = make.floor()
    session = make.planned(people)
    make.saved(session, people.support_lead, at=make.on(1), focus="Theirs")
    with pytest.raises(ChangedMeanwhile):
        make.saved(session, people.lead, at=make.on(2), focus="Mine")
    session.refresh_from_db()
    assert session.focus == "Theirs"


@pytest.mark.parametrize("who", ["agent", "peer", "other_lead"])
def test_others_cannot_write(who):
    people = make.floor()
    session = make.planned(people)
    with pytest.raises(CoachingSession.DoesNotExist):
        make.saved(session, getattr(people, who))
    session.refresh_from_db()
    assert session.focus == ""


def test_removed_goal_goes_and_a_judged_one_stays():
    people = make.floor()
    session = make.saved(
        make.planned(people),
        people.lead,
        goals=(make.goal(text="First"), make.goal(text="Second")),
    )
    Goal.objects.filter(text="First").update(state=Goal.State.MET)
    make.saved(session, people.lead, goals=())
    assert list(session.goals.values_list("text", flat=True)) == ["First"]


# Steps ------------------------------------------------------------------------------------


def test_prepare_names_what_is_missing():
    people = make.floor()
    session = make.planned(people)
    with pytest.raises(Unfinished, match="a strength to begin with, the one focus"):
        sessions.prepare_session(session_id=session.pk, actor=people.lead, at=make.AT)
    session.refresh_from_db()
    assert session.state == State.PLANNED


def test_held_talk_asks_the_agent_to_acknowledge():
    people = make.floor()
    session = make.held(people)
    assert session.state == State.HELD
    assert titles_of(people.agent)[-1] == (
        "Please read and acknowledge what you talked about"
    )
    done = sessions.acknowledge_session(
        session_id=session.pk,
        agent=people.agent,
        expected_changed_at=session.changed_at,
        at=make.on(1),
    )
    assert (done.state, done.acknowledged_at) == (State.ACKNOWLEDGED, make.on(1))


def test_agent_acknowledges_only_what_they_have_read():
    people = make.floor()
    session = make.held(people)
    read_at = session.changed_at
    make.saved(session, people.lead, at=make.on(1), shared_notes="Something new")
    with pytest.raises(ChangedMeanwhile):
        sessions.acknowledge_session(
            session_id=session.pk,
            agent=people.agent,
            expected_changed_at=read_at,
            at=make.on(1),
        )
    session.refresh_from_db()
    assert session.state == State.HELD


def test_nobody_acknowledges_for_the_agent():
    people = make.floor()
    session = make.held(people)
    with pytest.raises(NotYours):
        sessions.acknowledge_session(
            session_id=session.pk,
            agent=people.lead,
            expected_changed_at=session.changed_at,
            at=make.AT,
        )
    session.refresh_from_db()
    assert session.state == State.HELD


def test_acknowledged_talk_is_not_written_any_more_but_own_notes_are():
    people = make.floor()
    session = make.held(people)
    session = sessions.acknowledge_session(
        session_id=session.pk,
        agent=people.agent,
        expected_changed_at=session.changed_at,
        at=make.AT,
    )
    with pytest.raises(WrongState):
        make.saved(session, people.lead, focus="Changed")
    sessions.save_private_notes(
        session_id=session.pk, actor=people.lead, notes="Later thought"
    )
    session.refresh_from_db()
    assert (session.focus, session.private_notes) == (
        "Say the next step",
        "Later thought",
    )


def test_calling_off_needs_a_reason_and_is_possible_before_the_talk_only():
    people = make.floor()
    session = make.planned(people)
    with pytest.raises(ReasonMissing):
        sessions.cancel_session(
            session_id=session.pk, actor=people.lead, reason=" ", at=make.AT
        )
    session.refresh_from_db()
    assert session.state == State.PLANNED
    sessions.cancel_session(
        session_id=session.pk, actor=people.lead, reason="On leave", at=make.AT
    )
    talked = make.held(people)
    with pytest.raises(WrongState):
        sessions.cancel_session(
            session_id=talked.pk, actor=people.lead, reason="No", at=make.AT
        )


# Board and reminders ----------------------------------------------------------------------


def test_board_sorts_talks_by_what_is_to_be_done():
    people = make.floor()
    due = make.planned(people)
    waiting = make.held(make.floor())
    board = selectors.board(people.support_lead, today=make.DAY)
    assert (board.due, board.waiting) == ([due], [waiting])
    own = selectors.board(people.lead, today=make.DAY)
    assert (own.due, own.waiting) == ([due], [])


def test_uncoached_lists_top_performers_too_and_not_who_has_a_talk():
    people = make.floor()
    make.planned(people)
    version = quality.published_card()
    for score in (95, 96, 97):
        quality.write_review(
            agent=people.peer, score=score, at=make.on(-3), version=version
        )
    rows = selectors.uncoached(people.lead, at=make.AT, today=make.DAY)
    assert [row.agent for row in rows] == [people.peer]
    assert rows[0].is_on_target is True
    assert (rows[0].score.value, rows[0].score.n) == (96, 3)


def test_talk_of_31_days_ago_is_long_ago_and_of_29_is_not():
    people = make.floor()
    make.held(people, at=make.on(-31))
    other = make.floor()
    make.held(other, at=make.on(-29))
    rows = selectors.uncoached(people.support_lead, at=make.AT, today=make.DAY)
    listed = {row.agent for row in rows}
    assert people.agent in listed
    assert other.agent not in listed


def test_reminders_go_out_once_for_each_occasion():
    people = make.floor()
    make.planned(people, due_on=make.day(1))
    assert reminding.remind_due(at=make.AT) == 1
    assert reminding.remind_due(at=make.AT + timedelta(hours=5)) == 0
    assert reminding.remind_due(at=make.on(2)) == 1
    assert titles_of(people.lead)[-1] == (
        f"The talk with {people.agent} was due on 3 Mar 2026"
    )


def test_agent_is_reminded_of_a_talk_not_acknowledged_after_three_days():
    people = make.floor()
    make.held(people)
    assert reminding.remind_due(at=make.on(2)) == 0
    assert reminding.remind_due(at=make.on(3)) == 1
    assert titles_of(people.agent)[-1] == (
        "A talk still waits for your acknowledgement"
    )


@pytest.mark.parametrize("count", [1, 3])
def test_board_asks_the_same_number_of_times(count, django_assert_num_queries):
    people = make.floor()
    for _ in range(count):
        make.planned(make.floor())
    with django_assert_num_queries(3):
        selectors.board(people.support_lead, today=make.DAY)
