"""The life of an improvement plan: nothing changes once it is issued."""

from dataclasses import replace

import pytest
from django.db import Error, transaction

from qa.coaching.core.plan_text import fingerprint
from qa.coaching.models import ImprovementPlan, Signature
from qa.coaching.services import plans
from qa.coaching.services.plans import MilestoneContent
from qa.coaching.services.refusals import (
    AlreadySigned,
    NameDiffers,
    NotTheirCoach,
    NotYours,
    PlanRefused,
    ReasonMissing,
    TextDiffers,
    Unfinished,
    WrongState,
)
from tests.factories import coaching as make
from tests.factories import quality

pytestmark = pytest.mark.django_db
State = ImprovementPlan.State


def test_draft_keeps_the_agents_score_beside_the_teams():
    people = make.floor()
    version = quality.published_card()
    for agent, score in ((people.agent, 60), (people.peer, 90)):
        quality.write_review(agent=agent, score=score, at=make.on(-3), version=version)
    facts = make.draft_plan(people).facts
    assert (facts["score"]["value"], facts["score"]["n"]) == (60, 1)
    assert (facts["team"]["value"], facts["team"]["n"]) == (75, 2)


def test_second_plan_is_refused():
    people = make.floor()
    make.draft_plan(people)
    with pytest.raises(PlanRefused, match="already has a plan"):
        make.draft_plan(people)
    assert ImprovementPlan.objects.count() == 1


@pytest.mark.parametrize("who", ["other_lead", "peer", "agent"])
def test_only_leads_of_the_agent_start_a_plan(who):
    people = make.floor()
    actor = getattr(people, who)
    with pytest.raises(NotTheirCoach):
        plans.start_plan(
            agent=people.agent,
            actor=actor,
            content=make.plan_content(people, manager=actor),
            at=make.AT,
        )
    assert ImprovementPlan.objects.count() == 0


@pytest.mark.parametrize("part", ["buddy", "hr_contact", "manager"])
def test_agent_has_no_other_part_in_the_plan(part):
    people = make.floor()
    with pytest.raises(PlanRefused):
        make.draft_plan(people, **{part: people.agent})
    assert ImprovementPlan.objects.count() == 0


def test_milestones_after_the_end_are_left_out():
    people = make.floor()
    rows = tuple(MilestoneContent(week, f"Week {week}") for week in (2, 4, 6, 8))
    plan = make.draft_plan(people, days=30, milestones=rows)
    assert list(plan.milestones.values_list("week", flat=True)) == [2, 4]


def test_issue_names_what_is_missing():
    people = make.floor()
    plan = make.draft_plan(people, standards=(), milestones=(), success=" ")
    with pytest.raises(Unfinished, match="success criteria, a standard, a milestone"):
        plans.issue_plan(plan_id=plan.pk, actor=people.lead, at=make.AT)
    plan.refresh_from_db()
    assert (plan.state, plan.text) == (State.DRAFT, "")


def test_issued_text_holds_every_part():
    people = make.floor()
    plan = make.issued_plan(people, buddy=people.peer, load_percent=70)
    for words in (
        f"Improvement plan: {people.agent}",
        "Reviewed on 1 May 2026, after 60 days",
        "Three tickets closed without an answer",
        "Tone at least 75 (tone at least 75.0, from 3 cases)",
        f"Buddy: {people.peer}",
        "70 % of the usual",
        "Week 2: Half of them answered",
        "Every ticket answered",
        "Quality score: no reviews",
    ):
        assert words in plan.text


def test_issued_plan_is_not_saved_any_more():
    people = make.floor()
    plan = make.issued_plan(people)
    with pytest.raises(WrongState):
        plans.save_plan(
            plan_id=plan.pk,
            actor=people.lead,
            content=replace(make.plan_content(people), concerns="Other"),
            at=make.AT,
        )
    plan.refresh_from_db()
    assert plan.concerns == "Three tickets closed without an answer"


@pytest.mark.parametrize("field", ["text", "concerns", "success", "days"])
def test_database_keeps_what_was_issued(field):
    people = make.floor()
    plan = make.issued_plan(people)
    value = 90 if field == "days" else "Other"
    with pytest.raises(Error), transaction.atomic():
        ImprovementPlan.objects.filter(pk=plan.pk).update(**{field: value})


