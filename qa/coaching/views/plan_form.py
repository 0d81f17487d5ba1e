"""Writing an improvement plan's draft."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.coaching.core.goals import milestone_weeks
from qa.coaching.forms.goals import (
    MilestoneFormSet,
    StandardFormSet,
    goal_initial,
    milestone_initial,
    over_the_plan,
    subject_choices,
)
from qa.coaching.forms.plans import PlanForm
from qa.coaching.models import ImprovementPlan
from qa.coaching.selectors import plans as selectors
from qa.coaching.services import plans as services
from qa.coaching.views.acting import actor_of, tried
from qa.coaching.views.plans import to_plan
from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today

PLAIN = (
    "agent",
    "manager",
    "hr_contact",
    "starts_on",
    "days",
    "concerns",
    "support",
    "buddy",
    "load_percent",
    "success",
)


class PlanFormView(StaffPageMixin, TemplateView):
    """A new draft, or one that is not issued yet."""

    permission = "coaching.add_improvementplan"
    title = gettext_lazy("New improvement plan")
    template_name = "coaching/plan_form.html"

    def _plan(self) -> ImprovementPlan | None:
        if "pk" not in self.kwargs:
            return None
        drafts = selectors.plans_managed_by(actor_of(self.request)).filter(
            state=ImprovementPlan.State.DRAFT
        )
        return get_object_or_404(drafts, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = self._plan()
        form = PlanForm(user=actor_of(request), initial=self._initial(plan))
        return self._show(plan, form, self._parts(plan, None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = self._plan()
        form = PlanForm(
            request.POST, user=actor_of(request), initial=self._initial(plan)
        )
        if plan:
            form.fields["agent"].disabled = True
        parts = self._parts(plan, request.POST)
        valid = [form.is_valid(), *(part.is_valid() for part in parts.values())]
        if all(valid):
            saved = tried(form, lambda: self._save(plan, form, parts))
            if saved is not None:
                return to_plan(saved)
        return self._show(plan, form, parts, status=422)

    def _initial(self, plan: ImprovementPlan | None) -> dict[str, Any]:
        if plan is None:
            user = actor_of(self.request)
            return {
                "agent": self.request.GET.get("agent"),
                "manager": user.pk,
                "starts_on": today(timezone.now()),
            }
        return {name: getattr(plan, name) for name in PLAIN}

    def _parts(self, plan: ImprovementPlan | None, data: Any) -> dict[str, Any]:
        subjects = subject_choices()
        standards = plan.standards.order_by("pk") if plan else []
        rows = (
            {row.week: milestone_initial(row) for row in plan.milestones.all()}
            if (plan)
            else {}
        )
        weeks = milestone_weeks(plan.days if plan else 60)
        return {
            "standards": StandardFormSet(
                data,
                prefix="standards",
                initial=[goal_initial(goal) for goal in standards],
                form_kwargs={"subjects": subjects},
            ),
            "milestones": MilestoneFormSet(
                data,
                prefix="milestones",
                initial=[rows.get(week, {"week": week, "min_n": 3}) for week in weeks],
                form_kwargs={"subjects": subjects},
            ),
        }

    def _save(
        self, plan: ImprovementPlan | None, form: PlanForm, parts: dict[str, Any]
    ) -> ImprovementPlan:
        data = form.cleaned_data
        span = over_the_plan(data["starts_on"], data["days"])
        content = form.content(
            [row.content(**span) for row in parts["standards"].filled()],
            [row.content() for row in parts["milestones"].filled()],
        )
        actor, now = actor_of(self.request), timezone.now()
        if plan is None:
            return services.start_plan(
                agent=data["agent"], actor=actor, content=content, at=now
            )
        return services.save_plan(plan_id=plan.pk, actor=actor, content=content, at=now)

    def _show(
        self,
        plan: ImprovementPlan | None,
        form: PlanForm,
        parts: dict[str, Any],
        status: int = 200,
    ) -> HttpResponse:
        if plan:
            form.fields["agent"].disabled = True
        context = self.get_context_data(plan=plan, form=form, parts=parts)
        if plan:
            context["title"] = _("Draft of a plan: %(agent)s") % {"agent": plan.agent}
        return self.render_to_response(context, status=status)
