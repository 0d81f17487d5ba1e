"""Triggers on live figures: what fires, what does not, and what is told, once."""

from datetime import UTC, datetime, timedelta

import pytest

from supportops.metrics import catalogue
from supportops.metrics import services as metrics
from supportops.metrics.scopes import Scope
from supportops.notifications.models import Notification
from tests.factories.capacity import ready_decision
from tests.factories.decisions import every_input, every_trigger
from tests.factories.people import UserFactory
from tests.factories.sampling import resolved_tickets
from tests.factories.tickets import ChannelFactory
from workforce.capacity.core.triggers import firings
from workforce.capacity.models import Approval, Decision, DecisionInput, Trigger
from workforce.capacity.selectors.decisions.trigger_rows import trigger_row
from workforce.capacity.selectors.decisions.watching import (
    CannotWatch,
    figure_now,
    past_windows,
    reading_of,
    rule_of,
    watched,
    would_have_fired,
)
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
REOPENED, KEPT = {"reopen_count": 1}, {"reopen_count": 0}


def facts(*groups):
    """Write resolved tickets: (how many, days ago, columns)."""
    for count, days_ago, columns in groups:
        resolved_tickets(None, count, AT - timedelta(days=days_ago), **columns)
    metrics.mark_all()
    metrics.refresh(at=AT)


def in_force(**trigger):
    """An approved decision with one trigger on the reopen rate."""
    decision = ready_decision()
    columns = {
        "metric": "reopen_rate", "direction": "ABOVE", "threshold": 0.1,
        "window_days": 7, "minimum_n": 20, "purpose": "GUARDRAIL", **trigger,
    }  # fmt: skip
    decision.triggers.update(**columns)
    person = UserFactory(role="Executive")
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="",
        actor=decision.owner, at=AT - timedelta(days=1), accepted_inputs=every_input(decision),
    )  # fmt: skip
    services.answer_approval(
        approval_id=Approval.objects.get().pk, person=person, answer="APPROVED",
        words="Yes", at=AT - timedelta(hours=9),
        accepted_triggers=every_trigger(decision),
    )  # fmt: skip
    Notification.objects.all().delete()
    decision.refresh_from_db()
    return decision, person


def test_crossed_trigger_reopens_the_decision_and_tells_once():
    facts((30, 1, REOPENED), (30, 2, KEPT))
    decision, person = in_force()
    assert services.check_triggers(at=AT) == {
        "checked": 1, "unreadable": 0, "fired": 1,
    }  # fmt: skip
    decision.refresh_from_db()
    trigger = decision.triggers.get()
    assert (decision.state, trigger.state, trigger.fired_at) == (
        "REOPENED",
        "FIRED",
        AT,
    )
    assert (trigger.last_value, trigger.last_n, trigger.checked_at) == (0.5, 60, AT)
    fired = decision.evidence.get(kind="FIRED")
    assert fired.actor is None
    assert "50.0 %" in fired.text
    assert "n = 60" in fired.text
    assert "Call the duty lead" in fired.text
    assert decision.evidence.get(kind="REOPENED").actor is None
    assert {row.recipient for row in Notification.objects.all()} == {
        decision.owner, person,
    }  # fmt: skip

    assert services.check_triggers(at=AT + timedelta(hours=1))["fired"] == 0
    assert Notification.objects.count() == 2
    assert decision.evidence.filter(kind="FIRED").count() == 1


@pytest.mark.parametrize(
    ("groups", "trigger", "stands"),
    [
        ([(9, 1, REOPENED), (10, 1, KEPT)], {}, "Beyond, with too few facts"),
        (
            [(3, 1, REOPENED), (21, 1, KEPT)],
            {},
            "Beyond, but its interval is not",
        ),
        ([(1, 1, REOPENED), (59, 1, KEPT)], {}, "Clear"),
        ([(60, 8, REOPENED)], {}, "No figure"),
        ([(30, 1, REOPENED)], {"direction": "BELOW"}, "Clear"),
    ],
)
def test_what_is_not_sure_reopens_nothing(groups, trigger, stands):
    facts(*groups)
    decision, _person = in_force(**trigger)
    assert services.check_triggers(at=AT)["fired"] == 0
    decision.refresh_from_db()
    assert decision.state == "APPROVED"
    assert trigger_row(decision.triggers.get(), AT, {})["standing"] == stands
    assert not Notification.objects.exists()


def test_trigger_counts_only_what_it_is_narrowed_to():
    chat, mail = ChannelFactory(), ChannelFactory()
    facts((40, 1, {**REOPENED, "channel": chat}), (40, 1, {**KEPT, "channel": mail}))
    decision, _person = in_force(filters={"channel": [str(mail.pk)]})
    assert services.check_triggers(at=AT)["fired"] == 0
    decision.triggers.update(filters={"channel": [str(chat.pk)]})
    row = trigger_row(decision.triggers.get(), AT, {})
    assert (row["n"], row["value"]) == (40, "100.0 %")
    assert chat.name in row["rule"]
    assert services.check_triggers(at=AT)["fired"] == 1


def test_plain_count_needs_no_minimum_of_itself():
    facts((3, 1, KEPT))
    in_force(metric="ticket_volume", direction="BELOW", threshold=10, minimum_n=20)
    assert services.check_triggers(at=AT)["fired"] == 1