# Signatures -------------------------------------------------------------------------------


def test_plan_is_active_when_both_have_signed_exactly_this_text():
    people = make.floor()
    plan = make.sign(make.issued_plan(people), people.agent)
    assert plan.state == State.ISSUED
    plan = make.sign(plan, people.lead)
    assert plan.state == State.ACTIVE
    assert {row.text_hash for row in plan.signatures.all()} == {fingerprint(plan.text)}


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": "Somebody else"}, NameDiffers),
        ({"text_hash": fingerprint("another text")}, TextDiffers),
    ],
)
def test_signature_under_another_name_or_text_is_refused(values, refusal):
    people = make.floor()
    plan = make.issued_plan(people)
    with pytest.raises(refusal):
        make.sign(plan, people.agent, **values)
    assert Signature.objects.count() == 0


def test_nobody_signs_twice_or_for_another():
    people = make.floor()
    plan = make.sign(make.issued_plan(people), people.agent)
    with pytest.raises(AlreadySigned):
        make.sign(plan, people.agent)
    with pytest.raises(NotYours):
        make.sign(plan, people.support_lead)
    with pytest.raises(ImprovementPlan.DoesNotExist):
        make.sign(plan, people.peer)
    assert Signature.objects.count() == 1


def test_draft_is_not_signed():
    people = make.floor()
    plan = make.draft_plan(people)
    with pytest.raises(WrongState):
        make.sign(plan, people.lead)


def test_signature_never_changes():
    people = make.floor()
    make.active_plan(people)
    with pytest.raises(Error), transaction.atomic():
        Signature.objects.update(name="Somebody else")


# Milestones and the end -------------------------------------------------------------------


def test_manager_who_judges_otherwise_than_the_figures_says_why():
    people = make.floor()
    plan = make.active_plan(people)
    row = plan.milestones.get()
    row.computed = "MISSED"
    row.save()
    how = {"milestone_id": row.pk, "actor": people.lead, "at": make.AT}
    with pytest.raises(ReasonMissing):
        plans.decide_milestone(**how, verdict="MET", note="")
    row.refresh_from_db()
    assert row.decided == ""
    plans.decide_milestone(**how, verdict="MET", note="Was on leave")
    row.refresh_from_db()
    assert (row.computed, row.decided, row.note) == ("MISSED", "MET", "Was on leave")


@pytest.mark.parametrize("who", ["agent", "peer", "other_lead"])
def test_others_do_not_decide_close_or_withdraw(who):
    people = make.floor()
    plan = make.active_plan(people)
    actor = getattr(people, who)
    with pytest.raises(ImprovementPlan.DoesNotExist):
        plans.decide_milestone(
            milestone_id=plan.milestones.get().pk,
            actor=actor,
            verdict="MET",
            note="",
            at=make.AT,
        )
    with pytest.raises(ImprovementPlan.DoesNotExist):
        plans.close_plan(
            plan_id=plan.pk, actor=actor, state="PASSED", outcome="x", at=make.AT
        )
    with pytest.raises(ImprovementPlan.DoesNotExist):
        plans.cancel_plan(plan_id=plan.pk, actor=actor, reason="x", at=make.AT)
    plan.refresh_from_db()
    assert plan.state == State.ACTIVE


def test_plan_closes_with_its_outcome_and_another_may_follow():
    people = make.floor()
    plan = make.active_plan(people)
    how = {"plan_id": plan.pk, "actor": people.lead, "at": make.on(60)}
    with pytest.raises(ReasonMissing):
        plans.close_plan(**how, state="PASSED", outcome=" ")
    closed = plans.close_plan(**how, state="PASSED", outcome="All standards met")
    assert (closed.state, closed.closed_at) == (State.PASSED, make.on(60))
    make.draft_plan(people)


def test_plan_is_not_closed_before_both_signed_but_may_be_withdrawn():
    people = make.floor()
    plan = make.issued_plan(people)
    with pytest.raises(WrongState):
        plans.close_plan(
            plan_id=plan.pk,
            actor=people.lead,
            state="FAILED",
            outcome="x",
            at=make.AT,
        )
    done = plans.cancel_plan(
        plan_id=plan.pk, actor=people.lead, reason="A mistake in it", at=make.AT
    )
    assert done.state == State.CANCELLED
