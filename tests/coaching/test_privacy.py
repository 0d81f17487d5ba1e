"""Private notes and improvement plans: who reads them, through every door."""

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from qa.coaching.models import CoachingSession, ImprovementPlan, PlanAccess
from qa.coaching.selectors import plans as plan_selectors
from qa.coaching.selectors import sessions as selectors
from supportops.common import roles
from supportops.notifications.models import Notification
from tests.factories import coaching as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
PRIVATE = "PRIVATE-WORDS"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def body(person, name, *args, **query):
    response = signed_in(person).get(reverse(name, args=args), query, follow=True)
    return response.status_code, response.content.decode()


# Private notes ----------------------------------------------------------------------------

DOORS = (
    "coaching:session",
    "coaching:session-print",
    "coaching:session-edit",
    "admin:coaching_coachingsession_change",
    "admin:coaching_coachingsession_history",
    "admin:coaching_coachingsession_delete",
)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", ["PREPARED", "HELD", "ACKNOWLEDGED"])
def test_private_notes_reach_the_agent_through_no_door(door, state):
    people = make.floor()
    session = make.held(people)
    CoachingSession.objects.filter(pk=session.pk).update(state=state)
    _status, page = body(people.agent, door, session.pk)
    assert PRIVATE not in page


@pytest.mark.parametrize("door", ["coaching:mine", "coaching:board", "admin:index"])
def test_private_notes_are_on_no_list(door):
    people = make.floor()
    make.held(people)
    for person in (people.agent, people.lead):
        assert PRIVATE not in body(person, door)[1]


def test_support_lead_who_is_coached_does_not_read_the_notes_about_themselves():
    people = make.floor()
    session = make.held(people)
    CoachingSession.objects.filter(pk=session.pk).update(agent=people.support_lead)
    assert selectors.private_notes_of(session.pk, people.support_lead) is None
    status, page = body(people.support_lead, "coaching:session", session.pk)
    assert status == 200
    assert PRIVATE not in page
    assert body(people.support_lead, "coaching:session-edit", session.pk)[0] == 404


@pytest.mark.parametrize("who", ["lead", "support_lead"])
def test_coach_and_support_lead_read_the_notes(who):
    people = make.floor()
    session = make.held(people)
    status, page = body(getattr(people, who), "coaching:session", session.pk)
    assert status == 200
    assert PRIVATE in page


@pytest.mark.parametrize("who", ["lead", "support_lead"])
def test_notes_are_not_on_the_print(who):
    people = make.floor()
    session = make.held(people)
    page = body(getattr(people, who), "coaching:session-print", session.pk)[1]
    assert "Say the next step" in page
    assert PRIVATE not in page


def test_visible_sessions_do_not_load_the_notes():
    people = make.floor()
    make.held(people)
    session = selectors.sessions_visible_to(people.lead).get()
    assert "private_notes" in session.get_deferred_fields()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("agent", True),
        ("lead", True),
        ("support_lead", True),
        ("other_lead", False),
        ("peer", False),
    ],
)
def test_talk_is_seen_by_its_two_and_leads(who, sees):
    people = make.floor()
    session = make.held(people)
    person = getattr(people, who)
    assert selectors.sessions_visible_to(person).exists() is sees
    assert body(person, "coaching:session", session.pk)[0] == (200 if sees else 404)


def test_what_the_coach_prepares_is_the_agents_after_the_talk():
    people = make.floor()
    session = make.saved(make.planned(people), people.lead)
    assert (
        "Calm with angry" not in body(people.agent, "coaching:session", session.pk)[1]
    )
    talked = make.held(make.floor())
    page = body(talked.agent, "coaching:session", talked.pk)[1]
    assert "Calm with angry" in page
    assert "Both agreed." in page


def test_session_of_nobody_is_seen_by_nobody_signed_out():
    people = make.floor()
    session = make.held(people)
    response = Client().get(reverse("coaching:session", args=[session.pk]))
    assert response.status_code == 302


# Improvement plans ------------------------------------------------------------------------


def person_of(people, who, plan):
    if who == "hr":
        return plan.hr_contact
    if who in roles.ROLES:
        return UserFactory(role=who)
    return getattr(people, who)


SEES_ISSUED = {
    "agent": True,
    "lead": True,
    "hr": True,
    "support_lead": True,
    roles.ADMINISTRATOR: True,
    "other_lead": False,
    "peer": False,
    roles.QA_REVIEWER: False,
    roles.WORKFORCE_MANAGER: False,
    roles.EXECUTIVE: False,
}
PLAN_DOORS = (
    "coaching:plan",
    "coaching:plan-print",
    "admin:coaching_improvementplan_change",
    "admin:coaching_improvementplan_history",
)


