"""Opening drafts: of a drawn ticket, of a chosen one, of one that is calibrated."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qa.models import (
    CalibrationItem,
    CalibrationSession,
    Certification,
    Review,
    ReviewEvent,
    SampleItem,
    Scorecard,
    ScorecardVersion,
)
from qa.selectors import scorecards
from qa.selectors.sampling_conflicts import conflicts
from qa.services.drafting.prefill import prefill
from qa.services.drafting.refusals import (
    AlreadySubmitted,
    DraftExists,
    ItemNotOpen,
    NotAParticipant,
    NotCertified,
    NothingPublished,
    NotYours,
    OwnWork,
)
from qa.services.drafting.steps import record, refuse_unless_scoring
from tickets.models import Ticket
from workforce.people.models import User

FEEDBACK_WITHIN = timedelta(hours=48)
ON_ONES_OWN = (Review.Kind.ADHOC, Review.Kind.PEER, Review.Kind.SELF)
_KIND_OF = {
    SampleItem.Why.RANDOM: Review.Kind.ASSIGNED,
    SampleItem.Why.RULE: Review.Kind.ASSIGNED,
    SampleItem.Why.OVERLAP: Review.Kind.OVERLAP,
    SampleItem.Why.GOLD: Review.Kind.GOLD,
}


@transaction.atomic
def start_item(*, item_id: int, reviewer: User, at: datetime) -> Review:
    """Open the draft of a drawn ticket, or return the one that is open.

    A ticket that nobody was given is the reviewer's from now on, unless they worked on
    it or have read it for another review.

    Raises ``NotYours``, ``OwnWork``, ``AlreadySubmitted``, ``ItemNotOpen``,
    ``NothingPublished``, ``NotCertified`` or ``DraftExists``.
    """
    item = SampleItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    if item.reviewer_id not in {None, reviewer.pk}:
        raise NotYours(_("This ticket is another reviewer's to review."))
    started = Review.objects.filter(sample_item=item).first()
    if started:
        return _resumed(started, reviewer)
    if item.state != SampleItem.State.OPEN:
        raise ItemNotOpen(_("This ticket is no longer waiting for a review."))
    _take(item, reviewer)
    plan = item.draw.plan
    version = _published(plan.scorecard)
    kind = _KIND_OF[SampleItem.Why(item.why)]
    if kind != Review.Kind.GOLD:
        _refuse_uncertified(plan.scorecard, reviewer, at)
    is_random = item.why == SampleItem.Why.RANDOM
    return _start(
        ticket=item.ticket,
        agent=item.agent,
        reviewer=reviewer,
        version=version,
        kind=kind,
        basis=Review.Basis.RANDOM if is_random else Review.Basis.TARGETED,
        sample_item=item,
        due_at=item.due_at,
        at=at,
    )


@transaction.atomic
def start_adhoc(
    *,
    ticket_id: int,
    agent_id: int,
    reviewer: User,
    at: datetime,
    scorecard_id: int | None = None,
    kind: str = Review.Kind.ADHOC,
) -> Review:
    """Open a draft on a ticket that somebody chose, or return the one that is open.

    Its basis is "chosen for a reason": such reviews never enter a measured mean. A self
    review is of one's own work, and only that. Raises ``OwnWork``, ``NothingPublished``
    or ``NotCertified``.
    """
    if kind not in ON_ONES_OWN:
        raise ValueError(f"{kind} reviews start from a draw or a calibration")
    is_self = kind == Review.Kind.SELF
    if is_self != (agent_id == reviewer.pk):
        raise OwnWork(_("Nobody reviews their own work, except in a self review."))
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    scorecard = _scorecard(scorecard_id)
    version = _published(scorecard)
    open_one = Review.objects.filter(
        ticket=ticket,
        agent_id=agent_id,
        reviewer=reviewer,
        version=version,
        kind=kind,
        state=Review.State.DRAFT,
    ).first()
    if open_one:
        return open_one
    if not is_self:
        _refuse_uncertified(scorecard, reviewer, at)
    return _start(
        ticket=ticket,
        agent=User.objects.get(pk=agent_id),
        reviewer=reviewer,
        version=version,
        kind=kind,
        basis=Review.Basis.TARGETED,
        due_at=at + FEEDBACK_WITHIN,
        at=at,
    )


@transaction.atomic
def start_calibration(*, item_id: int, reviewer: User, at: datetime) -> Review:
    """Open a participant's sheet on a calibrated ticket, or return the one that is open.

    Raises ``NotAParticipant``, ``ScoringOver``, ``OwnWork`` or ``AlreadySubmitted``.
    """
    item = CalibrationItem.objects.select_related("ticket", "agent").get(pk=item_id)
    session = (
        CalibrationSession.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=item.session_id)
    )
    if not session.participants.filter(user=reviewer).exists():
        raise NotAParticipant(
            _("You do not take part in “%(title)s”.") % {"title": session.title}
        )
    refuse_unless_scoring(session)
    started = Review.objects.filter(calibration_item=item, reviewer=reviewer).first()
    if started:
        return _resumed(started, reviewer)
    return _start(
        ticket=item.ticket,
        agent=item.agent,
        reviewer=reviewer,
        version=session.version,
        kind=Review.Kind.CALIBRATION,
        basis=Review.Basis.TARGETED,
        calibration_item=item,
        due_at=session.due_at,
        at=at,
    )


def _start(
    *,
    agent: User,
    reviewer: User,
    version: ScorecardVersion,
    at: datetime,
    **values: Any,
) -> Review:
    if agent == reviewer and values["kind"] != Review.Kind.SELF:
        raise OwnWork(_("Nobody reviews their own work."))
    _refuse_second_draft(agent, reviewer, version, values)
    review = Review.objects.create(
        agent=agent,
        team_id=agent.team_id,
        reviewer=reviewer,
        version=version,
        started_at=at,
        changed_at=at,
        **values,
    )
    prefill(review, scorecards.card_of(version))
    record(review, ReviewEvent.Kind.STARTED, at=at, actor=reviewer)
    return review


def _refuse_second_draft(
    agent: User, reviewer: User, version: ScorecardVersion, values: Mapping[str, Any]
) -> None:
    """A ticket drawn twice is finished once before it is started again."""
    if values["kind"] == Review.Kind.CALIBRATION:
        return
    drafts = Review.objects.filter(
        ticket=values["ticket"],
        agent=agent,
        reviewer=reviewer,
        version=version,
        kind=values["kind"],
        state=Review.State.DRAFT,
    )
    if drafts.exists():
        raise DraftExists(
            _("You have an unfinished review of this ticket. Finish that one first.")
        )


def _resumed(review: Review, reviewer: User) -> Review:
    if review.reviewer_id != reviewer.pk:
        raise NotYours(_("This ticket is another reviewer's to review."))
    if review.state != Review.State.DRAFT:
        raise AlreadySubmitted(_("You have finished this review already."))
    return review


def _take(item: SampleItem, reviewer: User) -> None:
    if item.agent_id == reviewer.pk:
        raise OwnWork(_("Nobody reviews their own work."))
    if item.reviewer_id:
        return
    others = SampleItem.objects.filter(
        draw_id=item.draw_id,
        ticket_id=item.ticket_id,
        reviewer=reviewer,
        state__in=[SampleItem.State.OPEN, SampleItem.State.DONE],
    )
    if others.exists():
        raise NotYours(_("This ticket is another reviewer's to review."))
    if conflicts(Ticket.objects.filter(pk=item.ticket_id), [reviewer.pk]):
        raise NotYours(
            _("You worked on this ticket, or have read it for another review.")
        )
    item.reviewer = reviewer
    item.save(update_fields=["reviewer"])


def _scorecard(scorecard_id: int | None) -> Scorecard:
    if scorecard_id is not None:
        return Scorecard.objects.get(pk=scorecard_id)
    scorecard = scorecards.default_scorecard()
    if scorecard is None:
        raise NothingPublished(_("No scorecard is published. Publish one first."))
    return scorecard


def _published(scorecard: Scorecard) -> ScorecardVersion:
    version = scorecards.published_version(scorecard.pk)
    if version is None:
        raise NothingPublished(
            _("“%(name)s” has no published version. Publish its draft first.")
            % {"name": scorecard.name}
        )
    return version


def _refuse_uncertified(scorecard: Scorecard, reviewer: User, at: datetime) -> None:
    if not scorecard.requires_certificate:
        return
    valid = Certification.objects.filter(
        scorecard=scorecard,
        reviewer=reviewer,
        state=Certification.State.CERTIFIED,
        valid_until__gt=at,
    )
    if not valid.exists():
        raise NotCertified(
            _(
                "“%(name)s” is scored by certified reviewers only. Practise on tickets "
                "with a known answer and in calibrations first."
            )
            % {"name": scorecard.name}
        )
