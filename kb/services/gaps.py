"""Every write to the worklist: computed anew, taken on, finished, dismissed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kb.core.gaps import telling_wordings
from kb.models import Article, GapTask, WorklistRow
from kb.selectors.gaps.building import build_gaps
from kb.selectors.gaps.existing import kind_for, look_up
from kb.services import articles
from kb.services.signing import sign
from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.registry import Progress
from supportops.jobs.services import enqueue_job
from workforce.people.models import User

WORK = "kb.worklist"
MOST_ROWS = 500
"""The gaps kept; those after them save next to nothing."""

REASON_LENGTH = 300
MOST_WORDS = 8
_FIELDS = [
    field.name
    for field in WorklistRow._meta.concrete_fields  # noqa: SLF001 -- Django's documented API
    if field.name not in {"id", "key"}
]


class GapRefused(OperationRefused):
    """The gap is gone, or is not in a state for this."""

    code = "gap_refused"


# Computing --------------------------------------------------------------------------------


def compute_worklist(
    *, at: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """Compute all gaps anew and store them; return how many.

    Safe to run twice and twice at once: a row is written over by its key, and rows that
    an earlier computation left are removed, but for gaps that somebody works on. Tasks
    whose article came out are finished.
    """
    finish_published(at=at)
    drafts = build_gaps(at=at)[:MOST_ROWS]
    advance: Callable[[], object] = lambda: None  # noqa: E731
    if progress is not None:
        progress.set_total(len(drafts))
        advance = progress.advance
    look_up(drafts, advance=advance)
    rows = [draft.row(computed_at=at) for draft in drafts]
    with transaction.atomic():
        WorklistRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=_FIELDS,
            batch_size=100,
        )
        taken = GapTask.objects.filter(state=GapTask.State.TAKEN).values("key")
        WorklistRow.objects.filter(computed_at__lt=at).exclude(key__in=taken).delete()
    return {"gaps": len(rows)}


def ask_for_worklist(*, actor: User | None, at: datetime) -> Job:
    """Have the worklist computed now, by a job; one that runs already is returned."""
    running = Job.objects.filter(
        kind=WORK, state__in=[Job.State.QUEUED, Job.State.RUNNING], created_by=actor
    ).first()
    return running or enqueue_job(
        kind=WORK, title=_("Content worklist"), params={}, actor=actor, at=at
    )


# Deciding ---------------------------------------------------------------------------------


@transaction.atomic
def take_on(
    *,
    key: str,
    owner: User | None,
    due_on: date | None,
    actor: User,
    at: datetime,
) -> GapTask:
    """Give a gap an owner and a day; one that was finished or dismissed is open again.

    Raises ``GapRefused`` for a gap that is neither on the worklist nor decided about.
    """
    task = _locked(key, at)
    task.state, task.reason = GapTask.State.TAKEN, ""
    task.owner, task.due_on = owner, due_on
    return _saved(task, actor, at)


@transaction.atomic
def finish(*, key: str, actor: User, at: datetime) -> GapTask:
    """Mark a gap as closed by hand. Raises ``GapRefused``."""
    task = _locked(key, at)
    if task.state == GapTask.State.DONE and task.pk:
        raise GapRefused(_("This gap is done already."))
    task.state, task.reason = GapTask.State.DONE, ""
    return _saved(task, actor, at)


@transaction.atomic
def dismiss(*, key: str, reason: str, actor: User, at: datetime) -> GapTask:
    """Say why nothing is to be written. Raises ``GapRefused`` without a reason."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise GapRefused(_("Say why nothing is to be done."))
    task = _locked(key, at)
    task.state, task.reason = GapTask.State.DISMISSED, reason
    return _saved(task, actor, at)


@transaction.atomic
def undo(*, key: str, actor: User, at: datetime) -> None:
    """Take every decision about a gap back: nobody has it.

    An article that was started from it stays. Raises ``GapRefused``.
    """
    task = GapTask.objects.select_for_update().filter(key=key).first()
    if task is None:
        raise GapRefused(_("Nothing was decided about this gap."))
    sign(task, actor=actor, at=at)
    task.delete()


@transaction.atomic
def start_article(
    *, key: str, topic_id: int, actor: User, at: datetime, kind: str = ""
) -> Article:
    """Create a draft for a gap, with what customers typed as its other words.

    The gap is taken on by who starts, unless somebody has it, and is done once the draft
    is published. Tickets' category becomes the article's.

    Raises ``GapRefused`` where a draft was started already, or a refusal of articles.
    """
    row = WorklistRow.objects.filter(key=key).first()
    task = _locked(key, at)
    if row is None:
        raise GapRefused(_("This gap is no longer on the worklist."))
    if task.state == GapTask.State.TAKEN and task.article_id not in {
        None,
        row.article_id,
    }:
        raise GapRefused(_("An article was started for this gap already."))
    article = articles.create_article(
        kind=kind or kind_for(row),
        topic_id=topic_id,
        language=row.language or "en",
        title=row.title[:160],
        keywords=_words(row),
        actor=actor,
        at=at,
    )
    if row.category_id:
        article.categories.add(row.category_id)
    task.state, task.reason, task.article = GapTask.State.TAKEN, "", article
    task.owner = task.owner or actor
    _saved(task, actor, at)
    return article


def _words(row: WorklistRow) -> list[str]:
    queries = [str(query[0]) for query in row.evidence.get("queries", [])]
    return telling_wordings(
        queries, title=row.title, language=row.language or "en", most=MOST_WORDS
    )


def finish_published(*, at: datetime) -> int:
    """Finish the tasks whose article was published since they were taken on."""
    tasks = GapTask.objects.filter(
        state=GapTask.State.TAKEN,
        article__state=Article.State.PUBLISHED,
        article__published_at__gte=F("changed_at"),
    )
    return sum(_finish_one(pk, at) for pk in tasks.values_list("pk", flat=True))


@transaction.atomic
def _finish_one(pk: int, at: datetime) -> int:
    task = GapTask.objects.select_for_update().filter(pk=pk).first()
    if task is None or task.state != GapTask.State.TAKEN:
        return 0
    task.state = GapTask.State.DONE
    _saved(task, None, at)
    return 1


def finish_of_article(*, article_id: int, at: datetime) -> int:
    """Finish the tasks that wait for an article that has just come out."""
    tasks = GapTask.objects.filter(state=GapTask.State.TAKEN, article=article_id)
    return sum(_finish_one(pk, at) for pk in tasks.values_list("pk", flat=True))


def _locked(key: str, at: datetime) -> GapTask:
    """Return the task of a gap under its lock; a new one, not stored, for a new gap."""
    # The row of the worklist orders two who take on the same gap at once.
    row = WorklistRow.objects.select_for_update().filter(key=key).first()
    task = GapTask.objects.select_for_update().filter(key=key).first()
    if task is not None:
        return task
    if row is None:
        raise GapRefused(_("This gap is no longer on the worklist."))
    return GapTask(
        key=key,
        title=row.title,
        state=GapTask.State.TAKEN,
        article_id=row.article_id,
        changed_at=at,
    )


def _saved(task: GapTask, actor: User | None, at: datetime) -> GapTask:
    task.changed_at = at
    sign(task, actor=actor, at=at)
    task.save()
    return task
