"""The scopes a token may hold: one to read and one to write each part of the API."""

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "tickets:read": _("Read tickets, messages and events"),
    "tickets:write": _("Open tickets, reply, change them"),
    "sla:read": _("Read policies, calendars and clocks"),
    "qa:read": _("Read scorecards, reviews, draws, calibrations and scores"),
    "qa:write": _("Release, acknowledge and dispute reviews"),
    "capacity:read": _("Read queues, volumes, forecasts, staffing and decisions"),
    "capacity:write": _("Send volumes and events, publish forecasts"),
    "kb:read": _("Read and search articles, topics, versions, synonyms and flags"),
    "kb:write": _("Write and publish articles, enter synonyms, questions and flags"),
    "metrics:read": _("Read the metric catalogue and figures"),
}
