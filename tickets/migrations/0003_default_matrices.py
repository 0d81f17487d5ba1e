"""Ships both matrices, every cell filled.

The reference text gives the priority of five pairs: many users × complete block = P1,
multiple users × significant block = P2, single user × partial block = P3, single user ×
minor inconvenience = P4, enhancement × future improvement = P5. The other cells take the
calmer of their two sides (many × minor = P4, single × complete block = P3): one strong
answer alone does not make an emergency, which keeps P1 rare, and agrees with its
decision tree, where blocked core functionality alone is P3. The severity matrix is
given in full.
"""

from django.db import migrations

IMPACTS = {"MANY": 1, "MULTIPLE": 2, "SINGLE": 3, "ENHANCEMENT": 5}
URGENCIES = {"BLOCKED": 1, "SIGNIFICANT": 2, "PARTIAL": 3, "MINOR": 4, "FUTURE": 5}

SEVERITIES = {
    "COMPLETE": {"ONE": "SEV3", "MULTIPLE": "SEV2", "ALL": "SEV1"},
    "MAJOR": {"ONE": "SEV4", "MULTIPLE": "SEV3", "ALL": "SEV2"},
    "MINOR": {"ONE": "SEV5", "MULTIPLE": "SEV4", "ALL": "SEV3"},
}


def add(apps, schema_editor):
    priority_model = apps.get_model("tickets", "PriorityRule")
    severity_model = apps.get_model("tickets", "SeverityRule")
    priority_model.objects.bulk_create(
        priority_model(
            impact=impact, urgency=urgency, priority=f"P{max(first, second)}"
        )
        for impact, first in IMPACTS.items()
        for urgency, second in URGENCIES.items()
    )
    severity_model.objects.bulk_create(
        severity_model(users_affected=users, impairment=impairment, severity=severity)
        for impairment, row in SEVERITIES.items()
        for users, severity in row.items()
    )


def remove(apps, schema_editor):
    apps.get_model("tickets", "PriorityRule").objects.all().delete()
    apps.get_model("tickets", "SeverityRule").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_default_statuses")]

    operations = [migrations.RunPython(add, remove)]
