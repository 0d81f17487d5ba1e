"""Figures and states of coaching as pages say them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.coaching.models import CoachingSession, Goal, ImprovementPlan, Milestone
from qa.coaching.selectors.goals import code_of, subject_name, value_words
from qa.coaching.selectors.plans import standing_of
from qa.coaching.services.plan_text import figure_words, milestone_bounds

SESSION_CHIPS = {
    CoachingSession.State.PLANNED: "watch",
    CoachingSession.State.PREPARED: "idle",
    CoachingSession.State.HELD: "watch",
    CoachingSession.State.ACKNOWLEDGED: "ok",
    CoachingSession.State.CANCELLED: "idle",
}
PLAN_CHIPS = {
    ImprovementPlan.State.DRAFT: "idle",
    ImprovementPlan.State.ISSUED: "watch",
    ImprovementPlan.State.ACTIVE: "watch",
    ImprovementPlan.State.PASSED: "ok",
    ImprovementPlan.State.FAILED: "late",
    ImprovementPlan.State.CANCELLED: "idle",
}
VERDICTS = {
    "OPEN": ("idle", gettext_lazy("Running, not counted yet")),
    "OPEN_MET": ("ok", gettext_lazy("Running, on track")),
    "OPEN_MISSED": ("watch", gettext_lazy("Running, not there yet")),
    "OPEN_NOT_ENOUGH": ("idle", gettext_lazy("Running, not enough cases yet")),
    "MET": ("ok", gettext_lazy("Met")),
    "MISSED": ("late", gettext_lazy("Missed")),
    "NOT_ENOUGH": ("idle", gettext_lazy("Not enough cases to tell")),
}


def goal_rows(goals: Iterable[Goal]) -> list[dict[str, Any]]:
    """Each goal with its bound, figure, interval, n and verdict in words."""
    return [_goal_row(goal) for goal in goals]


def _goal_row(goal: Goal) -> dict[str, Any]:
    code = code_of(goal)
    standing = standing_of(goal, code)
    chip, word = VERDICTS[standing.verdict]
    if not goal.is_measured and goal.state == Goal.State.OPEN:
        word = gettext_lazy("Running, a person says")
    return {
        "goal": goal,
        "bound": _bound(goal, code),
        "standing": standing,
        "chip": chip,
        "word": word,
        "can_decide": not goal.is_measured and goal.state == Goal.State.OPEN,
    }


def _bound(goal: Goal, code: str) -> str:
    if not goal.is_measured:
        return ""
    return _("%(what)s %(comparison)s %(bound)s, from %(n)d cases") % {
        "what": subject_name(code),
        "comparison": Goal.Comparison(goal.comparison).label,
        "bound": value_words(code, goal.target),
        "n": goal.min_n,
    }


def milestone_rows(rows: Iterable[Milestone]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        standing = standing_of(row, row.metric)
        chip, word = VERDICTS[standing.verdict]
        decided = VERDICTS[row.decided] if row.decided else None
        found.append(
            {
                "row": row,
                "bounds": milestone_bounds(row),
                "standing": standing,
                "chip": chip,
                "word": word if row.metric else gettext_lazy("A person says"),
                "decided": decided,
            }
        )
    return found


def fact_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Stored figures of a talk in words, each with its n and interval."""
    if not facts:
        return []
    rows = [
        (_("Average score, tickets drawn at random"), figure_words(facts["score"])),
        (_("The same, period before"), figure_words(facts["before"])),
    ]
    if facts["targeted"]["n"]:
        rows.append((_("Tickets chosen for a reason"), figure_words(facts["targeted"])))
    if facts["csat"]:
        rows.append((_("Satisfaction, stars"), _stars(facts["csat"])))
    rows += [(subject_name(each["code"]), _metric_words(each)) for each in facts["sla"]]
    return rows


def _stars(figure: dict[str, Any]) -> str:
    words = {"value": f"{figure['value']:.2f}", "n": figure["n"]}
    if figure["low"] is None:
        return _("%(value)s, n = %(n)s") % words
    return _("%(value)s, 95 %% interval %(low)s to %(high)s, n = %(n)s") % {
        **words,
        "low": f"{figure['low']:.2f}",
        "high": f"{figure['high']:.2f}",
    }


def _metric_words(figure: dict[str, Any]) -> str:
    code = figure["code"]
    if figure["value"] is None:
        return _("nothing to count")
    words = {"value": value_words(code, figure["value"]), "n": figure["n"]}
    if figure["low"] is None:
        return _("%(value)s, n = %(n)s") % words
    return _("%(value)s, 95 %% interval %(low)s to %(high)s, n = %(n)s") % {
        **words,
        "low": value_words(code, figure["low"]),
        "high": value_words(code, figure["high"]),
    }
