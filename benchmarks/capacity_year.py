"""A year of capacity for benchmarks: volumes, forecasts published every four weeks, plans.

Every queue has a day's curve, a weekly pattern, some growth, planned staff, outliers and
an investigation; one hiring plan covers all of them.
"""

import os
from datetime import UTC, date, datetime, time, timedelta

QUEUES = int(os.environ.get("BENCH_QUEUES", "30"))
DAYS = int(os.environ.get("BENCH_DAYS", "365"))
SLOTS = 48
BATCH = 4000
WEEKDAYS = (20, 19, 18, 18, 17, 6, 4)
HORIZON, EVERY = 91, 28
BLOCKS = (("Early", 6, 14, 5), ("Core", 9, 17, 8), ("Late", 14, 22, 4))
SPREAD = {"mean": 1.0, "low80": 0.8, "high80": 1.2, "low95": 0.7, "high95": 1.3}
DECISIONS = 20


def write(today: date):
    """Write everything; return the queues."""
    import numpy as np

    from workforce.people.models import User

    chance = np.random.default_rng(1)
    owner = User.objects.create_superuser("planner", "planner@example.com", "secret")
    queues = make_queues()
    for queue in queues:
        write_volumes(chance, queue, today)
        write_forecasts(queue, today)
        write_reviews(queue, today, owner)
    write_plans(queues, today, owner)
    return queues


def make_queues():
    from workforce.capacity.models import Assumptions, PlannedStaff, Queue

    queues = Queue.objects.bulk_create(
        Queue(
            name=f"Queue {number:02}",
            channel=("phone", "chat", "email")[number % 3],
            handling=("LIVE", "CHAT", "DEFERRED")[number % 3],
            interval_minutes=30,
            time_zone=("UTC", "Europe/Berlin", "America/New_York")[number % 3],
        )
        for number in range(QUEUES)
    )
    # Phone counts who gives up, so its people are those of Erlang A.
    Assumptions.objects.bulk_create(
        Assumptions(
            queue=queue,
            target_seconds=14400 if queue.handling == "DEFERRED" else 20,
            patience_seconds=180 if queue.handling == "LIVE" else None,
        )
        for queue in queues
    )
    PlannedStaff.objects.bulk_create(
        PlannedStaff(
            queue=queue,
            name=name,
            weekday=weekday,
            starts_minute=60 * starts,
            ends_minute=60 * ends,
            people=people,
        )
        for queue in queues
        for weekday in range(7)
        for name, starts, ends, people in BLOCKS
    )
    return queues


def curve():
    import numpy as np

    return np.exp(-(((np.arange(SLOTS) - 26) / 8) ** 2))


def write_volumes(chance, queue, today: date) -> None:
    from workforce.capacity.core.volumes.slots import slots_of_day
    from workforce.capacity.models import DayVolume, IntervalVolume

    rows, days = [], []
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        counts = chance.poisson(WEEKDAYS[day.weekday()] * (1 - back / 2000) * curve())
        starts = slots_of_day(queue.time_zone, day, 30)
        for start, count in zip(starts.tolist(), counts.tolist(), strict=False):
            rows.append(
                IntervalVolume(
                    queue=queue,
                    starts_at=datetime.fromtimestamp(start, UTC),
                    minutes=30,
                    source="IMPORT",
                    **facts(count),
                )
            )
        days.append(DayVolume(queue=queue, day=day, **facts(int(counts.sum()))))
    IntervalVolume.objects.bulk_create(rows, batch_size=BATCH)
    DayVolume.objects.bulk_create(days, batch_size=BATCH)


def facts(count: int) -> dict[str, int]:
    lost = count // 20
    return {
        "offered": count,
        "handled": count - lost,
        "abandoned": lost,
        "timed": count - lost,
        "handle_seconds": 320 * (count - lost),
        "backlog": lost,
    }


def write_forecasts(queue, today: date) -> None:
    """One every four weeks for thirteen weeks ahead, the last of them in force."""
    from workforce.capacity.models import Forecast, ForecastDay

    first = today - timedelta(days=DAYS // EVERY * EVERY)
    rows = []
    while first <= today:
        is_last = first + timedelta(days=EVERY) > today
        at = datetime.combine(first, time(6), tzinfo=UTC)
        forecast = Forecast.objects.create(
            queue=queue,
            state="PUBLISHED" if is_last else "SUPERSEDED",
            asked_method="best",
            method="recipe",
            trained_until=first,
            starts_on=first,
            ends_on=first + timedelta(days=HORIZON - 1),
            created_at=at,
            published_at=at,
        )
        rows += [
            day_of(queue, forecast, first + timedelta(days=n)) for n in range(HORIZON)
        ]
        first += timedelta(days=EVERY)
    ForecastDay.objects.bulk_create(rows, batch_size=BATCH)


def day_of(queue, forecast, day: date):
    from workforce.capacity.core.volumes.slots import slots_of_day
    from workforce.capacity.models import ForecastDay

    mean = WEEKDAYS[day.weekday()] * curve()
    starts = slots_of_day(queue.time_zone, day, 30).tolist()[:SLOTS]
    bands = {
        name: (mean[: len(starts)] * by).round(3).tolist()
        for name, by in SPREAD.items()
    }
    return ForecastDay(
        forecast=forecast,
        day=day,
        intervals={"starts": starts, **bands},
        **{name: round(sum(values), 3) for name, values in bands.items()},
    )


def write_reviews(queue, today: date, owner) -> None:
    """Ten days found to be odd, and a week that somebody looks into."""
    from workforce.capacity.models import Forecast, Investigation, OutlierDay

    now = datetime.now(UTC)
    OutlierDay.objects.bulk_create(
        OutlierDay(
            queue=queue,
            day=today - timedelta(days=30 * n + 3),
            actual=400,
            expected=250,
            found_at=now,
        )
        for n in range(10)
    )
    Investigation.objects.create(
        queue=queue,
        forecast=Forecast.objects.filter(queue=queue).latest("starts_on"),
        starts_on=today - timedelta(days=today.weekday() + 7),
        ends_on=today - timedelta(days=today.weekday() + 1),
        expected=1700,
        actual=2100,
        deviation=0.235,
        owner=owner,
        opened_at=now,
        due_on=today + timedelta(days=7),
    )


def write_plans(queues, today: date, owner) -> None:
    """A hiring plan for every queue, and decisions still to be made."""
    from workforce.capacity.models import Decision, DecisionOption, Hire, HiringPlan

    plan = HiringPlan.objects.create(name="All queues", people_now=120, owner=owner)
    plan.queues.set(queues)
    for weeks in (3, 9):
        Hire.objects.create(
            plan=plan,
            scenario="GROWTH",
            people=4,
            joins_on=today + timedelta(weeks=weeks),
        )
    now = datetime.now(UTC)
    for number in range(DECISIONS):
        decision = Decision.objects.create(
            kind=Decision.Kind.BALANCING,
            title=f"Decision {number:02}",
            created_at=now,
            changed_at=now,
            owner=owner,
        )
        for letter, name in (("A", "E-mail"), ("B", "Chat")):
            DecisionOption.objects.create(decision=decision, letter=letter, name=name)
