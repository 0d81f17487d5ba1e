"""Every decision one may read, the worst trigger first; and opening a new one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import today
from workforce.capacity.forms.decisions.life import FilterForm, NewDecisionForm
from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions import listed
from workforce.capacity.selectors.decisions.lists import (
    LIVE,
    chosen_option,
    trigger_counts,
)
from workforce.capacity.selectors.decisions.sight import ADD, VIEW
from workforce.capacity.services import decisions as services
from workforce.capacity.views.decisions.acting import CHIPS, State, actor_of

PAGE_SIZE = 25
TRIGGER_CHIPS = (
    ("fired", "late", gettext_lazy("fired")),
    ("beyond", "watch", gettext_lazy("beyond")),
    ("clear", "ok", gettext_lazy("clear")),
    ("unchecked", "idle", gettext_lazy("not read yet")),
)


class DecisionsView(StaffPageMixin, TemplateView):
    permission = VIEW
    title = gettext_lazy("Decisions")
    template_name = "capacity/decisions/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = actor_of(request)
        form = FilterForm(request.GET, user=user)
        filters = form.filters()
        rows = listed(user, filters)
        if "csv" in request.GET:
            return _as_csv(rows)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        day = today(timezone.now())
        is_narrowed = any(
            value for name, value in filters.items() if value and name != "sort"
        )
        context = self.get_context_data(
            form=form,
            page=page,
            rows=[_row(decision, day) for decision in page.object_list],
            is_narrowed=is_narrowed,
            is_first=not is_narrowed and not page.paginator.count,
            may_add=user.has_perm(ADD),
            **kwargs,
        )
        return self.render_to_response(context)


def _row(decision: Any, day: Any) -> dict[str, Any]:
    counts = trigger_counts(decision)
    return {
        "decision": decision,
        "chip": CHIPS[State(decision.state)],
        "triggers": [
            (css, counts[name], words)
            for name, css, words in TRIGGER_CHIPS
            if counts[name]
        ],
        "option": chosen_option(decision),
        "is_overdue": decision.next_review is not None
        and decision.next_review < day
        and decision.state in LIVE,
    }


def _as_csv(rows: Any) -> Any:
    header = (
        "id", "title", "kind", "state", "owner", "horizon from", "horizon to",
        "next review", "triggers fired", "triggers beyond", "triggers clear",
        "option chosen", "question", "changed",
    )  # fmt: skip

    def lines() -> Any:
        for decision in rows:
            counts = trigger_counts(decision)
            option = chosen_option(decision)
            yield (
                decision.pk,
                decision.title,
                decision.get_kind_display(),
                decision.get_state_display(),
                decision.owner,
                decision.starts_on,
                decision.ends_on,
                decision.next_review,
                counts["fired"],
                counts["beyond"],
                counts["clear"],
                option or decision.chosen,
                decision.question,
                decision.changed_at.isoformat(timespec="minutes"),
            )

    return csv_response("decisions", header, lines())


class NewDecisionView(StaffPageMixin, TemplateView):
    permission = ADD
    title = gettext_lazy("New decision")
    template_name = "capacity/decisions/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        copied = request.GET.get("copy_of", "")
        form = NewDecisionForm(
            user=actor_of(request),
            initial={"kind": Decision.Kind.BALANCING, "copy_of": copied},
        )
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewDecisionForm(request.POST, user=actor_of(request))
        if form.is_valid():
            try:
                decision = services.create_decision(
                    **form.cleaned_data, actor=actor_of(request), at=timezone.now()
                )
            except OperationRefused as refusal:
                form.add_error(None, str(refusal))
            except Decision.DoesNotExist:
                form.add_error("copy_of", _("That decision is gone. Choose another."))
            else:
                return redirect("capacity:decision", pk=decision.pk)
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)
