"""Which published forecasts are to be renewed, and who is told."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from workforce.capacity.models import Forecast, Queue, QueueMethod
from workforce.people.models import User

PUBLISH = "capacity.publish_forecast"
BACKEND = "django.contrib.auth.backends.ModelBackend"

LEAST_LEFT = timedelta(weeks=8)
"""A plan needs the next two months: hiring and leave are decided that far ahead."""

AT_LEAST_KEPT = timedelta(weeks=1)
"""A short horizon is not renewed more often than once a week."""


def publishers_of() -> QuerySet[User]:
    """Return who may publish forecasts."""
    return User.objects.with_perm(PUBLISH, backend=BACKEND)


def queues_to_renew(at: datetime) -> list[int]:
    """Return the active queues whose published forecast is due for a new draft.

    Due is one with under eight weeks left, or made in an earlier month of the queue's
    time zone; not where a draft of this month waits already.
    """
    wanted = [Forecast.State.PUBLISHED, Forecast.State.DRAFT]
    rows = Forecast.objects.filter(state__in=wanted).defer(
        "backtest", "quality", "applied"
    )
    queues = Queue.objects.filter(is_active=True).select_related("chosen_method")
    queues = queues.prefetch_related(Prefetch("forecasts", rows, to_attr="current"))
    return [queue.pk for queue in queues.order_by("pk") if _is_due(queue, at)]


def _is_due(queue: Queue, at: datetime) -> bool:
    zone = ZoneInfo(queue.time_zone)
    today = at.astimezone(zone).date()
    current: list[Forecast] = queue.current  # type: ignore[attr-defined]
    by_state = {row.state: row for row in current}
    published = by_state.get(Forecast.State.PUBLISHED)
    draft = by_state.get(Forecast.State.DRAFT)
    if published is None or (
        draft and _month(draft, zone) == (today.year, today.month)
    ):
        return False
    turned = _month(published, zone) != (today.year, today.month)
    return turned or _runs_out(queue, published, today)


def _month(forecast: Forecast, zone: ZoneInfo) -> tuple[int, int]:
    made = forecast.created_at.astimezone(zone)
    return made.year, made.month


def _runs_out(queue: Queue, published: Forecast, today: date) -> bool:
    left = published.ends_on - today
    chosen: QueueMethod | None = getattr(queue, "chosen_method", None)
    horizon = timedelta(days=(chosen or QueueMethod()).horizon_days)
    return left < min(LEAST_LEFT, horizon - AT_LEAST_KEPT)
