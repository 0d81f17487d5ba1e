"""What the API shows of searches, synonyms and known questions."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kb.api.serializers.articles import Words
from kb.models import KnownQuestion, Synonym


class HitOut(serializers.Serializer):
    """One article that answers."""

    article = serializers.IntegerField(source="article_id")
    title = serializers.CharField()
    slug = serializers.CharField()
    language = serializers.CharField()
    rank = serializers.IntegerField(help_text=_("From 1."))
    score = serializers.FloatField(
        help_text=_("Orders the hits of this search; means nothing else.")
    )
    confidence = serializers.FloatField(
        help_text=_("How likely this is the article looked for, 0 to 1.")
    )
    heading = serializers.CharField(help_text=_("Above the passage; may be empty."))
    passage = serializers.CharField(help_text=_("The best passage, as text."))


class SearchOut(serializers.Serializer):
    """What a search found, best first."""

    query = serializers.CharField(source="original")
    searched = serializers.CharField(help_text=_("What was searched for."))
    corrected = serializers.CharField(
        help_text=_("The same where the spelling was corrected; else empty.")
    )
    is_good = serializers.BooleanField(
        help_text=_("Whether the first hit is good enough to be shown as an answer.")
    )
    hits = HitOut(many=True)


class SynonymOut(serializers.ModelSerializer):
    """Words that mean the same to a customer."""

    same_as = Words(read_only=True)

    class Meta:
        model = Synonym
        fields = ("id", "language", "term", "same_as", "is_active")


class KnownQuestionOut(serializers.ModelSerializer):
    """A question whose right article is known."""

    article = serializers.IntegerField(source="article_id")

    class Meta:
        model = KnownQuestion
        fields = (
            "id",
            "language",
            "text",
            "article",
            "source",
            "weight",
            "is_active",
            "created_at",
        )
