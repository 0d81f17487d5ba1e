"""Tickets and a policy for benchmarks of the clock engine, in a database of their own."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPEN_SHARE = 0.1
EVENTS_A_TICKET = 8


def run_on_each_database(module: str, main: Callable[[], None]) -> None:
    """Run ``main`` in a process per database: SQLite, and PostgreSQL when there is one."""
    if os.environ.get("BENCH_DATABASE"):
        main()
        return
    with tempfile.TemporaryDirectory(prefix="supportops-bench-") as folder:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'bench.sqlite3'}"}
        if postgres := os.environ.get("TEST_POSTGRES_URL"):
            urls["PostgreSQL"] = _new_postgres_database(postgres)
        else:
            print("TEST_POSTGRES_URL is not set: SQLite only.")
        for name, url in urls.items():
            environment = {
                **os.environ,
                "BENCH_DATABASE": name,
                "DJANGO_SETTINGS_MODULE": "supportops.settings",
                "DATABASE_URL": url,
                "SUPPORTOPS_VAR": folder,
                "SECRET_KEY": "only-for-benchmarks",
                "LOG_LEVEL": "ERROR",
            }
            subprocess.run(  # noqa: S603 -- this very module
                [sys.executable, "-m", module], env=environment, check=True
            )


def _new_postgres_database(url: str) -> str:
    import psycopg

    name = f"bench_{os.getpid()}_{random.randrange(10**6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def set_up() -> None:
    """Make the tables."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def publish_policy() -> int:
    """Put a policy in force for every ticket: office hours, P1 around the clock."""
    from sla.core.calendar import BusinessCalendar
    from sla.models import Policy, PolicyVersion

    hours = {day: [("09:00", "18:00")] for day in range(5)}
    office = BusinessCalendar.from_dict({"timezone": "Europe/Berlin", "weekly": hours})
    targets = {
        f"P{n}": {
            "first_response": 900 * 4 ** (n - 1),
            "next_reply": 1800 * 3 ** (n - 1),
            "periodic_update": 3600 * 3 ** (n - 1),
            "resolution": 14400 * 3 ** (n - 1),
        }
        for n in range(1, 6)
    }
    version = PolicyVersion.objects.create(
        policy=Policy.objects.create(name="Benchmark"),
        number=1,
        state="PUBLISHED",
        definition={
            "targets": targets,
            "calendar": "office",
            "priority_calendars": {"P1": "always"},
            "calendars": {"office": {**office.to_dict(), "name": "Office"}},
        },
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
        reason="benchmark",
        created_at=NOW,
        published_at=NOW,
    )
    return version.pk


def write_tickets(count: int) -> list[int]:
    """Write tickets of one year with eight events each; one in ten is still open."""
    from tickets.models import Status, Ticket, TicketEvent

    chance = random.Random(1)
    statuses = {
        code: Status.objects.get_or_create(
            code=code, defaults={"name": code, "category": state}
        )[0]
        for code, state in (("new", "OPEN"), ("resolved", "RESOLVED"))
    }
    ids: list[int] = []
    for start in range(0, count, 5000):
        plans = [_plan(chance) for _ in range(min(5000, count - start))]
        tickets = Ticket.objects.bulk_create(
            Ticket(
                subject="Benchmark",
                created_at=plan[0][1],
                updated_at=plan[-1][1],
                priority=priority,
                status=statuses["new" if is_open else "resolved"],
                state="OPEN" if is_open else "RESOLVED",
                is_open=is_open,
                resolved_at=None if is_open else plan[-1][1],
                last_seq=len(plan),
            )
            for priority, is_open, plan in plans
        )
        TicketEvent.objects.bulk_create(
            TicketEvent(
                ticket=ticket,
                seq=seq,
                kind=kind,
                at=at,
                from_value=source,
                to_value=target,
                state=state,
                direction=direction,
            )
            for ticket, (_, _, plan) in zip(tickets, plans, strict=True)
            for seq, (kind, at, source, target, state, direction) in enumerate(plan, 1)
        )
        ids += [ticket.pk for ticket in tickets]
    return ids


def _plan(chance: random.Random) -> tuple[str, bool, list[tuple]]:
    at = NOW - timedelta(seconds=chance.randrange(3600, 365 * 86400))
    is_open = chance.random() < OPEN_SHARE
    priority = f"P{chance.choice([1, 2, 2, 3, 3, 3, 4, 5])}"
    steps = [
        ("CREATED", "", "new", "OPEN", ""),
        ("PRIORITY", "", priority, "", ""),
        ("ASSIGNEE", "", "Ana", "", ""),
        ("MESSAGE", "", "", "", "OUT"),
        ("STATUS", "new", "waiting", "WAITING", ""),
        ("MESSAGE", "", "", "", "IN"),
        ("STATUS", "waiting", "in-progress", "OPEN", ""),
        ("MESSAGE", "", "", "", "OUT")
        if is_open
        else ("STATUS", "in-progress", "resolved", "RESOLVED", ""),
    ]
    plan = []
    for number, (kind, *rest) in enumerate(steps):
        if number > 1:
            at = min(NOW, at + timedelta(seconds=int(chance.expovariate(1 / 7200))))
        plan.append((kind, at, *rest))
    return priority, is_open, plan
