"""Ships the lifecycle: eleven statuses and the moves between them."""

from django.db import migrations

# code, name, meaning, nobody works on it yet
STATUSES = [
    ("new", "New", "OPEN", True),
    ("triaged", "Triaged", "OPEN", True),
    ("assigned", "Assigned", "OPEN", False),
    ("in-progress", "In progress", "OPEN", False),
    ("pending", "Pending third party", "ON_HOLD", False),
    ("waiting", "Waiting on customer", "WAITING", False),
    ("escalated", "Escalated", "OPEN", False),
    ("engineering", "Engineering", "OPEN", False),
    ("resolved", "Resolved", "RESOLVED", False),
    ("closed", "Closed", "CLOSED", False),
    ("reopened", "Reopened", "OPEN", False),
]

# Closing without resolving is for what needs no work (new, triaged) and for
# customers who do not answer (waiting). An ended ticket is only ever reopened.
MOVES = {
    "new": "triaged assigned in-progress waiting resolved closed",
    "triaged": "assigned in-progress waiting escalated resolved closed",
    "assigned": "triaged in-progress pending waiting escalated resolved",
    "in-progress": "assigned pending waiting escalated engineering resolved",
    "pending": "in-progress waiting escalated engineering resolved",
    "waiting": "in-progress pending escalated engineering resolved closed",
    "escalated": "in-progress pending waiting engineering resolved",
    "engineering": "in-progress pending waiting escalated resolved",
    "resolved": "closed reopened",
    "closed": "reopened",
    "reopened": "assigned in-progress pending waiting escalated engineering resolved",
}


def add(apps, schema_editor):
    status_model = apps.get_model("tickets", "Status")
    move_model = apps.get_model("tickets", "StatusMove")
    status_model.objects.bulk_create(
        status_model(
            code=code,
            name=name,
            category=category,
            is_intake=is_intake,
            position=10 * number,
        )
        for number, (code, name, category, is_intake) in enumerate(STATUSES, start=1)
    )
    by_code = {status.code: status for status in status_model.objects.all()}
    move_model.objects.bulk_create(
        move_model(source=by_code[source], target=by_code[target])
        for source, targets in MOVES.items()
        for target in targets.split()
    )


def remove(apps, schema_editor):
    """Take away what was shipped; refused by the database while tickets use it."""
    statuses = apps.get_model("tickets", "Status").objects.filter(
        code__in=[code for code, *_rest in STATUSES]
    )
    apps.get_model("tickets", "StatusMove").objects.filter(source__in=statuses).delete()
    statuses.delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
