"""What the API shows of flags."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kb.models import Flag
from tickets.api.serializers import Named


class FlagOut(serializers.ModelSerializer):
    """What an agent found missing or wrong, and what came of it."""

    article = Named(read_only=True, allow_null=True)
    ticket = serializers.IntegerField(
        source="ticket.pk",
        default=None,
        allow_null=True,
        read_only=True,
        help_text=_("Null too where the caller does not see the ticket."),
    )
    flagged_by = Named(read_only=True, allow_null=True)
    closed_by = Named(read_only=True, allow_null=True)

    class Meta:
        model = Flag
        fields = (
            "id",
            "kind",
            "article",
            "ticket",
            "text",
            "state",
            "flagged_by",
            "flagged_at",
            "answer",
            "closed_by",
            "closed_at",
        )
