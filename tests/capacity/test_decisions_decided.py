"""Inputs read again while a decision is in force: beside what was decided, never instead."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.capacity import ready_decision
from tests.factories.decisions import every_input
from tests.factories.people import UserFactory
from workforce.capacity.models import Approval, DecisionInput
from workforce.capacity.selectors.decisions import section
from workforce.capacity.selectors.decisions.records import section_data
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
DECIDED = {"text": "10 %", "range": "", "source": "Bot", "as_of": "1 Mar 2026"}


def in_force(**cost):
    decision, person = ready_decision(), UserFactory(role="Executive")
    if cost:
        DecisionInput.objects.create(
            decision=decision, key="cost_per_ticket", about="COST", name="Cost",
            source="Ledger", position=2, **cost,
        )  # fmt: skip
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="",
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip
    services.answer_approval(
        approval_id=Approval.objects.get().pk, person=person, answer="APPROVED",
        words="Yes", at=AT,
    )  # fmt: skip
    decision.refresh_from_db()
    return decision


def read(decision, key, value):
    services.write_reading(
        input_id=decision.inputs.get(key=key).pk, value=value, source="Bot 2",
        as_of=AT.date(), actor=decision.owner, at=AT,
    )  # fmt: skip


def shown(decision, reader=None):
    return section_data(section("inputs"), decision, reader, AT)["data"]


def test_a_moved_value_stands_beside_what_was_decided():
    decision = in_force()
    assert shown(decision)["decided"] == 0

    read(decision, "automation_coverage", 12)

    found = shown(decision)
    (row,) = found["rows"]
    assert (found["decided"], row["text"], row["decided"]) == (1, "12 %", DECIDED)
    kept = decision.versions.get().content["sections"]
    (then,) = next(each for each in kept if each["key"] == "inputs")["data"]["rows"]
    assert then["text"] == "10 %"


def test_a_value_found_the_same_has_not_moved():
    decision = in_force()
    read(decision, "automation_coverage", 10)
    found = shown(decision)
    assert (found["decided"], found["rows"][0]["source"]) == (0, "Bot 2")
    assert "decided" not in found["rows"][0]


def test_a_reopened_decision_is_a_working_copy_again():
    decision = in_force()
    read(decision, "automation_coverage", 12)
    services.reopen(
        decision_id=decision.pk, reason="New values", actor=decision.owner, at=AT
    )
    decision.refresh_from_db()
    assert shown(decision)["decided"] == 0


def test_who_sees_no_costs_is_not_told_that_one_moved():
    decision = in_force(value=40)
    read(decision, "cost_per_ticket", 50)
    lead = UserFactory(role="Team lead")
    assert (shown(decision)["decided"], shown(decision, lead)["decided"]) == (1, 0)


def test_page_and_print_show_both_and_the_way_to_a_new_version(client):
    decision = in_force()
    read(decision, "automation_coverage", 12)
    client.force_login(decision.owner)
    page = reverse("capacity:decision", args=[decision.pk])
    paper = reverse("capacity:decision-print", args=[decision.pk])

    on_page = client.get(page).content.decode()
    on_paper = client.get(paper).content.decode()
    of_version = client.get(f"{paper}?version=1").content.decode()

    for text in (on_page, on_paper):
        assert "Inputs were read again since version 1" in text
        assert "decided on 10 %" in text
        assert "<b>12 %</b>" in text
    assert "reopen the decision and propose it again" in on_page
    assert "reopen the decision and propose it again" not in on_paper
    assert "<b>10 %</b>" in of_version
    assert "read again since" not in of_version


def test_one_and_three_inputs_cost_the_same_queries():
    decision = in_force()

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(decision)
        return len(found)

    first = asked()
    for number in range(2):
        DecisionInput.objects.create(
            decision=decision, key=f"k{number}", name=f"Input {number}"
        )
    assert (first, asked()) == (3, 3)
