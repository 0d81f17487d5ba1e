"""What exists already for a gap, and so what is to be done about it."""

from collections.abc import Callable, Iterable

from django.db.models import Count

from kb.core.gaps import LIGHT, terms_of
from kb.core.markdown import render
from kb.models import Article, Kind, WorklistRow
from kb.search import Hit, answer
from kb.selectors.gaps.drafts import ACTIONS, Draft
from kb.selectors.readers import STAFF

BY_CATEGORY = "category:"


def look_up(
    drafts: Iterable[Draft], *, advance: Callable[[], object] = lambda: None
) -> None:
    """Search an article for each gap that has none, and choose the action.

    Staff's eyes: an article for staff only is something to open up, not to write again.
    """
    names: dict[int, str] = {}
    for draft in drafts:
        if draft.article is None and not draft.key.startswith(BY_CATEGORY):
            found = answer(
                draft.title, audience=STAFF, limit=1, language=draft.language or None
            )
            if found.is_good and found.hits and _is_about(draft, found.hits[0], names):
                draft.article = found.hits[0].article_id
                draft.evidence["confidence"] = round(found.hits[0].confidence, 3)
            draft.action = action_of(draft)
        advance()


def _is_about(draft: Draft, hit: Hit, names: dict[int, str]) -> bool:
    """Whether two thirds of the gap's telling stems name what was found.

    With few articles one of them leads by a chance word, and looks sure. What an article
    is about stands in its title, headings and keywords; a word of its text may be there
    for anything. Words such as “error” say nothing of a topic.
    """
    language = draft.language or hit.language
    asked = terms_of(draft.title, language)
    if language == "en":
        asked -= LIGHT
    if hit.article_id not in names:
        names[hit.article_id] = _names(hit.article_id)
    named = terms_of(names[hit.article_id], language)
    return bool(asked) and 3 * len(asked & named) >= 2 * len(asked)


def _names(article_id: int) -> str:
    """Return title, keywords and headings of what readers see of an article."""
    found = Article.objects.select_related("published").get(pk=article_id)
    version = found.published or found
    headings = (section.heading for section in render(version.body).sections)
    return " ".join([version.title, *version.keywords, *headings])


def action_of(draft: Draft) -> str:
    """Return what to do: write where nothing is; else mend what keeps readers from it."""
    if draft.article is None:
        return ACTIONS.WRITE
    if any(one.code == "escalations" for one in draft.findings):
        return ACTIONS.TROUBLESHOOT
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
