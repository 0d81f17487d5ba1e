"""What pages keep in the cache between two changes of content.

Only counts, numbers of rows and rendered text of one audience are kept, under the number
of the content: what a page shows is always read through the rule of who may read it.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from kb.selectors.readers import Audience
from kb.selectors.searching.contents import content_number

T = TypeVar("T")

# Longer than content usually stays as it is; what is no longer asked for goes earlier.
KEPT_SECONDS = 3600


def kept(name: str, audience: Audience, number: int | None, make: Callable[[], T]) -> T:
    """Return what ``make`` made at this state of the content for this audience."""
    tiers = ".".join(map(str, sorted(audience.tier_ids)))
    key = f"help:{name}:{number}:{int(audience.is_staff)}:{tiers}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_SECONDS)
    return found


__all__ = ["KEPT_SECONDS", "content_number", "kept"]
