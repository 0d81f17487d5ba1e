"""Lets administrators keep the schedule of background work and read sign-in logs."""

from django.db import migrations

from supportops.common.roles import grant

SCHEDULES = (
    "periodictask",
    "intervalschedule",
    "crontabschedule",
    "clockedschedule",
    "solarschedule",
)
ACTIONS = ("view", "add", "change", "delete")
LOGS = ("accessattempt", "accesslog", "accessfailurelog")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_roles"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [
        grant(
            "django_celery_beat",
            {f"{action}_{name}": () for name in SCHEDULES for action in ACTIONS},
        ),
        # Deleting an attempt lets a locked-out person in again.
        grant("axes", {f"view_{name}": () for name in LOGS}),
        grant("axes", {"delete_accessattempt": ()}),
    ]
