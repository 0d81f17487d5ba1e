"""What the API shows of articles, their versions and topics."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kb.models import Article, ArticleVersion, Topic, TopicTranslation
from tickets.api.serializers import Named


class Words(serializers.ListField):
    """A list of words."""

    child = serializers.CharField()


class TopicTranslationOut(serializers.ModelSerializer):
    """What a topic is called in another language; what is empty is as in the topic."""

    class Meta:
        model = TopicTranslation
        fields = ("language", "name", "description")


class TopicOut(serializers.ModelSerializer):
    """A place in the tree of the help centre."""

    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    translations = TopicTranslationOut(many=True, read_only=True)

    class Meta:
        model = Topic
        fields = (
            "id",
            "name",
            "slug",
            "kind",
            "parent",
            "level",
            "position",
            "description",
            "translations",
        )


class ArticleBrief(serializers.ModelSerializer):
    """An article without its text. Title and summary are the working copy's."""

    topic = Named(read_only=True)
    owner = Named(read_only=True, allow_null=True)
    published_version = serializers.IntegerField(
        source="published.number",
        default=None,
        allow_null=True,
        read_only=True,
        help_text=_("Number of the version that readers see; null: none yet."),
    )

    class Meta:
        model = Article
        fields: tuple[str, ...] = (
            "id",
            "slug",
            "language",
            "kind",
            "state",
            "audience",
            "topic",
            "owner",
            "title",
            "summary",
            "revision",
            "published_version",
            "first_published_at",
            "published_at",
            "reviewed_at",
            "review_due_on",
            "is_featured",
            "created_at",
            "changed_at",
            "text_changed_at",
            "review_asked_at",
        )


class PublishedText(serializers.ModelSerializer):
    """What readers see."""

    keywords = Words(read_only=True)

    class Meta:
        model = ArticleVersion
        fields = ("id", "number", "title", "summary", "body", "keywords", "created_at")


class ArticleOut(ArticleBrief):
    """One article: its working copy, and what readers see."""

    keywords = Words(read_only=True, help_text=_("What customers call it."))
    tiers = Named(many=True, read_only=True)
    categories = Named(many=True, read_only=True)
    translation_of = serializers.IntegerField(
        source="translation_of_id", allow_null=True, read_only=True
    )
    redirects_to = serializers.IntegerField(
        source="redirects_to_id",
        allow_null=True,
        read_only=True,
        help_text=_("Where the address of an archived article leads."),
    )
    published = PublishedText(read_only=True, allow_null=True)

    class Meta(ArticleBrief.Meta):
        fields = (
            *ArticleBrief.Meta.fields,
            "body",
            "keywords",
            "tiers",
            "categories",
            "translation_of",
            "redirects_to",
            "review_every_days",
            "published",
        )


class ArticleVersionBrief(serializers.ModelSerializer):
    """A version without its text."""

    article = serializers.IntegerField(source="article_id")
    created_by = Named(read_only=True, allow_null=True)
    is_published = serializers.SerializerMethodField(
        help_text=_("Whether readers see it now.")
    )

    class Meta:
        model = ArticleVersion
        fields: tuple[str, ...] = (
            "id",
            "article",
            "number",
            "title",
            "summary",
            "note",
            "broken_links",
            "is_published",
            "created_by",
            "created_at",
        )

    def get_is_published(self, version: ArticleVersion) -> bool:
        return version.article.published_id == version.pk


class ArticleVersionOut(ArticleVersionBrief):
    """A text that never changes: published once, or kept for an experiment."""

    keywords = Words(read_only=True)

    class Meta(ArticleVersionBrief.Meta):
        fields = (*ArticleVersionBrief.Meta.fields, "body", "keywords")
