"""Liveness and readiness: whether to restart this process, whether to send it work."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from supportops.common.models import Heartbeat

WORKER_SILENT_AFTER = timedelta(minutes=3)


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can answer."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Check what a page needs (database, migrations) and report what work needs.

    A silent worker is reported but does not make pages unready: they still serve.
    """
    checks = {"database": "ok", "worker": "ok"}
    try:
        seen_at = (
            Heartbeat.objects.filter(name="worker")
            .values_list("seen_at", flat=True)
            .first()
        )
    except DatabaseError as error:
        checks["database"] = type(error).__name__
        connection.close()
        return JsonResponse({"status": "unavailable", "checks": checks}, status=503)
    if seen_at is None:
        checks["worker"] = "never seen"
    elif timezone.now() - seen_at > WORKER_SILENT_AFTER:
        checks["worker"] = f"silent since {seen_at.isoformat()}"
    return JsonResponse({"status": "ok", "checks": checks})
