"""Audits: the reported value is read from the facts under the catalogue's figure."""

from datetime import UTC, date, datetime

import pytest

from qa.coaching.models import AuditLine, MetricAudit
from qa.coaching.selectors import audits as selectors
from qa.coaching.services import audits
from qa.coaching.services.refusals import AuditRefused
from supportops.metrics import catalogue, services
from supportops.metrics.scopes import Scope
from tests.factories.facts import NOW, random_world
from tests.factories.people import UserFactory
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
START, LAST = date(2026, 4, 1), date(2026, 5, 18)
END = date(2026, 5, 19)


def started(actor=None, **values):
    return audits.start_audit(
        **{
            "starts_on": START,
            "ends_on": LAST,
            "metrics": ["response_sla", "reopen_rate", "category"],
            "size": 6,
            "seed": 7,
            "actor": actor or UserFactory(),
            "at": NOW,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("response_sla", "kept"),
        ("resolution_sla", "kept"),
        ("first_contact_resolution", "solved by the first reply"),
        ("reopen_rate", "reopened"),
        ("escalation_rate", "escalated"),
    ],
)
def test_reported_facts_add_up_to_the_catalogues_figure(code, good):
    random_world(seed=3)
    facts = selectors.reported_facts(code, start=START, end=END)
    figure = catalogue.get(code).compute(Scope(start=START, end=END))
    hits = sum(words.startswith(good) for words in facts.values())
    assert len(facts) > 5
    assert (hits, len(facts)) == (figure.hits, figure.n)


def test_reported_value_of_a_ticket_is_what_the_ticket_says():
    world = random_world(seed=3)
    facts = selectors.reported_facts("reopen_rate", start=START, end=END)
    for ticket in world.tickets:
        if ticket.pk in facts:
            expected = "reopened" if ticket.reopen_count else "not reopened"
            assert facts[ticket.pk] == expected
    named = selectors.reported_facts("category", start=START, end=END)
    for ticket in world.tickets:
        if ticket.pk in named:
            path = ticket.category.path if ticket.category else "no category"
            assert named[ticket.pk] == path


def test_audit_draws_the_same_tickets_for_the_same_seed():
    random_world(seed=3)
    first = started()
    lines = list(first.lines.values_list("metric", "ticket", "reported"))
    assert len(lines) == 18
    first.delete()
    again = started()
    assert list(again.lines.values_list("metric", "ticket", "reported")) == lines
    again.delete()
    other = started(seed=8)
    assert list(other.lines.values_list("metric", "ticket", "reported")) != lines


def test_frame_is_the_tickets_that_count():
    world = random_world(seed=3)
    audit = started(metrics=["reopen_rate"])
    counted = [
        ticket
        for ticket in world.tickets
        if ticket.resolved_at
        and ticket.outcome != "DUPLICATE"
        and START <= ticket.resolved_at.date() < END
    ]
    assert audit.frame_size == len(counted)


@pytest.mark.parametrize(
    "values",
    [
        {"metrics": []},
        {"metrics": ["no_such_metric"]},
        {"ends_on": NOW.date()},
        {"ends_on": START},
        {"size": 0},
        {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 3, 31)},
    ],
)
def test_audit_of_nothing_is_refused(values):
    random_world(seed=3)
    with pytest.raises(AuditRefused):
        started(**values)
    assert MetricAudit.objects.count() == 0


def test_new_audit_is_proposed_for_the_last_quarter_without_one():
    day = date(2026, 5, 19)
    first = (date(2026, 1, 1), date(2026, 3, 31))
    assert selectors.quarter_to_audit(day) == first
    for start, last in (first, (date(2025, 10, 1), date(2025, 12, 31))):
        MetricAudit.objects.create(
            starts_on=start,
            ends_on=last,
            seed=1,
            created_by=UserFactory(),
            created_at=NOW,
        )
    assert selectors.quarter_to_audit(day) == (date(2025, 7, 1), date(2025, 9, 30))


def test_same_days_are_audited_once():
    random_world(seed=3)
    started()
    with pytest.raises(AuditRefused):
        started(seed=9)
    assert MetricAudit.objects.count() == 1


def judge(line, verdict, found=""):
    return audits.judge_line(
        line_id=line.pk,
        verdict=verdict,
        found=found,
        note="",
        actor=UserFactory(),
        at=NOW,
    )


def test_difference_says_what_was_found():
    random_world(seed=3)
    line = started().lines.first()
    with pytest.raises(AuditRefused):
        judge(line, "DIFFERS")
    line.refresh_from_db()
    assert (line.verdict, line.checked_at) == ("", None)
    judge(line, "DIFFERS", "Answered a day later")
    line.refresh_from_db()
    assert (line.verdict, line.found) == ("DIFFERS", "Answered a day later")


def test_audit_closes_when_all_is_judged_and_then_stays():
    random_world(seed=3)
    audit = started(metrics=["reopen_rate"])
    first, *others = audit.lines.order_by("pk")
    how = {"audit_id": audit.pk, "actor": UserFactory(), "at": NOW}
    with pytest.raises(AuditRefused, match="6 tickets"):
        audits.close_audit(**how, conclusion="Fine")
    judge(first, "DIFFERS", "came back by phone")
    for line in others:
        judge(line, "AGREES")
    with pytest.raises(AuditRefused):
        audits.close_audit(**how, conclusion=" ")
    audits.close_audit(**how, conclusion="Phone calls are missing")
    [result] = selectors.results_of(audit)
    assert (result.agreement.agrees, result.agreement.judged) == (5, 6)
    with pytest.raises(AuditRefused):
        judge(first, "AGREES")
    assert AuditLine.objects.get(pk=first.pk).verdict == "DIFFERS"


def test_facts_counted_anew_since_are_shown():
    random_world(seed=3)
    audit = started(metrics=["reopen_rate"])
    assert selectors.changed_since(audit) == []
    line = audit.lines.filter(reported="not reopened").first()
    Ticket.objects.filter(pk=line.ticket_id).update(reopen_count=1)
    services.mark_all()
    services.refresh(at=datetime(2026, 5, 20, 13, tzinfo=UTC))
    [changed] = selectors.changed_since(audit)
    assert (changed["line"], changed["now"]) == (line, "reopened")


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_audits_asks_once(count, django_assert_num_queries):
    random_world(seed=3)
    for month in range(count):
        started(starts_on=date(2026, 3 - month, 20))
    with django_assert_num_queries(1):
        assert [str(audit.created_by) for audit in selectors.audits()]
