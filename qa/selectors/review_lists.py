"""Lists of reviews: narrowed, ordered, and what can be chosen to narrow them by."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from qa.models.reviews import ReviewQuerySet
from qa.selectors.reviews import UNDECIDED, reviews_shown_to
from workforce.people.models import Team, User

NUMBER_LENGTH = 18
BANDS = {
    "failed": Q(passed=False),
    "critical": Q(is_critical_fail=True),
    "under70": Q(score__lt=70),
    "70to84": Q(score__gte=70, score__lt=85),
    "85to94": Q(score__gte=85, score__lt=95),
    "from95": Q(score__gte=95),
}
ORDERS = {
    "newest": (F("submitted_at").desc(nulls_last=True), "-pk"),
    "oldest": (F("submitted_at").asc(nulls_last=True), "pk"),
    "lowest": (F("score").asc(nulls_last=True), "-pk"),
    "highest": (F("score").desc(nulls_last=True), "-pk"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; what is empty narrows nothing.

    ``words`` are a ticket's number, with or without "#", or part of its subject.
    """

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    equal: dict[str, Any] = field(default_factory=dict)
    band: str = ""
    order: str = "newest"
    words: str = ""


def listed(user: User, wanted: Wanted) -> ReviewQuerySet:
    """The reviews of a list, in order, with what its rows show.

    Drafts and skipped reviews are listed only where their state is asked for. The period
    is that of submitting, half-open.
    """
    reviews = reviews_shown_to(user)
    if wanted.states:
        reviews = reviews.filter(state__in=wanted.states)
    else:
        reviews = reviews.exclude(state__in=UNDECIDED)
    if wanted.kinds:
        reviews = reviews.filter(kind__in=wanted.kinds)
    if wanted.start:
        reviews = reviews.filter(submitted_at__gte=wanted.start)
    if wanted.end:
        reviews = reviews.filter(submitted_at__lt=wanted.end)
    if wanted.band:
        reviews = reviews.filter(BANDS[wanted.band])
    if wanted.words:
        reviews = reviews.filter(_about(wanted.words))
    related = ("ticket", "agent", "team", "reviewer", "version__scorecard")
    return (
        reviews.filter(**wanted.equal)
        .select_related(*related, "calibration_item__session")
        .order_by(*ORDERS[wanted.order])
    )


def _about(words: str) -> Q:
    number = words.removeprefix("#")
    about = Q(ticket__subject__icontains=words)
    # A ticket's number is never longer than the column that holds it.
    if number.isascii() and number.isdecimal() and len(number) <= NUMBER_LENGTH:
        about |= Q(ticket=int(number))
    return about


def agents_listed(user: User) -> QuerySet[User]:
    """Whose reviews this person may read: what an agent filter offers."""
    return _people(reviews_shown_to(user).values("agent"))


def reviewers_listed(user: User) -> QuerySet[User]:
    return _people(reviews_shown_to(user).values("reviewer"))


def teams_listed(user: User) -> QuerySet[Team]:
    teams = reviews_shown_to(user).values("team")
    return Team.objects.filter(pk__in=teams).order_by("name")


def _people(ids: Any) -> QuerySet[User]:
    return User.objects.filter(pk__in=ids).order_by("first_name", "last_name", "pk")
