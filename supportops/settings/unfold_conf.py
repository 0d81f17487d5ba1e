"""How every staff page looks and what its navigation holds."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _item(
    title: str | Promise, icon: str, url_name: str, permission: str | None = None
) -> dict:
    item = {"title": title, "icon": icon, "link": reverse_lazy(url_name)}
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


UNFOLD = {
    "TABS": [
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
    ],
    "SITE_TITLE": "SupportOps",
    "SITE_HEADER": "SupportOps",
    "SITE_SUBHEADER": _("Support operations portal"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("brand/mark.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("brand/mark.svg"),
        },
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "supportops.dashboards.home.dashboard_callback",
    "STYLES": [lambda request: static("brand/supportops.css")],
    "SCRIPTS": [
        lambda request: static("brand/keys.js"),
        lambda request: static("brand/bell.js"),
        lambda request: static("brand/labels.js"),
    ],
    "BORDER_RADIUS": "6px",
    # Calm teal (ours), as unfold's OKLCH scale.
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .014 190)",
            "100": "oklch(94% .032 190)",
            "200": "oklch(88% .058 190)",
            "300": "oklch(80% .085 190)",
            "400": "oklch(70% .1 190)",
            "500": "oklch(60% .1 192)",
            "600": "oklch(50% .085 194)",
            "700": "oklch(43% .072 195)",
            "800": "oklch(37% .06 196)",
            "900": "oklch(31% .05 197)",
            "950": "oklch(22% .037 198)",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": [
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
                    ),
                    _item(
                        _("Calendars"),
                        "calendar_month",
                        "admin:sla_calendar_changelist",
                        "sla.view_calendar",
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
        ],
    },
}
