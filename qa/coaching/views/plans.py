"""Improvement plans: whoever may not read one finds nothing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.coaching.core.plan_text import fingerprint
from qa.coaching.forms.plans import CloseForm, SignForm
from qa.coaching.models import ImprovementPlan, Milestone, Signature
from qa.coaching.selectors import plans as selectors
from qa.coaching.services import plans as services
from qa.coaching.services.plan_text import compose
from qa.coaching.services.refusals import WrongState
from qa.coaching.views.acting import StepView, actor_of
from qa.coaching.views.words import PLAN_CHIPS, VERDICTS, goal_rows, milestone_rows
from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today

State = ImprovementPlan.State


class PlanListView(StaffPageMixin, TemplateView):
    """Plans one may read: as manager, as contact, or all; never one's own."""

    permission = "coaching.add_improvementplan"
    title = gettext_lazy("Improvement plans")
    template_name = "coaching/plans.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        day = today(timezone.now())
        plans = selectors.plans_listed_for(user).exclude(agent=user)
        rows = [
            {
                "plan": plan,
                "chip": PLAN_CHIPS[State(plan.state)],
                "ends_on": selectors.ends_on(plan),
                "next": selectors.next_milestone(plan, day)
                if plan.state == State.ACTIVE
                else None,
            }
            for plan in plans
        ]
        return super().get_context_data(rows=rows, **kwargs)


class PlanView(StaffPageMixin, TemplateView):
    """The plan's text, its figures, milestones and signatures. Reading it is logged."""

    template_name = "coaching/plan.html"
    what = "page"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        plan = self._read(user)
        manages = selectors.plans_managed_by(user).filter(pk=plan.pk).exists()
        text = plan.text or compose(plan)
        signed = {signature.part: signature for signature in plan.signatures.all()}
        part = _part(plan, user)
        return super().get_context_data(
            title=_("Improvement plan: %(agent)s") % {"agent": plan.agent},
            plan=plan,
            chip=PLAN_CHIPS[State(plan.state)],
            text=text,
            ends_on=selectors.ends_on(plan),
            standards=goal_rows(plan.standards.all()),
            milestones=milestone_rows(plan.milestones.all()),
            signatures=[
                (Signature.Part(name).label, signed.get(name))
                for name in Signature.Part.values
            ],
            manages=manages,
            accesses=list(selectors.accesses_of(plan, user)[:100]) if manages else [],
            may_sign=plan.state == State.ISSUED and part and part not in signed,
            sign_form=SignForm(initial={"text_hash": fingerprint(text)}),
            close_form=CloseForm(),
            verdicts=[(key, VERDICTS[key][1]) for key in ("MET", "MISSED")],
            **kwargs,
        )

    def _read(self, user: Any) -> ImprovementPlan:
        what = "admin" if self.request.GET.get("from") == "admin" else self.what
        try:
            return services.read_plan(
                plan_id=self.kwargs["pk"], user=user, what=what, at=timezone.now()
            )
        except ImprovementPlan.DoesNotExist as error:
            raise Http404 from error


def _part(plan: ImprovementPlan, user: Any) -> str:
    if user.pk == plan.agent_id:
        return Signature.Part.AGENT
    return Signature.Part.MANAGER if user.pk == plan.manager_id else ""


class PlanPrintView(PlanView):
    template_name = "coaching/plan_print.html"
    what = "print"


# Steps ------------------------------------------------------------------------------------


class PlanStep(StepView):
    permission: str | None = "coaching.change_improvementplan"

    def back(self, **kwargs: Any) -> str:
        return reverse("coaching:plan", kwargs={"pk": kwargs["pk"]})


class IssueView(PlanStep):
    done = gettext_lazy("Issued. From now on the text stays as it is.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.issue_plan(
            plan_id=kwargs["pk"], actor=actor_of(request), at=timezone.now()
        )


class SignView(PlanStep):
    """The agent's or the manager's signature; not found for everybody else."""

    permission = None
    done = gettext_lazy("Signed.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        user = actor_of(request)
        get_object_or_404(selectors.plans_visible_to(user), pk=kwargs["pk"])
        form = SignForm(request.POST)
        if not form.is_valid():
            raise WrongState(_("Tick that you have read it, and type your full name."))
        return services.sign_plan(
            plan_id=kwargs["pk"],
            user=user,
            name=form.cleaned_data["name"],
            text_hash=form.cleaned_data["text_hash"],
            at=timezone.now(),
        )


class CloseView(PlanStep):
    done = gettext_lazy("Closed.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.close_plan(
            plan_id=kwargs["pk"],
            actor=actor_of(request),
            state=request.POST.get("state", ""),
            outcome=request.POST.get("outcome", ""),
            at=timezone.now(),
        )


class CancelPlanView(PlanStep):
    done = gettext_lazy("Withdrawn.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.cancel_plan(
            plan_id=kwargs["pk"],
            actor=actor_of(request),
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )


class DecideMilestoneView(StepView):
    permission = "coaching.change_improvementplan"
    done = gettext_lazy("Decided.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        managed = selectors.plans_managed_by(actor_of(request))
        self.row = get_object_or_404(Milestone, pk=kwargs["pk"], plan__in=managed)
        return services.decide_milestone(
            milestone_id=self.row.pk,
            actor=actor_of(request),
            verdict=request.POST.get("verdict", ""),
            note=request.POST.get("note", ""),
            at=timezone.now(),
        )

    def back(self, **kwargs: Any) -> str:
        return reverse("coaching:plan", kwargs={"pk": self.row.plan_id})


def to_plan(plan: ImprovementPlan) -> HttpResponse:
    return redirect("coaching:plan", pk=plan.pk)
