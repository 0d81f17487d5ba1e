"""Searches, readings, votes and form visits for tests, written as rows."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kb.models import Article, AssistantRules, FormVisit, Place, Reading, Search, Vote
from tests.factories.kb import published_article
from tests.factories.tickets import CategoryFactory, open_ticket
from tickets.models import Category, Ticket

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = ["vpn", "reset password", "invoice copy", "sso", "export", "api limit"]


def make_search(text: str = "vpn", *, at: datetime = MONDAY, **fields: Any) -> Search:
    """Return a search in the help centre; an article given as ``clicked`` was first."""
    if fields.get("clicked"):
        fields.setdefault("clicked_rank", 1)
    columns: dict[str, Any] = {
        "visitor": "v1",
        "place": Place.HELP,
        "language": "en",
        "text": text.title(),
        "folded": text,
        "results": 3,
        "at": at,
        **fields,
    }
    return Search.objects.create(**columns)


def make_reading(article: Article, *, at: datetime = MONDAY, **fields: Any) -> Reading:
    columns: dict[str, Any] = {
        "visitor": "v1",
        "place": Place.HELP,
        "version": article.published,
        "at": at,
        **fields,
    }
    return Reading.objects.create(article=article, **columns)


def make_vote(
    article: Article, visitor: str, is_helpful: bool, *, at: datetime = MONDAY
) -> Vote:
    return Vote.objects.create(
        article=article,
        version=article.published,
        visitor=visitor,
        is_helpful=is_helpful,
        at=at,
    )


def hold_out(share: str) -> None:
    """Plan to show no suggestions to this share of visitors."""
    AssistantRules.objects.update_or_create(pk=1, defaults={"holdout": share})


def make_visits(
    arm: str, *, n: int, sent: int, at: datetime = MONDAY
) -> list[FormVisit]:
    """Return visits of ``n`` visitors of one group, the first ones of whom sent it."""
    return FormVisit.objects.bulk_create(
        FormVisit(
            visitor=f"{arm}{i}",
            arm=arm,
            was_sent=i < sent,
            at=at + timedelta(minutes=i),
        )
        for i in range(n)
    )


@dataclass(frozen=True)
class Visits:
    """Rows of a made-up history, as lists, for counting them by hand."""

    articles: list[Article]
    categories: list[Category]
    tickets: list[Ticket]
    searches: list[Search]
    readings: list[Reading]
    votes: list[Vote]
    forms: list[FormVisit]


def random_visits(*, seed: int, searches: int = 150) -> Visits:
    """Write a made-up history of 40 days that takes every turn a visitor can take."""
    chance = random.Random(seed)
    categories = [CategoryFactory() for _ in range(6)]
    articles = _articles(chance, categories)
    tickets = _tickets(chance, categories)
    found = _searches(chance, searches, articles, tickets)
    readings = _readings(chance, found, articles, tickets)
    return Visits(
        articles, categories, tickets, found, readings,
        _votes(chance, articles), _forms(chance, tickets),
    )  # fmt: skip


def _at(chance: random.Random) -> datetime:
    return MONDAY + timedelta(seconds=chance.randrange(40 * 86400))


def _articles(chance: random.Random, categories: list[Category]) -> list[Article]:
    articles = []
    for n in range(8):
        article = published_article(
            f"Article {n}",
            language="de" if n % 3 == 0 else "en",
            audience="INTERNAL" if n == 1 else "PUBLIC",
        )
        article.reviewed_at = MONDAY - timedelta(days=chance.randrange(400))
        if n == 5:
            article.state = Article.State.ARCHIVED
        article.save()
        article.categories.set(chance.sample(categories[:4], 1))
        articles.append(article)
    return articles


def _tickets(chance: random.Random, categories: list[Category]) -> list[Ticket]:
    tickets = [open_ticket(at=_at(chance)) for _ in range(12)]
    for ticket in tickets:
        ticket.category = chance.choice([*categories, None])
        ticket.save(update_fields=["category"])
    return tickets


def _searches(
    chance: random.Random, count: int, articles: list[Article], tickets: list[Ticket]
) -> list[Search]:
    found: list[Search] = []
    for _ in range(count):
        visitor, at = f"v{chance.randrange(40)}", _at(chance)
        former = None
        for _try in range(chance.choice([1, 1, 1, 2, 3])):
            results = chance.choice([0, 1, 2, 3, 5])
            clicked = chance.choice([*articles, None]) if results else None
            search = make_search(
                chance.choice(WORDS),
                at=at,
                visitor=visitor,
                language=chance.choice(["en", "en", "de"]),
                place=chance.choice([Place.HELP] * 4 + [Place.FORM, Place.AGENT]),
                results=results,
                clicked=clicked,
                clicked_rank=chance.randint(1, results) if clicked else None,
                ticket=chance.choice([*tickets, *[None] * 60]),
            )
            if former and former.clicked_id is None and former.place == search.place:
                former.refined_by = search
                former.save(update_fields=["refined_by"])
            found.append(search)
            former, at = search, at + timedelta(seconds=chance.randint(1, 200))
    return found


def _readings(
    chance: random.Random,
    searches: list[Search],
    articles: list[Article],
    tickets: list[Ticket],
) -> list[Reading]:
    readings = []
    for search in searches:
        if search.clicked is None:
            continue
        for _ in range(chance.choice([1, 1, 2])):
            took = timedelta(milliseconds=chance.randrange(1_000, 300_000))
            readings.append(
                make_reading(
                    search.clicked,
                    at=search.at + took,
                    visitor=search.visitor,
                    search=search,
                    place=search.place,
                    ticket=chance.choice([*tickets, *[None] * 60]),
                )
            )
    readings.extend(
        make_reading(
            chance.choice(articles),
            at=_at(chance),
            visitor=f"w{chance.randrange(20)}",
            place=chance.choice(list(Place)),
        )
        for _ in range(30)
    )
    return readings


def _votes(chance: random.Random, articles: list[Article]) -> list[Vote]:
    return [
        make_vote(article, f"v{n}", chance.random() < 0.7, at=_at(chance))
        for article in articles
        for n in range(chance.randrange(12))
    ]


def _forms(chance: random.Random, tickets: list[Ticket]) -> list[FormVisit]:
    return FormVisit.objects.bulk_create(
        FormVisit(
            visitor=f"v{chance.randrange(60)}",
            arm=chance.choice(["SHOWN", "SHOWN", "HELD_OUT"]),
            was_sent=chance.random() < 0.5,
            at=_at(chance),
        )
        for _ in range(120)
    )
