"""Tickets of a window as facts: what they are about, what they took, how they went."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Length

from kb.core.patterns import LONG_REPLY
from kb.core.search.languages import base_of
from kb.models import Article, FormVisit, Reading, Search, TicketArticle
from tickets.core.touches import ESCALATED_STATUSES
from tickets.custom_fields import handle_seconds
from tickets.models import Category, Message, Outcome, Ticket, TicketEvent

NOT_ASKED = (Outcome.DUPLICATE, Outcome.OUT_OF_SCOPE)
KINDS = TicketEvent.Kind


@dataclass(slots=True)
class TicketRow:
    """One ticket of the window. ``minutes`` is 0 where its handling was not timed."""

    pk: int
    subject: str
    language: str
    category: int | None
    day: date
    minutes: float
    is_workaround: bool
    escalations: int = 0
    longest_reply: int = 0


def tickets_of(since: datetime, until: datetime) -> dict[int, TicketRow]:
    """Return the tickets created in a window by number, but duplicates and merged ones."""
    rows = (
        Ticket.objects.filter(
            created_at__gte=since, created_at__lt=until, merged_into__isnull=True
        )
        .exclude(outcome__in=NOT_ASKED)
        .order_by("pk")
        .values_list(
            "pk",
            "subject",
            "language",
            "category_id",
            "created_at",
            "outcome",
            "custom",
        )
    )
    found = {
        pk: TicketRow(
            pk=pk,
            subject=subject,
            language=base_of(language or "en"),
            category=category,
            day=created.astimezone(UTC).date(),
            minutes=handle_seconds(custom) / 60,
            is_workaround=outcome == Outcome.WORKAROUND,
        )
        for pk, subject, language, category, created, outcome, custom in rows
    }
    _add_escalations(found, since, until)
    _add_replies(found, since, until)
    return found


def _add_escalations(
    rows: dict[int, TicketRow], since: datetime, until: datetime
) -> None:
    """A rise of the level mostly comes with a status: the greatest of the counts holds."""
    raised = Q(kind=KINDS.LEVEL, from_value__gt="", to_value__gt=F("from_value"))
    moved = Q(kind=KINDS.STATUS, to_value__in=sorted(ESCALATED_STATUSES))
    called = Q(kind=KINDS.ESCALATION)
    counted = (
        TicketEvent.objects.filter(
            raised | moved | called,
            ticket__created_at__gte=since,
            ticket__created_at__lt=until,
        )
        .order_by()
        .values_list("ticket_id")
        .annotate(
            raised=Count("pk", filter=raised),
            moved=Count("pk", filter=moved),
            called=Count("pk", filter=called),
        )
    )
    for ticket, *counts in counted:
        if ticket in rows:
            rows[ticket].escalations = max(counts)


def _add_replies(rows: dict[int, TicketRow], since: datetime, until: datetime) -> None:
    long = (
        Message.objects.filter(
            ticket__created_at__gte=since,
            ticket__created_at__lt=until,
            direction=Message.Direction.OUT,
            author__is_automation=False,
        )
        .annotate(length=Length("body"))
        .filter(length__gte=LONG_REPLY)
        .order_by()
        .values_list("ticket_id")
        .annotate(longest=Max("length"))
    )
    for ticket, longest in long:
        if ticket in rows:
            rows[ticket].longest_reply = longest


def answered_by_article(since: datetime) -> set[int]:
    """Return the tickets since then whose reply took an article, or that carry its link.

    One that was only put into the reply box may never have been sent.
    """
    uses = TicketArticle.objects.filter(ticket__created_at__gte=since).exclude(
        use=TicketArticle.Use.INSERTED
    )
    return set(uses.values_list("ticket_id", flat=True))


def came_by_help(since: datetime) -> set[int]:
    """Return tickets that followed a search, a reading or a visit of the form."""
    found: set[int] = set()
    for model in (Search, Reading, FormVisit):
        rows = model._default_manager.filter(ticket__created_at__gte=since)  # noqa: SLF001 -- Django's documented API
        found.update(rows.values_list("ticket_id", flat=True))
    return found


def articles_by_category(language: str = "") -> Counter[int]:
    """Count the articles that customers may read of each ticket category, by its number.

    One for staff only answers no customer. ``language`` is empty for all.
    """
    through = Article.categories.through.objects.filter(
        article__state=Article.State.PUBLISHED
    ).exclude(article__audience=Article.Audience.INTERNAL)
    if language:
        through = through.filter(article__language=language)
    rows = through.order_by().values_list("category_id").annotate(n=Count("pk"))
    return Counter(dict(rows))


def covered_by(own: Collection[int]) -> dict[int, int | None]:
    """Tell for each category which one's articles cover it: its own, or those above it.

    ``None`` where nothing does.
    """
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    found: dict[int, int | None] = {}
    for category in parents:
        above: int | None = category
        while above is not None and above not in own:
            above = parents[above]
        found[category] = above
    return found
