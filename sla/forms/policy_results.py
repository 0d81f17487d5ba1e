"""What the policy form comes to, as the page shows it beside the fields."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.core.durations import explain_duration, format_duration
from sla.core.history import METRICS
from sla.core.policy import ROWS, PolicyDefinition
from sla.forms.policies import PolicyForm, result_text, target_field, tier_field
from sla.phrases import row_name


def results(definition: PolicyDefinition, form: PolicyForm) -> dict[str, str]:
    """Field name to what its text means or what results, for the page to show."""
    found = {}
    for row in ROWS:
        day = form.working_day_of(definition.calendar_key_for(row))
        for metric in METRICS:
            seconds = definition.targets.get(row, {}).get(metric)
            found[target_field(row, metric)] = _means(seconds, day)
            for tier in form.tiers:
                found[tier_field(tier, row, metric)] = result_text(
                    definition, tier, row, metric
                )
    return found


def own_values(definition: PolicyDefinition) -> dict[str, str]:
    """Field name of a base target to how many tiers set it outright; empty for none."""
    found = {}
    for row in ROWS:
        for metric in METRICS:
            number = sum(
                metric in rows.get(row, {}) for rows in definition.tier_targets.values()
            )
            found[target_field(row, metric)] = number and (
                ngettext(
                    "%(count)s tier has its own value",
                    "%(count)s tiers have their own value",
                    number,
                )
                % {"count": number}
            )
    return {name: text or "" for name, text in found.items()}


def stale_text(form: PolicyForm) -> str:
    """Why the check beside the form does not show what is typed; empty when it does."""
    texts = [
        f"{form[name].label}: {' '.join(errors)}"
        if name in form.fields
        else " ".join(errors)
        for name, errors in form.errors.items()
    ]
    return (
        _("Not up to date: %(errors)s") % {"errors": " ".join(texts)} if texts else ""
    )


def _means(seconds: int | None, working_day: int) -> str:
    """Empty where the text says it all."""
    if seconds is None:
        return ""
    explained = explain_duration(seconds, working_day)
    return "" if explained == format_duration(seconds) else explained


def results_table(definition: PolicyDefinition, form: PolicyForm) -> list[Any]:
    """Priority, then per tier what the first response and the resolution come to."""
    shown = ("first_response", "resolution")
    return [
        (
            row_name(row),
            [
                [
                    {
                        "name": tier_field(tier, row, metric),
                        "text": result_text(definition, tier, row, metric),
                        "is_own": metric
                        in definition.tier_targets.get(tier, {}).get(row, {}),
                    }
                    for metric in shown
                ]
                for tier in form.tiers
            ],
        )
        for row in ROWS
        if any(definition.targets.get(row, {}).values())
    ]
