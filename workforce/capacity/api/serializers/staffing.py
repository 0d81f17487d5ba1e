"""What the API shows of staffing: people needed, and people planned."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from workforce.capacity.api.serializers.queues import AssumptionsOut, OfQueue
from workforce.capacity.models import PlannedStaff


class NeedIntervalOut(serializers.Serializer):
    """People needed in one interval. Only `paid_people` has shrinkage in it."""

    starts_at = serializers.DateTimeField(help_text=_("UTC."))
    volume = serializers.FloatField(help_text=_("Contacts expected."))
    load_erlangs = serializers.FloatField(
        help_text=_("Work that comes in: people busy if nobody ever waited.")
    )
    people_exact = serializers.FloatField(help_text=_("At work, before rounding."))
    people = serializers.IntegerField(help_text=_("At work, whole people."))
    careful_people = serializers.FloatField(
        help_text=_("If volume comes at the upper end of its 80 % range.")
    )
    paid_people = serializers.FloatField(
        help_text=_("With those in training, meetings, on breaks and absent.")
    )
    hours = serializers.FloatField(help_text=_("How long people work on it."))
    occupancy = serializers.FloatField(
        allow_null=True, help_text=_("Share of their time people are busy.")
    )
    service_level = serializers.FloatField(
        allow_null=True, help_text=_("Share that these people answer in time.")
    )


class NeedDayOut(serializers.Serializer):
    """One local day."""

    day = serializers.DateField()
    volume = serializers.FloatField(help_text=_("Contacts expected."))
    paid_hours = serializers.FloatField()
    careful_hours = serializers.FloatField(
        help_text=_("Paid hours of the careful plan.")
    )
    peak_people = serializers.FloatField(
        source="peak", help_text=_("The most at work at one time, before rounding.")
    )


class RequirementOut(OfQueue):
    """People needed by the published forecast; empty where it knows no day of the span."""

    forecast = serializers.IntegerField(
        allow_null=True, help_text=_("Null: none is published.")
    )
    interval_minutes = serializers.IntegerField()
    covered_days = serializers.IntegerField(
        help_text=_("Days of the span that the forecast knows, closed ones too.")
    )
    assumptions = AssumptionsOut()
    paid_hours = serializers.FloatField(help_text=_("Over the days covered."))
    careful_hours = serializers.FloatField(
        help_text=_("Paid hours of the careful plan.")
    )
    fte = serializers.FloatField(
        allow_null=True, help_text=_("Full-time people, on average over those days.")
    )
    careful_fte = serializers.FloatField(
        allow_null=True, help_text=_("Full-time people of the careful plan.")
    )
    peak_people = serializers.FloatField(
        allow_null=True, help_text=_("The most at work at one time, before rounding.")
    )
    peak_at = serializers.DateTimeField(allow_null=True, help_text=_("UTC."))
    days = NeedDayOut(many=True)
    intervals = NeedIntervalOut(many=True)


class PlannedStaffOut(serializers.ModelSerializer):
    """People on the floor of a queue at a time of the week, before shrinkage."""

    queue = serializers.PrimaryKeyRelatedField(read_only=True)
    time_zone = serializers.CharField(
        source="queue.time_zone", help_text=_("IANA name; times are local times.")
    )
    weekday = serializers.IntegerField(help_text=_("0 is Monday."))
    people = serializers.FloatField(help_text=_("May be a part of one."))

    class Meta:
        model = PlannedStaff
        fields = (
            "id",
            "queue",
            "time_zone",
            "name",
            "weekday",
            "starts_minute",
            "ends_minute",
            "people",
            "valid_from",
            "valid_until",
        )
