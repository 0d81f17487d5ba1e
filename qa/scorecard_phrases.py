"""What the core says about scorecards as data, in words: findings and changes."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core.scorecard_changes import Change
from qa.core.scorecard_lint import Finding

Names = Mapping[str, Mapping[str, str]]
"""Field of a condition to code to name."""

SETTING_NAMES: Mapping[str, Promise] = {
    "na_policy": gettext_lazy("“Does not apply”"),
    "fail_policy": gettext_lazy("After a critical fail"),
    "pass_mark": gettext_lazy("Pass mark"),
    "dispute_hours": gettext_lazy("Hours to dispute"),
    "kind": gettext_lazy("kind"),
    "guidance": gettext_lazy("guidance"),
    "weight": gettext_lazy("weight"),
    "na_allowed": gettext_lazy("may not apply"),
    "critical": gettext_lazy("critical"),
    "critical_below": gettext_lazy("critical below"),
    "comment_below": gettext_lazy("comment asked for below"),
    "show_when": gettext_lazy("asked"),
    "label": gettext_lazy("name"),
    "points": gettext_lazy("points"),
    "anchor": gettext_lazy("description"),
    "text": gettext_lazy("text"),
    "precheck": gettext_lazy("rule that ticks it first"),
}
WORDS: Mapping[tuple[str, Any], Promise] = {
    ("na_policy", "exclude"): gettext_lazy("leaves the criterion out"),
    ("na_policy", "as_full"): gettext_lazy("counts as full marks"),
    ("na_policy", "not_allowed"): gettext_lazy("is no answer"),
    ("fail_policy", "zero_score"): gettext_lazy("the score is 0"),
    ("fail_policy", "keep_score"): gettext_lazy("the score stays, the review fails"),
    ("kind", "levels"): gettext_lazy("levels"),
    ("kind", "checklist"): gettext_lazy("checklist"),
    ("kind", "text"): gettext_lazy("free text"),
    ("critical", "none"): gettext_lazy("no"),
    ("critical", "section"): gettext_lazy("fails its section"),
    ("critical", "all"): gettext_lazy("fails the whole review"),
}
PRECHECK_NAMES: Mapping[str, Promise] = {
    "greeting": gettext_lazy("rule: greeting"),
    "restated": gettext_lazy("rule: issue restated"),
    "next_steps": gettext_lazy("rule: next steps"),
    "categorised": gettext_lazy("rule: categorised"),
    "tone": gettext_lazy("rule: tone"),
    "handle_time": gettext_lazy("rule: handle time"),
}
FIELD_NAMES: Mapping[str, Promise] = {
    "channel": gettext_lazy("channel"),
    "priority": gettext_lazy("priority"),
    "category": gettext_lazy("category"),
    "tier": gettext_lazy("customer tier"),
    "tag": gettext_lazy("tag"),
}

FINDINGS: Mapping[str, Promise] = {
    "no_criterion": gettext_lazy("There is no criterion: add one."),
    "nothing_scored": gettext_lazy(
        "Nothing counts for a score: give a section and a criterion in it a weight."
    ),
    "only_conditional": gettext_lazy(
        "Every scored criterion has a condition: a ticket that meets none gets no score."
    ),
    "pass_mark_above_100": gettext_lazy(
        "The pass mark is %(value)s: nobody can pass above 100."
    ),
    "no_dispute": gettext_lazy(
        "Agents have no time to dispute: give them hours, 72 for instance."
    ),
    "many_criteria": gettext_lazy(
        "%(count)s criteria are more than a reviewer keeps in mind: merge some."
    ),
    "duplicate_section": gettext_lazy(
        "Two sections have the key “%(key)s”: change one."
    ),
    "duplicate_criterion": gettext_lazy(
        "Two criteria have the key “%(key)s”: change one, or their figures mix."
    ),
    "section_without_title": gettext_lazy("A section has no title: name it."),
    "empty_section": gettext_lazy(
        "Section “%(section)s” has no criterion: add one or remove the section."
    ),
    "section_scores_nothing": gettext_lazy(
        "Section “%(section)s” has a weight and nothing scored in it: its weight goes to "
        "the other sections."
    ),
    "weight_without_effect": gettext_lazy(
        "The weights in section “%(section)s” have no effect, as the section itself "
        "weighs 0."
    ),
    "criterion_without_title": gettext_lazy("A criterion has no title: name it."),
    "too_few_levels": gettext_lazy(
        "“%(criterion)s” has fewer than two levels: add one."
    ),
    "duplicate_level": gettext_lazy(
        "“%(criterion)s” has two levels with the key “%(key)s”: change one."
    ),
    "level_without_label": gettext_lazy(
        "Level %(number)s of “%(criterion)s” has no name: name it."
    ),
    "same_points": gettext_lazy(
        "“%(better)s” and “%(worse)s” of “%(criterion)s” have the same points: give the "
        "better one more."
    ),
    "not_descending": gettext_lazy(
        "“%(worse)s” of “%(criterion)s” has more points than “%(better)s” above it: put "
        "the best level first."
    ),
    "no_points": gettext_lazy(
        "No level of “%(criterion)s” has points: give the best one some."
    ),
    "floor": gettext_lazy(
        "The lowest level of “%(criterion)s” still earns %(share)s of its points."
    ),
    "no_anchor": gettext_lazy(
        "“%(criterion)s”: %(levels)s without a description, so reviewers will differ. "
        "Say what can be seen in a ticket."
    ),
    "no_checks": gettext_lazy("“%(criterion)s” has no box: add one."),
    "duplicate_check": gettext_lazy(
        "“%(criterion)s” has two boxes with the key “%(key)s”: change one."
    ),
    "check_without_text": gettext_lazy(
        "Box %(number)s of “%(criterion)s” has no text: write what is looked for."
    ),
    "text_cannot_fail": gettext_lazy(
        "“%(criterion)s” is free text and cannot be critical: use levels."
    ),
    "critical_without_threshold": gettext_lazy(
        "“%(criterion)s” is critical: say below how many points."
    ),
    "critical_never": gettext_lazy(
        "“%(criterion)s” is critical below %(value)s points, and nothing is below: "
        "raise it."
    ),
    "critical_always": gettext_lazy(
        "“%(criterion)s” is critical below %(value)s points, and so at every level: "
        "lower it."
    ),
    "section_cannot_fail": gettext_lazy(
        "“%(criterion)s” fails section “%(section)s”, which counts for nothing: let it "
        "fail the whole review."
    ),
    "comment_never": gettext_lazy(
        "“%(criterion)s” asks for a comment below %(value)s points, and nothing is below."
    ),
    "comment_always": gettext_lazy(
        "“%(criterion)s” asks for a comment at every level, the best one too."
    ),
    "na_without_policy": gettext_lazy(
        "“%(criterion)s” may not apply, but this scorecard takes “does not apply” "
        "nowhere: choose one."
    ),
    "unknown_field": gettext_lazy(
        "“%(criterion)s” asks for “%(field)s” of a ticket, which nobody knows: remove "
        "the condition."
    ),
    "unknown_value": gettext_lazy(
        "“%(criterion)s” waits for a %(field)s that does not exist any more: %(values)s."
    ),
    "condition_unknown": gettext_lazy(
        "“%(criterion)s” depends on “%(other)s”, which is not there: remove the condition."
    ),
    "condition_later": gettext_lazy(
        "“%(criterion)s” depends on “%(other)s”, which comes later: move it up, or "
        "remove the condition."
    ),
    "condition_unknown_level": gettext_lazy(
        "“%(criterion)s” waits for a level that “%(other)s” does not have: %(levels)s."
    ),
}


def finding_sentence(finding: Finding, names: Names | None = None) -> str:
    """Where it is, what is wrong and what to do, in a sentence or two."""
    values = {key: _shown(value) for key, value in finding.params.items()}
    if "share" in values:
        values["share"] = percent(finding.params["share"])
    if "field" in values:
        values["field"] = str(FIELD_NAMES.get(values["field"], values["field"]))
    return str(FINDINGS[finding.code]) % values


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(f"“{each}”" for each in value)
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """``30`` for 30.0, ``7.5`` for 7.5."""
    return f"{value:g}"


def percent(share: float | Fraction) -> str:
    """``30 %``; a decimal only where there is one."""
    return f"{round(100 * float(share), 1):g} %"


# Conditions -------------------------------------------------------------------------------


def condition_sentence(
    show_when: Mapping[str, Mapping[str, list[str]]] | None,
    names: Names | None = None,
    answers: Mapping[str, tuple[str, Mapping[str, str]]] | None = None,
) -> str:
    """When a criterion is asked.

    ``names`` has the names of a ticket's codes, ``answers`` title and level labels of
    the criteria; codes and keys stand in for what is not named.
    """
    if not show_when or not any(show_when.values()):
        return _("always")
    parts = [
        _("%(field)s is %(values)s")
        % {
            "field": FIELD_NAMES.get(field, field),
            "values": _any_of((names or {}).get(field, {}).get(v, v) for v in values),
        }
        for field, values in show_when.get("ticket", {}).items()
    ]
    for key, levels in show_when.get("answers", {}).items():
        title, labels = (answers or {}).get(key, (key, {}))
        chosen = _any_of(labels.get(level, level) for level in levels)
        parts.append(
            _("“%(criterion)s” is %(values)s") % {"criterion": title, "values": chosen}
        )
    return _("when %(conditions)s") % {"conditions": _(" and ").join(parts)}


def _any_of(values: Iterable[str]) -> str:
    return _(" or ").join(str(value) for value in values)


# Changes ----------------------------------------------------------------------------------


def change_sentence(change: Change, names: Names | None = None) -> str:
    """One difference in words: ``Pass mark: 80 → 85``."""
    return _CHANGES[change.code](change.params, names)


def setting_value(field: str, value: Any, names: Names | None = None) -> str:
    """The value of a setting as a page shows it."""
    if field == "show_when":
        return condition_sentence(value, names)
    if value is True or value is False:
        return _("yes") if value else _("no")
    if value in (None, ""):
        return _("none")
    if isinstance(value, (int, float)):
        return number(value)
    return str(WORDS.get((field, value), f"“{value}”"))


def _from_to(params: Mapping[str, Any], names: Names | None) -> str:
    field = params["field"]
    return _("%(before)s → %(after)s") % {
        "before": setting_value(field, params["before"], names),
        "after": setting_value(field, params["after"], names),
    }


def _setting(params: Mapping[str, Any], names: Names | None) -> str:
    return f"{SETTING_NAMES[params['field']]}: {_from_to(params, names)}"


def _criterion(params: Mapping[str, Any], names: Names | None) -> str:
    name = SETTING_NAMES[params["field"]]
    return f"{params['criterion']}, {name}: {_from_to(params, names)}"


def _part(what: str) -> Callable[[Mapping[str, Any], Names | None], str]:
    def sentence(params: Mapping[str, Any], names: Names | None) -> str:
        name = SETTING_NAMES[params["field"]]
        return (
            f"{params['criterion']}, “{params[what]}”, {name}: "
            f"{_from_to(params, names)}"
        )

    return sentence


def _share(params: Mapping[str, Any], names: Names | None) -> str:
    return _("%(criterion)s counts %(after)s of the whole instead of %(before)s") % {
        "criterion": params["criterion"],
        "before": percent(params["before"]),
        "after": percent(params["after"]),
    }


def _order(params: Mapping[str, Any], names: Names | None) -> str:
    if params["field"] == "criteria":
        return _("New order: %(order)s") % {"order": ", ".join(params["after"])}
    return _("%(criterion)s: new order inside") % {"criterion": params["criterion"]}


def _level_added(params: Mapping[str, Any], names: Names | None) -> str:
    return _("%(criterion)s: new level “%(level)s” with %(points)s points") % {
        **params,
        "points": number(params["points"]),
    }


def _plain(text: Promise) -> Callable[[Mapping[str, Any], Names | None], str]:
    def sentence(params: Mapping[str, Any], names: Names | None) -> str:
        values = {
            key: number(value) if isinstance(value, float) else value
            for key, value in params.items()
        }
        return str(text) % values

    return sentence


_CHANGES: Mapping[str, Callable[[Mapping[str, Any], Names | None], str]] = {
    "setting": _setting,
    "section_added": _plain(gettext_lazy("New section “%(section)s”")),
    "section_removed": _plain(gettext_lazy("Section “%(section)s” is removed")),
    "section_title": _plain(gettext_lazy("Section “%(before)s” is called “%(after)s”")),
    "section_weight": _plain(
        gettext_lazy("Section “%(section)s”, weight: %(before)s → %(after)s")
    ),
    "criterion_added": _plain(
        gettext_lazy("New criterion “%(criterion)s” in section “%(section)s”")
    ),
    "criterion_removed": _plain(gettext_lazy("Criterion “%(criterion)s” is removed")),
    "criterion_title": _plain(
        gettext_lazy("Criterion “%(before)s” is called “%(after)s”")
    ),
    "criterion_moved": _plain(
        gettext_lazy("Criterion “%(criterion)s” moves to section “%(after)s”")
    ),
    "criterion": _criterion,
    "share": _share,
    "level_added": _level_added,
    "level_removed": _plain(
        gettext_lazy("%(criterion)s: level “%(level)s” is removed")
    ),
    "level": _part("level"),
    "check_added": _plain(gettext_lazy("%(criterion)s: new box “%(check)s”")),
    "check_removed": _plain(gettext_lazy("%(criterion)s: box “%(check)s” is removed")),
    "check": _part("check"),
    "order": _order,
}
