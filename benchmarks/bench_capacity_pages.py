"""Server time of the capacity pages: a year of 30 queues by half-hour, 527,040 intervals.

The year has forecasts published every four weeks, planned staff, outliers, investigations
and a hiring plan (see `capacity_year`). Pages that remember figures for some minutes are
measured as they are without: every request begins with an empty cache.

Goal, on a quiet machine: 95 % of requests under 300 ms. Run as
``python -m benchmarks.bench_capacity_pages``; it takes PostgreSQL too when
``TEST_POSTGRES_URL`` names one. ``BENCH_QUEUES`` and ``BENCH_DAYS`` set other sizes, and
``BENCH_PAGES=name,name`` measures only pages whose label begins so. A page to be measured
is a line in ``pages``.
"""

import os
import statistics
import time
from datetime import UTC, datetime

from benchmarks import capacity_year, synthetic

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "20"))
GOAL_MS = 300.0


def main() -> None:
    synthetic.set_up()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    started = time.perf_counter()
    queues = capacity_year.write(datetime.now(UTC).date())
    print(
        f"\n{os.environ['BENCH_DATABASE']}: {len(queues)} queues, "
        f"{intervals():,} intervals, "
        f"written in {time.perf_counter() - started:.0f} s; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
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


def intervals() -> int:
    from workforce.capacity.models import IntervalVolume

    return IntervalVolume.objects.count()


def pages(queues) -> list[tuple[str, str]]:
    """What is asked for: label and address. The queues are of phone, chat and e-mail."""
    from workforce.capacity.models import HiringPlan

    phone, chat, mail = (queue.pk for queue in queues[:3])
    plan = HiringPlan.objects.get().pk
    tried = "patience_seconds=120&service_level=85"
    return [
        ("volumes", "/capacity/volumes/"),
        ("volumes, one channel", "/capacity/volumes/?channel=chat"),
        ("volumes, queue, 52 weeks", f"/capacity/volumes/{phone}/"),
        ("volumes, queue, 4 weeks", f"/capacity/volumes/{phone}/?period=28"),
        ("volumes, outliers", "/capacity/volumes/outliers/"),
        ("volumes, imports", "/capacity/volumes/imports/"),
        ("forecasts", "/capacity/forecasts/"),
        ("forecasts, months", "/capacity/forecasts/months/"),
        ("forecast, 8 weeks", f"/capacity/forecasts/{phone}/?past=8"),
        ("forecast, year", f"/capacity/forecasts/{phone}/?past=52"),
        ("accuracy", "/capacity/forecasts/accuracy/"),
        ("accuracy, queue", f"/capacity/forecasts/accuracy/{phone}/"),
        ("today", "/capacity/forecasts/today/"),
        ("today, queue", f"/capacity/forecasts/today/{phone}/"),
        ("investigations", "/capacity/forecasts/investigations/"),
        ("staffing", "/capacity/staffing/"),
        ("staffing, phone (A)", f"/capacity/staffing/{phone}/"),
        ("staffing, chat (C)", f"/capacity/staffing/{chat}/"),
        ("staffing, e-mail", f"/capacity/staffing/{mail}/"),
        ("staffing, typical (A)", f"/capacity/staffing/{phone}/?week=typical"),
        ("staffing, slider (A)", f"/capacity/staffing/{phone}/answer/?{tried}"),
        ("staffing, charts (A)", f"/capacity/staffing/{phone}/answer/?{tried}&details"),
        ("hiring", "/capacity/hiring/"),
        ("hiring, plan", f"/capacity/hiring/{plan}/"),
        ("decisions", "/capacity/decisions/"),
        ("home", "/admin/"),
    ]


def signed_in():
    from django.test import Client

    from workforce.people.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(username="planner"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def timed(client, address: str) -> float:
    from django.core.cache import cache

    cache.clear()
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
