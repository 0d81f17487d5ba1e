"""Pages of coaching: forms lose nothing, lists ask a fixed number of times."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa.coaching.models import CoachingSession, Playbook
from qa.coaching.selectors import plans as plan_selectors
from qa.coaching.selectors import sessions as selectors
from qa.coaching.selectors.facts import proposal_for
from qa.coaching.services import plans as plan_services
from qa.coaching.services import recognition
from qa.models import Answer
from tests.factories import coaching as make
from tests.factories import quality
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def form_of(session, **values):
    rows = {}
    for prefix, count in (("strengths", 1), ("opportunities", 0), ("goals", 1)):
        rows |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": 0}
    return {
        **rows,
        "expected_changed_at": session.changed_at.isoformat(),
        "period_start": "2026-02-01",
        "period_last": "2026-03-02",
        "due_on": "2026-03-09",
        "focus": "Typed focus",
        "strengths-0-text": "Typed strength",
        "goals-0-subject": "response_sla",
        "goals-0-comparison": "AT_LEAST",
        "goals-0-target": "95",
        "goals-0-min_n": "3",
        "goals-0-starts_on": "2026-03-02",
        "goals-0-ends_on": "2026-03-09",
        **values,
    }


def edit(session):
    return reverse("coaching:session-edit", args=[session.pk])


def test_form_is_filled_from_reviews_and_the_fitting_playbook():
    people = make.floor()
    now = timezone.now()
    version = quality.published_card()
    for share in (0.25, 0.5):
        review = quality.write_review(
            agent=people.agent,
            version=version,
            at=now,
            score=60,
            strengths="Stayed calm",
        )
        Answer.objects.create(review=review, criterion_key="tone", share=share)
        Answer.objects.create(review=review, criterion_key="solution", share=1)
    session = make.planned(people, at=now, due_on=make.day(300))
    proposal = proposed(session, people.lead)
    assert proposal.weakest.key == "tone"
    page = signed_in(people.lead).get(edit(session)).content.decode()
    assert "Stayed calm" in page
    assert CoachingSession.objects.get().focus == ""


def proposed(session, reader):
    return proposal_for(
        session.agent,
        start=session.period_start,
        end=session.period_end,
        reader=reader,
    )


def test_saved_form_keeps_percent_as_a_fraction_and_says_the_goal():
    people = make.floor()
    session = make.planned(people)
    response = signed_in(people.lead).post(edit(session), form_of(session))
    assert response.status_code == 302
    goal = session.goals.get()
    assert (goal.metric, goal.target) == ("response_sla", 0.95)
    assert goal.text == "Response SLA at least 95.0 %"
    assert session.points.get().text == "Typed strength"


def test_stale_form_is_shown_again_with_everything_typed():
    people = make.floor()
    session = make.planned(people)
    sent = form_of(session)
    make.saved(session, people.support_lead, at=make.on(1), focus="Theirs")
    response = signed_in(people.lead).post(edit(session), sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Typed focus" in page
    assert "Typed strength" in page
    session.refresh_from_db()
    assert session.focus == "Theirs"
    sent["expected_changed_at"] = session.changed_at.isoformat()
    assert signed_in(people.lead).post(edit(session), sent).status_code == 302
    session.refresh_from_db()
    assert session.focus == "Typed focus"


def test_mistyped_form_is_not_saved():
    people = make.floor()
    session = make.planned(people)
    sent = form_of(session, **{"goals-0-target": ""})
    response = signed_in(people.lead).post(edit(session), sent)
    assert response.status_code == 422
    assert "A figure needs a target." in response.content.decode()
    assert session.goals.count() == 0


def test_talk_goes_from_the_form_to_the_agents_acknowledgement():
    people = make.floor()
    session = make.planned(people)
    coach, agent = signed_in(people.lead), signed_in(people.agent)
    coach.post(edit(session), form_of(session, prepare="1"))
    coach.post(reverse("coaching:session-hold", args=[session.pk]))
    session.refresh_from_db()
    assert session.state == "HELD"
    agent.post(
        reverse("coaching:session-acknowledge", args=[session.pk]),
        {"changed_at": session.changed_at.isoformat()},
    )
    session.refresh_from_db()
    assert session.state == "ACKNOWLEDGED"


def test_agent_is_led_from_the_board_to_their_own_page():
    people = make.floor()
    response = signed_in(people.agent).get(reverse("coaching:board"))
    assert response.url == reverse("coaching:mine")


def test_agent_finds_their_plan_and_nobody_elses():
    people = make.floor()
    plan = make.issued_plan(people)
    address = reverse("coaching:plan", args=[plan.pk])
    mine = reverse("coaching:mine")
    assert address in signed_in(people.agent).get(mine).content.decode()
    assert address not in signed_in(people.peer).get(mine).content.decode()


def test_agents_page_leads_from_goals_to_the_standards_of_a_running_plan():
    people = make.floor()
    make.held(people, goals=())
    mine = reverse("coaching:mine")
    assert "No goal is running." in signed_in(people.agent).get(mine).content.decode()
    plan = make.active_plan(people)

    page = signed_in(people.agent).get(mine).content.decode()

    assert "No goal is running." not in page
    assert reverse("coaching:plan", args=[plan.pk]) + "#standing" in page


@pytest.mark.parametrize("count", [1, 3])
def test_own_plans_ask_the_same_number_of_times(count, django_assert_num_queries):
    people = make.floor()
    for number in range(count):
        plan = make.issued_plan(people)
        if number < count - 1:
            plan_services.cancel_plan(
                plan_id=plan.pk, actor=people.lead, reason="Over", at=make.AT
            )
    people.agent.has_perm(plan_selectors.VIEW_ALL)
    with django_assert_num_queries(1):
        plans = list(plan_selectors.plans_of(people.agent))
    assert [plan.has_standards for plan in plans] == [True] * count


def test_wall_says_where_a_voice_that_was_given_would_move():
    people = make.floor()
    at = timezone.now()
    rows = [
        recognition.nominate_ticket(
            number=open_ticket(assignee=people.agent).pk,
            text="Found the cause",
            actor=people.support_lead,
            at=at,
        )
        for _ in range(2)
    ]
    wall = reverse("coaching:wall")
    before = signed_in(people.peer).get(wall).content.decode()
    assert (before.count("My voice"), before.count("Move my voice")) == (2, 0)
    recognition.vote(recognition_id=rows[0].pk, user=people.peer, at=at)

    after = signed_in(people.peer).get(wall).content.decode()

    assert (after.count("My voice"), after.count("Move my voice here")) == (0, 1)


def test_new_audit_without_a_metric_says_what_to_do():
    people = make.floor()
    response = signed_in(people.support_lead).post(reverse("coaching:audit-new"), {})
    assert response.status_code == 422
    assert "Tick at least one metric to audit." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_uncoached_asks_the_same_number_of_times(count, django_assert_num_queries):
    people = make.floor()
    version = quality.published_card()
    quality.write_review(agent=people.agent, version=version, at=make.AT)
    for _ in range(count - 1):
        other = UserFactory(team=people.team)
        quality.write_review(agent=other, version=version, at=make.AT)
    selectors.uncoached(people.lead, at=make.AT, today=make.DAY)
    lead = type(people.lead).objects.get(pk=people.lead.pk)
    lead.has_perm(selectors.COACH)
    with django_assert_num_queries(4):
        rows = selectors.uncoached(lead, at=make.AT, today=make.DAY)
    assert len(rows) == count + 1


@pytest.mark.parametrize("count", [1, 3])
def test_own_talks_ask_the_same_number_of_times(count, django_assert_num_queries):
    people = make.floor()
    for _ in range(count):
        make.held(people, goals=(make.goal(),))
    people.agent.has_perm(selectors.VIEW_ALL)
    with django_assert_num_queries(2):
        for session in selectors.sessions_of(people.agent):
            assert str(session.coach)
            assert len(session.goals.all()) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_plans_ask_the_same_number_of_times(count, django_assert_num_queries):
    people = make.floor()
    for _ in range(count):
        make.draft_plan(make.floor())
    people.support_lead.has_perm(plan_selectors.VIEW_ALL)
    with django_assert_num_queries(2):
        for plan in plan_selectors.plans_listed_for(people.support_lead):
            assert str(plan.agent)
            assert plan_selectors.next_milestone(plan, make.DAY).week == 2


@pytest.mark.parametrize(
    "name",
    [
        "coachingsession",
        "improvementplan",
        "recognition",
        "metricaudit",
        "playbook",
    ],
)
def test_admin_lists_open(name):
    people = make.floor()
    make.held(people)
    make.issued_plan(people)
    address = reverse(f"admin:coaching_{name}_changelist")
    response = signed_in(people.support_lead).get(address)
    assert response.status_code == 200


def test_every_shipped_playbook_says_what_to_do():
    books = list(Playbook.objects.order_by("position"))
    assert [book.key for book in books] == [
        "technical-gaps",
        "communication",
        "process",
        "efficiency",
        "empathy",
        "over-escalation",
        "under-escalation",
    ]
    assert all(book.signs and book.approach and book.resources for book in books)
