"""Endpoints of decisions: the record as the caller may read it, triggers as they stand."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from rest_framework import serializers as drf
from rest_framework import viewsets

from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint
from supportops.metrics.scopes import FactStore
from workforce.capacity.api.filters import DecisionFilter
from workforce.capacity.api.numbers import number
from workforce.capacity.api.serializers import decisions as serializers
from workforce.capacity.core.triggers import Standing, standing
from workforce.capacity.models import Decision, DecisionVersion, Trigger
from workforce.capacity.selectors.decisions import (
    decisions_visible_to,
    section_data,
    sections_of,
)
from workforce.capacity.selectors.decisions.lists import annotated
from workforce.capacity.selectors.decisions.narrowing import Filters, filters_of
from workforce.capacity.selectors.decisions.watching import (
    CannotWatch,
    figure_now,
    reading_of,
    rule_of,
    watched_by,
)
from workforce.people.models import User

NUMBER = "[0-9]{1,18}"
VERSIONS = DecisionVersion.objects.defer("content").select_related("created_by")


class DecisionViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Decisions that were once proposed, and drafts for who may see them."""

    scope = "capacity"
    read_permission = "capacity.view_decision"
    queryset = Decision.objects.none()
    serializer_class = serializers.DecisionOut
    filterset_class = DecisionFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Decision]:
        rows = annotated(decisions_visible_to(self.request.user))
        rows = rows.select_related("owner").prefetch_related("queues", "triggers")
        if self.action == "list":
            return rows
        return rows.prefetch_related(Prefetch("versions", queryset=VERSIONS))

    def get_serializer_class(self) -> type[drf.Serializer]:
        if self.action == "list":
            return serializers.DecisionBrief
        return serializers.DecisionOut

    def get_object(self) -> Decision:
        decision: Decision = super().get_object()
        user, at = self.request.user, timezone.now()
        decision.sections = sections(decision, user, at)
        mark_live(decision, at)
        return decision


def sections(decision: Decision, user: User, at: datetime) -> list[dict[str, Any]]:
    """Write the record out as far as a person may read it."""
    return [
        section_data(section, decision, user, at)
        for section in sections_of(decision, user)
    ]


def mark_live(decision: Decision, at: datetime) -> None:
    """Give each trigger the figure of this moment; facts are read once for all."""
    facts, queues = FactStore(), filters_of(decision)
    for trigger in decision.triggers.all():
        for name, value in _live(trigger, at, facts, queues).items():
            setattr(trigger, name, value)


def _live(
    trigger: Trigger, at: datetime, facts: FactStore, queues: Filters
) -> dict[str, Any]:
    try:
        what = watched_by(trigger, queues)
        figure = figure_now(what, at, facts)
    except CannotWatch as problem:
        nothing = dict.fromkeys(("value", "n", "low", "high"))
        unknown = Standing.UNKNOWN.value
        return {**nothing, "standing": unknown, "problem": str(problem)}
    stands = standing(rule_of(trigger, figure, what.metric), reading_of(figure))
    return {
        "value": number(figure.value),
        "n": figure.n,
        "low": number(figure.low),
        "high": number(figure.high),
        "standing": stands.value,
        "problem": "",
    }
