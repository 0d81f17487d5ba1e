"""What customers read: the published promises of each tier, in plain words."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from sla.core.durations import format_duration
from sla.core.history import FIRST_RESPONSE, NEXT_REPLY, PERIODIC_UPDATE, RESOLUTION
from sla.core.policy import (
    PRIORITIES,
    PolicyDefinition,
    TicketFacts,
)
from sla.core.policy_book import BookEntry, PolicyBook
from sla.core.policy_changes import calendar_name
from sla.hours_phrases import week_sentence
from sla.models import PolicyVersion
from sla.phrases import METRIC_NAMES
from sla.selectors import policies as selectors
from sla.selectors.policy_words import tier_names
from tickets.models import Priority

COLUMNS = (FIRST_RESPONSE, NEXT_REPLY, PERIODIC_UPDATE, RESOLUTION)


class PublicSlaView(TemplateView):
    """Open to everybody unless ``SLA_PAGE_PUBLIC`` is off; then for staff only."""

    template_name = "sla/public/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SLA_PAGE_PUBLIC and not request.user.is_staff:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tiers = tier_names()
        tier = self.kwargs.get("tier", "")
        if tier and tier not in tiers:
            raise Http404(_("There is no such tier."))
        now = timezone.now()
        entries = selectors.versions_in_force().in_force_at(now)
        promises = promises_to(tier, PolicyBook(entries), int(now.timestamp()))
        return super().get_context_data(
            organisation=settings.ORGANISATION_NAME,
            tiers=[
                {"code": code, "name": name, "is_this": code == tier}
                for code, name in tiers.items()
            ],
            tier_name=tiers.get(tier, ""),
            promises=promises,
            since=_since(promises),
            **kwargs,
        )


def promises_to(tier: str, book: PolicyBook, moment: int) -> dict[str, Any] | None:
    """The commitments of the policies that apply to a tier's tickets, by priority.

    Policies for single categories, channels, tags or customers are agreements of their
    own: a page for everybody cannot state them.
    """
    rows = []
    applied: dict[int, BookEntry] = {}
    for priority in PRIORITIES:
        entry = book.version_for(moment, TicketFacts(tier=tier, priority=priority))
        row = _row(entry, tier, priority) if entry else None
        if entry and row:
            rows.append(row)
            row["version_id"] = entry.version_id
            applied[entry.version_id] = entry
    if not rows:
        return None
    used = [
        index
        for index in range(len(COLUMNS))
        if any(row["times"][index] for row in rows)
    ]
    for row in rows:
        row["times"] = [(_column(index), row["times"][index]) for index in used]
    entries = list(applied.values())
    return {
        "rows": rows,
        "columns": [_column(index) for index in used],
        "coverage": _coverage(rows),
        "terms": _terms(entries, rows, used),
        "version_ids": list(applied),
    }


def _column(index: int) -> str:
    return str(METRIC_NAMES[COLUMNS[index]]).capitalize()


def _row(entry: BookEntry, tier: str, priority: str) -> dict[str, Any] | None:
    definition = entry.definition
    seconds = [definition.target(tier, priority, metric) for metric in COLUMNS]
    if not any(seconds):
        return None
    return {
        "priority": str(Priority(priority).label),
        "description": DESCRIPTIONS[priority](),
        "times": [format_duration(s) if s else "" for s in seconds],
        "calendar": calendar_name(definition, definition.calendar_key_for(priority)),
        "key": definition.calendar_key_for(priority),
        "hours": week_sentence(definition.calendar_for(priority)),
        "code": priority,
    }


DESCRIPTIONS = {
    "P1": lambda: _("System outage or complete block"),
    "P2": lambda: _("Major feature broken"),
    "P3": lambda: _("Feature impaired"),
    "P4": lambda: _("Minor issue"),
    "P5": lambda: _("Request or question"),
}


def _terms(
    entries: list[BookEntry], rows: list[dict[str, Any]], used: list[int]
) -> list[dict[str, Any]]:
    """Definitions and exclusions, once for all priorities that share the same rules."""
    groups: list[tuple[PolicyDefinition, list[str]]] = []
    for entry in entries:
        codes = [row["code"] for row in rows if row["version_id"] == entry.version_id]
        same = (g for g in groups if g[0].rules == entry.definition.rules)
        found = next(same, None)
        if found:
            found[1].extend(codes)
        else:
            groups.append((entry.definition, codes))
    return [
        {
            "priorities": ", ".join(sorted(codes)) if len(groups) > 1 else "",
            "definitions": definitions(definition, used),
            "exclusions": exclusions(definition),
        }
        for definition, codes in groups
    ]


def _coverage(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Each set of hours once, with the priorities that count on it."""
    by_hours: dict[str, list[str]] = {}
    for row in rows:
        by_hours.setdefault(row["hours"], []).append(row["code"])
    return [
        {"hours": hours, "priorities": ", ".join(codes)}
        for hours, codes in by_hours.items()
    ]


def definitions(definition: PolicyDefinition, used: list[int]) -> list[tuple[str, str]]:
    """What the words of the table mean under this policy's rules."""
    rules = definition.rules
    replies = "agent_reply" in rules.first_response
    charge = "took_charge" in rules.first_response
    if replies and charge:
        first = _("Our first answer, or the moment somebody starts to work on it.")
    elif charge:
        first = _("The moment somebody starts to work on your ticket.")
    else:
        first = _("The first answer from one of us; automatic messages do not count.")
    texts = {
        FIRST_RESPONSE: first,
        NEXT_REPLY: _("Our answer to each further message of yours."),
        PERIODIC_UPDATE: _("News on an open ticket, even when it is not solved yet."),
        RESOLUTION: _("The issue is resolved, or a workaround is provided."),
    }
    found = [(_column(index), texts[COLUMNS[index]]) for index in used]
    return [
        *found,
        (
            _("Business hours"),
            _("Times count during coverage hours only, holidays left out."),
        ),
    ]


def exclusions(definition: PolicyDefinition) -> list[str]:
    """When time does not count, from the clock rules."""
    rules = definition.rules
    found = []
    if "WAITING" in rules.pause_on:
        found.append(_("Time in which we wait for your answer does not count."))
    if "ON_HOLD" in rules.pause_on:
        found.append(_("Time in which a ticket is on hold does not count."))
    if rules.pause_after_followups:
        found.append(
            _("When %(count)s reminders stay unanswered, time stops until you write.")
            % {"count": rules.pause_after_followups}
        )
    if rules.manual_pauses:
        found.append(
            _(
                "Time that a third party or a product fix needs, and pauses that you ask "
                "for, do not count; the reason is noted on the ticket."
            )
        )
    exempt = [str(METRIC_NAMES[m]) for m in COLUMNS if m in rules.not_paused]
    if exempt:
        found.append(
            _("None of these pauses stops: %(metrics)s.")
            % {"metrics": ", ".join(exempt)}
        )
    found.append(_("Requests out of scope and duplicates carry no promise."))
    if rules.reopen == "new_cycle":
        found.append(_("A reopened ticket starts a new resolution time."))
    return found


def _since(promises: dict[str, Any] | None) -> Any:
    """When the newest of the versions shown came into force."""
    if promises is None:
        return None
    return (
        PolicyVersion.objects.filter(pk__in=promises["version_ids"])
        .order_by("-effective_from")
        .values_list("effective_from", flat=True)
        .first()
    )
