"""What the sections of a decision hold: facts for its history, values to show."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from supportops.metrics import catalogue, display
from supportops.metrics.scopes import today
from workforce.capacity.core.decisions import distinct_facts
from workforce.capacity.models import Decision, DecisionInput, Risk
from workforce.capacity.selectors.decisions.decided import beside_decided, counted
from workforce.capacity.selectors.decisions.figures import (
    day_text,
    metric_rows,
    window_of,
)
from workforce.capacity.selectors.decisions.inputs import (
    flaw_words,
    input_words,
    is_stale_on,
    pillars,
    range_text,
    unvalidated,
    value_words,
)
from workforce.capacity.selectors.decisions.reading import can_read
from workforce.people.models import User

Data = dict[str, Any]
Facts = dict[str, str]
_NUMBERED = re.compile(r" \(\d+\)$")
BALANCING = Decision.Kind.BALANCING


# Objective and question -------------------------------------------------------------------


def question_facts(decision: Decision) -> Facts:
    return {
        _("Objective"): decision.objective,
        _("Decision question"): decision.question,
    }


def question(decision: Decision, reader: User | None, at: datetime) -> Data:
    return {"objective": decision.objective, "question": decision.question}


def question_missing(decision: Decision, at: datetime) -> list[str]:
    return [] if decision.question.strip() else [_("a decision question")]


# Scope ------------------------------------------------------------------------------------


def scope_facts(decision: Decision) -> Facts:
    return {
        _("Title"): decision.title,
        _("Scope"): decision.scope,
        _("Queues"): ", ".join(_queue_names(decision)),
        _("Horizon"): _horizon(decision),
        _("Owner"): str(decision.owner),
    }


def scope(decision: Decision, reader: User | None, at: datetime) -> Data:
    return {
        "scope": decision.scope,
        "queues": _queue_names(decision),
        "horizon": _horizon(decision),
        "starts_on": _iso(decision.starts_on),
        "ends_on": _iso(decision.ends_on),
        "owner": str(decision.owner),
    }


def scope_missing(decision: Decision, at: datetime) -> list[str]:
    missing = []
    if not decision.scope.strip():
        missing.append(_("a scope"))
    if decision.starts_on is None or decision.ends_on is None:
        missing.append(_("a horizon with both days"))
    if not decision.owner.is_active:
        missing.append(_("an owner who still works here"))
    return missing


def _queue_names(decision: Decision) -> list[str]:
    return [str(queue) for queue in decision.queues.all()]


def _horizon(decision: Decision) -> str:
    first, last = day_text(decision.starts_on), day_text(decision.ends_on)
    return f"{first or '…'} – {last or '…'}" if first or last else ""


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


# Metrics ----------------------------------------------------------------------------------


def metrics_facts(decision: Decision) -> Facts:
    return dict(_metric_fact(code) for code in decision.metrics)


def metrics_missing(decision: Decision, at: datetime) -> list[str]:
    return [] if decision.metrics else [_("a metric")]


def _metric_fact(code: str) -> tuple[str, str]:
    try:
        metric = catalogue.get(code)
    except KeyError:
        return code, _("not in the catalogue")
    target = display.level_text(metric.target, metric.unit, display.time_words(metric))
    words = _("target %(target)s") % {"target": target} if target else _("no target")
    return str(metric.name), words


def metrics(decision: Decision, reader: User | None, at: datetime) -> Data:
    return {
        "rows": metric_rows(decision, at),
        "window": window_of(decision, at).words(),
    }


# Inputs -----------------------------------------------------------------------------------


def inputs_facts(decision: Decision) -> Facts:
    return distinct_facts((row.name, input_words(row)) for row in decision.inputs.all())


def inputs(decision: Decision, reader: User | None, at: datetime) -> Data:
    rows, day = list(decision.inputs.all()), today(at)
    found = {
        "rows": [_input_row(row, day) for row in rows],
        "pillars": [
            {"name": each.name, "lacks": each.lacks} for each in pillars(rows, day)
        ],
        "unvalidated": [
            {"id": each.input_id, "name": each.name, "words": each.words()}
            for each in unvalidated(rows, day)
        ],
    }
    return beside_decided(decision, found)


def _input_row(row: DecisionInput, day: Any) -> Data:
    due = row.refresh_due_on
    return {
        "id": row.pk,
        "key": row.key,
        "about": row.about,
        "about_name": str(row.get_about_display()),
        "name": row.name,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "text": value_words(row),
        "range": range_text(row),
        "source": row.source,
        "as_of": day_text(row.as_of),
        "gap": row.quality_gap,
        "data_owner": row.data_owner,
        "refresh_days": row.refresh_days,
        "due": day_text(due),
        "is_stale": is_stale_on(row, day),
        "flaws": flaw_words(row, day),
        "can_read": can_read(row),
    }


def without_costs(section: Data) -> Data:
    """Leave out the inputs about cost: fewer people see those."""
    rows = section["rows"]
    hidden = {row["name"] for row in rows if row["about"] == DecisionInput.About.COST}
    facts = {
        label: text
        for label, text in section.get("facts", {}).items()
        if _NUMBERED.sub("", label) not in hidden
    }
    kept = [row for row in rows if row["about"] != DecisionInput.About.COST]
    known = {row["id"] for row in kept}
    flawed = [each for each in section.get("unvalidated", ()) if each["id"] in known]
    return counted({**section, "rows": kept, "facts": facts, "unvalidated": flawed})


def inputs_missing(decision: Decision, at: datetime) -> list[str]:
    rows = list(decision.inputs.all())
    if not rows:
        return [_("inputs")]
    return [
        _("a source for the input “%(name)s”") % {"name": row.name}
        for row in rows
        if row.value is not None and not row.source.strip()
    ] + [
        _("a value for the input “%(name)s”") % {"name": row.name}
        for row in rows
        if row.value is None
    ]


# Rules and risks --------------------------------------------------------------------------


def rules_facts(decision: Decision) -> Facts:
    return {_("Rules and escalation paths"): decision.balancing_rules}


def rules(decision: Decision, reader: User | None, at: datetime) -> Data:
    return {"text": decision.balancing_rules}


def risks_facts(decision: Decision) -> Facts:
    return distinct_facts((row.text, _risk_words(row)) for row in _risks(decision))


def _risk_words(row: Risk) -> str:
    parts = [
        _("likelihood %(likelihood)s × impact %(impact)s = %(weight)d")
        % {
            "likelihood": row.likelihood,
            "impact": row.impact,
            "weight": row.weight,
        },
        row.mitigation,
        str(row.owner) if row.owner else "",
    ]
    return "; ".join(part for part in parts if part)


def _risks(decision: Decision) -> list[Risk]:
    """The worst first."""
    rows = decision.risks.select_related("owner")
    return sorted(rows, key=lambda row: (-row.weight, row.pk))


def risks(decision: Decision, reader: User | None, at: datetime) -> Data:
    return {
        "rows": [
            {
                "text": row.text,
                "likelihood": str(row.get_likelihood_display()),
                "impact": str(row.get_impact_display()),
                "weight": row.weight,
                "chip": "late"
                if row.weight >= 6
                else "watch"
                if row.weight >= 3
                else "",
                "mitigation": row.mitigation,
                "owner": str(row.owner) if row.owner else "",
            }
            for row in _risks(decision)
        ]
    }


# Recommendation ---------------------------------------------------------------------------


def recommendation_facts(decision: Decision) -> Facts:
    return {
        _("Option chosen"): _chosen(decision),
        _("Recommendation"): decision.recommendation,
        _("Timeline"): decision.timeline,
    }


def recommendation(decision: Decision, reader: User | None, at: datetime) -> Data:
    return {
        "chosen": decision.chosen,
        "chosen_name": _chosen(decision),
        "recommendation": decision.recommendation,
        "timeline": decision.timeline,
    }


def _chosen(decision: Decision) -> str:
    option = decision.options.filter(letter=decision.chosen).first()
    return str(option) if option else decision.chosen


def recommendation_missing(decision: Decision, at: datetime) -> list[str]:
    missing = []
    if decision.kind == BALANCING:
        option = decision.options.filter(letter=decision.chosen).first()
        if not decision.chosen or option is None:
            missing.append(_("the option chosen"))
    if not decision.recommendation.strip():
        missing.append(_("a recommendation"))
    return missing


# Reviews and data -------------------------------------------------------------------------


def reviews_facts(decision: Decision) -> Facts:
    days = [
        (day_text(row.due_on), row.note or _("review"))
        for row in decision.reviews.all()
    ]
    return distinct_facts([(_("Monitoring cadence"), decision.monitoring), *days])


def reviews(decision: Decision, reader: User | None, at: datetime) -> Data:
    day = today(at)
    return {
        "monitoring": decision.monitoring,
        "rows": [
            {
                "id": row.pk,
                "due": day_text(row.due_on),
                "note": row.note,
                "is_done": row.done_at is not None,
                "done": day_text(today(row.done_at)) if row.done_at else "",
                "by": str(row.done_by) if row.done_by else "",
                "outcome": row.outcome,
                "is_overdue": row.done_at is None and row.due_on < day,
                "is_soon": row.done_at is None
                and day <= row.due_on < day + timedelta(days=7),
            }
            for row in decision.reviews.select_related("done_by")
        ],
    }


def reviews_missing(decision: Decision, at: datetime) -> list[str]:
    ahead = decision.reviews.filter(done_at__isnull=True, due_on__gte=today(at))
    return [] if ahead.exists() else [_("a review date that is still to come")]


def data_facts(decision: Decision) -> Facts:
    return {_("Data-refresh plan"): decision.refresh_plan}


def data(decision: Decision, reader: User | None, at: datetime) -> Data:
    day = today(at)
    return {
        "plan": decision.refresh_plan,
        "rows": [
            {
                "name": row.name,
                "data_owner": row.data_owner,
                "every": row.refresh_days,
                "as_of": day_text(row.as_of),
                "due": day_text(row.refresh_due_on),
                "is_stale": is_stale_on(row, day),
            }
            for row in decision.inputs.all()
        ],
    }
