"""Reads of calibrations: which ones, who has finished, and what the sheets say.

Sheets of others are read through ``reviews_visible_to`` alone: who may see what is
decided there. What is derived from every sheet (figures, decisions, minutes) is shown
only to a person who may read every sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

import numpy as np
from django.db.models import Count, Prefetch, Q, QuerySet

from qa.core.calibration.matrix import (
    Cell,
    Mark,
    agreed_values,
    cells,
    comparable,
    given_of,
    value_of,
)
from qa.core.calibration.statistics import Ratings
from qa.core.scorecard import Scorecard as Card
from qa.core.scoring import Given, score
from qa.models import (
    Answer,
    CalibrationDecision,
    CalibrationItem,
    CalibrationSession,
    Participant,
    Review,
    SamplingDraw,
)
from qa.models.reviews import FINISHED_STATES, ReviewQuerySet
from qa.selectors.answers import given
from qa.selectors.reviews import OPEN_TO_ALL, VIEW_ALL, reviews_visible_to
from qa.selectors.scorecards import card_of, facts_of

State = CalibrationSession.State
FACILITATE = "qa.facilitate_calibration"
RUN_ANY = "qa.run_any_calibration"


@dataclass(frozen=True)
class Comparison:
    """Sheets of one round beside each other."""

    session: CalibrationSession
    card: Card
    items: Sequence[CalibrationItem]
    sheets: Sequence[Review]
    decisions: dict[tuple[int, str], CalibrationDecision]

    @cached_property
    def cells(self) -> list[Cell]:
        """Every compared cell, the largest gap first."""
        return cells(self.card, self._marks())

    @cached_property
    def differing(self) -> list[Cell]:
        """Every cell on which sheets differ, the largest gap first."""
        return [cell for cell in self.cells if cell.differs]

    @cached_property
    def flagged(self) -> list[Cell]:
        """The cells on which sheets lie far apart: each needs a decision."""
        threshold = float(self.session.threshold)
        return [cell for cell in self.differing if cell.is_flagged(threshold)]

    @cached_property
    def undecided(self) -> list[Cell]:
        """The flagged cells without a decision."""
        return self._without_decision(self.flagged)

    @cached_property
    def unsettled(self) -> list[Cell]:
        """Every differing cell without a decision, small differences too."""
        return self._without_decision(self.differing)

    def _without_decision(self, among: Iterable[Cell]) -> list[Cell]:
        return [
            cell
            for cell in among
            if (cell.ticket, cell.criterion) not in self.decisions
        ]

    @cached_property
    def reviewer_ids(self) -> list[int]:
        return sorted({sheet.reviewer_id for sheet in self.sheets})

    @cached_property
    def answers(self) -> dict[tuple[int, str, int], Answer]:
        """Answers by ticket, criterion and reviewer."""
        return {
            (sheet.ticket_id, answer.criterion_key, sheet.reviewer_id): answer
            for sheet in self.sheets
            for answer in sheet.answers.all()
        }

    @cached_property
    def agreed_scores(self) -> dict[int, float]:
        """The total of each ticket on which everything is agreed."""
        decided = {key: row.level for key, row in self.decisions.items()}
        facts = {item.ticket_id: facts_of(item.ticket) for item in self.items}
        found: dict[int, float] = {}
        for ticket, values in agreed_values(self.cells, decided).items():
            if values is None:
                continue
            total = score(self.card, agreed_answers(self.card, values), facts[ticket])
            if total.score is not None:
                found[ticket] = float(total.score)
        return found

    def ratings(self) -> Ratings:
        """The sheets as arrays, reviewers by tickets."""
        tickets = [item.ticket_id for item in self.items]
        shape = (len(self.reviewer_ids), len(tickets))
        row = {pk: place for place, pk in enumerate(self.reviewer_ids)}
        column = {pk: place for place, pk in enumerate(tickets)}
        totals, failed = np.full(shape, np.nan), np.full(shape, np.nan)
        for sheet in self.sheets:
            at = row[sheet.reviewer_id], column[sheet.ticket_id]
            failed[at] = float(sheet.is_critical_fail)
            if sheet.score is not None:
                totals[at] = float(sheet.score)
        kind, reference = self._reference(tickets, totals)
        return Ratings(
            reviewers=tuple(self.reviewer_ids),
            tickets=tuple(tickets),
            totals=totals,
            failed=failed,
            criteria=self._criteria(row, column, shape),
            scales=scales_of(self.card),
            reference=reference,
            reference_kind=kind,
            baseline=self.session.baseline_id if kind == "baseline" else None,
        )

    def _marks(self) -> Iterable[Mark]:
        criteria = {each.key: each for each in comparable(self.card)}
        for (ticket, key, reviewer), answer in self.answers.items():
            if key in criteria:
                value = value_of(criteria[key], given(answer))
                yield Mark(ticket, key, reviewer, value, answer.share)

    def _criteria(
        self, row: dict[int, int], column: dict[int, int], shape: tuple[int, int]
    ) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
        found = {each.key: np.full(shape, np.nan) for each in comparable(self.card)}
        for cell in self.cells:
            criterion = self.card.criterion(cell.criterion)
            for mark in cell.marks:
                answer = self.answers[cell.ticket, cell.criterion, mark.reviewer]
                if answer.is_na:
                    continue
                points = (
                    criterion.level(answer.level).points
                    if answer.level
                    else len(answer.checked)
                )
                at = row[mark.reviewer], column[cell.ticket]
                found[cell.criterion][at] = points
        return found

    def _reference(
        self, tickets: Sequence[int], totals: np.ndarray[Any, np.dtype[np.float64]]
    ) -> tuple[str, np.ndarray[Any, np.dtype[np.float64]] | None]:
        """The baseline's totals, else the agreed ones once all is decided, else none.

        All is every difference: a total with a small one left open is not agreed.
        """
        session = self.session
        if session.mode == CalibrationSession.Mode.BASELINE:
            if session.baseline_id in self.reviewer_ids:
                return "baseline", totals[self.reviewer_ids.index(session.baseline_id)]
        elif not self.unsettled and self.agreed_scores:
            found = [self.agreed_scores.get(pk, np.nan) for pk in tickets]
            return "consensus", np.array(found)
        return "others", None


def scales_of(card: Card) -> dict[str, tuple[float, ...]]:
    """Return the points that each compared criterion can be given, ascending."""
    return {
        each.key: tuple(
            sorted({level.points for level in each.levels})
            if each.levels
            else map(float, range(len(each.checks) + 1))
        )
        for each in comparable(card)
    }


def agreed_answers(card: Card, values: dict[str, str]) -> dict[str, Given]:
    """Return answers that score as the agreed values do."""
    return {key: given_of(card.criterion(key), value) for key, value in values.items()}


def calibrations_visible_to(user: Any) -> QuerySet[CalibrationSession]:
    """Rounds whose existence a person may know of, with how many have finished.

    All with ``qa.view_all_reviews``; otherwise those one takes part in once scoring has
    started, and those one runs. What is in the sheets is another matter.
    """
    if not user.has_perm("qa.view_calibrationsession"):
        return CalibrationSession.objects.none()
    sessions = CalibrationSession.objects.select_related(
        "version__scorecard", "facilitator"
    ).annotate(
        ticket_count=Count("items", distinct=True),
        participant_count=Count("participants", distinct=True),
        finished_count=Count(
            "participants",
            filter=Q(participants__finished_at__isnull=False),
            distinct=True,
        ),
    )
    if user.has_perm(VIEW_ALL):
        return sessions
    takes_part = Participant.objects.filter(user=user).values("session")
    return sessions.filter(
        Q(facilitator=user)
        | Q(created_by=user)
        | Q(pk__in=takes_part, started_at__isnull=False)
    )


def may_run(session: CalibrationSession, user: Any) -> bool:
    """Whether the steps of this round are theirs: its facilitator's, or who runs any.

    That a person may run calibrations at all is asked by the pages.
    """
    return session.facilitator_id == user.pk or bool(user.has_perm(RUN_ANY))


def may_edit(session: CalibrationSession, user: Any) -> bool:
    """Whether a person may write the draft: who set it up may too."""
    return session.created_by_id == user.pk or may_run(session, user)


def calibrations_to_score(user: Any) -> QuerySet[CalibrationSession]:
    """Rounds in which this person still has sheets to fill in, the earliest due first."""
    mine = Participant.objects.filter(user=user, finished_at__isnull=True)
    return CalibrationSession.objects.filter(
        state=State.SCORING, pk__in=mine.values("session")
    ).order_by("due_at", "pk")


def comparison(session: CalibrationSession, user: Any) -> Comparison:
    """Return the sheets of a round that this person may read, beside each other."""
    return compare(session, reviews_visible_to(user))


def compare(session: CalibrationSession, reviews: ReviewQuerySet) -> Comparison:
    """Put those of ``reviews`` that are finished sheets of the round beside each other.

    Services, which show nothing to anybody, pass every review.
    """
    sheets = (
        reviews.filter(calibration_item__session=session, state__in=FINISHED_STATES)
        .select_related("reviewer")
        .prefetch_related(Prefetch("answers", queryset=Answer.objects.order_by("pk")))
        .order_by("calibration_item__position", "reviewer_id")
    )
    items = session.items.select_related(
        "ticket__category", "ticket__channel", "ticket__organisation__tier", "agent"
    ).prefetch_related("ticket__tags")
    return Comparison(
        session=session,
        card=card_of(session.version),
        items=list(items.order_by("position")),
        sheets=list(sheets),
        decisions=active_decisions(session),
    )


def active_decisions(
    session: CalibrationSession,
) -> dict[tuple[int, str], CalibrationDecision]:
    """Decisions in force by ticket and criterion."""
    rows = CalibrationDecision.objects.filter(
        item__session=session, is_active=True
    ).select_related("item", "decided_by")
    return {(row.item.ticket_id, row.criterion_key): row for row in rows}


def is_open_to(session: CalibrationSession, user: Any) -> bool:
    """Whether a person may read what every sheet together says.

    Scores must be open, and each submitted sheet must be readable for this person: who
    is still to score one of the tickets elsewhere waits with everything.
    """
    if session.state not in OPEN_TO_ALL:
        return False
    sheets = {"calibration_item__session": session, "state__in": FINISHED_STATES}
    readable = reviews_visible_to(user).filter(**sheets).count()
    return readable == Review.objects.filter(**sheets).count()


def own_sheets(session: CalibrationSession, user: Any) -> list[dict[str, Any]]:
    """One row a ticket: the item, and this person's sheet if there is one."""
    mine = {
        review.calibration_item_id: review
        for review in reviews_visible_to(user).filter(
            calibration_item__session=session, reviewer=user
        )
    }
    items = session.items.select_related("ticket", "agent").order_by("position")
    return [{"item": item, "review": mine.get(item.pk)} for item in items]


def drawn_at_random(
    *, count: int, seed: int, without: Iterable[int] = ()
) -> list[tuple[int, int]]:
    """Return tickets and their agents out of the newest draw, the same for one seed.

    Those of ``without`` (tickets) are left out. Fewer when the draw has fewer.
    """
    draw = SamplingDraw.objects.order_by("-taken_at", "-pk").first()
    if draw is None:
        return []
    found = dict(
        draw.items.exclude(ticket__in=list(without))
        .order_by("ticket_id")
        .values_list("ticket_id", "agent_id")
    )
    chosen = Random(seed).sample(sorted(found), min(count, len(found)))  # noqa: S311 -- repeatable, guards nothing
    return [(ticket, found[ticket]) for ticket in chosen]
