"""The rules of self-service: 85 %, important customers to people, a tenth held out."""

from typing import Any

from django.db import migrations

from supportops.common.roles import SUPPORT_LEAD, TEAM_LEAD, grant


def write_rules(apps: Any, schema_editor: Any) -> None:
    rules_model = apps.get_model("kb", "AssistantRules")
    if not rules_model.objects.exists():
        rules_model.objects.create()


class Migration(migrations.Migration):
    dependencies = [("kb", "0005_content_tasks")]

    operations = [
        migrations.RunPython(write_rules, migrations.RunPython.noop),
        # Judging an answer changes from when on answers are shown.
        grant("kb", {"change_conversation": (TEAM_LEAD, SUPPORT_LEAD)}),
    ]
