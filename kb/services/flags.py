"""Every write to agents' flags: raise one, decide it."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.models import Article, Flag
from supportops.common.errors import OperationRefused
from supportops.notifications.models import Kind
from supportops.notifications.services import notify
from tickets.models import Ticket
from workforce.people.models import User

TEXT_LENGTH = 500
ANSWER_LENGTH = 300
CLOSED = (Flag.State.DONE, Flag.State.DECLINED)


class FlagRefused(OperationRefused):
    """It says nothing, names no article, or was raised already."""

    code = "flag_refused"


class FlagStateRefused(OperationRefused):
    """It is closed already, or the answer is missing."""

    code = "flag_state_refused"


@transaction.atomic
def raise_flag(
    *,
    kind: str,
    text: str,
    actor: User,
    at: datetime,
    article_id: int | None = None,
    ticket_id: int | None = None,
) -> Flag:
    """Write down that something is missing or wrong.

    Raises ``FlagRefused``; also where the same person has the same flag open already, on
    the same ticket and article.
    """
    text = " ".join(text.split())[:TEXT_LENGTH]
    if not text:
        raise FlagRefused(_("Say in a few words what is missing or wrong."))
    if kind not in Flag.Kind.values:
        raise FlagRefused(_("There is no such flag: %(kind)s.") % {"kind": kind})
    if kind == Flag.Kind.WRONG and article_id is None:
        raise FlagRefused(_("Say which article is wrong."))
    # The ticket's or article's row orders two clicks of one person.
    _lock(article_id, ticket_id)
    same = Flag.objects.filter(
        kind=kind,
        article=article_id,
        ticket=ticket_id,
        flagged_by=actor,
        state=Flag.State.OPEN,
    )
    if (ticket_id or article_id) and same.exists():
        raise FlagRefused(_("You have flagged this already; it is still open."))
    return Flag.objects.create(
        kind=kind,
        text=text,
        article_id=article_id,
        ticket_id=ticket_id,
        flagged_by=actor,
        flagged_at=at,
    )


def _lock(article_id: int | None, ticket_id: int | None) -> None:
    if ticket_id is not None:
        Ticket.objects.select_for_update().only("pk").get(pk=ticket_id)
    if article_id is not None:
        Article.objects.select_for_update().only("pk").get(pk=article_id)


@transaction.atomic
def decide_flag(
    *, flag_id: int, state: str, answer: str, actor: User, at: datetime
) -> Flag:
    """Close a flag as done or declined; who raised it is told the answer.

    Raises ``FlagStateRefused``: it is closed, or declined without a reason.
    """
    flag = Flag.objects.select_for_update().get(pk=flag_id)
    answer = " ".join(answer.split())[:ANSWER_LENGTH]
    if state not in CLOSED:
        raise FlagStateRefused(_("A flag is closed as done or as declined."))
    if flag.state != Flag.State.OPEN:
        raise FlagStateRefused(_("This flag is closed already."))
    if state == Flag.State.DECLINED and not answer:
        raise FlagStateRefused(_("Say why it is declined: the answer is sent."))
    flag.state, flag.answer = state, answer
    flag.closed_by, flag.closed_at = actor, at
    flag.save(update_fields=["state", "answer", "closed_by", "closed_at"])
    _tell(flag, actor, at)
    return flag


def _tell(flag: Flag, actor: User, at: datetime) -> None:
    if flag.flagged_by is None or flag.flagged_by_id == actor.pk:
        return
    words = (
        _("Done: “%(flag)s”")
        if flag.state == Flag.State.DONE
        else _("Declined: “%(flag)s”")
    )
    notify(
        recipients=[flag.flagged_by],
        kind=Kind.KNOWLEDGE,
        dedup_key=f"kb-flag:{flag.pk}:{flag.state}",
        title=(words % {"flag": flag.text})[:200],
        body=flag.answer,
        url=reverse("kb:flags") + "?state=all&mine=1",
        at=at,
    )
