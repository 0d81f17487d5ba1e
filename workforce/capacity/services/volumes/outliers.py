"""Outliers: days found by the forecast's own cleaning, decided by people."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from workforce.capacity.core.forecast import RECIPE, Outlier, forecast
from workforce.capacity.models import OutlierDay, Queue
from workforce.capacity.selectors.events import calendar_events
from workforce.capacity.selectors.outliers import decided
from workforce.capacity.selectors.training import history, holidays_of
from workforce.capacity.services.volumes.writing import locked_queue
from workforce.people.models import User

State = OutlierDay.State
FREQUENCIES = {15: "15min", 30: "30min", 60: "h", 1440: "D"}
LEAST_DAYS = 28
"""Below four weeks nothing is usual yet, so nothing is unusual."""


class DecisionNeedsReason(OperationRefused):
    code = "decision_needs_reason"


def mark_outliers(queue: Queue, at: datetime) -> int:
    """Note the days that training would replace; return how many are new.

    What people decided stays. A day that nobody decided and that is no longer found,
    because its numbers were corrected, is forgotten.
    """
    found = {one.day: one for one in _found(queue, at)}
    with transaction.atomic():
        if locked_queue(queue.pk) is None:
            return 0
        known = {row.day: row for row in OutlierDay.objects.filter(queue=queue)}
        open_rows = [row for row in known.values() if row.state == State.FOUND]
        gone = [row.pk for row in open_rows if row.day not in found]
        OutlierDay.objects.filter(pk__in=gone).delete()
        for row in open_rows:
            if row.day in found:
                row.actual = round(found[row.day].actual)
                row.expected = found[row.day].expected
        OutlierDay.objects.bulk_update(
            open_rows, ["actual", "expected"], batch_size=400
        )
        new = [one for day, one in found.items() if day not in known]
        OutlierDay.objects.bulk_create(
            [
                OutlierDay(
                    queue=queue,
                    day=one.day,
                    actual=round(one.actual),
                    expected=one.expected,
                    found_at=at,
                )
                for one in new
            ],
            batch_size=100,
        )
    return len(new)


def _found(queue: Queue, at: datetime) -> Sequence[Outlier]:
    today = at.astimezone(ZoneInfo(queue.time_zone)).date()
    known = history(queue, today)
    if known.first is None or known.n_days < LEAST_DAYS or not known.offered.any():
        return ()
    keep, _drop = decided(queue)
    end = today + timedelta(days=14)
    return forecast(
        known.timestamps,
        known.offered,
        freq=FREQUENCIES[queue.interval_minutes],
        horizon=timedelta(days=7),
        method=RECIPE,
        holidays=holidays_of(queue, known.first.year, end.year),
        events=calendar_events(queue, known.first, end),
        keep=keep,
    ).outliers


def mark_all_outliers(at: datetime) -> dict[str, int]:
    """Look through every active queue that has data."""
    counts = {"queues": 0, "new": 0}
    for queue in Queue.objects.filter(is_active=True).order_by("pk"):
        counts["new"] += mark_outliers(queue, at)
        counts["queues"] += 1
    return counts


def decide_outlier(
    outlier_id: int, state: str, reason: str, actor: User, at: datetime
) -> OutlierDay:
    """Confirm or dismiss a found day, or take that back with the state FOUND.

    Raises ``DecisionNeedsReason`` for a decision without one. The volumes stay as they
    are: training leaves a confirmed day out and keeps a dismissed one.
    """
    return decide_outliers([outlier_id], state, reason, actor, at)[0]


@transaction.atomic
def decide_outliers(
    outlier_ids: Sequence[int], state: str, reason: str, actor: User, at: datetime
) -> list[OutlierDay]:
    """Decide several days alike, for one reason. Raises ``DecisionNeedsReason``."""
    state = State(state)
    is_open = state == State.FOUND
    if not is_open and not reason.strip():
        raise DecisionNeedsReason(
            _("Say why: the next forecast, and whoever reads it, stands on this.")
        )
    rows = list(
        OutlierDay.objects.select_for_update(of=("self",))
        .filter(pk__in=outlier_ids)
        .order_by("pk")
    )
    for row in rows:
        row.state = state
        row.reason = "" if is_open else reason.strip()[:300]
        row.decided_by = None if is_open else actor
        row.decided_at = None if is_open else at
    OutlierDay.objects.bulk_update(
        rows, ["state", "reason", "decided_by", "decided_at"], batch_size=100
    )
    return rows
