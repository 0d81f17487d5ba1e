"""Turns the played floor into tickets, through the service that imports use too."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.conf import settings

from supportops.demo.core import story
from supportops.demo.core.floor import PlayedTicket, Step
from supportops.demo.core.voice import voiced
from supportops.demo.people import Cast
from tickets.models import Message, Status, TicketEvent
from tickets.services.history import HistoricEvent, HistoricMessage, TicketHistory

Kind = TicketEvent.Kind
Direction = Message.Direction

MOVES = {
    "in-progress": "in-progress",
    "waiting": "waiting",
    "escalated": "escalated",
    "resolved": "resolved",
    "reopened": "reopened",
    "closed": "closed",
}


class HistoryWriter:
    """Keeps the state a played ticket is in while its steps become events."""

    def __init__(self, cast: Cast, *, seed: int) -> None:
        self.cast = cast
        self.random = np.random.default_rng(seed)
        self.states = dict(Status.objects.values_list("code", "category"))

    def history(self, ticket: PlayedTicket, *, stars: int = 0) -> TicketHistory:
        """Return the ticket as the log will hold it; ``stars`` 0 answered no survey."""
        contact = self.cast.contacts[ticket.customer]
        ended = any(step.kind == "resolved" for step in ticket.steps)
        return TicketHistory(
            subject=ticket.subject,
            events=self._events(ticket),
            organisation_id=contact.organisation_id,
            requester_id=contact.pk,
            channel_id=self.cast.channels[ticket.channel],
            product_area_id=self.cast.areas[ticket.topic.area],
            language="en",
            custom=_custom(ticket, stars) if ended else {},
        )

    def _events(self, ticket: PlayedTicket) -> Sequence[HistoricEvent]:
        events = self._opening(ticket)
        now = {
            "status": "new",
            "team": story.PEOPLE[0].team,
            "assignee": "",
            "replies": "",
        }
        for step in ticket.steps[1:]:
            events += self._after(step, ticket, now)
        return events

    def _opening(self, ticket: PlayedTicket) -> list[HistoricEvent]:
        at, first = ticket.created_at, ticket.steps[0]
        team = self.cast.teams[story.PEOPLE[0].team]
        category = self.cast.categories[ticket.topic.category]
        return [
            HistoricEvent(at, Kind.CREATED, to_value="new", state=self.states["new"]),
            HistoricEvent(at, Kind.PRIORITY, to_value=ticket.priority),
            HistoricEvent(at, Kind.TEAM, to_value=team.name, details={"id": team.pk}),
            HistoricEvent(
                at,
                Kind.CATEGORY,
                to_value=category.path,
                details={"id": category.pk},
            ),
            HistoricEvent(at, Kind.LEVEL, to_value="L1"),
            self._said(at, Direction.IN, first.value, ticket),
        ]

    def _after(
        self, step: Step, ticket: PlayedTicket, now: dict[str, str]
    ) -> list[HistoricEvent]:
        actor = self._user_id(step.who)
        if step.kind == "reply":
            body = self._voiced(step, ticket, is_first=not now["replies"])
            now["replies"] = "yes"
            return [self._said(step.at, Direction.OUT, body, ticket, actor)]
        if step.kind == "note":
            return [self._said(step.at, Direction.INTERNAL, step.value, ticket, actor)]
        if step.kind == "customer":
            return [self._said(step.at, Direction.IN, step.value, ticket)]
        if step.kind == "assigned":
            return [self._assigned(step, actor, now)]
        if step.kind == "team":
            return self._moved(step, actor, now)
        return self._status(step, actor, now)

    def _voiced(self, step: Step, ticket: PlayedTicket, *, is_first: bool) -> str:
        return voiced(
            step.value,
            random=self.random,
            agent=step.who,
            customer=self.cast.contacts[ticket.customer].name,
            subject=ticket.subject,
            is_first=is_first,
        )

    def _said(
        self,
        at: datetime,
        direction: str,
        body: str,
        ticket: PlayedTicket,
        author_id: int | None = None,
    ) -> HistoricEvent:
        is_customer = direction == Direction.IN
        contact = self.cast.contacts[ticket.customer] if is_customer else None
        message = HistoricMessage(
            body=body,
            author_id=author_id,
            contact_id=contact.pk if contact else None,
            author_name=contact.name if contact else "",
        )
        return HistoricEvent(
            at, Kind.MESSAGE, author_id, direction=direction, message=message
        )

    def _assigned(
        self, step: Step, actor: int | None, now: dict[str, str]
    ) -> HistoricEvent:
        user = self.cast.users[step.value]
        before, now["assignee"] = now["assignee"], str(user)
        return HistoricEvent(
            step.at,
            Kind.ASSIGNEE,
            actor,
            from_value=before,
            to_value=str(user),
            details={"id": user.pk},
        )

    def _moved(
        self, step: Step, actor: int | None, now: dict[str, str]
    ) -> list[HistoricEvent]:
        team = self.cast.teams[step.value]
        before, now["team"] = now["team"], team.name
        level = story.TEAMS[step.value]
        return [
            HistoricEvent(
                step.at,
                Kind.TEAM,
                actor,
                from_value=before,
                to_value=team.name,
                details={"id": team.pk},
            ),
            HistoricEvent(step.at, Kind.LEVEL, actor, to_value=level),
        ]

    def _status(
        self, step: Step, actor: int | None, now: dict[str, str]
    ) -> list[HistoricEvent]:
        code = MOVES[step.kind]
        if code == now["status"]:
            return []
        before, now["status"] = now["status"], code
        details = {"outcome": "SOLVED"} if code == "resolved" else {}
        return [
            HistoricEvent(
                step.at,
                Kind.STATUS,
                actor,
                from_value=before,
                to_value=code,
                state=self.states[code],
                details=details,
            )
        ]

    def _user_id(self, username: str) -> int | None:
        return self.cast.users[username].pk if username else None


def _custom(ticket: PlayedTicket, stars: int) -> dict[str, int | float]:
    """Return what the old system knew beside: hands-on minutes, and stars if given."""
    known: dict[str, int | float] = {
        settings.HANDLE_TIME_FIELD: round(ticket.worked_minutes, 1)
    }
    if stars:
        known[settings.SATISFACTION_FIELD] = stars
    return known
