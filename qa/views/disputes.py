"""Disputes: opening one, the queue of who decides, the decision, withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from qa.core.scoring import Score
from qa.forms.disputes import (
    ObjectionsForm,
    RulingForm,
    WhoseWorkForm,
    WrongAgentForm,
)
from qa.models import Dispute, Review
from qa.review_phrases import dispute_tone
from qa.selectors import disputes as selectors
from qa.selectors import reading
from qa.selectors.dispute_figures import economics
from qa.services import disputes as services
from qa.views.reviews import page_parts, visible_review
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

PAGE_SIZE = 25


def visible_dispute(user: Any, pk: int) -> Dispute:
    """The dispute with its whole review, or 404 as if it did not exist."""
    try:
        dispute = selectors.dispute_for(user, pk)
        dispute.review = reading.review_for(user, dispute.review_id)
    except (Dispute.DoesNotExist, Review.DoesNotExist) as missing:
        raise Http404(
            _("There is no such dispute, or you may not read it.")
        ) from missing
    return dispute


# Opening ----------------------------------------------------------------------------------


class OpenDisputeView(StaffPageMixin, TemplateView):
    """An agent says which criteria were judged wrongly, or that it was not their work."""

    permission = "qa.view_dispute"
    template_name = "qa/dispute/open.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self._review()
        asked = request.GET.get("criterion", "")
        form = ObjectionsForm(
            criteria=selectors.worth_disputing(review), initial={f"on_{asked}": True}
        )
        return self.show(review, form, WrongAgentForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self._review()
        about_agent = request.POST.get("kind") == Dispute.Kind.WRONG_AGENT
        score = ObjectionsForm(
            None if about_agent else request.POST,
            criteria=selectors.worth_disputing(review),
        )
        agent = WrongAgentForm(request.POST if about_agent else None)
        form = agent if about_agent else score
        if not form.is_valid():
            return self.show(review, score, agent, status=422)
        try:
            services.open_dispute(
                review_id=review.pk,
                agent=request.user,
                kind=Dispute.Kind.WRONG_AGENT if about_agent else Dispute.Kind.SCORE,
                reason=form.cleaned_data["reason"],
                lines=[] if about_agent else score.lines(),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(review, score, agent, status=409)
        messages.success(request, _("Disputed. A second reviewer decides."))
        return redirect("qa:review", pk=review.pk)

    def _review(self) -> Review:
        """The reader's own: nobody else disputes it, not even who may read it."""
        review = visible_review(self.request.user, self.kwargs["pk"])
        if review.agent_id != self.request.user.pk:
            raise Http404
        return review

    def show(
        self,
        review: Review,
        form: ObjectionsForm,
        agent_form: WrongAgentForm,
        status: int = 200,
    ) -> HttpResponse:
        now = timezone.now()
        context = self.get_context_data(
            title=_("Dispute the review of ticket #%(ticket)d")
            % {"ticket": review.ticket_id},
            review=review,
            form=form,
            agent_form=agent_form,
            may_dispute=selectors.may_dispute(review, self.request.user, now),
            seconds_left=reading.time_left(review, now),
        )
        return self.render_to_response(context, status=status)


