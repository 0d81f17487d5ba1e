"""What the API accepts for the knowledge base: one serializer for each verb."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kb.models import Article, Flag, Kind, Topic
from kb.models.articles import TITLE_LENGTH
from kb.selectors.articles.sight import articles_visible_to
from kb.services.articles.steps import KEYWORD_LENGTH, SLUG_LENGTH, SUMMARY_LENGTH
from kb.services.flags import TEXT_LENGTH
from kb.services.synonyms import TERM_LENGTH
from supportops.api.fields import IdOf, Input
from supportops.common.row_ids import LARGEST_ID
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to

WORD = {"max_length": KEYWORD_LENGTH}
MOST_WEIGHT = 1_000_000


def _language() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=settings.ARTICLE_LANGUAGES, default=settings.LANGUAGE_CODE
    )


class VisibleArticle(IdOf):
    """An article that the caller sees; any other one is not there."""

    def get_queryset(self) -> QuerySet[Article]:
        return articles_visible_to(self.context["request"].user)


class VisibleTicket(IdOf):
    """A ticket that the caller sees; any other one is not there."""

    def get_queryset(self) -> QuerySet[Ticket]:
        return tickets_visible_to(self.context["request"].user)


class ArticleIn(Input):
    """A new draft. A text that is left out comes from the template of its purpose."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    topic = IdOf(queryset=Topic.objects.all())
    language = _language()
    title = serializers.CharField(max_length=TITLE_LENGTH)
    summary = serializers.CharField(
        required=False, allow_blank=True, max_length=SUMMARY_LENGTH
    )
    body = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_("Markdown."),
    )
    keywords = serializers.ListField(
        child=serializers.CharField(**WORD), required=False, default=list
    )
    slug = serializers.SlugField(
        required=False, allow_blank=True, default="", max_length=SLUG_LENGTH
    )
    audience = serializers.ChoiceField(
        choices=Article.Audience.choices,
        default=Article.Audience.PUBLIC,
        help_text=_("`PLAN` is refused here: its tiers are chosen in the portal."),
    )


class WorkingCopyIn(Input):
    """What is left out stays."""

    revision = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_ID,
        help_text=_("Of the text you have read: refused when somebody saved since."),
    )
    title = serializers.CharField(required=False, max_length=TITLE_LENGTH)
    summary = serializers.CharField(
        required=False, allow_blank=True, max_length=SUMMARY_LENGTH
    )
    body = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_("Markdown."),
    )
    keywords = serializers.ListField(
        child=serializers.CharField(**WORD), required=False
    )


class ArticlePublishIn(Input):
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300
    )
    revision = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=LARGEST_ID,
        help_text=_(
            "Of the text you have read; refused when somebody saved since. Left out of a "
            "text in review, it is refused when the text changed since it was sent."
        ),
    )
    broken_links = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=LARGEST_ID,
        help_text=_(
            "How many links that readers cannot follow you accept. With more it is "
            "refused as `kb_broken_links`, and the message names them."
        ),
    )


class ArticleArchiveIn(Input):
    redirects_to = VisibleArticle(
        queryset=Article.objects.all(),
        required=False,
        allow_null=True,
        help_text=_("The published article that readers of its address are sent to."),
    )


class SynonymIn(Input):
    language = _language()
    term = serializers.CharField(max_length=TERM_LENGTH)
    same_as = serializers.ListField(
        child=serializers.CharField(max_length=TERM_LENGTH), min_length=1
    )
    is_active = serializers.BooleanField(required=False, default=True)


class KnownQuestionIn(Input):
    text = serializers.CharField(max_length=300)
    article = VisibleArticle(queryset=Article.objects.all())
    language = _language()
    weight = serializers.IntegerField(
        required=False,
        default=1,
        min_value=1,
        max_value=MOST_WEIGHT,
        help_text=_("How often it was asked."),
    )


class FlagIn(Input):
    kind = serializers.ChoiceField(choices=Flag.Kind.choices)
    text = serializers.CharField(max_length=TEXT_LENGTH)
    article = VisibleArticle(
        queryset=Article.objects.all(), required=False, allow_null=True
    )
    ticket = VisibleTicket(
        queryset=Ticket.objects.all(), required=False, allow_null=True
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what the service takes."""
        article, ticket = given.pop("article", None), given.pop("ticket", None)
        return {
            **given,
            "article_id": article and article.pk,
            "ticket_id": ticket and ticket.pk,
        }
