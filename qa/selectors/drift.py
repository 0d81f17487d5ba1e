"""Reads of drift: each reviewer's bias over the last year, by fortnight."""

from collections.abc import Mapping
from datetime import date

from django.core.cache import cache

from qa.core.reviewer_drift import Drift, drifts
from qa.core.severity import fit
from qa.selectors.reliability import everyday, first_day, first_hands

YEAR_DAYS = 364
KEPT_SECONDS = 3600


def reviewer_drifts(scorecard_id: int, ends_on: date) -> Mapping[int, Drift]:
    """Return the drift charts of the year before a day, by reviewer.

    Kept for an hour, or until a review of the year is added or taken back.
    """
    starts_on = first_day(ends_on, YEAR_DAYS)
    count = first_hands(scorecard_id, starts_on, ends_on).count()
    key = f"qa-drift-{scorecard_id}-{ends_on}-{count}"
    known: Mapping[int, Drift] | None = cache.get(key)
    if known is None:
        known = _computed(scorecard_id, starts_on, ends_on)
        cache.set(key, known, KEPT_SECONDS)
    return known


def _computed(scorecard_id: int, starts_on: date, ends_on: date) -> Mapping[int, Drift]:
    found = everyday(scorecard_id, starts_on, ends_on)
    if not found.scores.size:
        return {}
    return drifts(
        found.scores,
        found.agents,
        found.reviewers,
        found.days,
        fit(found.scores, found.agents, found.reviewers),
        first_day=starts_on.toordinal(),
        last_day=ends_on.toordinal(),
    )
