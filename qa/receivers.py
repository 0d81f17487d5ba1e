"""What quality hears: its own news, and changes of the tickets that were reviewed."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from qa.metrics.segments import mark_reviewed_tickets, mark_reviews
from qa.models import Review
from qa.signals import reviews_changed, reviews_released
from tickets.signals import tickets_changed


@receiver(reviews_released, dispatch_uid="qa.metrics.reviews_released")
def on_reviews_released(review_ids: list[int], **_: Any) -> None:
    mark_reviews(review_ids)


@receiver(reviews_changed, dispatch_uid="qa.metrics.reviews_changed")
def on_reviews_changed(review_ids: list[int], **_: Any) -> None:
    mark_reviews(review_ids)


@receiver(tickets_changed, dispatch_uid="qa.metrics.tickets_changed")
def on_tickets_changed(ticket_ids: list[int], **_: Any) -> None:
    """A reviewed ticket has another category, customer or survey answer."""
    mark_reviewed_tickets(ticket_ids)


@receiver(pre_delete, sender=Review, dispatch_uid="qa.metrics.review_deleted")
def on_review_deleted(instance: Review, **_: Any) -> None:
    mark_reviews([instance.pk])
