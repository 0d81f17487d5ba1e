"""The sweep with 1,000 clocks due among 10,000 open ones, and among 1,000,000.

It must cost what is due, not what is open: the ratio of the two is the result. Run as
``python -m benchmarks.bench_sweep``; ``BENCH_CLOCKS`` sets another size.
"""

import os
import time
from datetime import timedelta

from benchmarks import synthetic

FEW = 10_000
MANY = int(os.environ.get("BENCH_CLOCKS", "1000000"))
DUE = 1_000
TARGET = timedelta(hours=8)
MOMENTS = {50: 0.5, 80: 0.8, 90: 0.9, 100: 1.0}
GOAL_RATIO = 1.5


def main() -> None:
    synthetic.set_up()
    version_id = _publish()
    name = os.environ["BENCH_DATABASE"]
    print(f"\n{name}: {DUE:,} clocks due, seconds a sweep by the threshold crossed")
    heads = "".join(f"{t:>8} %" for t in MOMENTS)
    print(f"{'open clocks':>12}{heads}     idle  own CPU s")
    totals = []
    for number, size in enumerate((FEW, MANY)):
        start = synthetic.NOW + timedelta(days=number)
        have = _fill(size - DUE, version_id)
        _open_due(start)
        cpu = time.process_time()
        seconds = [_timed_sweep(start + TARGET * share) for share in MOMENTS.values()]
        idle = _timed_sweep(start + TARGET, expect=0)
        cpu = time.process_time() - cpu
        totals.append(sum(seconds))
        shown = "".join(f"{value:>10.2f}" for value in seconds)
        print(f"{have + DUE:>12,}{shown}{idle:>9.4f}{cpu:>11.2f}")
    ratio = totals[1] / totals[0]
    verdict = "kept" if ratio <= GOAL_RATIO else "missed"
    print(f"{MANY // FEW} times the clocks cost {ratio:.2f} times the time ", end="")
    print(f"(goal: at most {GOAL_RATIO}, {verdict})")


def _publish() -> int:
    from sla.models import Policy, PolicyVersion

    return PolicyVersion.objects.create(
        policy=Policy.objects.create(name="Eight hours"),
        number=1,
        state="PUBLISHED",
        definition={
            "targets": {"": {"resolution": int(TARGET.total_seconds())}},
            "calendar": "always",
        },
        effective_from=synthetic.NOW - timedelta(days=400),
        reason="benchmark",
        created_at=synthetic.NOW,
        published_at=synthetic.NOW,
    ).pk


def _fill(size: int, version_id: int) -> int:
    """Copy one ticket and its clock until there are ``size`` open ones; nothing due."""
    from django.db import connection

    from sla.models import SlaClock
    from tickets import services
    from tickets.models import Ticket

    far = synthetic.NOW + timedelta(days=3000)
    have = SlaClock.objects.filter(next_alert_at=far).count()
    ticket = services.open_ticket(at=synthetic.NOW, actor=None, subject="Background")
    clock = SlaClock.objects.get(ticket=ticket, metric="resolution")
    SlaClock.objects.filter(pk=clock.pk).update(due_at=far, next_alert_at=far)
    tickets = _columns(Ticket, without={"id"})
    clocks = _columns(SlaClock, without={"id", "ticket_id"})
    last = size - have - 1
    numbers = (
        "WITH RECURSIVE numbers(n) AS "  # noqa: S608 -- our own numbers
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}) "
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tickets_ticket ({tickets}) {numbers} "  # noqa: S608
            f"SELECT {tickets} FROM tickets_ticket, numbers WHERE id = {ticket.pk}"
        )
        cursor.execute(
            f"INSERT INTO sla_slaclock (ticket_id, {clocks}) "  # noqa: S608
            f"SELECT t.id, {_columns(SlaClock, without={'id', 'ticket_id'}, of='c')} "
            f"FROM tickets_ticket t, sla_slaclock c "
            f"WHERE t.id > {ticket.pk} AND c.id = {clock.pk}"
        )
        cursor.execute("ANALYZE")
    return size


def _columns(model: type, *, without: set[str], of: str = "") -> str:
    names = [field.column for field in model._meta.concrete_fields]  # noqa: SLF001
    prefix = f"{of}." if of else ""
    return ", ".join(f"{prefix}{name}" for name in names if name not in without)


def _open_due(start: object) -> None:
    from sla.models import SlaClock
    from sla.services import clocks
    from tickets import services

    with clocks.kept_current():
        ids = [
            services.open_ticket(at=start, actor=None, subject="Due").pk
            for _ in range(DUE)
        ]
    # The round before has nothing to say any more.
    SlaClock.objects.alert_due(start + timedelta(days=9)).update(next_alert_at=None)
    clocks.recompute(ids, start)


def _timed_sweep(at: object, expect: int = DUE) -> float:
    from sla.services import alerts

    # The promise is kept at the very deadline: one second later it is not.
    started = time.perf_counter()
    counts = alerts.sweep(at=at + timedelta(seconds=1))
    seconds = time.perf_counter() - started
    if counts["alerts"] != expect:
        raise SystemExit(f"expected {expect} alerts: {counts}")
    return seconds


if __name__ == "__main__":
    synthetic.run_on_each_database("benchmarks.bench_sweep", main)
