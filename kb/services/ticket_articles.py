"""Every write to the articles of a ticket: linked, put into a reply, taken off."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article, TicketArticle
from supportops.common.errors import OperationRefused
from tickets.models import Ticket
from workforce.people.models import User

Use = TicketArticle.Use


class ArticleNotUsable(OperationRefused):
    """It is not published, so nobody is to be sent to it."""

    code = "article_not_usable"


@transaction.atomic
def use_article(
    *, ticket_id: int, article_id: int, use: str, actor: User, at: datetime
) -> TicketArticle:
    """Write down that an article was linked to a ticket, or put into a reply.

    Twice is once: the first use of a kind stays. Raises ``ArticleNotUsable``.
    """
    if use not in Use.values:
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
