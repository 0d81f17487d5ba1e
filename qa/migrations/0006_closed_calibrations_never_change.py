"""Refuse any change to a closed calibration and to what was decided, in the database.

Of a decision only whether it is still in force may change. A reliability figure is never
changed: a new one is added. SQLite copies a table to alter it and loses its triggers: a
later migration that alters one of these tables must create them again.
"""

from django.db import migrations

from supportops.common.triggers import freeze_rows, refuse_updates

SESSION = "qa_calibrationsession"
PARTS = ("qa_calibrationitem", "qa_participant")
FROZEN = (
    "title",
    "version_id",
    "mode",
    "baseline_id",
    "facilitator_id",
    "reveal",
    "hide_agent",
    "threshold",
    "min_participants",
    "due_at",
    "state",
    "created_at",
    "started_at",
    "revealed_at",
    "decided_at",
    "closed_at",
    "minutes",
    "statistics",
)
FIXED = (
    "item_id",
    "scorecard_id",
    "criterion_key",
    "level",
    "is_unclear",
    "reason",
    "quote",
    "decided_by_id",
    "decided_at",
)
CLOSED = "a closed calibration never changes"
DECIDED = "a calibration decision never changes"


def _is_closed(row):
    return f"(SELECT state FROM {SESSION} WHERE id = {row}.session_id) = 'CLOSED'"  # noqa: S608 -- constants


def create(apps, schema_editor):
    for table in PARTS:
        for statement in _statements(table, schema_editor.connection.vendor):
            schema_editor.execute(statement)


def _statements(table, vendor):
    if vendor != "postgresql":
        abort = f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
        either = f"{_is_closed('OLD')} OR {_is_closed('NEW')}"
        return [
            f"CREATE TRIGGER {table}_closed BEFORE UPDATE ON {table} "
            f"WHEN {either} {abort}",
            f"CREATE TRIGGER {table}_closed_add BEFORE INSERT ON {table} "
            f"WHEN {_is_closed('NEW')} {abort}",
        ]
    # A trigger's condition may not look into another table on PostgreSQL.
    refuse = (
        f"RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'integrity_constraint_violation';"
    )
    return [
        f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger AS $$ BEGIN "
        f"IF {_is_closed('NEW')} THEN {refuse} END IF; "
        f"IF TG_OP = 'UPDATE' THEN IF {_is_closed('OLD')} THEN {refuse} END IF; END IF; "
        "RETURN NEW; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {table}_closed BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()",
    ]


def drop(apps, schema_editor):
    for table in PARTS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_closed ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_change()")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_closed")
            schema_editor.execute(f"DROP TRIGGER {table}_closed_add")


class Migration(migrations.Migration):
    dependencies = [("qa", "0005_append_only")]

    operations = [
        freeze_rows(
            "qa_calibrationsession",
            once="OLD.state = 'CLOSED'",
            columns=FROZEN,
            message=CLOSED,
        ),
        freeze_rows(
            "qa_calibrationdecision", once="1 = 1", columns=FIXED, message=DECIDED
        ),
        migrations.RunPython(create, drop),
        refuse_updates("qa_reliabilityfigure"),
    ]
