"""Articles for a ticket: what is on it, what may answer it, what its customer may read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.core.quoting import Span, excerpt, readable
from kb.core.search import Document, Piece
from kb.models import Article, Flag, TicketArticle
from kb.search import Hit, answer
from kb.selectors.readers import STAFF, Audience, articles_readable_by
from kb.selectors.searching import current
from tickets.models import Message, Ticket

SHOWN = 5
NEAREST = 3
CUTS = ("… ", " …")
"""What the search puts where a passage was cut."""
FIRST_WORDS = 600
"""Of the first message: what is wrong is mostly said at its beginning."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article for a ticket.

    ``is_readable``: its customer may read it. ``has_address``: anybody may, so that a
    link to it opens; an article for a tier has no page that a customer can sign in to.
    ``lines`` are the passage that answers, in whole sentences and steps.
    """

    article: Article
    hit: Hit
    lines: tuple[str, ...]
    is_readable: bool
    uses: frozenset[str]

    @property
    def preview(self) -> str:
        return readable(self.lines)

    @property
    def has_address(self) -> bool:
        return self.is_readable and self.article.audience == Article.Audience.PUBLIC

    @property
    def is_linked(self) -> bool:
        return TicketArticle.Use.LINKED in self.uses


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What was found; ``is_good`` says whether any of it is likely to be right.

    For typed words that none of it is likely to answer, ``found`` is empty and
    ``nearest`` has what shares a word with them.
    """

    found: list[Suggestion]
    is_good: bool
    corrected: str
    nearest: list[Suggestion] = field(default_factory=list)


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

    Where none is likely to be right the nearest three come: who reads both can tell. For
    typed words these are kept apart, since nothing was found for them.
    """
    text = words or question_of(ticket)
    results = answer(
        text, audience=STAFF, limit=SHOWN, language=ticket.language or None
    )
    hits = results.hits if results.is_good else results.hits[:NEAREST]
    lines = _passages(hits)
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
            lines=lines[hit.article_id],
            is_readable=hit.article_id in readable,
            uses=frozenset(uses.get(hit.article_id, ())),
        )
        for hit in hits
        if hit.article_id in articles
    ]
    if words and not results.is_good:
        return Suggestions([], is_good=False, corrected="", nearest=found)
    return Suggestions(found, results.is_good, results.corrected)


def passage_for(ticket: Ticket, article: Article) -> tuple[str, ...]:
    """Return the lines of an article that answer a ticket.

    Its summary where nothing stands out.
    """
    hits = answer(question_of(ticket), audience=STAFF).hits
    lines = _passages([hit for hit in hits if hit.article_id == article.pk])
    summary = article.published.summary if article.published else ""
    return lines.get(article.pk) or tuple(filter(None, [summary]))


def _passages(hits: Sequence[Hit]) -> dict[int, tuple[str, ...]]:
    collection = current().index.collection
    return {
        hit.article_id: _whole(
            collection.documents[collection.places[hit.article_id]], hit
        )
        for hit in hits
    }


def _whole(document: Document, hit: Hit) -> tuple[str, ...]:
    """The passage of a hit, widened to whole sentences and steps."""
    pieces = [piece for piece in hit.highlights.passage if piece.text not in CUTS]
    start = document.body.find("".join(piece.text for piece in pieces))
    if start < 0:
        # The article was published anew between the search and now.
        return ()
    matches, end = _places_of(pieces, start)
    return excerpt(document.body, Span(start, end), matches, document.starts)


def _places_of(pieces: list[Piece], start: int) -> tuple[list[Span], int]:
    matches, place = [], start
    for piece in pieces:
        after = place + len(piece.text)
        if piece.is_match:
            matches.append(Span(place, after))
        place = after
    return matches, place


def articles_of(ticket: Ticket) -> list[TicketArticle]:
    """Return the uses of articles on a ticket, the newest first."""
    uses = ticket.articles.select_related("article", "used_by")
    return list(uses.order_by("-used_at", "-pk"))


def flags_of(ticket: Ticket) -> list[Flag]:
    """Return the flags that were raised on a ticket, the newest first."""
    rows = Flag.objects.filter(ticket=ticket)
    return list(
        rows.select_related("article", "flagged_by", "closed_by").order_by(
            "-flagged_at", "-pk"
        )
    )


def readable_by_customer(ticket: Ticket, article_id: int) -> Article | None:
    """Return an article if it may be sent to the ticket's customer."""
    readable = articles_readable_by(audience_of_ticket(ticket))
    return readable.select_related("published").filter(pk=article_id).first()
