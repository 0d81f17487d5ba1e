"""The list of articles: filters, search, order, one query a page."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from kb.models import Article, Topic, TopicTranslation
from kb.selectors.articles.sight import CHANGED_SINCE, articles_visible_to
from supportops.common.row_ids import row_id
from workforce.people.models import User

SOON = timedelta(days=30)
# Spaces of a list's lines are dropped, these are not.
INDENT = "\N{NO-BREAK SPACE}" * 4
SORTS = {
    "title": ("title",),
    "state": ("state", "title"),
    "topic": ("topic__name", "title"),
    "owner": ("owner__first_name", "owner__last_name", "title"),
    "language": ("language", "title"),
    "due": (F("review_due_on").asc(nulls_last=True), "title"),
    "changed": (Coalesce("text_changed_at", "created_at").desc(),),
    "votes": ("-no", "title"),
}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty is everything.

    ``owner`` is a key of a user or ``"nobody"``. ``due`` is ``"overdue"``, ``"soon"``
    (within 30 days) or ``"never"`` (published, without a day).
    """

    text: str = ""
    topic: int | None = None
    state: str = ""
    audience: str = ""
    kind: str = ""
    language: str = ""
    owner: str = ""
    due: str = ""
    only: str = ""
    sort: str = "changed"

    @property
    def is_narrowed(self) -> bool:
        return self != Filters(sort=self.sort)


@dataclass
class TopicChoice:
    """A topic in the order of the tree, with what stands before its name."""

    topic: Topic
    path: str
    children: list["TopicChoice"] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The path, further to the right with each level: the tree shows in a list."""
        return f"{INDENT * (self.topic.level - 1)}{self.path}"


def listed(user: User, filters: Filters, *, today: date) -> QuerySet[Article]:
    """Return the articles of a list, each with votes ``yes`` and ``no`` on what readers see."""
    rows = articles_visible_to(user).filter(_condition(filters, today))
    order = SORTS.get(filters.sort, SORTS["changed"])
    shown = Q(votes__version=F("published"))
    return (
        rows.select_related("topic", "owner")
        .annotate(
            is_changed=Case(
                When(CHANGED_SINCE, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
            yes=Count("votes", filter=shown & Q(votes__is_helpful=True)),
            no=Count("votes", filter=shown & Q(votes__is_helpful=False)),
        )
        .defer("body")
        .order_by(*order, "pk")
    )


def _condition(filters: Filters, today: date) -> Q:
    found = _text(filters.text) & _owner(filters.owner) & _due(filters.due, today)
    for name, value in (
        ("audience", filters.audience),
        ("kind", filters.kind),
        ("language", filters.language),
    ):
        if value:
            found &= Q(**{name: value})
    if filters.topic:
        found &= Q(topic__in=topic_and_below(filters.topic))
    if filters.state == Article.State.REVIEW:
        found &= Q(state=filters.state) | Q(review_asked_at__isnull=False)
    elif filters.state:
        found &= Q(state=filters.state)
    else:
        # The archive is looked into on purpose.
        found &= ~Q(state=Article.State.ARCHIVED)
    if filters.only == "changed":
        found &= CHANGED_SINCE
    return found


def _text(text: str) -> Q:
    """Every word somewhere in the working copy: staff look for drafts too."""
    found = Q()
    for word in text.split()[:8]:
        found &= (
            Q(title__icontains=word)
            | Q(slug__icontains=word)
            | Q(summary__icontains=word)
            | Q(body__icontains=word)
            | Q(keywords__icontains=word)
        )
    return found


def _owner(owner: str) -> Q:
    if owner == "nobody":
        return Q(owner__isnull=True)
    person = row_id(owner)
    return Q() if person is None else Q(owner=person)


def _due(due: str, today: date) -> Q:
    published = Q(state=Article.State.PUBLISHED)
    if due == "overdue":
        return published & Q(review_due_on__lt=today)
    if due == "soon":
        return published & Q(review_due_on__lte=today + SOON)
    if due == "never":
        return published & Q(review_due_on__isnull=True)
    return Q()


# Topics -----------------------------------------------------------------------------------


def topic_tree() -> list[TopicChoice]:
    """Return the topics at the top, each with those below it. One query."""
    choices = {
        topic.pk: TopicChoice(topic, topic.name) for topic in Topic.objects.all()
    }
    roots = []
    for choice in choices.values():
        parent = choices.get(choice.topic.parent_id or 0)
        (parent.children if parent else roots).append(choice)
    for choice in _walk(roots):
        for child in choice.children:
            child.path = f"{choice.path} › {child.topic.name}"
    return roots


def topic_choices() -> list[TopicChoice]:
    """Return all topics in the order of the tree. One query."""
    return list(_walk(topic_tree()))


def topic_and_below(topic_id: int) -> list[int]:
    """Return the keys of a topic and of all below it."""
    for choice in topic_choices():
        if choice.topic.pk == topic_id:
            return [each.topic.pk for each in _walk([choice])]
    return []


def translations_of_topics() -> dict[int, dict[str, TopicTranslation]]:
    """Return what topics are called in other languages: by topic, by language."""
    found: dict[int, dict[str, TopicTranslation]] = {}
    for row in TopicTranslation.objects.all():
        found.setdefault(row.topic_id, {})[row.language] = row
    return found


def counts_of_topics() -> dict[int, int]:
    """Return how many articles that are not archived each topic holds itself."""
    rows = Article.objects.exclude(state=Article.State.ARCHIVED)
    return dict(
        rows.order_by()
        .values_list("topic")
        .annotate(n=Count("pk"))
        .values_list("topic", "n")
    )


def _walk(choices: list[TopicChoice]) -> list[TopicChoice]:
    found: list[TopicChoice] = []
    for choice in choices:
        found += [choice, *_walk(choice.children)]
    return found
