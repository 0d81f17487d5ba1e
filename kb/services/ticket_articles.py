"""Every write to the articles of a ticket: linked, put into the box, sent, taken off."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kb.core.markdown import TextTooLong, render
from kb.core.quoting import addresses_in, names, repeats
from kb.models import Article, TicketArticle
from kb.selectors.articles.moved import article_formerly_at
from kb.selectors.help.hosts import is_own
from supportops.common.errors import OperationRefused
from tickets.models import Message, Ticket
from workforce.people.models import User

Use = TicketArticle.Use
MOST_ADDRESSES = 20
"""Of one reply; nobody reads more, and each may cost a question to the database."""


class ArticleNotUsable(OperationRefused):
    """It is not published, so nobody is to be sent to it."""

    code = "article_not_usable"


@transaction.atomic
def use_article(
    *, ticket_id: int, article_id: int, use: str, actor: User, at: datetime
) -> TicketArticle:
    """Write down that an article was linked to a ticket, or put into the reply box.

    Twice is once: the first use of a kind stays. Raises ``ArticleNotUsable``; also for
    ``SENT``, which only a reply that went out makes true.
    """
    if use not in {Use.LINKED, Use.INSERTED}:
        raise ArticleNotUsable(_("An article is linked or put into a reply."))
    Ticket.objects.select_for_update().only("pk").get(pk=ticket_id)
    published = Article.objects.filter(state=Article.State.PUBLISHED, pk=article_id)
    if not published.exists():
        raise ArticleNotUsable(_("This article is not published."))
    used, _made = TicketArticle.objects.get_or_create(
        ticket_id=ticket_id,
        article_id=article_id,
        use=use,
        defaults={"used_by": actor, "used_at": at},
    )
    return used


@transaction.atomic
def unlink_article(*, ticket_id: int, article_id: int) -> int:
    """Take the link of an article off a ticket; what was sent stays on record."""
    removed, _by_model = TicketArticle.objects.filter(
        ticket=ticket_id, article=article_id, use=Use.LINKED
    ).delete()
    return removed


def note_sent(*, message: Message) -> set[int]:
    """Write down which published articles a reply took to the customer.

    Its own address in the text is enough. An article that somebody had put into the box
    or linked on this ticket also counts by a line of its text, and by its title where
    it has no address. The first reply with it stays on record; a note or an
    automation's message is none. Returns the articles' numbers.
    """
    author = message.author
    is_reply = message.direction == Message.Direction.OUT
    if not is_reply or author is None or author.is_automation:
        return set()
    found = _addressed(message.body) | _worded(message)
    TicketArticle.objects.bulk_create(
        [
            TicketArticle(
                ticket_id=message.ticket_id,
                article_id=article_id,
                use=Use.SENT,
                used_by=author,
                used_at=message.at,
                message=message,
            )
            for article_id in sorted(found)
        ],
        ignore_conflicts=True,
    )
    return found


def _addressed(text: str) -> set[int]:
    """Public articles whose address, present or former, stands in a text."""
    places = list(filter(None, map(_place_of, addresses_in(text)[:MOST_ADDRESSES])))
    if not places:
        return set()
    rows = Article.objects.filter(
        state=Article.State.PUBLISHED,
        audience=Article.Audience.PUBLIC,
        slug__in={slug for _language, slug in places},
    )
    now_at = {(each.language, each.slug): each for each in rows}
    found = (now_at.get(place) or article_formerly_at(*place) for place in places)
    return _sendable(found)


def _sendable(articles: Iterable[Article | None]) -> set[int]:
    return {
        article.pk
        for article in articles
        if article is not None
        and article.state == Article.State.PUBLISHED
        and article.audience == Article.Audience.PUBLIC
    }


def _place_of(address: str) -> tuple[str, str] | None:
    """Language and address of an article of this help centre."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if not is_own(parts.netloc):
        return None
    try:
        match = resolve(parts.path if parts.path.endswith("/") else f"{parts.path}/")
    except Resolver404:
        return None
    if match.view_name != "help:article":
        return None
    return match.kwargs["language"], match.kwargs["slug"]


def _worded(message: Message) -> set[int]:
    """Articles used on the ticket before, whose words this reply repeats."""
    uses = TicketArticle.objects.filter(
        ticket=message.ticket_id,
        use__in=[Use.LINKED, Use.INSERTED],
        article__state=Article.State.PUBLISHED,
    ).exclude(article__audience=Article.Audience.INTERNAL)
    found = set()
    for use in uses.select_related("article__published"):
        article, shown = use.article, use.article.published
        has_address = article.audience == Article.Audience.PUBLIC
        is_named = not has_address and names(message.body, article.title)
        if is_named or (shown and _repeats(message.body, shown.summary, shown.body)):
            found.add(article.pk)
    return found


def _repeats(reply: str, summary: str, body: str) -> bool:
    try:
        plain = [part.plain for part in render(body).sections]
    except TextTooLong:
        plain = []
    return repeats(reply, "\n".join([summary, *plain]))
