"""What stands around one article: links, translations, uses, questions, what happened."""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from kb.models import Article, ArticleLink, KnownQuestion, TicketArticle
from workforce.people.models import User

QUESTIONS = 20
EVENTS = 20


@dataclass(frozen=True)
class Uses:
    """Where an article is used."""

    linked_from: list[ArticleLink]
    mentioned_in: list[Article]
    redirected_from: list[Article]
    linked_to_tickets: int
    put_into_replies: int


@dataclass(frozen=True)
class Translation:
    """One language of an article; without one, it can be made."""

    language: str
    name: str
    article: Article | None
    is_original: bool


@dataclass(frozen=True)
class Event:
    """One change of an article's settings or state."""

    at: datetime
    actor: User | None
    what: str
    state: str
    reason: str


def uses_of(article: Article) -> Uses:
    """Return where an article is linked, mentioned, redirected to and put into replies."""
    mention = f"article:{article.slug}"
    bodies = Article.objects.filter(
        Q(body__contains=f"({mention})") | Q(body__contains=f"({mention}#")
    )
    counts = TicketArticle.objects.filter(article=article).aggregate(
        linked=Count("pk", filter=Q(use=TicketArticle.Use.LINKED)),
        sent=Count("pk", filter=Q(use=TicketArticle.Use.SENT)),
    )
    return Uses(
        linked_from=list(article.linked_from.select_related("article")),
        mentioned_in=list(bodies.exclude(pk=article.pk).only("title", "state")[:50]),
        redirected_from=list(
            Article.objects.filter(redirects_to=article).only("title")
        ),
        linked_to_tickets=counts["linked"],
        put_into_replies=counts["sent"],
    )


def translations_of(article: Article) -> list[Translation]:
    """Return every language articles are written in, with the article of this family."""
    root = article.translation_of_id or article.pk
    family = Article.objects.filter(Q(pk=root) | Q(translation_of=root))
    by_language = {each.language: each for each in family.only(
        "pk", "title", "language", "state", "changed_at", "translation_of"
    )}  # fmt: skip
    return [
        Translation(
            code,
            str(name),
            by_language.get(code),
            is_original=code in by_language and by_language[code].pk == root,
        )
        for code, name in settings.ARTICLE_LANGUAGES
    ]


def untranslated(articles: QuerySet[Article], language: str) -> QuerySet[Article]:
    """Return published originals that have nothing in a language, the most read first."""
    done = Article.objects.filter(language=language, translation_of__isnull=False)
    return (
        articles.filter(state=Article.State.PUBLISHED, translation_of__isnull=True)
        .exclude(language=language)
        .exclude(pk__in=done.values("translation_of"))
        .select_related("topic", "owner")
        .annotate(readers=Count("readings"))
        .order_by("-readers", "title", "pk")
    )


def questions_of(article: Article) -> QuerySet[KnownQuestion]:
    """Return the known questions that the article is the right answer to."""
    rows = article.known_questions.filter(is_active=True)
    return rows.order_by("-weight", "text")[:QUESTIONS]


def events_of(article: Article) -> list[Event]:
    """Return what happened to an article, the latest first: who changed what, when."""
    rows: Any = article.history.select_related("history_user").order_by(
        "-history_date", "-history_id"
    )
    found = list(rows[: EVENTS + 1])
    events = []
    for row, before in zip_longest(found, found[1:]):
        state = "" if before is not None and before.state == row.state else row.state
        events.append(
            Event(row.history_date, row.history_user, row.history_type, state,
                  row.history_change_reason or "")
        )  # fmt: skip
    return events[:EVENTS]
