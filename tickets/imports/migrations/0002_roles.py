from django.db import migrations

from supportops.common.roles import SUPPORT_LEAD, grant


class Migration(migrations.Migration):
    dependencies = [
        ("ticket_imports", "0001_initial"),
        ("people", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        grant(
            "ticket_imports",
            {
                "view_importrun": [SUPPORT_LEAD],
                "add_importrun": [SUPPORT_LEAD],
                "change_importrun": [SUPPORT_LEAD],
                "delete_importrun": [SUPPORT_LEAD],
            },
        ),
    ]
