"""What was forecast, published or decided is never changed, in the database itself.

SQLite copies a table to alter it and loses its triggers: a later migration that alters
one of these tables must run its operation again.
"""

from django.db import migrations

from supportops.common.triggers import freeze_rows, refuse_updates


class Migration(migrations.Migration):
    dependencies = [("capacity", "0002_roles")]

    operations = [
        refuse_updates("capacity_forecastday"),
        refuse_updates("capacity_decisionversion"),
        refuse_updates("capacity_evidence"),
        freeze_rows(
            "capacity_forecast",
            once="OLD.state <> 'DRAFT'",
            columns=[
                "queue_id",
                "asked_method",
                "method",
                "trained_until",
                "starts_on",
                "ends_on",
                "backtest",
                "quality",
                "applied",
                "created_at",
                "published_at",
            ],
            message="a published forecast never changes",
            refuse="NEW.state = 'DRAFT' OR "
            "(OLD.state = 'SUPERSEDED' AND NEW.state = 'PUBLISHED')",
        ),
    ]
