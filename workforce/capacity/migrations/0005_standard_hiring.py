"""Lead times of hiring and three worked examples, from the workforce chapter.

Lead times stand in its table "Hiring Planning". The examples carry every figure as
printed: 28 agents, $12.50 a ticket, $52,500 a month.
"""

from django.db import migrations
from django.utils import timezone

LEAD_TIMES = (
    ("REPLACEMENT", 2, 3, "Notice period, interviews, training."),
    ("GROWTH", 3, 4, "The same, with fewer candidates to begin with."),
    ("NEW_TIER", 4, 6, "Hard to find, and longer to train."),
    ("SEASONAL", 1, 2, "Temporary contracts are quicker."),
)

EXAMPLES = (
    (
        "CAPACITY",
        "500 tickets a day",
        {"volume": 500, "handle_minutes": 20, "hours": 8, "utilisation": 0.75},
    ),
    (
        "COST_PER_TICKET",
        "An agent at $75,000 a year",
        {
            "salary": 60000,
            "tools": 5000,
            "training": 2000,
            "overhead": 8000,
            "tickets_a_day": 25,
            "days_a_year": 240,
            "handle_cut": 0.10,
            "fcr_gain": 0.05,
        },
    ),
    (
        "SELF_SERVICE",
        "10,000 visits a month",
        {
            "visits": 10000,
            "deflection": 0.35,
            "ticket_cost": 15,
            "running": 0,
            "once": 0,
            "horizon": 12,
        },
    ),
)
SOURCE = "Worked example"


def create_examples(apps, schema_editor):
    calculation = apps.get_model("capacity", "Calculation")
    for kind, name, values in EXAMPLES:
        calculation.objects.get_or_create(
            kind=kind,
            name=name,
            defaults={
                "currency": "USD",
                "inputs": {
                    key: {"value": value, "source": SOURCE}
                    for key, value in values.items()
                },
                "is_example": True,
                "changed_at": timezone.now(),
            },
        )


def remove_examples(apps, schema_editor):
    apps.get_model("capacity", "Calculation").objects.filter(is_example=True).delete()


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

    operations = [
        migrations.RunPython(create, remove),
        migrations.RunPython(create_examples, remove_examples),
    ]
