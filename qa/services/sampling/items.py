"""What happens to drawn items: replaced, given to somebody else, expired."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.core.sampling.selection import REPLACE, shuffled, stream
from qa.models import Review, SampleItem
from qa.selectors.sampling import frame as frames
from qa.selectors.sampling_conflicts import conflicts, judged, worked_on
from qa.services.sampling.refusals import ItemNotOpen, ReasonMissing, ReviewerRefused
from supportops.notifications.models import Kind
from supportops.notifications.services import notify
from tickets.models import Ticket
from workforce.people.models import User

EXPIRES_AFTER = timedelta(days=14)
"""So long after it was due an item is given up: the work is too old to coach on."""

State, Why = SampleItem.State, SampleItem.Why


class Substitute(NamedTuple):
    """A ticket that may stand in for another."""

    ticket: int
    agent: int
    stratum: str
    reviewer: int | None = None


@transaction.atomic
def replace_item(
    *,
    item_id: int,
    actor: User | None,
    reason: str,
    at: datetime,
    code: str = SampleItem.Reason.OTHER,
) -> SampleItem | None:
    """Put another ticket in the place of one, for a reason that is kept and counted.

    The substitute comes by lot, seeded by the draw: of a random item, from what the same
    agent has left in the same stratum, else in any; it keeps the chance of the ticket it
    stands in for. A flagged item gives way to another flagged ticket of the agent, a
    second review to another random ticket of the draw, gold to another gold ticket. A
    ticket that the item's reviewer worked on or judges in another way is left out; where
    the agent has no other, the new item is nobody's until it is handed to somebody.

    Returns the new item, or ``None`` when there is nothing left to draw.

    Raises ``ReasonMissing``, or ``ItemNotOpen`` when it is done, replaced, expired, or
    somebody is at its review: they skip it.
    """
    item = _locked(item_id)
    if not reason.strip() or code not in SampleItem.Reason.values:
        raise ReasonMissing(
            _("Say why the ticket is replaced: who replaces what is counted.")
        )
    _refuse_started(item)
    substitute = _substitute(item)
    item.state = State.REPLACED
    item.reason_code, item.reason = code, reason.strip()[:300]
    item.ended_by, item.ended_at = actor, at
    # Before the new one: the draw holds a ticket once a reviewer.
    item.save(update_fields=["state", "reason_code", "reason", "ended_by", "ended_at"])
    if substitute is None:
        return None
    item.replaced_by = _put_in_place(item, substitute, at)
    item.save(update_fields=["replaced_by"])
    return item.replaced_by


@transaction.atomic
def reassign_item(
    *, item_id: int, reviewer: User, actor: User | None, at: datetime
) -> SampleItem:
    """Give an open item to somebody else, and tell them.

    Raises ``ItemNotOpen`` when it is done or somebody has started on it, or
    ``ReviewerRefused`` when this reviewer may not review it: they worked on the ticket,
    judge it in another way, or may not score.
    """
    item = _locked(item_id)
    if item.reviewer_id == reviewer.pk:
        return item
    _refuse_started(item)
    _refuse_reviewer(item, reviewer, at)
    item.reviewer = reviewer
    item.save(update_fields=["reviewer"])
    if actor is None or actor.pk != reviewer.pk:
        notify(
            recipients=[reviewer],
            kind=Kind.REVIEWS_TO_DO,
            dedup_key=f"qa-item-{item.pk}-{at.isoformat()}",
            title=_("A review was handed to you: ticket #%(ticket)s")
            % {"ticket": item.ticket_id},
            url=reverse("qa:inbox"),
            at=at,
        )
    return item


@transaction.atomic
def expire_items(*, at: datetime) -> int:
    """Give up open items two weeks past due that nobody has started; return how many."""
    stale = SampleItem.objects.open().filter(due_at__lte=at - EXPIRES_AFTER)
    started = Review.objects.filter(state=Review.State.DRAFT).values("sample_item")
    ids = list(
        stale.exclude(pk__in=started.filter(sample_item__isnull=False))
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return SampleItem.objects.filter(pk__in=ids).update(
        state=State.EXPIRED, ended_at=at
    )


def _locked(item_id: int) -> SampleItem:
    item = (
        SampleItem.objects.select_for_update(of=("self",))
        .select_related("draw__plan__scorecard")
        .get(pk=item_id)
    )
    if item.state != State.OPEN:
        raise ItemNotOpen(
            _("Ticket #%(ticket)s is not open any more: %(state)s.")
            % {"ticket": item.ticket_id, "state": item.get_state_display()}
        )
    return item


def _refuse_started(item: SampleItem) -> None:
    drafts = Review.objects.filter(sample_item=item, state=Review.State.DRAFT)
    if drafts.exists():
        raise ItemNotOpen(
            _("The review of ticket #%(ticket)s has been started. Let it be finished.")
            % {"ticket": item.ticket_id}
        )


# Replacing --------------------------------------------------------------------------------


def _substitute(item: SampleItem) -> Substitute | None:
    pools = {
        Why.RANDOM: _unused_of_agent,
        Why.RULE: _unused_flagged,
        Why.OVERLAP: _random_of_others,
        Why.GOLD: _unseen_gold,
    }
    pool = _with_reviewer(item, sorted(pools[Why(item.why)](item)))
    near = [each for each in pool if each.stratum == item.stratum]
    candidates = near or pool
    if not candidates:
        return None
    rng = stream(item.draw.seed, REPLACE, item.position)
    return candidates[int(shuffled(len(candidates), rng)[0])]


def _with_reviewer(item: SampleItem, pool: list[Substitute]) -> list[Substitute]:
    """Leave out what the item's reviewer worked on, or judges in another way.

    With nothing left, an agent's ticket is drawn for nobody yet: another reviewer may
    well do it. A second review and gold are this reviewer's or none.
    """
    if item.reviewer_id is None or not pool:
        return pool
    tickets = Ticket.objects.filter(pk__in=[each.ticket for each in pool])
    partial = conflicts(tickets, [item.reviewer_id])
    free = [
        each._replace(reviewer=item.reviewer_id)
        for each in pool
        if (each.ticket, item.reviewer_id) not in partial
    ]
    return free or (pool if item.why in {Why.RANDOM, Why.RULE} else [])


def _unused(item: SampleItem) -> Iterable[Substitute]:
    """Yield the agent's tickets of the frame that the draw has not touched."""
    used = set(item.draw.items.values_list("ticket_id", flat=True))
    for ticket, agent, stratum in item.draw.frame:
        if agent == item.agent_id and ticket not in used:
            yield Substitute(ticket, agent, stratum)


