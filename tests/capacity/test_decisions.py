"""Decisions written: drafts, sections, approvals, reopening, evidence; what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from supportops.notifications.models import Kind, Notification
from tests.factories.capacity import (
    fill_days,
    make_decision,
    make_queue,
    plan_staff,
    ready_decision,
)
from tests.factories.decisions import every_input
from tests.factories.people import UserFactory
from workforce.capacity.models import (
    Approval,
    Calculation,
    Decision,
    DecisionInput,
    DecisionOption,
    DecisionVersion,
    Evidence,
    Risk,
    Trigger,
)
from workforce.capacity.selectors.costs import reference
from workforce.capacity.selectors.decisions import (
    decisions_visible_to,
    document,
    needing_attention,
)
from workforce.capacity.selectors.decisions.records import compared, evidence_open_to
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def writer():
    return UserFactory(role="Workforce manager")


def approver():
    return UserFactory(role="Executive")


def save(decision, part, data, *, by=None, revision=None, at=AT):
    return services.save_part(
        decision_id=decision.pk,
        part=part,
        data=data,
        revision=decision.revision if revision is None else revision,
        actor=by or decision.owner,
        at=at,
    )


def propose(decision, *people, reason="", by=None, at=AT):
    return services.propose(
        decision_id=decision.pk,
        approver_ids=[person.pk for person in people],
        reason=reason,
        actor=by or decision.owner,
        at=at,
        accepted_inputs=every_input(decision),
    )


def answer(decision, person, said="APPROVED", words="Fine.", at=AT + HOUR):
    row = decision.approvals.filter(person=person).order_by("-number").first()
    return services.answer_approval(
        approval_id=row.pk, person=person, answer=said, words=words, at=at
    )


def approved(**fields):
    decision, person = ready_decision(**fields), approver()
    propose(decision, person)
    answer(decision, person)
    decision.refresh_from_db()
    return decision, person


# Drafts -----------------------------------------------------------------------------------


def test_template_brings_rows_and_leaves_the_texts_to_be_written():
    make_queue("Care", channel="chat")
    make_queue("Care", channel="phone")
    decision = services.create_decision(
        kind="BALANCING", title=" Spring ", question="A, B or C?", actor=writer(), at=AT
    )
    assert (decision.title, decision.state, decision.objective) == (
        "Spring",
        "DRAFT",
        "",
    )
    assert "ticket_volume" in decision.metrics
    keys = list(decision.inputs.values_list("key", flat=True))
    assert keys == [
        "mix_chat", "mix_phone", "staffing_fte", "automation_coverage",
        "tickets_per_week", "handle_minutes", "cost_per_ticket",
    ]  # fmt: skip
    assert decision.risks.count() == 3
    guardrail = decision.triggers.get()
    assert (guardrail.metric, guardrail.purpose) == ("reopen_rate", "GUARDRAIL")
    assert decision.reviews.get().due_on == date(2026, 6, 9)
    assert decision.evidence.get().text == "Started from the template."


def test_copy_takes_the_weighing_along_and_leaves_the_deciding():
    source, person = approved()
    Trigger.objects.filter(decision=source).update(
        state="FIRED", fired_at=AT, last_value=12, checked_at=AT
    )
    copy = services.create_decision(
        kind="BALANCING", title="Again", question="?", actor=source.owner, at=AT,
        copy_of=source.pk,
    )  # fmt: skip
    assert (copy.scope, copy.chosen, copy.recommendation) == ("Consumer app", "", "")
    assert copy.options.get().letter == "A"
    assert copy.inputs.get().key == "automation_coverage"
    trigger = copy.triggers.get()
    assert (trigger.state, trigger.last_value, trigger.fired_at) == (
        "WATCHING", None, None,
    )  # fmt: skip
    assert not copy.reviews.exists()
    assert not copy.versions.exists()
    assert source.triggers.get().state == "FIRED"
    assert person.notifications.count() == 1


def test_decision_is_opened_by_who_may_and_copied_only_when_read():
    draft = make_decision()
    reader = UserFactory(role="Team lead")
    with pytest.raises(services.DecisionNotYours):
        services.create_decision(
            kind="BALANCING", title="T", question="?", actor=reader, at=AT
        )
    with pytest.raises(services.DecisionPartInvalid):
        services.create_decision(
            kind="BALANCING", title=" ", question="?", actor=draft.owner, at=AT
        )
    with pytest.raises(Decision.DoesNotExist):
        services.create_decision(
            kind="BALANCING", title="T", question="?", actor=draft.owner, at=AT,
            copy_of=draft.pk + 1,
        )  # fmt: skip
    assert Decision.objects.count() == 1


# Sections ---------------------------------------------------------------------------------


def test_save_writes_the_change_into_the_log_in_words():
    decision = make_decision(objective="Slow")
    save(decision, "question", {"objective": "Fast", "question": "A or B?"})
    decision.refresh_from_db()
    assert (decision.objective, decision.revision) == ("Fast", 1)
    entry = decision.evidence.get()
    assert entry.text == (
        "Objective and decision question. Objective: Slow → Fast; "
        "Decision question: A or B?"
    )
    assert entry.details["part"] == "question"
    assert entry.details["changes"][0] == ["Objective", "Slow", "Fast"]


def test_saving_what_is_there_already_changes_nothing():
    decision = make_decision(objective="Fast")
    save(decision, "question", {"objective": "Fast", "question": ""})
    decision.refresh_from_db()
    assert decision.revision == 0
    assert not decision.evidence.exists()


def test_stale_save_is_refused_with_what_the_other_changed():
    decision, other = make_decision(), writer()
    save(decision, "question", {"objective": "Theirs"}, by=other, revision=0)
    with pytest.raises(services.StaleDecision) as refused:
        save(decision, "question", {"objective": "Mine"}, revision=0)
    decision.refresh_from_db()
    assert decision.objective == "Theirs"
    assert [entry.actor for entry in refused.value.changes] == [other]
    assert refused.value.revision == 1
    assert "Objective: Theirs" in str(refused.value)

    save(decision, "question", {"objective": "Mine"}, revision=1)
    decision.refresh_from_db()
    assert decision.objective == "Mine"


def test_sections_are_edited_side_by_side():
    decision = make_decision()
    save(decision, "question", {"objective": "Theirs"}, by=writer(), revision=0)
    save(decision, "rules", {"balancing_rules": "Mine"}, revision=0)
    decision.refresh_from_db()
    assert (decision.objective, decision.balancing_rules) == ("Theirs", "Mine")


def test_rows_are_changed_added_and_removed():
    decision = make_decision()
    kept = Risk.objects.create(decision=decision, text="Kept")
    Risk.objects.create(decision=decision, text="Gone")
    rows = [
        {"id": kept.pk, "text": "Kept, worse", "likelihood": 3, "impact": 3},
        {"id": None, "text": "New", "likelihood": 1, "impact": 2, "owner": None},
    ]
    save(decision, "risks", {"rows": rows})
    assert list(decision.risks.values_list("text", flat=True)) == ["Kept, worse", "New"]
    assert decision.risks.get(pk=kept.pk).weight == 9


def test_a_bad_row_writes_no_row():
    decision = make_decision()
    rows = [
        {"text": "Good", "likelihood": 1, "impact": 1},
        {"text": "", "likelihood": 1, "impact": 1},
    ]
    with pytest.raises(services.DecisionPartInvalid, match="Row 2"):
        save(decision, "risks", {"rows": rows})
    assert not decision.risks.exists()
    assert not decision.evidence.exists()


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("scope", {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}),
        ("scope", {"title": ""}),
        ("metrics", {"metrics": ["no_such_metric"]}),
        ("recommendation", {"chosen": "Z"}),
        ("inputs", {"rows": [{"name": "Mix", "low": 3.0, "high": 2.0}]}),
        ("inputs", {"rows": [{"name": "Mix", "value": float("nan")}]}),
        (
            "triggers",
            {"rows": [{"metric": "no_such", "direction": "ABOVE", "threshold": 1.0}]},
        ),
        (
            "triggers",
            {
                "rows": [
                    {
                        "metric": "ticket_volume",
                        "direction": "ABOVE",
                        "threshold": 1.0,
                        "filters": {"agent": ["1"]},
                    }
                ]
            },
        ),
        ("nothing", {}),
    ],
)
def test_what_cannot_be_kept_is_refused(part, data):
    decision = make_decision()
    with pytest.raises(services.DecisionPartInvalid):
        save(decision, part, data)
    decision.refresh_from_db()
    assert (decision.revision, decision.title) == (0, "Where do release tickets go?")
    assert not decision.inputs.exists()
    assert not decision.triggers.exists()


def test_owner_is_somebody_who_reads_decisions():
    decision = make_decision()
    with pytest.raises(services.DecisionPartInvalid):
        save(decision, "scope", {"owner": UserFactory(role="Agent")})
    lead = UserFactory(role="Support lead")
    assert save(decision, "scope", {"owner": lead}, by=writer()).owner == lead


def test_only_writers_write_and_only_what_is_open():
    decision = ready_decision()
    with pytest.raises(services.DecisionNotYours):
        save(decision, "rules", {"balancing_rules": "x"}, by=approver())
    propose(decision, approver())
    decision.refresh_from_db()
    with pytest.raises(services.DecisionWrongState):
        save(decision, "rules", {"balancing_rules": "x"})
    decision.refresh_from_db()
    assert decision.balancing_rules == ""


def test_changed_trigger_forgets_the_figure_of_before():
    decision = ready_decision()
    trigger = decision.triggers.get()
    Trigger.objects.update(last_value=5, last_n=5, checked_at=AT)
    row = {
        "id": trigger.pk, "metric": "ticket_volume", "direction": "ABOVE",
        "threshold": 20.0, "window_days": 7, "minimum_n": 20, "purpose": "REVIEW",
        "contingency": "", "filters": {},
    }  # fmt: skip
    save(decision, "triggers", {"rows": [row]})
    assert decision.triggers.get().last_value == 5
    decision.refresh_from_db()
    save(decision, "triggers", {"rows": [{**row, "window_days": 14}]})
    assert decision.triggers.get().last_value is None
    decision.refresh_from_db()
    save(decision, "triggers", {"rows": [{**row, "window_days": 14, "is_off": True}]})
    assert decision.triggers.get().state == "OFF"


# Proposing --------------------------------------------------------------------------------


def test_proposal_freezes_the_record_and_asks_the_approvers():
    decision, first, second = ready_decision(), approver(), approver()
    version = propose(decision, first, second)
    decision.refresh_from_db()
    assert (decision.state, version.number) == ("PROPOSED", 1)
    keys = [section["key"] for section in version.content["sections"]]
    assert keys[0] == "question"
    assert {"scope", "metrics", "inputs", "risks", "triggers", "data"} <= set(keys)
    assert version.content["sections"][0]["data"]["question"] == "E-mail or chat?"
    told = Notification.objects.filter(kind=Kind.DECISION)
    assert {row.recipient for row in told} == {first, second}
    assert decision.evidence.get().kind == "PROPOSED"


def test_refusal_names_everything_that_is_missing():
    decision = make_decision()
    with pytest.raises(services.DecisionIncomplete) as refused:
        propose(decision, approver())
    said = "; ".join(refused.value.missing)
    for words in (
        "a decision question", "a scope", "a horizon", "a metric", "inputs",
        "the option chosen", "a recommendation", "a trigger", "a review date",
    ):  # fmt: skip
        assert words in said
    decision.refresh_from_db()
    assert decision.state == "DRAFT"
    assert not decision.versions.exists()


def test_input_without_source_keeps_it_from_being_proposed():
    decision = ready_decision()
    decision.inputs.update(source=" ")
    with pytest.raises(services.DecisionIncomplete, match="Automation"):
        propose(decision, approver())


def test_more_automation_asks_for_a_quality_guardrail():
    decision = ready_decision()
    DecisionOption.objects.update(automation=0.1)
    assert services.missing_parts(decision, AT) == []
    DecisionOption.objects.update(automation=0.11)
    assert "guardrail" in services.missing_parts(decision, AT)[0]

    trigger = Trigger.objects.create(
        decision=decision, metric="ticket_volume", direction="BELOW", threshold=1,
        purpose="GUARDRAIL",
    )  # fmt: skip
    assert "guardrail" in services.missing_parts(decision, AT)[0]
    trigger.metric = "reopen_rate"
    trigger.save()
    assert services.missing_parts(decision, AT) == []
    trigger.state = "OFF"
    trigger.save()
    assert "guardrail" in services.missing_parts(decision, AT)[0]


def test_unknown_automation_counts_as_none():
    decision = ready_decision()
    decision.inputs.update(about="OTHER")
    DecisionOption.objects.update(automation=0.01)
    assert "guardrail" in services.missing_parts(decision, AT)[0]


def test_approvers_are_others_who_may_approve():
    decision = ready_decision(owner=UserFactory(role="Support lead"))
    for people in ([], [decision.owner], [writer()], [UserFactory(role="Agent")]):
        with pytest.raises(services.ApproversRefused):
            propose(decision, *people)
    assert not Approval.objects.exists()
    assert not DecisionVersion.objects.exists()


# Answers ----------------------------------------------------------------------------------


def test_all_approvals_put_it_into_force():
    decision, first, second = ready_decision(), approver(), approver()
    propose(decision, first, second)
    assert answer(decision, first).state == "PROPOSED"
    assert answer(decision, second, words="Yes, with care.").state == "APPROVED"
    assert decision.approvals.get(person=second).words == "Yes, with care."
    told = Notification.objects.filter(recipient=decision.owner)
    assert told.count() == 2


def test_one_rejection_ends_it_and_the_next_version_starts_over():
    decision, first, second = ready_decision(), approver(), approver()
    propose(decision, first, second)
    assert answer(decision, first, "REJECTED", "Too dear.").state == "REJECTED"
    with pytest.raises(services.ApprovalAnswered):
        answer(decision, second)
    decision.refresh_from_db()
    save(decision, "recommendation", {"recommendation": "A, cheaper."})
    with pytest.raises(services.DecisionReasonMissing):
        propose(decision, second)
    version = propose(decision, second, reason="Cheaper")
    assert version.number == 2
    assert answer(decision, second).state == "APPROVED"
    older, newer = decision.versions.order_by("number")
    found = compared(older, newer)
    assert [(c.label, c.before, c.after) for c in found] == [
        ("Recommendation", "A, for its price.", "A, cheaper.")
    ]


def test_everybody_answers_once_with_words_and_for_themselves():
    decision, person = ready_decision(), approver()
    other = approver()
    propose(decision, person, other)
    row = decision.approvals.get(person=person)
    with pytest.raises(services.DecisionReasonMissing):
        answer(decision, person, words="  ")
    with pytest.raises(services.DecisionPartInvalid):
        answer(decision, person, "ASKED")
    with pytest.raises(services.DecisionNotYours):
        services.answer_approval(
            approval_id=row.pk, person=other, answer="APPROVED", words="x", at=AT
        )
    row.refresh_from_db()
    assert row.answer == "ASKED"
    answer(decision, person)
    with pytest.raises(services.ApprovalAnswered):
        answer(decision, person, "REJECTED")
    assert decision.approvals.get(person=person).answer == "APPROVED"


def test_owner_never_approves_their_own_even_when_asked_before():
    lead = UserFactory(role="Support lead")
    decision = ready_decision()
    propose(decision, lead)
    Decision.objects.update(owner=lead)
    with pytest.raises(services.DecisionNotYours, match="own this"):
        answer(decision, lead)
    assert Decision.objects.get().state == "PROPOSED"


# Reopening, retiring, evidence ------------------------------------------------------------


def test_reopened_by_a_person_with_a_reason():
    decision, person = approved()
    with pytest.raises(services.DecisionReasonMissing):
        services.reopen(decision_id=decision.pk, reason=" ", actor=writer(), at=AT)
    services.reopen(
        decision_id=decision.pk, reason="Prices rose", actor=decision.owner, at=AT
    )
    decision.refresh_from_db()
    assert decision.state == "REOPENED"
    assert decision.evidence.filter(kind="REOPENED").get().text == "Prices rose"
    assert person.notifications.filter(title__startswith="Reopened").count() == 1
    with pytest.raises(services.DecisionWrongState):
        services.reopen(
            decision_id=decision.pk, reason="Again", actor=decision.owner, at=AT
        )


def test_retired_is_final():
    decision, _person = approved()
    services.retire(decision_id=decision.pk, reason="Over", actor=decision.owner, at=AT)
    decision.refresh_from_db()
    for act in (services.reopen, services.retire):
        with pytest.raises(services.DecisionWrongState):
            act(decision_id=decision.pk, reason="x", actor=decision.owner, at=AT)
    with pytest.raises(services.DecisionWrongState):
        save(decision, "rules", {"balancing_rules": "x"})


def test_review_is_held_once_with_an_outcome():
    decision, _person = approved()
    review = decision.reviews.get()
    how = {"review_id": review.pk, "actor": decision.owner, "at": AT}
    with pytest.raises(services.DecisionReasonMissing):
        services.complete_review(outcome="", **how)
    services.complete_review(outcome="Stays.", **how)
    with pytest.raises(services.DecisionWrongState):
        services.complete_review(outcome="Again", **how)
    review.refresh_from_db()
    assert (review.outcome, review.done_by) == ("Stays.", decision.owner)


def test_evidence_and_versions_never_change():
    decision, _person = approved()
    services.add_evidence(
        decision_id=decision.pk, text="Survey of May", actor=decision.owner, at=AT
    )
    with pytest.raises(services.DecisionReasonMissing):
        services.add_evidence(
            decision_id=decision.pk, text=" ", actor=decision.owner, at=AT
        )
    for rows, fields in (
        (Evidence.objects.all(), {"text": "other"}),
        (DecisionVersion.objects.all(), {"reason": "other"}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**fields)
    entry = Evidence.objects.get(kind="NOTE")
    entry.text = "other"
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()
    table = Evidence._meta.db_table
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET text = 'other'")  # noqa: S608
    assert Evidence.objects.get(kind="NOTE").text == "Survey of May"


def test_database_keeps_what_must_hold():
    decision, person = approved()
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(decision=decision, number=1, person=person, asked_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(starts_on=date(2027, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Trigger.objects.update(state="FIRED", fired_at=None)
    with pytest.raises(ProtectedError):
        decision.owner.delete()
    with pytest.raises(ValidationError):
        DecisionInput(decision=decision, key="a", name="A", low=2, high=1).full_clean()


# Inputs read again ------------------------------------------------------------------------


def read(decision, key, at=AT, **fields):
    row = DecisionInput.objects.create(
        decision=decision, key=key, name=key, position=9, **fields
    )
    services.refresh_inputs(
        decision_id=decision.pk, input_ids=[row.pk], actor=decision.owner, at=at
    )
    row.refresh_from_db()
    return row


def test_inputs_are_read_from_volumes_staff_and_catalogue():
    chat = make_queue("Care", channel="chat")
    phone = make_queue("Care", channel="phone")
    for queue, daily in ((chat, 30), (phone, 10)):
        fill_days(queue, [daily] * 28, first=date(2026, 2, 10))
    plan_staff(chat, 4)
    decision = make_decision()

    share = read(decision, "mix_chat", about="MIX", unit="%")
    assert (share.value, share.as_of) == (75.0, date(2026, 3, 10))
    assert "n = 1120" in share.source
    assert share.low < 75 < share.high
    week = read(decision, "tickets_per_week")
    assert (week.value, week.low, week.high) == (280, 280, 280)
    # Four people from 9 to 17 on five days are 160 hours of 40 each.
    assert read(decision, "staffing_fte").value == 4.0
    assert read(decision, "opened", metric="ticket_volume").value == 0
    last = decision.evidence.first()
    assert (last.kind, last.details["part"]) == ("REFRESHED", "inputs")


def test_inputs_of_chosen_queues_only():
    chat = make_queue("Care", channel="chat")
    phone = make_queue("Care", channel="phone")
    for queue in (chat, phone):
        fill_days(queue, [10] * 28, first=date(2026, 2, 10))
    decision = make_decision()
    decision.queues.add(phone)
    assert read(decision, "mix_phone", about="MIX", unit="%").value == 100.0


def test_cost_per_ticket_is_read_from_the_calculation_used_elsewhere():
    example = Calculation.objects.get(kind="COST_PER_TICKET", is_example=True)
    Calculation.objects.create(
        kind=Calculation.Kind.COST_PER_TICKET,
        name="Support 2026",
        currency="EUR",
        inputs=example.inputs,
        changed_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
        is_reference=True,
    )

    row = read(make_decision(), "cost_per_ticket", about="COST")

    assert (row.unit, row.as_of) == ("EUR", date(2026, 1, 5))
    assert row.source == "Calculation “Support 2026”, used elsewhere"
    assert row.value == round(reference("COST_PER_TICKET", AT).value, 2) > 0


def test_input_nobody_knows_is_not_read():
    decision = make_decision()
    with pytest.raises(services.DecisionPartInvalid):
        read(decision, "cost_per_ticket")
    with pytest.raises(services.DecisionPartInvalid):
        read(decision, "mix_chat")
    assert not decision.evidence.exists()


def test_reading_by_hand_while_in_force_but_not_while_proposed():
    decision, person = ready_decision(), approver()
    row = decision.inputs.get()
    how = {"input_id": row.pk, "value": 12.0, "source": "", "as_of": AT.date(),
           "actor": decision.owner, "at": AT}  # fmt: skip
    propose(decision, person)
    with pytest.raises(services.DecisionWrongState):
        services.write_reading(**how)
    answer(decision, person)
    with pytest.raises(services.DecisionPartInvalid):
        services.write_reading(**{**how, "as_of": date(2026, 3, 11)})
    services.write_reading(**how)
    row.refresh_from_db()
    assert (row.value, row.source) == (12.0, "Bot")
    assert decision.versions.get().content != document(decision, AT)
    assert "10 % → 12 %" in decision.evidence.filter(kind="REFRESHED").get().text


def test_reading_makes_an_open_form_of_the_inputs_stale():
    decision = ready_decision()
    row = decision.inputs.get()
    services.write_reading(
        input_id=row.pk, value=12, source="", as_of=AT.date(), actor=writer(), at=AT
    )
    with pytest.raises(services.StaleDecision):
        save(decision, "inputs", {"rows": []}, revision=0)
    assert decision.inputs.exists()


# Who sees, who is needed ------------------------------------------------------------------


def test_drafts_are_seen_by_owner_and_writers_and_others_from_proposal_on():
    decision = ready_decision(owner=UserFactory(role="Support lead"))
    lead, executive = UserFactory(role="Team lead"), approver()
    for user, sees in (
        (decision.owner, True), (writer(), True), (lead, False), (executive, False),
        (UserFactory(role="Agent"), False), (UserFactory(), False),
    ):  # fmt: skip
        assert decisions_visible_to(user).exists() is sees
    propose(decision, executive)
    for user, sees in ((lead, True), (executive, True), (UserFactory(), False)):
        assert decisions_visible_to(user).exists() is sees
    Decision.objects.update(state="DRAFT", owner=executive)
    assert decisions_visible_to(executive).exists()


def test_costs_stay_with_who_may_see_costs():
    decision = ready_decision()
    DecisionInput.objects.create(
        decision=decision, key="cost_per_ticket", about="COST", name="Cost",
        value=12.5, source="Ledger", position=2,
    )  # fmt: skip
    decision.refresh_from_db()
    executive, lead = approver(), UserFactory(role="Team lead")
    older = propose(decision, executive)
    answer(decision, executive, "REJECTED")
    cost = decision.inputs.get(about="COST")
    services.write_reading(
        input_id=cost.pk, value=99, source="Ledger", as_of=AT.date(),
        actor=decision.owner, at=AT,
    )  # fmt: skip
    newer = propose(decision, executive, reason="Dearer")
    assert [change.label for change in compared(older, newer, executive)] == ["Cost"]
    assert compared(older, newer, lead) == []
    assert evidence_open_to(decision.evidence.all(), lead).count() == 5
    assert evidence_open_to(decision.evidence.all(), executive).count() == 6


def test_attention_names_what_each_person_can_do():
    decision, person = approved()
    owner, lead = decision.owner, UserFactory(role="Team lead")
    assert not needing_attention(owner, AT)
    decision.reviews.update(due_on=date(2026, 3, 10))
    decision.inputs.update(as_of=date(2026, 2, 1))
    decision.triggers.update(state="FIRED", fired_at=AT)
    found = needing_attention(owner, AT)
    assert [row.pk for row in found.fired] == [decision.pk]
    assert (len(found.reviews), len(found.stale), found.approvals) == (1, 1, [])
    assert not needing_attention(lead, AT)
    assert not needing_attention(person, AT)

    services.reopen(decision_id=decision.pk, reason="x", actor=owner, at=AT)
    decision.reviews.update(due_on=date(2027, 6, 1))
    propose(decision, person, reason="y")
    assert len(needing_attention(person, AT).approvals) == 1
    answer(decision, person)
    assert not needing_attention(person, AT)
