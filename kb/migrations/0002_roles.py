"""Who may do what with the knowledge base.

Which articles somebody reads is decided row by row in ``kb.selectors``; everybody on the
staff reads the internal ones.
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
WRITERS = (AGENT, TEAM_LEAD, SUPPORT_LEAD, QA_REVIEWER)
LEADS = (TEAM_LEAD, SUPPORT_LEAD)
FIGURES = (TEAM_LEAD, SUPPORT_LEAD, WORKFORCE_MANAGER, EXECUTIVE)
LEAD = (SUPPORT_LEAD,)
# What a ticket costs is known to who plans.
VALUE = (SUPPORT_LEAD, WORKFORCE_MANAGER)

GRANTS = {
    "view_topic": EVERYBODY,
    "add_topic": LEAD,
    "change_topic": LEAD,
    "delete_topic": LEAD,
    "view_article": EVERYBODY,
    "view_internal_article": EVERYBODY,
    "add_article": WRITERS,
    "change_article": WRITERS,
    "publish_article": LEADS,
    "view_synonym": EVERYBODY,
    "add_synonym": LEADS,
    "change_synonym": LEADS,
    "delete_synonym": LEADS,
    "view_knownquestion": EVERYBODY,
    "add_knownquestion": LEADS,
    "change_knownquestion": LEADS,
    "view_search": FIGURES,
    "change_knowledgevalue": VALUE,
    "view_flag": EVERYBODY,
    "add_flag": WRITERS,
    "decide_flag": LEADS,
    "view_gaptask": FIGURES,
    "change_gaptask": LEADS,
    "view_contenttask": EVERYBODY,
    "change_contenttask": LEAD,
    "change_contentduty": LEADS,
    "view_conversation": FIGURES,
    "view_assistantrules": FIGURES,
    "change_assistantrules": LEAD,
    "view_experiment": FIGURES,
    "add_experiment": LEADS,
    "change_experiment": LEADS,
}


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0001_initial"),
        ("people", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant("kb", GRANTS)]
