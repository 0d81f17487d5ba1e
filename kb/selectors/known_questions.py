"""Questions whose right article is known: does the search still find it?

>>> effect = what_breaks(article_id=7, title="…", body="…")  # doctest: +SKIP
>>> [change.question.text for change in effect.broken]  # doctest: +SKIP
['how do i change my e-mail address']
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kb.core.search import Synonym as SearchSynonym
from kb.models import Article, KnownQuestion
from kb.selectors.readers import ANYBODY, STAFF, Audience, articles_readable_by
from kb.selectors.searching import (
    Entry,
    Held,
    active_synonyms,
    current,
    document,
    entry_of,
)
from kb.selectors.searching.contents import EVERYBODY

# Readers look at the first results; behind these an article is as good as not found.
SHOWN = 5
# The most asked ones: a search takes about a millisecond, and an editor waits for all.
MOST_CHECKED = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """A known question; ``weight`` is how many asked it."""

    pk: int
    text: str
    language: str
    article_id: int
    article: str
    weight: int
    source: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the right article of a question stands: 1 to `SHOWN`, or None behind that."""

    question: Question
    rank: int | None
    is_published: bool

    @property
    def is_first(self) -> bool:
        return self.rank == 1

    @property
    def is_shown(self) -> bool:
        return self.rank is not None


@dataclass(frozen=True, slots=True)
class Check:
    """All questions asked of one index."""

    places: tuple[Place, ...]

    @property
    def n(self) -> int:
        return len(self.places)

    @property
    def first(self) -> int:
        return sum(place.is_first for place in self.places)

    @property
    def shown(self) -> int:
        return sum(place.is_shown for place in self.places)

    @property
    def failing(self) -> tuple[Place, ...]:
        """Questions whose article is not among the first `SHOWN`, most asked first."""
        return tuple(place for place in self.places if not place.is_shown)


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose article stands elsewhere after a change."""

    question: Question
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the known questions.

    Attributes
    ----------
    broken, mended : tuple of Change
        Whose article is no longer first, or no longer among the first `SHOWN`; and the
        other way round. Most asked first.
    checked : int
        Questions asked.
    """

    broken: tuple[Change, ...] = ()
    mended: tuple[Change, ...] = ()
    checked: int = 0


def questions(*, is_active: bool = True, audience: Audience = STAFF) -> list[Question]:
    """Return the known questions, most asked first, at most `MOST_CHECKED`. One query.

    An audience sees those whose article it may read; the staff sees all.
    """
    rows = KnownQuestion.objects.filter(is_active=is_active)
    if not audience.is_staff:
        rows = rows.filter(article__in=articles_readable_by(audience))
    return _read(rows.order_by("-weight", "text", "pk")[:MOST_CHECKED])


def known_by_text(text: str, *, audience: Audience) -> list[Question]:
    """Return the active questions that read like a text but for capitals and spaces."""
    rows = KnownQuestion.objects.filter(
        is_active=True, text__iexact=" ".join(text.split())
    )
    if not audience.is_staff:
        rows = rows.filter(article__in=articles_readable_by(audience))
    return _read(rows)


def _read(rows: QuerySet[KnownQuestion]) -> list[Question]:
    columns = rows.values_list(
        "pk", "text", "language", "article_id", "article__title", "weight", "source",
        "is_active",
    )  # fmt: skip
    return [Question(*row) for row in columns]


def check(
    asked: Sequence[Question] | None = None, *, held: Held | None = None
) -> Check:
    """Ask questions of the index of now, or of another.

    Parameters
    ----------
    asked : sequence of Question, optional
        All active ones without.
    held : Held, optional
        Such as `with_article` returns.
    """
    asked = questions() if asked is None else asked
    held = current() if held is None else held
    return Check(
        tuple(
            Place(
                question, rank_of(question, held), question.article_id in held.entries
            )
            for question in asked
        )
    )


def rank_of(question: Question, held: Held) -> int | None:
    """Return where its article comes when somebody asks who may just read that article."""
    key = (question.text, question.language, question.article_id)
    if key not in held.ranks:
        held.ranks[key] = _rank(question, held)
    return held.ranks[key]


def _rank(question: Question, held: Held) -> int | None:
    entry = held.entries.get(question.article_id)
    if entry is None:
        return None
    found = held.view(asker_of(entry)).search(
        question.text,
        limit=SHOWN,
        language=question.language,
        with_passages=False,
    )
    keys = found.keys
    return keys.index(question.article_id) + 1 if question.article_id in keys else None


def asker_of(entry: Entry) -> Audience:
    """Return the audience with the fewest articles that may read this one."""
    if entry.readers == EVERYBODY:
        return ANYBODY
    if isinstance(entry.readers, frozenset) and entry.readers:
        return Audience(tier_ids=frozenset({min(entry.readers)}))
    return STAFF


def compare(before: Held, after: Held, asked: Sequence[Question]) -> Effect:
    """Return which questions two indexes answer differently enough to matter."""
    broken, mended = [], []
    for question in asked:
        change = Change(question, rank_of(question, before), rank_of(question, after))
        if _level(change.after) < _level(change.before):
            broken.append(change)
        elif _level(change.after) > _level(change.before):
            mended.append(change)
    return Effect(tuple(broken), tuple(mended), len(asked))


def _level(rank: int | None) -> int:
    """0 not shown, 1 shown, 2 first: a step among the rest is no loss to a reader."""
    return 0 if rank is None else 1 + (rank == 1)


def what_breaks(
    *,
    article_id: int,
    title: str,
    body: str,
    summary: str = "",
    keywords: Iterable[str] = (),
) -> Effect:
    """Return what publishing a text in place of an article's would do; nothing is saved.

    Parameters
    ----------
    article_id : int
        Of any state; one that is not published would join the others.
    """
    asked = questions()
    if not asked:
        return Effect()
    before = current()
    entry = entry_of(Article.objects.get(pk=article_id))
    text = document(article_id, entry, title, summary, body, keywords)
    after = before.with_changes({**before.entries, article_id: entry}, [text])
    return compare(before, after, asked)


def what_breaks_without(article_ids: Iterable[int]) -> Effect:
    """Return what archiving articles would do: questions that they answer break."""
    asked, gone = questions(), set(article_ids)
    if not asked or not gone:
        return Effect(checked=len(asked))
    before = current()
    left = {pk: entry for pk, entry in before.entries.items() if pk not in gone}
    return compare(before, before.with_changes(left, removed=gone), asked)


def what_breaks_with_synonyms(
    *, saved: SearchSynonym | None = None, replaces_id: int | None = None
) -> Effect:
    """Return what another set of synonyms would do; nothing is saved.

    Parameters
    ----------
    saved : Synonym, optional
        An entry that would be in use.
    replaces_id : int, optional
        The entry that it replaces, or that would be deleted or switched off.
    """
    asked = questions()
    if not asked:
        return Effect()
    before = current()
    added = [] if saved is None else [saved]
    synonyms = active_synonyms(without_id=replaces_id, added=added)
    after = before.with_changes(before.entries, synonyms=synonyms)
    return compare(before, after, asked)
