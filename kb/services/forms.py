"""The ticket form: who sees suggestions, what came of them, and the ticket itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from kb.core import arms
from kb.models import Article, AssistantRules, FormVisit
from kb.selectors.help.promises import first_priority
from kb.services.reading import TEXT_LENGTH, follow_with_ticket
from tickets import services as tickets
from tickets.models import Category, Channel, ProductArea, Ticket

SALT = "ticket-form"
# Whoever leaves the form to read what it suggested and comes back is on the same visit.
SAME_VISIT = timedelta(hours=1)
CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class Request:
    """What a visitor asks for, checked by the form."""

    subject: str
    body: str
    name: str
    email: str
    category: Category | None = None
    product_area: ProductArea | None = None
    language: str = ""


def arm_of(visitor: str) -> str:
    """Return the group a visitor belongs to, the same on every visit."""
    rules = AssistantRules.objects.order_by("pk").first() or AssistantRules()
    share = Decimal(str(rules.holdout))
    is_held_out = arms.is_drawn(visitor, salt=SALT, share=share)
    return FormVisit.Arm.HELD_OUT if is_held_out else FormVisit.Arm.SHOWN


@transaction.atomic
def open_form(*, visitor: str, at: datetime) -> FormVisit:
    """Return the visit of somebody who opens the form; coming back continues it."""
    return _open_visit(visitor, at) or FormVisit.objects.create(
        visitor=visitor, arm=arm_of(visitor), at=at
    )


def note_suggestions(
    *, visit_id: int, visitor: str, subject: str, article_ids: Sequence[int]
) -> None:
    """Keep the subject as typed so far and every article that was suggested for it."""
    with transaction.atomic():
        visit = _locked(visit_id, visitor)
        if visit is None or visit.was_sent:
            return
        seen = dict.fromkeys([*visit.suggested, *article_ids])
        visit.subject = subject[:TEXT_LENGTH]
        visit.suggested = list(seen)
        visit.save(update_fields=["subject", "suggested"])


def note_opened(*, visitor: str, article: Article, at: datetime) -> None:
    """Keep the first suggested article that a visitor opened from the form."""
    visit = _open_visit(visitor, at)
    if visit and visit.opened_id is None and article.pk in visit.suggested:
        FormVisit.objects.filter(pk=visit.pk, opened__isnull=True).update(
            opened=article
        )


@transaction.atomic
def send_form(
    *,
    visitor: str,
    request: Request,
    at: datetime,
    visit_id: int | None = None,
) -> Ticket:
    """Open the ticket, and note on the visit, the searches and readings that it came.

    The same request of the same visit, sent twice, is one ticket. Nobody has proved to
    own the address: a contact that is known keeps the name it has.

    Raises what ``tickets.services.open_ticket`` raises.
    """
    visit = (visit_id and _locked(visit_id, visitor)) or open_form(
        visitor=visitor, at=at
    )
    if visit.ticket and visit.subject == request.subject[:TEXT_LENGTH]:
        return visit.ticket
    if visit.was_sent:
        visit = open_form(visitor=visitor, at=at)
    ticket = tickets.open_ticket(
        at=at,
        actor=None,
        subject=request.subject,
        body=request.body,
        requester=tickets.contact_for_address(email=request.email, name=request.name),
        channel=Channel.objects.filter(code=CHANNEL).first(),
        priority=first_priority(channel=CHANNEL, at=at),
        category=request.category,
        product_area=request.product_area,
        language=request.language,
    )
    visit.subject = request.subject[:TEXT_LENGTH]
    visit.ticket = ticket
    visit.was_sent = True
    visit.save(update_fields=["subject", "ticket", "was_sent"])
    follow_with_ticket(visitor=visitor, ticket_id=ticket.pk, at=at)
    return ticket


def _open_visit(visitor: str, at: datetime) -> FormVisit | None:
    rows = FormVisit.objects.filter(
        visitor=visitor, was_sent=False, at__gt=at - SAME_VISIT, at__lte=at
    )
    return rows.order_by("-at", "-pk").first()


def _locked(visit_id: int, visitor: str) -> FormVisit | None:
    rows = FormVisit.objects.select_for_update().filter(pk=visit_id, visitor=visitor)
    return rows.first()
