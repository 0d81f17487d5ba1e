"""Words for sampling: strata, rules with their reasons, a plan and what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.core import sampling
from qa.core.sampling import flags as sampling_flags
from qa.models import SampleItem, SamplingPlan
from qa.selectors.sampling import ASSUMED, OWN, Spread

Text = str | Promise

STRATUM_NAMES: dict[str, Text] = {
    sampling.CATEGORY: gettext_lazy("Category (first level)"),
    sampling.COMPLEXITY: gettext_lazy("Complexity"),
    sampling.CHANNEL: gettext_lazy("Channel"),
    sampling.PRIORITY: gettext_lazy("Priority"),
}
STRATUM_WORDS: dict[str, Text] = {
    sampling.CATEGORY: gettext_lazy("category"),
    sampling.COMPLEXITY: gettext_lazy("complexity"),
    sampling.CHANNEL: gettext_lazy("channel"),
    sampling.PRIORITY: gettext_lazy("priority"),
}
COMPLEXITY_NAMES: dict[str, Text] = {
    sampling.LOW: gettext_lazy("simple"),
    sampling.MEDIUM: gettext_lazy("medium"),
    sampling.HIGH: gettext_lazy("complex"),
}
RULE_NAMES: dict[str, Text] = {
    sampling_flags.REOPENED: gettext_lazy("Reopened"),
    sampling_flags.BREACHED: gettext_lazy("Promise missed"),
    sampling_flags.ESCALATED: gettext_lazy("Escalated"),
    sampling_flags.LOW_SATISFACTION: gettext_lazy("Unsatisfied customer"),
    sampling_flags.LONG_CONVERSATION: gettext_lazy("Long conversation"),
    sampling_flags.SLOW_RESOLUTION: gettext_lazy("Very slow resolution"),
}
RULE_LABELS: dict[str, Text] = {
    **RULE_NAMES,
    sampling_flags.LOW_SATISFACTION: gettext_lazy("Unsatisfied customer: 1 or 2 of 5"),
    sampling_flags.LONG_CONVERSATION: gettext_lazy("Long: 12 messages or more"),
    sampling_flags.SLOW_RESOLUTION: gettext_lazy("Slow: a week or longer"),
}
RULE_REASONS: dict[str, Text] = {
    sampling_flags.REOPENED: gettext_lazy(
        "It was reopened after it had been resolved."
    ),
    sampling_flags.BREACHED: gettext_lazy("A promise to the customer was missed."),
    sampling_flags.ESCALATED: gettext_lazy("It was given to a higher support level."),
    sampling_flags.LOW_SATISFACTION: gettext_lazy(
        "The customer answered 1 or 2 of 5 in the survey."
    ),
    sampling_flags.LONG_CONVERSATION: gettext_lazy("It took 12 messages or more."),
    sampling_flags.SLOW_RESOLUTION: gettext_lazy("It took a week or longer."),
}


def stratum_words(label: str, fields: Sequence[str]) -> str:
    """Say a stratum in words; ``fields`` are those that it was made of."""
    if not label:
        return _("All tickets")
    values = label.split(sampling.JOINT)
    if len(values) != len(fields):
        return label
    return " · ".join(
        str(COMPLEXITY_NAMES.get(value, value))
        if field == sampling.COMPLEXITY
        else value
        for value, field in zip(values, fields, strict=True)
    )


def percent(share: float) -> str:
    """Write a share in percent, with one decimal where it has one."""
    value = round(100 * share, 1)
    return number_format(value, 0 if value == int(value) else 1)


def why_words(why: str, rule: str, probability: float | None) -> str:
    """Say why a ticket is reviewed, in a sentence."""
    if why == SampleItem.Why.RANDOM and probability is not None:
        return _("Drawn at random, chance %(chance)s %%.") % {
            "chance": percent(probability)
        }
    if why == SampleItem.Why.RULE:
        return str(RULE_REASONS.get(rule, rule))
    if why == SampleItem.Why.OVERLAP:
        return _("Second, blind review of a ticket drawn at random.")
    return _("Its right answers are known: it examines the reviewer.")


def stratum_order(label: str, fields: Sequence[str]) -> tuple[Any, ...]:
    """Return where a stratum stands in a table: simple before complex."""
    values = label.split(sampling.JOINT)
    return tuple(
        sampling.COMPLEXITIES.index(value)
        if field == sampling.COMPLEXITY and value in sampling.COMPLEXITIES
        else value
        for value, field in zip(values, fields, strict=False)
    )


def half_words(half: float) -> str:
    """Say a half-width in points; it is unknown below two reviews."""
    if half == float("inf"):
        return _("unknown below 2 reviews")
    return _("± %(points)s points") % {"points": number_format(round(half, 1), 1)}


def spread_words(spread: Spread) -> str:
    """Say a spread and where it comes from."""
    points = number_format(round(spread.points, 1), 1)
    if spread.source == OWN:
        return _("%(points)s, from %(n)s own reviews") % {
            "points": points,
            "n": spread.n,
        }
    if spread.source == ASSUMED:
        return _("%(points)s, assumed: there are too few reviews yet") % {
            "points": points
        }
    return _("%(points)s, from %(n)s reviews of everybody") % {
        "points": points,
        "n": spread.n,
    }


def quota_words(plan: SamplingPlan) -> str:
    if plan.quota_rule == SamplingPlan.Quota.FIXED:
        return ngettext(
            "%(n)s ticket an agent a week",
            "%(n)s tickets an agent a week",
            plan.quota or 0,
        ) % {"n": plan.quota}
    return _("5, 4, 3 or 2 tickets an agent a week, by team size")


def filter_words(plan: SamplingPlan) -> str:
    """Say which tickets make the plan's frame. Its relations should be prefetched."""
    parts = [_("Tickets that people who work here resolved in the week")]
    for words, rows in (
        (_("agents of %(names)s"), plan.teams.all()),
        (_("about %(names)s and what is beneath"), plan.categories.all()),
        (_("through %(names)s"), plan.channels.all()),
    ):
        if rows:
            parts.append(words % {"names": _join([str(row) for row in rows])})
    parts.append(_("without duplicates and out-of-scope tickets"))
    return ", ".join(parts) + "."


