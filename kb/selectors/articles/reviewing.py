"""What became of a text since it was sent for review."""

from dataclasses import dataclass
from datetime import datetime

from kb.models import Article, SentText
from kb.selectors.articles.versions import Comparison, Text, comparison, text_of
from workforce.people.models import User


@dataclass(frozen=True)
class SinceSent:
    """A text in review that is no longer what was sent; ``by`` saved it last."""

    revision: int
    at: datetime | None
    by: User | None
    difference: Comparison


def since_sent(article: Article) -> SinceSent | None:
    """Return what changed; ``None`` outside a review and where nothing changed."""
    if article.review_asked_at is None:
        return None
    rows = SentText.objects.select_related("changed_by")
    sent = rows.filter(article=article).first()
    if sent is None:
        return None
    found = comparison(text_of(sent), text_of(article))
    if found.is_empty:
        return None
    return SinceSent(sent.revision, sent.changed_at, sent.changed_by, found)


def since_read(article: Article, read: Text) -> Comparison | None:
    """Return what changed since somebody read a text; ``None`` for nothing."""
    found = comparison(read, text_of(article))
    return None if found.is_empty else found