@pytest.mark.parametrize("who", SEES_ISSUED)
def test_issued_plan_is_found_by_few_and_missing_for_all_others(who):
    people = make.floor()
    plan = make.issued_plan(people, hr_contact=UserFactory(role=roles.EXECUTIVE))
    person = person_of(people, who, plan)
    words = "closed without an answer"
    for door in PLAN_DOORS:
        status, page = body(person, door, plan.pk)
        assert (status == 200 and words in page) is SEES_ISSUED[who], (who, door)
    assert PlanAccess.objects.exists() is SEES_ISSUED[who]
    if not SEES_ISSUED[who]:
        assert body(person, "coaching:plan", plan.pk)[0] == 404


@pytest.mark.parametrize(
    ("who", "sees"),
    [("agent", False), ("lead", True), ("support_lead", True), ("peer", False)],
)
def test_draft_is_not_the_agents_to_read(who, sees):
    people = make.floor()
    plan = make.draft_plan(people)
    person = getattr(people, who)
    assert plan_selectors.plans_visible_to(person).exists() is sees
    assert body(person, "coaching:plan", plan.pk)[0] == (200 if sees else 404)


def test_draft_that_was_withdrawn_stays_unknown_to_the_agent():
    people = make.floor()
    plan = make.draft_plan(people)
    ImprovementPlan.objects.filter(pk=plan.pk).update(state="CANCELLED", outcome="No")
    assert body(people.agent, "coaching:plan", plan.pk)[0] == 404


def test_support_lead_does_not_read_a_draft_about_themselves():
    people = make.floor()
    plan = make.draft_plan(people)
    ImprovementPlan.objects.filter(pk=plan.pk).update(agent=people.support_lead)
    assert not plan_selectors.plans_visible_to(people.support_lead).exists()


def test_lists_and_search_do_not_tell_that_a_plan_exists():
    people = make.floor()
    make.issued_plan(people)
    outsider = people.other_lead
    name = people.agent.last_name
    for door in ("coaching:plans", "admin:coaching_improvementplan_changelist"):
        assert name not in body(outsider, door)[1]
        assert name in body(people.lead, door)[1]
    assert (
        f"/plans/{ImprovementPlan.objects.get().pk}"
        not in (body(outsider, "admin:search", s="plan")[1])
    )


def test_notifications_of_a_plan_reach_agent_and_manager_only_and_say_little():
    people = make.floor()
    make.active_plan(people)
    rows = Notification.objects.filter(dedup_key__startswith="plan-")
    assert {row.recipient for row in rows} == {people.agent, people.lead}
    assert not any("mprovement" in row.title for row in rows)


def test_refusal_to_a_stranger_does_not_tell_of_the_plan():
    people = make.floor()
    make.draft_plan(people)
    people.team.lead = people.other_lead
    people.team.save()
    client = signed_in(people.other_lead)
    page = client.post(
        reverse("coaching:plan-new"),
        {
            "agent": people.agent.pk,
            "manager": people.other_lead.pk,
            "starts_on": "2026-03-02",
            "days": 60,
            "concerns": "x",
            "support": "x",
            "success": "x",
            "load_percent": 100,
            "standards-TOTAL_FORMS": 0,
            "standards-INITIAL_FORMS": 0,
            "milestones-TOTAL_FORMS": 0,
            "milestones-INITIAL_FORMS": 0,
        },
    ).content.decode()
    assert "A plan cannot be started here now" in page
    assert "already has a plan" not in page


@pytest.mark.parametrize(
    ("door", "what"),
    [
        ("coaching:plan", "page"),
        ("coaching:plan-print", "print"),
        ("admin:coaching_improvementplan_change", "admin"),
    ],
)
def test_every_reading_is_logged_and_shown_to_the_manager_only(door, what):
    people = make.floor()
    plan = make.issued_plan(people)
    body(people.agent, door, plan.pk)
    assert [(row.user, row.what) for row in PlanAccess.objects.all()] == [
        (people.agent, what)
    ]
    assert "Who has read it" not in body(people.agent, "coaching:plan", plan.pk)[1]
    assert "Who has read it" in body(people.lead, "coaching:plan", plan.pk)[1]


def test_missing_reading_is_not_logged():
    people = make.floor()
    plan = make.issued_plan(people)
    body(people.peer, "coaching:plan", plan.pk)
    assert PlanAccess.objects.count() == 0


def test_logged_reading_never_changes_and_keeps_its_plan():
    people = make.floor()
    plan = make.issued_plan(people)
    body(people.agent, "coaching:plan", plan.pk)
    with pytest.raises(Error), transaction.atomic():
        PlanAccess.objects.update(what="nothing")
    with pytest.raises(Error), transaction.atomic():
        plan.delete()
    assert PlanAccess.objects.get().what == "page"
