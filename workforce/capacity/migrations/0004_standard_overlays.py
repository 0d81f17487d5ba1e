"""The five scenarios every support team meets, as overlays to lay over a forecast.

Changes in percent and responses follow the table "Scenario Planning" of the workforce
chapter this product grew from.
"""

from django.db import migrations

OVERLAYS = (
    ("OUTAGE", "Product outage", 300, "Everybody on the queue; what can wait, waits."),
    ("RELEASE", "Major release", 50, "Plan the extra people before the day."),
    (
        "MIGRATION",
        "Competitor migration",
        100,
        "Temporary staff and longer opening hours.",
    ),
    ("HOLIDAY", "Holiday", -50, "A small crew; the others are free."),
    (
        "PR_CRISIS",
        "PR crisis",
        500,
        "Emergency protocol; management helps to answer.",
    ),
)


def create(apps, schema_editor):
    overlay = apps.get_model("capacity", "Overlay")
    for kind, name, percent, response in OVERLAYS:
        overlay.objects.get_or_create(
            name=name,
            defaults={
                "kind": kind,
                "percent": percent,
                "response": response,
                "is_standard": True,
            },
        )


def remove(apps, schema_editor):
    apps.get_model("capacity", "Overlay").objects.filter(is_standard=True).delete()


class Migration(migrations.Migration):
    dependencies = [("capacity", "0003_append_only")]

    operations = [migrations.RunPython(create, remove)]
