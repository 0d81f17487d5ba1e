"""Addresses of coaching. Included under ``coaching/``."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from qa.coaching.views import audits, board, plan_form, plans, recognition, sessions

app_name = "coaching"

talks: list[URLPattern] = [
    path("talks/", board.BoardView.as_view(), name="board"),
    path("mine/", board.MineView.as_view(), name="mine"),
    path("talks/new/", board.PlanSessionView.as_view(), name="session-new"),
    path("talks/<int:pk>/", sessions.SessionView.as_view(), name="session"),
    path("talks/<int:pk>/edit/", sessions.EditView.as_view(), name="session-edit"),
    path("talks/<int:pk>/print/", sessions.PrintView.as_view(), name="session-print"),
    path(
        "talks/<int:pk>/prepare/",
        sessions.PrepareView.as_view(),
        name="session-prepare",
    ),
    path("talks/<int:pk>/hold/", sessions.HoldView.as_view(), name="session-hold"),
    path("talks/<int:pk>/take/", sessions.TakeView.as_view(), name="session-take"),
    path(
        "talks/<int:pk>/cancel/", sessions.CancelView.as_view(), name="session-cancel"
    ),
    path("talks/<int:pk>/notes/", sessions.NotesView.as_view(), name="session-notes"),
    path(
        "talks/<int:pk>/acknowledge/",
        sessions.AcknowledgeView.as_view(),
        name="session-acknowledge",
    ),
    path(
        "goals/<int:pk>/decide/", sessions.DecideGoalView.as_view(), name="goal-decide"
    ),
]
improvement: list[URLPattern] = [
    path("plans/", plans.PlanListView.as_view(), name="plans"),
    path("plans/new/", plan_form.PlanFormView.as_view(), name="plan-new"),
    path("plans/<int:pk>/", plans.PlanView.as_view(), name="plan"),
    path("plans/<int:pk>/edit/", plan_form.PlanFormView.as_view(), name="plan-edit"),
    path("plans/<int:pk>/print/", plans.PlanPrintView.as_view(), name="plan-print"),
    path("plans/<int:pk>/issue/", plans.IssueView.as_view(), name="plan-issue"),
    path("plans/<int:pk>/sign/", plans.SignView.as_view(), name="plan-sign"),
    path("plans/<int:pk>/close/", plans.CloseView.as_view(), name="plan-close"),
    path("plans/<int:pk>/cancel/", plans.CancelPlanView.as_view(), name="plan-cancel"),
    path(
        "milestones/<int:pk>/decide/",
        plans.DecideMilestoneView.as_view(),
        name="milestone-decide",
    ),
]
wall: list[URLPattern] = [
    path("recognition/", recognition.WallView.as_view(), name="wall"),
    path("recognition/nominate/", recognition.NominateView.as_view(), name="nominate"),
    path("recognition/thank/", recognition.ShoutOutView.as_view(), name="thank"),
    path("recognition/best/", recognition.AwardBestView.as_view(), name="award-best"),
    path(
        "recognition/<int:pk>/vote/", recognition.VoteView.as_view(), name="award-vote"
    ),
    path("recognition/<int:pk>/award/", recognition.AwardView.as_view(), name="award"),
    path(
        "recognition/<int:pk>/withdraw/",
        recognition.WithdrawView.as_view(),
        name="award-withdraw",
    ),
]
metric_audits: list[URLPattern] = [
    path("audits/", audits.AuditListView.as_view(), name="audits"),
    path("audits/new/", audits.NewAuditView.as_view(), name="audit-new"),
    path("audits/<int:pk>/", audits.AuditView.as_view(), name="audit"),
    path("audits/<int:pk>/close/", audits.CloseAuditView.as_view(), name="audit-close"),
    path("audits/lines/<int:pk>/", audits.JudgeView.as_view(), name="audit-line-judge"),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="coaching:board")),
    *talks,
    *improvement,
    *wall,
    *metric_audits,
]
