"""Who may do what with coaching. Rows are narrowed further in ``qa.coaching.selectors``."""

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
COACHES = (TEAM_LEAD, SUPPORT_LEAD)

GRANTS = {
    "view_playbook": (AGENT, *COACHES, QA_REVIEWER),
    "change_playbook": (SUPPORT_LEAD,),
    "view_coachingsession": (AGENT, *COACHES),
    "coach_agent": COACHES,
    "view_all_coaching": (SUPPORT_LEAD,),
    "view_improvementplan": EVERYBODY,
    "add_improvementplan": COACHES,
    "change_improvementplan": COACHES,
    "view_all_improvementplans": (SUPPORT_LEAD,),
    "view_recognition": EVERYBODY,
    "add_recognition": EVERYBODY,
    "award_recognition": (SUPPORT_LEAD,),
    "view_metricaudit": (TEAM_LEAD, SUPPORT_LEAD, QA_REVIEWER, WORKFORCE_MANAGER, EXECUTIVE),
    "add_metricaudit": (SUPPORT_LEAD, QA_REVIEWER),
    "change_metricaudit": (SUPPORT_LEAD, QA_REVIEWER),
}


class Migration(migrations.Migration):
    dependencies = [
        ("coaching", "0002_initial"),
        ("people", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant("coaching", GRANTS)]
