"""Liveness and readiness: whether to restart this process, whether to send it work."""

from datetime import timedelta

from django.db import Error as AnyDatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
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
    try:
        behind = _schema.unapplied()
        checks = {"database": "ok", "migrations": "ok", "worker": _worker()}
    except AnyDatabaseError as error:
        # Only the kind: its words may name hosts and users.
        connection.close()
        return _unready({"database": type(error).__name__})
    if behind:
        return _unready({**checks, "migrations": f"{behind} not applied"})
    return JsonResponse({"status": "ok", "checks": checks})


def _unready(checks: dict[str, str]) -> JsonResponse:
    return JsonResponse({"status": "unavailable", "checks": checks}, status=503)


def _worker() -> str:
    seen_at = (
        Heartbeat.objects.filter(name="worker")
        .values_list("seen_at", flat=True)
        .first()
    )
    if seen_at is None:
        return "never seen"
    if timezone.now() - seen_at > WORKER_SILENT_AFTER:
        return f"silent since {seen_at.isoformat()}"
    return "ok"


class _Schema:
    """Whether the tables are those of this code. Once they are, they stay so.

    Reading the plan costs a tenth of a second, and probes come every few seconds.
    """

    def __init__(self) -> None:
        self._is_current = False

    def unapplied(self) -> int:
        if self._is_current:
            return 0
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        self._is_current = not plan
        return len(plan)


_schema = _Schema()
