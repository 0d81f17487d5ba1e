"""Everybody on the staff may read the metric catalogue."""

from django.db import migrations

from supportops.common import roles


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [roles.grant("metrics", {"view_catalogue": roles.ROLES})]
