"""The plans, and one of them: months across, hires, what is suggested."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.forms.hiring import PlanForm
from workforce.capacity.models import Hire, HiringPlan
from workforce.capacity.selectors import hiring as selectors
from workforce.capacity.selectors.hiring import PlanPicture
from workforce.capacity.services import hiring as services
from workforce.capacity.services.hiring.hires import MOVES
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.hiring.charts import chart

VIEW = "capacity.view_hiringplan"
ADD = "capacity.add_hiringplan"
CHANGE = "capacity.change_hiringplan"
STATE_CHIPS = {
    "PLANNED": "watch",
    "HIRING": "ok",
    "JOINED": "idle",
    "CANCELLED": "idle",
}
URGENCY_CHIPS = {"OVERDUE": "late", "NOW": "watch", "LATER": "ok"}


def today_of(now: datetime) -> date:
    return now.astimezone(UTC).date()


def plan_or_404(pk: int) -> HiringPlan:
    return get_object_or_404(HiringPlan.objects.select_related("owner"), pk=pk)


def urgency_words(urgency: str) -> str:
    return {
        "OVERDUE": _("Overdue"),
        "NOW": _("Start now"),
        "LATER": _("In time"),
    }[urgency]


class HiringView(StaffPageMixin, TemplateView):
    """All hiring plans."""

    permission = VIEW
    title = gettext_lazy("Hiring")
    template_name = "capacity/hiring/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(plans=list(selectors.plans()), **kwargs)


class PlanView(StaffPageMixin, TemplateView):
    """One plan. ``?attrition=double`` asks what if twice as many left."""

    permission = VIEW
    template_name = "capacity/hiring/plan.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        plan = plan_or_404(self.kwargs["pk"])
        is_doubled = request.GET.get("attrition") == "double"
        found = selectors.picture(
            plan, today=today_of(timezone.now()), is_doubled=is_doubled
        )
        if "csv" in request.GET:
            return csv_response(f"hiring-{plan.pk}", _HEADER, _rows(found))
        return self.render_to_response(
            self.get_context_data(
                title=plan.name,
                plan=plan,
                found=found,
                is_doubled=is_doubled,
                chart=chart(found.shown),
                hires=[_hire(line) for line in found.hires],
                suggested=[
                    {
                        "line": line,
                        "chip": URGENCY_CHIPS[line.urgency],
                        "words": urgency_words(line.urgency),
                        "scenario": Hire.Scenario(line.scenario).label,
                    }
                    for line in found.suggested
                ],
                may_change=request.user.has_perm(CHANGE),
                attrition_shown=100 * found.attrition,
                levels=sorted(found.levels_now.items()),
                worst=found.worst,
                overdue=found.overdue,
                forecasts=reverse("capacity:forecasts"),
                open_months=", ".join(
                    date_format(month, "M Y") for month in found.suggestion.open_months
                ),
                is_known=any(line.month.need is not None for line in found.shown),
            )
        )


def _hire(line: selectors.HireLine) -> dict[str, Any]:
    hire = line.hire
    return {
        "line": line,
        "hire": hire,
        "chip": STATE_CHIPS[hire.state],
        "urgency": urgency_words(line.urgency) if line.urgency else "",
        "urgency_chip": URGENCY_CHIPS[line.urgency] if line.urgency else "",
        "moves": [(state, _move_words(state)) for state in MOVES[hire.state]],
    }


def _move_words(state: str) -> str:
    return {
        "HIRING": _("Hiring has started"),
        "JOINED": _("They have joined"),
        "CANCELLED": _("Cancel"),
        "PLANNED": _("Plan again"),
    }[state]


_HEADER = (
    "month", "need_fte", "need_upper_fte", "need_like", "queues_beyond_forecast", "today_people_fte", "hires_fte",
    "have_fte", "have_low", "have_high", "gap_need_less_have_fte", "employed_fte", "leavers",
    "leavers_low", "leavers_high",
)  # fmt: skip


def _rows(found: PlanPicture) -> Iterator[tuple[Any, ...]]:
    for line in found.shown:
        month, need = line.month, line.needed
        yield (
            month.start.isoformat(), _cell(month.need), _cell(need.careful),
            need.like.isoformat() if need.like else "", len(need.carried), _cell(month.now),
            _cell(month.hires), _cell(month.have), _cell(month.have_low),
            _cell(month.have_high), _cell(month.gap), _cell(month.employed),
            _cell(month.leavers), month.leavers_low, month.leavers_high,
        )  # fmt: skip


def _cell(value: float | None) -> float | str:
    return "" if value is None else round(value, 3)


class PlanFormView(StaffPageMixin, TemplateView):
    """Make a plan, or change one."""

    template_name = "capacity/hiring/plan_form.html"
    permission = CHANGE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(PlanForm(plan=self._plan()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = self._plan()
        form = PlanForm(request.POST, plan=plan)
        if not form.is_valid():
            return self._page(form, 422)
        try:
            saved = services.save_plan(
                plan_id=plan.pk if plan else None,
                fields=form.columns,
                queues=form.cleaned_data["queues"],
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, 409)
        messages.success(request, _("Saved."))
        return redirect("capacity:hiring-plan", pk=saved.pk)

    def _plan(self) -> HiringPlan | None:
        pk = self.kwargs.get("pk")
        return plan_or_404(pk) if pk else None

    def _page(self, form: PlanForm, status: int = 200) -> HttpResponse:
        plan = self._plan()
        title = _("Change %(plan)s") % {"plan": plan} if plan else _("New hiring plan")
        context = self.get_context_data(title=title, form=form, plan=plan)
        return self.render_to_response(context, status=status)


class NewPlanView(PlanFormView):
    permission = ADD
