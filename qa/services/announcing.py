"""Tell other apps and panels what has changed in quality, once it is committed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from qa.models import Review
from qa.signals import reviews_changed, reviews_released


def announce(
    review_ids: Sequence[int], *, at: datetime, released: bool = False
) -> None:
    """Send ``reviews_changed``, before it ``reviews_released`` if they were, after commit.

    A listener that fails is logged; the change is committed and stays.
    """
    ids = list(review_ids)
    if not ids:
        return
    signals = [reviews_released, reviews_changed] if released else [reviews_changed]
    for signal in signals:
        transaction.on_commit(
            partial(signal.send_robust, sender=Review, review_ids=ids, at=at)
        )
