"""Writes what visitors did: searches, readings and votes, most of a year's rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from kb.core.arms import is_drawn
from kb.core.sequential import Counts
from kb.models import ArticleVersion, Experiment, Place, Reading, Search, Vote
from kb.services.reading import folded
from supportops.demo.core import visits as core
from supportops.demo.core import votes as said
from supportops.demo.core.questions import QUESTIONS, Question
from supportops.demo.core.wording import ways
from supportops.demo.kb.articles import Shelf
from supportops.demo.kb.finding import Finder

BATCH = 2_000
AT_ONCE = 10_000
"""Readings held before all rows are written: a heap that stays small is faster."""
RELATED = 0.12
TRIES_AGAIN_AFTER = (12, 110)
OPENS_AFTER = (4, 40)
VOTES_IN_TRIAL = 0.42
"""Readers in a trial are asked with a line of their own, and answer more often."""


@dataclass(slots=True)
class Visit:
    """One visitor at one moment, who searches for a question or opens an article.

    ``opens`` is the article's address; ``keen`` see `core.visits.opened`.
    """

    visitor: str
    at: float
    question: Question | None = None
    opens: str = ""
    place: str = Place.HELP
    keen: float = 1.0
    ticket_id: int | None = None


@dataclass
class Trial:
    """An experiment that readers of the story take part in.

    ``planned`` are the votes on A (``False``) and on B: helpful ones and all of them. They
    come one by one with readers, so that the trial stands where the story wants it.
    """

    experiment: Experiment
    planned: dict[bool, Counts]
    cast: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    def version(self, visitor: str) -> tuple[ArticleVersion, bool]:
        tried = self.experiment
        is_b = is_drawn(visitor, salt=tried.salt, share=tried.share_b)
        return (tried.version_b if is_b else tried.version_a), is_b

    def runs(self, at: datetime) -> bool:
        start, stop = self.experiment.started_at, self.experiment.stopped_at
        return start is not None and start <= at and (stop is None or at < stop)

    def next_vote(self, is_b: bool) -> bool | None:
        """Return whether the next vote is helpful; ``None`` when all were cast."""
        planned, number = self.planned[is_b], self.cast[is_b]
        if number >= planned.readers:
            return None
        self.cast[is_b] += 1
        before, after = (
            count * planned.good // planned.readers for count in (number, number + 1)
        )
        return after > before


class Recorder:
    """Turns visits into rows, and writes them at the end."""

    def __init__(
        self, shelf: Shelf, finder: Finder, trials: dict[str, Trial], *, seed: int
    ) -> None:
        self.shelf, self.finder, self.trials = shelf, finder, trials
        random = np.random.default_rng(seed)
        self.luck: Iterator[float] = core.dice(random)
        self.slugs = {article.pk: slug for slug, article in shelf.articles.items()}
        self.since = {
            shelf.articles[slug].pk: versions[0][0]
            for slug, versions in shelf.lives.items()
        }
        self.typed = {
            question: _Typed(*ways(question, random)) for question in QUESTIONS
        }
        self.readings: list[Reading] = []
        self.votes: list[Vote] = []
        # By the number of searches that follow: a search names the one that refined it.
        self.searches: list[list[Search]] = [[], [], []]
        self.refined: list[tuple[Search, Search]] = []
        self._voted: set[tuple[str, int]] = set()
        self._seen: set[tuple[str, int]] = set()

    # Visits -------------------------------------------------------------------------------

    def play(self, visit: Visit) -> None:
        """Let somebody search, or open an article without."""
        if visit.question is None:
            self._read(visit.opens, visit, visit.at)
        else:
            self._search(visit, visit.question)
        if len(self.readings) >= AT_ONCE:
            self.write()

    def _search(self, visit: Visit, question: Question) -> None:
        """Search, and again in other words while nothing was worth opening."""
        at, chain = visit.at, []
        for share in core.REFINES:
            text = self.typed[question].text(next(self.luck))
            if chain and chain[-1].text == text:
                break
            chain.append(self._searched(visit, question, text, at))
            if chain[-1].clicked_id or next(self.luck) >= share:
                break
            at += self._between(TRIES_AGAIN_AFTER)
        for left, search in enumerate(reversed(chain)):
            self.searches[left].append(search)
        self.refined += pairwise(chain)

    def _searched(
        self, visit: Visit, question: Question, text: str, at: float
    ) -> Search:
        found = self.finder.find(text, question.language)
        moment = datetime.fromtimestamp(at, UTC)
        shown = self.published(found.shown, moment)
        target = self.shelf.articles.get(question.target)
        rank = core.opened(
            shown, target.pk if target else None, self.luck, keen=visit.keen
        )
        search = Search(
            visitor=visit.visitor, place=visit.place, language=question.language,
            text=text, folded=folded(text), corrected=found.corrected,
            results=len(shown), shown=shown, ticket_id=visit.ticket_id, at=moment,
            clicked_id=shown[rank - 1] if rank else None, clicked_rank=rank or None,
        )  # fmt: skip
        if rank:
            slug = self.slugs[shown[rank - 1]]
            self._read(slug, visit, at + self._between(OPENS_AFTER), search)
        return search

    def published(self, articles: Iterable[int], at: datetime) -> list[int]:
        """Return those of the articles that were published then."""
        return [pk for pk in articles if self.since[pk] <= at]

    # Readings -----------------------------------------------------------------------------

    def _read(
        self, slug: str, visit: Visit, at: float, search: Search | None = None
    ) -> None:
        moment = datetime.fromtimestamp(at, UTC)
        if moment >= self.shelf.until:
            return
        version = self.shelf.version_at(slug, moment)
        if version is None:
            return
        trial = self.trials.get(slug)
        is_b: bool | None = None
        if trial and trial.runs(moment) and visit.place != Place.AGENT:
            version, is_b = trial.version(visit.visitor)
        self.readings.append(
            Reading(
                visitor=visit.visitor,
                article_id=version.article_id,
                version=version,
                search=search,
                place=visit.place,
                ticket_id=visit.ticket_id,
                at=moment,
                experiment=trial.experiment if trial and is_b is not None else None,
            )
        )
        if visit.place != Place.AGENT:
            self._vote(slug, visit, version, moment, trial, is_b)
        self._seen.add((visit.visitor, version.article_id))
        if search and next(self.luck) < RELATED:
            self._read_related(slug, visit, at)

    def _read_related(self, slug: str, visit: Visit, at: float) -> None:
        related = self.shelf.related.get(slug, ())
        if related:
            choice = related[int(next(self.luck) * len(related))]
            self._read(choice, visit, at + self._between((40, 200)))

    def _vote(
        self,
        slug: str,
        visit: Visit,
        version: ArticleVersion,
        at: datetime,
        trial: Trial | None,
        is_b: bool | None,
    ) -> None:
        key = visit.visitor, version.pk
        knows_it = (visit.visitor, version.article_id) in self._seen
        if key in self._voted or (is_b is not None and knows_it):
            return
        if trial and is_b is not None:
            helpful = (
                trial.next_vote(is_b) if next(self.luck) < VOTES_IN_TRIAL else None
            )
        else:
            helpful = said.vote(slug, version.number, self.luck)
        moment = at + timedelta(seconds=self._between((25, 240)))
        if helpful is None or moment >= self.shelf.until:
            return
        self._voted.add(key)
        reason, comment = said.why(slug, helpful, self.luck)
        self.votes.append(
            Vote(
                visitor=visit.visitor,
                article_id=version.article_id,
                version=version,
                is_helpful=helpful,
                reason=reason,
                comment=comment,
                at=moment,
            )
        )

    def _between(self, limits: tuple[float, float]) -> float:
        low, high = limits
        return low + next(self.luck) * (high - low)

    # Rows ---------------------------------------------------------------------------------

    def write(self) -> None:
        """Write the rows so far; those that others point to first."""
        following = {id(search): after for search, after in self.refined}
        for searches in self.searches:
            for search in searches:
                search.refined_by = following.get(id(search))
            Search.objects.bulk_create(searches, batch_size=BATCH)
        for reading in self.readings:
            # The search had no key when the reading was made.
            reading.search = reading.search
        Reading.objects.bulk_create(self.readings, batch_size=BATCH)
        Vote.objects.bulk_create(self.votes, batch_size=BATCH)
        self.searches = [[] for _ in self.searches]
        self.refined, self.readings, self.votes = [], [], []


class _Typed:
    """The ways to ask one question, drawn by weight."""

    def __init__(self, texts: list[str], shares: np.ndarray) -> None:
        self.texts = texts
        self.steps = np.cumsum(shares)

    def text(self, luck: float) -> str:
        place = int(np.searchsorted(self.steps, luck, side="right"))
        return self.texts[min(place, len(self.texts) - 1)]
