"""Refuse any change to what a published scorecard version says, in the database itself.

Its state may go on to archived, with when and by whom; people who leave may be unset.
"""

from django.db import migrations

from supportops.common.triggers import freeze_rows


class Migration(migrations.Migration):
    dependencies = [("qa", "0002_roles")]

    operations = [
        freeze_rows(
            "qa_scorecardversion",
            once="OLD.state <> 'DRAFT'",
            columns=("scorecard_id", "number", "definition", "reason", "published_at"),
            refuse="NEW.state = 'DRAFT'",
            message="a published scorecard version never changes",
        )
    ]
