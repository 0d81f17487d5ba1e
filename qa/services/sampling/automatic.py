"""Draws that are taken by themselves: which are due, and taking them once."""

import logging
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from qa.core.sampling import default_seed
from qa.models import SamplingPlan
from qa.selectors.sampling.frame import DAYS
from qa.services.sampling import take_draw
from supportops.common.errors import OperationRefused

logger = logging.getLogger(__name__)


def due_week(plan: SamplingPlan, at: datetime) -> date | None:
    """Return the Monday of the week that this plan should have drawn by now.

    That is last week, from the plan's weekday on until this week ends, so that a day on
    which nothing ran is caught up. A plan made after that day waits for the next one.
    """
    zone = ZoneInfo(plan.time_zone)
    today = at.astimezone(zone).date()
    if today.weekday() < plan.weekday:
        return None
    monday = today - timedelta(days=today.weekday())
    drawn_on = monday + timedelta(days=plan.weekday)
    if plan.created_at >= datetime.combine(
        drawn_on + timedelta(days=1), time(), tzinfo=zone
    ):
        return None
    return monday - timedelta(days=DAYS)


def take_due_draws(*, at: datetime) -> dict[str, int]:
    """Take the draw of every active automatic plan that is due; return counts.

    Safe to run twice and twice at once: a week is drawn once a plan. A refusal of one
    plan (nobody to review, no ticket) is logged and holds up no other.
    """
    counts = {"taken": 0, "refused": 0}
    plans = SamplingPlan.objects.filter(is_active=True, is_automatic=True)
    for plan in plans.order_by("pk"):
        week = due_week(plan, at)
        if week is None or plan.draws.filter(starts_on=week).exists():
            continue
        try:
            take_draw(
                plan_id=plan.pk,
                starts_on=week,
                seed=default_seed(plan.pk, week.isoformat()),
                actor=None,
                at=at,
            )
        except (OperationRefused, IntegrityError) as refusal:
            counts["refused"] += 1
            logger.info(
                "automatic draw refused",
                extra={"plan_id": plan.pk, "refusal": type(refusal).__name__},
            )
        else:
            counts["taken"] += 1
    return counts
