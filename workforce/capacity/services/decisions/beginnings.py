"""What a new decision starts with: a template of our own, or the parts of another one."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from supportops.metrics import catalogue
from supportops.metrics.scopes import today
from workforce.capacity.models import (
    Criterion,
    Decision,
    DecisionInput,
    DecisionOption,
    Queue,
    ReviewDate,
    Risk,
    Segment,
    Trigger,
)
from workforce.capacity.selectors.decisions.figures import SUGGESTED
from workforce.capacity.selectors.decisions.reading import MIX
from workforce.capacity.services.decisions.parts import free_key

About = DecisionInput.About
REVIEW_DAYS = 91
REFRESH_DAYS = 28
COPIED_TEXTS = (
    "objective", "scope", "starts_on", "ends_on", "balancing_rules", "refresh_plan",
    "monitoring", "metrics", "weights", "capacity",
)  # fmt: skip


def fill_from_template(decision: Decision, at: datetime) -> None:
    """Save a decision with the rows every decision about load needs; texts stay empty.

    What is written in the empty texts is asked for by the prompt of each section.
    """
    known = {metric.code for metric in catalogue.all()}
    decision.metrics = [code for code in SUGGESTED if code in known]
    decision.monitoring = _("Weekly, by the owner")
    decision.refresh_plan = _(
        "The owner of each input reads it again on the day shown beside it and notes "
        "here what has changed."
    )
    decision.save()
    DecisionInput.objects.bulk_create(_inputs(decision))
    Risk.objects.bulk_create(_risks(decision))
    Trigger.objects.bulk_create(_guardrails(decision))
    ReviewDate.objects.create(
        decision=decision,
        due_on=today(at) + timedelta(days=REVIEW_DAYS),
        note=_("Quarterly review"),
    )


def _inputs(decision: Decision) -> list[DecisionInput]:
    rows: list[tuple[str, About, str, str]] = [
        *_mix(),
        ("staffing_fte", About.STAFFING, _("Planned people"), _("FTE")),
        ("automation_coverage", About.AUTOMATION, _("Automation coverage"), "%"),
        ("tickets_per_week", About.WORK, _("Volume"), _("a week")),
        ("handle_minutes", About.WORK, _("Handle time"), _("minutes")),
        ("cost_per_ticket", About.COST, _("Cost per ticket"), ""),
    ]
    return [
        DecisionInput(
            decision=decision,
            key=key,
            about=about,
            name=name,
            unit=unit,
            refresh_days=REFRESH_DAYS,
            position=place,
        )
        for place, (key, about, name, unit) in enumerate(rows, start=1)
    ]


def _mix() -> list[tuple[str, About, str, str]]:
    """A share for each channel that work is planned in."""
    channels = Queue.objects.filter(is_active=True).order_by("channel")
    names = list(dict.fromkeys(channels.values_list("channel", flat=True)))
    taken: set[str] = set()
    rows = []
    for name in names or [_("channel")]:
        key = MIX + name[:50] if name.isidentifier() else free_key(MIX + name, taken)
        taken.add(key)
        label = _("Share of contacts: %(channel)s") % {"channel": name}
        rows.append((key, About.MIX, label, "%"))
    return rows


def _risks(decision: Decision) -> list[Risk]:
    high, medium = Risk.Grade.HIGH, Risk.Grade.MEDIUM
    rows = (
        (
            _("The figures look good while the inputs under them were never checked."),
            medium, high,
            _("No proposal before mix, staffing and automation are validated."),
        ),
        (
            _("Speed or cost is weighed so heavily that the rule breaks when load shifts."),
            medium, medium,
            _("Compare the options over the whole plausible range of each input."),
        ),
        (
            _("Automation is stretched too far and quality falls before anybody sees it."),
            medium, high,
            _("A guardrail on a quality figure that reopens this decision."),
        ),
    )  # fmt: skip
    return [
        Risk(
            decision=decision,
            text=text,
            likelihood=likelihood,
            impact=impact,
            mitigation=mitigation,
        )
        for text, likelihood, impact, mitigation in rows
    ]


def _guardrails(decision: Decision) -> list[Trigger]:
    """A guardrail at the catalogue's own target, to be set right by whoever decides."""
    if decision.kind != Decision.Kind.BALANCING:
        return []
    metric = catalogue.get("reopen_rate")
    return [
        Trigger(
            decision=decision,
            metric=metric.code,
            direction=Trigger.Direction.ABOVE,
            threshold=metric.target.at_most or 0.05,
            window_days=28,
            minimum_n=50,
            purpose=Trigger.Purpose.GUARDRAIL,
            contingency=_("Automation goes back to the coverage of before."),
        )
    ]


# Copies -----------------------------------------------------------------------------------


def copy_parts(source: Decision, decision: Decision) -> None:
    """Save a decision with the texts and rows of another; nothing that was decided.

    The choice, the recommendation, reviews, approvals and evidence belong to the other.
    """
    for name in COPIED_TEXTS:
        setattr(decision, name, getattr(source, name))
    decision.save()
    decision.queues.set(source.queues.all())
    for model in (DecisionInput, Risk, Criterion, Segment):
        _copy_rows(model, source, decision)
    _copy_rows(DecisionOption, source, decision, results={}, computed_at=None)
    unread = dict.fromkeys(
        ("last_value", "last_n", "last_low", "last_high", "checked_at", "fired_at")
    )
    _copy_rows(Trigger, source, decision, state=Trigger.State.WATCHING, **unread)


def _copy_rows(
    model: type[Any], source: Decision, decision: Decision, **fresh: Any
) -> None:
    rows = list(model.objects.filter(decision=source).order_by("pk"))
    for row in rows:
        row.pk = None
        row.decision = decision
        for name, value in fresh.items():
            setattr(row, name, value)
    model.objects.bulk_create(rows)
