"""An improvement plan written out: what is shown, printed and signed is this text."""

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from qa.coaching.core.plan_text import PlanText
from qa.coaching.models import Goal, ImprovementPlan, Milestone
from qa.coaching.selectors.goals import (
    code_of,
    subject_name,
    value_words,
)
from qa.coaching.selectors.plans import ends_on

Plan = ImprovementPlan


def compose(plan: Plan) -> str:
    """Write the plan out from its rows, in the order of its form."""
    text = PlanText(
        heading=_("Improvement plan: %(agent)s") % {"agent": plan.agent},
        sections=(
            (_("Dates and people"), _people(plan)),
            (_("Performance at the start"), performance_lines(plan.facts)),
            (_("Specific concerns"), plan.concerns.splitlines()),
            (_("Standards required"), [_standard(g) for g in _standards(plan)]),
            (_("Support provided"), [*plan.support.splitlines(), *_extras(plan)]),
            (_("Milestones"), [_milestone(row) for row in _milestones(plan)]),
            (_("Success criteria"), plan.success.splitlines()),
        ),
    )
    return str(text)


def _people(plan: Plan) -> list[str]:
    lines = [
        _("Starts on %(day)s") % {"day": _day(plan.starts_on)},
        _("Reviewed on %(day)s, after %(days)d days")
        % {"day": _day(ends_on(plan)), "days": plan.days},
        _("Manager: %(name)s") % {"name": plan.manager},
    ]
    if plan.hr_contact:
        lines.append(_("Personnel contact: %(name)s") % {"name": plan.hr_contact})
    return lines


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def performance_lines(facts: dict[str, Any]) -> list[str]:
    """Say the agent's score beside the team's, each with n and interval."""
    return [
        _("%(who)s: %(figure)s") % {"who": who, "figure": figure_words(facts[key])}
        for key, who in (("score", _("Quality score")), ("team", _("Team average")))
        if facts.get(key)
    ]


def figure_words(figure: dict[str, Any]) -> str:
    """Write a stored mean: value of 100, interval, number of reviews."""
    if figure.get("value") is None:
        return _("no reviews")
    words = {
        "value": number_format(round(figure["value"], 1), 1),
        "n": figure["n"],
    }
    if figure.get("low") is None:
        return _("%(value)s of 100, n = %(n)s, too few for an interval") % words
    return _("%(value)s of 100, 95 %% interval %(low)s to %(high)s, n = %(n)s") % {
        **words,
        "low": number_format(round(figure["low"], 1), 1),
        "high": number_format(round(figure["high"], 1), 1),
    }


def _standards(plan: Plan) -> list[Goal]:
    return list(plan.standards.order_by("pk"))


def _milestones(plan: Plan) -> list[Milestone]:
    return list(plan.milestones.order_by("week"))


def _standard(goal: Goal) -> str:
    if not goal.is_measured:
        return goal.text
    bound = value_words(code_of(goal), goal.target)
    return _("%(goal)s (%(what)s %(comparison)s %(bound)s, from %(n)d cases)") % {
        "goal": goal.text,
        "what": subject_name(code_of(goal)),
        "comparison": Goal.Comparison(goal.comparison).label,
        "bound": bound,
        "n": goal.min_n,
    }


def _milestone(row: Milestone) -> str:
    said = _("Week %(week)d: %(text)s") % {"week": row.week, "text": row.text}
    bounds = milestone_bounds(row)
    return f"{said} ({bounds})" if bounds else said


def milestone_bounds(row: Milestone) -> str:
    """Say which figure a milestone asks for; empty without one."""
    if not row.metric:
        return ""
    parts = [
        f"{word} {value_words(row.metric, bound)}"
        for word, bound in ((_("at least"), row.at_least), (_("at most"), row.at_most))
        if bound is not None
    ]
    return _("%(what)s %(bounds)s, from %(n)d cases") % {
        "what": subject_name(row.metric),
        "bounds": ", ".join(parts),
        "n": row.min_n,
    }


def _extras(plan: Plan) -> list[str]:
    lines = []
    if plan.buddy:
        lines.append(_("Buddy: %(name)s") % {"name": plan.buddy})
    if plan.load_percent < 100:
        lines.append(
            _("Ticket load meanwhile: %(percent)d %% of the usual")
            % {"percent": plan.load_percent}
        )
    return lines
