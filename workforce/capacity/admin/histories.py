"""Past states of rows: seen by who sees the row, brought back by who may change it."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from workforce.capacity.selectors.queues import VIEW_ALL


class GuardedHistory(SimpleHistoryAdmin):
    """simple_history asks for the permission only, and saves what anybody posts to it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        self._refuse_hidden(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: Any = None,
    ) -> HttpResponse:
        self._refuse_hidden(request, object_id)
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _refuse_hidden(self, request: HttpRequest, object_id: str) -> None:
        """Of a row that is gone nobody can tell whose it was: see all, or see nothing."""
        seen = self.get_queryset(request).filter(pk=unquote(object_id)).exists()
        if not seen and not request.user.has_perm(VIEW_ALL):
            raise PermissionDenied
