"""What quality tells others, after commit."""

from django.dispatch import Signal

# review_ids: list[int], at: datetime. Their agents may read them from now on.
reviews_released = Signal()

# review_ids: list[int], at: datetime. A score, a state or who counts has changed.
reviews_changed = Signal()
