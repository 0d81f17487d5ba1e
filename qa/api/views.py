"""Endpoints of scorecards, reviews, draws and calibrations. Reads start at selectors."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api import inputs, serializers
from qa.api.filters import (
    CalibrationFilter,
    DrawFilter,
    ItemFilter,
    ReviewFilter,
    VersionFilter,
)
from qa.models import (
    Answer,
    CalibrationSession,
    Dispute,
    Pin,
    Review,
    SampleItem,
    SamplingDraw,
    Scorecard,
    ScorecardVersion,
)
from qa.selectors.calibration import calibrations_visible_to
from qa.selectors.reviews import reviews_shown_to
from qa.selectors.sampling_sight import items_visible_to
from qa.services import disputes, life
from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint

NUMBER = "[0-9]{1,18}"
VERSIONS = ScorecardVersion.objects.order_by("-number").defer("definition")
RELATED = (
    "agent",
    "reviewer",
    "version",
    "supersedes",
    "calibration_item__session",
)


class ScorecardViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Scorecards with their versions."""

    scope = "qa"
    read_permission = "qa.view_scorecard"
    serializer_class = serializers.ScorecardOut
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = Scorecard.objects.prefetch_related(
        Prefetch("versions", queryset=VERSIONS)
    )


class ScorecardVersionViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """What was judged and how much each criterion counted."""

    scope = "qa"
    read_permission = "qa.view_scorecardversion"
    serializer_class = serializers.ScorecardVersionOut
    filterset_class = VersionFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = ScorecardVersion.objects.select_related("published_by")


class ReviewViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Reviews that the caller may read, as on the pages: never one that is blind."""

    scope = "qa"
    read_permission = "qa.view_review"
    write_permission = "qa.score_review"
    action_permissions: ClassVar[dict[str, str]] = {
        "acknowledge": "qa.view_review",
        "dispute": "qa.view_dispute",
    }
    queryset = Review.objects.none()
    serializer_class = serializers.ReviewOut
    filterset_class = ReviewFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Review]:
        return with_parts(reviews_shown_to(self.request.user))

    @extend_schema(
        operation_id="reviews_release",
        request=inputs.NothingIn,
        responses=serializers.ReviewOut,
    )
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Let the agent read it. One's own, or any with the right to void."""
        review = self._review(inputs.NothingIn)[0]
        life.release_reviews(
            review_ids=[review.pk], actor=request.user, at=timezone.now()
        )
        return self._shown(review)

    @extend_schema(
        operation_id="reviews_acknowledge",
        request=inputs.AcknowledgeIn,
        responses=serializers.ReviewOut,
    )
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Take note of a review of one's own work, with words if one wishes."""
        review, given = self._review(inputs.AcknowledgeIn)
        life.acknowledge_review(
            review_id=review.pk, agent=request.user, at=timezone.now(), **given
        )
        return self._shown(review)

    @extend_schema(
        operation_id="reviews_dispute",
        request=inputs.DisputeIn,
        responses=serializers.ReviewOut,
    )
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, pk: str) -> Response:
        """Ask a second reviewer to look again at criteria, or at whose work it was."""
        review, given = self._review(inputs.DisputeIn)
        disputes.open_dispute(
            review_id=review.pk, agent=request.user, at=timezone.now(), **given
        )
        return self._shown(review)

    def _review(self, takes: type[drf.Serializer]) -> tuple[Review, dict[str, Any]]:
        """The review, if the caller may read it, and what was sent."""
        review = self.get_object()
        serializer = takes(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return review, dict(serializer.validated_data)

    def _shown(self, review: Review) -> Response:
        found = with_parts(Review.objects.all()).get(pk=review.pk)
        return Response(serializers.ReviewOut(found).data)


def with_parts(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Reviews with everything that is shown of them, in six queries."""
    answers = Answer.objects.order_by("pk").prefetch_related("root_causes")
    pins = Pin.objects.order_by("message_id", "start")
    told = Dispute.objects.order_by("pk").select_related("arbiter")
    return reviews.select_related(*RELATED).prefetch_related(
        Prefetch("answers", queryset=answers),
        Prefetch("pins", queryset=pins),
        Prefetch("disputes", queryset=told.prefetch_related("lines")),
    )


class DrawViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Taken draws, without their frames."""

    scope = "qa"
    read_permission = "qa.view_samplingdraw"
    serializer_class = serializers.DrawOut
    filterset_class = DrawFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = SamplingDraw.objects.select_related("plan").defer("frame", "plan_then")


class ItemViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Tickets to review: one's own, for who takes draws everybody's with why they are in.

    Others are not told which tickets are second reviews or have known answers.
    """

    scope = "qa"
    read_permission = "qa.view_samplingdraw"
    serializer_class = serializers.ItemOut
    filterset_class = ItemFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER
    queryset = SampleItem.objects.none()

    def get_queryset(self) -> QuerySet[SampleItem]:
        items = items_visible_to(self.request.user)
        return items.select_related("agent", "reviewer")


class CalibrationViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Rounds of calibration that the caller may know of."""

    scope = "qa"
    read_permission = "qa.view_calibrationsession"
    queryset = CalibrationSession.objects.none()
    serializer_class = serializers.CalibrationOut
    filterset_class = CalibrationFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[CalibrationSession]:
        return calibrations_visible_to(self.request.user)

    def get_serializer_class(self) -> type[drf.Serializer]:
        if self.action == "list":
            return serializers.CalibrationBrief
        return serializers.CalibrationOut
