"""The reading page of a review, and the steps that are taken on it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from qa.forms.reviews import AcknowledgeForm, ReasonForm
from qa.models import Review
from qa.review_phrases import (
    event_words,
    origin_words,
    state_tone,
    verdict_words,
)
from qa.selectors import reading
from qa.selectors.disputes import disputes_to_decide, may_dispute
from qa.selectors.reviews import events_visible_to, reviews_visible_to
from qa.selectors.scorecards import card_of
from qa.services import life
from qa.views.review_list import may_release
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets.selectors import tickets_visible_to

VOID = "qa.void_review"


def visible_review(user: Any, pk: int) -> Review:
    """The review, or 404 as if it did not exist."""
    try:
        return reading.review_for(user, pk)
    except Review.DoesNotExist as missing:
        raise Http404(
            _("There is no such review, or you may not read it.")
        ) from missing


def is_own_draft(user: Any, pk: int) -> bool:
    """Whether this is a draft that its writer sees in the scoring room only."""
    drafts = Review.objects.filter(pk=pk, reviewer=user, state=Review.State.DRAFT)
    return drafts.exists()


class ReviewView(StaffPageMixin, TemplateView):
    """A review with all that led to it; its agent answers here."""

    permission = "qa.view_review"
    template_name = "qa/review/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            review = visible_review(request.user, self.kwargs["pk"])
        except Http404:
            if is_own_draft(request.user, self.kwargs["pk"]):
                return redirect("qa:score", self.kwargs["pk"])
            raise
        if review.agent_id == request.user.pk and review.released_at:
            life.note_read(review_id=review.pk, agent=request.user, at=timezone.now())
        return self.show(review, AcknowledgeForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acknowledge."""
        review = visible_review(request.user, self.kwargs["pk"])
        form = AcknowledgeForm(request.POST)
        if not form.is_valid():
            return self.show(review, form, status=422)
        try:
            life.acknowledge_review(
                review_id=review.pk,
                agent=request.user,
                words=form.cleaned_data["words"],
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(review, form, status=409)
        messages.success(request, _("Acknowledged. Your reviewer can read your words."))
        return redirect("qa:review", pk=review.pk)

    def show(
        self, review: Review, form: AcknowledgeForm, status: int = 200
    ) -> HttpResponse:
        context = self.get_context_data(
            review=review,
            form=form,
            **page_parts(review),
            **self._steps(review),
            **self._history(review),
        )
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = kwargs["review"]
        title = _("Review of ticket #%(ticket)d") % {"ticket": review.ticket_id}
        return super().get_context_data(**{"title": title, **kwargs})

    def _steps(self, review: Review) -> dict[str, Any]:
        """What this person may do with the review now."""
        user, now = self.request.user, timezone.now()
        is_agent = review.agent_id == user.pk
        settled = (Review.State.RELEASED, Review.State.CLOSED)
        dispute = reading.open_dispute_of(review)
        return {
            "is_agent": is_agent,
            "may_acknowledge": is_agent
            and review.kind != Review.Kind.SELF
            and review.state in settled
            and review.is_current
            and review.acknowledged_at is None,
            "may_dispute": may_dispute(review, user, now),
            "seconds_left": reading.time_left(review, now),
            "may_release": may_release(review, user),
            "may_take_back": review.reviewer_id == user.pk
            and review.state == Review.State.SUBMITTED
            and review.kind not in life.BLIND_KINDS,
            "may_void": may_void(review, user),
            "open_dispute": dispute,
            "may_decide": dispute is not None
            and disputes_to_decide(user).filter(pk=dispute.pk).exists(),
            "sees_ticket": tickets_visible_to(user)
            .filter(pk=review.ticket_id)
            .exists(),
        }

    def _history(self, review: Review) -> dict[str, Any]:
        """Events in words, and the reviews before and after that one may read."""
        user = self.request.user
        chain = reviews_visible_to(user).filter(ticket=review.ticket_id)
        visible = dict(chain.values_list("pk", "supersedes_id"))
        after = [pk for pk, before in visible.items() if before == review.pk]
        events = [
            (event, event_words(event, set(visible)))
            for event in events_visible_to(user, review)
        ]
        return {
            "events": events,
            "superseded_by": after[0] if after else None,
            "supersedes": review.supersedes_id
            if review.supersedes_id in visible
            else None,
        }


def page_parts(review: Review) -> dict[str, Any]:
    """The review itself: conversation, criteria, score and origin."""
    card = card_of(review.version)
    failed = [card.criterion(key).title for key in reading.failed_criteria(review)]
    return {
        "card": card,
        "tone": state_tone(review),
        "conversation": reading.conversation_of(review),
        "sections": reading.sections_of(review),
        "verdict": verdict_words(review, card, failed),
        "origin": origin_words(review, reading.origin_of(review)),
        "hides_agent": reading.hides_agent(review),
    }


def may_void(review: Review, user: Any) -> bool:
    finished = (
        Review.State.SUBMITTED,
        Review.State.RELEASED,
        Review.State.ACKNOWLEDGED,
        Review.State.CLOSED,
    )
    return (
        user.has_perm(VOID)
        and review.agent_id != user.pk
        and review.state in finished
        and review.kind in life.VOIDABLE_KINDS
    )


class ReviewStep(StaffPageMixin, View):
    """A step without a page of its own: it answers with the review."""

    permission = "qa.view_review"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        review = visible_review(request.user, pk)
        try:
            messages.success(request, self.act(review))
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("qa:review", pk=review.pk)

    def act(self, review: Review) -> str:
        raise NotImplementedError


class ReleaseReviewView(ReviewStep):
    def act(self, review: Review) -> str:
        life.release_reviews(
            review_ids=[review.pk], actor=self.request.user, at=timezone.now()
        )
        return _("Released. %(agent)s can read it now.") % {"agent": review.agent}


class TakeBackView(ReviewStep):
    def act(self, review: Review) -> str:
        life.take_back(
            review_id=review.pk, reviewer=self.request.user, at=timezone.now()
        )
        return _("Taken back. It is a draft again.")


class ReleaseManyView(StaffPageMixin, View):
    """Release the chosen reviews of a list, or all that wait for this person."""

    permission = "qa.score_review"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseRedirect:
        chosen = [pk for pk in request.POST.getlist("review") if pk.isdecimal()]
        visible = reviews_visible_to(request.user).filter(pk__in=chosen)
        try:
            count = life.release_reviews(
                review_ids=list(visible.values_list("pk", flat=True)),
                actor=request.user,
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            words = ngettext("%(n)d review released.", "%(n)d reviews released.", count)
            messages.success(request, words % {"n": count})
        return redirect("qa:reviews")


class VoidReviewView(StaffPageMixin, TemplateView):
    """Ask why, then declare a review void."""

    permission = VOID
    title = gettext_lazy("Declare void")
    template_name = "qa/review/void.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        review = visible_review(request.user, self.kwargs["pk"])
        try:
            life.void_review(
                review_id=review.pk,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, status=409)
        messages.success(request, _("The review is void and counts for nobody."))
        return redirect("qa:review", pk=review.pk)

    def show(self, form: ReasonForm, status: int = 200) -> HttpResponse:
        review = visible_review(self.request.user, self.kwargs["pk"])
        context = self.get_context_data(
            review=review, form=form, may_void=may_void(review, self.request.user)
        )
        return self.render_to_response(context, status=status)
