"""What the API shows of promises."""

from rest_framework import serializers

from sla.models import (
    Calendar,
    CalendarException,
    CalendarHolidays,
    CalendarInterval,
    Policy,
    PolicyVersion,
    SlaClock,
)


class IntervalOut(serializers.ModelSerializer):
    """Open hours of a weekday (0 is Monday), in minutes after midnight."""

    class Meta:
        model = CalendarInterval
        fields = ("weekday", "starts_minute", "ends_minute")


class HolidaysOut(serializers.ModelSerializer):
    """Public holidays that close the calendar."""

    class Meta:
        model = CalendarHolidays
        fields = ("country", "subdivision")


class ExceptionOut(serializers.ModelSerializer):
    """A day with hours of its own; no hours: closed."""

    hours = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), read_only=True
    )

    class Meta:
        model = CalendarException
        fields = ("date", "name", "hours")


class CalendarOut(serializers.ModelSerializer):
    """When promised time counts. Published policies keep the hours they froze."""

    intervals = IntervalOut(many=True, read_only=True)
    holiday_sets = HolidaysOut(many=True, read_only=True)
    exceptions = ExceptionOut(many=True, read_only=True)

    class Meta:
        model = Calendar
        fields = (
            "id",
            "name",
            "time_zone",
            "is_always_open",
            "intervals",
            "holiday_sets",
            "exceptions",
        )


class VersionOut(serializers.ModelSerializer):
    """A draft, or what was promised for a span of time."""

    policy = serializers.PrimaryKeyRelatedField(read_only=True)
    definition = serializers.DictField(read_only=True)
    published_by = serializers.StringRelatedField(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = (
            "id",
            "policy",
            "number",
            "state",
            "position",
            "definition",
            "effective_from",
            "effective_to",
            "reason",
            "published_by",
            "published_at",
        )


class VersionBrief(serializers.ModelSerializer):
    """A version without its definition, which has an address of its own."""

    class Meta:
        model = PolicyVersion
        fields = ("id", "number", "state", "effective_from", "effective_to")


class PolicyOut(serializers.ModelSerializer):
    """A promise to a group of tickets, with its versions, newest first."""

    versions = VersionBrief(many=True, read_only=True)

    class Meta:
        model = Policy
        fields = ("id", "name", "description", "position", "versions")


class ClockOut(serializers.ModelSerializer):
    """One promise on one ticket. Times count open hours only, without pauses."""

    policy_version = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = SlaClock
        fields = (
            "id",
            "ticket",
            "metric",
            "cycle",
            "policy_version",
            "state",
            "target_seconds",
            "started_at",
            "due_at",
            "stopped_at",
            "elapsed_seconds",
            "paused_seconds",
            "breach_seconds",
            "judged_at",
            "is_kept",
            "is_excluded",
            "computed_at",
        )
