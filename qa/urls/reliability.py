"""Addresses of reliability."""

from django.urls import path

from qa.views import reliability
from qa.views.reliability import steps as reliability_steps

urlpatterns = [
    path("reliability/", reliability.ReliabilityView.as_view(), name="reliability"),
    path(
        "reliability/compute/",
        reliability_steps.ComputeView.as_view(),
        name="reliability-compute",
    ),
    path(
        "reliability/certify/",
        reliability_steps.CertifyView.as_view(),
        name="reliability-certify",
    ),
    path(
        "reliability/withdraw/",
        reliability_steps.RevokeView.as_view(),
        name="reliability-withdraw",
    ),
    path(
        "reliability/unclear/",
        reliability_steps.UnclearView.as_view(),
        name="reliability-unclear",
    ),
    path(
        "rubric-changes/<int:pk>/",
        reliability_steps.RubricChangeView.as_view(),
        name="rubric-change",
    ),
]
