"""Addresses of promises. Included at the root: the customers' page is ``/sla/``."""

from django.urls import path

from sla.views import (
    calendar_page,
    compliance,
    policy_editor,
    policy_pages,
    policy_publication,
    promises,
    public_sla,
)

app_name = "sla"

policies = "promises/policies/"
one_policy = policies + "<int:pk>/"
calendars = "promises/calendars/"
one_calendar = calendars + "<int:pk>/"

urlpatterns = [
    path("compliance/", compliance.ComplianceView.as_view(), name="compliance"),
    path("compliance/promises/", promises.PromisesView.as_view(), name="promises"),
    path(policies + "new/", policy_editor.NewPolicyView.as_view(), name="policy-new"),
    path(
        policies + "order/", policy_publication.OrderView.as_view(), name="policy-order"
    ),
    path(one_policy, policy_pages.PolicyView.as_view(), name="policy"),
    path(
        one_policy + "name/",
        policy_editor.RenamePolicyView.as_view(),
        name="policy-rename",
    ),
    path(
        one_policy + "draft/",
        policy_editor.PolicyDraftView.as_view(),
        name="policy-draft",
    ),
    path(
        one_policy + "draft/check/",
        policy_editor.PolicyCheckView.as_view(),
        name="policy-check",
    ),
    path(
        one_policy + "draft/start/",
        policy_editor.StartDraftView.as_view(),
        name="policy-draft-start",
    ),
    path(
        one_policy + "draft/discard/",
        policy_editor.DiscardDraftView.as_view(),
        name="policy-draft-discard",
    ),
    path(
        one_policy + "publish/",
        policy_publication.PublishView.as_view(),
        name="policy-publish",
    ),
    path(
        one_policy + "retire/",
        policy_publication.RetireView.as_view(),
        name="policy-retire",
    ),
    path(
        one_policy + "compare/",
        policy_pages.CompareView.as_view(),
        name="policy-compare",
    ),
    path(
        one_policy + "versions/<int:number>/",
        policy_pages.VersionView.as_view(),
        name="policy-version",
    ),
    path(
        one_policy + "versions/<int:number>/revert/",
        policy_publication.RevertView.as_view(),
        name="policy-revert",
    ),
    path(calendars + "new/", calendar_page.CalendarView.as_view(), name="calendar-new"),
    path(one_calendar, calendar_page.CalendarView.as_view(), name="calendar"),
    path(
        calendars + "check/",
        calendar_page.CalendarCheckView.as_view(),
        name="calendar-check",
    ),
    path(
        one_calendar + "delete/",
        calendar_page.DeleteCalendarView.as_view(),
        name="calendar-delete",
    ),
    path(
        one_calendar + "publish/",
        calendar_page.RepublishView.as_view(),
        name="calendar-publish",
    ),
    path("sla/", public_sla.PublicSlaView.as_view(), name="public-sla"),
    path(
        "sla/<slug:tier>/", public_sla.PublicSlaView.as_view(), name="public-sla-tier"
    ),
]
