"""What agents flag as missing or wrong, and what came of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.forms.work import FlagFilters, NewFlagForm
from kb.models import Flag
from kb.selectors.work import flags as selectors
from kb.services import flags as services
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

PAGE_SIZE = 25
CHIPS = {"OPEN": "watch", "DONE": "ok", "DECLINED": "idle"}
ADD = "kb.add_flag"
DECIDE = "kb.decide_flag"


class FlagsView(StaffPageMixin, TemplateView):
    """Flags by state; a new one by POST, from those who may."""

    permission = "kb.view_flag"
    title = gettext_lazy("Flags")
    template_name = "kb/work/flags.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        form = NewFlagForm(request.POST)
        if not form.is_valid():
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=422)
        services.raise_flag(
            **form.cleaned_data, actor=actor_of(request), at=timezone.now()
        )
        messages.success(request, _("The flag is on the worklist."))
        return redirect("kb:flags")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FlagFilters(self.request.GET)
        form.is_valid()
        state = form.cleaned_data.get("state") or Flag.State.OPEN
        kind = form.cleaned_data.get("kind", "")
        mine = bool(form.cleaned_data.get("mine"))
        user = actor_of(self.request)
        rows = selectors.flags(user, state=state, kind=kind, by=user if mine else None)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        kwargs.setdefault("form", NewFlagForm())
        return super().get_context_data(
            page=page,
            lines=[(flag, CHIPS[flag.state]) for flag in page.object_list],
            state=state,
            states=[*Flag.State.choices, (selectors.ALL, _("All"))],
            kind=kind,
            kinds=Flag.Kind.choices,
            mine=mine,
            may_add=user.has_perm(ADD),
            may_decide=user.has_perm(DECIDE),
            here="flags",
            **kwargs,
        )


class FlagDecideView(StaffPageMixin, View):
    """Close a flag with an answer."""

    permission = DECIDE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        flag = get_object_or_404(Flag, pk=pk)
        try:
            services.decide_flag(
                flag_id=flag.pk,
                state=request.POST.get("state", ""),
                answer=request.POST.get("answer", ""),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("kb:flags")
