"""Support leads see every job and may cancel it; everyone else sees their own."""

from django.db import migrations

from supportops.common import roles


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_initial"),
        ("people", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        roles.grant(
            "jobs",
            {
                "view_job": [roles.SUPPORT_LEAD],
                "change_job": [roles.SUPPORT_LEAD],
            },
        )
    ]
