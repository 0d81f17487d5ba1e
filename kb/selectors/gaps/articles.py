"""Published articles that need work: unhelpful, stale, or flagged as wrong."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q

from kb.core.gaps import Range, share_range
from kb.models import Article, Flag, Reading, Vote

HELPFUL_LEAST = 0.60
STALE_DAYS = 182
COMMENTS = 5


@dataclass(slots=True)
class WeakArticle:
    """One article and what is wrong with it; ``helpful`` is known from one vote on."""

    pk: int
    title: str
    language: str
    due_on: date | None
    reviewed_at: datetime | None
    readings: int
    tickets: int
    votes: int = 0
    yes: int = 0
    flags: list[int] = field(default_factory=list)
    is_stale: bool = False

    @property
    def helpful(self) -> Range | None:
        return share_range(self.yes, self.votes) if self.votes else None

    @property
    def is_unhelpful(self) -> bool:
        """Surely below 60 %: even the upper end of the interval is."""
        return self.helpful is not None and self.helpful.high < HELPFUL_LEAST


def weak_articles(since: datetime, until: datetime) -> list[WeakArticle]:
    """Return the published articles with a reason to work on them, in four queries.

    Votes are those of the version that is published now; readings, and the tickets that
    followed them, those of the window.
    """
    found = _published(until)
    of_now = Vote.objects.filter(version=F("article__published"), at__lt=until)
    for pk, votes, yes in _by_article(of_now, Q(is_helpful=True)):
        if pk in found:
            found[pk].votes, found[pk].yes = votes, yes
    window = Reading.objects.filter(at__gte=since, at__lt=until)
    for pk, readings, tickets in _by_article(window, Q(ticket__isnull=False)):
        if pk in found:
            found[pk].readings, found[pk].tickets = readings, tickets
    wrong = Flag.objects.filter(kind=Flag.Kind.WRONG, state=Flag.State.OPEN)
    for flag, pk in wrong.order_by("pk").values_list("pk", "article_id"):
        if pk in found:
            found[pk].flags.append(flag)
    return [
        one for one in found.values() if one.flags or one.is_stale or one.is_unhelpful
    ]


def _published(until: datetime) -> dict[int, WeakArticle]:
    rows = (
        Article.objects.filter(state=Article.State.PUBLISHED)
        .order_by("pk")
        .values_list(
            "pk", "title", "language", "review_due_on", "reviewed_at", "published_at"
        )
    )
    found = {}
    for pk, title, language, due_on, reviewed, published in rows:
        last = reviewed or published
        article = WeakArticle(pk, title, language, due_on, last, 0, 0)
        article.is_stale = bool(
            (due_on and due_on < until.date())
            or (last and last < until - timedelta(days=STALE_DAYS))
        )
        found[pk] = article
    return found


def _by_article(rows, part: Q):  # type: ignore[no-untyped-def]
    """Count the rows of each article, and those among them that ``part`` holds for."""
    return (
        rows.order_by()
        .values_list("article_id")
        .annotate(n=Count("pk"), part=Count("pk", filter=part))
    )


def reasons_of(article_ids: list[int]) -> dict[int, dict[str, int]]:
    """Return why readers of the published version said no, by article."""
    rows = (
        Vote.objects.filter(
            article__in=article_ids, version=F("article__published"), is_helpful=False
        )
        .exclude(reason="")
        .order_by("article_id", "reason")
        .values_list("article_id", "reason")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for pk, reason, count in rows:
        found.setdefault(pk, {})[reason] = count
    return found
