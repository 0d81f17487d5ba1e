"""Who may do what with capacity.

Whose queues a person sees is decided row by row in ``workforce.capacity.selectors``;
these say which kind of page a role has at all. Costs hold salaries, so fewer see them.
"""

from django.db import migrations

from supportops.common.roles import (
    EXECUTIVE,
    SUPPORT_LEAD,
    TEAM_LEAD,
    WORKFORCE_MANAGER,
    grant,
)

READERS = (TEAM_LEAD, SUPPORT_LEAD, WORKFORCE_MANAGER, EXECUTIVE)
WIDE = (SUPPORT_LEAD, WORKFORCE_MANAGER, EXECUTIVE)
PLANNERS = (WORKFORCE_MANAGER,)
DECIDERS = (SUPPORT_LEAD, WORKFORCE_MANAGER)
APPROVERS = (SUPPORT_LEAD, EXECUTIVE)

GRANTS = {
    "view_capacity": READERS,
    "view_all_queues": WIDE,
    "view_queue": READERS,
    "add_queue": PLANNERS,
    "change_queue": PLANNERS,
    "view_intervalvolume": READERS,
    "view_assumptions": READERS,
    "change_assumptions": PLANNERS,
    "view_plannedstaff": READERS,
    "add_plannedstaff": PLANNERS,
    "change_plannedstaff": PLANNERS,
    "delete_plannedstaff": PLANNERS,
    "decide_outlier": PLANNERS,
    "view_outlierday": READERS,
    "view_volumeimport": WIDE,
    "add_volumeimport": PLANNERS,
    "view_event": READERS,
    "add_event": PLANNERS,
    "change_event": PLANNERS,
    "delete_event": PLANNERS,
    "view_overlay": READERS,
    "add_overlay": PLANNERS,
    "change_overlay": PLANNERS,
    "delete_overlay": PLANNERS,
    "view_forecast": READERS,
    "run_forecast": PLANNERS,
    "publish_forecast": PLANNERS,
    "view_investigation": READERS,
    "resolve_investigation": DECIDERS,
    "view_hiringplan": WIDE,
    "add_hiringplan": PLANNERS,
    "change_hiringplan": PLANNERS,
    "view_leadtime": WIDE,
    "change_leadtime": PLANNERS,
    "view_costs": WIDE,
    "change_costs": PLANNERS,
    "view_decision": READERS,
    "add_decision": DECIDERS,
    "change_decision": DECIDERS,
    "approve_decision": APPROVERS,
    "view_planningtask": READERS,
    "add_planningtask": PLANNERS,
    "change_planningtask": PLANNERS,
    "change_planningduty": READERS,
}


class Migration(migrations.Migration):
    dependencies = [
        ("capacity", "0001_initial"),
        ("people", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant("capacity", GRANTS)]