def strata_words(plan: SamplingPlan) -> str:
    if not plan.strata:
        return _("No strata: every ticket of an agent has the same chance.")
    return _("%(method)s; strata by %(fields)s.") % {
        "method": plan.get_allocation_display(),
        "fields": _join([str(STRATUM_WORDS[field]) for field in plan.strata]),
    }


def rules_words(plan: SamplingPlan) -> str:
    if not plan.rules or not plan.rule_limit:
        return _("No flagged tickets beside the random ones.")
    return ngettext(
        "Up to %(n)s flagged ticket an agent: %(rules)s.",
        "Up to %(n)s flagged tickets an agent: %(rules)s.",
        plan.rule_limit,
    ) % {
        "n": plan.rule_limit,
        "rules": _join([str(RULE_NAMES[rule]).lower() for rule in plan.rules]),
    }


def blind_words(plan: SamplingPlan) -> str:
    return _(
        "%(overlap)s %% reviewed twice, blind; %(gold)s %% with a known answer."
    ) % {
        "overlap": percent(float(plan.overlap_share)),
        "gold": percent(float(plan.gold_share)),
    }


FINDINGS: dict[str, Text] = {
    "no_reviewers": gettext_lazy(
        "Nobody may review: no draw can be taken. Name reviewers."
    ),
    "no_version": gettext_lazy(
        "The scorecard has no published version: no draw can be taken. Publish it."
    ),
    "nobody_certified": gettext_lazy(
        "The scorecard asks for certified reviewers and none of these is: all get gold "
        "tickets only. Certify somebody."
    ),
    "may_not_score": gettext_lazy(
        "%(names)s may not score reviews. Give them the role QA reviewer or take them out."
    ),
    "one_reviewer": gettext_lazy(
        "With one reviewer no ticket can be reviewed twice, and severity cannot be told "
        "from quality. Name a second one."
    ),
    "no_overlap": gettext_lazy(
        "No ticket is reviewed twice: how far reviewers agree stays unknown. 5 to 10 % "
        "are usual."
    ),
    "no_gold": gettext_lazy(
        "A share of gold tickets is asked for, and this version of the scorecard has none. "
        "A closed calibration offers some."
    ),
    "rules_unused": gettext_lazy(
        "Rules are chosen, and flagged tickets are limited to 0: nothing is flagged."
    ),
    "limit_low": gettext_lazy(
        "The last draw had %(items)s reviews; these reviewers take %(limit)s at most. The "
        "rest would be nobody's. Raise the limit or name more."
    ),
}


def finding_words(code: str, values: Mapping[str, Any]) -> str:
    text = str(FINDINGS[code])
    return (
        text
        % {
            name: _join(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        if values
        else text
    )


def _join(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {
        "first": ", ".join(names[:-1]),
        "last": names[-1],
    }
