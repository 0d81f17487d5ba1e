"""The duties of planning by month, quarter and year.

From the list "Capacity Planning Calendar" of the workforce chapter; who owns each is
decided in the portal.
"""

from django.db import migrations

TASKS = (
    ("MONTHLY", 5, "Compare last month's forecast with what came", "capacity:accuracy"),
    ("MONTHLY", 7, "Renew the rolling forecast of three months", "capacity:forecasts"),
    ("MONTHLY", 15, "Adjust schedules for known events", "capacity:staffing"),
    ("MONTHLY", 20, "Check where each hire stands", "capacity:hiring"),
    ("QUARTERLY", 10, "Look into the trends of volume", "capacity:volumes"),
    ("QUARTERLY", 20, "Plan headcount for the next two quarters", "capacity:hiring"),
    ("QUARTERLY", 30, "Plan training", "capacity:hiring"),
    ("QUARTERLY", 40, "Review the budget", "capacity:costs"),
    ("ANNUAL", 15, "Forecast the year's volume", "capacity:forecasts"),
    ("ANNUAL", 30, "Request the headcount budget", "capacity:hiring"),
    ("ANNUAL", 60, "Review contracts of tools and vendors", "capacity:costs"),
    ("ANNUAL", 90, "Plan capacity beyond the year", "capacity:hiring"),
)


def create(apps, schema_editor):
    task = apps.get_model("capacity", "PlanningTask")
    for position, (cadence, due_day, name, page) in enumerate(TASKS):
        task.objects.get_or_create(
            cadence=cadence,
            name=name,
            defaults={"due_day": due_day, "position": position, "page": page},
        )


def remove(apps, schema_editor):
    apps.get_model("capacity", "PlanningTask").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("capacity", "0005_standard_hiring")]

    operations = [migrations.RunPython(create, remove)]
