"""The tree of topics as a reader sees it: with articles, without empty branches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Count

from kb.models import Topic
from kb.selectors.help.kept import kept
from kb.selectors.readers import Audience, articles_readable_by


@dataclass(slots=True)
class Branch:
    """A topic, how many articles it and all below it have, and what lies below."""

    topic: Topic
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
    parents: dict[int, Topic]

    def trail(self, topic: Topic) -> list[Topic]:
        """Return the topics above one, from the top."""
        above: list[Topic] = []
        parent = self.parents.get(topic.pk)
        while parent:
            above.insert(0, parent)
            parent = self.parents.get(parent.pk)
        return above


def tree_of(audience: Audience, language: str, number: int | None) -> Tree:
    """Return the topics with articles that an audience may read in a language."""
    counts = kept(
        f"topics:{language}", audience, number, lambda: _counts(audience, language)
    )
    rows = list(Topic.objects.all())
    by_key = {topic.pk: topic for topic in rows}
    children: dict[int | None, list[Topic]] = defaultdict(list)
    for topic in rows:
        children[topic.parent_id].append(topic)
    branches: dict[str, Branch] = {}

    def grow(topic: Topic) -> Branch:
        below = [grow(child) for child in children[topic.pk]]
        branch = Branch(
            topic, counts.get(topic.pk, 0), [b for b in below if b.articles]
        )
        branch.articles += sum(each.articles for each in below)
        branches[topic.slug] = branch
        return branch

    grown = [grow(topic) for topic in children[None]]
    parents = {topic.pk: by_key[topic.parent_id] for topic in rows if topic.parent_id}
    return Tree([branch for branch in grown if branch.articles], branches, parents)


def _counts(audience: Audience, language: str) -> dict[int, int]:
    rows = articles_readable_by(audience).filter(language=language)
    counted = rows.values("topic_id").annotate(n=Count("pk")).order_by()
    return {row["topic_id"]: row["n"] for row in counted}
