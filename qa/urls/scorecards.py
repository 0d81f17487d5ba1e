"""Addresses of scorecards."""

from django.urls import path

from qa.views.scorecards import editor as scorecard_editor
from qa.views.scorecards import pages as scorecard_pages
from qa.views.scorecards import publication as scorecard_publication

one = "scorecards/<int:pk>/"

urlpatterns = [
    path(
        "scorecards/new/",
        scorecard_publication.NewScorecardView.as_view(),
        name="scorecard-new",
    ),
    path(one, scorecard_pages.ScorecardView.as_view(), name="scorecard"),
    path(
        one + "describe/",
        scorecard_publication.DescribeView.as_view(),
        name="scorecard-describe",
    ),
    path(one + "draft/", scorecard_editor.DraftView.as_view(), name="scorecard-draft"),
    path(
        one + "draft/check/",
        scorecard_editor.CheckView.as_view(),
        name="scorecard-check",
    ),
    path(
        one + "draft/start/",
        scorecard_publication.StartDraftView.as_view(),
        name="scorecard-draft-start",
    ),
    path(
        one + "draft/discard/",
        scorecard_publication.DiscardDraftView.as_view(),
        name="scorecard-draft-discard",
    ),
    path(
        one + "publish/",
        scorecard_publication.PublishView.as_view(),
        name="scorecard-publish",
    ),
    path(
        one + "archive/",
        scorecard_publication.ArchiveView.as_view(),
        name="scorecard-archive",
    ),
    path(
        one + "compare/",
        scorecard_pages.CompareView.as_view(),
        name="scorecard-compare",
    ),
    path(
        one + "versions/<int:number>/",
        scorecard_pages.VersionView.as_view(),
        name="scorecard-version",
    ),
]
