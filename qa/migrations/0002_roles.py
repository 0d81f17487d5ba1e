"""Who may do what with quality.

Whose reviews a person reads is decided row by row in ``qa.selectors.reviews``; these
say which kind of page a role has at all.
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
REVIEWERS = (TEAM_LEAD, SUPPORT_LEAD, QA_REVIEWER)
QUALITY = (SUPPORT_LEAD, QA_REVIEWER)
LEAD = (SUPPORT_LEAD,)

GRANTS = {
    "view_scorecard": EVERYBODY,
    "view_scorecardversion": EVERYBODY,
    "add_scorecard": LEAD,
    "change_scorecard": LEAD,
    "publish_scorecard": LEAD,
    "view_rootcause": REVIEWERS,
    "add_rootcause": LEAD,
    "change_rootcause": LEAD,
    "delete_rootcause": LEAD,
    "view_samplingplan": REVIEWERS,
    "add_samplingplan": LEAD,
    "change_samplingplan": LEAD,
    "delete_samplingplan": LEAD,
    "take_draw": LEAD,
    "view_samplingdraw": REVIEWERS,
    "view_review": (AGENT, *REVIEWERS),
    "score_review": REVIEWERS,
    "view_all_reviews": QUALITY,
    "void_review": LEAD,
    "view_dispute": (AGENT, *REVIEWERS),
    "decide_dispute": QUALITY,
    "view_quality": (TEAM_LEAD, *QUALITY, WORKFORCE_MANAGER, EXECUTIVE),
    "view_calibrationsession": REVIEWERS,
    "facilitate_calibration": QUALITY,
    "run_any_calibration": LEAD,
    "view_calibrationdecision": (AGENT, *REVIEWERS),
    "view_goldticket": LEAD,
    "change_goldticket": LEAD,
    "view_rubricchange": REVIEWERS,
    "change_rubricchange": LEAD,
    "view_reliability": QUALITY,
    "view_certification": QUALITY,
    "change_certification": LEAD,
}


class Migration(migrations.Migration):
    dependencies = [
        ("qa", "0001_initial"),
        ("people", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [grant("qa", GRANTS)]
