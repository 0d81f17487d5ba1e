"""Writes the assistant's conversations, with the answers the assistant really gives."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from kb.models import AssistantRules, Conversation, Place, Search, Turn
from kb.selectors.readers import ANYBODY
from kb.services.assistant.finding import Answer, find_answer
from kb.services.reading import folded
from supportops.demo.core import assistant as story
from supportops.demo.core import visits as core
from supportops.demo.core.questions import QUESTIONS, Question
from supportops.demo.kb.articles import EDITOR, Shelf
from supportops.demo.kb.traffic import BATCH, YEAR_DAYS
from supportops.demo.people import Cast
from tickets.models import Ticket

State = Conversation.State
JUDGES = (EDITOR, "mei.tanaka")


class Talks:
    """Plays conversations; a year of them asks a few hundred different questions."""

    def __init__(self, shelf: Shelf, cast: Cast, *, seed: int) -> None:
        self.shelf, self.cast = shelf, cast
        self.random = np.random.default_rng(seed)
        self.luck: Iterator[float] = core.dice(self.random)
        rules = AssistantRules.objects.order_by("pk").first() or AssistantRules()
        self.threshold = float(rules.threshold)
        self.known: dict[tuple[str, str], Answer] = {}
        self.talks: list[Conversation] = []
        self.turns: list[Turn] = []
        self.searches: list[Search] = []

    def play(self, calendar: core.Calendar, *, scale: float) -> None:
        days = (calendar.end - calendar.start) / core.DAY
        count = max(1, round(story.TALKS * scale * days / YEAR_DAYS))
        about = core.question_places(count, self.random)
        moments = calendar.moments(count, self.random)
        keys = core.keys(count, self.random)
        for key, at, place in zip(keys, moments, about, strict=True):
            self._talk(key, datetime.fromtimestamp(at, UTC), QUESTIONS[place])
        for ticket in self._tickets():
            question = core.by_subject()[ticket.subject]
            minutes = 2 + 3 * next(self.luck)
            started = ticket.created_at - timedelta(minutes=minutes)
            key = core.keys(1, self.random)[0]
            self._talk(key, started, question, ticket=ticket)

    def _tickets(self) -> list[Ticket]:
        rows = Ticket.objects.filter(
            channel__code="chat", subject__in=list(core.by_subject())
        )
        return [
            row
            for row in rows.only("pk", "subject", "created_at").order_by("pk")
            if next(self.luck) < story.FROM_TICKETS
        ]

    def _talk(
        self,
        visitor: str,
        at: datetime,
        question: Question,
        *,
        ticket: Ticket | None = None,
    ) -> None:
        talk = Conversation(
            visitor=visitor,
            language=question.language,
            started_at=at,
            ticket=ticket,
        )
        self.talks.append(talk)
        turn = self._turn(talk, question, at, ticket)
        if not turn.is_right and next(self.luck) < story.ASKS_MORE:
            at += timedelta(seconds=30 + 60 * next(self.luck))
            turn = self._turn(talk, question, at, ticket)
        talk.state, talk.ended_at = self._end(turn, ticket)

    def _end(self, turn: Turn, ticket: Ticket | None) -> tuple[str, datetime | None]:
        if ticket is not None:
            return State.HANDED_OVER, ticket.created_at
        if turn.is_right and turn.judged_by_id is None:
            return State.ANSWERED, turn.judged_at
        return State.LEFT, turn.at + timedelta(minutes=30)

    def _turn(
        self,
        talk: Conversation,
        question: Question,
        at: datetime,
        ticket: Ticket | None,
    ) -> Turn:
        text = story.sentence(question, next(self.luck))
        answer = self._answer(text, question.language)
        passage = answer.passage
        confidence = answer.confidence if passage else 0.0
        is_shown = passage is not None and confidence >= self.threshold
        own = answer.article.pk if answer.article and is_shown else None
        turn = Turn(
            conversation=talk, question=text, article=answer.article,
            version=answer.version, passage=passage.text if passage else "",
            heading=passage.heading[:200] if passage else "",
            anchor=passage.anchor[:120] if passage else "",
            suggested=[pk for pk in answer.links if pk != own],
            search_confidence=confidence if passage else None, confidence=confidence,
            was_shown=is_shown, at=at,
        )  # fmt: skip
        if passage is not None:
            self._judge(turn, question, answer, ticket)
        self.turns.append(turn)
        self.searches.append(self._search(talk, turn, answer))
        return turn

    def _answer(self, text: str, language: str) -> Answer:
        key = text, language
        if key not in self.known:
            self.known[key] = find_answer(
                text, visitor="", audience=ANYBODY, language=language
            )
        return self.known[key]

    def _judge(
        self, turn: Turn, question: Question, answer: Answer, ticket: Ticket | None
    ) -> None:
        """Let the visitor or the staff say whether the passage answered."""
        target = self.shelf.articles.get(question.target)
        fits = target is not None and answer.article == target
        share = story.RIGHT_IF_FITS if fits else story.RIGHT_ELSE
        is_right = next(self.luck) < share
        luck = next(self.luck)
        if turn.was_shown and ticket is None and luck < story.VISITORS_JUDGE:
            turn.is_right = is_right
            turn.judged_at = turn.at + timedelta(seconds=20)
        elif luck > 1 - story.STAFF_JUDGE:
            judge = JUDGES[int(next(self.luck) * len(JUDGES))]
            turn.is_right, turn.judged_by = is_right, self.cast.users[judge]
            turn.judged_at = min(turn.at + timedelta(days=4), self.shelf.until)

    def _search(self, talk: Conversation, turn: Turn, answer: Answer) -> Search:
        """Keep the search that each question is, as the assistant does."""
        found = answer.results
        shown = [hit.article_id for hit in found.hits] if found.is_good else []
        corrected = found.corrected[:300] if found.is_good else ""
        return Search(
            visitor=talk.visitor, place=Place.ASSISTANT, language=talk.language,
            text=turn.question[:300], folded=folded(turn.question),
            corrected=corrected, results=len(shown), shown=shown,
            ticket=talk.ticket, at=turn.at,
        )  # fmt: skip

    def write(self) -> None:
        Conversation.objects.bulk_create(self.talks, batch_size=BATCH)
        for turn in self.turns:
            # The conversation had no key when the turn was made.
            turn.conversation = turn.conversation
        Turn.objects.bulk_create(self.turns, batch_size=BATCH)
        Search.objects.bulk_create(self.searches, batch_size=BATCH)


def write_talks(
    shelf: Shelf, cast: Cast, *, start: datetime, scale: float, seed: int
) -> int:
    """Write the conversations from ``start`` to the shelf's end; return how many."""
    calendar = core.calendar_of(start, shelf.until - timedelta(hours=1))
    talks = Talks(shelf, cast, seed=seed)
    talks.play(calendar, scale=scale)
    talks.write()
    return len(talks.talks)
