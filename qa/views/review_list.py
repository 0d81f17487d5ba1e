"""The list of reviews: an agent's own, or everybody's that one may read; also as CSV."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from qa.forms.reviews import ReviewFilterForm
from qa.models import Review
from qa.models.reviews import COUNTED_KINDS, ReviewQuerySet
from qa.review_phrases import state_tone
from qa.selectors.reading import hides_agent
from qa.selectors.review_lists import listed
from qa.selectors.reviews import VIEW_ALL, reviews_visible_to, waiting_for_release
from qa.services.life import RELEASE_ANY
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response

PAGE_SIZE = 25
CSV_BATCH = 500


class ReviewsView(StaffPageMixin, TemplateView):
    permission = "qa.view_review"
    template_name = "qa/review/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = ReviewFilterForm(request.GET or {}, user=request.user)
        is_own = sees_own_only(request.user)
        if is_own:
            form.leave_out("agent", "team")
        if not form.is_valid():
            return self.render_to_response(
                self.get_context_data(form=form, is_own=is_own), status=400
            )
        reviews = listed(request.user, form.wanted())
        if "csv" in request.GET:
            return csv_response("reviews", CSV_HEADER, csv_rows(reviews))
        page = Paginator(reviews, PAGE_SIZE).get_page(request.GET.get("page"))
        for review in page:
            review.tone = state_tone(review)
            review.hides_agent = hides_agent(review)
            review.may_be_released = may_release(review, request.user)
            review.is_new = is_new(review, request.user)
        context = self.get_context_data(form=form, page=page, is_own=is_own)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, page = self.request.user, kwargs.get("page")
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("csv", None)
        narrowed = [name for name, value in query.items() if value and name != "order"]
        is_empty = page is not None and not page.paginator.count
        waiting = page_waiting(page) if page else 0
        return super().get_context_data(
            **{
                "title": _("My reviews") if kwargs["is_own"] else _("Reviews"),
                "address": query.urlencode(),
                "is_narrowed": bool(narrowed),
                "is_first": is_empty
                and not narrowed
                and not reviews_visible_to(user).exists(),
                "waiting_here": waiting,
                "waiting": 0 if kwargs["is_own"] else releasable(user).count(),
                **kwargs,
            }
        )


def sees_own_only(user: Any) -> bool:
    """Whether the list is an agent's: nobody else's reviews can be in it."""
    return not (
        user.has_perm(VIEW_ALL)
        or user.has_perm("qa.score_review")
        or user.led_teams.exists()
    )


def may_release(review: Review, user: Any) -> bool:
    return (
        review.state == Review.State.SUBMITTED
        and review.kind in COUNTED_KINDS
        and (review.reviewer_id == user.pk or user.has_perm(RELEASE_ANY))
    )


def is_new(review: Review, user: Any) -> bool:
    """Whether it waits for the agent who looks at the list to acknowledge it."""
    return (
        review.agent_id == user.pk
        and review.state == Review.State.RELEASED
        and review.is_current
    )


def releasable(user: Any) -> ReviewQuerySet:
    """Submitted reviews that this person may release."""
    waiting = waiting_for_release(user)
    return waiting if user.has_perm(RELEASE_ANY) else waiting.filter(reviewer=user)


def page_waiting(page: Page) -> int:
    return sum(review.may_be_released for review in page)


CSV_HEADER = (
    "review", "ticket", "agent", "team", "reviewer", "scorecard", "version", "kind",
    "basis", "state", "score", "score_before_failures", "passed", "critical_fail",
    "submitted_at", "released_at", "acknowledged_at", "superseded",
)  # fmt: skip


def csv_rows(reviews: ReviewQuerySet) -> Iterator[tuple[Any, ...]]:
    for review in reviews.iterator(chunk_size=CSV_BATCH):
        moments = (review.submitted_at, review.released_at, review.acknowledged_at)
        yield (
            review.pk,
            review.ticket_id,
            "" if hides_agent(review) else review.agent,
            "" if hides_agent(review) else review.team or "",
            review.reviewer,
            review.version.scorecard.name,
            review.version.number,
            review.kind,
            review.basis,
            review.state,
            "" if review.score is None else float(review.score),
            "" if review.raw_score is None else float(review.raw_score),
            review.passed,
            review.is_critical_fail,
            *(
                moment.astimezone(UTC).isoformat() if moment else ""
                for moment in moments
            ),
            not review.is_current,
        )
