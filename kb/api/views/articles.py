"""Endpoints of articles, their versions and topics."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api import inputs
from kb.api.filters import ArticleFilter, ArticleVersionFilter, TopicFilter
from kb.api.serializers import articles as serializers
from kb.models import Article, ArticleVersion, Topic
from kb.selectors.articles.sight import articles_visible_to
from kb.services import articles as services
from supportops.api.pagination import NewestFirst, OldestFirst
from supportops.api.views import Endpoint

NUMBER = "[0-9]{1,18}"
PUBLISH = "kb.publish_article"
WHOLE = ("topic", "owner", "published")
LONG = ("body", "keywords", "published__body", "published__keywords")


class ArticleViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Articles in every state, those for staff only to who may read these."""

    scope = "kb"
    read_permission = "kb.view_article"
    write_permission = "kb.change_article"
    action_permissions: ClassVar[dict[str, str]] = {
        "create": "kb.add_article",
        "publish": PUBLISH,
        "archive": PUBLISH,
    }
    queryset = Article.objects.none()
    serializer_class = serializers.ArticleOut
    filterset_class = ArticleFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Article]:
        rows = articles_visible_to(self.request.user).select_related(*WHOLE)
        if self.action == "list":
            return rows.defer(*LONG)
        return rows.prefetch_related("tiers", "categories")

    def get_serializer_class(self) -> type[drf.Serializer]:
        if self.action == "list":
            return serializers.ArticleBrief
        return serializers.ArticleOut

    @extend_schema(
        operation_id="kb_articles_create",
        request=inputs.ArticleIn,
        responses={201: serializers.ArticleOut},
    )
    def create(self, request: Request) -> Response:
        """Write a draft. Readers see it once it is published."""
        body = inputs.ArticleIn(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        article = services.create_article(
            topic_id=values.pop("topic").pk,
            actor=request.user,
            at=timezone.now(),
            **values,
        )
        return self._shown(article.pk, 201)

    @extend_schema(
        operation_id="kb_articles_save",
        request=inputs.WorkingCopyIn,
        responses=serializers.ArticleOut,
    )
    @action(detail=True, methods=["post"])
    def save(self, request: Request, pk: str) -> Response:
        """Save the working copy; readers go on reading the published version."""
        article = self.get_object()
        body = inputs.WorkingCopyIn(data=request.data)
        body.is_valid(raise_exception=True)
        # What is left out is taken from the row as read; had somebody saved since, the
        # revision would refuse the whole.
        text = {
            "title": article.title,
            "summary": article.summary,
            "body": article.body,
            "keywords": article.keywords,
        }
        services.save_working_copy(
            article_id=article.pk,
            actor=request.user,
            at=timezone.now(),
            **{**text, **body.validated_data},
        )
        return self._shown(article.pk)

    @extend_schema(
        operation_id="kb_articles_publish",
        request=inputs.ArticlePublishIn,
        responses=serializers.ArticleOut,
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Let readers see the working copy, as a new version."""
        article = self.get_object()
        body = inputs.ArticlePublishIn(data=request.data)
        body.is_valid(raise_exception=True)
        services.publish(
            article_id=article.pk,
            actor=request.user,
            at=timezone.now(),
            **body.validated_data,
        )
        return self._shown(article.pk)

    @extend_schema(
        operation_id="kb_articles_archive",
        request=inputs.ArticleArchiveIn,
        responses=serializers.ArticleOut,
    )
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """Take it from the readers; its address may lead to another article."""
        article = self.get_object()
        body = inputs.ArticleArchiveIn(
            data=request.data, context=self.get_serializer_context()
        )
        body.is_valid(raise_exception=True)
        target = body.validated_data.get("redirects_to")
        services.archive(
            article_ids=[article.pk],
            redirects_to=target and target.pk,
            actor=request.user,
            at=timezone.now(),
        )
        return self._shown(article.pk)

    def _shown(self, pk: int, status: int = 200) -> Response:
        # Of all rows: an author who may not read articles for staff has just written one.
        rows = Article.objects.select_related(*WHOLE)
        found = rows.prefetch_related("tiers", "categories").get(pk=pk)
        return Response(serializers.ArticleOut(found).data, status=status)


class ArticleVersionViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Versions of the articles that the caller sees; they never change."""

    scope = "kb"
    read_permission = "kb.view_article"
    queryset = ArticleVersion.objects.none()
    serializer_class = serializers.ArticleVersionOut
    filterset_class = ArticleVersionFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[ArticleVersion]:
        seen = articles_visible_to(self.request.user).values("pk")
        rows = ArticleVersion.objects.filter(article__in=seen)
        rows = rows.select_related("created_by", "article").defer("article__body")
        return rows.defer("body", "keywords") if self.action == "list" else rows

    def get_serializer_class(self) -> type[drf.Serializer]:
        if self.action == "list":
            return serializers.ArticleVersionBrief
        return serializers.ArticleVersionOut


class TopicViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """The tree of topics, three levels."""

    scope = "kb"
    read_permission = "kb.view_topic"
    queryset = Topic.objects.prefetch_related("translations")
    serializer_class = serializers.TopicOut
    filterset_class = TopicFilter
    pagination_class = OldestFirst
    lookup_value_regex = NUMBER
