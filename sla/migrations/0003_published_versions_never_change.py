"""Refuse any change to what a published policy version says, in the database itself.

SQLite copies a table to alter it and loses its triggers: a later migration that alters
``sla_policyversion`` must run ``CREATE_SQLITE`` again.
"""

from django.db import migrations

TABLE = "sla_policyversion"
FROZEN = (
    "policy_id",
    "number",
    "state",
    "definition",
    "checksum",
    "position",
    "effective_from",
    "reason",
    "published_at",
)
# The end of a span, and people who leave, may still change.

CREATE_SQLITE = (
    f"CREATE TRIGGER {TABLE}_published BEFORE UPDATE ON {TABLE} "
    "WHEN OLD.state = 'PUBLISHED' AND ("
    + " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
    + ") BEGIN SELECT RAISE(ABORT, 'a published policy version never changes'); END"
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(CREATE_SQLITE)
        return
    schema_editor.execute(
        f"CREATE FUNCTION {TABLE}_refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'a published policy version never changes' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    changed = " OR ".join(
        f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_published BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN (OLD.state = 'PUBLISHED' AND ({changed})) "
        f"EXECUTE FUNCTION {TABLE}_refuse_change()"
    )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_published ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_refuse_change()")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_published")


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_initial")]

    operations = [migrations.RunPython(create, drop)]
