"""Promises in the admin, one module a noun."""

from sla.admin import alerts, calendars, clocks, policies

__all__ = ["alerts", "calendars", "clocks", "policies"]
