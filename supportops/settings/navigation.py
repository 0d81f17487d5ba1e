"""What the navigation of the staff pages holds, and the saved views of the ticket list."""

from functools import cache, lru_cache

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _


@cache
def _address(url_name: str, _script_prefix: str) -> str:
    return reverse(url_name)


# Unfold compares each link with each tab, on every page: hundreds of times the same name.
_address_of = lazy(lambda url_name: _address(url_name, get_script_prefix()), str)
HOME = _address_of("admin:index")

# The beginnings of addresses that lead to an item of the navigation.
_BEGINNINGS: list[str | Promise] = []


@lru_cache(maxsize=256)
def _beginning_of(path: str) -> str:
    """Return the longest beginning that a path has; home is only home itself."""
    if path == HOME:
        return path
    begun = (str(each) for each in _BEGINNINGS if each != HOME)
    return max((each for each in begun if path.startswith(each)), key=len, default="")


def _item(
    title: str | Promise,
    icon: str,
    url_name: str,
    permission: str | None = None,
    *,
    under: str = "",
) -> dict:
    """One item of the navigation; ``under`` is where more pages of it begin.

    Of all items whose address begins the page shown, only the longest is lit.
    """
    link = _address_of(url_name)
    own = [link, under] if under else [link]
    _BEGINNINGS.extend(own)

    @cache
    def addresses() -> frozenset[str]:
        return frozenset(str(each) for each in own)

    def active(request: HttpRequest) -> bool:
        return _beginning_of(request.path) in addresses()

    item = {"title": title, "icon": icon, "link": link, "active": active}
    if permission:
        item["permission"] = lambda request: request.user.has_perm(permission)
    return item


def _view(title: str | Promise, query: str) -> dict:
    """One tab over the ticket list: a saved view that lives in its address."""

    def link(request: HttpRequest) -> str:
        return f"{reverse('admin:tickets_ticket_changelist')}?{query}"

    def active(request: HttpRequest) -> bool:
        return request.META.get("QUERY_STRING", "") == query

    return {"title": title, "link": link, "active": active}


TABS = [
    {
        "page": "tickets",
        "models": ["tickets.ticket"],
        "items": [
            _view(_("All open"), "is_open__exact=1"),
            _view(_("Mine"), "view=mine"),
            _view(_("Nobody's"), "view=unassigned"),
            _view(_("Past due"), "view=past"),
            _view(_("Due within the hour"), "view=hour"),
            _view(_("Waiting on customer"), "view=waiting"),
            _view(_("Everything"), "is_open__in=0,1"),
        ],
    },
]

