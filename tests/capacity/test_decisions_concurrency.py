"""Two people, or two workers, at the same moment: one of them is second."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from supportops.common.errors import OperationRefused
from supportops.metrics import services as metrics
from supportops.notifications.models import Notification
from tests.factories.capacity import ready_decision
from tests.factories.decisions import every_input, every_trigger
from tests.factories.people import UserFactory
from tests.factories.sampling import resolved_tickets
from workforce.capacity.models import Approval, Decision, DecisionVersion, Evidence
from workforce.capacity.services import decisions as services

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


def at_once(*calls):
    """Run the calls at the same moment; return what each gave, or its refusal."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=20)
            return call()
        except OperationRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def refusals(results):
    return [each for each in results if isinstance(each, OperationRefused)]


def propose(decision, person):
    return services.propose(
        decision_id=decision.pk,
        approver_ids=[person.pk],
        reason="Spring",
        actor=decision.owner,
        at=AT,
        accepted_inputs=every_input(decision),
    )


def answer(approval, said):
    return services.answer_approval(
        approval_id=approval.pk, person=approval.person, answer=said, words="So.",
        at=AT, accepted_triggers=every_trigger(approval.decision),
    )  # fmt: skip


def test_one_person_answers_once_from_two_windows():
    decision, person = ready_decision(), UserFactory(role="Executive")
    propose(decision, person)
    row = Approval.objects.get()
    results = at_once(lambda: answer(row, "APPROVED"), lambda: answer(row, "REJECTED"))
    assert [type(each) for each in refusals(results)] == [services.ApprovalAnswered]
    row.refresh_from_db()
    decision.refresh_from_db()
    assert decision.state == row.answer
    assert Evidence.objects.filter(kind__in=("APPROVED", "REJECTED")).count() == 1


def test_two_last_approvals_put_it_into_force():
    decision = ready_decision()
    people = [UserFactory(role="Executive"), UserFactory(role="Executive")]
    services.propose(
        decision_id=decision.pk, approver_ids=[p.pk for p in people], reason="",
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip
    first, second = Approval.objects.order_by("pk")
    results = at_once(
        lambda: answer(first, "APPROVED"), lambda: answer(second, "APPROVED")
    )
    assert refusals(results) == []
    assert Decision.objects.get().state == "APPROVED"


def test_two_proposals_make_one_version():
    decision, person = ready_decision(), UserFactory(role="Executive")
    results = at_once(
        lambda: propose(decision, person), lambda: propose(decision, person)
    )
    assert [type(each) for each in refusals(results)] == [services.DecisionWrongState]
    assert DecisionVersion.objects.get().number == 1
    assert Approval.objects.count() == 1


def test_two_saves_of_one_section_lose_nothing():
    decision = ready_decision()
    other = UserFactory(role="Workforce manager")

    def save(actor, text):
        return services.save_part(
            decision_id=decision.pk, part="rules", data={"balancing_rules": text},
            revision=0, actor=actor, at=AT,
        )  # fmt: skip

    results = at_once(
        lambda: save(decision.owner, "mine"), lambda: save(other, "theirs")
    )
    assert [type(each) for each in refusals(results)] == [services.StaleDecision]
    decision.refresh_from_db()
    assert decision.balancing_rules in {"mine", "theirs"}
    assert decision.balancing_rules in refusals(results)[0].changes[0].text


def test_two_workers_fire_a_trigger_once():
    resolved_tickets(None, 60, AT - timedelta(days=1), reopen_count=1)
    metrics.mark_all()
    metrics.refresh(at=AT)
    decision, person = ready_decision(), UserFactory(role="Executive")
    decision.triggers.update(metric="reopen_rate", threshold=0.1)
    propose(decision, person)
    answer(Approval.objects.get(), "APPROVED")
    Notification.objects.all().delete()
    results = at_once(
        lambda: services.check_triggers(at=AT), lambda: services.check_triggers(at=AT)
    )
    assert sorted(each["fired"] for each in results) == [0, 1]
    assert Evidence.objects.filter(kind="FIRED").count() == 1
    assert Evidence.objects.filter(kind="REOPENED").count() == 1
    assert Notification.objects.count() == 2
