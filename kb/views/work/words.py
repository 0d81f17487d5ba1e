"""Rules and terms of the worklist, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kb.core import patterns
from kb.core.patterns import HIGH, RULES
from kb.models import GapTask, WorklistRow

Text = str | Promise
ACTIONS = WorklistRow.Action


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A ticket pattern: what it looks for, what is to be written, why that threshold.

    ``existing`` is what is to be done instead with an article that exists.
    """

    name: Text
    action: Text
    existing: Text
    threshold: Text
    why: Text


RULE_WORDS: Mapping[str, RuleWords] = {
    "many": RuleWords(
        gettext_lazy("Many tickets on one topic"),
        gettext_lazy("Write an article"),
        gettext_lazy("Have it found, or make it answer"),
        gettext_lazy("10 tickets in seven days in a row"),
        gettext_lazy("Two a working day: writing costs less than answering again."),
    ),
    "escalations": RuleWords(
        gettext_lazy("Repeated escalations"),
        gettext_lazy("Write an article with a troubleshooting section"),
        gettext_lazy("Add a troubleshooting section"),
        gettext_lazy("3 escalations on one topic"),
        gettext_lazy("One may be the case, two a coincidence."),
    ),
    "release": RuleWords(
        gettext_lazy("Questions after a release"),
        gettext_lazy("Document the feature"),
        gettext_lazy("Say in it what the release changed"),
        gettext_lazy(
            "5 tickets in the 14 days after release notes that speak of the topic, "
            "and twice those of the 14 days before"
        ),
        gettext_lazy("Without the comparison a busy topic would always fire."),
    ),
    "explanations": RuleWords(
        gettext_lazy("Long explanations in replies"),
        gettext_lazy("Turn them into a how-to guide"),
        gettext_lazy("Put the explanation into it"),
        gettext_lazy("3 tickets with a reply of 900 characters or more"),
        gettext_lazy("About 150 words: an article that somebody has written already."),
    ),
    "workaround": RuleWords(
        gettext_lazy("A workaround was found"),
        gettext_lazy("Write it down"),
        gettext_lazy("Write the workaround into it"),
        gettext_lazy("2 tickets ended with a workaround, or flagged for one"),
        gettext_lazy("The second customer shows that it is needed again."),
    ),
}

WAYS: Mapping[str, Text] = {
    "zero": gettext_lazy("%(n)d without a result"),
    "unopened": gettext_lazy("%(n)d not opened"),
    "refined": gettext_lazy("%(n)d asked again"),
    "with_ticket": gettext_lazy("%(n)d followed by a ticket"),
}

PRIORITY_WORDS = {HIGH: gettext_lazy("High"), patterns.MEDIUM: gettext_lazy("Medium")}

TERM_WORDS: Mapping[str, tuple[Text, str]] = {
    "searches": (gettext_lazy("Searches in vain a month"), "count"),
    "tickets_per_search": (gettext_lazy("Tickets for each such search"), "share"),
    "tickets": (gettext_lazy("Tickets a month without a search before"), "count"),
    "reached": (gettext_lazy("of them by people who look first"), "share"),
    "tickets_after_reading": (
        gettext_lazy("Tickets a month from readers of the article"),
        "count",
    ),
    "flagged": (gettext_lazy("of them because of what is flagged"), "share"),
    "not_helpful": (gettext_lazy("of readers for whom it was no help"), "share"),
    "wrong_when_stale": (
        gettext_lazy("of articles wrong when looked at late"),
        "share",
    ),
    "avoided": (gettext_lazy("of tickets that an article avoids"), "share"),
    "minutes": (gettext_lazy("Minutes of handling a ticket"), "minutes"),
}


def rule_lines(fired: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "code": rule.code,
            "words": RULE_WORDS[rule.code],
            "priority": PRIORITY_WORDS[rule.priority],
            "is_high": rule.priority == HIGH,
            "fired": fired.get(rule.code, 0),
        }
        for rule in RULES.values()
    ]


def term_lines(row: WorklistRow) -> list[dict[str, Any]]:
    """The terms of the formula, ready to read."""
    return [
        {
            "name": TERM_WORDS[term["code"]][0],
            **_values(term, TERM_WORDS[term["code"]][1]),
            "n": term["n"] and number_format(term["n"], 0, force_grouping=True),
        }
        for term in row.terms
        if term["code"] in TERM_WORDS
    ]


def _values(term: Mapping[str, Any], unit: str) -> dict[str, str]:
    """The likely value and both ends of its interval, rounded alike."""
    found = {"value": term["likely"], "low": term["low"], "high": term["high"]}
    if unit == "share":
        places = 0 if min(found.values()) >= 0.1 else 1
        return {
            name: f"{number_format(round(100 * value, places), places)} %"
            for name, value in found.items()
        }
    places = 0 if max(found.values()) >= 100 else 1
    return {
        name: number_format(round(value, places), places)
        for name, value in found.items()
    }


def finding_lines(row: WorklistRow) -> list[dict[str, Any]]:
    return [
        {
            "name": RULE_WORDS[found["code"]].name,
            "threshold": RULE_WORDS[found["code"]].threshold,
            "action": _asked_by(found["code"], row),
            "text": _finding(found),
        }
        for found in row.evidence.get("findings", [])
        if found["code"] in RULE_WORDS
    ]


def _asked_by(code: str, row: WorklistRow) -> Text:
    """What a pattern asks for: with an article there is nothing to begin anew."""
    if row.article_id is None:
        return RULE_WORDS[code].action
    if row.action == ACTIONS.CUSTOMERS:
        return row.get_action_display()
    if code == "escalations" and row.action == ACTIONS.IMPROVE:
        return _("Add what escalated")
    return RULE_WORDS[code].existing


def _finding(found: Mapping[str, Any]) -> str:
    first, last = (
        date_format(date.fromisoformat(found[end])) for end in ("first", "last")
    )
    facts = {
        "n": found["count"],
        "first": first,
        "last": last,
        "release": found["release"],
        "before": found["before"],
    }
    if found["code"] == "escalations":
        words = ngettext(
            "%(n)d escalation, %(first)s to %(last)s",
            "%(n)d escalations, %(first)s to %(last)s",
            facts["n"],
        )
    elif found["code"] == "release":
        words = _(
            "%(n)d tickets in the 14 days after “%(release)s”, %(before)d in the 14 before"
        )
    else:
        words = ngettext(
            "%(n)d ticket, %(first)s to %(last)s",
            "%(n)d tickets, %(first)s to %(last)s",
            facts["n"],
        )
    return words % facts


def unanswered(row: WorklistRow) -> list[str]:
    """How the searches of a gap failed; one may be in several of these."""
    counts = row.evidence.get("unanswered", {})
    return [
        str(text) % {"n": counts[way]} for way, text in WAYS.items() if counts.get(way)
    ]


def state_words(task: GapTask | None) -> Text:
    return task.get_state_display() if task else _("To do")


def state_chip(task: GapTask | None, *, is_overdue: bool) -> str:
    if task is None:
        return "idle"
    if is_overdue:
        return "late"
    return "watch" if task.state == GapTask.State.TAKEN else "ok"
