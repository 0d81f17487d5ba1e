"""Whose reviews a person may read: the one place of blindness and privacy.

Every page, list, export, search, form and endpoint that shows reviews, their answers,
their pins or their events starts here, whoever asks. Being an administrator opens
nothing by itself.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from qa.models import (
    CalibrationItem,
    CalibrationSession,
    Participant,
    Review,
    ReviewEvent,
    SampleItem,
)
from qa.models.reviews import (
    COUNTED_KINDS,
    FINISHED_STATES,
    RELEASED_STATES,
    ReviewQuerySet,
)
from qa.selectors.sampling_sight import knows_why
from workforce.people.models import Team, User

VIEW_ALL = "qa.view_all_reviews"
UNDECIDED = (Review.State.DRAFT, Review.State.SKIPPED)
COMPARED_KINDS = (Review.Kind.OVERLAP, Review.Kind.GOLD)
"""Written to examine reviewers. Agents never see those of their work."""

OPEN_TO_ALL = (
    CalibrationSession.State.REVEALED,
    CalibrationSession.State.DECIDED,
    CalibrationSession.State.CLOSED,
)
BEFORE_RELEASE = (
    ReviewEvent.Kind.STARTED,
    ReviewEvent.Kind.SUBMITTED,
    ReviewEvent.Kind.REOPENED,
)


def reviews_visible_to(user: User | AnonymousUser) -> ReviewQuerySet:
    """Return the reviews this person may read, as one query.

    Their own
        Reviews they have written, in any state and of any kind. Reviews of their work
        once released, also those superseded since, of the kinds that count for an agent.
    Other people's, never of their own work
        Team leads: finished reviews that count, of agents now in teams they lead.
        With ``qa.view_all_reviews``: finished ones of every agent, with second and gold
        reviews, and those declared void after they were submitted.
    Calibration
        Another person's answers, once the session is open to all, for who took part,
        for the facilitator and with ``qa.view_all_reviews``. Where a session opens with
        one's own last answer, also for participants who have finished theirs. Nobody
        else and not a moment before: facilitator, support lead and administrator
        included. A cancelled session never opens.
    Blind
        Nothing that another person wrote on a ticket which this person is still to
        score: an open item of a draw, a draft, or a calibration they have not finished.
    Never
        Other people's drafts, skipped reviews, and reviews of oneself.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Review.objects.none()
    own = Q(reviewer=user) | Q(
        agent=user, kind__in=COUNTED_KINDS, state__in=RELEASED_STATES
    )
    others = _judged_work(user) | _opened_calibrations(user)
    blind = Q(ticket__in=tickets_still_to_score(user))
    return Review.objects.filter(own | (others & ~Q(agent=user) & ~blind))


def _judged_work(user: User) -> Q:
    led = Q(
        kind__in=COUNTED_KINDS,
        state__in=FINISHED_STATES,
        agent__team__in=Team.objects.filter(lead=user).values("pk"),
    )
    if not user.has_perm(VIEW_ALL):
        return led
    finished = Q(state__in=FINISHED_STATES) | Q(
        state=Review.State.VOIDED, submitted_at__isnull=False
    )
    return led | (Q(kind__in=[*COUNTED_KINDS, *COMPARED_KINDS]) & finished)


def _opened_calibrations(user: User) -> Q:
    """Finished answers of sessions that are open to this person."""
    sessions = CalibrationSession.objects.filter(
        Q(state__in=OPEN_TO_ALL)
        | Q(
            state=CalibrationSession.State.SCORING,
            reveal=CalibrationSession.Reveal.ON_OWN_SUBMIT,
            pk__in=Participant.objects.filter(
                user=user, finished_at__isnull=False
            ).values("session"),
        )
    )
    if not user.has_perm(VIEW_ALL):
        took_part = Participant.objects.filter(user=user).values("session")
        sessions = sessions.filter(Q(facilitator=user) | Q(pk__in=took_part))
    items = CalibrationItem.objects.filter(session__in=sessions.values("pk"))
    return Q(
        kind=Review.Kind.CALIBRATION,
        state__in=FINISHED_STATES,
        calibration_item__in=items.values("pk"),
    )


def tickets_still_to_score(user: User) -> QuerySet[SampleItem, Any]:
    """Tickets that this person must judge without knowing what others found.

    A draft of a calibration that has ended is not work to come: it blinds no longer.
    """
    scoring = CalibrationSession.State.SCORING
    items = SampleItem.objects.filter(reviewer=user, state=SampleItem.State.OPEN)
    drafts = Review.objects.filter(
        Q(calibration_item__isnull=True) | Q(calibration_item__session__state=scoring),
        reviewer=user,
        state=Review.State.DRAFT,
    )
    calibrated = CalibrationItem.objects.filter(
        session__state=scoring,
        session__in=Participant.objects.filter(
            user=user, finished_at__isnull=True
        ).values("session"),
    )
    return items.values("ticket").union(
        drafts.values("ticket"), calibrated.values("ticket"), all=True
    )


def reviews_shown_to(user: User | AnonymousUser) -> ReviewQuerySet:
    """Return the reviews that lists, pages and exports show with their kind.

    A draft of a drawn ticket is shown in the scoring room only: its kind and basis would
    tell its writer that it is a second review, or that its answers are known. A skipped
    one would tell it of the ticket that took its place.
    """
    reviews = reviews_visible_to(user)
    if knows_why(user):
        return reviews
    return reviews.exclude(
        reviewer=user.pk, sample_item__isnull=False, state__in=UNDECIDED
    )


def released_to(user: User) -> ReviewQuerySet:
    """Reviews of this person's own work that they may read, the newest first."""
    return reviews_visible_to(user).filter(agent=user).order_by("-released_at", "-pk")


def waiting_for_release(user: User) -> ReviewQuerySet:
    """Submitted reviews that this person may release, the longest waiting first."""
    return (
        reviews_visible_to(user)
        .filter(state=Review.State.SUBMITTED, kind__in=COUNTED_KINDS)
        .order_by("submitted_at", "pk")
    )


def all_events_visible_to(user: User) -> QuerySet[ReviewEvent]:
    """What has happened to any review that this person may read.

    Its agent sees what has happened since it was released: how often the reviewer took
    it back before is the reviewer's matter.
    """
    before = Q(kind__in=BEFORE_RELEASE, review__agent=user) & ~Q(review__reviewer=user)
    visible = reviews_visible_to(user)
    return ReviewEvent.objects.filter(review__in=visible.values("pk")).exclude(before)


def events_visible_to(user: User, review: Review) -> QuerySet[ReviewEvent]:
    """What has happened to one review, oldest first."""
    events = all_events_visible_to(user).filter(review=review)
    return events.select_related("actor").order_by("at", "pk")
