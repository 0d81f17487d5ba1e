"""What exists already for a gap, and so what is to be done about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count

from kb.core.gaps import LIGHT, terms_of
from kb.core.markdown import render
from kb.models import Article, Kind, WorklistRow
from kb.search import Hit, answer
from kb.selectors.gaps.drafts import ACTIONS, Draft
from kb.selectors.readers import STAFF

BY_CATEGORY = "category:"
LOOKED_AT = 3
"""Hits of a gap's search that may be about it."""
SURE = 0.9
"""From this confidence on half of the stems are enough."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an article's title, keywords and headings name, and what it is."""

    words: str
    kind: str
    is_internal: bool


def look_up(
    drafts: Iterable[Draft], *, advance: Callable[[], object] = lambda: None
) -> None:
    """Search an article for each gap that has none, and choose the action.

    Staff's eyes: an article for staff only is something to write for customers too.
    """
    named: dict[int, Named] = {}
    for draft in drafts:
        if draft.article is None and not draft.key.startswith(BY_CATEGORY):
            hit = _existing(draft, named)
            if hit is not None:
                draft.article = hit.article_id
                draft.evidence["confidence"] = round(hit.confidence, 3)
            draft.action = action_of(draft, named[hit.article_id] if hit else None)
        advance()


def _existing(draft: Draft, named: dict[int, Named]) -> Hit | None:
    """Return the hit that names most of a gap's stems, the first of equals."""
    found = answer(
        draft.title, audience=STAFF, limit=LOOKED_AT, language=draft.language or None
    )
    best, most = None, 0
    for hit in found.hits:
        if hit.article_id not in named:
            named[hit.article_id] = _named(hit.article_id)
        words = named[hit.article_id].words
        shared = _shared(draft, hit, words, is_good=found.is_good)
        if shared > most:
            best, most = hit, shared
    return best


def _shared(draft: Draft, hit: Hit, words: str, *, is_good: bool) -> int:
    """Count the gap's telling stems that name what was found; 0 below two thirds of them.

    With few articles one of them leads by a chance word, and looks sure. What an article
    is about stands in its title, headings and keywords; a word of its text may be there
    for anything. Words such as “error” say nothing of a topic. Where the search says
    that nothing fits, one stem alone is not enough.
    """
    language = draft.language or hit.language
    asked = terms_of(draft.title, language)
    if language == "en":
        asked -= LIGHT
    shared = len(asked & terms_of(words, language))
    is_sure = is_good and hit.confidence >= SURE and 2 * shared >= len(asked)
    is_named = 3 * shared >= 2 * len(asked) and shared >= (1 if is_good else 2)
    return shared if is_sure or is_named else 0


def _named(article_id: int) -> Named:
    """Return what readers see an article named by, and what it is."""
    found = Article.objects.select_related("published").get(pk=article_id)
    version = found.published or found
    headings = (section.heading for section in render(version.body).sections)
    return Named(
        words=" ".join([version.title, *version.keywords, *headings]),
        kind=found.kind,
        is_internal=found.audience == Article.Audience.INTERNAL,
    )


def action_of(draft: Draft, existing: Named | None) -> str:
    """Return what to do: write where nothing is; else mend what keeps readers from it."""
    if existing is None:
        return ACTIONS.WRITE
    if existing.is_internal:
        return ACTIONS.CUSTOMERS
    is_escalated = any(one.code == "escalations" for one in draft.findings)
    if is_escalated and existing.kind != Kind.TROUBLESHOOTING:
        return ACTIONS.TROUBLESHOOT
    if is_escalated:
        return ACTIONS.IMPROVE
    queries = draft.evidence.get("queries", [])
    unfound = sum(zero + refined for _text, _n, zero, _un, refined, _t in queries)
    unopened = sum(unopened for _text, _n, _z, unopened, _r, _t in queries)
    if unfound and unfound >= unopened:
        return ACTIONS.WORDS
    return ACTIONS.TITLE if unopened else ACTIONS.IMPROVE


def kind_for(row: WorklistRow) -> str:
    """Return the purpose of an article that a gap asks for."""
    rules = row.rules.split()
    if "escalations" in rules or row.action == ACTIONS.TROUBLESHOOT:
        return Kind.TROUBLESHOOTING
    first = row.title.casefold().partition(" ")[0]
    if first in {"why", "error", "cannot", "can't"}:
        return Kind.TROUBLESHOOTING
    return Kind.HOW_TO


def topic_for(row: WorklistRow) -> int | None:
    """Return the topic that most articles of the gap's category have; None without any."""
    if row.category_id is None:
        return None
    topics = Article.objects.filter(categories=row.category_id).values("topic")
    ranked = topics.annotate(n=Count("pk")).order_by("-n", "topic")
    return ranked.values_list("topic", flat=True).first()
