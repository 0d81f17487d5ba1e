"""Decisions in a list, and those that need somebody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from supportops.metrics.scopes import today
from workforce.capacity.core.triggers import Standing
from workforce.capacity.models import (
    Approval,
    Decision,
    DecisionInput,
    DecisionOption,
    Evidence,
    ReviewDate,
    Trigger,
)
from workforce.capacity.selectors.decisions.inputs import is_stale_on
from workforce.capacity.selectors.decisions.sight import CHANGE, decisions_visible_to
from workforce.capacity.selectors.decisions.watching import stored_standing
from workforce.people.models import User

State = Decision.State
LIVE = (State.DRAFT, State.PROPOSED, State.APPROVED, State.REOPENED, State.REJECTED)
FIRED, BEYOND, WATCHING, NONE = 3, 2, 1, 0
"""How bad the worst trigger of a decision is."""

SORTS = {
    "trigger": ("-worst", F("next_review").asc(nulls_last=True), "-changed_at"),
    "review": (F("next_review").asc(nulls_last=True), "-changed_at"),
    "changed": ("-changed_at",),
    "title": ("title",),
    "state": ("state", "-changed_at"),
    "horizon": (F("starts_on").asc(nulls_last=True), "-changed_at"),
    "owner": ("owner__first_name", "owner__last_name", "-changed_at"),
}


def listed(user: User, filters: dict[str, str]) -> QuerySet[Any]:
    """Decisions that ``user`` may read, filtered, with the worst trigger and next review.

    ``filters`` knows q, state (a state, ``live`` or empty for all), kind, owner (a key or
    ``me``), trigger (``fired``, ``beyond``) and sort.
    """
    rows: QuerySet[Any] = annotated(decisions_visible_to(user))
    rows = _searched(rows, filters.get("q", ""))
    state = filters.get("state", "")
    if state == "live":
        rows = rows.filter(state__in=LIVE)
    elif state in State.values:
        rows = rows.filter(state=state)
    if filters.get("kind") in Decision.Kind.values:
        rows = rows.filter(kind=filters["kind"])
    owner = filters.get("owner", "")
    if owner == "me":
        rows = rows.filter(owner=user)
    elif owner.isascii() and owner.isdigit() and len(owner) < 19:
        rows = rows.filter(owner_id=int(owner))
    levels = {"fired": FIRED, "beyond": BEYOND, "watching": WATCHING}
    if filters.get("trigger") in levels:
        rows = rows.filter(worst=levels[filters["trigger"]])
    order = SORTS.get(filters.get("sort", ""), SORTS["trigger"])
    return (
        rows.order_by(*order, "-pk")
        .select_related("owner")
        .prefetch_related(
            "triggers",
            Prefetch("options", DecisionOption.objects.order_by("letter")),
        )
    )


def _searched(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(question__icontains=word)
            | Q(objective__icontains=word)
            | Q(scope__icontains=word)
        )
    return rows


def annotated(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Add ``worst`` (how bad the worst trigger is) and ``next_review`` (a day)."""
    mine = Trigger.objects.filter(decision=OuterRef("pk")).exclude(
        state=Trigger.State.OFF
    )
    beyond = Q(direction=Trigger.Direction.ABOVE, last_value__gt=F("threshold")) | Q(
        direction=Trigger.Direction.BELOW, last_value__lt=F("threshold")
    )
    return rows.annotate(
        worst=Case(
            When(Exists(mine.filter(state=Trigger.State.FIRED)), then=Value(FIRED)),
            When(Exists(mine.filter(beyond)), then=Value(BEYOND)),
            When(Exists(mine), then=Value(WATCHING)),
            default=Value(NONE),
            output_field=IntegerField(),
        ),
        next_review=Min("reviews__due_on", filter=Q(reviews__done_at__isnull=True)),
    )


def trigger_counts(decision: Decision) -> dict[str, int]:
    """Count the triggers of a listed decision by how their last check stands."""
    counts = {"fired": 0, "beyond": 0, "clear": 0, "unchecked": 0}
    for trigger in decision.triggers.all():
        if trigger.state == Trigger.State.OFF:
            continue
        stands = stored_standing(trigger)
        if trigger.state == Trigger.State.FIRED:
            counts["fired"] += 1
        elif stands in {Standing.CROSSED, Standing.UNSURE, Standing.TOO_FEW}:
            counts["beyond"] += 1
        elif stands == Standing.CLEAR:
            counts["clear"] += 1
        else:
            counts["unchecked"] += 1
    return counts


