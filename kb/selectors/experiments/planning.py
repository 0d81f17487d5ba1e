"""What a new experiment would take: the article's readers, votes and tickets so far."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from kb.models import Article, ArticleVersion, Experiment, Reading, Vote
from kb.selectors.experiments.judging import Needed, needed

SPAN = timedelta(days=28)
FEWEST = 20
"""Outcomes below which the rate of the whole help centre is taken instead."""

Outcome = Experiment.Outcome


@dataclass(frozen=True)
class Rate:
    """How an outcome went lately; ``of_all`` where the article itself had too little."""

    good: int
    known: int
    of_all: bool

    @property
    def share(self) -> float:
        """The share of good outcomes; half, the most cautious, when nothing is known."""
        return self.good / self.known if self.known else 0.5


@dataclass(frozen=True)
class Outlook:
    """How long an experiment of one outcome would take with this article's readers."""

    outcome: Outcome
    rate: Rate
    daily_readers: float
    daily_known: float
    needed: list[Needed]


def outlook(
    article: Article,
    outcome: str,
    *,
    at: datetime,
    share_b: float = 0.5,
    alpha: float = 0.05,
) -> Outlook:
    """Return what differences take at the article's traffic of the last four weeks."""
    since = at - SPAN
    readings = Reading.objects.filter(article=article, at__gte=since, at__lt=at)
    readers = readings.aggregate(n=Count("visitor", distinct=True))["n"]
    own = _rate(outcome, article, since, at)
    daily_readers = readers / SPAN.days
    daily = own.known / SPAN.days if outcome == Outcome.HELPFUL else daily_readers
    rate = own if own.known >= FEWEST else _rate(outcome, None, since, at)
    return Outlook(
        outcome=Outcome(outcome),
        rate=rate,
        daily_readers=daily_readers,
        daily_known=daily,
        needed=needed(rate.share, share_b=share_b, alpha=alpha, daily=daily),
    )


def _rate(outcome: str, article: Article | None, since: datetime, at: datetime) -> Rate:
    if outcome == Outcome.HELPFUL:
        votes = Vote.objects.filter(at__gte=since, at__lt=at)
        votes = votes.filter(article=article) if article else votes
        found = votes.aggregate(
            known=Count("pk"), good=Count("pk", filter=Q(is_helpful=True))
        )
        return Rate(found["good"], found["known"], article is None)
    readings = Reading.objects.filter(at__gte=since, at__lt=at)
    readings = readings.filter(article=article) if article else readings
    sent = Q(ticket__created_at__lt=F("at") + timedelta(days=1))
    found = readings.aggregate(
        known=Count("visitor", distinct=True),
        sent=Count("visitor", distinct=True, filter=sent),
    )
    return Rate(found["known"] - found["sent"], found["known"], article is None)


def other_versions(article: Article) -> list[ArticleVersion]:
    """Return the versions that can be tried against the published one, newest first."""
    shown = article.published
    if shown is None:
        return []
    rows = article.versions.exclude(pk=shown.pk).order_by("-number")
    return [each for each in rows if not same_to_readers(each, shown)]


def has_own_text(article: Article) -> bool:
    """Whether the working copy says something that no version says yet."""
    if not article.body.strip() or same_to_readers(article, article.published):
        return False
    return not any(
        same_to_readers(each, article) and each.keywords == article.keywords
        for each in article.versions.all()
    )


def same_to_readers(
    one: Article | ArticleVersion, other: Article | ArticleVersion | None
) -> bool:
    """Whether two texts read the same; other words for it show in no page."""
    return other is not None and read_text(one) == read_text(other)


def read_text(row: Article | ArticleVersion) -> str:
    """Return title, summary and text as one, for comparing."""
    return "\n\n".join(part for part in (row.title, row.summary, row.body) if part)
