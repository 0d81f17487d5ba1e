"""What the core says as data, in words: conditions, changes and findings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from sla.core.durations import format_duration
from sla.core.policy import PolicyDefinition
from sla.core.policy_changes import Change
from sla.core.policy_lint import Finding
from sla.hours_phrases import hours_change

METRIC_NAMES: Mapping[str, Promise] = {
    "first_response": gettext_lazy("first response"),
    "next_reply": gettext_lazy("next reply"),
    "periodic_update": gettext_lazy("update"),
    "resolution": gettext_lazy("resolution"),
}
FIELD_NAMES: Mapping[str, Promise] = {
    "tier": gettext_lazy("tier"),
    "priority": gettext_lazy("priority"),
    "category": gettext_lazy("category"),
    "channel": gettext_lazy("channel"),
    "organisation": gettext_lazy("organisation"),
    "tag": gettext_lazy("tag"),
}
RULE_NAMES: Mapping[str, Promise] = {
    "first_response": gettext_lazy("counts as a first response"),
    "not_paused": gettext_lazy("never paused"),
    "pause_on": gettext_lazy("statuses that pause"),
    "next_reply_from_creation": gettext_lazy("next reply counts from the creation"),
    "reopen": gettext_lazy("reopening"),
    "pause_after_followups": gettext_lazy("pause after unanswered follow-ups"),
    "manual_pauses": gettext_lazy("documented pauses"),
}
VALUE_NAMES: Mapping[Any, Promise] = {
    "agent_reply": gettext_lazy("a public reply"),
    "took_charge": gettext_lazy("an agent taking charge"),
    "WAITING": gettext_lazy("waiting on customer"),
    "ON_HOLD": gettext_lazy("on hold"),
    "new_cycle": gettext_lazy("starts a new period"),
    "continue": gettext_lazy("goes on with the old period"),
    True: gettext_lazy("yes"),
    False: gettext_lazy("no"),
    None: gettext_lazy("never"),
}
NO_PRIORITY = pgettext_lazy("ticket", "No priority")


class Names:
    """Names of codes that the definition only refers to: tiers, channels, organisations."""

    def __init__(
        self,
        tiers: Mapping[str, str] | None = None,
        channels: Mapping[str, str] | None = None,
        organisations: Mapping[int, str] | None = None,
    ) -> None:
        self._by_field: dict[str, Mapping[Any, str]] = {
            "tier": tiers or {},
            "channel": channels or {},
            "organisation": organisations or {},
        }

    def of(self, field: str, value: Any) -> str:
        return str(self._by_field.get(field, {}).get(value, value))


NO_NAMES = Names()


def joined(values: Sequence[str], last: str) -> str:
    """``a, b or c``."""
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} {last} {values[-1]}"


def conditions_sentence(definition: PolicyDefinition, names: Names = NO_NAMES) -> str:
    """Whom the policy is for, in one sentence."""
    if not definition.conditions:
        return _("Every ticket.")
    parts = [
        _("%(field)s is %(values)s")
        % {
            "field": FIELD_NAMES[field],
            "values": joined(
                [names.of(field, value) for value in accepted],
                _("or"),
            ),
        }
        for field, accepted in definition.conditions.items()
    ]
    return _("Tickets whose %(conditions)s.") % {
        "conditions": joined(parts, _("and whose"))
    }


def duration(seconds: int | None) -> str:
    return _("no promise") if seconds is None else format_duration(seconds)


def row_name(priority: str) -> str:
    return priority or str(NO_PRIORITY)


def change_sentence(change: Change, names: Names = NO_NAMES, *, today: date) -> str:
    """``P2 first response: 1 h → 45 min``; of a calendar's days those from today on."""
    subject = _SUBJECTS[change.code](change.params, names)
    if change.code == "calendar_hours":
        lines = hours_change(
            change.params["before"], change.params["after"], today=today
        )
        return f"{subject}: {'; '.join(lines)}"
    before, after = _VALUES[change.code](change.params, names)
    return _("%(subject)s: %(before)s → %(after)s") % {
        "subject": subject,
        "before": before,
        "after": after,
    }


