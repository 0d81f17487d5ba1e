"""Mark every stored day of tickets: stars and handle time are new columns of it."""

from django.db import migrations

KINDS = ("tickets", "resolutions")


def mark(apps, schema_editor):
    segment = apps.get_model("metrics", "Segment")
    dirty = apps.get_model("metrics", "DirtyDay")
    stored = segment.objects.filter(kind__in=KINDS).values_list("kind", "day")
    dirty.objects.bulk_create(
        [dirty(kind=kind, day=day) for kind, day in stored], batch_size=400
    )


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_open_queue_indexes"),
        ("metrics", "0001_initial"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
