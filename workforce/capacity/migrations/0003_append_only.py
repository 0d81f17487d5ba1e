"""What was forecast, published or decided is never changed, in the database itself.

SQLite copies a table to alter it and loses its triggers: a later migration that alters
one of these tables must run its operation again.
"""

from django.db import migrations

from supportops.common.triggers import KEEPS, freeze_rows, refuse_updates

PUBLISHED = "a published forecast never changes"
DAYS = "capacity_forecastday"
KEPT_DAY = "(SELECT state FROM capacity_forecast WHERE id = OLD.forecast_id) <> 'DRAFT'"


def create(apps, schema_editor):
    """Keep the days of what was published; those of a draft may be written anew."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {DAYS}{KEEPS} BEFORE DELETE ON {DAYS} WHEN {KEPT_DAY} "
            f"BEGIN SELECT RAISE(ABORT, '{PUBLISHED}'); END"
        )
        return
    # A trigger's condition may not look into another table on PostgreSQL.
    schema_editor.execute(
        f"CREATE FUNCTION {DAYS}_refuse_delete() RETURNS trigger AS $$ BEGIN "
        f"IF {KEPT_DAY} THEN RAISE EXCEPTION '{PUBLISHED}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN OLD; END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {DAYS}{KEEPS} BEFORE DELETE ON {DAYS} "
        f"FOR EACH ROW EXECUTE FUNCTION {DAYS}_refuse_delete()"
    )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {DAYS}{KEEPS} ON {DAYS}")
        schema_editor.execute(f"DROP FUNCTION {DAYS}_refuse_delete()")
    else:
        schema_editor.execute(f"DROP TRIGGER {DAYS}{KEEPS}")


class Migration(migrations.Migration):
    dependencies = [("capacity", "0002_roles")]

    operations = [
        refuse_updates(DAYS),
        migrations.RunPython(create, drop),
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
            message=PUBLISHED,
            refuse="NEW.state = 'DRAFT' OR "
            "(OLD.state = 'SUPERSEDED' AND NEW.state = 'PUBLISHED')",
        ),
    ]