def _unused_of_agent(item: SampleItem) -> list[Substitute]:
    return list(_unused(item))


def _unused_flagged(item: SampleItem) -> list[Substitute]:
    flags = item.draw.plan_then["inputs"]["flags"]
    return [each for each in _unused(item) if str(each.ticket) in flags]


def _random_of_others(item: SampleItem) -> list[Substitute]:
    """Return random tickets of the draw that somebody else reviews, and only they."""
    seconds = item.draw.items.filter(why=Why.OVERLAP).values("ticket")
    rows = (
        item.draw.items.filter(why=Why.RANDOM, state__in=[State.OPEN, State.DONE])
        .exclude(Q(reviewer=item.reviewer_id) | Q(agent=item.reviewer_id))
        .exclude(ticket__in=seconds)
        .values_list("ticket_id", "agent_id", "stratum")
    )
    return [Substitute(*row) for row in rows]


def _unseen_gold(item: SampleItem) -> list[Substitute]:
    people = [item.reviewer_id] if item.reviewer_id else []
    gold, seen = frames.gold_of(frames.published_version_of(item.draw.plan), people)
    known = {ticket for ticket, _person in seen}
    # What somebody has put aside in this draw they have seen as well.
    mine = item.draw.items.filter(reviewer=item.reviewer_id)
    known |= set(mine.values_list("ticket_id", flat=True))
    return [
        Substitute(ticket, agent, "")
        for ticket, agent in gold
        if ticket not in known and agent != item.reviewer_id
    ]


def _put_in_place(item: SampleItem, substitute: Substitute, at: datetime) -> SampleItem:
    rules = item.draw.plan_then["inputs"]["flags"].get(str(substitute.ticket), [""])
    return SampleItem.objects.create(
        draw=item.draw,
        ticket_id=substitute.ticket,
        agent_id=substitute.agent,
        stratum=substitute.stratum,
        probability=item.probability,
        why=item.why,
        rule=rules[0] if item.why == Why.RULE else "",
        position=item.position,
        reviewer_id=substitute.reviewer,
        due_at=max(item.due_at, at + timedelta(hours=item.draw.plan_then["due_hours"])),
    )


# Handing on -------------------------------------------------------------------------------


def _refuse_reviewer(item: SampleItem, reviewer: User, at: datetime) -> None:
    if not reviewer.is_active or not reviewer.has_perm("qa.score_review"):
        raise ReviewerRefused(_("%(who)s may not score reviews.") % {"who": reviewer})
    if reviewer.pk == item.agent_id:
        raise ReviewerRefused(_("Nobody reviews their own work."))
    has_it = SampleItem.objects.filter(
        draw=item.draw, ticket=item.ticket_id, reviewer=reviewer
    ).exclude(state=State.REPLACED)
    if has_it.exists():
        raise ReviewerRefused(
            _("%(who)s has ticket #%(ticket)s already; the second review is blind.")
            % {"who": reviewer, "ticket": item.ticket_id}
        )
    _refuse_conflict(item, reviewer)
    if item.why != Why.GOLD and not frames.is_certified(
        item.draw.plan.scorecard, reviewer, at
    ):
        raise ReviewerRefused(
            _("%(who)s has no valid certificate for “%(scorecard)s”.")
            % {"who": reviewer, "scorecard": item.draw.plan.scorecard}
        )


def _refuse_conflict(item: SampleItem, reviewer: User) -> None:
    tickets = Ticket.objects.filter(pk=item.ticket_id)
    words = {"who": reviewer, "ticket": item.ticket_id}
    if worked_on(tickets, [reviewer.pk]):
        raise ReviewerRefused(
            _(
                "%(who)s worked on ticket #%(ticket)s. Nobody reviews their own work; "
                "choose somebody else."
            )
            % words
        )
    if judged(tickets, [reviewer.pk]):
        raise ReviewerRefused(
            _(
                "%(who)s has read ticket #%(ticket)s for another review, or will for "
                "another draw or a calibration. Choose somebody else."
            )
            % words
        )
