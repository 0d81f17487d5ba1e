"""A worker of its own process, for tests that kill it: ``python -m tests.sla.sweep_process``.

``prepare N`` makes the tables, a policy and N tickets due; ``sweep`` sweeps them in
batches of five; ``finish`` sweeps what is left and prints what is stored as JSON.
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SWEPT_AT = MONDAY + timedelta(hours=10)


def tell(found: dict) -> None:
    sys.stdout.write(json.dumps(found) + "\n")


def prepare(count: int) -> None:
    from django.core.management import call_command

    from sla.models import Policy, PolicyVersion
    from sla.services import clocks
    from tests.factories.people import TeamFactory, UserFactory
    from tickets import services

    call_command("migrate", verbosity=0, skip_checks=True)
    PolicyVersion.objects.create(
        policy=Policy.objects.create(name="Eight hours"),
        number=1,
        state="PUBLISHED",
        definition={"targets": {"": {"resolution": 8 * 3600}}, "calendar": "always"},
        effective_from=MONDAY,
        reason="test",
        created_at=MONDAY,
        published_at=MONDAY,
    )
    UserFactory(role="Support lead")
    team = TeamFactory(lead=UserFactory(role="Team lead"))
    assignee = UserFactory(role="Agent")
    ids = [
        services.open_ticket(
            at=MONDAY, actor=None, subject="Due", team=team, assignee=assignee
        ).pk
        for _ in range(count)
    ]
    clocks.recompute(ids, MONDAY)


def sweep() -> None:
    from sla.services import alerts

    tell(alerts.sweep(at=SWEPT_AT, batch=5))


def finish() -> None:
    """Sweep once more, say what is stored, and what yet another sweep finds."""
    from sla.services import alerts

    alerts.sweep(at=SWEPT_AT, batch=5)
    tell({"stored": stored(), "again": alerts.sweep(at=SWEPT_AT)})


def stored() -> dict:
    from django.db.models import Count

    from sla.models import SlaAlert, SlaClock
    from supportops.notifications.models import Notification
    from tickets.models import TicketEvent

    def per(queryset, field):
        counted = queryset.order_by().values(field).annotate(n=Count("pk"))
        return sorted({row["n"] for row in counted})

    return {
        "alerts": SlaAlert.objects.count(),
        "alerts_a_clock": per(SlaAlert.objects.all(), "clock_id"),
        "told": Notification.objects.count(),
        "told_a_person": per(Notification.objects.all(), "recipient_id"),
        "escalations": TicketEvent.objects.filter(kind="ESCALATION").count(),
        "escalations_a_ticket": per(
            TicketEvent.objects.filter(kind="ESCALATION"), "ticket_id"
        ),
        "still_due": SlaClock.objects.alert_due(SWEPT_AT).count(),
        "judged": SlaClock.objects.filter(is_kept=False).count(),
    }


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        {"sweep": sweep, "finish": finish}[sys.argv[1]]()
