"""What visitors do: search, open an article, say whether it helped."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article, ArticleVersion, Experiment, Place, Reading, Search, Vote
from supportops.common.errors import OperationRefused

# Somebody who looks for the same thing again does so at once; after a coffee it is a new
# question. Ten minutes are also the pause after which web statistics begin a new search.
REFINED_WITHIN = timedelta(minutes=10)
# Going back and forth between a list and its articles is one reading of each.
SAME_READING = timedelta(minutes=30)
# Experiments and deflection ask who needed help within a day of reading; whoever wants a
# shorter span compares the times of the rows.
FOLLOWED_WITHIN = timedelta(hours=24)

TEXT_LENGTH = 300
COMMENT_LENGTH = 1000


class VoteRefused(OperationRefused):
    """A vote says something that is not on the list."""

    code = "vote_refused"


class _Found(Protocol):
    @property
    def article_id(self) -> int: ...


class SearchAnswer(Protocol):
    """What is kept of a search: `kb.search.Results` has it."""

    @property
    def original(self) -> str: ...
    @property
    def corrected(self) -> str: ...
    @property
    def is_good(self) -> bool: ...
    @property
    def hits(self) -> Sequence[_Found]: ...


def folded(text: str) -> str:
    """Return a search in lower case with single spaces, as equal ones are counted."""
    return " ".join(text.casefold().split())[:TEXT_LENGTH]


@transaction.atomic
def record_search(
    *,
    visitor: str,
    place: Place | str,
    language: str,
    results: SearchAnswer,
    at: datetime,
) -> Search:
    """Keep a search with what it showed, once if it is asked twice in a row.

    A search that the same visitor made just before, without opening anything, counts as
    refined by this one. When there was no good match, nothing was shown, and nothing says
    that the corrected spelling was meant: what was typed is kept alone.
    """
    text = folded(results.original)
    former = _latest_search(visitor, place, at)
    if former and former.folded == text:
        return former
    shown = [hit.article_id for hit in results.hits] if results.is_good else []
    search = Search.objects.create(
        visitor=visitor,
        place=place,
        language=language,
        text=results.original[:TEXT_LENGTH],
        folded=text,
        corrected=results.corrected[:TEXT_LENGTH] if results.is_good else "",
        results=len(shown),
        shown=shown,
        at=at,
    )
    if former and former.clicked_id is None:
        Search.objects.filter(pk=former.pk).update(refined_by=search)
    return search


def _latest_search(visitor: str, place: Place | str, at: datetime) -> Search | None:
    recent = Search.objects.filter(
        visitor=visitor, place=place, at__gt=at - REFINED_WITHIN, at__lte=at
    )
    return recent.order_by("-at", "-pk").first()


def record_click(
    *, search_id: int, visitor: str, article: Article, rank: int
) -> Search | None:
    """Note the first article that a visitor opened from a search of his own.

    Returns the search, or ``None`` when it is not the visitor's or did not show the
    article: the number comes from an address that anybody can type.
    """
    search = Search.objects.filter(pk=search_id, visitor=visitor).first()
    if search is None or article.pk not in search.shown:
        return None
    Search.objects.filter(pk=search.pk, clicked__isnull=True).update(
        clicked=article, clicked_rank=rank
    )
    return search


def record_reading(
    *,
    visitor: str,
    version: ArticleVersion,
    place: Place | str,
    at: datetime,
    search: Search | None = None,
    experiment: Experiment | None = None,
) -> Reading:
    """Keep that a visitor opened an article, once for a while of going back and forth."""
    same = Reading.objects.filter(
        visitor=visitor, version=version, at__gt=at - SAME_READING, at__lte=at
    ).first()
    if same:
        return same
    return Reading.objects.create(
        visitor=visitor,
        article_id=version.article_id,
        version=version,
        search=search,
        place=place,
        experiment=experiment,
        at=at,
    )


def vote(
    *,
    visitor: str,
    version: ArticleVersion,
    is_helpful: bool,
    at: datetime,
    reason: str = "",
    comment: str = "",
) -> Vote:
    """Keep what a visitor says of a version; a later vote replaces it.

    A helpful article has no reason why it is not.

    Raises ``VoteRefused`` for an unknown reason or a comment that is too long.
    """
    if reason and reason not in Vote.Reason.values:
        raise VoteRefused(_("That is none of the reasons. Choose one of the list."))
    if len(comment) > COMMENT_LENGTH:
        raise VoteRefused(
            _("The comment has %(length)d characters; at most %(limit)d are kept.")
            % {"length": len(comment), "limit": COMMENT_LENGTH}
        )
    said, _created = Vote.objects.update_or_create(
        visitor=visitor,
        version=version,
        defaults={
            "article_id": version.article_id,
            "is_helpful": is_helpful,
            "reason": "" if is_helpful else reason,
            "comment": comment.strip(),
            "at": at,
        },
    )
    return said


def follow_with_ticket(*, visitor: str, ticket_id: int, at: datetime) -> None:
    """Note on what a visitor searched and read lately that a ticket came of it.

    The first ticket afterwards stays noted.
    """
    for rows in (Search.objects, Reading.objects):
        rows.filter(
            visitor=visitor,
            ticket__isnull=True,
            at__gt=at - FOLLOWED_WITHIN,
            at__lte=at,
        ).update(ticket_id=ticket_id)
