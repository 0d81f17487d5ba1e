"""Makes the event log append-only in the database, not only in the model."""

from django.db import migrations

from supportops.common.triggers import refuse_updates


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_default_tiers_and_channels")]

    operations = [refuse_updates("tickets_ticketevent")]
