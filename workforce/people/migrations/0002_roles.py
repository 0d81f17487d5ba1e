"""Creates the seven roles and says who keeps people, teams and skills."""

from django.db import migrations

from supportops.common.roles import (
    EXECUTIVE,
    QA_REVIEWER,
    ROLES,
    SUPPORT_LEAD,
    TEAM_LEAD,
    WORKFORCE_MANAGER,
    grant,
)

SEEN_BY_ALL = ("team", "region", "skill", "skilllevel")
PLANNERS = (SUPPORT_LEAD, WORKFORCE_MANAGER)

GRANTS = {f"view_{name}": ROLES for name in SEEN_BY_ALL}
GRANTS |= {
    "view_user": (TEAM_LEAD, SUPPORT_LEAD, QA_REVIEWER, WORKFORCE_MANAGER, EXECUTIVE),
    # Accounts, their groups and their passwords are the administrator's alone.
    "add_user": (),
    "change_user": (),
    "delete_user": (),
}
GRANTS |= {
    f"{action}_{name}": PLANNERS
    for name in SEEN_BY_ALL
    for action in ("add", "change", "delete")
}

AUTH_GRANTS = {f"{action}_group": () for action in ("view", "add", "change", "delete")}


def create_roles(apps, schema_editor):
    group_model = apps.get_model("auth", "Group")
    for name in ROLES:
        group_model.objects.get_or_create(name=name)


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(create_roles, remove_roles),
        grant("people", GRANTS),
        grant("auth", AUTH_GRANTS),
    ]
