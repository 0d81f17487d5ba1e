"""A published text is never changed, in the database itself.

SQLite copies a table to alter it and loses its triggers: a later migration that alters
``kb_articleversion`` must run this again.
"""

from django.db import migrations

from supportops.common.triggers import refuse_updates


class Migration(migrations.Migration):
    dependencies = [("kb", "0002_roles")]

    operations = [refuse_updates("kb_articleversion")]
