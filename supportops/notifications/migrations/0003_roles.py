"""Everybody on the staff reads what they were told themselves."""

from django.db import migrations

from supportops.common import roles


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_initial"),
        ("people", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [roles.grant("notifications", {"view_notification": roles.ROLES})]
