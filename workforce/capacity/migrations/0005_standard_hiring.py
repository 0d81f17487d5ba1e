"""Lead times of hiring, from the table "Hiring Planning" of the workforce chapter."""

from django.db import migrations

LEAD_TIMES = (
    ("REPLACEMENT", 2, 3, "Notice period, interviews, training."),
    ("GROWTH", 3, 4, "The same, with fewer candidates to begin with."),
    ("NEW_TIER", 4, 6, "Hard to find, and longer to train."),
    ("SEASONAL", 1, 2, "Temporary contracts are quicker."),
)


def create(apps, schema_editor):
    lead_time = apps.get_model("capacity", "LeadTime")
    for scenario, low, high, considerations in LEAD_TIMES:
        lead_time.objects.get_or_create(
            scenario=scenario,
            defaults={
                "months_low": low,
                "months_high": high,
                "considerations": considerations,
            },
        )


def remove(apps, schema_editor):
    apps.get_model("capacity", "LeadTime").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("capacity", "0004_standard_overlays")]

    operations = [migrations.RunPython(create, remove)]
