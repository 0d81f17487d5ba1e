"""The duties of planning by month, quarter and year.

From the list "Capacity Planning Calendar" of the workforce chapter; who owns each is
decided in the portal.
"""

from django.db import migrations

TASKS = (
    ("MONTHLY", 5, "Compare last month's forecast with what came"),
    ("MONTHLY", 7, "Renew the rolling forecast of three months"),
    ("MONTHLY", 15, "Adjust schedules for known events"),
    ("MONTHLY", 20, "Check where each hire stands"),
    ("QUARTERLY", 10, "Look into the trends of volume"),
    ("QUARTERLY", 20, "Plan headcount for the next two quarters"),
    ("QUARTERLY", 30, "Plan training"),
    ("QUARTERLY", 40, "Review the budget"),
    ("ANNUAL", 15, "Forecast the year's volume"),
    ("ANNUAL", 30, "Request the headcount budget"),
    ("ANNUAL", 60, "Review contracts of tools and vendors"),
    ("ANNUAL", 90, "Plan capacity beyond the year"),
)


def create(apps, schema_editor):
    task = apps.get_model("capacity", "PlanningTask")
    for position, (cadence, due_day, name) in enumerate(TASKS):
        task.objects.get_or_create(
            cadence=cadence,
            name=name,
            defaults={"due_day": due_day, "position": position},
        )


def remove(apps, schema_editor):
    apps.get_model("capacity", "PlanningTask").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("capacity", "0005_standard_hiring")]

    operations = [migrations.RunPython(create, remove)]
