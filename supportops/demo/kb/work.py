"""Writes the work on content: flags, duties, gaps, and articles used on tickets."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import numpy as np
from django.db import transaction

from kb.models import (
    Article,
    ContentDuty,
    ContentTask,
    GapTask,
    TicketArticle,
    WorklistRow,
)
from kb.services import duties, flags, gaps, known_questions, synonyms
from supportops.demo.core import content as story
from supportops.demo.core import visits as core
from supportops.demo.core.questions import SYNONYMS
from supportops.demo.kb.articles import EDITOR, Shelf
from supportops.demo.kb.traffic import BATCH
from supportops.demo.people import Cast
from supportops.duties.periods import ONGOING, due_on, next_period, period_start
from tickets.models import Ticket

DRAFT = "export-stops-at-10000-rows"
TAKEN_DAYS_AGO, DUE_IN_DAYS = 9, 5
DISMISSED_DAYS_AGO = 33
GROWN_DAYS_AGO = 1


@transaction.atomic
def write_synonyms(*, at: datetime) -> None:
    """Enter what customers call things."""
    for term, same_as in SYNONYMS:
        draft = synonyms.Draft("en", term, same_as)
        synonyms.save_synonym(synonym_id=None, draft=draft, at=at)


def write_work(cast: Cast, shelf: Shelf, *, start: datetime, seed: int) -> None:
    """Write what people did about content, from what visitors and tickets say."""
    random = np.random.default_rng(seed)
    use_on_tickets(shelf, start=start, random=random)
    raise_flags(cast, shelf)
    do_duties(cast, shelf, start=start)
    known_questions.grow_from_clicks(at=shelf.ago(GROWN_DAYS_AGO))
    work_on_gaps(cast, shelf)


# On tickets -------------------------------------------------------------------------------


def use_on_tickets(
    shelf: Shelf, *, start: datetime, random: np.random.Generator
) -> None:
    """Put articles into replies to tickets that ask what they answer."""
    answers = {
        subject: question.target
        for subject, question in core.by_subject().items()
        if question.target
    }
    rows = Ticket.objects.filter(
        subject__in=list(answers),
        assignee__isnull=False,
        resolved_at__gte=start,
    ).order_by("pk")
    made = []
    for pk, subject, assignee, resolved in rows.values_list(
        "pk", "subject", "assignee", "resolved_at"
    ):
        if resolved is None or random.random() >= story.USED_SHARE:
            continue
        slug, at = answers[subject], resolved - timedelta(minutes=2)
        if shelf.version_at(slug, at) is None:
            continue
        is_sent = random.random() < story.INSERTED
        use = TicketArticle.Use.SENT if is_sent else TicketArticle.Use.LINKED
        made.append(
            TicketArticle(
                ticket_id=pk,
                article_id=shelf.articles[slug].pk,
                use=use,
                used_by_id=assignee,
                used_at=at,
            )
        )
    TicketArticle.objects.bulk_create(made, batch_size=BATCH)


# Flags ------------------------------------------------------------------------------------


def raise_flags(cast: Cast, shelf: Shelf) -> None:
    """Raise the story's flags on the newest tickets of their kind, and close some."""
    editor = cast.users[EDITOR]
    for flagged in story.FLAGS:
        at = shelf.ago(flagged.days_ago)
        ticket = (
            Ticket.objects.filter(subject=flagged.subject, created_at__lt=at)
            .order_by("-created_at")
            .first()
        )
        article = shelf.articles.get(flagged.article)
        flag = flags.raise_flag(
            kind=flagged.kind,
            text=flagged.text,
            actor=cast.users[flagged.who],
            at=at,
            article_id=article.pk if article else None,
            ticket_id=ticket.pk if ticket and flagged.subject else None,
        )
        if flagged.state != "OPEN":
            flags.decide_flag(
                flag_id=flag.pk,
                state=flagged.state,
                answer=flagged.answer,
                actor=editor,
                at=at + timedelta(days=2),
            )


# Duties -----------------------------------------------------------------------------------


def do_duties(cast: Cast, shelf: Shelf, *, start: datetime) -> None:
    """Give the duties to people, and tick off all but the latest periods."""
    tasks = ContentTask.objects.filter(is_active=True).exclude(cadence=ONGOING)
    until, rows = shelf.until, []
    for place, task in enumerate(tasks.order_by("position", "pk")):
        owner = cast.users[story.DUTY_OWNERS[place % len(story.DUTY_OWNERS)]]
        duties.give_task(
            task_id=task.pk, owner=owner, actor=cast.users[EDITOR], at=start
        )
        for number, period in zip(
            count(), _periods(task.cadence, start, until), strict=False
        ):
            due = due_on(period, task.cadence)
            is_done = due < until.astimezone(UTC).date()
            note = story.DUTY_NOTES[(number + place) % len(story.DUTY_NOTES)]
            rows.append(
                ContentDuty(
                    task=task,
                    period_start=period,
                    due_on=due,
                    done_at=_morning(due) if is_done else None,
                    done_by=owner if is_done else None,
                    note=note if is_done else "",
                )
            )
    if rows:
        # Somebody was ill last week: one duty is late.
        late = max(
            (row for row in rows if row.done_at),
            key=lambda row: row.due_on,
            default=None,
        )
        if late is not None:
            late.done_at, late.done_by, late.note = None, None, ""
    ContentDuty.objects.bulk_create(rows)


def _periods(cadence: str, start: datetime, until: datetime) -> list[date]:
    last = until.astimezone(UTC).date()
    period, found = period_start(start.astimezone(UTC).date(), cadence), []
    while period <= last:
        found.append(period)
        period = next_period(period, cadence)
    return found


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 20, tzinfo=UTC)


# Gaps -------------------------------------------------------------------------------------


def work_on_gaps(cast: Cast, shelf: Shelf) -> None:
    """Compute the worklist; one gap is taken on with a draft, one is dismissed."""
    gaps.compute_worklist(at=shelf.until)
    editor = cast.users[EDITOR]
    taken = _gap(story.TAKEN)
    if taken is not None:
        task = gaps.take_on(
            key=taken.key,
            owner=cast.users["mei.tanaka"],
            due_on=(shelf.until + timedelta(days=DUE_IN_DAYS)).date(),
            actor=editor,
            at=shelf.ago(TAKEN_DAYS_AGO),
        )
        draft = Article.objects.get(pk=shelf.articles[DRAFT].pk)
        GapTask.objects.filter(pk=task.pk).update(article=draft)
    dismissed = _gap(story.DISMISSED)
    if dismissed is not None:
        gaps.dismiss(
            key=dismissed.key,
            reason=story.DISMISSED_WHY,
            actor=editor,
            at=shelf.ago(DISMISSED_DAYS_AGO),
        )


def _gap(word: str) -> WorklistRow | None:
    """Return the largest gap whose title has a word."""
    rows = WorklistRow.objects.filter(title__icontains=word)
    return rows.order_by("-hours", "key").first()
