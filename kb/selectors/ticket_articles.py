"""Articles for a ticket: what is on it, what may answer it, what its customer may read."""

from dataclasses import dataclass

from kb.models import Article, TicketArticle
from kb.search import Hit, answer
from kb.selectors.readers import STAFF, Audience, articles_readable_by
from tickets.models import Message, Ticket

SHOWN = 5
NEAREST = 3
FIRST_WORDS = 600
"""Of the first message: what is wrong is mostly said at its beginning."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article for a ticket.

    ``is_readable``: its customer may read it. ``has_address``: anybody may, so that a
    link to it opens; an article for a tier has no page that a customer can sign in to.
    """

    article: Article
    hit: Hit
    is_readable: bool
    uses: frozenset[str]

    @property
    def has_address(self) -> bool:
        return self.is_readable and self.article.audience == Article.Audience.PUBLIC

    @property
    def is_linked(self) -> bool:
        return TicketArticle.Use.LINKED in self.uses


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What was found; ``is_good`` says whether any of it is likely to be right."""

    found: list[Suggestion]
    is_good: bool
    corrected: str


def audience_of_ticket(ticket: Ticket) -> Audience:
    """Return what the customer of a ticket may read."""
    organisation = ticket.organisation
    tier = organisation.tier_id if organisation else None
    return Audience(tier_ids=frozenset({tier} if tier else ()))


def question_of(ticket: Ticket) -> str:
    """Return the subject and how the customer's first message begins."""
    first = (
        ticket.messages.filter(direction=Message.Direction.IN)
        .order_by("at", "pk")
        .values_list("body", flat=True)
        .first()
    )
    return f"{ticket.subject} {(first or '')[:FIRST_WORDS]}".strip()


def suggestions_for(ticket: Ticket, *, words: str = "") -> Suggestions:
    """Return articles for what was typed, or else for what the ticket asks.

    Where none is likely to be right the nearest three come: who reads both can tell.
    """
    text = words or question_of(ticket)
    results = answer(
        text, audience=STAFF, limit=SHOWN, language=ticket.language or None
    )
    hits = results.hits if results.is_good or words else results.hits[:NEAREST]
    articles = Article.objects.in_bulk([hit.article_id for hit in hits])
    readable = set(
        articles_readable_by(audience_of_ticket(ticket))
        .filter(pk__in=articles)
        .values_list("pk", flat=True)
    )
    uses: dict[int, set[str]] = {}
    for article, use in ticket.articles.values_list("article_id", "use"):
        uses.setdefault(article, set()).add(use)
    found = [
        Suggestion(
            article=articles[hit.article_id],
            hit=hit,
            is_readable=hit.article_id in readable,
            uses=frozenset(uses.get(hit.article_id, ())),
        )
        for hit in hits
        if hit.article_id in articles
    ]
    return Suggestions(found, results.is_good, results.corrected)


def articles_of(ticket: Ticket) -> list[TicketArticle]:
    """Return the uses of articles on a ticket, the newest first."""
    uses = ticket.articles.select_related("article", "used_by")
    return list(uses.order_by("-used_at", "-pk"))


def readable_by_customer(ticket: Ticket, article_id: int) -> Article | None:
    """Return an article if it may be sent to the ticket's customer."""
    readable = articles_readable_by(audience_of_ticket(ticket))
    return readable.select_related("published").filter(pk=article_id).first()
