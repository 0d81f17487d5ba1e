"""Goals check themselves against reviews and the catalogue."""

from datetime import UTC, datetime

import pytest

from qa.coaching.models import Goal, Milestone
from qa.coaching.selectors import goals as selectors
from qa.coaching.selectors import sessions as session_selectors
from qa.coaching.services import goals
from qa.coaching.services.plans import MilestoneContent
from qa.coaching.services.refusals import NotTheirCoach, WrongState
from qa.models import Answer
from supportops.metrics import catalogue
from supportops.metrics.scopes import FactStore
from supportops.notifications.models import Notification
from tests.factories import coaching as make
from tests.factories import quality
from tests.factories.facts import NOW, random_world

pytestmark = pytest.mark.django_db


def answered(people, version, *shares, at=None, **values):
    for share in shares:
        review = quality.write_review(
            agent=people.agent, version=version, at=at or make.on(2), **values
        )
        Answer.objects.create(review=review, criterion_key="tone", share=share)


def goal_of(people, **values):
    return make.held(people, goals=(make.goal(**values),)).goals.get()


def test_running_goal_shows_its_figure_and_stays_open():
    people = make.floor()
    goal = goal_of(people)
    answered(people, quality.published_card(), 0.75, 1.0, 0.5, 0.75)
    goals.check_goals(at=make.on(3))
    goal.refresh_from_db()
    assert (goal.state, goal.value, goal.n) == (Goal.State.OPEN, 75, 4)
    # 75 ± t(0.975, 3) · 20.41 / 2
    assert goal.low == pytest.approx(42.52, abs=0.01)
    assert goal.checked_at == make.on(3)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.75, 0.75, 0.75), "MET"),
        ((0.5, 0.75, 0.75), "MISSED"),
        ((1.0, 1.0), "NOT_ENOUGH"),
        ((), "NOT_ENOUGH"),
    ],
)
def test_goal_is_judged_the_day_after_it_ends(shares, expected):
    people = make.floor()
    goal = goal_of(people)
    answered(people, quality.published_card(), *shares)
    goals.check_goals(at=make.on(7))
    goal.refresh_from_db()
    assert goal.state == "OPEN"
    goals.check_goals(at=make.on(8))
    goal.refresh_from_db()
    assert goal.state == expected
    assert Notification.objects.filter(dedup_key__startswith="coaching-goal").count()


def test_goal_counts_random_reviews_inside_its_days_only():
    people = make.floor()
    goal = goal_of(people, min_n=1)
    version = quality.published_card()
    answered(people, version, 1.0)
    answered(people, version, 0.0, basis="TARGETED")
    answered(people, version, 0.0, at=make.on(-1))
    answered(people, version, 0.0, at=make.on(9))
    goals.check_goals(at=make.on(10))
    goal.refresh_from_db()
    assert (goal.state, goal.value, goal.n) == ("MET", 100, 1)
    assert goal.low is None


def test_goal_of_a_talk_that_was_not_held_is_not_looked_at():
    people = make.floor()
    session = make.saved(make.planned(people), people.lead, goals=(make.goal(),))
    goals.check_goals(at=make.on(20))
    assert session.goals.get().state == "OPEN"


def test_judged_goal_is_not_judged_again():
    people = make.floor()
    goal = goal_of(people)
    goals.check_goals(at=make.on(8))
    answered(people, quality.published_card(), 1, 1, 1)
    assert goals.check_goals(at=make.on(9))["goals"] == 0
    goal.refresh_from_db()
    assert goal.state == "NOT_ENOUGH"


def test_goal_on_a_metric_is_the_catalogues_figure_for_that_agent():
    world = random_world(seed=5)
    agent = world.agents[0]
    start, end = datetime(2026, 4, 20, tzinfo=UTC).date(), NOW.date()
    question = selectors.Question(agent.pk, "response_sla", start, end)
    found = selectors.measure(question, at=NOW, facts=FactStore())
    kept = [
        clock.is_kept
        for clock in world.clocks
        if clock.metric == "first_response"
        and clock.ticket.assignee_id == agent.pk
        and clock.judged_at is not None
        and not clock.is_excluded
        and start <= clock.judged_at.date() < end
    ]
    assert found.n == len(kept) > 3
    assert found.value == pytest.approx(sum(kept) / len(kept))
    assert found.low < found.value < found.high


def test_metric_that_is_gone_gives_no_cases():
    question = selectors.Question(1, "no_such_metric", make.DAY, make.day(7))
    found = selectors.measure(question, at=make.AT, facts=FactStore())
    assert (found.value, found.n) == (None, 0)


def test_every_offered_metric_has_a_figure_for_one_agent():
    person = make.floor().agent
    offered = [code for code, _name in selectors.measurable()]
    assert "response_sla" in offered
    for code in offered:
        question = selectors.Question(person.pk, code, make.DAY, make.day(7))
        found = selectors.measure(question, at=make.AT, facts=FactStore())
        assert found.n == 0


def test_targets_are_typed_in_percent_and_hours():
    assert selectors.typed_scale("response_sla") == 0.01
    assert selectors.typed_scale("resolution_time") == 3600
    assert selectors.typed_scale("criterion:tone") == 1
    assert selectors.value_words("response_sla", 0.95) == "95.0 %"
    assert catalogue.get("response_sla").unit == "share"


def test_goal_without_a_figure_is_decided_by_the_coach_only():
    people = make.floor()
    goal = goal_of(people, criterion_key="", target=None, text="Sit with Bo once")
    with pytest.raises(NotTheirCoach):
        goals.decide_goal(goal_id=goal.pk, actor=people.agent, state="MET", at=make.AT)
    goal.refresh_from_db()
    assert goal.state == "OPEN"
    goals.decide_goal(goal_id=goal.pk, actor=people.lead, state="MET", at=make.AT)
    goal.refresh_from_db()
    assert (goal.state, goal.checked_by) == ("MET", people.lead)


def test_measured_goal_is_not_decided_by_hand():
    people = make.floor()
    goal = goal_of(people)
    with pytest.raises(WrongState):
        goals.decide_goal(goal_id=goal.pk, actor=people.lead, state="MET", at=make.AT)


def test_milestone_is_computed_when_its_week_is_over_and_the_manager_is_asked():
    people = make.floor()
    row = MilestoneContent(2, "On time", metric="response_sla", at_least=0.9, min_n=1)
    plan = make.active_plan(people, milestones=(row,))
    goals.check_goals(at=make.on(13))
    assert plan.milestones.get().computed == Milestone.Verdict.OPEN
    goals.check_goals(at=make.on(14))
    done = plan.milestones.get()
    assert (done.computed, done.n) == ("NOT_ENOUGH", 0)
    told = Notification.objects.filter(dedup_key__startswith="plan-milestone")
    assert [each.recipient for each in told] == [people.lead]


def test_open_goals_never_hold_those_of_a_plan():
    people = make.floor()
    make.active_plan(people)
    assert list(session_selectors.open_goals_of(people.agent)) == []
    goal = goal_of(people)
    assert list(session_selectors.open_goals_of(people.agent)) == [goal]