def test_draft_and_reopened_decisions_are_read_and_not_fired():
    facts((60, 1, REOPENED))
    decision, _person = in_force()
    Decision.objects.update(state="REOPENED")
    assert services.check_triggers(at=AT) == {
        "checked": 1, "unreadable": 0, "fired": 0,
    }  # fmt: skip
    assert decision.triggers.get().last_value == 1.0
    assert decision.triggers.get().state == "WATCHING"


def test_retired_and_switched_off_triggers_are_not_read():
    decision, _person = in_force()
    decision.triggers.update(state="OFF")
    assert services.check_triggers(at=AT)["checked"] == 0
    decision.triggers.update(state="WATCHING")
    Decision.objects.update(state="RETIRED")
    assert services.check_triggers(at=AT)["checked"] == 0


def test_unreadable_trigger_does_not_stop_the_others(caplog):
    facts((60, 1, REOPENED))
    decision, _person = in_force()
    Trigger.objects.create(
        decision=decision, metric="gone_metric", direction="ABOVE", threshold=1
    )
    assert services.check_triggers(at=AT) == {
        "checked": 2, "unreadable": 1, "fired": 1,
    }  # fmt: skip
    assert "cannot be read" in caplog.text
    assert "gone_metric" in trigger_row(Trigger.objects.last(), AT, {})["problem"]


def test_next_approved_version_arms_the_trigger_again():
    facts((60, 1, REOPENED))
    decision, person = in_force()
    services.check_triggers(at=AT)
    decision.refresh_from_db()
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="Less automation",
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip
    assert decision.triggers.get().state == "FIRED"
    row = Approval.objects.get(number=2)
    services.answer_approval(
        approval_id=row.pk,
        person=person,
        answer="APPROVED",
        words="Yes",
        at=AT,
        accepted_triggers=every_trigger(decision),
    )
    trigger = decision.triggers.get()
    assert (trigger.state, trigger.fired_at) == ("WATCHING", None)
    assert services.check_triggers(at=AT + timedelta(hours=1))["fired"] == 1


def test_past_windows_are_the_figures_of_those_days():
    facts((10, 1, REOPENED), (10, 3, KEPT), (5, 9, REOPENED), (40, 20, KEPT))
    what = watched("reopen_rate", {}, 7)
    end = AT.date() + timedelta(days=1)
    found = past_windows(what, end=end, count=4, at=AT)
    metric = catalogue.get("reopen_rate")
    for last, figure in found:
        scope = Scope(last - timedelta(days=6), last + timedelta(days=1), at=AT)
        alone = metric.compute(scope)
        assert (figure.value, figure.n, figure.low, figure.high) == (
            alone.value, alone.n, alone.low, alone.high,
        )  # fmt: skip
    assert [figure.n for _last, figure in found] == [0, 40, 5, 20]
    assert figure_now(what, AT).value == found[-1][1].value


def test_preview_says_when_it_would_have_fired():
    facts((40, 200, REOPENED), (40, 150, KEPT), (40, 60, REOPENED), (40, 2, KEPT))
    trigger = Trigger(
        metric="reopen_rate", direction="ABOVE", threshold=0.5, window_days=7,
        minimum_n=20,
    )  # fmt: skip
    found = would_have_fired(trigger, AT, {})
    first = (AT - timedelta(days=200)).date()
    assert found.days == [first, (AT - timedelta(days=60)).date()]
    assert (found.first_day, found.step_days) == (first, 1)

    # The same, day by day, one figure at a time.
    what = watched("reopen_rate", {}, 7)
    days = [AT.date() - timedelta(days=back) for back in range(363, -1, -1)]
    figures = [
        what.metric.compute(
            Scope(day - timedelta(days=6), day + timedelta(days=1), at=AT)
        )
        for day in days
    ]
    rule = rule_of(trigger, figures[-1], what.metric)
    fired = firings(rule, [reading_of(figure) for figure in figures])
    assert [days[index] for index in fired] == found.days


def test_preview_of_what_has_no_past_or_no_facts():
    now = Trigger(metric="backlog", direction="ABOVE", threshold=1)
    assert would_have_fired(now, AT, {}) is None
    none = Trigger(metric="reopen_rate", direction="ABOVE", threshold=0.1)
    assert would_have_fired(none, AT, {}).readings == 0
    with pytest.raises(CannotWatch):
        would_have_fired(Trigger(metric="nothing", threshold=1), AT, {})


def test_owner_is_reminded_once_of_reviews_and_stale_inputs():
    decision, _person = in_force()
    decision.reviews.update(due_on=AT.date())
    decision.inputs.update(as_of=AT.date() - timedelta(days=29), refresh_days=28)
    assert services.remind(at=AT) == 2
    assert services.remind(at=AT + timedelta(days=1)) == 0
    assert {row.recipient for row in Notification.objects.all()} == {decision.owner}

    # Read again and gone stale again is another occasion.
    DecisionInput.objects.update(as_of=AT.date() - timedelta(days=28))
    assert services.remind(at=AT) == 0
    assert services.remind(at=AT + timedelta(days=1)) == 1


def test_nobody_is_reminded_of_drafts_and_retired_decisions():
    decision, _person = in_force()
    decision.reviews.update(due_on=AT.date())
    for state in ("DRAFT", "RETIRED", "PROPOSED"):
        Decision.objects.update(state=state)
        assert services.remind(at=AT) == 0
