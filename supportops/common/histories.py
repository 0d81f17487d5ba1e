"""Past states of rows: seen by who sees the row, brought back by who may change it."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin


class GuardedHistory(SimpleHistoryAdmin):
    """A history that asks for the row, and for more than seeing it before it writes.

    simple_history asks whether a person may see or change the model, and then saves what
    is posted to a past state: whoever may read would write. Every admin with a history
    stands on this class.
    """

    # What a person needs to read of rows that are gone, where some see some rows only:
    # nobody can tell any more whose such a row was. Empty: to see the model is enough.
    gone_rows_permission = ""

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
        if request.method == "POST" and not self._may_bring_back(request, object_id):
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _may_bring_back(self, request: HttpRequest, object_id: str) -> bool:
        """To bring back a row that is gone is to add one."""
        row = self.get_object(request, unquote(object_id))
        may_change = self.has_change_permission(request, row)
        return may_change and (row is not None or self.has_add_permission(request))

    def _refuse_hidden(self, request: HttpRequest, object_id: str) -> None:
        if self.get_object(request, unquote(object_id)) is not None:
            return
        key = self.model._meta.pk.to_python(unquote(object_id))  # noqa: SLF001 -- documented
        if self.model._base_manager.filter(pk=key).exists():  # noqa: SLF001 -- documented
            raise PermissionDenied
        needed = self.gone_rows_permission
        if needed and not request.user.has_perm(needed):
            raise PermissionDenied
