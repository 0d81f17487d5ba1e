"""How lists of the knowledge base are narrowed."""

import django_filters as filters

from kb.models import (
    Article,
    ArticleVersion,
    Flag,
    Kind,
    KnownQuestion,
    Synonym,
    Topic,
)
from supportops.api.filters import AnyOf, IdFilter, MomentFilter


class ArticleFilter(filters.FilterSet):
    """Parameters narrow each other; a repeated one holds alternatives."""

    state = AnyOf(choices=Article.State.choices)
    audience = AnyOf(choices=Article.Audience.choices)
    kind = AnyOf(choices=Kind.choices)
    topic = IdFilter(field_name="topic_id")
    owner = IdFilter(field_name="owner_id")
    category = IdFilter(field_name="categories")
    changed_from = MomentFilter(field_name="changed_at", lookup_expr="gte")
    changed_before = MomentFilter(field_name="changed_at", lookup_expr="lt")
    review_due_before = filters.DateFilter(field_name="review_due_on", lookup_expr="lt")

    class Meta:
        model = Article
        fields = ("language", "slug")


class TopicFilter(filters.FilterSet):
    parent = IdFilter(field_name="parent_id")

    class Meta:
        model = Topic
        fields = ("slug", "level")


class ArticleVersionFilter(filters.FilterSet):
    article = IdFilter(field_name="article_id")

    class Meta:
        model = ArticleVersion
        fields = ()


class SynonymFilter(filters.FilterSet):
    class Meta:
        model = Synonym
        fields = ("language", "is_active")


class KnownQuestionFilter(filters.FilterSet):
    article = IdFilter(field_name="article_id")
    source = AnyOf(choices=KnownQuestion.Source.choices)

    class Meta:
        model = KnownQuestion
        fields = ("language", "is_active")


class FlagFilter(filters.FilterSet):
    state = AnyOf(choices=Flag.State.choices)
    kind = AnyOf(choices=Flag.Kind.choices)
    article = IdFilter(field_name="article_id")
    flagged_by = IdFilter(field_name="flagged_by_id")

    class Meta:
        model = Flag
        fields = ()