def _target_subject(params: Mapping[str, Any], names: Names) -> str:
    place = f"{row_name(params['priority'])} {METRIC_NAMES[params['metric']]}"
    if "tier" in params:
        return f"{names.of('tier', params['tier'])}, {place}"
    return place


def _calendar_subject(params: Mapping[str, Any], names: Names) -> str:
    if params["priority"]:
        return _("%(priority)s calendar") % {"priority": params["priority"]}
    return _("Calendar")


_SUBJECTS = {
    "condition": lambda params, names: (
        _("For tickets with %(field)s") % {"field": FIELD_NAMES[params["field"]]}
    ),
    "target": _target_subject,
    "tier_target": _target_subject,
    "multiplier": lambda params, names: (
        _("%(tier)s multiplier") % {"tier": names.of("tier", params["tier"])}
    ),
    "calendar": _calendar_subject,
    "calendar_hours": lambda params, names: (
        _("Hours of “%(name)s”") % {"name": params["name"]}
    ),
    "rule": lambda params, names: str(RULE_NAMES[params["field"]]).capitalize(),
}


def _condition_values(params: Mapping[str, Any], names: Names) -> tuple[str, str]:
    def words(values: Sequence[Any]) -> str:
        texts = [names.of(params["field"], value) for value in values]
        return joined(texts, _("or")) or _("any")

    return words(params["before"]), words(params["after"])


def rule_words(value: Any) -> str:
    if isinstance(value, list):
        texts = [str(VALUE_NAMES.get(v) or METRIC_NAMES.get(v, v)) for v in value]
        return joined(texts, _("and")) or _("none")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return str(VALUE_NAMES[value])


_VALUES = {
    "condition": _condition_values,
    "target": lambda p, names: (duration(p["before"]), duration(p["after"])),
    "tier_target": lambda p, names: (duration(p["before"]), duration(p["after"])),
    "multiplier": lambda p, names: (f"{p['before']:g} ×", f"{p['after']:g} ×"),
    "calendar": lambda p, names: (p["before"], p["after"]),
    "rule": lambda p, names: (rule_words(p["before"]), rule_words(p["after"])),
}


# Findings ---------------------------------------------------------------------------------

_FINDINGS: Mapping[str, Promise] = {
    "nothing_promised": gettext_lazy("No target is set, so nothing is promised."),
    "unknown_calendar": gettext_lazy(
        "The calendar with the number %(key)s does not exist."
    ),
    "no_first_response": gettext_lazy(
        "Nothing counts as a first response. Choose a public reply, taking charge, or both."
    ),
    "unreachable": gettext_lazy(
        "No new ticket can reach this policy: “%(policy)s” is tried before it and is for all "
        "of its tickets. Move this one up, or narrow the other."
    ),
    "missing_priority": gettext_lazy("Nothing is promised for %(priorities)s."),
    "no_priority_row": gettext_lazy(
        "Tickets without a priority are promised nothing until they are triaged."
    ),
    "shorter_than_sweep": gettext_lazy(
        "%(place)s is shorter than 30 seconds, the time between two looks for alerts: "
        "nobody is warned before it is over."
    ),
    "first_after_resolution": gettext_lazy(
        "%(place)s: the first response may come later than the resolution."
    ),
    "next_after_resolution": gettext_lazy(
        "%(place)s: the next reply may come later than the resolution."
    ),
    "update_after_resolution": gettext_lazy(
        "%(place)s: an update is due later than the resolution, so none is."
    ),
    "faster_than_more_urgent": gettext_lazy(
        "%(place)s is shorter than that of %(urgent)s, which is more urgent."
    ),
    "unknown_tier": gettext_lazy("There is no tier “%(tier)s”."),
    "rule_without_effect": gettext_lazy(
        "Every metric is exempt from pauses, so the rules on pauses do nothing."
    ),
}

