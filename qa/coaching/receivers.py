"""What coaching hears from quality."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from qa.coaching.services import sessions
from qa.signals import reviews_released


@receiver(reviews_released, dispatch_uid="coaching.reviews_released")
def plan_talks(*, review_ids: list[int], at: datetime, **_kwargs: Any) -> None:
    """Plan a talk where a released score failed. The same news twice plans nothing."""
    sessions.plan_after_low_scores(review_ids=review_ids, at=at)
