"""One policy: what it says now, its versions, and the difference of any two."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from sla.core.durations import format_duration
from sla.core.history import METRICS
from sla.core.policy import ROWS, PolicyDefinition
from sla.core.policy_changes import calendar_name
from sla.hours_phrases import week_sentence
from sla.models import Policy, PolicyVersion
from sla.phrases import (
    METRIC_NAMES,
    RULE_NAMES,
    conditions_sentence,
    row_name,
    rule_words,
)
from sla.selectors import calendars as calendar_selectors
from sla.selectors import policies as selectors
from sla.selectors.policy_words import names_of, tier_names
from sla.views.wording import change_lines
from supportops.common.pages import StaffPageMixin


class PolicyView(StaffPageMixin, TemplateView):
    """What is promised now, the draft if there is one, and every version."""

    permission = "sla.view_policy"
    template_name = "sla/policy/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy = get_object_or_404(
            selectors.policies_with_versions(), pk=self.kwargs["pk"]
        )
        now = timezone.now()
        rows: list[PolicyVersion] = policy.ordered_versions  # type: ignore[attr-defined]  # prefetched
        versions = [version_row(version, now) for version in rows]
        shown = next((row for row in versions if row["state"] == "now"), None)
        shown = shown or (versions[0] if versions else None)
        return super().get_context_data(
            title=policy.name,
            policy=policy,
            versions=versions,
            shown=shown,
            draft=next((row for row in versions if row["state"] == "draft"), None),
            in_force=any(row["state"] in {"now", "later"} for row in versions),
            summary=self._summary(shown),
            **kwargs,
        )

    def _summary(self, shown: dict[str, Any] | None) -> dict[str, Any]:
        if shown is None:
            return {}
        frozen = calendar_selectors.named_calendars(at=timezone.now())
        return summary_of(selectors.definition_of(shown["version"], frozen))


class VersionView(StaffPageMixin, TemplateView):
    """One version as it was published, with what it changed."""

    permission = "sla.view_policy"
    template_name = "sla/policy/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = version_or_404(self.kwargs["pk"], self.kwargs["number"])
        frozen = calendar_selectors.named_calendars(at=timezone.now())
        definition = selectors.definition_of(version, frozen)
        before = predecessor(version)
        return super().get_context_data(
            title=_("%(policy)s, version %(number)s")
            % {"policy": version.policy.name, "number": version.number},
            policy=version.policy,
            row=version_row(version, timezone.now()),
            version=version,
            before=before,
            changes=change_lines(selectors.definition_of(before, frozen), definition)
            if before
            else None,
            summary=summary_of(definition),
            **kwargs,
        )


class CompareView(StaffPageMixin, TemplateView):
    """The difference of any two versions in words: ``?from=1&to=3``."""

    permission = "sla.view_policy"
    template_name = "sla/policy/compare.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        old = version_or_404(self.kwargs["pk"], self._number("from"))
        new = version_or_404(self.kwargs["pk"], self._number("to"))
        frozen = calendar_selectors.named_calendars(at=timezone.now())
        return super().get_context_data(
            title=_("%(policy)s: version %(old)s against %(new)s")
            % {"policy": old.policy.name, "old": old.number, "new": new.number},
            policy=old.policy,
            old=old,
            new=new,
            changes=change_lines(
                selectors.definition_of(old, frozen),
                selectors.definition_of(new, frozen),
            ),
            **{k: v for k, v in kwargs.items() if k != "pk"},
        )

    def _number(self, name: str) -> int:
        text = self.request.GET.get(name, "")
        if not text.isdecimal() or len(text) > 9:
            raise Http404
        return int(text)


def version_or_404(policy_id: int, number: int) -> PolicyVersion:
    rows = PolicyVersion.objects.select_related(
        "policy", "published_by", "created_by", "based_on", "retired_by"
    )
    try:
        return rows.get(policy_id=policy_id, number=number)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such version.")) from error


def predecessor(version: PolicyVersion) -> PolicyVersion | None:
    """What a version is compared with: the newest published one with a lower number."""
    return (
        PolicyVersion.objects.filter(
            policy_id=version.policy_id,
            state=PolicyVersion.State.PUBLISHED,
            number__lt=version.number,
        )
        .order_by("-number")
        .first()
    )


def version_row(version: PolicyVersion, now: Any) -> dict[str, Any]:
    """A version with the word for where it stands."""
    state, word, chip = _standing(version, now)
    return {"version": version, "state": state, "word": word, "chip": chip}


def _standing(version: PolicyVersion, now: Any) -> tuple[str, str, str]:
    if version.is_draft:
        return "draft", _("Draft"), "watch"
    starts, ends = version.effective_from or now, version.effective_to
    if ends is not None and ends <= starts:
        return "never", _("Never in force"), "idle"
    if starts > now:
        return "later", _("In force later"), "watch"
    if ends is None or ends > now:
        return "now", _("In force"), "ok"
    return "past", _("Past"), "idle"


def summary_of(definition: PolicyDefinition) -> dict[str, Any]:
    """A definition for reading: the sentence, the matrix of every tier, hours and rules."""
    names = names_of(definition)
    known = tier_names()
    named = {*definition.multipliers, *definition.tier_targets}
    others = _("Every other tier") if named else _("Every tier")
    return {
        "conditions": conditions_sentence(definition, names),
        "metrics": [str(METRIC_NAMES[metric]) for metric in METRICS],
        "tiers": [
            {
                "name": name,
                "factor": definition.multipliers.get(tier, 1.0),
                "rows": target_rows(definition, tier),
            }
            for tier, name in [*known.items(), ("", others)]
            if tier in named or (tier == "" and known.keys() - named)
        ],
        "calendars": [
            {
                "name": calendar_name(definition, key),
                "rows": ", ".join(
                    row_name(row)
                    for row in ROWS
                    if definition.calendar_key_for(row) == key
                ),
                "hours": hours_sentence(definition, key),
            }
            for key in sorted(definition.calendar_keys)
        ],
        "rules": [
            {"name": str(RULE_NAMES[name]), "value": rule_words(value)}
            for name, value in definition.rules.to_dict().items()
        ],
    }


def hours_sentence(definition: PolicyDefinition, key: str) -> str:
    """The weekly hours behind a calendar's key in words."""
    try:
        return week_sentence(definition.hours_of(key))
    except ValueError:
        return _("This calendar does not exist.")


def target_rows(definition: PolicyDefinition, tier: str) -> list[dict[str, Any]]:
    """The matrix of one tier as texts; rows without any promise are left out."""
    rows = []
    for row in ROWS:
        targets = [definition.target(tier, row, metric) for metric in METRICS]
        if any(targets):
            texts = [
                (METRIC_NAMES[metric], "–" if s is None else format_duration(s))
                for metric, s in zip(METRICS, targets, strict=True)
            ]
            calendar = calendar_name(definition, definition.calendar_key_for(row))
            rows.append({"name": row_name(row), "texts": texts, "calendar": calendar})
    return rows


def policy_or_404(pk: int) -> Policy:
    return get_object_or_404(Policy, pk=pk)
