"""Turns drawn tickets into reviews as the invented reviewers would have written them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from qa.core.scorecard import LEVELS, Criterion, Scorecard
from qa.core.scoring import Given
from qa.models import Pin, Review, RootCause, SampleItem, SamplingDraw, ScorecardVersion
from qa.services.history import HistoricPin, HistoricReview
from supportops.demo.core import remarks
from supportops.demo.core.quality import judge
from supportops.demo.people import Cast
from tickets.models import Message

Kind, Basis, Why = Review.Kind, Review.Basis, SampleItem.Why
KINDS = {Why.OVERLAP: Kind.OVERLAP, Why.GOLD: Kind.GOLD}
DISPUTE_TIME = timedelta(hours=72)
CHECKLIST = "checklist"
DAYS_FOR_A_DRAW = 2
ACKNOWLEDGED = 0.9
PINNED = 0.3
GOOD = 0.85
EXEMPLARY = 0.9
"""Share of a full score from which on a review is worth showing, for one in four."""


class ReviewWriter:
    """Plays reviewers: when they come to a ticket, what they see, what they write."""

    def __init__(
        self,
        *,
        cast: Cast,
        luck: Mapping[int, float],
        version: ScorecardVersion,
        start: datetime,
        until: datetime,
        seed: int,
    ) -> None:
        self.version, self.until, self.start = version, until, start
        self.card = Scorecard.from_dict(version.definition)
        self.names = {user.pk: name for name, user in cast.users.items()}
        self.teams = {user.pk: user.team_id for user in cast.users.values()}
        self.luck = luck
        self.random = np.random.default_rng(seed)
        self.said: dict[int, list[Message]] = {}
        self.causes = list(
            RootCause.objects.filter(is_active=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        self.scale = {
            each.key: {
                level.key: level.points / each.max_points for level in each.levels
            }
            for each in self.card.criteria()
            if each.kind == LEVELS
        }

    def reviews_of(self, taken: SamplingDraw) -> list[HistoricReview]:
        """Return what has become of a draw's items so far."""
        self._read_messages(taken)
        items = taken.items.filter(reviewer__isnull=False).order_by(
            "reviewer", "position"
        )
        return [
            self.review(
                ticket_id=item.ticket_id,
                agent_id=item.agent_id,
                reviewer_id=item.reviewer_id or 0,
                at=at,
                kind=KINDS.get(Why(item.why), Kind.ASSIGNED),
                basis=Basis.RANDOM if item.why == Why.RANDOM else Basis.TARGETED,
                due_at=item.due_at,
                sample_item_id=item.pk,
            )
            for item, at in self._when(list(items), taken.taken_at)
            if at < self.until
        ]

    def _read_messages(self, taken: SamplingDraw) -> None:
        """Remember what was said to customers on the draw's tickets: it may be pinned."""
        said = Message.objects.filter(
            ticket__in=taken.items.values("ticket"), direction=Message.Direction.OUT
        )
        self.said = {}
        for message in said.order_by("at", "pk"):
            self.said.setdefault(message.ticket_id, []).append(message)

    def finish(self, taken: SamplingDraw) -> None:
        """Mark the items whose review is in."""
        done = Review.objects.filter(
            sample_item__draw=taken, submitted_at__isnull=False
        ).values("sample_item")
        taken.items.filter(pk__in=done).update(state=SampleItem.State.DONE)

    def review(
        self,
        *,
        ticket_id: int,
        agent_id: int,
        reviewer_id: int,
        at: datetime,
        kind: str,
        basis: str,
        **values: object,
    ) -> HistoricReview:
        """Return one review, as far as it has come by the end of the story."""
        judged = judge(
            self.random,
            self.scale,
            agent=self.names[agent_id],
            reviewer=self.names[reviewer_id],
            went=self.luck.get(ticket_id, 0.0),
            share_of_year=self._share(at),
        )
        shares = {key: self.scale[key][level] for key, level in judged.levels.items()}
        row = HistoricReview(
            ticket_id=ticket_id,
            agent_id=agent_id,
            team_id=self.teams[agent_id],
            reviewer_id=reviewer_id,
            version=self.version,
            kind=kind,
            basis=basis,
            answers=self._answers(judged.levels, shares),
            started_at=at,
            **values,  # type: ignore[arg-type]
        )
        self._write_words(row, shares)
        self._pin(row, shares)
        self._let_time_pass(row)
        return row

    def _share(self, at: datetime) -> float:
        return (at - self.start) / (self.until - self.start)

    def _when(
        self, items: Sequence[SampleItem], taken_at: datetime
    ) -> Iterator[tuple[SampleItem, datetime]]:
        """Yield each item with the moment its reviewer opens it: one after another.

        They take their time: of a draw taken a day ago about half is still to do.
        """
        given = Counter(item.reviewer_id for item in items)
        last: dict[int | None, datetime] = {}
        for item in items:
            reviewer = item.reviewer_id
            pace = DAYS_FOR_A_DRAW * 24 / given[reviewer]
            pause = timedelta(hours=float(self.random.uniform(0.5, 1.5)) * pace)
            last[reviewer] = last.get(reviewer, taken_at + timedelta(hours=1)) + pause
            yield item, last[reviewer]

    def _answers(
        self, levels: Mapping[str, str], shares: Mapping[str, float]
    ) -> dict[str, Given]:
        answers = {key: Given(level=level) for key, level in levels.items()}
        for criterion in self.card.criteria():
            if criterion.key not in answers and criterion.checks:
                answers[criterion.key] = self._ticked(
                    criterion, float(np.mean([*shares.values()]))
                )
        return answers

    def _ticked(self, criterion: Criterion, share: float) -> Given:
        lucky = self.random.random(len(criterion.checks)) < 0.25 + 0.75 * share
        return Given(
            checked=frozenset(
                check.key
                for check, ticked in zip(criterion.checks, lucky, strict=True)
                if ticked
            )
        )

    def _write_words(self, row: HistoricReview, shares: Mapping[str, float]) -> None:
        best, worst = (
            max(shares, key=shares.__getitem__),
            min(shares, key=shares.__getitem__),
        )
        row.strengths = self._one_of(remarks.STRENGTHS.get(best, ("",)))
        row.focus = remarks.FOCUS.get(worst, "")
        comments, causes = {}, {}
        for key, given in row.answers.items():
            criterion = self.card.criterion(key)
            if criterion.kind != LEVELS or criterion.comment_below is None:
                continue
            if criterion.level(given.level).points < criterion.comment_below:
                comments[key] = self._one_of(remarks.COMMENTS.get(key, ("",)))
                causes[key] = [self.causes[int(self.random.integers(len(self.causes)))]]
        row.comments, row.causes = comments, causes
        mean = float(np.mean([*shares.values()]))
        row.is_exemplary = mean > EXEMPLARY and bool(self.random.random() < 0.25)

    def _pin(self, row: HistoricReview, shares: Mapping[str, float]) -> None:
        """Pin the first line of one of the agent's own messages, now and then."""
        said = [
            message
            for message in self.said.get(row.ticket_id, [])
            if message.author_id == row.agent_id
        ]
        if not said or self.random.random() > PINNED:
            return
        message = said[int(self.random.integers(len(said)))]
        quote = message.body.splitlines()[-1]
        start = message.body.rindex(quote)
        is_good = float(np.mean([*shares.values()])) >= GOOD
        choose = max if is_good else min
        key = choose(shares, key=shares.__getitem__)
        words = remarks.STRENGTHS if is_good else remarks.COMMENTS
        row.pins = [
            HistoricPin(
                message_id=message.pk,
                start=start,
                end=start + len(quote),
                quote=quote,
                tone=Pin.Tone.PRAISE if is_good else Pin.Tone.ISSUE,
                text=self._one_of(words.get(key, ("",))),
                criterion_key=key,
            )
        ]

    def _let_time_pass(self, row: HistoricReview) -> None:
        """Submit, release, acknowledge and close, as far as the story goes."""
        seconds = float(self.random.lognormal(5.9, 0.45))
        row.active_seconds = int(seconds)
        submitted = row.started_at + timedelta(seconds=1.3 * seconds)
        if submitted >= self.until:
            return
        row.submitted_at = submitted
        released = submitted + timedelta(hours=float(self.random.uniform(0.2, 14)))
        if row.kind != Kind.ASSIGNED or released >= self.until:
            return
        row.released_at = released
        read = released + timedelta(hours=float(self.random.exponential(20)))
        if read < self.until and self.random.random() < ACKNOWLEDGED:
            row.acknowledged_at = read
            row.acknowledgement = self._one_of(remarks.ACKNOWLEDGEMENTS)
        row.closed = released + DISPUTE_TIME < self.until

    def _one_of(self, texts: Sequence[str]) -> str:
        return texts[int(self.random.integers(len(texts)))]
