"""What the API shows of events."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tickets.api.serializers import Named
from workforce.capacity.models import Event


class CapacityEventOut(serializers.ModelSerializer):
    """Something that moves volume on known days. Days are those of each queue's zone."""

    percent = serializers.FloatField(
        allow_null=True, help_text=_("Change of volume in percent; null: learnt.")
    )
    queues = Named(
        many=True,
        read_only=True,
        help_text=_("Those that the caller sees; none means every queue."),
    )

    class Meta:
        model = Event
        fields = (
            "id",
            "name",
            "kind",
            "starts_on",
            "ends_on",
            "repeats",
            "treatment",
            "percent",
            "queues",
            "note",
            "is_active",
        )