def chosen_option(decision: Decision) -> DecisionOption | None:
    """The option chosen, of a decision whose options are prefetched."""
    return next(
        (row for row in decision.options.all() if row.letter == decision.chosen), None
    )


# What needs somebody ----------------------------------------------------------------------


@dataclass(frozen=True)
class Attention:
    """What of decisions needs a person."""

    fired: list[Decision]
    reopened: list[Decision]
    approvals: list[Approval]
    reviews: list[ReviewDate]
    stale: list[DecisionInput]

    def __bool__(self) -> bool:
        return bool(
            self.fired or self.reopened or self.approvals or self.reviews or self.stale
        )


def needing_attention(user: User, at: datetime) -> Attention:
    """Return decisions whose trigger fired, approvals asked, reviews due, stale inputs.

    Everything a person may read and could do something about: approvals are their own;
    a reopened decision is that of its owner and of who answered for its last version;
    the rest concerns the owner and whoever may change decisions. Five queries.
    """
    day = today(at)
    mine = decisions_visible_to(user)
    if not user.has_perm(CHANGE):
        mine = mine.filter(owner=user)
    open_ones = mine.exclude(state=State.RETIRED)
    fired = open_ones.filter(triggers__state=Trigger.State.FIRED).distinct()
    listed = list(fired.select_related("owner").order_by("-changed_at"))
    return Attention(
        fired=listed,
        reopened=[row for row in reopened_for(user) if row not in listed],
        approvals=list(approvals_waiting_for(user)),
        reviews=list(
            reviews_due(day)
            .filter(decision__in=open_ones)
            .select_related("decision__owner")
        ),
        stale=stale_inputs(open_ones, day),
    )


def approvals_waiting_for(user: User) -> QuerySet[Approval]:
    """What a person is asked to approve and has not answered, oldest first."""
    newer = Approval.objects.filter(
        decision=OuterRef("decision"), number__gt=OuterRef("number")
    )
    return (
        Approval.objects.filter(
            person=user,
            answer=Approval.Answer.ASKED,
            decision__state=State.PROPOSED,
            decision__in=decisions_visible_to(user),
        )
        .exclude(Exists(newer))
        .select_related("decision__owner")
        .order_by("asked_at", "pk")
    )


def reopened_for(user: User) -> QuerySet[Any]:
    """Reopened decisions that ``user`` owns or answered for, newest first.

    Each has ``reopened_at`` and ``reopened_why``: when and why its log says it was. Who
    was asked about an earlier version only is not concerned any more.
    """
    newer = Approval.objects.filter(
        decision=OuterRef("decision"), number__gt=OuterRef("number")
    )
    answered = Approval.objects.filter(
        decision=OuterRef("pk"), person=user, answered_at__isnull=False
    ).exclude(Exists(newer))
    entries = Evidence.objects.filter(
        decision=OuterRef("pk"), kind=Evidence.Kind.REOPENED
    ).order_by("-at", "-pk")
    return (
        decisions_visible_to(user)
        .filter(Q(owner=user) | Exists(answered), state=State.REOPENED)
        .annotate(
            reopened_at=Subquery(entries.values("at")[:1]),
            reopened_why=Subquery(entries.values("text")[:1]),
        )
        .select_related("owner")
        .order_by("-changed_at", "-pk")
    )


def reviews_due(day: date) -> QuerySet[ReviewDate]:
    """Reviews of decisions in force or reopened that are due on ``day`` or were before."""
    return ReviewDate.objects.filter(
        done_at__isnull=True,
        due_on__lte=day,
        decision__state__in=(State.APPROVED, State.REOPENED),
    ).order_by("due_on", "pk")


def stale_inputs(decisions: QuerySet[Decision], day: date) -> list[DecisionInput]:
    """Inputs of these decisions whose day of the next reading has passed."""
    rows = (
        DecisionInput.objects.filter(
            decision__in=decisions.exclude(state=State.DRAFT),
            as_of__isnull=False,
            refresh_days__isnull=False,
        )
        .select_related("decision__owner")
        .order_by("as_of", "pk")
    )
    return [row for row in rows if is_stale_on(row, day)]


def owners_of(rows: Any) -> list[User]:
    """Owners of these decisions, by name, to filter by."""
    people = User.objects.filter(pk__in=rows.order_by().values("owner"))
    return list(people.order_by("first_name", "last_name"))
