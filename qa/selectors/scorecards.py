"""Reads of scorecards: what is published, its definition, what a ticket is like."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from qa.core.scorecard import Scorecard as Card
from qa.models import (
    GoldTicket,
    RootCause,
    SamplingPlan,
    Scorecard,
    ScorecardVersion,
)
from qa.models.reviews import COUNTED_KINDS, RELEASED_STATES
from tickets.models import Category, Channel, CustomerTier, Priority, Ticket

State = ScorecardVersion.State
PATH_SEPARATOR = " / "
"""Between the names of a category's path."""

_cards: dict[int, tuple[dict[str, Any], Card]] = {}


def published_version(scorecard_id: int) -> ScorecardVersion | None:
    """The version that new reviews pin, with its scorecard."""
    return (
        ScorecardVersion.objects.select_related("scorecard")
        .filter(scorecard_id=scorecard_id, state=State.PUBLISHED)
        .first()
    )


def gold_count(version_id: int) -> int:
    """How many gold tickets in use have their known answers in this version."""
    return GoldTicket.objects.filter(version_id=version_id, is_active=True).count()


def default_scorecard() -> Scorecard | None:
    """The first scorecard that can be used at all."""
    return (
        Scorecard.objects.filter(versions__state=State.PUBLISHED).order_by("pk").first()
    )


def card_of(version: ScorecardVersion) -> Card:
    """What a version says, parsed once a process unless it is a draft.

    Known by what it says as well as by its number: a copy that was read when the
    version was a draft is never served later.
    """
    known = _cards.get(version.pk)
    if known is not None and known[0] == version.definition:
        return known[1]
    card = Card.from_dict(version.definition)
    if not version.is_draft:
        _cards[version.pk] = (version.definition, card)
    return card


def facts_of(ticket: Ticket) -> dict[str, set[str]]:
    """What the conditions of a scorecard may ask of a ticket.

    ``channel``, ``priority``, ``category`` (its path and every path above it),
    ``tier`` of the customer, and ``tag``; a field without a value is an empty set.
    Reads the category, the channel, the organisation's tier and the tags: one query
    each where they are not loaded with the ticket.
    """
    organisation = ticket.organisation
    tier = organisation.tier if organisation else None
    return {
        "channel": {ticket.channel.code} if ticket.channel else set(),
        "priority": {ticket.priority} if ticket.priority else set(),
        "category": paths_to(ticket.category.path) if ticket.category else set(),
        "tier": {tier.code} if tier else set(),
        "tag": {tag.name for tag in ticket.tags.all()},
    }


def paths_to(path: str) -> set[str]:
    """A category's path and every path above it."""
    names = path.split(PATH_SEPARATOR)
    return {
        PATH_SEPARATOR.join(names[:depth]) for depth in range(1, len(names) + 1)
    } - {""}


def condition_values() -> dict[str, dict[str, str]]:
    """What a condition can be about: field to code to name. Tags are left open."""
    channels = Channel.objects.order_by("name").values_list("code", "name")
    tiers = CustomerTier.objects.order_by("rank", "code").values_list("code", "name")
    paths = Category.objects.order_by("path").values_list("path", flat=True)
    return {
        "channel": dict(channels),
        "priority": {str(code): str(name) for code, name in Priority.choices},
        "tier": dict(tiers),
        "category": {path: path for path in paths},
    }


def scorecards_with_versions() -> QuerySet[Scorecard]:
    """Scorecards, their versions newest first under ``ordered_versions``, reviews counted.

    ``review_count`` counts the released reviews that agents' scores are made of.
    """
    versions = ScorecardVersion.objects.select_related(
        "created_by", "published_by", "archived_by", "based_on"
    ).order_by("-number")
    counted = Q(
        versions__reviews__state__in=RELEASED_STATES,
        versions__reviews__kind__in=COUNTED_KINDS,
        versions__reviews__is_current=True,
        versions__reviews__score__isnull=False,
    )
    return (
        Scorecard.objects.select_related("owner")
        .annotate(review_count=Count("versions__reviews", filter=counted))
        .prefetch_related(
            Prefetch("versions", queryset=versions, to_attr="ordered_versions")
        )
    )


def draft_of(scorecard_id: int) -> ScorecardVersion | None:
    """The draft of a scorecard, with the scorecard."""
    return (
        ScorecardVersion.objects.select_related("scorecard", "created_by", "based_on")
        .filter(scorecard_id=scorecard_id, state=State.DRAFT)
        .first()
    )


def predecessor(version: ScorecardVersion) -> ScorecardVersion | None:
    """What a version is compared with: the newest one published before it."""
    return (
        ScorecardVersion.objects.filter(
            scorecard_id=version.scorecard_id, number__lt=version.number
        )
        .exclude(state=State.DRAFT)
        .order_by("-number")
        .first()
    )


def reviews_of_versions(version_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Version to its number of reviews, and how many of them are still drafts."""
    rows = (
        ScorecardVersion.objects.filter(pk__in=list(version_ids))
        .annotate(
            total=Count("reviews"),
            drafts=Count("reviews", filter=Q(reviews__state="DRAFT")),
        )
        .values_list("pk", "total", "drafts")
    )
    return {pk: (total, drafts) for pk, total, drafts in rows}


def root_causes_for(criterion_key: str = "") -> QuerySet[RootCause]:
    """The root causes in use that a criterion offers: its own, then those of all."""
    return RootCause.objects.filter(
        Q(criterion_key=criterion_key) | Q(criterion_key=""), is_active=True
    ).order_by("-criterion_key", "kind", "name")


def root_causes_with_use() -> QuerySet[RootCause]:
    """Root causes with the answers that named them counted under ``use_count``."""
    return RootCause.objects.annotate(use_count=Count("answers"))


def criteria_in_use() -> dict[str, str]:
    """Key to title of every criterion of the published scorecards."""
    versions = ScorecardVersion.objects.filter(state=State.PUBLISHED).order_by("pk")
    return {
        criterion.key: criterion.title
        for version in versions
        for criterion in card_of(version).criteria()
    }


def active_plans_of(scorecard_id: int) -> list[str]:
    """Names of the sampling plans that draw for a scorecard."""
    plans = SamplingPlan.objects.filter(scorecard_id=scorecard_id, is_active=True)
    return list(plans.order_by("name").values_list("name", flat=True))
