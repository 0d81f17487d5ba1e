"""A sampling plan's page, and the preview from which its draw is taken."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from qa import sampling_phrases as phrases
from qa.core.sampling import default_seed, last_week
from qa.forms.sampling import DrawForm, TakeForm
from qa.models import SamplingPlan
from qa.selectors import sampling as selectors
from qa.selectors.sampling.lint import plan_findings
from qa.services import sampling as services
from qa.services.sampling.automatic import due_week
from qa.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets.models import Ticket
from workforce.people.models import User

PAGE_SIZE = 25
DRAWS_SHOWN = 26


def plan_or_404(pk: int) -> SamplingPlan:
    return get_object_or_404(selectors.plans_with_draws(), pk=pk)


def findings_of(plan: SamplingPlan, at: datetime) -> list[tuple[str, str]]:
    """Return the chip and the words of each thing that is wrong with a plan."""
    chips = {"error": "late", "warning": "watch", "advice": "idle"}
    return [
        (chips[found.weight], phrases.finding_words(found.code, found.values))
        for found in plan_findings(plan, at)
    ]


def plan_facts(plan: SamplingPlan) -> list[tuple[str, Any]]:
    """Say a plan in words, line by line."""
    reviewers = ", ".join(str(person) for person in plan.reviewers.all())
    return [
        (_("Scorecard"), plan.scorecard),
        (_("Frame"), phrases.filter_words(plan)),
        (_("Quota"), phrases.quota_words(plan)),
        (_("Strata"), phrases.strata_words(plan)),
        (_("Flagged"), phrases.rules_words(plan)),
        (_("Blind"), phrases.blind_words(plan)),
        (_("Reviewers"), reviewers or _("nobody")),
        (_("Due"), _("%(hours)s hours after the draw") % {"hours": plan.due_hours}),
    ]


class PlanView(StaffPageMixin, TemplateView):
    """What a plan draws, what is wrong with it, and what it has drawn."""

    permission = "qa.view_samplingplan"
    template_name = "qa/sampling/plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = plan_or_404(self.kwargs["pk"])
        now = timezone.now()
        draws = list(selectors.draws_of(plan)[:DRAWS_SHOWN])
        due = due_week(plan, now) if plan.is_active and plan.is_automatic else None
        return super().get_context_data(
            title=plan.name,
            plan=plan,
            facts=plan_facts(plan),
            findings=findings_of(plan, now),
            draws=draws,
            more_draws=len(draws) == DRAWS_SHOWN,
            due=due if due and all(draw.starts_on != due for draw in draws) else None,
            **kwargs,
        )


class PreviewView(StaffPageMixin, TemplateView):
    """What would be drawn, why, by whom it would be reviewed, and what that buys."""

    permission = "qa.take_draw"
    template_name = "qa/sampling/preview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = plan_or_404(self.kwargs["pk"])
        asked = request.GET if "starts_on" in request.GET else None
        return self.render_to_response(
            self._page(plan, DrawForm(asked or first_of(plan)))
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = plan_or_404(self.kwargs["pk"])
        form = TakeForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self._page(plan, form), status=422)
        try:
            draw = services.take_draw(
                plan_id=plan.pk,
                actor=actor_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except OperationRefused as refusal:
            page = self._page(plan, DrawForm(form.cleaned_data), refusal)
            return self.render_to_response(page, status=409)
        messages.success(
            request,
            _("Drawn: %(n)s reviews to do.") % {"n": draw.items.count()},
        )
        return redirect("qa:sampling-draw", pk=draw.pk)

    def _page(
        self,
        plan: SamplingPlan,
        form: DrawForm,
        refusal: OperationRefused | None = None,
    ) -> dict[str, Any]:
        preview = None
        if form.is_valid():
            try:
                preview = services.preview_draw(
                    plan=plan,
                    starts_on=form.cleaned_data["starts_on"],
                    seed=form.cleaned_data["seed"],
                    at=timezone.now(),
                )
            except OperationRefused as refused:
                refusal = refusal or refused
        return self.get_context_data(
            title=_("Preview: %(plan)s") % {"plan": plan.name},
            plan=plan,
            form=form,
            refusal=refusal,
            frame_words=phrases.filter_words(plan),
            strata_words=phrases.strata_words(plan),
            **(self._shown(plan, preview) if preview else {}),
        )

    def _shown(
        self, plan: SamplingPlan, preview: services.DrawPreview
    ) -> dict[str, Any]:
        people = people_of(preview)
        named = sorted(preview.agents, key=lambda row: str(people[row.agent]))
        page = Paginator(named, PAGE_SIZE).get_page(self.request.GET.get("page"))
        tickets = subjects(
            item.ticket for row in page.object_list for item in row.items
        )
        usual = default_seed(plan.pk, preview.starts_on.isoformat())
        return {
            "preview": preview,
            "taken": plan.draws.filter(starts_on=preview.starts_on).first(),
            "usual_seed": usual,
            "is_usual_seed": preview.seed == usual,
            "strata": strata_bars(
                [
                    (row.label, row.size, row.drawn, row.spread)
                    for row in preview.strata
                ],
                plan.strata,
            ),
            "page": page,
            "agents": [agent_line(row, people, tickets) for row in page.object_list],
            "random": sum(row.drawn for row in preview.agents),
            "flagged": sum(row.flagged for row in preview.agents),
            "seconds": sum(row.second for row in preview.load),
            "gold": sum(row.gold for row in preview.load),
            "load": [(people.get(row.reviewer), row) for row in preview.load],
            "uncovered": [people[pk] for pk in preview.uncovered if pk in people],
            "findings": findings_of(plan, timezone.now()),
        }


def first_of(plan: SamplingPlan) -> dict[str, Any]:
    """Return the week and the seed that a preview starts with."""
    today = timezone.now().astimezone(ZoneInfo(plan.time_zone)).date()
    week = last_week(today)
    return {"starts_on": week, "seed": default_seed(plan.pk, week.isoformat())}


def people_of(preview: services.DrawPreview) -> dict[int, User]:
    ids = {row.agent for row in preview.agents} | {row.reviewer for row in preview.load}
    return User.objects.select_related("team").in_bulk(
        sorted(ids | {*preview.uncovered})
    )


def subjects(ticket_ids: Iterable[int]) -> dict[int, str]:
    return dict(
        Ticket.objects.filter(pk__in=set(ticket_ids)).values_list("pk", "subject")
    )


def agent_line(
    row: services.AgentRow, people: dict[int, User], tickets: dict[int, str]
) -> dict[str, Any]:
    """Return one agent's line of the preview, in words."""
    return {
        "agent": people[row.agent],
        "row": row,
        "half": phrases.half_words(row.half),
        "spread": phrases.spread_words(row.spread),
        "items": [
            {
                "ticket": item.ticket,
                "subject": tickets.get(item.ticket, ""),
                "why": phrases.why_words(item.why, item.rule, item.probability),
                "reviewer": people.get(item.reviewer) if item.reviewer else None,
            }
            for item in row.items
        ],
    }


def strata_bars(
    rows: list[tuple[str, int, int, float | None]], fields: list[str]
) -> list[dict[str, Any]]:
    """Return the strata with their shares of the frame and of the draw, in percent."""
    frame = sum(size for _label, size, _drawn, _spread in rows) or 1
    drawn = sum(number for _label, _size, number, _spread in rows) or 1
    most = max(
        (max(size / frame, number / drawn) for _l, size, number, _s in rows), default=1
    )
    return [
        {
            "label": phrases.stratum_words(label, fields),
            "size": size,
            "drawn": number,
            "spread": spread,
            "frame_share": 100 * size / frame,
            "draw_share": 100 * number / drawn,
            # Attributes of a drawing, so never with a decimal comma.
            "frame_bar": f"{100 * size / frame / most:.1f}",
            "draw_bar": f"{100 * number / drawn / most:.1f}",
        }
        for label, size, number, spread in sorted(
            rows, key=lambda row: phrases.stratum_order(row[0], fields)
        )
    ]