_CALENDAR_FINDINGS: Mapping[str, Promise] = {
    "never_open": gettext_lazy(
        "it has no opening hours, so no promise can ever come due."
    ),
    "closed_ahead": gettext_lazy("it is never open from %(today)s until %(until)s."),
    "holidays_missing": gettext_lazy("no holidays are loaded for %(year)s."),
    "country_holidays_missing": gettext_lazy(
        "no holidays of %(country)s are loaded for %(year)s."
    ),
    "skipped_hours": gettext_lazy(
        "on %(date)s the clocks skip %(skipped)s, so that day is shorter."
    ),
    "repeated_hours": gettext_lazy(
        "on %(date)s the clocks show %(repeated)s twice, so that day is longer."
    ),
    "adjacent_intervals": gettext_lazy(
        "%(place)s: %(first)s and %(second)s can be written as one."
    ),
    "exceptions_all_past": gettext_lazy(
        "all dated hours lie in the past; the last is %(date)s."
    ),
    "closes_before_midnight": gettext_lazy(
        "%(place)s: %(hours)s leaves the end of the day closed; 24:00 is allowed."
    ),
    "overlap": gettext_lazy("%(place)s: %(first)s and %(second)s overlap."),
}


def finding_sentence(finding: Finding, names: Names = NO_NAMES) -> str:
    """One finding of the policy lint in words."""
    kind, _dot, code = finding.code.partition(".")
    params = dict(finding.params)
    if kind == "calendar":
        return _("Calendar “%(calendar)s”: %(finding)s") % {
            "calendar": params["calendar"],
            "finding": calendar_finding_sentence(code, params),
        }
    if "metric" in params or code_has_place(finding.code):
        params["place"] = _place(params, names)
    if "priorities" in params:
        params["priorities"] = joined(params["priorities"], _("or"))
    return str(_FINDINGS[finding.code]) % params


def calendar_finding_sentence(code: str, params: Mapping[str, Any]) -> str:
    """A finding of the calendar lint in words; one without wording keeps its English."""
    wording = _CALENDAR_FINDINGS.get(code)
    return str(params["message"]) if wording is None else str(wording) % params


def code_has_place(code: str) -> bool:
    return code.endswith("_after_resolution")


def _place(params: Mapping[str, Any], names: Names) -> str:
    parts = [row_name(params["priority"])]
    if "metric" in params:
        parts.append(str(METRIC_NAMES[params["metric"]]))
    place = " ".join(parts)
    if params.get("tiers"):
        tiers = joined([names.of("tier", tier) for tier in params["tiers"]], _("and"))
        return f"{tiers}, {place}"
    return place


def moves_sentence(
    *,
    open_promises: int,
    gained: int = 0,
    lost: int = 0,
    renewed: int = 0,
    switched: int = 0,
) -> str:
    """What a publication would do, in one sentence; counts of zero are left out."""
    parts = [
        wording % {"count": intcomma(count)}
        for count, wording in (
            (
                gained,
                ngettext(
                    "%(count)s ticket gets this policy",
                    "%(count)s tickets get this policy",
                    gained,
                ),
            ),
            (
                lost,
                ngettext(
                    "%(count)s ticket loses this policy",
                    "%(count)s tickets lose this policy",
                    lost,
                ),
            ),
            (
                renewed,
                ngettext(
                    "%(count)s ticket gets the new version",
                    "%(count)s tickets get the new version",
                    renewed,
                ),
            ),
            (
                switched,
                ngettext(
                    "%(count)s ticket gets another policy",
                    "%(count)s tickets get another policy",
                    switched,
                ),
            ),
        )
        if count
    ]
    promises = ngettext(
        "%(count)s open promise moves", "%(count)s open promises move", open_promises
    ) % {"count": intcomma(open_promises)}
    tickets = ", ".join(parts) or _("No existing ticket changes its policy")
    return f"{tickets}; {promises}."
