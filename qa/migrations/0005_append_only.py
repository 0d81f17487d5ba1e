"""What has happened to a review is never changed, in the database itself.

SQLite copies a table to alter it and loses its triggers: a later migration that alters
``qa_reviewevent`` must run this again.
"""

from django.db import migrations

from supportops.common.triggers import refuse_updates


class Migration(migrations.Migration):
    dependencies = [("qa", "0004_standard_scorecard")]

    operations = [refuse_updates("qa_reviewevent")]
