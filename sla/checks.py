"""System checks: without its sweep the portal would keep quiet about missed promises."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning

SLOWEST_SWEEP_SECONDS = 60


@register()
def check_sweep_is_scheduled(
    app_configs: Sequence[AppConfig] | None, **_kwargs: Any
) -> list[CheckMessage]:
    """Warn when nothing runs ``sla.sweep``, or too seldom to warn in time."""
    seconds = [
        entry["schedule"]
        for entry in getattr(settings, "CELERY_BEAT_SCHEDULE", {}).values()
        if entry["task"] == "sla.sweep"
    ]
    if not seconds:
        return [
            CheckWarning(
                "Nothing runs sla.sweep: no SLA alert will ever fire.",
                hint="Add the task to CELERY_BEAT_SCHEDULE, every 30 seconds.",
                id="sla.W001",
            )
        ]
    if min(float(value) for value in seconds) > SLOWEST_SWEEP_SECONDS:
        return [
            CheckWarning(
                "sla.sweep runs less often than once a minute: alerts come late.",
                hint="Schedule it every 30 seconds.",
                id="sla.W002",
            )
        ]
    return []
