"""Triggers crossed before a decision is approved: who is told, when, and how often."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from supportops.metrics import services as metrics
from supportops.notifications.models import Notification
from tests.factories.capacity import ready_decision
from tests.factories.decisions import every_input, every_trigger
from tests.factories.people import UserFactory
from tests.factories.sampling import resolved_tickets
from workforce.capacity.models import Approval
from workforce.capacity.selectors.decisions.crossings import crossings_now
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
REOPENED, KEPT = {"reopen_count": 1}, {"reopen_count": 0}
WORDS = (
    "Reopen rate rises above 10.0 % over 7 days: 50.0 %, 95 % interval 37.7 % to 62.3 %,"
    " n = 60, up to 20 May 2026; limit 10.0 %;"
    " all tickets."
)


def facts(count, columns):
    resolved_tickets(None, count, AT - timedelta(days=1), **columns)
    metrics.mark_all()
    metrics.refresh(at=AT)


def cross():
    """Have 30 of 60 tickets reopened."""
    facts(30, REOPENED)
    facts(30, KEPT)


def drafted():
    decision = ready_decision()
    decision.triggers.update(
        metric="reopen_rate", direction="ABOVE", threshold=0.1, window_days=7,
        minimum_n=20, purpose="GUARDRAIL",
    )  # fmt: skip
    decision.inputs.update(as_of=AT.date())
    return decision


def proposed(decision, at=AT):
    people = [UserFactory(role="Executive"), UserFactory(role="Executive")]
    services.propose(
        decision_id=decision.pk, approver_ids=[each.pk for each in people],
        reason="", actor=decision.owner, at=at, accepted_inputs=every_input(decision),
    )  # fmt: skip
    return people


def answer(person, at=AT):
    row = Approval.objects.get(person=person)
    services.answer_approval(
        approval_id=row.pk, person=person, answer="APPROVED", words="Yes", at=at,
        accepted_triggers=every_trigger(row.decision),
    )  # fmt: skip


def told():
    rows = Notification.objects.filter(title__startswith="A trigger is crossed already")
    return list(rows.order_by("pk"))


def noted(decision):
    return list(
        decision.evidence.filter(
            kind="NOTE", details__crossed__isnull=False
        ).values_list("text", flat=True)
    )


def test_crossing_is_written_with_value_day_and_limit():
    cross()
    (found,) = crossings_now(drafted(), AT)
    assert found.words() == WORDS


def test_what_is_crossed_when_proposed_is_told_at_once_and_once():
    cross()
    decision = drafted()
    people = proposed(decision)

    assert {row.recipient for row in told()} == {decision.owner, *people}
    assert told()[0].body.startswith(WORDS)
    assert noted(decision) == [f"A trigger of version 1 is crossed: {WORDS}"]

    services.check_triggers(at=AT + timedelta(hours=1))
    for person in people:
        answer(person)
    assert (len(told()), len(noted(decision))) == (3, 1)


def test_what_crosses_while_approval_is_asked_is_told_once():
    decision = drafted()
    people = proposed(decision)
    assert told() == []
    cross()

    first = services.check_triggers(at=AT)
    services.check_triggers(at=AT + timedelta(hours=1))

    decision.refresh_from_db()
    assert (first["fired"], decision.state) == (0, "PROPOSED")
    assert decision.triggers.get().state == "WATCHING"
    assert {row.recipient for row in told()} == {decision.owner, *people}
    assert (len(told()), len(noted(decision))) == (3, 1)


def test_what_is_crossed_only_when_the_last_approves_is_told_then():
    decision = drafted()
    first, last = proposed(decision)
    answer(first)
    cross()
    assert told() == []

    answer(last)

    decision.refresh_from_db()
    assert decision.state == "APPROVED"
    assert {row.recipient for row in told()} == {decision.owner, first, last}
    assert services.check_triggers(at=AT)["fired"] == 1


def test_next_version_is_told_anew_though_the_trigger_has_fired_before():
    decision = drafted()
    people = proposed(decision)
    for person in people:
        answer(person)
    cross()
    services.check_triggers(at=AT)
    assert decision.triggers.get().state == "FIRED"
    assert told() == []

    services.propose(
        decision_id=decision.pk, approver_ids=[people[0].pk], reason="As before",
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip

    assert {row.recipient for row in told()} == {decision.owner, people[0]}
    assert noted(decision) == [f"A trigger of version 2 is crossed: {WORDS}"]


def test_nothing_is_told_of_what_is_clear_off_or_unreadable():
    cross()
    decision = drafted()
    decision.triggers.update(threshold=0.6)
    proposed(decision)
    assert services.check_triggers(at=AT)["checked"] == 1
    decision.triggers.update(threshold=0.1, state="OFF")
    assert crossings_now(decision, AT) == []
    decision.triggers.update(metric="gone", state="WATCHING")
    assert crossings_now(decision, AT) == []
    assert (told(), noted(decision)) == ([], [])


def test_approver_sees_what_is_crossed_beside_the_answer(client, time_machine):
    time_machine.move_to(AT, tick=False)
    decision = drafted()
    person, _other = proposed(decision)
    client.force_login(person)
    page = reverse("capacity:decision", args=[decision.pk])
    assert "Crossed now" not in client.get(page).content.decode()
    cross()

    shown = " ".join(client.get(page).content.decode().split())

    assert "An approval would be reopened at the next check" in shown
    assert "<b>50.0 %</b>" in shown
    assert "n = 60, up to 20 May 2026; limit 10.0 %" in shown
