"""What of decisions needs a person, on their home page: who sees it, in how many lines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.capacity import ready_decision
from tests.factories.people import UserFactory
from workforce.capacity.models import Approval, DecisionInput
from workforce.capacity.selectors.decisions import needing_attention
from workforce.capacity.selectors.decisions.attention import attention_lines
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def in_force(*people):
    decision = ready_decision()
    services.propose(
        decision_id=decision.pk, approver_ids=[each.pk for each in people],
        reason="", actor=decision.owner, at=AT,
    )  # fmt: skip
    for row in Approval.objects.filter(decision=decision):
        services.answer_approval(
            approval_id=row.pk, person=row.person, answer="APPROVED", words="Yes", at=AT
        )
    decision.refresh_from_db()
    return decision


def reopen(decision, reason="The bot fell behind", at=AT):
    services.reopen(decision_id=decision.pk, reason=reason, actor=None, at=at)
    decision.refresh_from_db()


def lines(user, at=AT):
    found = attention_lines(needing_attention(user, at))
    return [(row.decision.title, row.reason, row.note) for row in found]


def test_who_approved_sees_that_it_is_reopened_when_and_why():
    person, other = UserFactory(role="Executive"), UserFactory(role="Executive")
    decision = in_force(person)
    assert lines(person) == []

    reopen(decision)

    expected = [(decision.title, "reopened", "10 Mar 2026: The bot fell behind")]
    assert lines(person) == expected
    assert lines(decision.owner) == expected
    assert lines(other) == []


def test_next_version_takes_the_reopened_line_away():
    person, other = UserFactory(role="Executive"), UserFactory(role="Executive")
    decision = in_force(person)
    reopen(decision)
    services.propose(
        decision_id=decision.pk, approver_ids=[other.pk], reason="New bot",
        actor=decision.owner, at=AT,
    )  # fmt: skip
    assert lines(person) == []
    assert [reason for _title, reason, _note in lines(other)] == [
        "waits for your approval"
    ]

    reopen(decision, "Taken back")

    assert (lines(person), lines(other)) == ([], [])


def test_fired_decision_is_one_line_for_its_owner():
    person = UserFactory(role="Executive")
    decision = in_force(person)
    reopen(decision)
    decision.triggers.update(state="FIRED", fired_at=AT)
    assert [row[1] for row in lines(decision.owner)] == ["a trigger fired"]
    assert [row[1] for row in lines(person)] == ["reopened"]


def test_old_figures_and_reviews_are_one_line_with_their_count():
    decision = in_force(UserFactory(role="Executive"))
    later = AT + timedelta(days=60)
    for number, day in enumerate((date(2026, 2, 1), date(2026, 3, 2))):
        DecisionInput.objects.create(
            decision=decision, key=f"k{number}", name=f"Input {number}", as_of=day,
            refresh_days=7, position=number + 2,
        )  # fmt: skip
    decision.reviews.update(due_on=date(2026, 5, 1))
    assert lines(decision.owner, later) == [
        (decision.title, "review due", "1 May 2026"),
        (decision.title, "3 old figures", "oldest: Input 0, as of 1 Feb 2026"),
    ]
    decision.inputs.exclude(key="automation_coverage").delete()
    assert lines(decision.owner, later)[1:] == [
        (decision.title, "old figure", "Automation, as of 1 Mar 2026"),
    ]


def test_executive_reads_it_on_the_home_page(client):
    person = UserFactory(role="Executive")
    decision = in_force(person)
    reopen(decision)
    client.force_login(person)
    shown = client.get("/admin/").content.decode()
    assert "Decisions that need somebody" in shown
    assert "The bot fell behind" in shown


def test_one_and_three_reopened_decisions_cost_the_same_queries():
    person = UserFactory(role="Executive")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert lines(person)
        return len(found)

    reopen(in_force(person))
    lines(person)
    first = asked()
    for _number in range(2):
        reopen(in_force(person))
    assert (first, asked()) == (5, 5)
