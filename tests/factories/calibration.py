"""Calibrations for tests: rounds through their services, sheets written as rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from qa.core.scorecard import Scorecard as Card
from qa.core.scoring import Given, score
from qa.models import Answer, CalibrationSession, Review
from qa.services import calibration as services
from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.quality import CARD, agent, published_card, reviewer
from tests.factories.tickets import MONDAY_9AM, open_ticket
from workforce.people.models import User

SAME = {"solution": "p4", "tone": "p4"}
"""Sheets that agree with each other: 100 points."""
LOWER = {"solution": "p2", "tone": "p4"}
"""Two levels lower on the solution: 70 points."""


def calibration(
    *,
    reviewers: int = 3,
    tickets: int = 2,
    at: datetime = MONDAY_9AM,
    card: Card = CARD,
    is_started: bool = True,
    **values: Any,
) -> CalibrationSession:
    """Set up a round through its services; by default its scoring has started."""
    lead = values.pop("facilitator", None) or UserFactory(role=roles.SUPPORT_LEAD)
    people = values.pop("people", None) or [reviewer() for _ in range(reviewers)]
    session = services.create_calibration(
        title=values.pop("title", "Hard ones"),
        version_id=(values.pop("version", None) or published_card(card)).pk,
        facilitator=lead,
        due_at=at + timedelta(days=2),
        actor=lead,
        at=at,
        **values,
    )
    chosen = [open_ticket(assignee=agent()) for _ in range(tickets)]
    how = {"session_id": session.pk, "actor": lead, "at": at}
    services.set_tickets(ticket_ids=[ticket.pk for ticket in chosen], **how)
    services.set_participants(users=people, **how)
    if is_started:
        services.start_scoring(**how)
    session.refresh_from_db()
    return session


def write_sheet(
    session: CalibrationSession,
    position: int,
    writer: User,
    levels: Mapping[str, str],
    *,
    at: datetime = MONDAY_9AM + timedelta(hours=1),
    comment: str = "",
) -> Review:
    """Submit one sheet of a round as rows; ``levels`` is criterion to level key."""
    item = session.items.get(position=position)
    version = session.version
    given = {key: Given(level=level) for key, level in levels.items()}
    result = score(Card.from_dict(version.definition), given, {})
    sheet = Review.objects.create(
        ticket_id=item.ticket_id,
        agent_id=item.agent_id,
        reviewer=writer,
        version=version,
        kind=Review.Kind.CALIBRATION,
        calibration_item=item,
        state=Review.State.SUBMITTED,
        raw_score=result.raw,
        score=result.score,
        passed=result.passed,
        is_critical_fail=bool(result.failed),
        started_at=at,
        changed_at=at,
        submitted_at=at,
    )
    for key, level in levels.items():
        Answer.objects.create(
            review=sheet,
            criterion_key=key,
            level=level,
            share=float(result.points[key]),
            comment=comment,
        )
    services.finish_participant(session_id=session.pk, user=writer, at=at)
    return sheet


def decided_calibration(**values: Any) -> CalibrationSession:
    """Take a round of two reviewers and one ticket to the end of its decisions."""
    session = calibration(reviewers=2, tickets=1, **values)
    for place, row in enumerate(session.participants.select_related("user")):
        write_sheet(session, 1, row.user, SAME if place else LOWER)
    how = {"actor": session.facilitator, "at": MONDAY_9AM + timedelta(hours=2)}
    services.reveal(session_id=session.pk, **how)
    services.decide(
        item_id=session.items.get().pk,
        criterion="solution",
        level="p3",
        reason="The cause was found late.",
        quote="It was the proxy.",
        **how,
    )
    return services.finish_decisions(session_id=session.pk, **how)
