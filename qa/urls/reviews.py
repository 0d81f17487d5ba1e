"""Addresses of reviews and disputes."""

from django.urls import path

from qa.views import disputes, review_list, reviews

one = "reviews/<int:pk>/"
one_dispute = "disputes/<int:pk>/"

urlpatterns = [
    path("reviews/", review_list.ReviewsView.as_view(), name="reviews"),
    path("reviews/release/", reviews.ReleaseManyView.as_view(), name="reviews-release"),
    path(one, reviews.ReviewView.as_view(), name="review"),
    path(one + "release/", reviews.ReleaseReviewView.as_view(), name="review-release"),
    path(one + "take-back/", reviews.TakeBackView.as_view(), name="review-take-back"),
    path(one + "void/", reviews.VoidReviewView.as_view(), name="review-void"),
    path(one + "dispute/", disputes.OpenDisputeView.as_view(), name="review-dispute"),
    path("disputes/", disputes.DisputesView.as_view(), name="disputes"),
    path(one_dispute, disputes.DisputeView.as_view(), name="dispute"),
    path(
        one_dispute + "preview/",
        disputes.DisputePreviewView.as_view(),
        name="dispute-preview",
    ),
    path(
        one_dispute + "withdraw/",
        disputes.WithdrawDisputeView.as_view(),
        name="dispute-withdraw",
    ),
]
