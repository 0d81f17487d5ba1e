"""What is accepted knowingly: inputs nobody validated, triggers crossed already."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from supportops.metrics import services as metrics
from tests.factories.capacity import ready_decision
from tests.factories.decisions import every_trigger
from tests.factories.people import UserFactory
from tests.factories.sampling import resolved_tickets
from workforce.capacity.models import DecisionInput, Evidence
from workforce.capacity.selectors.decisions.inputs import pillars
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


def fresh(**fields):
    decision = ready_decision()
    decision.inputs.update(as_of=AT.date(), **fields)
    return decision


def propose(decision, **given):
    return services.propose(
        decision_id=decision.pk, approver_ids=[UserFactory(role="Executive").pk],
        reason="", actor=decision.owner, at=AT, **given,
    )  # fmt: skip


def notes(decision):
    return list(decision.evidence.filter(kind="NOTE").order_by("pk"))


# Inputs -----------------------------------------------------------------------------------


def test_unvalidated_inputs_stop_a_proposal_until_each_is_accepted():
    decision = fresh(data_owner="")
    with pytest.raises(services.InputsNotAccepted) as refused:
        propose(decision)
    assert refused.value.code == "inputs_not_accepted"
    assert refused.value.inputs == ["Automation: nobody answers for it"]
    decision.refresh_from_db()
    assert (decision.state, decision.versions.count()) == ("DRAFT", 0)
    assert not decision.evidence.exists()


def test_accepted_inputs_are_kept_in_the_log_with_who_accepted_them():
    decision = fresh(data_owner="")
    row = decision.inputs.get()
    propose(decision, accepted_inputs=[row.pk])
    (note,) = notes(decision)
    assert note.actor == decision.owner
    assert note.text == (
        "Version 1 is proposed on inputs that are not validated, accepted as they are. "
        "Automation: nobody answers for it."
    )
    assert note.details["unvalidated"] == [
        [row.pk, "Automation", ["nobody answers for it"]]
    ]
    assert note.details["number"] == 1


def test_accepting_one_input_accepts_no_other():
    decision = fresh(data_owner="")
    second = DecisionInput.objects.create(
        decision=decision, key="cost", name="Cost", value=5, source="Finance"
    )
    with pytest.raises(services.InputsNotAccepted, match="Automation"):
        propose(decision, accepted_inputs=[second.pk])
    assert not decision.evidence.exists()


def test_validated_inputs_need_no_acceptance():
    decision = fresh()
    assert propose(decision).number == 1
    assert notes(decision) == []


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "flaw"),
    [
        (0.25, 20, 30, "%", "value and range differ a hundredfold"),
        (25, 0.2, 0.3, "", "value and range differ a hundredfold"),
        (40, 20, 30, "%", "outside its own plausible range"),
        (5, 20, 30, "minutes", "outside its own plausible range"),
    ],
)
def test_value_outside_its_own_range_is_never_validated(value, low, high, unit, flaw):
    decision = fresh(value=value, low=low, high=high, unit=unit)
    lacks = next(
        each.lacks
        for each in pillars(decision.inputs.all(), AT.date())
        if each.about == "AUTOMATION"
    )
    assert flaw in lacks[0]
    with pytest.raises(services.InputsNotAccepted, match="Automation"):
        propose(decision)


def test_value_and_range_of_two_units_are_not_saved():
    decision = fresh()
    row = {
        "name": "Self-service",
        "value": 0.25,
        "low": 20.0,
        "high": 30.0,
        "unit": "%",
    }
    with pytest.raises(services.DecisionPartInvalid) as refused:
        services.save_part(
            decision_id=decision.pk, part="inputs", data={"rows": [row]},
            revision=decision.revision, actor=decision.owner, at=AT,
        )  # fmt: skip
    assert str(refused.value) == (
        "Row 1: “Self-service” is 0.25 %, its plausible range 20 to 30 %: value and range "
        "differ a hundredfold: one is in percent, the other a share. Write both in the "
        "unit of the row."
    )
    assert decision.inputs.get().name == "Automation"


def test_new_reading_beyond_the_range_is_kept_and_marked():
    decision = fresh(low=5, high=15)
    row = decision.inputs.get()
    services.write_reading(
        input_id=row.pk, value=22, source="Bot", as_of=date(2026, 5, 20),
        actor=decision.owner, at=AT,
    )  # fmt: skip
    with pytest.raises(services.InputsNotAccepted, match="outside its own plausible"):
        propose(decision)


# Crossed triggers -------------------------------------------------------------------------


def crossed(decision=None, **given):
    """A proposal whose reopen rate of 50 % lies above its bound of 10 %."""
    decision = decision or fresh()
    decision.triggers.update(metric="reopen_rate", threshold=0.1, minimum_n=20)
    for count in (0, 1):
        resolved_tickets(None, 30, AT - timedelta(days=1), reopen_count=count)
    metrics.mark_all()
    metrics.refresh(at=AT)
    propose(decision, **given)
    return decision


def answer(decision, said="APPROVED", **given):
    row = decision.approvals.get()
    services.answer_approval(
        approval_id=row.pk, person=row.person, answer=said, words="Yes", at=AT, **given
    )
    decision.refresh_from_db()
    return decision.state


def test_approval_needs_each_crossed_trigger_ticked():
    decision = crossed()
    before = decision.evidence.count()
    with pytest.raises(services.CrossingsNotAccepted) as refused:
        answer(decision)
    assert refused.value.code == "crossings_not_accepted"
    assert "Reopen rate rises above 10.0 %" in str(refused.value)
    decision.refresh_from_db()
    assert (decision.state, decision.evidence.count()) == ("PROPOSED", before)
    assert decision.approvals.get().answer == "ASKED"


def test_ticked_triggers_are_kept_with_the_approval():
    decision = crossed()
    trigger = decision.triggers.get()
    assert answer(decision, accepted_triggers=[trigger.pk]) == "APPROVED"
    note = decision.evidence.get(details__accepted=trigger.pk)
    assert (note.kind, note.actor) == ("NOTE", decision.approvals.get().person)
    assert note.text.startswith(
        "Version 1 is approved knowing that this is crossed: Reopen rate rises above"
    )


def test_rejecting_needs_no_tick():
    decision = crossed()
    assert answer(decision, "REJECTED") == "REJECTED"
    assert not Evidence.objects.filter(details__accepted__isnull=False).exists()


def test_ticks_of_what_is_clear_are_passed_over():
    decision = fresh()
    propose(decision)
    decision.triggers.update(threshold=10**6)
    assert answer(decision, accepted_triggers=every_trigger(decision)) == "APPROVED"
    assert notes(decision) == []


# On the page ------------------------------------------------------------------------------


def test_page_lists_what_is_accepted_by_proposing_and_by_approving(
    client, time_machine
):
    time_machine.move_to(AT, tick=False)
    decision = fresh(data_owner="")
    client.force_login(decision.owner)
    address = reverse("capacity:decision", args=[decision.pk])
    page = client.get(address).content.decode()
    row = decision.inputs.get()
    assert f'name="unvalidated" value="{row.pk}"' in page
    assert "Automation: nobody answers for it" in page
    assert 'name="accepts_inputs" required' in page

    decision = crossed(accepted_inputs=[row.pk], decision=decision)
    client.force_login(decision.approvals.get().person)
    page = client.get(address).content.decode()
    trigger = decision.triggers.get()
    assert f'name="crossed" value="{trigger.pk}" required' in page
    assert "proposes this on 1 input that is not validated" in page
    post = reverse("capacity:decision-answer", args=[decision.pk])
    client.post(post, {"answer": "APPROVED", "words": "Yes"})
    decision.refresh_from_db()
    assert decision.state == "PROPOSED"
    client.post(post, {"answer": "APPROVED", "words": "Yes", "crossed": [trigger.pk]})
    decision.refresh_from_db()
    assert decision.state == "APPROVED"
