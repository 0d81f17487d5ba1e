"""Several gaps of the worklist taken on or dismissed at once, with a way back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from kb.forms.work import TakeForm
from kb.models import WorklistRow
from kb.services import gap_batches as services
from kb.views.acting import actor_of
from kb.views.work.worklist import DECIDE, LAST
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_ids


class GapsDecideView(StaffPageMixin, View):
    """Decide about the ticked gaps, or take the last such decision back."""

    permission = DECIDE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        act = {
            "take": self._take,
            "dismiss": self._dismiss,
            "undo": self._undo,
        }.get(request.POST.get("verb", ""))
        if act is None:
            raise PermissionDenied
        try:
            act()
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        shown = request.POST.get("shown", "")
        return redirect(reverse("kb:work") + (f"?{shown}" if shown else ""))

    def _take(self) -> None:
        form = TakeForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("Choose an owner from the list, and a day."))
            return
        batch = services.take_on_many(
            keys=self._keys(), **form.cleaned_data, **self._who_and_when()
        )
        count = len(batch.keys)
        words = ngettext("%(n)d gap taken on.", "%(n)d gaps taken on.", count)
        self._tell(batch, words % {"n": count})

    def _dismiss(self) -> None:
        reason = self.request.POST.get("reason", "")
        batch = services.dismiss_many(
            keys=self._keys(), reason=reason, **self._who_and_when()
        )
        count = len(batch.keys)
        words = ngettext("%(n)d gap dismissed.", "%(n)d gaps dismissed.", count)
        self._tell(batch, words % {"n": count})

    def _undo(self) -> None:
        try:
            decided_at = datetime.fromisoformat(self.request.POST.get("at", ""))
        except ValueError as error:
            raise PermissionDenied from error
        batch = services.take_back(
            keys=self.request.POST.getlist("keys"),
            decided_at=decided_at,
            **self._who_and_when(),
        )
        count = len(batch.keys)
        words = ngettext(
            "%(n)d gap is as it was before.",
            "%(n)d gaps are as they were before.",
            count,
        )
        messages.success(self.request, words % {"n": count} + _left(batch.left))

    def _keys(self) -> list[str]:
        ids = row_ids(self.request.POST.getlist("ids"))
        # One more than may be decided at once, so that too many are refused as such.
        rows = WorklistRow.objects.filter(pk__in=ids[: services.MOST_AT_ONCE + 1])
        return list(rows.values_list("key", flat=True))

    def _who_and_when(self) -> dict[str, Any]:
        return {"actor": actor_of(self.request), "at": timezone.now()}

    def _tell(self, batch: services.Batch, words: str) -> None:
        self.request.session[LAST] = {
            "words": words + _gone(batch.left),
            "keys": list(batch.keys),
            "at": batch.at.isoformat(),
        }


def _gone(count: int) -> str:
    words = ngettext(
        "%(n)d is no longer on the worklist.",
        "%(n)d are no longer on the worklist.",
        count,
    )
    return f" {words % {'n': count}}" if count else ""


def _left(count: int) -> str:
    words = ngettext(
        "%(n)d was changed since and stays.",
        "%(n)d were changed since and stay.",
        count,
    )
    return f" {words % {'n': count}}" if count else ""
