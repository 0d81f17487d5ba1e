"""Who is told of a review."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kb.models import Article
from supportops.notifications.models import Kind
from supportops.notifications.services import Message, notify_all
from workforce.people.models import User


def tell_reviewers(article: Article, *, at: datetime) -> None:
    asker = article.review_asked_by_id
    people = [person for person in article.reviewers.all() if person.pk != asker]
    if people:
        title = _("“%(title)s” is sent to you for review") % {"title": article.title}
        _tell(article, people, title, at=at)


def tell_reviewers_of_change(
    article: Article, *, actor: User | None, at: datetime
) -> None:
    writer = actor.pk if actor else None
    people = [person for person in article.reviewers.all() if person.pk != writer]
    if people:
        title = _("“%(title)s” changed while it is in review") % {
            "title": article.title
        }
        body = _("What you approve is the text as it is now; see what changed.")
        _tell(article, people, title, at=at, body=body)


def tell_author(article: Article, author: User, *, at: datetime) -> None:
    title = _("“%(title)s” was given back") % {"title": article.title}
    _tell(article, [author], title, at=at, body=article.review_note)


def _tell(
    article: Article,
    people: list[User],
    title: str,
    *,
    at: datetime,
    body: str = "",
) -> None:
    message = Message(
        recipients=people,
        kind=Kind.KNOWLEDGE,
        # Each time it is sent, changed or given back is an occasion of its own.
        dedup_key=f"kb-review:{article.pk}:{at.isoformat()}",
        title=title,
        body=body,
        url=reverse("kb:article", args=[article.pk]),
    )
    notify_all([message], at=at)
