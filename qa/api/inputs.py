"""What the API accepts for reviews: one serializer for each verb."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from qa.forms.disputes import TEXT_LENGTH
from qa.forms.reviews import WORDS_LENGTH
from qa.models import Dispute
from supportops.api.fields import Input


class NothingIn(Input):
    """A verb that takes nothing."""


class AcknowledgeIn(Input):
    words = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=WORDS_LENGTH
    )


class ObjectionIn(Input):
    criterion = serializers.SlugField(max_length=60)
    proposed_level = serializers.SlugField(
        required=False,
        allow_blank=True,
        default="",
        max_length=60,
        help_text=_("A level of the criterion, or `_na`; may be left to the arbiter."),
    )
    reason = serializers.CharField(max_length=TEXT_LENGTH)


class DisputeIn(Input):
    kind = serializers.ChoiceField(
        choices=Dispute.Kind.choices, default=Dispute.Kind.SCORE
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=TEXT_LENGTH
    )
    lines = ObjectionIn(many=True, required=False, default=list)
