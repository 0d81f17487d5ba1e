"""Everybody on the staff keeps tokens of their own; the administrator sees them all."""

from django.db import migrations

from supportops.common.roles import ROLES, grant

GRANTS = {
    "view_apitoken": ROLES,
    "add_apitoken": ROLES,
    # Only the administrator, who gets every permission named here.
    "manage_apitoken": (),
}


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant("api", GRANTS)]