class WithdrawDisputeView(StaffPageMixin, View):
    permission = "qa.view_dispute"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        dispute = visible_dispute(request.user, pk)
        try:
            services.withdraw_dispute(
                dispute_id=dispute.pk, agent=request.user, at=timezone.now()
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Withdrawn. The review stays as it is."))
        return redirect("qa:review", pk=dispute.review_id)


# Queue ------------------------------------------------------------------------------------


class DisputesView(StaffPageMixin, TemplateView):
    """What waits for a decision, what was decided, and how often that changed a score."""

    permission = "qa.decide_dispute"
    title = gettext_lazy("Disputes")
    template_name = "qa/dispute/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = self.request.user, timezone.now()
        state = self.request.GET.get("state", Dispute.State.OPEN)
        if state not in {"", *Dispute.State.values}:
            state = Dispute.State.OPEN
        found = selectors.queue(user, state)
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        for dispute in page:
            dispute.tone = dispute_tone(dispute)
            dispute.is_overdue = dispute.state == "OPEN" and dispute.due_at <= now
        return super().get_context_data(
            page=page,
            state=state,
            states=self._states(state),
            economics=economics(selectors.disputes_visible_to(user)),
            is_open=state == Dispute.State.OPEN,
            **kwargs,
        )

    @staticmethod
    def _states(chosen: str) -> list[tuple[str, str, bool]]:
        named = [*Dispute.State.choices, ("", _("All settled"))]
        base = reverse("qa:disputes")
        return [
            (f"{base}?state={code}", str(name), code == chosen) for code, name in named
        ]


# Decision ---------------------------------------------------------------------------------


class DisputeView(StaffPageMixin, TemplateView):
    """The dispute beside the review; who may decide it does so here."""

    permission = "qa.view_dispute"
    template_name = "qa/dispute/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        dispute = visible_dispute(request.user, self.kwargs["pk"])
        return self.show(dispute, ruling_form(dispute, request.user))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        dispute = visible_dispute(request.user, self.kwargs["pk"])
        if not may_decide(dispute, request.user):
            self.raise_exception = True
            return self.handle_no_permission()
        form = ruling_form(dispute, request.user, request.POST)
        if not form.is_valid():
            return self.show(dispute, form, status=422)
        try:
            services.decide_dispute(
                dispute_id=dispute.pk,
                arbiter=request.user,
                decision=form.cleaned_data["decision"],
                at=timezone.now(),
                **ruling_of(form),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(dispute, form, status=409)
        messages.success(request, _("Decided. Agent and reviewer are told."))
        return redirect("qa:dispute", pk=dispute.pk)

    def show(self, dispute: Dispute, form: Any, status: int = 200) -> HttpResponse:
        user = self.request.user
        about_score = dispute.kind == Dispute.Kind.SCORE
        context = self.get_context_data(
            title=_("Dispute on ticket #%(ticket)d")
            % {"ticket": dispute.review.ticket_id},
            dispute=dispute,
            review=dispute.review,
            dispute_tone=dispute_tone(dispute),
            is_overdue=dispute.state == "OPEN" and dispute.due_at <= timezone.now(),
            may_decide=may_decide(dispute, user),
            may_withdraw=dispute.state == "OPEN" and dispute.opened_by_id == user.pk,
            form=form,
            rows=list(form.rows()) if about_score else [],
            about_score=about_score,
            **page_parts(dispute.review),
        )
        return self.render_to_response(context, status=status)


class DisputePreviewView(StaffPageMixin, View):
    """What the chosen outcomes would score; nothing is written."""

    permission = "qa.decide_dispute"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dispute = visible_dispute(request.user, pk)
        if not may_decide(dispute, request.user):
            self.raise_exception = True
            return self.handle_no_permission()
        form = ruling_form(dispute, request.user, request.POST)
        form.is_valid()
        context = {"review": dispute.review, "result": preview(dispute, form)}
        return render(request, "qa/dispute/_preview.html", context)


def preview(dispute: Dispute, form: Any) -> Score | None:
    """The score with the outcomes chosen so far; lines not decided on yet stay."""
    if not isinstance(form, RulingForm):
        return None
    lines = [
        line if line["outcome"] else {**line, "outcome": "KEEP"}
        for line in form.lines()
    ]
    try:
        decided = services.rulings(dispute, lines)
    except services.LineUnusable:
        return None
    return selectors.score_after(dispute.review, decided)


def may_decide(dispute: Dispute, user: Any) -> bool:
    return selectors.disputes_to_decide(user).filter(pk=dispute.pk).exists()


def ruling_form(dispute: Dispute, user: Any, data: Any = None) -> Any:
    if dispute.kind == Dispute.Kind.SCORE:
        return lines_form(dispute, data)
    return WhoseWorkForm(data, people=selectors.people_of(dispute, user))


def lines_form(dispute: Dispute, data: Any = None) -> RulingForm:
    criteria = selectors.disputable(dispute.review)
    return RulingForm(data, dispute=dispute, criteria=criteria)


def ruling_of(form: Any) -> dict[str, Any]:
    if isinstance(form, RulingForm):
        return {"lines": form.lines()}
    return form.ruling()
