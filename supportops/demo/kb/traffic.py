"""Sends visitors through a year: to the search, to articles, to the ticket form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from kb.core.arms import is_drawn
from kb.models import AssistantRules, FormVisit, Place
from kb.services.forms import SALT
from supportops.demo.core import forms, story
from supportops.demo.core import visits as core
from supportops.demo.core.questions import QUESTIONS
from supportops.demo.kb.visits import BATCH, Recorder, Visit
from tickets.models import Ticket

SEARCHES = 46_000
"""Visits of a year that begin with a search; one in six searches a second time."""
BROWSES = 9_000
"""Visits of a year that begin with an article: a link, a bookmark, another search."""
VISITORS = 19_000
"""Browsers of these; those who open the form come on top."""
AGENTS_SEARCH = 1_300
STAFF_READS = ("unlock-an-account", "refund-rules", "during-an-api-incident")
SUGGESTED = 3
YEAR_DAYS = 365
MINUTE = 60.0
NEAR = 15
"""Forms that are not sent resemble one of so many tickets before or after."""


@dataclass(frozen=True, slots=True)
class WebTicket:
    pk: int
    at: float
    subject: str


class Traffic:
    """Draws the visits of the story and hands them to the recorder."""

    def __init__(
        self, recorder: Recorder, calendar: core.Calendar, *, scale: float, seed: int
    ) -> None:
        self.recorder, self.calendar = recorder, calendar
        self.random = np.random.default_rng(seed)
        self.scale = scale * (calendar.end - calendar.start) / core.DAY / YEAR_DAYS
        self.forms: list[FormVisit] = []

    def count(self, of_a_year: int) -> int:
        return max(1, round(of_a_year * self.scale))

    def play(self) -> None:
        """Play all kinds of visits, in the order of time where readers may be the same."""
        visits = [*self._help(), *self._agents(), *self._forms()]
        for visit in sorted(visits, key=lambda visit: visit.at):
            self.recorder.play(visit)

    def write(self) -> None:
        self.recorder.write()
        FormVisit.objects.bulk_create(self.forms, batch_size=BATCH)

    # The help centre ----------------------------------------------------------------------

    def _help(self) -> list[Visit]:
        searches, browses = self.count(SEARCHES), self.count(BROWSES)
        count = searches + browses
        keys = core.keys(self.count(VISITORS), self.random)
        who = self.random.integers(len(keys), size=count)
        about = core.question_places(count, self.random)
        usual = self.calendar.moments(count, self.random)
        trouble = self.calendar.moments(count, self.random, is_api=True)
        visits = []
        for place in range(count):
            question = QUESTIONS[about[place]]
            at = float(trouble[place] if question.is_api else usual[place])
            if place < searches:
                visits.append(Visit(keys[who[place]], at, question))
            elif question.target:
                visits.append(Visit(keys[who[place]], at, opens=question.target))
        return visits

    def _agents(self) -> list[Visit]:
        """Agents look things up while they answer; that is no self-service."""
        count = self.count(AGENTS_SEARCH)
        agents = [person for person in story.PEOPLE if person.level]
        keys = core.keys(len(agents), self.random)
        about = core.question_places(count, self.random)
        at = self.calendar.moments(count, self.random)
        who = self.random.integers(len(keys), size=count)
        searches = [
            Visit(keys[who[i]], float(at[i]), QUESTIONS[about[i]], place=Place.AGENT)
            for i in range(count)
        ]
        own = [
            Visit(
                keys[-1 - who[i]],
                float(at[i]),
                opens=STAFF_READS[i % len(STAFF_READS)],
                place=Place.AGENT,
            )
            for i in range(0, count, 3)
        ]
        return [*searches, *own]

    # The ticket form ----------------------------------------------------------------------

    def _forms(self) -> list[Visit]:
        """Open forms until each ticket from the web has been sent with one.

        Of each group the planned share is sent, evenly over time: a month shows what the
        year shows. The rest of those who opened the form left.
        """
        tickets = self._web_tickets()
        rules = AssistantRules.objects.order_by("pk").first() or AssistantRules()
        share = Decimal(str(rules.holdout))
        rates = {True: forms.SENT_HELD_OUT, False: forms.SENT_SHOWN}
        due = {True: 0.5, False: 0.5}
        place, visits = 0, list[Visit]()
        for key in self._strangers():
            if place >= len(tickets):
                break
            is_held_out = is_drawn(key, salt=SALT, share=share)
            due[is_held_out] += rates[is_held_out]
            is_sent = due[is_held_out] >= 1
            due[is_held_out] -= is_sent
            ticket = tickets[place] if is_sent else self._alike(tickets, place)
            place += is_sent
            arm = FormVisit.Arm.HELD_OUT if is_held_out else FormVisit.Arm.SHOWN
            visits += self._form(key, arm, ticket, is_sent=is_sent)
        return visits

    def _strangers(self) -> Iterator[str]:
        while True:
            yield from core.keys(1_000, self.random)

    def _web_tickets(self) -> list[WebTicket]:
        """Return the tickets that came by the form, the oldest first."""
        rows = Ticket.objects.filter(channel__code="web").order_by("created_at", "pk")
        return [
            WebTicket(pk, at.timestamp(), subject)
            for pk, at, subject in rows.values_list("pk", "created_at", "subject")
            if self.random.random() < forms.OF_TICKETS
        ]

    def _alike(self, tickets: list[WebTicket], place: int) -> WebTicket:
        """Return a question like those sent around then, at another moment."""
        near = place + int(self.random.integers(-NEAR, NEAR + 1))
        model = tickets[min(max(near, 0), len(tickets) - 1)]
        at = model.at + float(self.random.normal(0, 0.4)) * 3600
        inside = self.calendar.start + core.DAY < at < self.calendar.end - MINUTE
        return WebTicket(0, at if inside else model.at, model.subject)

    def _form(
        self, key: str, arm: str, ticket: WebTicket, *, is_sent: bool
    ) -> list[Visit]:
        minutes = 1.5 + 4 * self.random.random()
        opened_at = ticket.at - minutes * MINUTE
        suggested, opened = self._suggested(arm, ticket, is_sent=is_sent)
        self.forms.append(
            FormVisit(
                visitor=key,
                arm=arm,
                subject=ticket.subject if is_sent else self._cut(ticket.subject),
                suggested=suggested,
                opened_id=opened,
                ticket_id=ticket.pk or None,
                was_sent=is_sent,
                at=datetime.fromtimestamp(opened_at, UTC),
            )
        )
        question = core.by_subject().get(ticket.subject)
        visits = []
        ticket_id = ticket.pk or None
        if question and self.random.random() < forms.SEARCHED_BEFORE:
            before = opened_at - (2 + 9 * self.random.random()) * MINUTE
            keen = forms.KEEN_BEFORE
            visits.append(Visit(key, before, question, keen=keen, ticket_id=ticket_id))
        if opened:
            visits.append(
                Visit(
                    key,
                    opened_at + 0.6 * MINUTE,
                    opens=self.recorder.slugs[opened],
                    place=Place.FORM,
                    ticket_id=ticket_id,
                )
            )
        return visits

    def _suggested(
        self, arm: str, ticket: WebTicket, *, is_sent: bool
    ) -> tuple[list[int], int | None]:
        if arm == FormVisit.Arm.HELD_OUT:
            return [], None
        found = self.recorder.finder.find(ticket.subject)
        at = datetime.fromtimestamp(ticket.at, UTC)
        shown = self.recorder.published(found.shown, at)[:SUGGESTED]
        share = forms.OPENED_AND_SENT if is_sent else forms.OPENED_INSTEAD
        if not shown or self.random.random() >= share:
            return shown, None
        return shown, shown[0 if self.random.random() < 0.8 else -1]

    def _cut(self, subject: str) -> str:
        share = forms.TYPED_LEAST + (1 - forms.TYPED_LEAST) * self.random.random()
        return subject[: max(4, round(len(subject) * share))].strip()


def play_year(
    recorder: Recorder,
    *,
    start: datetime,
    scale: float,
    seed: int,
) -> Traffic:
    """Play and write everything visitors did from ``start`` to the shelf's end."""
    calendar = core.calendar_of(start, recorder.shelf.until - timedelta(minutes=10))
    traffic = Traffic(recorder, calendar, scale=scale, seed=seed)
    traffic.play()
    traffic.write()
    return traffic
