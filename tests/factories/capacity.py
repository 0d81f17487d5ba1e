"""Capacity for tests, written as rows: services have tests of their own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.factories.people import UserFactory
from workforce.capacity.models import (
    Assumptions,
    DayVolume,
    Decision,
    DecisionInput,
    DecisionOption,
    Forecast,
    ForecastDay,
    IntervalVolume,
    PlannedStaff,
    Queue,
    ReviewDate,
    Source,
    Trigger,
)

MONDAY = date(2026, 3, 2)
"""A Monday without a public holiday near it."""


def make_queue(name: str = "", **fields: Any) -> Queue:
    """Return an active phone queue in UTC with the default assumptions."""
    columns: dict[str, Any] = {
        "channel": "phone",
        "handling": Queue.Handling.LIVE,
        "interval_minutes": 30,
        "time_zone": "UTC",
        **fields,
    }
    queue = Queue.objects.create(
        name=name or f"Queue {Queue.objects.count() + 1}", **columns
    )
    Assumptions.objects.create(queue=queue, handle_seconds=300)
    return queue


def fill_days(
    queue: Queue,
    totals: Sequence[int],
    *,
    first: date = MONDAY,
    opens: time = time(9),
    intervals: int = 16,
    **columns: Any,
) -> None:
    """Spread each day's total evenly over its intervals, and write the day's sum."""
    zone = ZoneInfo(queue.time_zone)
    step = timedelta(minutes=queue.interval_minutes)
    rows, days = [], []
    for index, total in enumerate(totals):
        day = first + timedelta(days=index)
        start = datetime.combine(day, opens, tzinfo=zone).astimezone(UTC)
        share, rest = divmod(total, intervals)
        for slot in range(intervals):
            offered = share + (slot < rest)
            rows.append(
                IntervalVolume(
                    queue=queue,
                    starts_at=start + slot * step,
                    minutes=queue.interval_minutes,
                    offered=offered,
                    handled=offered,
                    source=Source.IMPORT,
                    **columns,
                )
            )
        days.append(DayVolume(queue=queue, day=day, offered=total, handled=total))
    IntervalVolume.objects.bulk_create(rows, batch_size=400)
    DayVolume.objects.bulk_create(days, batch_size=400)


def published_forecast(
    queue: Queue,
    totals: Sequence[float],
    *,
    first: date = MONDAY,
    opens: time = time(9),
    intervals: int = 16,
    state: str = Forecast.State.PUBLISHED,
    at: datetime | None = None,
) -> Forecast:
    """Return a forecast whose days are spread evenly, with bounds of ±20 % and ±30 %."""
    moment = at or datetime.combine(first - timedelta(days=1), time(12), tzinfo=UTC)
    forecast = Forecast.objects.create(
        queue=queue,
        state=state,
        asked_method="best",
        method="recipe",
        trained_until=first,
        starts_on=first,
        ends_on=first + timedelta(days=len(totals) - 1),
        created_at=moment,
        published_at=None if state == Forecast.State.DRAFT else moment,
    )
    zone = ZoneInfo(queue.time_zone)
    step = queue.interval_minutes * 60
    rows = []
    for index, total in enumerate(totals):
        day = first + timedelta(days=index)
        start = int(datetime.combine(day, opens, tzinfo=zone).timestamp())
        mean = total / intervals
        bounds = {"mean": 1.0, "low80": 0.8, "high80": 1.2, "low95": 0.7, "high95": 1.3}
        rows.append(
            ForecastDay(
                forecast=forecast,
                day=day,
                intervals={
                    "starts": [start + slot * step for slot in range(intervals)],
                    **{name: [mean * by] * intervals for name, by in bounds.items()},
                },
                **{name: total * by for name, by in bounds.items()},
            )
        )
    ForecastDay.objects.bulk_create(rows)
    return forecast


def plan_staff(
    queue: Queue,
    people: float,
    *,
    weekdays: Sequence[int] = range(5),
    hours: tuple[int, int] = (9, 17),
    name: str = "Core",
) -> list[PlannedStaff]:
    return [
        PlannedStaff.objects.create(
            queue=queue,
            name=name,
            weekday=weekday,
            starts_minute=60 * hours[0],
            ends_minute=60 * hours[1],
            people=people,
        )
        for weekday in weekdays
    ]


def make_decision(**fields: Any) -> Decision:
    """Return a draft about balancing load, owned by a workforce manager."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    columns: dict[str, Any] = {
        "kind": Decision.Kind.BALANCING,
        "title": "Where do release tickets go?",
        "created_at": at,
        "changed_at": at,
        **fields,
    }
    if "owner" not in columns:
        columns["owner"] = UserFactory(role="Workforce manager")
    return Decision.objects.create(**columns)


def ready_decision(**fields: Any) -> Decision:
    """Return a draft that has everything a proposal needs: option A, one trigger."""
    decision = make_decision(
        **{
            "question": "E-mail or chat?",
            "scope": "Consumer app",
            "metrics": ["ticket_volume"],
            "starts_on": date(2026, 4, 1),
            "ends_on": date(2026, 6, 30),
            "recommendation": "A, for its price.",
            "chosen": "A",
            **fields,
        }
    )
    DecisionOption.objects.create(decision=decision, letter="A", name="E-mail")
    DecisionInput.objects.create(
        decision=decision, key="automation_coverage", about="AUTOMATION",
        name="Automation", value=10, unit="%", source="Bot", as_of=date(2026, 3, 1),
        data_owner="Ada", refresh_days=28, position=1,
    )  # fmt: skip
    Trigger.objects.create(
        decision=decision, metric="ticket_volume", direction="ABOVE", threshold=10,
        window_days=7, contingency="Call the duty lead",
    )  # fmt: skip
    ReviewDate.objects.create(decision=decision, due_on=date(2027, 6, 1))
    return decision
