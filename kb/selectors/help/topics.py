"""The tree of topics as a reader sees it: with articles, without empty branches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.db.models import Count, F, FilteredRelation, Q

from kb.models import Topic
from kb.selectors.help.kept import kept
from kb.selectors.readers import Audience, articles_readable_by


@dataclass(frozen=True, slots=True)
class Words:
    """What a page calls a topic, and which language each text is in."""

    name: str
    description: str
    name_language: str
    description_language: str


@dataclass(slots=True)
class Branch:
    """A topic, how many articles it and all below it have, and what lies below."""

    topic: Topic
    words: Words
    above: Self | None = field(default=None, repr=False)
    articles: int = 0
    children: list[Self] = field(default_factory=list)

    def topic_ids(self) -> list[int]:
        """Return the topic and all below it that have articles."""
        below = [number for child in self.children for number in child.topic_ids()]
        return [self.topic.pk, *below]


@dataclass(frozen=True, slots=True)
class Tree:
    """All topics that have something to read in one language."""

    roots: Sequence[Branch]
    branches: dict[str, Branch]

    def trail(self, slug: str) -> list[Branch]:
        """Return a topic after those above it, from the top."""
        found: list[Branch] = []
        branch = self.branches.get(slug)
        while branch:
            found.insert(0, branch)
            branch = branch.above
        return found


def tree_of(
    audience: Audience, language: str, number: int | None, *, named_in: str = ""
) -> Tree:
    """Return the topics with articles that an audience may read in a language.

    They are called as in ``named_in``, the language of the articles if not given.
    """
    counts = kept(
        f"topics:{language}", audience, number, lambda: _counts(audience, language)
    )
    rows = _called_in(named_in or language)
    children: dict[int | None, list[tuple[Topic, Words]]] = defaultdict(list)
    for topic, words in rows:
        children[topic.parent_id].append((topic, words))
    branches: dict[str, Branch] = {}

    def grow(topic: Topic, words: Words, above: Branch | None) -> Branch:
        branch = branches[topic.slug] = Branch(topic, words, above)
        below = [grow(*child, branch) for child in children[topic.pk]]
        branch.children = [each for each in below if each.articles]
        branch.articles = counts.get(topic.pk, 0) + sum(each.articles for each in below)
        return branch

    grown = [grow(*root, None) for root in children[None]]
    return Tree([branch for branch in grown if branch.articles], branches)


def _called_in(language: str) -> list[tuple[Topic, Words]]:
    """Return all topics with their words in a language, else in the house's. One query."""
    own = FilteredRelation("translations", condition=Q(translations__language=language))
    rows = Topic.objects.annotate(
        own=own, own_name=F("own__name"), own_description=F("own__description")
    )
    return [
        (
            topic,
            Words(
                topic.own_name or topic.name,
                topic.own_description or topic.description,
                language if topic.own_name else settings.LANGUAGE_CODE,
                language if topic.own_description else settings.LANGUAGE_CODE,
            ),
        )
        for topic in rows
    ]


def _counts(audience: Audience, language: str) -> dict[int, int]:
    rows = articles_readable_by(audience).filter(language=language)
    counted = rows.values("topic_id").annotate(n=Count("pk")).order_by()
    return {row["topic_id"]: row["n"] for row in counted}
