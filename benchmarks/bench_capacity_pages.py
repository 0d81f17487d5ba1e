"""Server time of the capacity pages: a year of 30 queues by half-hour, 525,600 intervals.

Goal, on a quiet machine: 95 % of requests under 300 ms. Run as
``python -m benchmarks.bench_capacity_pages``; it takes PostgreSQL too when
``TEST_POSTGRES_URL`` names one. ``BENCH_QUEUES`` and ``BENCH_DAYS`` set other sizes, and
``BENCH_PAGES=name,name`` measures only pages whose label begins so. A page to be measured
is a line in ``pages``.
"""

import os
import statistics
import time
from datetime import UTC, date, datetime, timedelta

from benchmarks import synthetic

QUEUES = int(os.environ.get("BENCH_QUEUES", "30"))
DAYS = int(os.environ.get("BENCH_DAYS", "365"))
REQUESTS = 20
GOAL_MS = 300.0
SLOTS = 48
BATCH = 4000


def main() -> None:
    synthetic.set_up()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    started = time.perf_counter()
    queues = write(datetime.now(UTC).date())
    print(
        f"\n{os.environ['BENCH_DATABASE']}: {len(queues)} queues, "
        f"{QUEUES * DAYS * SLOTS:,} intervals, "
        f"written in {time.perf_counter() - started:.0f} s"
    )
    print(
        f"{'page':<28}{'first ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}"
        f"{'queries':>9}{'kB':>7}",
        flush=True,
    )
    client, wanted = signed_in(), tuple(os.environ.get("BENCH_PAGES", "").split(","))
    slow = [
        label
        for label, address in pages(queues)
        if label.startswith(wanted) and not measure(client, label, address)
    ]
    print(f"  above the goal: {', '.join(slow)}" if slow else "  the goal is met")


def pages(queues) -> list[tuple[str, str]]:
    """What is asked for: label and address."""
    one = queues[0].pk
    return [
        ("volumes", "/capacity/volumes/"),
        ("volumes, one channel", "/capacity/volumes/?channel=chat"),
        ("volumes, queue, 52 weeks", f"/capacity/volumes/{one}/"),
        ("volumes, queue, 4 weeks", f"/capacity/volumes/{one}/?period=28"),
        ("volumes, outliers", "/capacity/volumes/outliers/"),
        ("volumes, imports", "/capacity/volumes/imports/"),
    ]


def write(today: date):
    """A year of every queue: a day's curve, a weekly pattern, some growth."""
    import numpy as np

    from workforce.capacity.models import Assumptions, Queue

    chance = np.random.default_rng(1)
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
    Assumptions.objects.bulk_create(Assumptions(queue=queue) for queue in queues)
    for queue in queues:
        write_queue(chance, queue, today)
    return queues


def write_queue(chance, queue, today: date) -> None:
    import numpy as np

    from workforce.capacity.core.volumes.slots import slots_of_day
    from workforce.capacity.models import DayVolume, IntervalVolume

    curve = np.exp(-(((np.arange(SLOTS) - 26) / 8) ** 2))
    rows, days = [], []
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        weight = (20, 19, 18, 18, 17, 6, 4)[day.weekday()]
        counts = chance.poisson(weight * (1 - back / 2000) * curve)
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


def signed_in():
    from django.test import Client

    from workforce.people.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.create_superuser("planner", "planner@example.com", "secret"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def timed(client, address: str) -> float:
    started = time.perf_counter()
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} from {address}")
    return 1000 * (time.perf_counter() - started)


def measure(client, label: str, address: str) -> bool:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = timed(client, address)
    worked = time.process_time()
    taken = [timed(client, address) for _request in range(REQUESTS)]
    worked = 1000 * (time.process_time() - worked) / REQUESTS
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(
        f"{label:<28}{first:>9.0f}{statistics.median(taken):>9.0f}{p95:>9.0f}"
        f"{worked:>9.0f}{len(queries):>9}{len(response.content) / 1000:>7.0f}",
        flush=True,
    )
    return p95 <= GOAL_MS


if __name__ == "__main__":
    synthetic.run_on_each_database("benchmarks.bench_capacity_pages", main)
