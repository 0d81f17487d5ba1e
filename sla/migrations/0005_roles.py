"""Who may do what with promises.

Compliance figures name people: team leads and above read them. Agents see the clocks of
their tickets on the tickets themselves, so the role gets no access to the page.
"""

from django.db import migrations

from supportops.common.roles import (
    AGENT,
    EXECUTIVE,
    QA_REVIEWER,
    SUPPORT_LEAD,
    TEAM_LEAD,
    WORKFORCE_MANAGER,
    grant,
)

EVERYBODY = (
    AGENT,
    TEAM_LEAD,
    SUPPORT_LEAD,
    QA_REVIEWER,
    WORKFORCE_MANAGER,
    EXECUTIVE,
)
MANAGERS = (TEAM_LEAD, SUPPORT_LEAD, WORKFORCE_MANAGER, EXECUTIVE)

GRANTS = {
    "view_policy": EVERYBODY,
    "view_policyversion": EVERYBODY,
    "add_policy": (SUPPORT_LEAD,),
    "change_policy": (SUPPORT_LEAD,),
    "publish_policy": (SUPPORT_LEAD,),
    "view_calendar": EVERYBODY,
    "add_calendar": (SUPPORT_LEAD,),
    "change_calendar": (SUPPORT_LEAD,),
    "delete_calendar": (SUPPORT_LEAD,),
    "view_slaclock": EVERYBODY,
    "view_slaalert": MANAGERS,
    "view_compliance": MANAGERS,
}


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0004_standard_support"),
        ("people", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant("sla", GRANTS)]
