"""What a reviewer has to do, what waits for release, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from qa.models import (
    CalibrationItem,
    CalibrationSession,
    Review,
    SampleItem,
    SamplingDraw,
)
from qa.models.reviews import COUNTED_KINDS
from qa.selectors.sampling import open_items_of
from workforce.people.models import User

DRAWN, CHOSEN, CALIBRATED = "drawn", "chosen", "calibrated"


@dataclass(frozen=True, slots=True)
class Work:
    """One ticket to score.

    ``origin`` is "drawn", "chosen" or "calibrated"; ``pk`` is of the drawn item, of the
    draft, or of the calibrated ticket. A drawn ticket says why only where a rule flagged
    it: that it is a second or a known one must not be told. ``agent_name`` is empty
    where a calibration hides it.
    """

    origin: str
    pk: int
    ticket_id: int
    subject: str
    agent_name: str
    due_at: datetime | None
    draft_id: int | None = None
    is_begun: bool = False
    rule: str = ""
    session: str = ""
    session_id: int | None = None


def work_of(reviewer: User) -> list[Work]:
    """Return everything a reviewer has to score, the earliest due first. Four queries."""
    work = [*_drawn(reviewer), *_chosen(reviewer), *_calibrated(reviewer)]
    return sorted(work, key=lambda each: (each.due_at is None, each.due_at, each.pk))


def waiting_for_release(reviewer: User) -> QuerySet[Review]:
    """Return the reviewer's own submitted reviews that their agents cannot read yet."""
    return (
        Review.objects.filter(
            reviewer=reviewer, state=Review.State.SUBMITTED, kind__in=COUNTED_KINDS
        )
        .select_related("ticket", "agent")
        .order_by("submitted_at", "pk")
    )


def latest_period(today: date) -> tuple[date, date]:
    """Return the period of the newest draw, else the week of ``today``. One query."""
    newest = (
        SamplingDraw.objects.filter(starts_on__lte=today)
        .order_by("-starts_on", "-pk")
        .values_list("starts_on", "ends_on")
        .first()
    )
    monday = today - timedelta(days=today.weekday())
    return newest or (monday, monday + timedelta(days=7))


def _drawn(reviewer: User) -> Iterator[Work]:
    items = open_items_of(reviewer).select_related("ticket", "agent", "review")
    for item in items:
        draft = getattr(item, "review", None)
        is_flagged = item.why == SampleItem.Why.RULE
        yield Work(
            origin=DRAWN,
            pk=item.pk,
            ticket_id=item.ticket_id,
            subject=item.ticket.subject,
            agent_name=str(item.agent),
            due_at=item.due_at,
            draft_id=draft.pk if draft else None,
            is_begun=draft is not None,
            rule=item.rule if is_flagged else "",
        )


def _chosen(reviewer: User) -> Iterator[Work]:
    drafts = Review.objects.filter(
        reviewer=reviewer,
        state=Review.State.DRAFT,
        sample_item__isnull=True,
        calibration_item__isnull=True,
    ).select_related("ticket", "agent")
    for draft in drafts:
        yield Work(
            origin=CHOSEN,
            pk=draft.pk,
            ticket_id=draft.ticket_id,
            subject=draft.ticket.subject,
            agent_name=str(draft.agent),
            due_at=draft.due_at,
            draft_id=draft.pk,
            is_begun=True,
        )


def _calibrated(reviewer: User) -> Iterator[Work]:
    """Tickets of rounds in progress that this participant has not submitted."""
    own = Review.objects.filter(reviewer=reviewer)
    items = (
        CalibrationItem.objects.filter(
            session__state=CalibrationSession.State.SCORING,
            session__participants__user=reviewer,
        )
        .exclude(agent=reviewer)
        .select_related("session", "ticket", "agent")
        .prefetch_related(Prefetch("reviews", queryset=own, to_attr="own_reviews"))
        .order_by("session__due_at", "position")
    )
    for item in items:
        sheet = next(iter(item.own_reviews), None)  # type: ignore[attr-defined]
        if sheet and sheet.state != Review.State.DRAFT:
            continue
        yield Work(
            origin=CALIBRATED,
            pk=item.pk,
            ticket_id=item.ticket_id,
            subject=item.ticket.subject,
            agent_name="" if item.session.hide_agent else str(item.agent),
            due_at=item.session.due_at,
            draft_id=sheet.pk if sheet else None,
            is_begun=sheet is not None,
            session=item.session.title,
            session_id=item.session_id,
        )
