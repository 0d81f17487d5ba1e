"""Nominating, voting, awarding, thanking."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.coaching.core.awards import week_start
from qa.coaching.models import Recognition, Vote
from qa.coaching.selectors.recognition import (
    MIN_N,
    colleagues_of,
    exemplary_reviews,
    last_complete,
    ranked,
    ticket_to_nominate,
)
from qa.coaching.services.refusals import AwardRefused, NotYours, ReasonMissing
from supportops.metrics.scopes import today
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from tickets.models import Ticket
from workforce.people.models import User

Kind, State = Recognition.Kind, Recognition.State
AWARD = "coaching.award_recognition"


# Ticket of the week -----------------------------------------------------------------------


def nominate_ticket(
    *, number: int, text: str, actor: User, at: datetime
) -> Recognition:
    """Nominate a ticket the actor can see, for the person who works it.

    Raises ``AwardRefused`` for an unknown ticket, one's own, or one nominated this week.
    """
    ticket = ticket_to_nominate(actor, number)
    if ticket is None or ticket.assignee is None:
        raise AwardRefused(
            _("Ticket #%(number)d is not there, or nobody works it.")
            % {"number": number}
        )
    return _nominate(ticket, ticket.assignee, text, actor, at)


def nominate_review(
    *, review_id: int, text: str, actor: User, at: datetime
) -> Recognition:
    """Nominate the ticket of a review that was marked as worth showing."""
    review = exemplary_reviews(actor, date.min).filter(pk=review_id).first()
    if review is None:
        raise AwardRefused(_("This review cannot be nominated any more."))
    words = text.strip() or review.strengths
    return _nominate(review.ticket, review.agent, words, actor, at)


def _nominate(
    ticket: Ticket, agent: User, text: str, actor: User, at: datetime
) -> Recognition:
    if agent.pk == actor.pk:
        raise AwardRefused(_("Nobody nominates their own ticket."))
    if not text.strip():
        raise ReasonMissing(_("Say in a sentence what was good about it."))
    try:
        with transaction.atomic():
            return Recognition.objects.create(
                kind=Kind.TICKET_OF_WEEK,
                agent=agent,
                ticket=ticket,
                period_start=week_start(today(at)),
                text=text.strip(),
                nominated_by=actor,
                created_at=at,
            )
    except IntegrityError as error:
        raise AwardRefused(
            _("Ticket #%(number)d was nominated this week already.")
            % {"number": ticket.pk}
        ) from error


@transaction.atomic
def vote(*, recognition_id: int, user: User, at: datetime) -> None:
    """Give one's voice of the week to a nomination; one given before moves.

    Raises ``AwardRefused`` for one's own ticket or a nomination that is decided.
    """
    # All nominations of the week, always in one order: two clicks at once leave one voice.
    target = Recognition.objects.get(pk=recognition_id, kind=Kind.TICKET_OF_WEEK)
    week = Recognition.objects.select_for_update().filter(
        kind=Kind.TICKET_OF_WEEK, period_start=target.period_start
    )
    rows = {row.pk: row for row in week.order_by("pk")}
    if any(row.state == State.AWARDED for row in rows.values()):
        raise AwardRefused(_("This week is decided."))
    if rows[target.pk].state != State.NOMINATED:
        raise AwardRefused(_("This nomination was taken back."))
    if target.agent_id == user.pk:
        raise AwardRefused(_("Nobody votes for their own ticket."))
    Vote.objects.filter(recognition__in=list(rows), user=user).delete()
    Vote.objects.create(recognition=target, user=user, at=at)


@transaction.atomic
def award_ticket(*, recognition_id: int, actor: User, at: datetime) -> Recognition:
    """Make a nomination the ticket of its week.

    Raises ``AwardRefused`` when another has more voices, or the week is decided.
    """
    _require_award(actor)
    target = Recognition.objects.get(pk=recognition_id, kind=Kind.TICKET_OF_WEEK)
    week = Recognition.objects.select_for_update().filter(
        kind=Kind.TICKET_OF_WEEK, period_start=target.period_start
    )
    rows = [row for row in week.order_by("pk") if row.state != State.WITHDRAWN]
    if any(row.state == State.AWARDED for row in rows):
        raise AwardRefused(_("This week has its ticket already."))
    voices = {row.pk: row.votes.count() for row in rows}
    if target.pk not in voices:
        raise AwardRefused(_("This nomination was taken back."))
    if voices[target.pk] < max(voices.values()):
        raise AwardRefused(_("Another ticket of that week has more voices."))
    target.facts = {"voices": voices[target.pk]}
    return _award(target, actor, at)


def _award(row: Recognition, actor: User, at: datetime) -> Recognition:
    row.state, row.awarded_by, row.awarded_at = State.AWARDED, actor, at
    row.save()
    notifications.notify(
        recipients=[row.agent],
        kind=Told.COACHING,
        dedup_key=f"recognition:{row.pk}",
        title=_("%(award)s: it is you") % {"award": Kind(row.kind).label},
        body=row.text,
        url=reverse("coaching:wall"),
        at=at,
    )
    return row


def _require_award(actor: User) -> None:
    if not actor.has_perm(AWARD):
        raise NotYours(_("You may not award recognitions."))


# Top performer and champion ---------------------------------------------------------------


@transaction.atomic
def award_best(*, kind: str, text: str, actor: User, at: datetime) -> Recognition:
    """Award the last complete month or quarter to who can claim the highest score.

    The highest lower end of the adjusted interval, from enough random reviews: nobody
    chooses. Raises ``NotYours``, or ``AwardRefused`` when nobody has enough reviews or
    the period has its award.
    """
    _require_award(actor)
    period = last_complete(kind, today(at))
    best = ranked(period)
    if not best:
        raise AwardRefused(
            _("Nobody has %(count)d reviews of tickets drawn at random in that period.")
            % {"count": MIN_N[Kind(kind)]}
        )
    winner, _name = best[0]
    row = Recognition(
        kind=kind,
        agent_id=winner.agent_id,
        period_start=period.start,
        text=text.strip(),
        facts={
            "low": winner.low,
            "value": winner.value,
            "high": winner.high,
            "n": winner.n,
        },
        nominated_by=actor,
        created_at=at,
    )
    try:
        with transaction.atomic():
            return _award(row, actor, at)
    except IntegrityError as error:
        raise AwardRefused(_("That period has its award already.")) from error


# Shout-outs -------------------------------------------------------------------------------


@transaction.atomic
def shout_out(*, agent_id: int, text: str, actor: User, at: datetime) -> Recognition:
    """Thank a colleague in front of all. Raises ``AwardRefused``, ``ReasonMissing``."""
    agent = colleagues_of(actor).filter(pk=agent_id).first()
    if agent is None:
        raise AwardRefused(_("Choose somebody of the staff other than yourself."))
    if not text.strip():
        raise ReasonMissing(_("Say what you thank them for."))
    row = Recognition(
        kind=Kind.SHOUT_OUT,
        agent=agent,
        period_start=today(at),
        text=text.strip(),
        nominated_by=actor,
        created_at=at,
    )
    return _award(row, actor, at)


@transaction.atomic
def withdraw(*, recognition_id: int, actor: User) -> Recognition:
    """Take a nomination or a shout-out back: who wrote it, or who awards.

    Raises ``NotYours``, or ``AwardRefused`` for an award, which stays.
    """
    row = Recognition.objects.select_for_update().get(pk=recognition_id)
    if row.nominated_by_id != actor.pk and not actor.has_perm(AWARD):
        raise NotYours(_("Only who wrote it takes it back."))
    if row.state == State.AWARDED and row.kind != Kind.SHOUT_OUT:
        raise AwardRefused(_("An award stays."))
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    return row
