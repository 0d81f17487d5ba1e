"""The tree of topics: three levels, in an order of its own."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kb.core.plain_text import one_line
from kb.models import Kind, Topic, TopicTranslation
from kb.selectors.help.languages import other_languages
from kb.services.articles.refusals import AddressTaken, TopicRefused
from kb.services.articles.steps import require
from workforce.people.models import User

DEEPEST = 3
ADD = "kb.add_topic"
CHANGE = "kb.change_topic"
DELETE = "kb.delete_topic"


class TopicWords(NamedTuple):
    """What a topic is called in a language; what is empty is shown in the house's."""

    name: str = ""
    description: str = ""


@transaction.atomic
def add_topic(
    *,
    name: str,
    actor: User | None,
    parent_id: int | None = None,
    kind: str = "",
    description: str = "",
    slug: str = "",
    translations: Mapping[str, TopicWords] | None = None,
) -> Topic:
    """Add a topic after the others of its place.

    Raises ``NotYours``, ``TopicRefused`` or ``AddressTaken``.
    """
    require(actor, ADD, _("You may not change topics."))
    topics = _locked_tree()
    parent = _found(topics, parent_id) if parent_id is not None else None
    topic = Topic(parent=parent, level=parent.level + 1 if parent else 1)
    if topic.level > DEEPEST:
        raise _too_deep()
    _describe(topic, topics, name=name, kind=kind, description=description, slug=slug)
    last = Topic.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    topic.position = (last or 0) + 10
    topic.save()
    _translate(topic, translations or {})
    return topic


@transaction.atomic
def change_topic(
    *,
    topic_id: int,
    name: str,
    actor: User | None,
    kind: str = "",
    description: str = "",
    slug: str = "",
    translations: Mapping[str, TopicWords] | None = None,
) -> Topic:
    """Rename or describe a topic; without ``slug`` its address stays.

    Of ``translations`` each language named is written, one without words deleted; the
    others stay.

    Raises ``NotYours``, ``TopicRefused`` or ``AddressTaken``.
    """
    require(actor, CHANGE, _("You may not change topics."))
    topics = _locked_tree()
    topic = _found(topics, topic_id)
    slug = slug or topic.slug
    _describe(topic, topics, name=name, kind=kind, description=description, slug=slug)
    topic.save()
    _translate(topic, translations or {})
    return topic


@transaction.atomic
def move_topic(
    *,
    topic_id: int,
    actor: User | None,
    parent_id: int | None,
    before_id: int | None = None,
) -> Topic:
    """Put a topic, with all below it, under another, before a sibling or last.

    Raises ``NotYours`` or ``TopicRefused``.
    """
    require(actor, CHANGE, _("You may not change topics."))
    topics = _locked_tree()
    topic = _found(topics, topic_id)
    below = _below(topics, topic)
    parent = _found(topics, parent_id) if parent_id is not None else None
    if parent is not None and (parent.pk == topic.pk or parent in below):
        raise TopicRefused(_("A topic cannot be under itself."))
    step = (parent.level + 1 if parent else 1) - topic.level
    if max(each.level for each in (topic, *below)) + step > DEEPEST:
        raise _too_deep()
    topic.parent = parent
    for each in (topic, *below):
        each.level += step
        each.save()
    _order(topics, topic, before_id)
    return topic


@transaction.atomic
def delete_topic(*, topic_id: int, actor: User | None) -> None:
    """Delete a topic without topics and articles in it. Raises ``NotYours`` or ``TopicRefused``."""
    require(actor, DELETE, _("You may not delete topics."))
    topic = _found(_locked_tree(), topic_id)
    if topic.children.exists() or topic.articles.exists():
        raise TopicRefused(
            _("“%(name)s” is not empty. Move its topics and articles first.")
            % {"name": topic.name}
        )
    topic.delete()


def _locked_tree() -> dict[int, Topic]:
    """Hold all topics: a move must not meet another move below it."""
    rows = Topic.objects.select_for_update(of=("self",)).order_by("pk")
    return {topic.pk: topic for topic in rows}


def _found(topics: dict[int, Topic], topic_id: int) -> Topic:
    if topic_id not in topics:
        raise TopicRefused(_("There is no such topic any more."))
    return topics[topic_id]


def _below(topics: dict[int, Topic], topic: Topic) -> list[Topic]:
    found: list[Topic] = []
    parents = {topic.pk}
    while parents:
        level = [each for each in topics.values() if each.parent_id in parents]
        found += level
        parents = {each.pk for each in level}
    return found


def _describe(
    topic: Topic,
    topics: dict[int, Topic],
    *,
    name: str,
    kind: str,
    description: str,
    slug: str,
) -> None:
    name, description = _tidy(name, description)
    if not name:
        raise _badly_named()
    if kind and kind not in Kind.values:
        raise TopicRefused(_("There is no such purpose."))
    topic.name, topic.kind, topic.description = name, kind, description
    taken = {each.slug for each in topics.values() if each.pk != topic.pk}
    if slug:
        if slugify(slug) != slug:
            raise TopicRefused(
                _("An address has small letters a to z, digits and hyphens.")
            )
        if slug in taken:
            raise AddressTaken(
                _("Another topic has the address “%(slug)s”.") % {"slug": slug}
            )
    topic.slug = slug or _free(slugify(name)[:76] or "topic", taken)


def _translate(topic: Topic, translations: Mapping[str, TopicWords]) -> None:
    known = dict(other_languages())
    for language, words in translations.items():
        if language not in known:
            raise TopicRefused(_("Topics are not translated into this language."))
        name, description = _tidy(*words)
        rows = TopicTranslation.objects.filter(topic=topic, language=language)
        if not (name or description):
            rows.delete()
        elif not rows.update(name=name, description=description):
            TopicTranslation.objects.create(
                topic=topic, language=language, name=name, description=description
            )


def _tidy(name: str, description: str) -> tuple[str, str]:
    name, description = one_line(name), one_line(description)
    if len(name) > 80 or len(description) > 200:
        raise _badly_named()
    return name, description


def _badly_named() -> TopicRefused:
    return TopicRefused(
        _("A topic has a name of up to 80 and a description of up to 200 characters.")
    )


def _free(base: str, taken: set[str]) -> str:
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _order(topics: dict[int, Topic], topic: Topic, before_id: int | None) -> None:
    others = [
        each
        for each in topics.values()
        if each.parent_id == topic.parent_id and each.pk != topic.pk
    ]
    others.sort(key=lambda each: (each.position, each.name))
    places = [each.pk for each in others]
    where = places.index(before_id) if before_id in places else len(others)
    others.insert(where, topic)
    for place, each in enumerate(others, 1):
        each.position = place * 10
        each.save(update_fields=["position"])


def _too_deep() -> TopicRefused:
    return TopicRefused(_("Topics are three levels deep at most."))
