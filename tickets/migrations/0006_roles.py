"""Who may do what with tickets and their vocabulary."""

from django.db import migrations

from supportops.common.roles import (
    AGENT,
    EXECUTIVE,
    QA_REVIEWER,
    ROLES,
    SUPPORT_LEAD,
    TEAM_LEAD,
    WORKFORCE_MANAGER,
    grant,
)

WORKS = (AGENT, TEAM_LEAD, SUPPORT_LEAD)
LEADS = (TEAM_LEAD, SUPPORT_LEAD)

SEEN_BY_ALL = (
    "ticket",
    "message",
    "ticketevent",
    "organisation",
    "contact",
    "contactaddress",
    "customertier",
    "category",
    "productarea",
    "channel",
    "status",
    "statusmove",
    "priorityrule",
    "severityrule",
    "tag",
)
# What a support lead keeps: words, lifecycle and matrices.
VOCABULARY = (
    "customertier",
    "category",
    "productarea",
    "channel",
    "status",
    "statusmove",
    "priorityrule",
    "severityrule",
    "tag",
)

GRANTS = {f"view_{name}": ROLES for name in SEEN_BY_ALL}
GRANTS |= {
    f"{action}_{name}": (SUPPORT_LEAD,)
    for name in VOCABULARY
    for action in ("add", "change", "delete")
}
GRANTS |= {
    "work_ticket": WORKS,
    "add_ticket": WORKS,
    "change_ticket": WORKS,
    # Whole-team figures and other people's reviews need every ticket, read only.
    "view_all_tickets": (SUPPORT_LEAD, QA_REVIEWER, WORKFORCE_MANAGER, EXECUTIVE),
    "triage_ticket": LEADS,
    "merge_ticket": LEADS,
    # Whoever takes a call writes down who called.
    "add_contact": WORKS,
    "change_contact": WORKS,
    "add_contactaddress": WORKS,
    "change_contactaddress": WORKS,
    "delete_contactaddress": LEADS,
    "delete_contact": (SUPPORT_LEAD,),
    "add_organisation": LEADS,
    "change_organisation": LEADS,
    "delete_organisation": (SUPPORT_LEAD,),
    # Only the administrator, who gets every permission named here.
    "delete_ticket": (),
}


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0005_events_append_only"),
        ("people", "0002_roles"),
    ]

    operations = [grant("tickets", GRANTS)]
