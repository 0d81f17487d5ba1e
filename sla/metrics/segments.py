"""The day segment of promises: those that were kept, or came due unkept, on a UTC day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from sla.models import PolicyVersion, SlaClock
from supportops.metrics.registry import (
    Dimension,
    register_dimension,
    register_segment,
)
from supportops.metrics.services import mark_dirty
from tickets.metrics.segments import (
    DIMENSIONS,
    PRIORITY_NUMBERS,
    columns,
    day_bounds,
    days_of,
    utc_day,
)
from tickets.models import Organisation

PROMISES = "promises"
METRIC_NUMBERS = {code: n for n, code in enumerate(SlaClock.Metric.values, 1)}
# A promise is severely missed at twice its target.
SEVERE = 2

_COLUMNS = (
    "clock",
    "ticket",
    "tier",
    "team",
    "agent",
    "category",
    "channel",
    "organisation",
    "policy",
    "kept",
    "excluded",
    "elapsed",
    "target",
    "metric",
    "priority",
    "judged_at",
    "stopped",
    "severe",
)


def build(day: date) -> dict[str, NDArray[np.generic]]:
    """Read the promises judged within ``day``, in the order of their tickets."""
    start, end = day_bounds(day)
    clocks = (
        SlaClock.objects.filter(
            judged_at__gte=start, judged_at__lt=end, target_seconds__isnull=False
        )
        .order_by("ticket_id", "pk")
        .values_list(
            "pk",
            "ticket_id",
            "ticket__organisation__tier_id",
            "ticket__team_id",
            "ticket__assignee_id",
            "ticket__category_id",
            "ticket__channel_id",
            "ticket__organisation_id",
            "policy_version_id",
            "is_kept",
            "is_excluded",
            "elapsed_seconds",
            "target_seconds",
            "metric",
            "ticket__priority",
            "judged_at",
            "stopped_at",
        )
    )
    return columns((_row(clock) for clock in clocks), _COLUMNS)


def _row(clock: tuple[Any, ...]) -> tuple[Any, ...]:
    elapsed, target, metric, priority, judged, stopped = clock[11:]
    return (
        *clock[:13],
        METRIC_NUMBERS[metric],
        PRIORITY_NUMBERS[priority],
        int(judged.timestamp()),
        stopped is not None,
        elapsed >= SEVERE * target and not clock[9],
    )


def _parse_metric(value: str) -> frozenset[int]:
    if value not in METRIC_NUMBERS:
        raise ValueError(value)
    return frozenset({METRIC_NUMBERS[value]})


_METRIC_CODES = {number: code for code, number in METRIC_NUMBERS.items()}


def _metric_names(numbers: Iterable[int]) -> dict[int, str]:
    return {n: str(SlaClock.Metric(_METRIC_CODES[n]).label) for n in numbers}


def _parse_version(value: str) -> frozenset[int]:
    number = int(value)
    if not 0 < number < 2**63:
        raise ValueError(value)
    return frozenset({number})


def _version_names(numbers: Iterable[int]) -> dict[int, str]:
    wanted = sorted(set(numbers))
    rows = PolicyVersion.objects.filter(pk__in=wanted).values_list(
        "pk", "policy__name", "number"
    )
    return {
        pk: _("%(policy)s v%(number)d") % {"policy": policy, "number": number}
        for pk, policy, number in rows
    }


register_dimension(
    Dimension(
        "metric",
        _("promise"),
        _parse_metric,
        _metric_names,
        lambda number: _METRIC_CODES[number],
    )
)
register_dimension(
    Dimension("policy", _("policy version"), _parse_version, _version_names)
)
register_segment(
    PROMISES,
    build=build,
    days=days_of(SlaClock, "judged_at"),
    dimensions=(*DIMENSIONS, "metric", "policy"),
)


# Whoever recomputes clocks marks their days, also when only the ticket's team, assignee
# or category changed; what follows is heard by nobody else.


@receiver(pre_delete, sender=SlaClock, dispatch_uid="sla.metrics.clock_deleted")
def on_clock_deleted(instance: SlaClock, **_: Any) -> None:
    if instance.judged_at:
        mark_dirty(PROMISES, [utc_day(instance.judged_at)])


@receiver(post_save, sender=Organisation, dispatch_uid="sla.metrics.customer_saved")
def on_organisation_saved(instance: Organisation, created: bool, **_: Any) -> None:
    """A customer's tier may have changed: every day it is counted in is read again."""
    if created:
        return
    judged = SlaClock.objects.filter(
        ticket__organisation=instance, judged_at__isnull=False
    ).values_list("judged_at", flat=True)
    mark_dirty(PROMISES, {utc_day(at) for at in judged if at})