NAVIGATION = [
    {
        "title": _("Work"),
        "items": [
            _item(_("Home"), "home", "admin:index"),
            _item(
                _("Notifications"),
                "notifications",
                "admin:notifications_notification_changelist",
            ),
            _item(
                _("Tickets"),
                "confirmation_number",
                "admin:tickets_ticket_changelist",
                "tickets.view_ticket",
            ),
            _item(
                _("Compliance"),
                "verified",
                "sla:compliance",
                "sla.view_compliance",
            ),
            _item(
                _("Metrics"),
                "monitoring",
                "metrics:catalogue",
                "metrics.view_catalogue",
            ),
        ],
    },
    {
        "title": _("Promises"),
        "separator": True,
        "items": [
            _item(
                _("Policies"),
                "handshake",
                "admin:sla_policy_changelist",
                "sla.view_policy",
                under="/promises/policies/",
            ),
            _item(
                _("Calendars"),
                "calendar_month",
                "admin:sla_calendar_changelist",
                "sla.view_calendar",
                under="/promises/calendars/",
            ),
            _item(
                _("Alerts"),
                "notifications_active",
                "admin:sla_slaalert_changelist",
                "sla.view_slaalert",
            ),
        ],
    },
    {
        "title": _("Quality"),
        "separator": True,
        "items": [
            _item(_("Reviews to do"), "rate_review", "qa:inbox", "qa.score_review"),
            _item(
                _("Quality"),
                "workspace_premium",
                "qa:overview",
                "qa.view_quality",
                under="/quality/agents/",
            ),
            _item(_("My quality"), "insights", "qa:me", "tickets.work_ticket"),
            _item(_("Reviews"), "grading", "qa:reviews", "qa.view_review"),
            _item(_("Disputes"), "gavel", "qa:disputes", "qa.decide_dispute"),
            _item(
                _("Calibration"),
                "balance",
                "qa:calibrations",
                "qa.view_calibrationsession",
            ),
            _item(
                _("Reliability"),
                "query_stats",
                "qa:reliability",
                "qa.view_reliability",
                under="/quality/rubric-changes/",
            ),
            _item(
                _("Case law"),
                "menu_book",
                "admin:qa_calibrationdecision_changelist",
                "qa.view_calibrationdecision",
            ),
            _item(
                _("Scorecards"),
                "fact_check",
                "admin:qa_scorecard_changelist",
                "qa.view_scorecard",
                under="/quality/scorecards/",
            ),
            _item(
                _("Sampling"),
                "casino",
                "admin:qa_samplingplan_changelist",
                "qa.view_samplingplan",
                under="/quality/sampling/",
            ),
            _item(
                _("Root causes"),
                "troubleshoot",
                "admin:qa_rootcause_changelist",
                "qa.view_rootcause",
            ),
        ],
    },
    {
        "title": _("Coaching"),
        "separator": True,
        "items": [
            _item(
                _("Coaching"),
                "diversity_3",
                "coaching:board",
                "coaching.view_coachingsession",
            ),
            _item(
                _("Improvement plans"),
                "trending_up",
                "coaching:plans",
                "coaching.add_improvementplan",
            ),
            _item(
                _("Recognition"),
                "celebration",
                "coaching:wall",
                "coaching.view_recognition",
            ),
            _item(
                _("Metric audits"),
                "rule",
                "coaching:audits",
                "coaching.view_metricaudit",
            ),
        ],
    },
    {
        "title": _("Capacity"),
        "separator": True,
        "items": [
            _item(
                _("Forecasts"),
                "show_chart",
                "capacity:forecasts",
                "capacity.view_forecast",
            ),
            _item(
                _("Staffing"),
                "groups",
                "capacity:staffing",
                "capacity.view_assumptions",
            ),
            _item(
                _("Hiring"),
                "person_add",
                "capacity:hiring",
                "capacity.view_hiringplan",
            ),
            _item(
                _("Costs"),
                "payments",
                "capacity:costs",
                "capacity.view_costs",
            ),
            _item(
                _("Decisions"),
                "alt_route",
                "capacity:decisions",
                "capacity.view_decision",
            ),
            _item(
                _("Planning calendar"),
                "event_repeat",
                "capacity:planning",
                "capacity.view_planningtask",
            ),
            _item(
                _("Volumes"),
                "stacked_bar_chart",
                "capacity:volumes",
                "capacity.view_capacity",
            ),
        ],
    },
    {
        "title": _("Knowledge base"),
        "separator": True,
        "items": [
            _item(
                _("Articles"),
                "article",
                "kb:articles",
                "kb.view_article",
                under="/kb/topics/",
            ),
            _item(
                _("Content work"),
                "assignment",
                "kb:work",
                "kb.view_gaptask",
            ),
            _item(
                _("Flags"),
                "flag",
                "kb:flags",
                "kb.view_flag",
            ),
            _item(
                _("Self-service"),
                "query_stats",
                "kb:figures",
                "kb.view_search",
            ),
            _item(
                _("Assistant"),
                "forum",
                "kb:assistant",
                "kb.view_assistantrules",
            ),
            _item(
                _("Experiments"),
                "science",
                "kb:experiments",
                "kb.view_experiment",
            ),
            _item(
                _("Search and synonyms"),
                "manage_search",
                "kb:search",
                "kb.view_synonym",
            ),
            _item(
                _("Help centre"),
                "help_center",
                "help:home",
                "kb.view_article",
            ),
        ],
    },
    {
        "title": _("Customers"),
        "separator": True,
        "collapsible": True,
        "items": [
            _item(
                _("Organisations"),
                "apartment",
                "admin:tickets_organisation_changelist",
                "tickets.view_organisation",
            ),
            _item(
                _("Contacts"),
                "contacts",
                "admin:tickets_contact_changelist",
                "tickets.view_contact",
            ),
        ],
    },
    {
        "title": _("Set-up"),
        "separator": True,
        "collapsible": True,
        "items": [
            _item(
                _("Statuses"),
                "swap_horiz",
                "admin:tickets_status_changelist",
                "tickets.view_status",
            ),
            _item(
                _("Priority matrix"),
                "grid_on",
                "admin:tickets_priorityrule_changelist",
                "tickets.view_priorityrule",
            ),
            _item(
                _("Severity matrix"),
                "crisis_alert",
                "admin:tickets_severityrule_changelist",
                "tickets.view_severityrule",
            ),
            _item(
                _("Categories"),
                "account_tree",
                "admin:tickets_category_changelist",
                "tickets.view_category",
            ),
            _item(
                _("Imports"),
                "upload_file",
                "admin:ticket_imports_importrun_changelist",
                "ticket_imports.view_importrun",
            ),
            _item(
                _("Background work"),
                "progress_activity",
                "admin:jobs_job_changelist",
                "jobs.view_job",
            ),
        ],
    },
    {
        "title": _("People"),
        "separator": True,
        "collapsible": True,
        "items": [
            _item(
                _("Users"),
                "person",
                "admin:people_user_changelist",
                "people.view_user",
            ),
            _item(
                _("Teams"),
                "groups",
                "admin:people_team_changelist",
                "people.view_team",
            ),
            _item(
                _("API tokens"),
                "key",
                "admin:api_apitoken_changelist",
                "api.view_apitoken",
            ),
        ],
    },
]
