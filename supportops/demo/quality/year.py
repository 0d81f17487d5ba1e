"""The year week by week: a draw, its reviews, now and then a calibration."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qa.core.sampling import default_seed
from qa.models import SamplingDraw, SamplingPlan
from qa.selectors.scorecards import default_scorecard, published_version
from qa.services import life, reliability, sampling
from qa.services.history import append_reviews
from supportops.demo.core import story
from supportops.demo.core.quality import REVIEWERS
from supportops.demo.people import Cast
from supportops.demo.quality import disputes
from supportops.demo.quality.calibrations import Calibrator
from supportops.demo.quality.reviews import ReviewWriter

WEEK = timedelta(days=7)
DRAWN_AT = time(7, 30)
JUST_NOW = timedelta(hours=26)
"""How long ago the last draw was taken: about half of it is reviewed."""
CALIBRATED_BEFORE_END = (38, 12)
"""Weeks before the end in which reviewers calibrate."""
RELIABILITY_WEEKS = range(0, 25, 8)


def load_quality(
    *,
    cast: Cast,
    luck: Mapping[int, float],
    start: datetime,
    until: datetime,
    seed: int,
    say: Callable[[str], None],
) -> int:
    """Write draws, reviews, calibrations and disputes up to ``until``; count reviews.

    ``luck`` is how well each ticket went, by its key.
    """
    plan = _plan(cast)
    version = published_version(plan.scorecard_id)
    if version is None:
        raise LookupError("the shipped scorecard is not published")
    writer = ReviewWriter(
        cast=cast, luck=luck, version=version, start=start, until=until, seed=seed
    )
    calibrator = Calibrator(cast=cast, writer=writer)
    weeks = _weeks(start, until)
    written = 0
    for place, monday in enumerate(weeks, 1):
        left = len(weeks) - place
        taken = _draw(plan, monday, until, is_last=left == 0)
        if taken is None:
            continue
        written += len(append_reviews(writer.reviews_of(taken), at=until))
        writer.finish(taken)
        if left in CALIBRATED_BEFORE_END:
            calibrator.hold(monday + WEEK)
        if left in RELIABILITY_WEEKS:
            reliability.compute(
                scorecard_id=plan.scorecard_id, ends_on=monday + WEEK, at=until
            )
    if weeks:
        calibrator.open_one(until)
    disputes.write(cast=cast, until=until)
    life.close_due(at=until)
    say(f"  {written} reviews of {len(weeks)} weeks")
    return written


def _plan(cast: Cast) -> SamplingPlan:
    scorecard = default_scorecard()
    if scorecard is None:
        raise LookupError("no scorecard is published")
    plan = SamplingPlan.objects.create(
        name="Weekly quality reviews",
        scorecard=scorecard,
        strata=["category", "complexity"],
        rules=["reopened", "low_satisfaction", "breached"],
        time_zone=story.ZONE,
    )
    plan.teams.set(cast.teams.values())
    plan.reviewers.set([cast.users[name] for name in REVIEWERS])
    return plan


def _weeks(start: datetime, until: datetime) -> list[date]:
    """Return the Mondays of the whole weeks between two moments."""
    zone = ZoneInfo(story.ZONE)
    first = start.astimezone(zone).date()
    monday = first + timedelta(days=-first.weekday() % 7)
    last = until.astimezone(zone).date() - WEEK
    found = []
    while monday <= last:
        found.append(monday)
        monday += WEEK
    return found


def _draw(
    plan: SamplingPlan, monday: date, until: datetime, *, is_last: bool
) -> SamplingDraw | None:
    """Take a week's draw on the Monday after it; the last one only just now."""
    zone = ZoneInfo(story.ZONE)
    at = datetime.combine(monday + WEEK, DRAWN_AT, zone).astimezone(UTC)
    if is_last:
        at = max(at, until - JUST_NOW)
    try:
        return sampling.take_draw(
            plan_id=plan.pk,
            starts_on=monday,
            seed=default_seed(plan.pk, str(monday)),
            actor=None,
            at=min(at, until),
        )
    except sampling.FrameEmpty:
        return None
