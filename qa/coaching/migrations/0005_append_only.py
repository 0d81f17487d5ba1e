"""Signatures and readings never change, nor does a plan once it was issued.

SQLite copies a table to alter it and loses its triggers: a later migration that alters
``coaching_improvementplan`` must create this one again.
"""

from django.db import migrations

from supportops.common.triggers import refuse_updates

TABLE = "coaching_improvementplan"
FROZEN = (
    "agent_id",
    "manager_id",
    "starts_on",
    "days",
    "concerns",
    "support",
    "buddy_id",
    "load_percent",
    "success",
    "text",
    "issued_at",
)
MESSAGE = "an issued improvement plan never changes"


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_issued BEFORE UPDATE ON {TABLE} "
            f"WHEN OLD.issued_at IS NOT NULL AND ({changed}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
    schema_editor.execute(
        f"CREATE FUNCTION {TABLE}_refuse_change() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_issued BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN (OLD.issued_at IS NOT NULL AND ({changed})) "
        f"EXECUTE FUNCTION {TABLE}_refuse_change()"
    )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_issued ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_refuse_change()")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_issued")


class Migration(migrations.Migration):
    dependencies = [("coaching", "0004_playbooks")]

    operations = [
        refuse_updates("coaching_signature"),
        refuse_updates("coaching_planaccess"),
        migrations.RunPython(create, drop),
    ]
