"""Calibrations of the story: two that were closed, one that waits for its scores."""

from datetime import UTC, date, datetime, time, timedelta

from qa.models import CalibrationItem, CalibrationSession, Review
from qa.selectors.calibration import compare
from qa.services import calibration, gold
from qa.services.history import append_reviews
from supportops.demo.core import remarks
from supportops.demo.core.quality import DRIFTING, REVIEWERS
from supportops.demo.people import Cast
from supportops.demo.quality.reviews import ReviewWriter
from workforce.people.models import User

TICKETS = 6
GOLD = 4
PATIENT = ("nora.keller", "mei.tanaka")
"""Who has scored already in the round that is still open."""


class Calibrator:
    """Holds calibration rounds with the story's reviewers."""

    def __init__(self, *, cast: Cast, writer: ReviewWriter) -> None:
        self.writer = writer
        self.lead = cast.users["nora.keller"]
        self.everybody = [cast.users[name] for name in REVIEWERS]
        # Who knows a round's answers cannot be examined with its tickets.
        self.examined = cast.users[DRIFTING]
        self.reviewers = [user for user in self.everybody if user != self.examined]

    def hold(self, day: date) -> CalibrationSession | None:
        """Hold a whole round that begins on a day, from its draft to its end."""
        at = datetime.combine(day, time(9), UTC)
        session = self._started(at, self.reviewers)
        if session is None:
            return None
        for user in self.reviewers:
            self._score(session, user, at + timedelta(days=1))
        later = at + timedelta(days=3)
        calibration.reveal(session_id=session.pk, actor=self.lead, at=later)
        self._decide(session, later + timedelta(hours=1))
        calibration.finish_decisions(
            session_id=session.pk, actor=self.lead, at=later + timedelta(hours=2)
        )
        calibration.close(
            session_id=session.pk, actor=self.lead, at=later + timedelta(hours=3)
        )
        for item in session.items.order_by("position")[:GOLD]:
            gold.create_gold(item_id=item.pk, actor=self.lead, at=later)
        return session

    def open_one(self, until: datetime) -> CalibrationSession | None:
        """Start a round that still waits for some scores."""
        session = self._started(until - timedelta(days=1), self.everybody)
        if session is not None:
            for user in self.everybody:
                if user.username in PATIENT:
                    self._score(session, user, until - timedelta(hours=5))
        return session

    def _started(
        self, at: datetime, reviewers: list[User]
    ) -> CalibrationSession | None:
        tickets = self._tickets(at)
        if len(tickets) < TICKETS:
            return None
        session = calibration.create_calibration(
            title=f"Calibration of {at.day} {at:%B %Y}",
            version_id=self.writer.version.pk,
            facilitator=self.lead,
            due_at=at + timedelta(days=3),
            actor=self.lead,
            at=at,
        )
        calibration.set_tickets(
            session_id=session.pk,
            ticket_ids=[row.ticket_id for row in tickets],
            agents={row.ticket_id: row.agent_id for row in tickets},
            actor=self.lead,
            at=at,
        )
        calibration.set_participants(
            session_id=session.pk, users=reviewers, actor=self.lead, at=at
        )
        return calibration.start_scoring(session_id=session.pk, actor=self.lead, at=at)

    def _tickets(self, at: datetime) -> list[Review]:
        """Return reviewed tickets of the weeks before, none of a reviewer's own."""
        found = (
            Review.objects.counted()
            .filter(released_at__lt=at)
            .exclude(agent__in=self.everybody)
            .exclude(ticket__in=CalibrationItem.objects.values("ticket"))
            .order_by("-released_at", "pk")
        )
        rows: dict[int, Review] = {}
        for review in found[: 10 * TICKETS]:
            rows.setdefault(review.ticket_id, review)
        return list(rows.values())[:TICKETS]

    def _score(self, session: CalibrationSession, user: User, at: datetime) -> None:
        sheets = []
        for item in session.items.order_by("position"):
            at += timedelta(minutes=9)
            sheets.append(
                self.writer.review(
                    ticket_id=item.ticket_id,
                    agent_id=item.agent_id,
                    reviewer_id=user.pk,
                    at=at,
                    kind=Review.Kind.CALIBRATION,
                    basis=Review.Basis.TARGETED,
                    calibration_item_id=item.pk,
                )
            )
        append_reviews(sheets, at=at)
        calibration.finish_participant(session_id=session.pk, user=user, at=at)

    def _decide(self, session: CalibrationSession, at: datetime) -> None:
        """Agree on the middle of what was said."""
        found = compare(session, Review.objects.all())
        items = {item.ticket_id: item.pk for item in found.items}
        for place, cell in enumerate(found.unsettled):
            marks = sorted(cell.marks, key=lambda mark: mark.share or 0.0)
            calibration.decide(
                item_id=items[cell.ticket],
                criterion=cell.criterion,
                level=marks[len(marks) // 2].value,
                reason=remarks.DECIDED[place % len(remarks.DECIDED)],
                actor=self.lead,
                at=at,
            )
